"""Does anything grow with the store? The same work on stores of ten thousand, a hundred thousand and a million articles.

    python bench/growth.py DATASET [--sizes 10000,100000,1000000] [--rounds N] [--stores DIR]

Each store is full of distinct articles (bench/growth_store.py). A round is a crawl of real pages as the store sees it, into each store
in turn: polls whose entries are half known, what is due, saving in batches, weighing what sites repeat. What a page costs in all
is that and its cleaning, which knows no store and is measured once. Then commands from a cold start, and what `prune` takes an article.
All but `backup` is CPU time, which other work on the machine changes least. With --stores, stores are made once, kept there, and copied.
"""

import argparse
import logging
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import accumulate
from pathlib import Path
from statistics import median

from dataset import body_of, truths_of
from figures import Figure, figure, keep
from growth_store import SOURCE_NAMES, feed, fill
from search_store import NOW, read_pool

from pipelines.extract import clean_on_site
from pipelines.shell import BATCH
from pipelines.sites import enough
from pressclip.errors import InputError
from pressclip.models import Clipping, FeedEntry, Page, Poll
from pressclip.retention import Retention
from storage import sketches
from storage.store import Store

PAGES = 500  # of one round
LAST = 2000  # articles, of which some are looked up
LET_GO = 200  # articles that `prune` takes
TODAY = NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
COMMANDS = {
    "list": ["list"],
    "list --source": ["list", "--source", "source-150"],
    "list --stories": ["list", "--stories"],
    "search": ["search", "report"],
    "search 規制 --lang ja": ["search", "規制", "--lang", "ja"],
    "show": ["show", "5000"],
    "status": ["status"],
    "prune --keep-runs 30d": ["prune", "--keep-runs", "30d", "--yes"],
    "search --rank": ["search", "--rank", "report"],
    "status --metrics": ["status", "--metrics", "metrics.prom"],
    "prune --keep-rejected 30d, dry": ["prune", "--keep-rejected", "30d"],
}
NOTE = """\
Milliseconds of CPU; of the clock for `backup`. What a page costs is its cleaning, which knows no store, and what the store does: the promise is about
the sum. What grows of the store's part: rows of indexes by address and of what sites repeat lie at random places, so that fewer of
them share a page of the file that is written; and weighing counts the articles of each site that had news. Look-ups, which are part of
that, and what `prune` takes for an article, read pages of the file that SQLite has in memory in a small store. Ranked search looks at all that
matches, `status --metrics` counts all entries, a dry `prune` all that may go, `backup` reads the file."""
#: These look at all that matches, count all that is there, or read the whole file.
MAY_GROW = {
    "search --rank", "status --metrics", "prune --keep-rejected 30d, dry", "backup", "bytes an article",
}  # fmt: skip
#: Parts of a page's cost: shown, but what is promised is the sum.
PARTS = {"polling and queueing", "saving", "weighing"}
#: Parts of these.
LOOK_UPS = {"looking an entry up", "looking for copies of an article"}
A_PAGE = "a page of a crawl"


@dataclass
class Spent:
    """Milliseconds by what they were spent on, a figure a round."""

    by: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    @contextmanager
    def on(self, what: str, pieces: int) -> Iterator[None]:
        """Measure CPU time of this process, for each of so many pieces of work."""
        began = time.process_time()
        yield
        self.by[what].append((time.process_time() - began) * 1000 / pieces)


@dataclass(frozen=True, slots=True)
class Fresh:
    """Real pages, cleaned, at addresses of the stores' sites that no store knows."""

    clippings: Sequence[Clipping]
    cleaning: float  # milliseconds of CPU a page


def clean(dataset: Path, number: int) -> Fresh:
    """Clean so many pages."""
    logging.disable(logging.CRITICAL)
    dice = random.Random(number)
    weights = list(accumulate(1 / place for place in range(1, len(SOURCE_NAMES) + 1)))
    made, spent, asked = list[Clipping](), 0.0, 0
    for truth in truths_of(dataset):
        [source] = dice.choices(SOURCE_NAMES, cum_weights=weights)
        url = f"https://{source}.example/{truth['id']}/{dice.getrandbits(32)}"
        body = body_of(dataset, truth["id"])
        page = Page(url=url, final_url=url, body=body, fetched_at=TODAY, source=source)
        began = time.process_time()
        try:
            found = clean_on_site(page, frozenset())
        except InputError:
            continue
        finally:
            spent, asked = spent + time.process_time() - began, asked + 1
        if found.article.kind == "article":
            moment = f"2026-11-21T{dice.randrange(24):02}:{dice.randrange(60):02}:00Z"
            article = replace(found.article, published_at=moment, canonical_url=None)
            known_by = replace(found.fingerprints, alias=None)
            made.append(
                Clipping(
                    url=url, source=source, state="done", page=page, article=article, fingerprints=known_by
                )
            )
        if len(made) == number:
            return Fresh(made, spent * 1000 / asked)
    raise SystemExit(f"{dataset} has {len(made)} articles, {number} are needed; ask for fewer --rounds")


def crawl(store: Store, brought: Sequence[Clipping], spent: Spent, cleaning: float) -> None:
    """Do what a crawl does with its store."""
    by_source: defaultdict[str, list[FeedEntry]] = defaultdict(list)
    for one in brought:
        entry = FeedEntry(guid=one.url, url=one.url, url_key=one.article.url_key if one.article else None)
        by_source[one.source or ""].append(entry)
    polls = [_poll(store, source, entries) for source, entries in by_source.items()]
    numbers: dict[str, int | None] = {}
    with spent.on("polling and queueing", len(brought)):
        for poll in polls:
            store.record_poll(poll, next_poll_at=TODAY)
            numbers |= {queued.url: queued.entry_id for queued in store.due(TODAY, source=poll.source)}
    ready = [replace(one, entry_id=numbers[one.url]) for one in brought]
    with spent.on("saving", len(brought)):
        for start in range(0, len(ready), BATCH):
            store.save(ready[start : start + BATCH])
    with spent.on("weighing", len(brought)):
        store.weigh(enough)
    parts = {name: spent.by[name][-1] for name in PARTS}
    spent.by["a page, what the store does of it"].append(sum(parts.values()))
    spent.by[A_PAGE].append(cleaning + sum(parts.values()))


def _poll(store: Store, source: str, new: Sequence[FeedEntry]) -> Poll:
    """Have a feed list what is new, and as much that was there before."""
    rows = store._conn.execute(  # noqa: SLF001 - no method of the store gives so little of an article
        "SELECT url, url_key FROM articles WHERE source = ? ORDER BY sort_key DESC LIMIT ?",
        [source, len(new)],
    )
    known = [FeedEntry(guid=row["url"], url=row["url"], url_key=row["url_key"]) for row in rows]
    return Poll(
        source=source, url=feed(source), asked_at=TODAY, outcome="changed", entries=(*new, *known), status=200
    )


def look_up(store: Store, size: int, spent: Spent) -> None:
    """Judge entries of which half are known, and look for copies of articles: of the last ones, as a crawl does."""
    conn, dice = store._conn, random.Random(len(spent.by["looking an entry up"]))  # noqa: SLF001 - as above
    chosen = dice.sample(range(size - LAST, size), 500)
    rows = [conn.execute("SELECT url, url_key FROM articles WHERE id = ?", [n]).fetchone() for n in chosen]
    asked = [
        FeedEntry(guid=f"{row['url']}{end}", url=f"{row['url']}{end}", url_key=f"{row['url_key']}{end}")
        for row in rows
        for end in ("", "x")
    ]
    with spent.on("looking an entry up", len(asked)):
        store.unseen("source-1", asked)
    kept = sketches.read(conn, chosen)
    with spent.on("looking for copies of an article", len(kept)):
        for one in kept:
            sketches.copies(conn, one)


def let_go(store: Store, spent: Spent) -> None:
    """Prune the oldest articles, and as many pages as were no articles among them."""
    oldest = "SELECT published_at FROM articles ORDER BY sort_key LIMIT 1 OFFSET ?"
    [before] = store._conn.execute(oldest, [LET_GO]).fetchone()  # noqa: SLF001 - as above
    with spent.on("prune, an article", LET_GO):
        store.prune(Retention(articles_before=before, rejected_before=before))


def command(db: Path, arguments: Sequence[str]) -> float:
    """Run a command; milliseconds of CPU."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "pressclip", "--db", str(db), *arguments],
        capture_output=True,
        check=True,
        cwd=db.parent,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def backup(db: Path) -> float:
    """Copy the store; milliseconds of the clock."""
    copy, began = db.with_suffix(".copy"), time.perf_counter()
    command(db, ["backup", str(copy)])
    copy.unlink()
    return (time.perf_counter() - began) * 1000


def made(folder: Path, size: int, kept: Path | None, dataset: Path) -> Path:
    """Make a store, or copy the one that was kept."""
    db, began = folder / str(size) / "news.db", time.perf_counter()
    db.parent.mkdir()
    source = kept / f"growth-{size}.db" if kept else db
    if not source.exists():
        fill(source, read_pool(dataset, None), size)
    if source != db:
        shutil.copyfile(source, db)
    print(f"{size:,} articles are there after {time.perf_counter() - began:.0f} s", flush=True)
    return db


def main() -> None:
    """Make the stores, measure in rounds, print, write down."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--stores", type=Path)
    args = parser.parse_args()
    sizes = [int(size) for size in args.sizes.split(",")]
    fresh = clean(args.dataset, PAGES * args.rounds)
    print(f"cleaning: {fresh.cleaning:.1f} ms a page", flush=True)
    with tempfile.TemporaryDirectory(prefix="pressclip-growth-") as folder:
        stores = {size: made(Path(folder), size, args.stores, args.dataset) for size in sizes}
        spent = {size: Spent() for size in sizes}
        for size, db in stores.items():
            spent[size].by["bytes an article"] = [db.stat().st_size / size]
        for number in range(args.rounds):
            brought = fresh.clippings[number * PAGES : (number + 1) * PAGES]
            for size, db in stores.items():
                with Store.open(db) as store:  # as a crawl does: what SQLite had in memory is gone
                    crawl(store, brought, spent[size], fresh.cleaning)
                    look_up(store, size, spent[size])
                    let_go(store, spent[size])
            for name, arguments in COMMANDS.items():
                for size, db in stores.items():
                    spent[size].by[name].append(command(db, arguments))
        for size, db in stores.items():
            spent[size].by["backup"].append(backup(db))
    figures = _figures({size: each.by for size, each in spent.items()}, sizes)
    keep("growth", "What grows with the store", figures, command="make bench-growth", note=NOTE)


def _figures(results: Mapping[int, Mapping[str, Sequence[float]]], sizes: Sequence[int]) -> list[Figure]:
    small, large = results[sizes[0]], results[sizes[-1]]
    found = []
    for name, values in large.items():
        ratios = [value / median(small[name]) for value in values]
        goal = None if name in MAY_GROW | PARTS | LOOK_UPS or name.startswith("a page, ") else 1.1
        found.append(figure(name, ratios, "x", baseline=f"{sizes[0]:,} articles", goal=goal))
    for size in sizes:
        for name, values in results[size].items():
            unit = "bytes" if name == "bytes an article" else "ms"
            found.append(figure(f"{name}, {size:,} articles", values, unit))
    return found


if __name__ == "__main__":
    main()
