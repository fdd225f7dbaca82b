"""Cleaning stored pages again: all that were asked for, or those whose site was found to repeat itself.

store ── Kept ── workers ── Clipping ── store, a batch a transaction

Nothing is asked of the network. A run that was cut short goes on where it stood, as long as the cleaning is the same.
"""

import asyncio
import dataclasses
import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from pipelines.sites import enough, site
from pipelines.sketch import sketch
from pipelines.workers import Workers
from pressclip import sources
from pressclip.models import Care, Clipping, Page, Source
from pressclip.signals import until_signal
from spiders import clock
from spiders.run import Run
from storage.lock import hold
from storage.recleaning import Change, Kept, Wanted
from storage.records import SourceResult
from storage.store import Store

BATCH = 64  # pages in one transaction
SKETCHED = 500  # articles in one transaction
#: Cleaning again can bring up new repetitions once; what is left after that waits for the next run.
ROUNDS = 3


@dataclass(slots=True, kw_only=True)
class Progress:
    """How far a run has come."""

    total: int = 0
    skipped: int = 0  # pages that the run before, cut short, had done
    counts: Counter[str] = field(default_factory=Counter)
    changes: list[Change] = field(default_factory=list)  # all but those that changed nothing
    watch: "Callable[[Progress], None] | None" = None

    def note(self, changes: Sequence[Change]) -> None:
        """Count a batch."""
        self.counts.update(change.outcome for change in changes)
        self.changes += [change for change in changes if change.outcome != "unchanged"]
        if self.watch:
            self.watch(self)


def run(
    db: Path,
    wanted: Wanted,
    *,
    configuration_file: Path | None,
    dry_run: bool = False,
    watch: "Callable[[Progress], None] | None" = None,
) -> tuple[Progress, int | None]:
    """Clean stored pages again; a run for the same pages that was cut short is taken up where it stood.

    Args:
        db: the store.
        wanted: which pages.
        configuration_file: sources.toml, for what it says of the pages' sources.
        dry_run: say what would change, write nothing.
        watch: called after each batch.

    Returns:
        What changed, and the number of the signal that ended it early.

    Raises:
        UsageError: sources.toml cannot be read.
        LockedError: another run holds the lock.
        StoreError: the store cannot be used.
    """
    configuration = sources.read(configuration_file)
    progress = Progress(watch=watch)
    with ExitStack() as exits:
        exits.enter_context(hold(db))
        store = exits.enter_context(Store.open(db, create=False))
        workers = Workers(configuration.crawl.workers, configuration.crawl.deadline)
        exits.callback(workers.close)
        command, run_id, after = _command(wanted), None, 0
        if not dry_run:
            after = store.done_to(command)
            run_id = store.begin_run(command, clock.stamp(clock.now()))
            store.write_back([], "", run_id, done_to=after)
        progress.skipped = store.count_pages(wanted, 0) - store.count_pages(wanted, after)
        number, outcome = None, "failed"
        try:
            by_name = {source.name: source for source in configuration.sources}
            number = until_signal(
                _all(store, workers, wanted, progress, by_name=by_name, run_id=run_id, after=after)
            )
            outcome = "interrupted" if number else "ok"
        finally:
            if run_id is not None:
                store.end_run(run_id, clock.stamp(clock.now()), outcome, [_result(progress, wanted.source)])
    return progress, number


def settle_run(run: Run) -> None:
    """Clean again what a run taught of sites; one that is to end leaves that to the next.

    After an upgrade from the first release, articles that can still have copies get their sketches too.
    """
    if run.store is None or run.run_id is None or run.fatal or run.signal or run.over.is_set():
        return
    while batch := run.store.unsketched(SKETCHED):
        run.store.sketch([(number, sketch(title, text)) for number, title, text in batch])
    progress = Progress()
    by_name = {source.name: source for source in run.configuration.sources}
    run.signal = until_signal(settle(run.store, run.workers, progress, by_name=by_name, run_id=run.run_id))
    for change in progress.changes:
        if change.outcome == "updated":
            run.tally(change.source).counts["updated"] += 1


def _command(wanted: Wanted) -> str:
    """Name the run: the same name means that it does the same to the same pages."""
    words = ["reclean", *(f"--{name} {value}" for name, value in asdict(wanted).items() if value is not None)]
    return f"{' '.join(words)} ({cleaning()})"


def _result(progress: Progress, source: str | None) -> SourceResult:
    counts = progress.counts
    return SourceResult(
        source=source,
        new=counts["new"],
        updated=counts["updated"] + counts["fields"],
        unchanged=counts["unchanged"] + counts["worse"],
        skipped=counts["rejected"],
    )


def cleaning() -> str:
    """Name today's pipeline: another code, model or phrase makes another name."""
    digest = hashlib.sha256()
    for file in sorted(_files(resources.files("pipelines")), key=str):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _files(folder: Traversable) -> list[Traversable]:
    files = []
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name != "__pycache__":
            files += _files(entry)
        elif entry.is_file():
            files.append(entry)
    return files


async def _all(
    store: Store,
    workers: Workers,
    wanted: Wanted,
    progress: Progress,
    *,
    by_name: Mapping[str, Source],
    run_id: int | None,
    after: int,
) -> None:
    """Clean all pages that are wanted again, and those that this changes; `run_id` None writes nothing."""
    progress.total = store.count_pages(wanted, after)
    while batch := store.pages_after(wanted, after, BATCH):
        after = batch[-1].page_id
        done = await _clean(store, workers, batch, by_name)
        if run_id is None:
            progress.note([store.compare(kept, clipping) for kept, clipping in done])
        else:
            progress.note(store.write_back(done, clock.stamp(clock.now()), run_id, done_to=after))
    if run_id is not None:
        await settle(store, workers, progress, by_name=by_name, run_id=run_id)


async def settle(
    store: Store, workers: Workers, progress: Progress, *, by_name: Mapping[str, Source], run_id: int
) -> None:
    """Weigh what the articles that came since teach of their sites, and clean again those that it changes."""
    for _ in range(ROUNDS):
        if not (count := store.weigh(enough)):
            return
        progress.total += count
        while batch := store.stale(BATCH):
            done = await _clean(store, workers, batch, by_name)
            progress.note(store.write_back(done, clock.stamp(clock.now()), run_id))


async def _clean(
    store: Store, workers: Workers, batch: Sequence[Kept], by_name: Mapping[str, Source]
) -> list[tuple[Kept, Clipping]]:
    from pipelines.shell import cleaned  # brings lxml along, which a run that settles nothing never needs

    clippings = [_again(kept, by_name) for kept in batch]
    names = {clipping.url: site(clipping.url) for clipping in clippings}
    common = {name: store.common(name) for name in set(names.values())}
    done = await asyncio.gather(
        *(cleaned(clipping, workers, common[names[clipping.url]]) for clipping in clippings)
    )
    return list(zip(batch, done, strict=True))


def _again(kept: Kept, by_name: Mapping[str, Source]) -> Clipping:
    page = kept.page
    if source := by_name.get(page.source or ""):
        page = told_by(source, page)
    else:  # nobody says any more what its labels are: those of its article stay
        own = next((source.care.topics for source in by_name.values()), ())  # the same for every source
        page = dataclasses.replace(page, source=None, care=Care(topics=own))
    return Clipping(url=page.final_url, source=page.source, state="done", entry_id=kept.entry_id, page=page)


def told_by(source: Source, page: Page) -> Page:
    """Give a page what its source says of its pages today."""
    return dataclasses.replace(
        page, topics=source.topics, lang=source.lang, keep=source.keep, drop=source.drop, care=source.care
    )
