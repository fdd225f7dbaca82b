"""Where the clock is read, and how a moment is written."""

from datetime import UTC, datetime, timedelta


def now() -> datetime:
    """Read the clock."""
    return datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """Write a moment as records carry it, to the second.

    >>> stamp(datetime(2026, 11, 22, 10, 57, 31, 999999, tzinfo=UTC))
    '2026-11-22T10:57:31Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def ceiling(moment: datetime) -> datetime:
    """Round up to the second: an interval counted from here is never too short.

    >>> stamp(ceiling(datetime(2026, 11, 22, 10, 57, 31, 1, tzinfo=UTC)))
    '2026-11-22T10:57:32Z'
    """
    return (moment + timedelta(seconds=1, microseconds=-1)).replace(microsecond=0)


def moment(stamped: str | None) -> datetime | None:
    """Read back what `stamp` wrote."""
    return datetime.fromisoformat(stamped) if stamped else None
