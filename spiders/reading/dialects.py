"""RSS, Atom, RDF and CDF by feedparser, whose dictionaries end here.

What we don't take from it: encodings, dates (wrong without saying so), cleaning and resolving of HTML (ours
is never shown, and cleaned later), links and guids made absolute (ours keep the guid as it was written).
"""

import html
import io
import re
from collections.abc import Iterator
from typing import Any

import feedparser

from pressclip.errors import InputError
from spiders.reading.feed import FeedFormat, RawEntry, RawFeed, Words
from spiders.reading.mending import Mended
from spiders.reading.sniffing import FEED_ROOTS, not_a_feed

_HTML_TYPES = frozenset(("text/html", "application/xhtml+xml"))
_HOURS = re.compile(r"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
_DAYS = re.compile(r"<day>\s*(\w+day)\s*</day>", re.IGNORECASE)
_SKIP = re.compile(r"<skip(hours|days)>(.{0,2000}?)</skip", re.IGNORECASE | re.DOTALL)
#: Tags that titles carry although their dialect calls them plain text; ``List<String>`` is none.
_TITLE_TAG = re.compile(
    r"</?(?:a|b|big|br|em|font|i|img|p|s|small|span|strong|sub|sup|u|wbr)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_MAIL_ADDRESS = re.compile(r"(?:mailto:)?[\w.+-]+@[\w.-]+")
_EMPTY_BRACKETS = re.compile(r"\(\s*\)|<\s*>|&lt;\s*&gt;")
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:$|\?)", re.IGNORECASE)

# feedparser's own dictionaries map names onto each other and warn of it; reading goes past them.
_get = dict.get


def read(mended: Mended, root: str) -> RawFeed:
    """Read a mended document whose root element is `root`.

    Raises:
        InputError: ``parse_error``, ``not_a_feed``.
    """
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        parsed = feedparser.parse(
            io.BytesIO(mended.body),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:
        message = f"feedparser: {type(error).__name__}: {error}"[:200]
        raise InputError("parse_error", message) from error
    channel, items, version = parsed["feed"], parsed["entries"], _get(parsed, "version") or ""
    dialect = _format(version, root)
    problems = list(mended.problems)
    if parsed["bozo"]:
        problems.append(f"xml: {str(parsed['bozo_exception'])[:160]}")
    if not items and not _get(channel, "title"):
        if parsed["bozo"]:
            raise InputError("parse_error", problems[-1])
        if not version:
            raise not_a_feed(f"XML without a feed in <{root}>")
    head = mended.body[: 64 * 1024].decode(errors="replace")
    skipped = {match[1].lower(): match[2] for match in _SKIP.finditer(head)}
    return RawFeed(
        format=dialect,
        version=version or root,
        title=_words(channel, "title", is_atom=dialect == "atom"),
        link=_link(channel),
        lang=_language(channel),
        hub=next(_links(channel, "hub"), None),
        self_url=next(_links(channel, "self"), None),
        ttl=_get(channel, "ttl"),
        skip_hours=tuple(sorted({int(hour) % 24 for hour in _HOURS.findall(skipped.get("hours", ""))})),
        skip_days=tuple(dict.fromkeys(day.lower() for day in _DAYS.findall(skipped.get("days", "")))),
        update_period=_get(channel, "sy_updateperiod"),
        update_frequency=_get(channel, "sy_updatefrequency"),
        update_base=_get(channel, "sy_updatebase"),
        entries=tuple(_entry(item, is_atom=dialect == "atom") for item in items),
        problems=tuple(problems),
    )


def _format(version: str, root: str) -> FeedFormat:
    """The family of a feedparser version: ``rss10`` and ``rss090`` are RDF."""
    if version in {"rss10", "rss090"}:
        return "rdf"
    if version.startswith(("rss", "atom", "cdf")):
        return "rss" if version.startswith("rss") else "atom" if version.startswith("atom") else "cdf"
    return FEED_ROOTS[root]


def _entry(item: dict[str, Any], *, is_atom: bool) -> RawEntry:
    """Take an item out of feedparser's dictionary."""
    summary, content = _words(item, "summary", is_atom=is_atom), _content(item)
    if summary and content == _as_html(summary):  # feedparser's copy of the content
        summary = None
    elif summary and content and len(content) <= len(summary.text):  # a caption, a second description
        content = None
    published, updated = _get(item, "published") or _get(item, "created"), _get(item, "updated")
    if not is_atom and not published:  # dc:date says when, not what happened then
        published, updated = updated, None
    return RawEntry(
        guid=_get(item, "id"),
        link=_link(item) or _address(_get(item, "id") if is_atom else None),
        title=_words(item, "title", is_atom=is_atom),
        summary=summary,
        content=content,
        authors=tuple(_authors(item)),
        published=published,
        updated=updated,
        lang=_language(item),
        tags=tuple(_tags(item)),
        image=next(_images(item), None),
    )


def _words(holder: dict[str, Any], key: str, *, is_atom: bool) -> Words | None:
    """A text and its type; outside Atom, where nobody declares it, a title with tags is HTML."""
    text = _get(holder, key)
    if not isinstance(text, str) or not text:
        return None
    declared = _get(_get(holder, f"{key}_detail") or {}, "type", "text/html")
    return Words(text, declared in _HTML_TYPES or (not is_atom and bool(_TITLE_TAG.search(text))))


def _language(holder: dict[str, Any]) -> str | None:
    """The language it names, else the one its title stands in (xml:lang, from wherever above)."""
    return _get(holder, "language") or _get(_get(holder, "title_detail") or {}, "language")


def _content(item: dict[str, Any]) -> str | None:
    """The longest full text that the item carries, as HTML."""
    texts = [
        _as_html(Words(part["value"], part["type"] in _HTML_TYPES))
        for part in _get(item, "content") or ()
        if part.get("value") and part.get("type") in {*_HTML_TYPES, "text/plain"}
    ]
    return max(texts, key=len, default=None)


def _as_html(words: Words) -> str:
    """The same text as HTML."""
    return words.text if words.is_html else f"<p>{html.escape(words.text)}</p>"


def _links(holder: dict[str, Any], rel: str) -> Iterator[str]:
    """Targets of the links of a relation."""
    for link in _get(holder, "links") or ():
        if _get(link, "rel") == rel and _get(link, "href"):
            yield link["href"]


def _link(holder: dict[str, Any]) -> str | None:
    """The address of the page: FeedBurner's note of it, the link, any alternate; not a guid that is none."""
    own = _get(holder, "feedburner_origlink") or _get(holder, "link")
    if isinstance(own, str) and own:
        return _address(own) if own == _get(holder, "id") else own
    return next(_links(holder, "alternate"), None)


def _address(guid: str | None) -> str | None:
    """A guid that is an address."""
    return guid if guid and guid.startswith(("http://", "https://")) else None


def _authors(item: dict[str, Any]) -> Iterator[Words]:
    """Names of people. A lone author with an address is read by us: feedparser knows none in ``.press``."""
    authors, written = _get(item, "authors") or (), _get(item, "author") or ""
    if len(authors) == 1 and "@" in written:
        rest = _EMPTY_BRACKETS.sub("", _MAIL_ADDRESS.sub("", written)).strip()
        in_brackets = rest.startswith("(") and rest.endswith(")")
        if rest:
            yield Words(rest[1:-1] if in_brackets else rest, is_html=True)
        return
    for author in authors:
        if name := _get(author, "name"):
            yield Words(name, is_html=True)


def _tags(item: dict[str, Any]) -> Iterator[Words]:
    """Keywords as people read them; identifiers of a scheme are none."""
    for tag in _get(item, "tags") or ():
        name = _get(tag, "label") or _get(tag, "term")
        if name and not _address(name):
            yield Words(name, is_html=True)


def _images(item: dict[str, Any]) -> Iterator[str]:
    """Pictures of the item, the best witness first."""
    media = [*(_get(item, "media_content") or ()), *(_get(item, "links") or ())]
    for one in media:
        address = _get(one, "url") or _get(one, "href") or ""
        is_media = "url" in one or _get(one, "rel") == "enclosure"
        kind = _get(one, "medium") or (_get(one, "type") or "").partition("/")[0]
        if is_media and (kind == "image" or (not kind and _PICTURE.search(address))):
            yield address
    for thumbnail in _get(item, "media_thumbnail") or ():
        if address := _get(thumbnail, "url"):
            yield address
    if address := _get(_get(item, "image") or {}, "href"):
        yield address
