"""Archives into the store: WARC, HAR and saved pages go through the same cleaning as what a crawl fetches.

files ── Record ── workers ── Clipping ── store, a batch and how far it came a transaction

Nothing is asked of the network. A run that was cut short goes on where it stood.
"""

import asyncio
import dataclasses
import hashlib
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.shell import cleaned
from pipelines.sites import site
from pipelines.workers import Workers
from pressclip import recleaning, sources
from pressclip.models import Care, Clipping, Page
from pressclip.signals import until_signal
from pressclip.sources import Configuration
from spiders import clock
from spiders.archives import Archive
from spiders.reading.archives.records import Limits, Record
from storage.lock import hold
from storage.records import SourceResult
from storage.store import Store

BATCH = 64  # records in one transaction
IN_FLIGHT = (
    2 * BATCH
)  # records that were read and are not stored yet: one batch is cleaned while another is stored
TAKEN = ("new", "updated", "unchanged", "worse", "older")  # outcomes of records that are articles
HELD = 64 * 2**20  # bytes of pages in flight, beside the last one


@dataclass(slots=True, kw_only=True)
class Progress:
    """How far a run has come; bytes are of the files as they lie on the disk."""

    size: int = 0
    skipped: int = 0  # bytes that the run before, cut short, had read
    done_to: int = 0
    records: int = 0
    counts: Counter[str] = field(
        default_factory=Counter
    )  # by outcome: new, updated, unchanged, worse, older, skipped
    reasons: Counter[str] = field(default_factory=Counter)  # why records were skipped
    troubles: list[str] = field(default_factory=list)  # files, or parts of them, that could not be read
    nameless: list[str] = field(default_factory=list)  # saved pages that say not where they came from
    watch: "Callable[[Progress], None] | None" = None


def run(
    db: Path,
    archives: Sequence[Archive],
    *,
    source: str | None,
    configuration_file: Path | None,
    watch: "Callable[[Progress], None] | None" = None,
) -> tuple[Progress, int | None]:
    """Import archives; a run over the same files that was cut short is taken up where it stood.

    Args:
        db: the store.
        archives: what to read, in this order.
        source: the source that the articles get; what sources.toml says of its pages holds for them too.
        configuration_file: sources.toml.
        watch: called after each batch.

    Returns:
        What became of the records, and the number of the signal that ended it early.

    Raises:
        UsageError: sources.toml cannot be read.
        LockedError: another run holds the lock.
        StoreError: the store cannot be used.
    """
    configuration = sources.read(configuration_file)
    progress = Progress(size=sum(archive.size for archive in archives), watch=watch)
    with ExitStack() as exits:
        exits.enter_context(hold(db))
        store = exits.enter_context(Store.open(db))
        workers = Workers(configuration.crawl.workers, configuration.crawl.deadline)
        exits.callback(workers.close)
        command = _command(archives, source)
        progress.skipped = progress.done_to = store.done_to(command)
        started_at = clock.stamp(clock.now())
        run_id = store.begin_run(command, started_at)
        desk = _Desk(store, workers, configuration, source, run_id, progress)
        number, outcome = None, "failed"
        try:
            desk.note([], progress.done_to)
            limits = Limits(now=started_at, size=configuration.crawl.max_page)
            number = until_signal(desk.take_in(archives, limits))
            outcome = "interrupted" if number else "partial" if progress.troubles else "ok"
        finally:
            store.end_run(run_id, clock.stamp(clock.now()), outcome, [_result(progress, source)])
    return progress, number


def _command(archives: Sequence[Archive], source: str | None) -> str:
    """Name the run: the same name means the same files, and the same label on what is in them."""
    digest = hashlib.sha256(repr([archive.identity for archive in archives]).encode("utf-8", "replace"))
    more = f" and {len(archives) - 1} more" if len(archives) > 1 else ""
    label = f" --source {source}" if source else ""
    return f"import {archives[0].path.name}{more}{label} ({digest.hexdigest()[:12]})"


def _result(progress: Progress, source: str | None) -> SourceResult:
    counts = progress.counts
    return SourceResult(
        source=source, new=counts["new"], updated=counts["updated"], skipped=counts["skipped"],
        unchanged=counts["unchanged"] + counts["worse"] + counts["older"], reasons=dict(progress.reasons),
    )  # fmt: skip


@dataclass(slots=True)
class _Desk:
    """Where records are cleaned and stored, in the order in which they were read."""

    store: Store
    workers: Workers
    configuration: Configuration
    source: str | None
    run_id: int
    progress: Progress
    waiting: deque[tuple[int, int, asyncio.Task[Clipping]]] = field(default_factory=deque)  # done_to, bytes
    held: int = 0  # bytes

    async def take_in(self, archives: Sequence[Archive], limits: Limits) -> None:
        """Read all records behind what the run before had done."""
        for place, record in self._records(archives, limits):
            size = len(record.page.body) if record.page else 0
            self.waiting.append((place, size, asyncio.ensure_future(self._clipping(record))))
            self.held += size
            while len(self.waiting) >= IN_FLIGHT or (self.held > HELD and len(self.waiting) > 1):
                await self._store()
            await asyncio.sleep(0)  # a signal must be heard in a long row of records that are no pages
        while self.waiting:
            await self._store()
        by_name = {source.name: source for source in self.configuration.sources}
        await recleaning.settle(
            self.store, self.workers, recleaning.Progress(), by_name=by_name, run_id=self.run_id
        )

    def _records(self, archives: Sequence[Archive], limits: Limits) -> Iterator[tuple[int, Record]]:
        """Give each record with the place behind it, counted through all files."""
        before = 0
        for archive in archives:
            if (start := self.progress.skipped - before) < archive.size or not archive.size:
                for record in archive.read(max(0, start), limits):
                    self._complain(archive, record)
                    yield before + min(record.done_to, archive.size), record
            before += archive.size

    def _complain(self, archive: Archive, record: Record) -> None:
        if record.trouble:
            self.progress.troubles.append(f"{archive.path}: {record.trouble}")
        if record.reason == "no_address":
            self.progress.nameless.append(str(archive.path))

    async def _clipping(self, record: Record) -> Clipping:
        if record.page is None:
            return Clipping(url="", source=self.source, state="rejected", reason=record.reason)
        page = self._labelled(record.page)
        clipping = Clipping(url=page.url, source=self.source, state="done", page=page)
        return await cleaned(clipping, self.workers, self.store.common(site(page.final_url)))

    def _labelled(self, page: Page) -> Page:
        """Give a page its source, and what sources.toml says of that."""
        page = dataclasses.replace(page, source=self.source)
        known = next((one for one in self.configuration.sources if one.name == self.source), None)
        if known:
            return recleaning.told_by(known, page)
        return dataclasses.replace(page, care=Care(topics=self.configuration.topics))

    async def _store(self) -> None:
        """Store the first batch of those that wait."""
        batch = [self.waiting.popleft() for _ in range(min(BATCH, len(self.waiting)))]
        done = await asyncio.gather(*(task for _, _, task in batch))
        self.held -= sum(size for _, size, _ in batch)
        self.note(done, batch[-1][0])

    def note(self, done: Sequence[Clipping], place: int) -> None:
        """Commit what became of a batch, and that everything before `place` is done."""
        results = self.store.take_in(done, self.run_id, place)
        for clipping, result in zip(done, results, strict=True):
            skipped = result.outcome not in TAKEN
            self.progress.counts["skipped" if skipped else result.outcome] += 1
            if skipped:
                self.progress.reasons[(clipping.reason or "").partition(":")[0]] += 1
        self.progress.records += len(done)
        self.progress.done_to = place
        if self.progress.watch:
            self.progress.watch(self.progress)
