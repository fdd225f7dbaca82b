"""A page's description: title, authors, dates, language, links, each with its origin.

    tree -> markup, JSON-LD -> one voice after the other for each field -> Description

Pure and total: no tree makes it raise, and no tree is changed by it. Which voices are heard for a field, and in
which order, is the table of docs/description.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from pipelines.describing import datelines, jsonld, signatures
from pipelines.describing import markup as marks
from pipelines.describing.authors import authors, persons
from pipelines.describing.datings import Calendar, as_shown, published, updated, zone_of
from pipelines.describing.languages import is_chinese, language
from pipelines.describing.links import canonical_of, image
from pipelines.describing.sitenames import publishers, site_labels, site_name
from pipelines.describing.summaries import summary, tags
from pipelines.describing.titles import title
from pressclip.models import FeedEntry

_NO_ENTRY = FeedEntry(guid="", url=None)
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


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
    fetched_at: str | None = None,
    timezone: str | None = None,
) -> Description:
    """Describe a page.

    Args:
        tree: the whole page, scripts included.
        url: of the page, after redirects.
        entry: the feed's word on it.
        lang: what its source is written in.
        text: the article's text, where it is known already; tells the language.
        fetched_at: when it was fetched; a later date is nobody's publication.
        timezone: of dates that name none, where its source says one.
    """
    markup = marks.read(tree)
    linked = jsonld.read(tree)
    entry = entry or _NO_ENTRY
    fed = entry.title or ""
    node = jsonld.article(linked, url, (markup.meta("og:title", "twitter:title")[0], markup.title, fed))

    site = site_name(markup, linked, node)
    own = tuple(name for name in (site[0], *site_labels(url)) if name)
    headline = title(markup, url, jsonld.headline(node) if node else "", (*own, *publishers(linked)), fed)
    spoken = language(
        text if text is not None else headline[0],
        (
            (tree.get("lang") or tree.get(_XML_LANG) or "", "html"),
            markup.meta("og:locale"),
            markup.meta("content-language"),
            (entry.lang or "", "feed"),
            (lang or "", "source"),
        ),
    )
    calendar = Calendar(ZoneInfo(timezone) if timezone else zone_of(spoken[0]), fetched_at or "9999")
    chinese = is_chinese(headline[0])
    names, namer = authors(markup, linked, node, entry.authors, own, chinese=chinese)
    first, last = published(markup, node, calendar), updated(markup, node, calendar)
    nobody = not persons(names, own, chinese=chinese)
    may_show_update = datelines.is_redated(first[0], last[0])
    if first[0] and first[1] != "time":
        lines, place = marks.around(markup, headline[0], datelines.AROUND)
        if other := datelines.beside(lines, place, first[0], last[0], calendar):
            first = (other, "text")
    first_name = len(names) == 1 and names[0].isalpha() and names[0].istitle() and not nobody
    if nobody or first_name or may_show_update or not first[0]:
        lines = marks.visible(tree)
        place = marks.place_of(markup, lines, headline[0])
        if nobody and (seen := signatures.signed(lines, place, own, desks=not names)):
            names, namer = seen, "text"
        if first_name:
            names = (signatures.completed(lines[place : place + signatures.BESIDE], names[0]),)
        if may_show_update and (anew := datelines.redated(lines, place, first[0], last[0], calendar)):
            first = (anew, "text")
        if not first[0]:
            shown, changed = datelines.shown(lines, place, calendar)
            last = last if last[0] else (changed, "text")
            guesses = _guesses(tree, url, entry, lines, place, (shown, last[0]), calendar)
            first = next((claim for claim in guesses if claim[0]), ("", ""))
    words, teller = tags(markup, node, entry)
    claims: dict[str, marks.Claim] = {
        "title": headline,
        "published_at": first,
        "updated_at": last,
        "lang": spoken,
        "canonical_url": canonical_of(markup, url),
        "image_url": image(markup, node, url, entry),
        "site_name": site,
        "summary": summary(markup, node, entry),
    }
    said = {name: claim[0] or None for name, claim in claims.items()}
    origins = {name: origin for name, (value, origin) in claims.items() if value}
    return Description(
        title=headline[0],
        authors=names,
        published_at=entry.published_at if first[1] == "feed" else calendar.read(first[0]),
        published_raw=as_shown(markup, first[0]) or None,
        updated_at=calendar.read(last[0]),
        updated_raw=said["updated_at"],
        lang=said["lang"],
        canonical_url=said["canonical_url"],
        image_url=said["image_url"],
        site_name=said["site_name"],
        summary=said["summary"],
        tags=words,
        origins=origins | ({"authors": namer} if names else {}) | ({"tags": teller} if words else {}),
    )


def _guesses(
    tree: HtmlElement,
    url: str,
    entry: FeedEntry,
    lines: list[str],
    place: int,
    seen: tuple[str, str],
    calendar: Calendar,
) -> Iterator[marks.Claim]:
    """When a page was published whose data does not say so; `seen` is what stands beside its headline."""
    yield ((entry.published_raw or entry.published_at) if entry.published_at else ""), "feed"
    shown, changed = seen
    yield shown, "text"
    yield datelines.embedded(tree, calendar), "script"
    yield datelines.in_url(url), "url"
    yield changed, "update"
    yield datelines.anywhere(lines, place, calendar), "text"
