"""What of a sitemap is news: by its dates where it has some, else by what was not listed before. Pure.

A date is the news date, else lastmod, else the day in the address. Dates in the future are none, and a lastmod
that most places share is the moment at which a program wrote the file.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from pipelines.describing.datelines import in_url
from pressclip import dates
from spiders.reading.addresses import recency
from spiders.reading.places import Child, Place

FIRST_UNDATED = 20  # places without a date that are taken of a sitemap met for the first time, the newest
MOST_UNDATED = 200  # that are taken later; more at once are a site that moved, not news
A_DAY = 200  # dated places that are taken for each day of the window, the newest
_SHARED = 0.5  # share of places from which one lastmod is the file's
_FEW = 20  # places that may well share a moment; of days, a whole site's worth
_FEW_OF_A_DAY = 1_000
_DIGEST = 8  # bytes
_MOST_SEEN = 200_000  # digests that are kept of one sitemap, which has 50,000 addresses at the most
CHILDREN = 1_000  # sitemaps of one index that are followed, in time
UNDATED = 10  # the same, of those without a date
#: Sitemaps of everything but articles, as the usual programs name them.
_OTHERS = re.compile(
    r"(?:^|[/_.-])(?:authors?|users?|taxonom(?:y|ies)|categor(?:y|ies)|(?:post[_-])?tags?|profiles?|images?|videos?|products?"
    r"|page[_-]sitemap|posts-page)(?=$|[/_.\d-])",
    re.IGNORECASE,
)
_DAY = 10  # characters of ``2026-11-22``


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What counts as new in a sitemap."""

    now: datetime
    since: datetime  # what is dated before is old
    seen: bytes | None = (
        None  # digests of the addresses without a date that it listed before; None: never read
    )
    others: bytes = b""  # the same of the source's other sitemaps: addresses move from one to the next


class Choice(NamedTuple):
    """What is new, newest first, and what to remember."""

    places: Sequence[Place]
    newest_at: str | None
    seen: bytes
    problems: Sequence[str]


class _Dated(NamedTuple):
    date: str  # UTC or a bare day
    place: Place


def choose(places: Sequence[Place], window: Window | None) -> Choice:
    """Choose the places of the window; without one all, in the same order."""
    since = f"{window.since - timedelta(days=1):%Y-%m-%d}" if window else ""
    latest = f"{window.now + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}" if window else "9"
    shared = _shared(places)
    problems = [f"lastmod: most are {shared}, which says nothing"] if shared else []
    dated: list[_Dated] = []
    undated: list[Place] = []
    newest = ""
    for place in places:
        date, believed = _date(place, shared, since)
        if not date or date > latest:
            undated.append(believed)
            continue
        newest = max(newest, date)
        if date >= since:
            dated.append(_Dated(date, believed))
    if window:
        horizon = f"{window.since:%Y-%m-%dT%H:%M:%SZ}"
        dated = [one for one in dated if one.date >= horizon[: len(one.date)]]
    dated.sort(key=lambda one: (one.date, recency(one.place.loc)), reverse=True)
    fresh, seen = _unseen(undated, window, problems)
    if window:
        most = max(1, (window.now - window.since).days) * A_DAY
        if len(dated) > most:
            problems.append(f"too_many_new: {len(dated)}, the newest {most} are taken")
        dated = dated[:most]
    return Choice((*(one.place for one in dated), *fresh), newest or None, seen, problems)


def choose_children(
    children: Sequence[Child], window: Window | None
) -> tuple[Sequence[Child], Sequence[str]]:
    """Choose the sitemaps of an index that may list something new; without a window all.

    Of those without a date both ends are followed: nobody says whether the newest come first or last.

    >>> few = [Child(f"https://a.example/sitemap-{n}.xml") for n in range(3)]
    >>> choose_children([*few, Child("https://a.example/author-sitemap.xml")], None)[0] == few
    True
    """
    children = [child for child in children if not _OTHERS.search(urlsplit(child.url).path)] or children
    if window is None:
        return children, []
    since = f"{window.since:%Y-%m-%dT%H:%M:%SZ}"
    dated = [each for each in children if each.lastmod and each.lastmod >= since[: len(each.lastmod)]]
    undated = sorted((each for each in children if not each.lastmod), key=lambda each: recency(each.url))
    problems = []
    if len(undated) > UNDATED:
        problems.append(f"too_many_sitemaps: {len(undated)} without a date, {UNDATED} are followed")
        undated = [*undated[: UNDATED // 2], *undated[-UNDATED // 2 :]]
    if len(dated) > CHILDREN:
        problems.append(f"too_many_sitemaps: {len(dated)} are new, the newest {CHILDREN} are followed")
    return [*dated[:CHILDREN], *reversed(undated)], problems


def _date(place: Place, shared: str | None, since: str) -> tuple[str | None, Place]:
    """When a place was new, and the place without a date that says nothing."""
    if shared and place.lastmod == shared:
        place = place._replace(lastmod=None)
    raw = place.published or place.lastmod
    if raw is None:
        return in_url(place.loc), place
    # Archives are long and their dates ISO: what is old by its first ten characters need not be read.
    if raw[:_DAY] < since and raw[:4].isdigit() and raw[4:5] == "-" == raw[7:8]:
        return raw[:_DAY], place
    return dates.parse(raw), place


def _shared(places: Sequence[Place]) -> str | None:
    """The lastmod that most places have, where that is no coincidence; a whole site may well change on one day."""
    common = Counter(place.lastmod for place in places if place.lastmod and not place.published).most_common(
        1
    )
    if not common:
        return None
    [(lastmod, count)] = common
    few = _FEW_OF_A_DAY if len(lastmod) <= _DAY else _FEW
    return lastmod if len(places) >= few and count > _SHARED * len(places) else None


def _unseen(
    places: Sequence[Place], window: Window | None, problems: list[str]
) -> tuple[Sequence[Place], bytes]:
    """The places without a date that are new, and what to remember of all of them."""
    if window is None:
        return sorted(places, key=lambda place: recency(place.loc), reverse=True), b""
    known = _split(window.seen or b"")
    other = _split(window.others)
    digests = {_digest(place.loc): place for place in places}
    fresh = [place for digest, place in digests.items() if digest not in known and digest not in other]
    most = FIRST_UNDATED if window.seen is None else MOST_UNDATED
    if len(fresh) > most:
        problems.append(f"undated: {len(fresh)} addresses without a date, the newest {most} are taken")
        fresh.sort(key=lambda place: recency(place.loc), reverse=True)
    kept = digests.keys() | known
    return fresh[:most], b"".join(sorted(kept if len(kept) <= _MOST_SEEN else digests))


def _digest(loc: str) -> bytes:
    return hashlib.blake2b(loc.encode("utf-8", "replace"), digest_size=_DIGEST).digest()


def _split(digests: bytes) -> frozenset[bytes]:
    return frozenset(digests[start : start + _DIGEST] for start in range(0, len(digests), _DIGEST))
