"""From feeds to committed rows, beside plain trafilatura over the same pages and beside the script that people write.

    python bench/speed.py DATASET [--rounds N] [--limit N] [--skip-script]

In each round, one after another: plain `bare_extraction(with_metadata=True)` in as many processes as there are cores, fed
from memory; one `pressclip crawl` of the same pages over loopback, its start and its end counted; the script
(bench/plain_script.py). The server's own work is counted against the two that crawl.

Whose the time is, is said in CPU a page: the workers', the store's, the rest of the crawl's own process, the server's.
"""

import argparse
import gzip
import json
import multiprocessing
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dataset import packed, truths_of
from figures import Figure, figure, keep
from spent import Spent, watched

CORES = os.cpu_count() or 1
COMPLETE = 0.97  # share of the pages that are articles, or nearly
HERE = Path(__file__).parent.resolve()
NOTE = """\
The limit does nothing but extract, from memory, in processes that have started already. The crawl's workers take less CPU than that; storing
and fetching come on top, in the one process that also hands out the work; a worker has its next page in hand before it ends the last one, and so seldom waits for it.
What is missing to the whole of the cores is the start, until the first pages are here, and the end: the last pages, and weighing what sites repeat, in one process alone."""


def extracted(task: tuple[str, bytes]) -> float:
    """Extract one page as trafilatura does it alone; seconds of CPU."""
    from trafilatura import bare_extraction

    began = time.process_time()
    bare_extraction(gzip.decompress(task[1]), url=task[0], with_metadata=True)
    return time.process_time() - began


def plain(dataset: Path, limit: int | None) -> tuple[float, float, int]:
    """Extract all pages in processes that have started already; seconds, seconds of CPU, pages."""
    tasks = [(one["url"], packed(dataset, one["id"])) for one in truths_of(dataset)[:limit]]
    with multiprocessing.get_context("spawn").Pool(CORES) as pool:
        pool.map(extracted, tasks[: 4 * CORES], chunksize=2)
        began = time.perf_counter()
        cpu = pool.map(extracted, tasks, chunksize=4)
        return time.perf_counter() - began, sum(cpu), len(tasks)


@dataclass(frozen=True, slots=True)
class Crawled:
    """A crawl: what it took, seconds of CPU in its store, articles."""

    spent: Spent
    storing: float
    articles: int


def crawl(feeds: list[str], folder: str, server: int) -> Crawled:
    """Crawl with pressclip."""
    tables = "".join(
        f'[[source]]\nname = "s{number}"\nfeed = "{feed}"\n' for number, feed in enumerate(feeds)
    )
    Path(folder, "sources.toml").write_text(
        f'[crawl]\nallow_hosts = ["127.91.0.0/16"]\ndelay = 0\n{tables}', encoding="utf-8"
    )
    spent = watched([sys.executable, str(HERE / "timed_crawl.py"), "--quiet", "crawl"], folder, server=server)
    storing = float(Path(folder, "storing.json").read_text(encoding="utf-8"))
    return Crawled(spent, storing, counted(Path(folder, "news.db")))


def script(feeds: list[str], folder: str, server: int) -> Crawled:
    """Crawl with the script."""
    Path(folder, "feeds.json").write_text(json.dumps(feeds), encoding="utf-8")
    spent = watched(
        [sys.executable, str(HERE / "plain_script.py"), "feeds.json", "out.db"], folder, server=server
    )
    return Crawled(spent, 0.0, counted(Path(folder, "out.db")))


def counted(path: Path) -> int:
    """Count the articles of a store."""
    conn = sqlite3.connect(path)
    try:
        return int(conn.execute("SELECT count(*) FROM articles").fetchone()[0])
    finally:
        conn.close()


def in_a_folder(run: Callable[[list[str], str, int], Crawled], feeds: list[str], server: int) -> Crawled:
    """Run in an empty folder."""
    with tempfile.TemporaryDirectory(prefix="pressclip-speed-") as folder:
        return run(feeds, folder, server)


def main() -> None:
    """Measure in rounds, print, write down."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--skip-script", action="store_true")
    args = parser.parse_args()
    limits = ["--limit", str(args.limit)] if args.limit else []
    found: defaultdict[str, list[float]] = defaultdict(list)
    with subprocess.Popen(
        [sys.executable, str(HERE / "press.py"), str(args.dataset), *limits],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as press:  # fmt: skip
        feeds = json.loads(next(iter(press.stdout or ())))
        for _ in range(args.rounds):
            seconds, cpu, pages = plain(args.dataset, args.limit)
            found["plain"].append(pages / seconds)
            found["plain ms"].append(cpu * 1000 / pages)
            _note(found, in_a_folder(crawl, feeds, press.pid), pages)
            print(
                f"plain {found['plain'][-1]:.1f} pages/s, crawl {found['crawl'][-1]:.1f}"
                f" ({found['articles'][-1]:g} articles)",
                flush=True,
            )
            if not args.skip_script:
                done = in_a_folder(script, feeds, press.pid)
                found["script"].append(pages / done.spent.wall)
                print(f"script {found['script'][-1]:.1f} ({done.articles} articles)", flush=True)
        press.terminate()
    command = f"make bench-speed{f' (of {args.limit} pages)' if args.limit else ''}"
    keep("speed", "From feeds to committed rows", _figures(found), command=command, note=NOTE)


def _note(found: dict[str, list[float]], done: Crawled, pages: int) -> None:
    """Take in a crawl: its rate, and whose its CPU was, in ms a page."""
    spent = done.spent
    if done.articles < pages * COMPLETE:
        sys.exit(f"the crawl stored {done.articles} of {pages} pages: it has no speed")
    found["crawl"].append(pages / spent.wall)
    found["memory"].append(spent.memory)
    found["articles"].append(done.articles)
    parts = {
        "workers": spent.workers, "storing": done.storing, "parent": spent.parent - done.storing,
        "server": spent.server,
    }  # fmt: skip
    for name, seconds in parts.items():
        found[name].append(seconds * 1000 / pages)
    found["busy"].append((spent.workers + spent.parent + spent.server) / (spent.wall * CORES))


def _figures(found: dict[str, list[float]]) -> list[Figure]:
    def over(name: str) -> list[float]:
        return [ours / other for ours, other in zip(found["crawl"], found[name], strict=True)]

    limit = f"plain trafilatura with metadata in {CORES} processes"
    rate = figure("the whole crawl", over("plain"), "x", baseline=limit, goal=0.9, at_least=True)
    figures = [
        figure("pressclip crawl, pages a second", found["crawl"], "pages/s"),
        figure("plain trafilatura, pages a second", found["plain"], "pages/s"),
        rate,
        figure("peak memory of the crawl, workers included", found["memory"], "MB", goal=600),
    ]
    if found["script"]:
        people = "the script that people write"
        figures.append(figure("the whole crawl", over("script"), "x", baseline=people, goal=2, at_least=True))
    return [
        *figures,
        figure("CPU a page, plain trafilatura", found["plain ms"], "ms"),
        figure("CPU a page, the crawl's workers: cleaning, feeds, their start", found["workers"], "ms"),
        figure("CPU a page, the crawl's storing", found["storing"], "ms"),
        figure("CPU a page, the crawl's fetching, robots.txt, polls, start", found["parent"], "ms"),
        figure("CPU a page, the server", found["server"], "ms"),
        figure("share of all cores that the crawl and its server used", found["busy"], "x"),
    ]


if __name__ == "__main__":
    main()
