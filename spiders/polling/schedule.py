"""When a feed or an article may be asked for again. Pure: times in, times out (UTC).

A feed that answered      max(source's interval or the feed's own rhythm, max-age, ttl, period), seven days at most
A feed that did not       the interval doubled for each failure in a row: a day at most; 404 a week, later on
Either                    not before Retry-After, a month at most; not in hours that the feed names
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pressclip.models import Source
from spiders.polling import hours, jitter, rhythm

HOUR, DAY = 3600, 86400
SLOWEST_RHYTHM = DAY  # for a feed that has little news; its `interval` may be longer
LONGEST_CLAIM = DAY  # that ttl and sy:updatePeriod are believed
LONGEST_PAUSE = 7 * DAY
LONGEST_BACKOFF = DAY
MISSING_IS_GONE = 10  # answers of 404 in a row, after which a week passes between two tries
ALMOST = timedelta(
    seconds=5
)  # what is due so soon is waited for: cron's seconds vary, the next run may be an hour away
ASKED_FOR_FLOOR = timedelta(minutes=10)  # a source that the user names is asked this often at the most
FIRST_RETRY = timedelta(minutes=15)
DENIED_PAUSE = timedelta(days=7)  # robots.txt is asked again after a week
DAILY_TRIES, MOST_TRIES = 10, 14  # of an article: then weekly, then never by itself

Outcome = Literal["answered", "failed", "throttled", "missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What the feed and its server say of how often to ask; None and empty: nothing. Seconds, but where named."""

    max_age: int | None = None  # for which the last answer stays fresh
    ttl: int | None = None  # minutes
    period: int | None = None  # of sy:updatePeriod and sy:updateFrequency
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[str, ...] = ()
    gap: int | None = None  # the median between its entries
    newest: datetime | None = None  # of its entries


def is_due(
    *,
    now: datetime,
    last_asked: datetime | None,
    next_poll: datetime | None,
    wait_until: datetime | None = None,
    named: bool,
    forced: bool,
) -> bool:
    """Whether a source may be polled now. A source that is named waits for Retry-After, not for its schedule.

    >>> from datetime import UTC
    >>> noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    >>> hour = timedelta(hours=1)
    >>> is_due(now=noon, last_asked=noon - hour / 2, next_poll=noon + hour / 2, named=False, forced=False)
    False
    >>> is_due(now=noon, last_asked=noon - hour / 2, next_poll=noon + hour / 2, named=True, forced=False)
    True
    """
    if forced:
        return True
    if wait_until is not None and now < wait_until:
        return False
    if next_poll is None or now >= next_poll:
        return True
    return named and (last_asked is None or now - last_asked >= ASKED_FOR_FLOOR)


def due_in_this_run(
    *,
    now: datetime,
    last_asked: datetime | None,
    next_poll: datetime | None,
    wait_until: datetime | None,
    named: bool,
    forced: bool,
) -> datetime | None:
    """When a source is to be polled in a run that goes on now: now, or in a moment; None: not in this run.

    >>> noon = datetime.fromisoformat("2026-11-22T12:00:00Z")
    >>> def of(seconds):
    ...     soon = noon + timedelta(seconds=seconds)
    ...     return due_in_this_run(
    ...         now=noon, last_asked=None, next_poll=soon, wait_until=None, named=False, forced=False
    ...     )
    >>> [moment and moment.second for moment in map(of, (-60, 5, 6))]
    [0, 5, None]
    """
    for moment in (now, next_poll):
        if (
            moment
            and moment - now <= ALMOST
            and is_due(
                now=moment,
                last_asked=last_asked,
                next_poll=next_poll,
                wait_until=wait_until,
                named=named,
                forced=forced,
            )
        ):
            return moment
    return None


def pause_after(
    source: Source, claims: Claims, *, outcome: Outcome, failures: int, is_first: bool, now: datetime
) -> int:
    """Choose the seconds until the next poll; `failures` in a row, this one included.

    Jitter lengthens pauses that we choose ourselves: the first one, so that sources added together part, and those
    after failures. A rhythm once found keeps its beat: an hour stays an hour.

    >>> noon = datetime.fromisoformat("2026-11-22T12:00:00Z")
    >>> source = Source(name="a", kind="feed", url="https://a.example/feed", interval=3600)
    >>> def of(outcome, failures=0, **claims):
    ...     return pause_after(
    ...         source, Claims(**claims), outcome=outcome, failures=failures, is_first=False, now=noon
    ...     )
    >>> of("answered"), of("answered", max_age=7200), of("answered", ttl=10**6), of("answered", max_age=10**9)
    (3600, 7200, 86400, 604800)
    >>> [of("failed", n) // 3600 for n in (1, 3, 9)], [of("missing", n) // 86400 for n in (9, 11)]
    ([2, 8, 24], [1, 7])
    """
    if outcome == "answered":
        pause = max(
            rhythm.interval(claims.gap, claims.newest, now=now, least=source.interval, most=SLOWEST_RHYTHM),
            claims.max_age or 0,
            min((claims.ttl or 0) * 60, LONGEST_CLAIM),
            min(claims.period or 0, LONGEST_CLAIM),
        )
        longest = LONGEST_PAUSE
    else:
        first = max(source.interval, HOUR // 2) if outcome == "throttled" else source.interval
        pause = first * 2 ** min(failures, 16)
        longest = LONGEST_BACKOFF
        if outcome == "missing" and failures > MISSING_IS_GONE:
            pause = longest = LONGEST_PAUSE
    if is_first or outcome != "answered":
        pause = jitter.add(source.name, pause)
    return max(min(pause, longest), source.interval)


def next_poll_at(
    source: Source,
    claims: Claims,
    *,
    asked_at: datetime,
    outcome: Outcome,
    failures: int = 0,
    is_first: bool = False,
    retry_after: int | None = None,
) -> datetime:
    """When to poll next, counted from the start of this attempt."""
    pause = pause_after(source, claims, outcome=outcome, failures=failures, is_first=is_first, now=asked_at)
    pause = max(pause, retry_after or 0)
    return hours.next_free(
        asked_at + timedelta(seconds=pause), hours=claims.skip_hours, days=claims.skip_days
    )


def retry_at(*, now: datetime, attempts: int, retry_after: int | None = None) -> datetime | None:
    """When an article that could not be had is asked for again; `attempts` made so far. None: not by itself.

    >>> noon = datetime.fromisoformat("2026-11-22T12:00:00Z")
    >>> [str(retry_at(now=noon, attempts=n) - noon) for n in (1, 2, 4, 10, 11)]
    ['0:15:00', '0:30:00', '2:00:00', '1 day, 0:00:00', '7 days, 0:00:00']
    >>> retry_at(now=noon, attempts=14)
    """
    if attempts >= MOST_TRIES:
        return None
    pause: timedelta = min(FIRST_RETRY * 2 ** max(0, attempts - 1), timedelta(seconds=LONGEST_BACKOFF))
    if attempts > DAILY_TRIES:
        pause = timedelta(seconds=LONGEST_PAUSE)
    return now + max(pause, timedelta(seconds=retry_after or 0))
