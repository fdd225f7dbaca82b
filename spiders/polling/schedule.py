"""When a feed or an article may be asked for again. Pure: times in, times out (UTC)."""

from datetime import datetime, timedelta

from pressclip.models import Source

ASKED_FOR_FLOOR = timedelta(minutes=10)  # a source that the user names is asked this often at the most
LONGEST_PAUSE = timedelta(days=1)
FIRST_RETRY = timedelta(minutes=15)
DENIED_PAUSE = timedelta(days=7)  # robots.txt is asked again after a week


def is_due(
    *, now: datetime, last_asked: datetime | None, next_poll: datetime | None, named: bool, forced: bool
) -> bool:
    """Whether a source may be polled now.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    >>> hour = timedelta(hours=1)
    >>> is_due(now=noon, last_asked=noon - hour / 2, next_poll=noon + hour / 2, named=False, forced=False)
    False
    >>> is_due(now=noon, last_asked=noon - hour / 2, next_poll=noon + hour / 2, named=True, forced=False)
    True
    """
    if forced or next_poll is None or now >= next_poll:
        return True
    return named and (last_asked is None or now - last_asked >= ASKED_FOR_FLOOR)


def next_poll_at(source: Source, *, asked_at: datetime, failures: int) -> datetime:
    """When to poll next, counted from the start of this attempt; `failures` in a row, this one included.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    >>> source = Source(name="a", kind="feed", url="https://a.example/feed", interval=3600)
    >>> [str(next_poll_at(source, asked_at=noon, failures=n) - noon) for n in (0, 1, 3, 9)]
    ['1:00:00', '2:00:00', '8:00:00', '1 day, 0:00:00']
    """
    interval = timedelta(seconds=source.interval)
    pause = interval * 2 ** min(failures, 16)
    return asked_at + (pause if pause < LONGEST_PAUSE else max(interval, LONGEST_PAUSE))


def retry_at(*, now: datetime, attempts: int) -> datetime:
    """When an article that could not be had is asked for again; `attempts` made so far, this one included.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    >>> [str(retry_at(now=noon, attempts=n) - noon) for n in (1, 2, 4, 12)]
    ['0:15:00', '0:30:00', '2:00:00', '1 day, 0:00:00']
    """
    pause: timedelta = FIRST_RETRY * 2 ** max(0, min(attempts, 16) - 1)
    return now + min(pause, LONGEST_PAUSE)
