"""skipHours and skipDays of RSS: when a publisher asks not to be polled (GMT)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def next_free(moment: datetime, *, hours: Sequence[int], days: Sequence[str]) -> datetime:
    """Move a moment to the start of the next hour that is not listed; lists that leave none are ignored.

    >>> late = datetime.fromisoformat("2026-11-22T23:10:00Z")  # a Sunday
    >>> str(next_free(late, hours=[23, 0, 1], days=[]))
    '2026-11-23 02:00:00+00:00'
    >>> str(next_free(late, hours=[], days=["sunday", "monday"]))
    '2026-11-24 00:00:00+00:00'
    >>> next_free(late, hours=range(24), days=[]) == late
    True
    """
    skipped_hours, skipped_days = set(hours), {day.lower() for day in days}
    if skipped_hours.issuperset(range(24)):
        skipped_hours = set()
    if skipped_days.issuperset(_DAYS):
        skipped_days = set()
    free = moment.astimezone(UTC)
    while free.hour in skipped_hours or _DAYS[free.weekday()] in skipped_days:
        free = free.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return free
