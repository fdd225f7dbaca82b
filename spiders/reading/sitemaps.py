"""The entry point for sitemaps: the bytes of an answer -> a Sitemap, or a reason why there is none.

bytes -> gunzip -> encodings -> urlset, index (sitemap_xml), plain list, robots.txt -> window -> entries
"""

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from pressclip import dates
from pressclip.errors import InputError
from pressclip.models import FeedEntry
from spiders.reading import addresses, encodings, entries, links, sitemap_xml, sniffing, texts
from spiders.reading.feed import RawEntry, Words
from spiders.reading.places import Child, Place
from spiders.reading.window import Window, choose, choose_children

SitemapFormat = Literal["urlset", "index", "text", "robots"]

#: The protocol's own bounds: bytes of a sitemap unpacked, addresses in it.
MAX_BODY = 50 * 2**20
MAX_PLACES = 50_000
_GZIP = b"\x1f\x8b"
_GZIP_AND_HEADER = 31  # zlib's name for "gzip, nothing else"
_ROBOTS_LINE = re.compile(
    r"^\s*(?:user-agent|disallow|allow|crawl-delay|sitemap)\s*:", re.IGNORECASE | re.MULTILINE
)
_SITEMAP_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_URL_LINE = re.compile(r"https?://\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """One sitemap, read."""

    format: SitemapFormat
    entries: tuple[FeedEntry, ...] = ()  # of the window, newest first
    children: tuple[Child, ...] = ()  # of the window, newest first; those without a date behind
    listed: int = 0  # addresses in all
    newest_at: str | None = None  # UTC or a bare day: of all dates in it that are not of the future
    seen: bytes = b""  # digests of its addresses without a date, see `Window`
    problems: tuple[str, ...] = ()


def read_sitemap(
    body: bytes,
    *,
    url: str,
    content_type: str | None = None,
    lang: str | None = None,
    homes: Sequence[str] = (),
    window: Window | None = None,
) -> Sitemap:
    """Read a sitemap, an index of sitemaps, a plain list of addresses, or the `Sitemap:` lines of a robots.txt.

    Pure: no file, no network, no clock.

    Args:
        body: as it was served, packed by gzip or not.
        url: where it was had (after redirects).
        content_type: its header.
        lang: what its articles are written in, unless it says.
        homes: addresses of the sites whose pages it may list; none: its own.
        window: what of it is new; None: everything.

    Raises:
        InputError: ``not_a_sitemap`` (the message says what it looks like), ``parse_error``, ``too_large``.
    """
    body = unpacked(body)
    if not body.strip():
        raise _not_a_sitemap("an empty body")
    decoded = encodings.decode(body, content_type=content_type, lang=lang)
    homes = homes or (url,)
    problems = [decoded.problem] if decoded.problem else []
    root = sniffing.first_element(decoded.text)
    if root is None:
        return _plain(decoded.text, url, homes, window, problems, lang)
    if root.name not in sitemap_xml.ROOTS:
        raise _not_a_sitemap(sniffing.looks_like(root, decoded.text))
    found = sitemap_xml.read(decoded.text[root.start :], MAX_PLACES)
    problems += found.problems
    if root.name == "sitemapindex":
        children, refused = _children(found.places, url, (url, *homes))
        chosen, left_out = choose_children(children, window)
        return Sitemap(
            format="index",
            children=tuple(chosen),
            listed=len(found.places),
            problems=(*problems, *refused, *left_out),
        )
    return _urlset("urlset", found.places, url, homes, window, problems, lang)


def unpacked(body: bytes) -> bytes:
    """Unpack gzip, as far as a sitemap may be long.

    Raises:
        InputError: ``too_large``; ``not_a_sitemap`` where it is broken from its start on.
    """
    for _ in range(2):  # packed for the file, and again for the way
        if not body.startswith(_GZIP):
            break
        packer = zlib.decompressobj(_GZIP_AND_HEADER)
        try:
            body = packer.decompress(body, MAX_BODY + 1)
        except zlib.error as error:
            raise _not_a_sitemap(f"broken gzip data ({error})") from None
    if len(body) > MAX_BODY:
        raise InputError(
            "too_large", f"more than {MAX_BODY >> 20} MiB, which is the longest sitemap there may be"
        )
    return body


def _plain(
    text: str,
    url: str,
    homes: Sequence[str],
    window: Window | None,
    problems: list[str],
    lang: str | None,
) -> Sitemap:
    """A text without elements: a robots.txt, or one address a line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if lines and _URL_LINE.fullmatch(lines[0]):
        places = [Place(line) for line in lines[:MAX_PLACES] if _URL_LINE.fullmatch(line)]
        if len(lines) > MAX_PLACES:
            problems.append(f"too_many_urls: {len(lines)}, the first {MAX_PLACES} are read")
        return _urlset("text", places, url, homes, window, problems, lang)
    if _ROBOTS_LINE.search(text):
        named = dict.fromkeys(links.resolve(raw, url).url for raw in _SITEMAP_LINE.findall(text))
        children = tuple(Child(each) for each in named if each and each != url)
        if not children:
            raise _not_a_sitemap("a robots.txt that names no sitemap")
        return Sitemap(format="robots", children=children, listed=len(children), problems=tuple(problems))
    raise _not_a_sitemap("plain text")


def _children(places: Sequence[Place], url: str, homes: Sequence[str]) -> tuple[tuple[Child, ...], list[str]]:
    """The sitemaps that an index names, each once and never itself; those of other sites are refused."""
    found: dict[str, Child] = {}
    strangers: list[str] = []
    for place in places:
        link = links.resolve(place.loc, url)
        if link.url is None or link.url == url or link.url in found:
            continue
        if any(addresses.same_site(link.url, home) for home in homes):
            found[link.url] = Child(link.url, dates.parse(place.lastmod))
        else:
            strangers.append(link.url)
    children = sorted(found.values(), key=lambda child: child.lastmod or "", reverse=True)
    return tuple(children), _refusal(strangers)


def _urlset(
    format_: SitemapFormat,
    places: Sequence[Place],
    url: str,
    homes: Sequence[str],
    window: Window | None,
    problems: Sequence[str],
    lang: str | None,
) -> Sitemap:
    """Pages: those of the window become entries."""
    chosen = choose(places, window)
    strangers: list[str] = []
    found = tuple(_entries(chosen.places, url, homes, lang, strangers))
    return Sitemap(
        format=format_,
        entries=entries.once(found)[0],
        listed=len(places),
        newest_at=chosen.newest_at,
        seen=chosen.seen,
        problems=(*problems, *chosen.problems, *_refusal(strangers)),
    )


def _entries(
    places: Sequence[Place], url: str, homes: Sequence[str], lang: str | None, strangers: list[str]
) -> Iterator[FeedEntry]:
    """Entries of a site's articles; what is no page, or only lists pages, is passed over."""
    for place in places:
        raw = RawEntry(
            guid=place.loc,
            link=place.loc,
            title=Words(place.title, is_html=False) if place.title else None,
            published=place.published,
            updated=place.lastmod,
            lang=place.lang,
            tags=tuple(Words(tag, is_html=False) for tag in place.keywords.split(",")),
            image=place.image,
        )
        entry = entries.finish(raw, base=url, lang=None, expected_lang=texts.language(lang))
        if entry is None or entry.url is None or (place.title is None and addresses.is_listing(entry.url)):
            continue
        if any(addresses.same_site(entry.url, home) for home in homes):
            yield entry
        else:
            strangers.append(entry.url)


def _refusal(strangers: Sequence[str]) -> list[str]:
    return [f"other_site: {len(strangers)} addresses, such as {strangers[0][:80]}"] if strangers else []


def _not_a_sitemap(looks_like: str) -> InputError:
    return InputError("not_a_sitemap", f"looks like {looks_like}")
