"""When it was published and when updated, as the page claims it."""

import re
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipelines.describing.jsonld import Node
from pipelines.describing.markup import Markup, words
from pipelines.describing.wording import plain
from pressclip import dates

_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "og:published_time",
    "og:publish_date",
    "datepublished",
    "parsely-pub-date",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "citation_online_date",
    "publishdate",
    "publish_date",
    "publisheddate",
    "published_at",
    "published-date",
    "published",
    "pubdate",
    "date.created",
    "datecreated",
    "og:regdate",
    "dc.date",
    "date",
)
_UPDATED = (
    "article:modified_time",
    "og:article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "date.modified",
    "date.updated",
    "last-modified",
    "lastmod",
)
_IN_URL = re.compile(r"/((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?![0-9])")
_VISIBLE = re.compile(
    r"(?:19|20)\d\d\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?(?:\s*[(（]\s*\w\s*[)）])?(?:\s*(?:午前|午後|오전|오후)?\s*\d{1,2}[:：時시]\s*\d{2})?"
    r"|(?:令和|平成)\s*\d{1,2}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日"
    r"|\d{1,2}(?:st|nd|rd|th)?\.? (?:[A-Z][a-zäéû]{2,9})\.?,? (?:19|20)\d\d"
    r"|[A-Z][a-z]{2,8}\.? \d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\d\d"
    r"|\d{1,2}\.\d{1,2}\.(?:19|20)\d\d"
)
_NEAR = 400  # text chunks around the headline in which a visible date is believed


def published(markup: Markup, node: Node | None, url: str) -> tuple[str, str]:
    """The first publication as written, and where; two empty strings if nobody tells."""
    claims = [(plain(node.get("datePublished")), "json-ld")] if node is not None else []
    claims += [(value, name) for name in _PUBLISHED for value in markup.metas.get(name, ())[:1]]
    claims += [(text, "time") for text in _times(markup)]
    if node is not None:
        claims += [(plain(node.get(key)), "json-ld") for key in ("dateCreated", "uploadDate")]
    found = _first(claims)
    if found[0]:
        return found
    visible = _visible(markup)
    if visible:
        return visible, "text"
    match = _IN_URL.search(urlsplit(url).path)
    return ("-".join(match.groups()), "url") if match else ("", "")


def updated(markup: Markup, node: Node | None) -> tuple[str, str]:
    """The last update as written, and where; two empty strings if nobody tells."""
    claims = [(plain(node.get("dateModified")), "json-ld")] if node is not None else []
    claims += [(value, name) for name in _UPDATED for value in markup.metas.get(name, ())[:1]]
    return _first(claims)


def _first(claims: list[tuple[str, str]]) -> tuple[str, str]:
    return next(((raw, origin) for raw, origin in claims if raw and dates.parse(raw)), ("", ""))


def _times(markup: Markup) -> list[str]:
    found: list[tuple[int, str]] = []
    for element in markup.times:
        marks = f"{element.get('class') or ''} {element.get('itemprop') or ''}".lower()
        raw = plain(element.get("datetime")) or words(element)
        if not raw or "modified" in marks or "updated" in marks:
            continue
        rank = 0 if "publish" in marks or element.get("pubdate") is not None else 1
        found.append((rank, raw))
    return [raw for _, raw in sorted(found, key=lambda item: item[0])]


def _visible(markup: Markup) -> str:
    start: HtmlElement = markup.headings[0] if markup.headings else markup.root
    count = 0
    for text in start.xpath("following::text()[not(parent::script or parent::style)]"):
        if not text.strip():
            continue
        count += 1
        if count > _NEAR:
            break
        match = _VISIBLE.search(text[:300])
        if match and dates.parse(match.group()):
            return match.group()
    return ""
