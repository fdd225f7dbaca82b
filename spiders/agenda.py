"""What a crawl has to do, in order: sources to poll, articles that wait. Decided without Scrapy.

Most runs that cron starts find nothing here, and end before anything heavy is imported.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from pressclip.models import KINDS, Queued, Source, SourceKind
from spiders import clock
from spiders.polling import schedule
from spiders.run import Options, Run
from storage.records import SourceState


@dataclass(frozen=True, slots=True)
class PollDue:
    """A source that is to be polled."""

    source: Source
    known: SourceState | None
    at: datetime  # now, or in a moment


@dataclass(frozen=True, slots=True)
class ArticleDue:
    """An article that waits from an earlier run."""

    queued: Queued
    source: Source | None  # None: a one-off addition


Due = PollDue | ArticleDue


def of(run: Run, kinds: Collection[SourceKind] = KINDS) -> Iterator[Due]:
    """Go through a run's sources, and tally those that rest; one that is not polled still gets its waiting articles."""
    yield from _waiting(run, None)
    # Those in trouble last: the others are not to wait until these have failed again.
    for source in sorted(run.sources(), key=lambda source: run.behind(source.name, source.url)):
        if source.kind in kinds:
            yield from _of_source(run, source)


def _of_source(run: Run, source: Source) -> Iterator[Due]:
    if source.insecure:
        run.tally(source.name).reasons["insecure: certificates are not checked"] += 1
    known = run.store.state(source.name) if run.store else None
    at = poll_at(source, known, run.options, now=run.now())
    rest = run.hosts.rest(address(source, known), forced=run.options.force) if at else _off(known)
    if at is not None and rest is None:
        yield PollDue(source, known, at)
        return
    run.tally(source.name).put_off(rest)
    yield from _waiting(run, source)


def brings_pages(due: Due) -> bool:
    """Whether there will be something to read, unless all goes wrong: a source that was never read brings its articles."""
    return isinstance(due, PollDue) and (due.known is None or due.known.last_ok_at is None)


def address(source: Source, known: SourceState | None) -> str:
    """Where a source is asked: at the address that it has moved to, if it has."""
    return (known.learned.moved_to if known else None) or source.url


def poll_at(source: Source, known: SourceState | None, options: Options, *, now: datetime) -> datetime | None:
    """When to poll a source in a run that goes on now: now, or in a moment; None: not in this run.

    >>> source = Source(name="a", kind="feed", url="https://a.example/feed")
    >>> noon = datetime.fromisoformat("2026-11-22T12:00:00Z")
    >>> asked = SourceState(url=source.url, next_poll_at="2026-11-22T13:00:00Z")
    >>> poll_at(source, None, Options(), now=noon) == noon, poll_at(source, asked, Options(), now=noon)
    (True, None)
    """
    named, forced = source.name in options.names, options.force
    if known is None:
        return now
    if known.learned.off_at and not (named and forced):
        return None
    return schedule.due_in_this_run(
        now=now,
        last_asked=clock.moment(known.last_asked_at),
        next_poll=clock.moment(known.next_poll_at),
        wait_until=clock.moment(known.learned.wait_until),
        named=named,
        forced=forced,
    )


def _off(known: SourceState | None) -> str | None:
    """Say why a source is not polled at all; None: it is, when its time has come."""
    off = known.learned.off_at if known else None
    return f"off: it answered 410 on {off[:10]}" if off else None


def _waiting(run: Run, source: Source | None) -> Iterator[ArticleDue]:
    for queued in run.waiting(source.name if source else None):
        yield ArticleDue(queued, source)
