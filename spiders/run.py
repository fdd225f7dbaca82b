"""One crawl run: what was asked for, the store it writes to, and the tally it ends with.

The composition root begins a run, a spider and the pipelines share it, and its end is a row of `runs`.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from pipelines.sites import site
from pipelines.workers import Workers
from pressclip.errors import UsageError
from pressclip.models import Clipping, FeedEntry, Poll, Queued, Source
from pressclip.redaction import redacted
from spiders import clock
from spiders.hosts import Hosts
from spiders.troubles import Troubles
from storage.lock import hold
from storage.records import Learned, PollResult, PollWord, SaveResult, SourceResult
from storage.store import Store

if TYPE_CHECKING:
    from pressclip.sources import Configuration

log = logging.getLogger(__name__)

#: Which count of the report each outcome of the store adds to.
_COUNTS = {
    "new": "new", "done": "new", "updated": "updated", "unchanged": "unchanged", "worse": "unchanged",
    "failed": "failed", "rejected": "skipped", "gone": "skipped", "denied": "skipped", "waiting": "waiting",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the caller asked of a run."""

    names: tuple[str, ...] = ()  # of sources; empty: all that are enabled
    limit: int | None = None  # articles to fetch at the most; the rest waits for the next run
    max_time: float | None = None  # seconds after which no request is made; the rest waits for the next run
    force: bool = False  # poll whatever the schedule says (validators are sent all the same)
    dry_run: bool = False  # poll, say what would be fetched, write nothing


@dataclass(slots=True)
class Tally:
    """What a run did for one source so far."""

    poll: PollWord | None = None
    poll_reason: str | None = None
    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    def refuse(self, reason: str) -> None:
        """Note that the source could not be polled at all."""
        self.poll, self.poll_reason = "failed", reason

    def put_off(self, reason: str | None) -> None:
        """Note that the source is not polled in this run, and why, if its schedule is not the reason."""
        self.poll, self.poll_reason = "not_due", reason

    def result(self, source: str | None) -> SourceResult:
        """Freeze the tally into what the store keeps of it."""
        return SourceResult(
            source=source, poll=self.poll, poll_reason=self.poll_reason, reasons=dict(self.reasons), **self.counts
        )  # fmt: skip


@dataclass(kw_only=True)
class Run:
    """The state that a spider and its pipelines share; one a process."""

    configuration: "Configuration"
    workers: Workers
    options: Options = field(default_factory=Options)
    store: Store | None = None  # None: nothing is kept (`extract URL`)
    run_id: int | None = None
    now: Callable[[], datetime] = clock.now
    watch: "Callable[[Run], None] | None" = None  # called after each poll and each batch, for a progress bar
    tallies: dict[str | None, Tally] = field(default_factory=dict)
    clippings: list[tuple[Clipping, SaveResult | None]] | None = None  # kept when somebody wants to see each
    found: dict[str, tuple[FeedEntry, ...]] = field(default_factory=dict)  # by a dry run
    fetches: int = 0  # article requests made, counted against options.limit
    fatal: Exception | None = None  # why the run could not go on
    signal: int | None = None  # that asked it to end
    over: asyncio.Event = field(default_factory=asyncio.Event)  # set: no request is made any more
    _common: dict[str, frozenset[int]] = field(default_factory=dict)  # by site
    _exits: ExitStack = field(default_factory=ExitStack)

    @classmethod
    def begin(
        cls,
        configuration: "Configuration",
        *,
        db: Path | None,
        command: str,
        options: Options,
        wait: float = 0.0,
        now: Callable[[], datetime] = clock.now,
        workers: Workers | None = None,
    ) -> Self:
        """Take the store's lock, open it, and note that the run began; `db` None keeps nothing.

        `workers` are shared by a caller that makes several runs, and stay open.

        Raises:
            UsageError: a source was named that is not in the configuration.
            LockedError: another run holds the lock, `wait` seconds long.
            StoreError: the store cannot be used.
        """
        known = {source.name for source in configuration.sources}
        for name in options.names:
            if name not in known:
                raise UsageError(
                    f"no source is called {name!r} in {configuration.origin}: see `pressclip sources list`"
                )
        shared = workers is not None
        workers = workers or Workers(configuration.crawl.workers, configuration.crawl.deadline)
        run = cls(configuration=configuration, workers=workers, options=options, now=now)
        if not shared:
            run._exits.callback(workers.close)
        with ExitStack() as undo:
            undo.callback(run._exits.close)
            if db is not None and not (options.dry_run and not db.exists()):
                run._exits.enter_context(hold(db, wait=wait))
                run.store = run._exits.enter_context(Store.open(db))
                if not options.dry_run:
                    run.store.mirror(configuration.sources)
                    run.run_id = run.store.begin_run(command, run.started_at)
            undo.pop_all()
        return run

    def end(self, outcome: str) -> None:
        """Write the tallies as rows, end the workers, let go of store and lock."""
        with self._exits:
            if self.store is not None and self.run_id is not None:
                self.store.end_run(self.run_id, self.finished_at, outcome, self.results())

    def stamp(self) -> str:
        """Read the clock, as records carry it."""
        return clock.stamp(self.now())

    @cached_property
    def started_at(self) -> str:
        """When it began: read once, so that the report and the row say the same."""
        return self.stamp()

    @cached_property
    def finished_at(self) -> str:
        """When it ended, or whoever asks first says that it did: read once, as `started_at`."""
        return self.stamp()

    @cached_property
    def hosts(self) -> Hosts:
        """What is known of the hosts that this run meets."""
        allowed = self.configuration.crawl.allow_hosts
        return Hosts(self.store, keep=self.run_id is not None, allowed=allowed, now=self.now)

    @cached_property
    def troubles(self) -> Troubles:
        """Which sources and hosts go after the others."""
        return Troubles(self.store, self.hosts)

    def behind(self, source: str | None, url: str) -> bool:
        """Whether what concerns a source at an address comes after the others."""
        return self.troubles.behind(source, url)

    def common(self, url: str) -> frozenset[int]:
        """Recall what a page's site repeats: as it was when the run began, for it is weighed when a run ends."""
        if self.store is None:
            return frozenset()
        name = site(url)
        if name not in self._common:
            self._common[name] = self.store.common(name)
        return self._common[name]

    def tally(self, source: str | None) -> Tally:
        """Find (or start) the tally of a source; None stands for one-off URLs."""
        return self.tallies.setdefault(source, Tally())

    def results(self) -> list[SourceResult]:
        """Give what the run did so far, a record a source, in the order of sources.toml."""
        place = {source.name: number for number, source in enumerate(self.configuration.sources)}
        order = sorted(self.tallies, key=lambda name: place.get(name or "", len(place)))
        return [self.tallies[name].result(name) for name in order]

    def source(self, name: str | None) -> Source | None:
        """Find a source by its name."""
        return next((source for source in self.configuration.sources if source.name == name), None)

    def sources(self) -> list[Source]:
        """Choose the sources this run visits: the enabled ones, or those that were named."""
        if self.options.names:
            return [source for source in self.configuration.sources if source.name in self.options.names]
        return [source for source in self.configuration.sources if source.enabled]

    def waiting(self, source: str | None) -> Iterator[Queued]:
        """Give a source's entries that may be fetched now, newest first, as far as the budget goes."""
        if self.store is None or self.options.dry_run:
            return
        for queued in self.store.due(self.stamp(), source=source):
            spent = self.options.limit is not None and self.fetches >= self.options.limit
            if spent or self.over.is_set() or self.hosts.rest(queued.url):
                self.tally(source).counts["waiting"] += 1
            else:
                self.fetches += 1
                yield queued

    def record(self, poll: Poll, *, next_poll_at: datetime, learned: Learned) -> None:
        """Commit a poll with its entries, and tally it; a dry run only notes what is new."""
        tally = self.tally(poll.source)
        tally.poll, tally.poll_reason = poll.outcome, poll.reason
        self.troubles.note(poll.source, poll.url, poll.reason)
        log.info("%s %s: %d entries", poll.url, poll.reason or poll.outcome, len(poll.entries))
        if self.options.dry_run:
            self._note_found(poll)
        elif self.store is not None:
            stamped = clock.stamp(next_poll_at)
            self._count(poll.source, self.store.record_poll(poll, next_poll_at=stamped, learned=learned))
        if self.watch:
            self.watch(self)

    def record_document(self, poll: Poll) -> None:
        """Commit what one of a source's further documents gave; one that failed is told beside the poll."""
        log.info("%s %s: %d entries", poll.url, poll.reason or poll.outcome, len(poll.entries))
        if poll.outcome == "failed":
            self.troubles.note(poll.source, poll.url, poll.reason)
            self.tally(poll.source).poll_reason = f"{poll.reason} ({redacted(poll.url)})"
        if self.options.dry_run:
            self._note_found(poll)
        elif self.store is not None:
            self._count(poll.source, self.store.record_document(poll))
        if self.watch:
            self.watch(self)

    def _note_found(self, poll: Poll) -> None:
        """Note what is new, for a dry run."""
        unseen = self.store.unseen(poll.source, poll.entries) if self.store else poll.entries
        before = self.found.get(poll.source, ())
        keys = {entry.url_key for entry in before}
        fresh = tuple(entry for entry in unseen if not entry.left_out and entry.url_key not in keys)
        self.found[poll.source] = before + fresh
        self.tally(poll.source).counts["waiting"] += len(fresh)

    def _count(self, source: str, result: PollResult) -> None:
        """Count the entries that are not to be fetched."""
        tally = self.tally(source)
        tally.counts["skipped"] += sum(result.left_out.values()) + result.bad_url
        tally.reasons.update(result.left_out)
        if result.bad_url:
            tally.reasons["bad_url"] += result.bad_url

    def save(self, clippings: Sequence[Clipping]) -> None:
        """Commit a batch, and tally it."""
        results: Iterable[SaveResult | None]
        results = self.store.save(clippings) if self.store else [None] * len(clippings)
        for clipping, result in zip(clippings, results, strict=True):
            tally = self.tally(clipping.source)
            tally.counts[_COUNTS[result.outcome if result else clipping.state]] += 1
            if clipping.reason:
                tally.reasons[clipping.reason.partition(":")[0]] += 1
                size = len(clipping.page.body) if clipping.page and clipping.article is None else 0
                self.troubles.note(clipping.source, clipping.url, clipping.reason, size)
            log.info("%s %s", clipping.url, clipping.reason or (result.outcome if result else clipping.state))
            if self.clippings is not None:
                self.clippings.append((clipping, result))
        if self.watch:
            self.watch(self)
