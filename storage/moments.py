"""Moments as numbers: the one order in which articles are listed and searched, newest first."""

import calendar
import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

#: Articles of one second are told apart by the last six digits of their sort key.
PER_SECOND = 1_000_000

#: How a moment may be written, for people who wrote it otherwise.
EXAMPLES = "2026-11-22, 2026-11-22T08:00Z, today, yesterday, or 7d for seven days ago"

_AGO = re.compile(r"(\d{1,5})([mhdw])", re.ASCII)
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DAYS = {"today": 0, "yesterday": 1}


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


def read(written: str, now: datetime) -> str:
    """Read a day, a moment, or how long ago, as a person writes it; becomes UTC ISO 8601.

    >>> now = datetime(2026, 11, 22, 10, 57, 31, tzinfo=UTC)
    >>> read("7d", now), read("yesterday", now), read("2026-11-22T17:00+09:00", now)
    ('2026-11-15T10:57:31Z', '2026-11-21', '2026-11-22T08:00:00Z')

    Raises:
        ValueError, OverflowError: it is none.
    """
    if ago := _AGO.fullmatch(written.lower()):
        return _stamp(now - timedelta(**{_UNITS[ago[2]]: int(ago[1])}))
    if written.lower() in _DAYS:
        return (now - timedelta(days=_DAYS[written.lower()])).astimezone(UTC).date().isoformat()
    with suppress(ValueError):
        return date.fromisoformat(written).isoformat()
    return _stamp(_parsed(written))


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


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _seconds(moment: datetime) -> int:
    return calendar.timegm(moment.utctimetuple())
