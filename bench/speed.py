"""From feeds to committed rows, beside plain trafilatura over the same pages and beside the script that people write.

    python bench/speed.py DATASET [--rounds N] [--limit N] [--skip-script]

In each round, one after another: plain `bare_extraction(with_metadata=True)` in as many processes as there are cores, fed
from memory; one `pressclip crawl` of the same pages over loopback, its start and its end counted; the script
(bench/plain_script.py). The server's own work is counted against the two that crawl.
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
from collections.abc import Callable
from pathlib import Path

from figures import Figure, figure, keep, tree_memory

CORES = os.cpu_count() or 1


def extracted(task: tuple[str, bytes]) -> bool:
    """Extract one page as trafilatura does it alone."""
    from trafilatura import bare_extraction

    return bare_extraction(gzip.decompress(task[1]), url=task[0], with_metadata=True) is not None


def plain(dataset: Path, limit: int | None) -> tuple[float, int]:
    """Extract all pages in processes that have started already; seconds, pages."""
    truths = [
        json.loads(line)
        for line in (dataset / "truth.jsonl").read_text(encoding="utf-8").splitlines()[:limit]
    ]
    tasks = [(one["url"], (dataset / "pages" / f"{one['id']}.html.gz").read_bytes()) for one in truths]
    with multiprocessing.get_context("spawn").Pool(CORES) as pool:
        pool.map(extracted, tasks[: 4 * CORES], chunksize=2)
        began = time.perf_counter()
        pool.map(extracted, tasks, chunksize=4)
        return time.perf_counter() - began, len(tasks)


def timed(command: list[str], folder: str) -> tuple[float, int]:
    """Run a command to its end; seconds, and the most memory that it and its children held at once, in MB."""
    began, most = time.perf_counter(), 0
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            most = max(most, tree_memory(process.pid))
            time.sleep(0.5)
    if process.returncode:
        sys.exit(f"{command} ended with {process.returncode}")
    return time.perf_counter() - began, most


def crawl(feeds: list[str], folder: str) -> tuple[float, int, int]:
    """Crawl with pressclip; seconds, MB, articles."""
    tables = "".join(
        f'[[source]]\nname = "s{number}"\nfeed = "{feed}"\n' for number, feed in enumerate(feeds)
    )
    Path(folder, "sources.toml").write_text(
        f'[crawl]\nallow_hosts = ["127.91.0.0/16"]\ndelay = 0\n{tables}', encoding="utf-8"
    )
    seconds, memory = timed([sys.executable, "-m", "pressclip", "--quiet", "crawl"], folder)
    return seconds, memory, counted(Path(folder, "news.db"))


def script(feeds: list[str], folder: str) -> tuple[float, int, int]:
    """Crawl with the script; seconds, MB, articles."""
    Path(folder, "feeds.json").write_text(json.dumps(feeds), encoding="utf-8")
    here = Path(__file__).parent.resolve()
    seconds, memory = timed([sys.executable, str(here / "plain_script.py"), "feeds.json", "out.db"], folder)
    return seconds, memory, counted(Path(folder, "out.db"))


def counted(path: Path) -> int:
    """Count the articles of a store."""
    conn = sqlite3.connect(path)
    try:
        return int(conn.execute("SELECT count(*) FROM articles").fetchone()[0])
    finally:
        conn.close()


def in_a_folder(
    run: Callable[[list[str], str], tuple[float, int, int]], feeds: list[str]
) -> tuple[float, int, int]:
    """Run in an empty folder."""
    with tempfile.TemporaryDirectory(prefix="pressclip-speed-") as folder:
        return run(feeds, folder)


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
    here = Path(__file__).parent.resolve()
    limits = ["--limit", str(args.limit)] if args.limit else []
    rates: dict[str, list[float]] = {"plain": [], "crawl": [], "script": []}
    memory: list[float] = []
    with subprocess.Popen(
        [sys.executable, str(here / "press.py"), str(args.dataset), *limits],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as press:  # fmt: skip
        feeds = json.loads(next(iter(press.stdout or ())))
        for _ in range(args.rounds):
            seconds, pages = plain(args.dataset, args.limit)
            rates["plain"].append(pages / seconds)
            seconds, most, articles = in_a_folder(crawl, feeds)
            rates["crawl"].append(pages / seconds)
            memory.append(most)
            print(
                f"plain {rates['plain'][-1]:.1f} pages/s, crawl {rates['crawl'][-1]:.1f} ({articles} articles)",
                flush=True,
            )
            if not args.skip_script:
                seconds, _, articles = in_a_folder(script, feeds)
                rates["script"].append(pages / seconds)
                print(f"script {rates['script'][-1]:.1f} ({articles} articles)", flush=True)
        press.terminate()
    keep("speed", "From feeds to committed rows", _figures(rates, memory), command="make bench-speed")


def _figures(rates: dict[str, list[float]], memory: list[float]) -> list[Figure]:
    def over(name: str) -> list[float]:
        return [ours / other for ours, other in zip(rates["crawl"], rates[name], strict=True)]

    limit = f"plain trafilatura with metadata in {CORES} processes"
    found = [
        figure("pressclip crawl, pages a second", rates["crawl"], "pages/s"),
        figure("plain trafilatura, pages a second", rates["plain"], "pages/s"),
        figure("the whole crawl", over("plain"), "x", baseline=limit, goal=0.9, at_least=True),
        figure("peak memory of the crawl, workers included", memory, "MB", goal=600),
    ]
    if rates["script"]:
        found.append(
            figure(
                "the whole crawl",
                over("script"),
                "x",
                baseline="the script that people write",
                goal=2,
                at_least=True,
            )
        )
    return found


if __name__ == "__main__":
    main()
