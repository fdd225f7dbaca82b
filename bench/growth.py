"""Does anything grow with the store? The same work on stores of ten thousand, a hundred thousand and a million articles.

    python bench/growth.py [--sizes 10000,100000,1000000] [--rounds N] [--data DATASET]

Each store is made of distinct texts (bench/search_store.py); its raw pages are left out, for they change nothing but its size. Then, on
each: saving articles as a crawl does (page, index, fingerprints, sketch, in batches of 32), judging feed entries that are known and
new, and commands from a cold start. Ratios are to the smallest store, of medians over rounds.
"""

import argparse
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from figures import Figure, figure, keep
from search_store import Pool, articles, build, read_pool

from pipelines.sketch import sketch
from pressclip.models import Article, Clipping, FeedEntry, Fingerprints, Page
from storage.store import Store

BATCH = 32
SAVED = 640  # articles of one round
COMMANDS = {
    "list": ["list"],
    "list --stories": ["list", "--stories"],
    "search": ["search", "report"],
    "search --rank": ["search", "--rank", "report"],
    "status": ["status"],
    "prune (dry run)": ["prune", "--rejected", "30d"],
}


@dataclass(frozen=True, slots=True)
class Fresh:
    """Articles that no store of these has."""

    pool: Pool
    size: int

    def clippings(self, round_: int) -> list[Clipping]:
        """Make those of one round, ready to be saved."""
        dice = random.Random(round_ * 1_000_003 + self.size)
        made = []
        for number, article in enumerate(articles(self.pool, SAVED)):
            key = f"fresh.example/{self.size}/{round_}/{number}"
            lines = article.text.split("\n\n")
            dice.shuffle(lines)
            made.append(self._clipping(article, key, "\n\n".join(lines), dice))
        return made

    @staticmethod
    def _clipping(article: Article, key: str, text: str, dice: random.Random) -> Clipping:
        url = f"https://{key}"
        fresh = Article(
            url=url, url_key=key, title=f"{article.title} {key}", text=text, markdown=text, fetched_at="2026-11-22T12:00:00Z",
            published_at="2026-11-22T12:00:00Z", content_hash=key, lang=article.lang, source=article.source,
        )  # fmt: skip
        body = f"<html><title>{key}</title><p>{text}</p></html>".encode()
        page = Page(url=url, final_url=url, body=body, fetched_at=fresh.fetched_at, source=article.source)
        blocks = tuple(dice.getrandbits(62) for _ in range(12))
        return Clipping(
            url=url, source=article.source, state="done", page=page, article=fresh,
            fingerprints=Fingerprints(site=f"site{dice.randrange(200)}.example", blocks=blocks, sketch=sketch(fresh.title, text)),
        )  # fmt: skip


def per_piece(work: Callable[[], object], pieces: int) -> float:
    """Milliseconds of the clock for each of so many pieces of work."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000 / pieces


def entries(size: int) -> Sequence[FeedEntry]:
    """Entries of a feed of which half are known."""
    return [
        FeedEntry(
            guid=f"g{n}",
            url=f"https://example.com/{n * 7 % (2 * size)}",
            url_key=f"example.com/{n * 7 % (2 * size)}",
        )
        for n in range(500)
    ]


def measured(db: Path, fresh: Fresh, rounds: int) -> dict[str, list[float]]:
    """Do the work on one store, in rounds."""
    found: dict[str, list[float]] = {}
    ready = [fresh.clippings(number) for number in range(rounds)]
    asked = entries(fresh.size)
    with Store.open(db) as store:
        store.save(ready[0][:BATCH])  # the file's pages come into memory
        for clippings in ready:

            def save(clippings: Sequence[Clipping] = clippings) -> None:
                for start in range(BATCH, SAVED, BATCH):
                    store.save(clippings[start : start + BATCH])

            found.setdefault("saving an article", []).append(per_piece(save, SAVED - BATCH))
            look_up = per_piece(lambda: store.unseen("source-1", asked), len(asked))
            found.setdefault("looking an entry up", []).append(look_up)
    for name, command in COMMANDS.items():
        for _ in range(rounds):
            taken = per_piece(
                lambda command=command: subprocess.run(  # type: ignore[misc] # bound now
                    [sys.executable, "-m", "pressclip", "--db", str(db), *command], capture_output=True, check=True
                ),
                1,
            )  # fmt: skip
            found.setdefault(name, []).append(taken)
    copy = db.with_suffix(".copy")
    backup = [sys.executable, "-m", "pressclip", "--db", str(db), "backup", str(copy)]
    found["backup"] = [per_piece(lambda: subprocess.run(backup, capture_output=True, check=True), 1)]
    copy.unlink()
    found["bytes an article"] = [db.stat().st_size / fresh.size]
    return found


def main() -> None:
    """Make the stores one after another, measure, print, write down."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--data", type=Path)
    args = parser.parse_args()
    sizes = [int(size) for size in args.sizes.split(",")]
    pool = read_pool(args.data, None)
    results: dict[int, dict[str, list[float]]] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="pressclip-growth-") as folder:
            db = Path(folder, "news.db")
            took, _ = build(db, articles(pool, size))
            print(f"{size:,} articles made in {took:.0f} s", flush=True)
            results[size] = measured(db, Fresh(pool, size), args.rounds)
    keep("growth", "What grows with the store", _figures(results, sizes), command="make bench-growth")


def _figures(results: dict[int, dict[str, list[float]]], sizes: Sequence[int]) -> list[Figure]:
    small, found = results[sizes[0]], []
    for size in sizes:
        for name, values in results[size].items():
            unit = "bytes" if name == "bytes an article" else "ms"
            found.append(figure(f"{name}, {size:,} articles", values, unit))
    for name, values in results[sizes[-1]].items():
        ratios = [value / statistics.median(small[name]) for value in values]
        goal = 1.1 if name in {"saving an article", "looking an entry up"} else None
        found.append(
            figure(
                f"{name}, {sizes[-1]:,} articles", ratios, "x", baseline=f"{sizes[0]:,} articles", goal=goal
            )
        )
    return found


if __name__ == "__main__":
    main()
