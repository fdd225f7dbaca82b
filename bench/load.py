"""Do healthy sources suffer from the others, and does anything pile up? A thousand sources, crawled again and again.

    python bench/load.py [--minutes 30] [--max-time 60]

250 hosts on loopback, four sources each: healthy, slow, broken, hostile (bench/load_server.py has the list). In turn, a run over all
of them and a run over the healthy ones only, each into a store of its own that stays; each run finds new articles. One worker of
each mixed run is killed. The throughput of the healthy ones is their articles over the seconds from the start of the command until
the last of them was committed: what a mixed run does after that (it waits for slow hosts) costs the healthy ones nothing.
"""

import argparse
import json
import os
import random
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import nullcontext, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from figures import figure, keep
from load_server import SOURCES, name_of
from load_watch import MARK, Watch, left

MIB = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """What one run took, and left behind."""

    mixed: bool
    articles: int  # of healthy sources
    seconds: float  # until the last of them was committed
    wall: float  # of the whole command
    cpu: float  # seconds, as `Watch` has them
    parent: int  # bytes, as `Watch` has them
    worker: int
    descriptors: int
    threads: int
    longest: float
    delay: float  # seconds from the start of the command until the last healthy source was asked
    asked: int  # requests that arrived
    unasked: int  # healthy sources that were never asked
    exit_code: int
    processes: int  # that are left
    files: int  # that are left, temporary ones
    whole: bool  # SQLite says so of the store

    @property
    def rate(self) -> float:
        """Healthy articles a second."""
        return self.articles / self.seconds if self.seconds else 0.0


class Side:
    """A store, its sources and its folder of temporary files, over all runs."""

    def __init__(self, folder: Path, tables: list[str]) -> None:
        self.folder, self.temporary = folder, folder / "tmp"
        self.temporary.mkdir(parents=True)
        settings = '[crawl]\nallow_hosts = ["127.93.0.0/16"]\ndelay = 0\ntimeout = 30\n\n'
        (folder / "sources.toml").write_text(settings + "\n".join(tables), encoding="utf-8")

    def crawl(self, server: "Server", number: int, *, max_time: float, mixed: bool) -> Took:
        """Make one run."""
        mark = f"{os.getpid()}-{number}"
        server.begin(number)
        environment = {**os.environ, "TMPDIR": str(self.temporary), MARK: mark}
        began = time.monotonic()
        with (
            (self.folder / "report.json").open("wb") as report,
            (self.folder / "errors.txt").open("ab") as errors,
        ):
            process = subprocess.Popen(
                [sys.executable, "-m", "pressclip", "crawl", "--force", "--json", "--max-time", str(max_time)],
                cwd=self.folder, env=environment, stdout=report, stderr=errors,
            )  # fmt: skip
            watch = Watch(process.pid, self.folder / "news.db")
            watch.start()
            if mixed:
                _kill_one(process, watch, after=random.uniform(5, 15))
            code = process.wait()
            wall = time.monotonic() - began
            watch.stop()
        time.sleep(0.5)  # whatever ends with the crawl has ended
        told = server.end(number)
        last = watch.commits[-1][0] if watch.commits else began
        return Took(
            mixed=mixed, articles=sum(count for _, count in watch.commits), seconds=last - began, wall=wall, cpu=watch.cpu,
            parent=watch.parent, worker=watch.worker, descriptors=watch.descriptors, threads=watch.threads,
            longest=watch.longest, delay=max(told["healthy"].values(), default=began) - began, asked=told["asked"],
            unasked=server.healthy * SOURCES - len(told["healthy"]), exit_code=code, processes=len(left(mark)),
            files=sum(1 for _ in self.temporary.rglob("*")), whole=self._is_whole(),
        )  # fmt: skip

    def _is_whole(self) -> bool:
        connection = sqlite3.connect(self.folder / "news.db")
        try:
            return bool(connection.execute("PRAGMA integrity_check").fetchone() == ("ok",))
        finally:
            connection.close()

    def reasons(self) -> dict[str, int]:
        """Count how the sources' polls of the last run failed, and what became of its articles."""
        with suppress(ValueError):
            report = json.loads((self.folder / "report.json").read_text(encoding="utf-8"))
            counts: Counter[str] = Counter()
            for result in report["results"]:
                if result["poll_reason"]:
                    counts[f"poll {result['poll_reason'].partition(':')[0]}"] += 1
                counts.update(result["reasons"])
            return dict(counts.most_common())
        return {}


class Server:
    """The hosts, in a process of their own."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("load_server.py"))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        told = self._line()
        self.port: int = told["port"]
        self.kinds: dict[str, str] = told["kinds"]
        self.healthy = sum(kind == "healthy" for kind in self.kinds.values())

    def begin(self, number: int) -> None:
        """Publish what a run is to find."""
        self._say(number)

    def end(self, number: int) -> dict[str, Any]:
        """Say what was asked in it."""
        return self._say(number)

    def close(self) -> None:
        """Serve no longer."""
        self._process.terminate()
        self._process.wait()

    def _say(self, number: int) -> dict[str, Any]:
        assert self._process.stdin is not None  # noqa: S101 - it was asked for
        self._process.stdin.write(f"{number}\n")
        self._process.stdin.flush()
        return self._line()

    def _line(self) -> dict[str, Any]:
        assert self._process.stdout is not None  # noqa: S101 - it was asked for
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        return told

    def tables(self, *, healthy_only: bool) -> list[str]:
        """Give the sources, as tables of sources.toml."""
        return [
            table
            for address, kind in self.kinds.items()
            if kind == "healthy" or not healthy_only
            for table in self.host(address, kind)
        ]

    def host(self, address: str, kind: str) -> list[str]:
        """Give those of one host."""
        base = f"http://{name_of(address)}:{self.port}"
        if kind == "tls":
            base = base.replace("http:", "https:")
        elif kind == "no name":
            base = f"http://{address.replace('.', '-')}.invalid"
        what = "sitemap" if kind == "maze" else "feed"
        label = f"{kind} {address}".replace(" ", "-").replace(".", "-")
        return [
            f'[[source]]\nname = "{label}-{number}"\n{what} = "{base}/{number}.xml"\n'
            for number in range(SOURCES)
        ]


def _kill_one(process: "subprocess.Popen[bytes]", watch: Watch, *, after: float) -> None:
    """Kill one of a crawl's workers, as a page could."""
    with suppress(subprocess.TimeoutExpired, ProcessLookupError):
        process.wait(after)
        return
    if watch.workers:
        with suppress(ProcessLookupError):
            os.kill(random.choice(watch.workers), signal.SIGKILL)


def main() -> int:
    """Crawl in turn until time is over; print a table, write the figures down."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument(
        "--max-time", type=float, default=60.0, help="seconds after which a run asks for nothing more"
    )
    parser.add_argument(
        "--keep", metavar="FOLDER", help="where the stores and a record of each run stay; without it they go"
    )
    args = parser.parse_args()
    over = time.monotonic() + args.minutes * 60
    server = Server()
    runs: list[Took] = []
    try:
        with (
            nullcontext(args.keep)
            if args.keep
            else tempfile.TemporaryDirectory(prefix="pressclip-load-") as folder
        ):
            sides = {
                mixed: Side(Path(folder, name), server.tables(healthy_only=not mixed))
                for mixed, name in ((True, "mixed"), (False, "healthy"))
            }
            print(_HEAD, flush=True)
            while time.monotonic() < over or len(runs) < 2 * len(sides):
                for mixed, side in sides.items():
                    runs.append(side.crawl(server, len(runs) // 2, max_time=args.max_time, mixed=mixed))
                    print(_row(runs[-1]), flush=True)
            print("the last mixed run:", json.dumps(sides[True].reasons()))
            errors = (
                Path(folder, "mixed", "errors.txt").read_text(),
                Path(folder, "healthy", "errors.txt").read_text(),
            )
            Path(folder, "runs.json").write_text(
                json.dumps([asdict(run) for run in runs], indent=1), encoding="utf-8"
            )
            print("tracebacks:", sum(text.count("Traceback") for text in errors))
    finally:
        server.close()
    _keep(runs, args.minutes)
    return 0


_HEAD = (
    f"{'run':8} {'articles':>8} {'until s':>8} {'/s':>6} {'cpu s':>6} {'wall s':>7} {'parent MB':>9} {'worker MB':>9} {'fds':>5} {'threads':>7} "
    f"{'task s':>7} {'delay s':>7} {'asked':>6} {'exit':>4} {'left':>9}"
)


def _row(run: Took) -> str:
    left_behind = f"{run.processes} + {run.files}" if run.whole else "DAMAGED"
    return (
        f"{'mixed' if run.mixed else 'healthy':8} {run.articles:8} {run.seconds:8.1f} {run.rate:6.1f} {run.cpu:6.1f} {run.wall:7.1f} "
        f"{run.parent / MIB:9.0f} {run.worker / MIB:9.0f} {run.descriptors:5} {run.threads:7} {run.longest:7.1f} {run.delay:7.1f} "
        f"{run.asked:6} {run.exit_code:4} {left_behind:>9}"
    )


def _keep(runs: list[Took], minutes: float) -> None:
    # The first run of each side asks for robots.txt too.
    mixed, alone = ([run for run in runs if run.mixed is side][1:] for side in (True, False))
    parents = [run.parent / MIB for run in mixed]
    third = max(len(mixed) // 3, 1)
    trend = statistics.median(parents[-third:]) / statistics.median(parents[:third])
    ratios = [one.rate / other.rate for one, other in zip(mixed, alone, strict=True) if other.rate]
    keep(
        "load",
        f"A thousand sources, {sum(run.mixed for run in runs)} mixed runs in {minutes:g} minutes",
        [
            figure(
                "healthy articles a second beside slow, broken and hostile hosts", ratios, "x",
                baseline="a run over the healthy ones alone", goal=0.9, at_least=True,
            ),
            figure("healthy articles a second, mixed", [run.rate for run in mixed], "/s"),
            figure("healthy articles a second, alone", [run.rate for run in alone], "/s"),
            figure("peak memory of the crawling process, mixed", parents, "MB", goal=400),
            figure("the same, of a worker", [run.worker / MIB for run in mixed], "MB"),
            figure("the last third of the runs", [trend], "x", baseline="the first third: peak memory", goal=1.1),
            figure("descriptors at the most", [float(run.descriptors) for run in mixed], ""),
            figure("threads at the most", [float(run.threads) for run in mixed], ""),
            figure("until the last healthy source was asked, mixed", [run.delay for run in mixed], "s"),
            figure("the same, alone", [run.delay for run in alone], "s"),
            figure("longest task seen in a worker", [run.longest for run in mixed], "s", goal=21),
            figure("processes and temporary files left behind", [float(run.processes + run.files) for run in runs], "", goal=0),
            figure("damaged stores", [float(not run.whole) for run in runs], "", goal=0),
            figure("healthy sources that were not asked", [float(run.unasked) for run in runs], "", goal=0),
        ],
        command="make bench-load",
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
