"""What follows from a poll: when to ask next, where, and what to remember. Pure.

source, what was known ─┐
poll as judged ─────────┼── conclude ── next poll, what is known now
answer, feed as read ───┘
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pressclip.models import FeedEntry, Poll, Source
from spiders import clock
from spiders.polling import freshness, moves, rhythm, schedule
from spiders.polling.answers import DELTA, GONE, Answer, is_challenge
from spiders.polling.hosts import THROTTLED
from storage.records import Learned, SourceState

MISSING = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedClaims:
    """What a feed itself says of when to ask it, and of who else tells of its news."""

    ttl: int | None = None  # minutes
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[str, ...] = ()
    update_period: str | None = None
    update_frequency: int | None = None
    newest_at: str | None = None  # UTC or a bare day: its newest entry's, where that is not among the entries
    hub: str | None = None  # WebSub
    hub_topic: str | None = None  # the address by which the hub knows the feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """What to remember of a poll beside the poll itself."""

    next_poll_at: datetime
    learned: Learned


def conclude(
    source: Source,
    known: SourceState | None,
    poll: Poll,
    *,
    asked_at: datetime,
    answered_at: datetime,
    answer: Answer | None = None,
    claims: FeedClaims | None = None,
) -> Conclusion:
    """Draw the conclusions.

    Args:
        source: as sources.toml has it.
        known: what was known before; None: nothing.
        poll: its outcome, and its entries where it brought any.
        asked_at: when the request was made: intervals count from here.
        answered_at: when it was answered: what the answer says counts from here.
        answer: None where there was none.
        claims: what the feed says; None where it was not read, so that what it said before holds.
    """
    learned = known.learned if known else Learned()
    start, late = clock.ceiling(asked_at), clock.ceiling(answered_at)
    fresh = freshness.lifetime(answer.headers, now=late) if answer else None
    if poll.outcome == "failed":
        failures = (known.failures if known else 0) + 1
        outcome = _outcome(answer)
        # What an error says of its own freshness holds for this once.
        wait = max(answer.retry_after or 0, min(fresh or 0, schedule.LONGEST_PAUSE)) if answer else 0
    else:
        failures, outcome, wait = 0, "answered", answer.retry_after or 0 if answer else 0
        learned = _with_feed(learned, poll, claims, fresh, answer, now=late)
    off = answer is not None and answer.status == GONE
    learned = replace(
        learned,
        wait_until=clock.stamp(late + timedelta(seconds=answer.retry_after))
        if answer and answer.retry_after
        else None,
        off_at=(learned.off_at or poll.asked_at) if off else learned.off_at if failures else None,
    )
    wait += int((late - start).total_seconds()) if wait else 0
    next_poll_at = schedule.next_poll_at(
        source,
        _claims(learned, late - start),
        asked_at=start,
        outcome=outcome,
        failures=failures,
        is_first=known is None or known.last_ok_at is None,
        retry_after=wait,
    )
    return Conclusion(next_poll_at=next_poll_at, learned=learned)


def _outcome(answer: Answer | None) -> schedule.Outcome:
    """Name the kind of failure."""
    if answer is None:
        return "failed"
    if answer.status in THROTTLED or is_challenge(answer.status, answer.headers):
        return "throttled"
    return "missing" if answer.status == MISSING else "failed"


def _with_feed(
    learned: Learned,
    poll: Poll,
    claims: FeedClaims | None,
    fresh: int | None,
    answer: Answer | None,
    *,
    now: datetime,
) -> Learned:
    """Take in what a good answer said; a 304 that says nothing of its freshness leaves what the 200 said."""
    said_again = answer is not None and answer.status not in {200, DELTA}
    max_age = learned.max_age if fresh is None and said_again else fresh
    moving_to, runs, adopted = moves.agree(
        learned.moving_to, learned.moving_runs, moves.target(answer.hops, poll.url) if answer else None
    )
    learned = replace(
        learned,
        max_age=max_age,
        moving_to=moving_to,
        moving_runs=runs,
        moved_to=adopted or learned.moved_to,
    )
    if claims is None:
        return learned
    is_part = answer is not None and answer.status == DELTA
    gap, newest_at = _rhythm(learned, poll.entries, is_part=is_part, now=now)
    if claims.newest_at:
        newest_at = max(newest_at or "", _moment(claims.newest_at))
    return replace(
        learned,
        ttl=claims.ttl,
        period=_period(claims),
        skip_hours=claims.skip_hours,
        skip_days=claims.skip_days,
        gap=gap,
        newest_at=newest_at,
        hub=claims.hub,
        hub_topic=claims.hub_topic,
    )


def _moment(date: str) -> str:
    """A date as a moment: of a bare day its begin."""
    return date if "T" in date else f"{date}T00:00:00Z"


def _rhythm(
    learned: Learned, entries: tuple[FeedEntry, ...], *, is_part: bool, now: datetime
) -> tuple[int | None, str | None]:
    """Read the rhythm of a whole feed; a part of it only tells of newer entries."""
    found = rhythm.of(entries, now=now)
    newest_at = clock.stamp(found.newest) if found.newest else None
    if is_part:
        return learned.gap, max(newest_at or "", learned.newest_at or "") or None
    return found.gap, newest_at


def _period(claims: FeedClaims) -> int | None:
    """Turn sy:updatePeriod and sy:updateFrequency into seconds.

    >>> (
    ...     _period(FeedClaims(update_period="daily", update_frequency=4)),
    ...     _period(FeedClaims(update_frequency=4)),
    ... )
    (21600, None)
    """
    days = {"daily": 1, "weekly": 7, "monthly": 30, "yearly": 365}
    if claims.update_period is None:
        return None
    length = schedule.HOUR if claims.update_period == "hourly" else days[claims.update_period] * schedule.DAY
    return length // (claims.update_frequency or 1)


def _claims(learned: Learned, elapsed: timedelta) -> schedule.Claims:
    """Give the schedule what it needs; freshness counts from the answer, the schedule from the question."""
    lag = int(elapsed.total_seconds())
    return schedule.Claims(
        max_age=learned.max_age + lag if learned.max_age else None,
        ttl=learned.ttl,
        period=learned.period,
        skip_hours=learned.skip_hours,
        skip_days=learned.skip_days,
        gap=learned.gap,
        newest=clock.moment(learned.newest_at),
    )
