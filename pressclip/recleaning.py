"""Cleaning stored pages again: all that were asked for, or those whose site was found to repeat itself.

store ── Kept ── workers ── Clipping ── store, a batch a transaction

Nothing is asked of the network. A run that was cut short goes on where it stood, as long as the cleaning is the same.
"""

import asyncio
import dataclasses
import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable

from pipelines.shell import cleaned
from pipelines.sitewide import enough, site
from pipelines.workers import Workers
from pressclip.models import Clipping, Source
from spiders import clock
from storage.recleaning import Change, Kept, Wanted
from storage.store import Store

BATCH = 64  # pages in one transaction
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


async def reclean(
    store: Store,
    workers: Workers,
    wanted: Wanted,
    progress: Progress,
    *,
    sources: Mapping[str, Source],
    run_id: int | None,
    after: int = 0,
) -> None:
    """Clean all pages that are wanted again; `run_id` None writes nothing."""
    progress.total = store.count_pages(wanted, after)
    while batch := store.pages_after(wanted, after, BATCH):
        after = batch[-1].page_id
        done = await _clean(store, workers, batch, sources)
        if run_id is None:
            progress.note([store.compare(kept, clipping) for kept, clipping in done])
        else:
            progress.note(store.write_back(done, clock.stamp(clock.now()), run_id, done_to=after))


async def settle(
    store: Store, workers: Workers, progress: Progress, *, sources: Mapping[str, Source], run_id: int
) -> None:
    """Weigh what the articles that came since teach of their sites, and clean again those that it changes."""
    for _ in range(ROUNDS):
        if not (count := store.weigh(enough)):
            return
        progress.total += count
        while batch := store.stale(BATCH):
            done = await _clean(store, workers, batch, sources)
            progress.note(store.write_back(done, clock.stamp(clock.now()), run_id))


async def _clean(
    store: Store, workers: Workers, batch: Sequence[Kept], sources: Mapping[str, Source]
) -> list[tuple[Kept, Clipping]]:
    clippings = [_again(kept, sources) for kept in batch]
    names = {clipping.url: site(clipping.url) for clipping in clippings}
    common = {name: store.common(name) for name in set(names.values())}
    done = await asyncio.gather(
        *(cleaned(clipping, workers, common[names[clipping.url]]) for clipping in clippings)
    )
    return list(zip(batch, done, strict=True))


def _again(kept: Kept, sources: Mapping[str, Source]) -> Clipping:
    page = kept.page
    if source := sources.get(page.source or ""):
        page = dataclasses.replace(
            page, topics=source.topics, lang=source.lang, keep=source.keep, drop=source.drop
        )
    return Clipping(url=page.final_url, source=page.source, state="done", entry_id=kept.entry_id, page=page)
