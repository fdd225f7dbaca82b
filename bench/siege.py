"""Kill -9 beside hostile hosts, again and again: nothing committed is lost, nothing is left behind, the next run completes.

    python bench/siege.py [--kills 100] [--minutes 10] [--seed 1]

Sixty of the hosts of bench/load_server.py, half of them healthy, are crawled; each crawl is killed at a random moment, alone or with
its workers, and the next begins at once. Meanwhile the store is read, sometimes by a command, and sometimes a second crawl begins
beside the first. What a reader saw before a kill must be there after it. At the end a crawl that nobody kills runs to its end: then
each article of a healthy host must be there exactly once. Ends with 1 unless all of that held.
"""

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import processes
from load import Server
from load_server import HOSTS, NEW, name_of
from load_watch import MARK, left

HEALTHY = 30  # hosts
LISTED = 2  # sources of each host
DEADLINE = 5  # seconds of a page in a worker
LINGER = DEADLINE + 5 + 10  # seconds that a worker may outlive its crawl; ten for a busy machine
RUNS_OUT = 5  # kills between two issues of the hosts' news
BELONGS = {"news.db", "news.db-wal", "news.db-shm", "news.db.lock", "sources.toml", "tmp", "errors.txt"}
SEEN = {
    "articles": "SELECT id, url_key FROM articles",
    "entries": "SELECT id, url FROM entries",
    "pages": "SELECT entry_id FROM pages",
}


class Siege:
    """A store under attack, and what was found."""

    def __init__(self, folder: Path, server: Server, dice: random.Random) -> None:
        self.folder, self.server, self.dice = folder, server, dice
        self.db = folder / "news.db"
        self.found: Counter[str] = Counter()
        self.wrong: list[str] = []
        self._dead: list[tuple[str, float]] = []  # marks of killed crawls, and when they were killed
        (folder / "tmp").mkdir()
        self.healthy = self._subscribe()

    def _subscribe(self) -> list[str]:
        """List the sources; the addresses of the healthy hosts."""
        left_of = Counter({kind: min(count, 2) for kind, count in HOSTS.items()}) | Counter(healthy=HEALTHY)
        healthy, tables = [], []
        for address, kind in self.server.kinds.items():
            if left_of[kind] > 0:
                left_of[kind] -= 1
                tables += self.server.host(address, kind)[:LISTED]
                healthy += [address] if kind == "healthy" else []
        settings = (
            f'[crawl]\nallow_hosts = ["127.93.0.0/16"]\ndelay = 0\ntimeout = 10\ndeadline = {DEADLINE}\n\n'
        )
        (self.folder / "sources.toml").write_text(settings + "\n".join(tables), encoding="utf-8")
        return healthy

    def crawl(self, mark: str) -> "subprocess.Popen[bytes]":
        """Begin a crawl."""
        with (self.folder / "errors.txt").open("ab") as errors:
            return subprocess.Popen(
                [sys.executable, "-m", "pressclip", "-q", "crawl", "--force", "--json", "--max-time", "30"],
                cwd=self.folder, stdout=subprocess.DEVNULL, stderr=errors,
                env={**os.environ, "TMPDIR": str(self.folder / "tmp"), MARK: mark},
            )  # fmt: skip

    def strike(self, number: int) -> None:
        """Crawl, kill, look."""
        mark = f"{os.getpid()}-siege-{number}"
        process = self.crawl(mark)
        reader = Reader(self.db)
        reader.start()
        beside = self._company(mark)
        with suppress(subprocess.TimeoutExpired):
            process.wait(self.dice.choice((self.dice.uniform(0.2, 2.5), self.dice.uniform(2, 12))))
        if process.poll() is None:
            self._kill(process, mark)
        else:
            self.found[f"came to its end with {process.returncode}"] += 1
        reader.stop()
        for command, expected in beside:
            with suppress(subprocess.TimeoutExpired):
                command.wait(60)
            if command.poll() not in expected:
                self.wrong.append(f"kill {number}: {command.args!r} ended with {command.poll()}")
                command.kill()
        self._look(number, reader)

    def _company(self, mark: str) -> "list[tuple[subprocess.Popen[bytes], set[int]]]":
        """Sometimes, let others use the store too: each, and how it may end."""
        company: list[tuple[subprocess.Popen[bytes], set[int]]] = []
        if self.dice.random() < 0.2:  # noqa: PLR2004 - a share
            self.found["commands that read beside"] += 1
            command = [sys.executable, "-m", "pressclip", "status", "--json"]
            company.append((subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL), {0, 4}))
        if self.dice.random() < 0.2:  # noqa: PLR2004 - a share
            self.found["second crawls beside"] += 1
            time.sleep(self.dice.uniform(0, 2))
            second = self.crawl(f"{mark}-beside")
            # It may come to hold the lock when the first is killed: then it is ended politely.
            threading.Timer(15, second.terminate).start()
            company.append((second, {75, 143, -signal.SIGTERM, 0, 1}))
        return company

    def _kill(self, process: "subprocess.Popen[bytes]", mark: str) -> None:
        """Kill a crawl, with all that it started or alone."""
        family = [pid for pid in left(mark) if pid != process.pid]
        at_work = any(processes.status(pid).get("State", "").startswith("R") for pid in family)
        alone = self.dice.random() < 0.5  # noqa: PLR2004 - a share
        process.kill()
        for pid in () if alone else family:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()
        self.found["kills"] += 1
        self.found["kills of the crawl alone" if alone else "kills of all its processes"] += 1
        self.found["kills while a worker worked"] += at_work
        self._dead.append((mark, time.monotonic()))

    def _look(self, number: int, reader: "Reader") -> None:
        """What must hold after a kill."""
        if self.db.exists():
            with closing(sqlite3.connect(self.db)) as conn:
                if (said := conn.execute("PRAGMA integrity_check").fetchall()) != [("ok",)]:
                    self.wrong.append(f"kill {number}: {said}")
                for table, rows in reader.rows.items():
                    lost = rows - set(conn.execute(SEEN[table]).fetchall()) if rows else rows
                    self.found[f"{table} seen committed"] += len(rows)
                    if lost:
                        self.wrong.append(f"kill {number}: {table} lost {sorted(lost)[:3]}")
        self.buried()
        strange = {
            path.name for path in (*self.folder.iterdir(), *(self.folder / "tmp").rglob("*"))
        } - BELONGS
        if strange:
            self.wrong.append(f"kill {number}: left {sorted(strange)}")

    def buried(self) -> None:
        """Whether nothing of the dead lives on."""
        for mark, at in tuple(self._dead):
            if not left(mark):
                self._dead.remove((mark, at))
            elif time.monotonic() - at > LINGER:
                self.wrong.append(
                    f"{mark}: {[processes.command(pid)[-90:] for pid in left(mark)]} still there"
                )
                self._dead.remove((mark, at))

    def settle(self, issue: int) -> None:
        """Crawl to the end, unkilled, and compare."""
        codes, waiting, before = [], 1, 0
        while (
            waiting and waiting != before
        ):  # each run has half a minute, which may be too short for what is left
            codes.append(self.crawl(f"{os.getpid()}-settle").wait())
            [(left_over,)] = self._rows(
                "SELECT count(*) FROM entries WHERE source GLOB 'healthy*' AND state = 'waiting'"
            )
            before, waiting = waiting, left_over
        for _ in range(LINGER):
            self.buried()
            if not self._dead:
                break
            time.sleep(1)
        self.found["runs to the end that it took"] = len(codes)
        if set(codes) - {0, 1}:
            self.wrong.append(f"the last crawls ended with {codes}")
        expected = {
            f"http://{name_of(address)}:{self.server.port}/news/{source}-{number}"
            for address in self.healthy
            for source in range(LISTED)
            for number in range((issue + 1) * NEW)
        }
        urls = Counter(url for (url,) in self._rows("SELECT url FROM articles WHERE source GLOB 'healthy*'"))
        self.found["articles of healthy hosts"] = len(urls)
        twice = sorted(url for url, count in urls.items() if count > 1)
        for what, which in (
            ("missing", sorted(expected - set(urls))),
            ("twice", twice),
            ("surplus", sorted(set(urls) - expected)),
        ):
            if which:
                self.wrong.append(f"{len(which)} articles {what}: {which[:3]}")
        if unclear := self._rows(
            "SELECT state, reason, count(*) FROM entries WHERE source GLOB 'healthy*' AND state <> 'done' GROUP BY 1, 2"
        ):
            self.wrong.append(f"entries of healthy hosts: {unclear}")
        text = (self.folder / "errors.txt").read_text(encoding="utf-8", errors="replace")
        if "Traceback" in text:
            self.wrong.append(f"a traceback: {text[text.index('Traceback') :][:3000]}")

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.db)) as conn:
            return conn.execute(sql).fetchall()


class Reader(threading.Thread):
    """Reads what is committed until told to stop."""

    def __init__(self, db: Path) -> None:
        super().__init__(daemon=True)
        self.rows: dict[str, set[tuple[object, ...]]] = {table: set() for table in SEEN}
        self._db, self._over = db, threading.Event()

    def run(self) -> None:
        """Look five times a second."""
        while not self._over.wait(0.2):
            with (
                suppress(sqlite3.Error),
                closing(sqlite3.connect(f"file:{self._db}?mode=ro", uri=True)) as conn,
            ):
                for table, sql in SEEN.items():
                    self.rows[table] |= set(conn.execute(sql))

    def stop(self) -> None:
        """End."""
        self._over.set()
        self.join()


def main() -> int:
    """Attack, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    until = time.monotonic() + args.minutes * 60
    server = Server()
    try:
        with tempfile.TemporaryDirectory(prefix="pressclip-siege-") as folder:
            siege = Siege(Path(folder), server, random.Random(args.seed))
            number = 0
            while siege.found["kills"] < args.kills and time.monotonic() < until:
                server.begin(number // RUNS_OUT)
                siege.strike(number)
                number += 1
            siege.settle(max(number - 1, 0) // RUNS_OUT)
    finally:
        server.close()
    print(json.dumps({**siege.found, "wrong": siege.wrong}, indent=1, ensure_ascii=False))
    return 1 if siege.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
