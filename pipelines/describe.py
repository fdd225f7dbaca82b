"""A page's description: title, authors, dates, language, links, each with its origin.

    tree -> markup, JSON-LD -> one voice after the other for each field -> Description

Pure and total: no tree makes it raise, and no tree is changed by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from pipelines.describing import bylines, datings, jsonld
from pipelines.describing import markup as marks
from pipelines.describing.authors import authors, persons
from pipelines.describing.datings import published, updated
from pipelines.describing.jsonld import LinkedData, Node
from pipelines.describing.languages import is_chinese, language
from pipelines.describing.links import absolute, canonical
from pipelines.describing.markup import Markup
from pipelines.describing.sitenames import site_labels
from pipelines.describing.titles import title
from pipelines.describing.wording import plain
from pressclip import dates
from pressclip.models import FeedEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What a page says about itself; times as in `pressclip.models`, `_raw` as written."""

    title: str = ""
    authors: tuple[str, ...] = ()
    published_at: str | None = None
    published_raw: str | None = None
    updated_at: str | None = None
    updated_raw: str | None = None
    lang: str | None = None
    canonical_url: str | None = None
    image_url: str | None = None
    site_name: str | None = None
    summary: str | None = None
    tags: tuple[str, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)


def describe(
    tree: HtmlElement,
    *,
    url: str,
    entry: FeedEntry | None = None,
    lang: str | None = None,
    text: str | None = None,
    linked: LinkedData | None = None,
) -> Description:
    """Describe a page.

    Args:
        tree: the whole page, scripts included.
        url: of the page, after redirects.
        entry: the feed's word on it.
        lang: what its source is written in.
        text: the article's text, where it is known already; tells the language.
        linked: the page's JSON-LD, where it was read already.
    """
    markup = marks.read(tree)
    linked = jsonld.read(tree) if linked is None else linked
    entry = entry or FeedEntry(guid="", url=None)
    social = markup.meta("og:title", "twitter:title")[0]
    node = jsonld.article(linked, url, (social, markup.title, entry.title or ""))
    origins: dict[str, str] = {}

    def told(name: str, value: str, origin: str) -> str | None:
        if value:
            origins[name] = origin
        return value or None

    site = told("site_name", *_site_name(markup, linked, node))
    own = tuple(name for name in (site, *site_labels(url)) if name)
    sites = (*own, *_publishers(linked))
    headline = jsonld.headline(node) if node else ""
    name = told("title", *title(markup, url, headline, sites, entry.title or "")) or ""
    chinese = is_chinese(name)
    names, origin = authors(markup, linked, node, entry.authors, own, chinese=chinese)
    first, last = published(markup, node), updated(markup, node)
    nobody = not persons(names, own, chinese=chinese)
    if nobody or not first[0]:
        lines = marks.visible(tree)
        start = _headline_place(lines, name)
        if nobody and (seen := bylines.visible(lines[start:], own)):
            names, origin = seen, "text"
        if not first[0]:
            first, last = _dates_seen(tree, url, entry, lines, start, last)
    told("authors", " ".join(names), origin)
    published_raw, updated_raw = told("published_at", *first), told("updated_at", *last)
    spoken, origin = language(
        text if text is not None else name,
        [
            (tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang"), "html"),
            (markup.meta("og:locale")[0], "og:locale"),
            (markup.meta("content-language")[0], "content-language"),
            (entry.lang, "feed"),
            (lang, "source"),
        ],
    )
    told("lang", spoken or "", origin)
    return Description(
        title=name,
        authors=names,
        published_at=dates.parse(published_raw) if published_raw else None,
        published_raw=published_raw,
        updated_at=dates.parse(updated_raw) if updated_raw else None,
        updated_raw=updated_raw,
        lang=spoken,
        canonical_url=told("canonical_url", canonical(markup.link("canonical"), url) or "", "link"),
        image_url=told("image_url", *_image(markup, node, url, entry)),
        site_name=site,
        summary=told("summary", *_summary(markup, node, entry)),
        tags=_tags(markup, node, entry),
        origins=origins,
    )


def _headline_place(lines: list[str], title: str) -> int:
    """Which of the visible lines is the headline; the first where it does not stand."""
    start = title[:12]
    return next((i for i, line in enumerate(lines) if start and line.lstrip().startswith(start)), 0)


def _dates_seen(
    tree: HtmlElement, url: str, entry: FeedEntry, lines: list[str], start: int, last: tuple[str, str]
) -> tuple[tuple[str, str], tuple[str, str]]:
    """The dates where no data tells them: beside the headline, in scripts, in the feed, in the address."""
    shown, changed = datings.shown(lines, start)
    claims = (
        (shown, "text"),
        (datings.embedded(tree), "script"),
        (entry.published_raw or entry.published_at or "", "feed"),
        (datings.in_url(url), "url"),
        (datings.anywhere(lines, start), "text"),
        (changed, "update"),
        last,
    )
    first = next((claim for claim in claims if claim[0]), ("", ""))
    return first, last if last[0] or not changed else (changed, "text")


def _publishers(linked: LinkedData) -> tuple[str, ...]:
    found = []
    for node in linked.nodes:
        publisher = linked.resolve(node.get("publisher"))
        if isinstance(publisher, dict):
            found.append(plain(publisher.get("name")))
        if {"Organization", "NewsMediaOrganization", "WebSite"}.intersection(jsonld.types(node)):
            found.append(plain(node.get("name")))
    return tuple(dict.fromkeys(name for name in found if name))


def _site_name(markup: Markup, linked: LinkedData, node: Node | None) -> tuple[str, str]:
    value, key = markup.meta("og:site_name", "application-name", "apple-mobile-web-app-title")
    if value:
        return value, key
    publisher = linked.resolve(node.get("publisher")) if node else None
    name = plain(publisher.get("name")) if isinstance(publisher, dict) else ""
    return name, "json-ld"


def _image(markup: Markup, node: Node | None, url: str, entry: FeedEntry) -> tuple[str, str]:
    value, key = markup.meta(
        "og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src"
    )
    image = node.get("image") if node else None
    if isinstance(image, list):
        image = image[0] if image else None
    claimed = image.get("url") if isinstance(image, dict) else image
    for raw, origin in ((value, key), (claimed, "json-ld"), (entry.image_url, "feed")):
        if isinstance(raw, str) and (address := absolute(raw, url)):
            return address, origin
    return "", ""


def _summary(markup: Markup, node: Node | None, entry: FeedEntry) -> tuple[str, str]:
    value, key = markup.meta("og:description", "description", "twitter:description", "dc.description")
    if value:
        return value, key
    claimed = plain(node.get("description")) if node else ""
    return (claimed, "json-ld") if claimed else (entry.summary or "", "feed")


def _tags(markup: Markup, node: Node | None, entry: FeedEntry) -> tuple[str, ...]:
    found: list[str] = list(markup.metas.get("article:tag", ()))
    value = node.get("keywords") if node else None
    listed = value if isinstance(value, list) else [value]
    lines = (
        [plain(item) for item in listed]
        + list(markup.metas.get("news_keywords", ()))
        + list(markup.metas.get("keywords", ()))
    )
    for line in lines:
        found += line.replace("、", ",").replace("，", ",").replace(";", ",").split(",")
    found += entry.tags
    return tuple({tag.strip().casefold(): tag.strip() for tag in reversed(found) if tag.strip()}.values())[
        ::-1
    ][:50]
