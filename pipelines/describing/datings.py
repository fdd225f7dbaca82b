"""When it was published first and when updated last, as a page's data claims it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, timedelta, timezone, tzinfo

from pipelines.describing.jsonld import Node
from pipelines.describing.markup import Claim, Markup, words
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
    "citation_publication_date",
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
UPDATING = re.compile(
    r"updat|modif|revis|aktualisiert|mis à jour|actualizad|更新|修正|改訂|수정|изменен|обновлен",
    re.IGNORECASE,
)
_NOBODY: Claim = ("", "")
# Where a date without a zone was written, as far as its language tells.
_ZONES = {"ja": 9, "ko": 9, "zh": 8}


@dataclass(frozen=True, slots=True)
class Calendar:
    """How the dates of one page are read."""

    zone: tzinfo = UTC  # of those that name none
    latest: str = "9999"  # UTC; later ones are not believed

    def read(self, raw: str) -> str | None:
        """A date as `pressclip.dates.parse` gives it; None where it is none, or has not come yet.

        >>> Calendar(latest="2026-11-22T10:00:00Z").read("2026-12-24") is None
        True
        """
        moment = dates.parse(raw, default_zone=self.zone)
        return moment if moment and moment <= self.latest else None


def zone_of(lang: str | None) -> tzinfo:
    """The zone of dates that name none, on a page of a language.

    >>> zone_of("zh-Hant").utcoffset(None)
    datetime.timedelta(seconds=28800)
    """
    hours = _ZONES.get((lang or "").split("-")[0])
    return timezone(timedelta(hours=hours)) if hours else UTC


def published(markup: Markup, node: Node | None, calendar: Calendar) -> Claim:
    """The first publication as written, and where; two empty strings if no data claims it."""
    claims = [(plain(node.get("datePublished")), "json-ld")] if node is not None else []
    claims += [(value, name) for name in _PUBLISHED for value in markup.metas.get(name, ())[:1]]
    if node is not None:
        claims += [(plain(node.get(key)), "json-ld") for key in ("dateCreated", "uploadDate")]
    claims += [(text, "time") for text in _times(markup)]
    return _first(claims, calendar)


def updated(markup: Markup, node: Node | None, calendar: Calendar) -> Claim:
    """The last update as written, and where; two empty strings if no data claims it."""
    claims = [(plain(node.get("dateModified")), "json-ld")] if node is not None else []
    claims += [(value, name) for name in _UPDATED for value in markup.metas.get(name, ())[:1]]
    return _first(claims, calendar)


def as_shown(markup: Markup, raw: str) -> str:
    """A moment in UTC as its <time> element shows it, where that is the day before or after: the page's own day."""
    day = dates.local_day(raw)
    if day and raw.endswith(("Z", "+00:00", "+0000")):
        for element in markup.times:
            if plain(element.get("datetime")) == raw and (own := dates.local_day(shown := words(element))):
                apart = date.fromisoformat(own) - date.fromisoformat(day)
                return shown if abs(apart) == timedelta(days=1) else raw
    return raw


def _first(claims: Iterable[Claim], calendar: Calendar) -> Claim:
    """The first claim that is a date, or the same moment written with its local offset."""
    read = [(moment, raw, origin) for raw, origin in claims if raw and (moment := calendar.read(raw))]
    if not read:
        return _NOBODY
    moment, raw, origin = read[0]
    if raw.endswith(("Z", "+00:00", "+0000")):
        for same, local, where in read[1:]:
            if same == moment and dates.local_day(local) != dates.local_day(raw):
                return local, where
    return raw, origin


def _times(markup: Markup) -> list[str]:
    """What the page's <time> elements say, those marked as a publication first."""
    found: list[tuple[bool, str]] = []
    for element in markup.times:
        marks = f"{element.get('class') or ''} {element.get('itemprop') or ''}".lower()
        raw = plain(element.get("datetime")) or words(element)
        if raw and not UPDATING.search(marks):
            found.append(("publish" not in marks and element.get("pubdate") is None, raw))
    return [raw for _, raw in sorted(found, key=lambda item: item[0])]
