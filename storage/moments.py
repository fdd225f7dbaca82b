"""Moments as numbers: the one order in which articles are listed and searched, newest first."""

import calendar
from datetime import UTC, datetime, timedelta

#: Articles of one second are told apart by the last six digits of their sort key.
PER_SECOND = 1_000_000


def sort_base(published_at: str | None, fetched_at: str) -> int:
    """Place an article in time: its publication, never later than it was fetched; the lowest key of that second.

    >>> sort_base("2026-11-22T10:57:31Z", "2026-11-22T11:00:00Z")
    1795345051000000
    >>> sort_base("2041-01-01", "2026-11-22T11:00:00Z") == sort_base(None, "2026-11-22T11:00:00Z")
    True
    """
    fetched = _seconds(_parsed(fetched_at))
    try:
        published = _seconds(_parsed(published_at)) if published_at else fetched
    except (ValueError, OverflowError):
        published = fetched
    return min(published, fetched) * PER_SECOND


def first_key(since: str) -> int:
    """Find the lowest sort key at or after a moment or a day.

    Raises:
        ValueError: it is no ISO 8601 moment or day.
    """
    return _seconds(_parsed(since)) * PER_SECOND


def end_key(until: str) -> int:
    """Find the sort key that ends a moment or a day: all that belong to it are lower.

    >>> end_key("2026-11-22") == first_key("2026-11-23")
    True

    Raises:
        ValueError: it is no ISO 8601 moment or day.
    """
    span = timedelta(days=1) if len(until) == len("2026-11-22") else timedelta(seconds=1)
    return _seconds(_parsed(until) + span) * PER_SECOND


def _parsed(moment: str) -> datetime:
    parsed = datetime.fromisoformat(moment)
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def _seconds(moment: datetime) -> int:
    return calendar.timegm(moment.utctimetuple())
