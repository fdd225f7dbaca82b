"""Faults of storage, in earnest: failing writes, kills, damaged files, programs that use one store at once.

    python bench/faults.py [--minutes 1] [--pages 300] [--few]

Each write of each piece of work fails once (EIO), is the first that finds the disk full, and is the last before
kill -9 (tests/faulty_store.py); a whole crawl is killed before each of its commits; pages of a store are overwritten,
logs cut short; two crawls, two readers and a backup use one store at once for so many minutes. Prints figures as
JSON, ends with 1 unless all promises held. `--few` strikes a tenth of the writes.
"""

import argparse
import collections
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
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import faulty_store  # noqa: E402 - tests are no package
import full_store  # noqa: E402
import loopback  # noqa: E402
import newsroom  # noqa: E402

from pressclip.errors import StoreError  # noqa: E402
from pressclip.models import Poll  # noqa: E402
from storage import reading  # noqa: E402
from storage.doctor import examine  # noqa: E402
from storage.records import Selection  # noqa: E402
from storage.store import Store  # noqa: E402

ARTICLES = 20

# The command line, which dies as by kill -9 before its Nth COMMIT.
DIES = """
import sys
import dying

if __name__ == "__main__":  # workers read this file too
    dying.die(int(sys.argv.pop(1)))
    from pressclip.cli import main
    main()
"""


def main() -> int:
    """Run all, print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=1)
    parser.add_argument("--pages", type=int, default=300)
    parser.add_argument("--few", action="store_true")
    args = parser.parse_args()
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="pressclip-faults-") as folder:
        place = Path(folder)
        steps: dict[str, Callable[[Path], dict[str, Any]]] = {
            "writes": lambda home: writes(home, few=args.few),
            "kills": kills,
            "damaged_pages": lambda home: damaged_pages(home, args.pages),
            "cut_logs": cut_logs,
            "at_once": lambda home: at_once(home, args.minutes),
        }
        for name, step in steps.items():
            home = place / name
            home.mkdir()
            figures[name] = step(home)
            print(f"{name}: {json.dumps(figures[name])}", file=sys.stderr)
    print(json.dumps(figures, indent=1))
    return 1 if any(found["wrong"] for found in figures.values()) else 0


def writes(home: Path, *, few: bool) -> dict[str, Any]:
    """Strike each write of each piece of work."""
    library = faulty_store.build(home)
    if library is None:
        return {"skipped": "no C compiler", "wrong": []}
    found = faulty_store.run(library, few=few)
    figures: dict[str, Any] = {"wrong": []}
    for mode in faulty_store.MODES:
        total: collections.Counter[str] = collections.Counter()
        for name, work in found.items():
            bugs = work[mode].pop("bugs")
            figures["wrong"] += [f"{name}: {bug}" for bug in bugs]
            total.update(work[mode])
        figures[mode] = dict(total)
    return figures


def kills(home: Path) -> dict[str, Any]:
    """Kill a whole crawl before each of its commits, go on, and compare with one that was not killed."""
    wrong: list[str] = []
    with loopback.serving() as server:
        newsroom.publish(server, ARTICLES)
        newsroom.subscribe(home, f"{server.base}/feed.xml")
        script = home / "dies.py"
        script.write_text(DIES, encoding="utf-8")
        number = 0
        while True:
            number += 1
            db = home / f"{number}.db"
            done = subprocess.run(
                [sys.executable, str(script), str(number), "--db", db.name, "crawl"],
                cwd=home,
                env={**os.environ, "PYTHONPATH": str(ROOT / "tests")},
                check=False,
            )
            if done.returncode not in (0, -signal.SIGKILL):
                wrong.append(f"commit {number}: the crawl ended with {done.returncode}")
            if db.exists() and (text := _whole(db)) != "ok":
                wrong.append(f"commit {number}: {text}")
            subprocess.run(
                [sys.executable, "-m", "pressclip", "--db", db.name, "crawl"], cwd=home, check=False
            )
            with closing(sqlite3.connect(db)) as conn:
                [(articles, titles, waiting)] = conn.execute(
                    "SELECT count(*), count(DISTINCT title), (SELECT count(*) FROM entries WHERE state <> 'done') FROM articles"
                )
            if (articles, titles, waiting) != (ARTICLES, ARTICLES, 0):
                wrong.append(f"commit {number}: {articles} articles, {titles} titles, {waiting} entries wait")
            wrong += [
                f"commit {number}: {one.text}"
                for one in examine(db, datetime.now(UTC))
                if one.level != "note"
            ]
            if done.returncode == 0:
                return {"kills": number - 1, "wrong": wrong}


def damaged_pages(home: Path, times: int) -> dict[str, Any]:
    """Overwrite some of a store, then read, search, write and examine it: each ends well or with one clear line."""
    path, dice = home / "news.db", random.Random(1)
    full_store.fill(path, 20)
    whole = path.read_bytes()
    ended: collections.Counter[str] = collections.Counter()
    wrong: list[str] = []
    for _ in range(times):
        broken = bytearray(whole)
        start = dice.randrange(100, len(whole))
        end = min(len(whole), start + dice.choice((1, 16, 512, 4096)))
        broken[start:end] = dice.randbytes(end - start)
        for name, work in {"read": _read, "write": _write, "doctor": _examine}.items():
            for beside in ("-wal", "-shm"):
                path.with_name(path.name + beside).unlink(missing_ok=True)
            path.write_bytes(broken)
            try:
                ended[f"{name}: {work(path)}"] += 1
            except StoreError:
                ended[f"{name}: named"] += 1
            except sqlite3.IntegrityError:  # rows that contradict each other crash, as our own bugs would
                ended[f"{name}: contradiction"] += 1
            except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
                wrong.append(f"{name}, bytes {start} to {end}: {type(error).__name__}: {error}")
    return {"damages": times, **dict(sorted(ended.items())), "wrong": wrong}


def _read(path: Path) -> str:
    with reading.opened(path) as db:
        for stored in reading.find_articles(db, Selection()):
            reading.get_page(db, stored.id)
        reading.counts(db)
    return "well"


def _write(path: Path) -> str:
    with Store.open(path) as store:
        due = store.due("2026-11-23T10:00:00Z", source="wire")
        store.save([full_store.done(one) for one in due])
        store.search("규제")
        store.weigh(lambda _: 3)
    return "well"


def _examine(path: Path) -> str:
    levels = {finding.level for finding in examine(path, datetime.now(UTC), deep=True)}
    return "damage" if "damage" in levels else "fault" if "fault" in levels else "nothing found"


def cut_logs(home: Path) -> dict[str, Any]:
    """Cut the log of a killed writer at many places: the store is whole, and has some of the last batches."""
    code = (
        "import os, signal, sys\nfrom pathlib import Path\nimport full_store\nfrom storage.store import Store\n"
        "store = Store.open(Path(sys.argv[1]))\n"
        "for queued in store.due(full_store.NOW, source='wire'):\n    store.save([full_store.done(queued)])\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    first = home / "first.db"
    with Store.open(first) as store:
        entries = tuple(map(full_store.entry, range(40)))
        poll = Poll(source="wire", url="u", asked_at=full_store.NOW, outcome="changed", entries=entries)
        store.record_poll(poll, next_poll_at=full_store.NOW)
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    subprocess.run([sys.executable, "-c", code, str(first)], env=environment, check=False)
    parts = {end: first.with_name(f"{first.name}{end}").read_bytes() for end in ("", "-wal", "-shm")}
    wrong: list[str] = []
    seen: collections.Counter[str] = collections.Counter()
    length = len(parts["-wal"])
    for cut in range(0, length + 1, max(1, length // 200)):
        path = home / "news.db"
        for end, body in parts.items():
            path.with_name(path.name + end).write_bytes(body[:cut] if end == "-wal" else body)
        found = [
            finding for finding in examine(path, datetime.now(UTC), deep=True) if finding.level != "note"
        ]
        seen["named" if any(finding.what == "log" for finding in found) else "not named"] += 1
        wrong += [f"cut at {cut}: {finding.text}" for finding in found if finding.what != "log"]
        if (text := _whole(path)) != "ok":
            wrong.append(f"cut at {cut}: {text}")
    return {"cuts": seen.total(), **seen, "wrong": wrong}


class Crowd:
    """Programs that use one store at once, until they are told that it is over."""

    def __init__(self, home: Path, server: loopback.Server) -> None:
        self.home, self.server = home, server
        self.counts: collections.Counter[str] = collections.Counter()
        self.wrong: list[str] = []
        self.over = threading.Event()

    def run(self, minutes: float) -> None:
        """Let two crawls, two readers and a backup work, again and again."""
        crawl = ("crawl", "wire0", "--force")
        works = [
            *(threading.Thread(target=self._again, args=crawl) for _ in range(2)),
            *(threading.Thread(target=self._read) for _ in range(2)),
            threading.Thread(target=self._again, args=("backup", "--force", "copy.db")),
            threading.Thread(target=self._publish),
        ]
        for work in works:
            work.start()
        time.sleep(minutes * 60)
        self.over.set()
        for work in works:
            work.join()
        self._once(*crawl)

    def _again(self, *arguments: str) -> None:
        while not self.over.is_set():
            self._once(*arguments)

    def _once(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "pressclip", *arguments]
        done = subprocess.run(command, cwd=self.home, capture_output=True, text=True, check=False)
        self.counts[f"{arguments[0]}: {done.returncode}"] += 1
        if done.returncode not in ((0, 75) if arguments[0] == "crawl" else (0,)):
            self.wrong.append(f"{arguments[0]} ended with {done.returncode}: {done.stderr[-300:]}")

    def _publish(self) -> None:
        number = ARTICLES
        while not self.over.wait(0.5):
            number += 1
            newsroom.publish(self.server, number)

    def _read(self) -> None:
        before = 0
        while not self.over.wait(0.01):
            with reading.opened(self.home / "news.db") as db:
                now = reading.counts(db).articles
            self.counts["reads"] += 1
            if now < before:
                self.wrong.append(f"a reader saw {now} articles after {before}")
            before = now


def at_once(home: Path, minutes: float) -> dict[str, Any]:
    """Two crawls, two readers and a backup, again and again, on one store that grows."""
    with loopback.serving() as server:
        newsroom.publish(server, ARTICLES)
        newsroom.subscribe(home, f"{server.base}/feed.xml")
        crowd = Crowd(home, server)
        subprocess.run([sys.executable, "-m", "pressclip", "crawl"], cwd=home, check=False)
        crowd.run(minutes)
    wrong = crowd.wrong
    for name in ("news.db", "copy.db"):
        found = examine(home / name, datetime.now(UTC), deep=True)
        wrong += [f"{name}: {one.text}" for one in found if one.level != "note"]
    with reading.opened(home / "news.db") as db:
        stored = reading.counts(db)
    if stored.entries != {"done": stored.articles}:
        wrong.append(f"{stored.articles} articles, entries: {stored.entries}")
    return {
        "minutes": minutes,
        "articles": stored.articles,
        **dict(sorted(crowd.counts.items())),
        "wrong": wrong,
    }


def _whole(path: Path) -> str:
    with closing(sqlite3.connect(path)) as conn:
        return str(conn.execute("PRAGMA integrity_check").fetchone()[0])


if __name__ == "__main__":
    sys.exit(main())
