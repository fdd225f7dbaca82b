"""Where the clock is read, and how a moment is written."""

from datetime import UTC, datetime


def now() -> datetime:
    """Read the clock, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def stamp(moment: datetime) -> str:
    """Write a moment as records carry it.

    >>> stamp(datetime(2026, 11, 22, 10, 57, 31, tzinfo=UTC))
    '2026-11-22T10:57:31Z'
    """
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(stamped: str | None) -> datetime | None:
    """Read back what `stamp` wrote."""
    return datetime.fromisoformat(stamped) if stamped else None
