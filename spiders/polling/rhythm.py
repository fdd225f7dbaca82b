"""How often a feed has news, told from the dates of its own entries."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from pressclip.models import FeedEntry

LEAST_DATED = 4  # entries: fewer tell of no rhythm
NEWEST = 30  # entries that count: a feed may carry its whole archive
DORMANT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What the dates of a feed tell."""

    gap: int | None  # seconds, the median between two entries; None: too few dates
    newest: datetime | None  # never later than now


def of(entries: Iterable[FeedEntry], *, now: datetime) -> Rhythm:
    """Read the rhythm off the entries; bare days and dates of the future don't count.

    >>> noon = datetime.fromisoformat("2026-11-22T12:00:00Z")
    >>> stamps = [f"2026-11-{day}T08:00:00Z" for day in (10, 12, 14, 16, 18)]
    >>> found = of([FeedEntry(guid=s, url=None, published_at=s) for s in stamps], now=noon)
    >>> found.gap, str(found.newest)
    (172800, '2026-11-18 08:00:00+00:00')
    """
    stamps = (entry.published_at for entry in entries if entry.published_at and "T" in entry.published_at)
    dated = sorted((m for m in map(datetime.fromisoformat, stamps) if m <= now), reverse=True)[:NEWEST]
    gaps = [(later - earlier).total_seconds() for later, earlier in itertools.pairwise(dated)]
    return Rhythm(
        gap=int(median(gaps)) if len(dated) >= LEAST_DATED else None, newest=dated[0] if dated else None
    )


def interval(gap: int | None, newest: datetime | None, *, now: datetime, least: int, most: int) -> int:
    """Choose the seconds between two polls: half the usual gap, between the bounds; a dormant feed gets the most.

    >>> noon = datetime.fromisoformat("2026-11-22T12:00:00Z")
    >>> [interval(gap, noon, now=noon, least=3600, most=86400) for gap in (None, 60, 20000, 10**6)]
    [3600, 3600, 10000, 86400]
    >>> interval(60, noon - DORMANT, now=noon, least=3600, most=86400)
    86400
    """
    most = max(least, most)
    if newest is not None and now - newest >= DORMANT:
        return most
    return least if gap is None else min(most, max(least, gap // 2))
