"""Work on a store in which the Nth write fails, or ends the process; then: is all that was promised still there?

As a script, with tests/faults.c preloaded, this does each piece of work again and again, with another write struck
each time, and prints what came of it as JSON. `run` builds the library and starts the script. Each piece of work says
what it committed right after; that must be there afterwards, the store must be whole, and the same work done once
more must come to its end.
"""
# ruff: noqa: S608 - the SQL is our own

import ctypes
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import full_store

from pressclip.errors import StoreError
from pressclip.models import Poll
from pressclip.retention import Retention
from storage import backup, connection
from storage.doctor import examine
from storage.recleaning import Wanted
from storage.store import Store

TESTS = Path(__file__).parent
NOW = datetime(2026, 11, 23, tzinfo=UTC)
LATER = "2026-11-22T11:00:00Z"
MODES = {"EIO": 0, "disk full": 1, "kill -9": 2}  # as tests/faults.c numbers them
NAMED, BUG = 10, 11  # exit codes of a piece of work: a StoreError, anything else
NEW = range(100, 106)

Say = Callable[[str], None]
One = Callable[[str], object]


@dataclass(frozen=True)
class Work:
    """A piece of work, the store that it begins with, what tells that something it said is there, and that it is done."""

    begin: Callable[[Path], None]
    do: Callable[[Path, Say], None]
    holds: Callable[[One, str], bool]
    done: Callable[[One], bool]


def crawl(path: Path, say: Say) -> None:
    with Store.open(path) as store:
        run = store.begin_run("crawl", LATER)
        say(f"SELECT count(*) FROM runs WHERE id = {run}")
        entries = tuple(map(full_store.entry, NEW))
        poll = Poll(
            source="wire",
            url="https://wire.example/feed",
            asked_at=LATER,
            outcome="changed",
            etag="2",
            entries=entries,
        )
        store.record_poll(poll, next_poll_at=LATER)
        say("SELECT count(*) FROM sources WHERE etag = '2'")
        due = [
            queued for queued in store.due(LATER, source="wire") if int(queued.entry.guid.split()[1]) in NEW
        ]
        for place in range(0, len(due), 2):
            for result in store.save([full_store.done(one) for one in due[place : place + 2]]):
                say(f"SELECT count(*) FROM articles WHERE id = {result.article_id}")
        store.weigh(lambda _: 3)
        store.end_run(run, LATER, "ok", [])
        say(f"SELECT count(*) FROM runs WHERE id = {run} AND outcome = 'ok'")


def is_crawled(one: One) -> bool:
    waiting = "SELECT count(*) FROM entries WHERE state = 'done' AND guid >= 'guid 100' AND guid < 'guid 106' AND length(guid) = 8"
    articles = "SELECT count(DISTINCT content_hash) = 6 AND count(*) = 6 FROM articles WHERE url_key LIKE 'wire.example/10_'"
    return one(waiting) == len(NEW) and one(articles) == 1


def first_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as conn:
        conn.executescript((TESTS / "data" / "schemas" / "1.sql").read_text(encoding="utf-8"))
        conn.execute("PRAGMA journal_mode = WAL")


def migrate(path: Path, say: Say) -> None:
    Store.open(path).close()
    say("SELECT user_version = 2 FROM pragma_user_version")


def is_migrated(one: One) -> bool:
    return one("SELECT user_version FROM pragma_user_version") == 2 and keeps_first_rows(one, "")


def keeps_first_rows(one: One, said: str) -> bool:
    rows = "SELECT (SELECT count(*) FROM articles) || (SELECT count(*) FROM entries) || (SELECT count(*) FROM revisions)"
    return one(rows) == "473" and (not said or one(said) == 1)


def prune(path: Path, say: Say) -> None:
    wanted = Retention(articles_before="2026-11-14", pages_before="2026-11-19T00:00:00Z", runs_before=LATER)
    with Store.open(path) as store:
        store.prune(wanted)
    say("SELECT min(fetched_at) > '2026-11-19' FROM pages")


def is_pruned(one: One) -> bool:
    return one("SELECT count(*) FROM articles") == 10 and one("SELECT count(*) FROM runs") == 0


def reclean(path: Path, say: Say) -> None:
    with Store.open(path) as store:
        run = store.begin_run("reclean", LATER)
        due = {kept.article_id: kept for kept in store.pages_after(Wanted(), 0, 100) if kept.article_id}
        for number in sorted(due)[:6]:
            kept = due[number]
            queued = full_store.queued(int(kept.page.url.rsplit("/", 1)[1]), kept.entry_id)
            again = full_store.done(queued, text="清め直した。" + full_store.text(number))
            store.write_back([(kept, again)], LATER, run, done_to=kept.page_id)
            say(f"SELECT text LIKE '清め直した。%' FROM articles WHERE id = {number}")
        store.end_run(run, LATER, "ok", [])


def is_recleaned(one: One) -> bool:
    return one("SELECT count(*) FROM articles WHERE text LIKE '清め直した。%'") == 6


def copy(path: Path, say: Say) -> None:
    with closing(connection.open_readonly(path)) as conn:
        backup.copy(conn, path.with_name("copy.db"), replace=True)
    say(f"ATTACH '{path.with_name('copy.db')}' AS copied")


def is_copied(one: One, said: str = "SELECT 1") -> bool:
    one(said)
    return not said.startswith("ATTACH") or one("SELECT count(*) FROM copied.articles") == 12


def is_there(one: One, said: str) -> bool:
    return one(said) == 1


WORK = {
    "make and crawl": Work(lambda _: None, crawl, is_there, is_crawled),
    "crawl": Work(full_store.fill, crawl, is_there, is_crawled),
    "migrate": Work(first_version, migrate, keeps_first_rows, is_migrated),
    "prune": Work(full_store.fill, prune, is_there, is_pruned),
    "reclean": Work(full_store.fill, reclean, is_there, is_recleaned),
    "backup": Work(full_store.fill, copy, is_copied, is_copied),
}


class Loop:
    """Does one piece of work, with one write struck after another."""

    def __init__(self, library: ctypes.CDLL, work: Work, folder: Path) -> None:
        self._library, self._work, self._folder = library, work, folder
        self._first = folder / "first.db"
        work.begin(self._first)

    def run(self, mode: str, numbers: Iterator[int]) -> dict[str, Any]:
        """Strike these writes; return what came of it, by kind."""
        counts: Counter[str] = Counter()
        bugs: list[str] = []
        for number in numbers:
            place = self._folder / "work"
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            path = place / "news.db"
            if self._first.exists():
                shutil.copy(self._first, path)
            code, said = self._struck(path, number, MODES[mode])
            counts[{0: "absorbed", NAMED: "named", -signal.SIGKILL: "killed"}.get(code, "bug")] += 1
            counts["struck"] += 1
            wrong = said if code == BUG else self._wrong(path, said)
            if wrong:
                bugs.append(f"{mode}, write {number}: {wrong}")
        return {**counts, "bugs": bugs}

    def writes(self) -> int:
        """Count the writes of the work when none fails."""
        place = self._folder / "count"
        place.mkdir()
        if self._first.exists():
            shutil.copy(self._first, place / "news.db")
        self._library.fault_arm(ctypes.c_long(0), 0)
        self._work.do(place / "news.db", lambda _: None)
        seen: int = self._library.fault_seen()
        self._library.fault_disarm()
        return seen

    def _struck(self, path: Path, number: int, mode: int) -> tuple[int, str]:
        """Do the work in a process of its own; return how it ended, and what it said."""
        words = path.with_name("said")
        child = os.fork()
        if not child:
            with words.open("a", encoding="utf-8", buffering=1) as said:
                code = 0
                self._library.fault_arm(ctypes.c_long(number), mode)
                try:
                    self._work.do(path, lambda sql: print(sql, file=said))
                except StoreError:
                    code = NAMED
                except BaseException:  # noqa: BLE001 - whatever it is, it is what we look for
                    said.write(traceback.format_exc())
                    code = BUG
                self._library.fault_disarm()
            os._exit(code)
        status = os.waitpid(child, 0)[1]
        return os.waitstatus_to_exitcode(status), words.read_text(encoding="utf-8") if words.exists() else ""

    def _wrong(self, path: Path, said: str) -> str:
        """Hold the store against what was said, then do the work once more; say what is wrong."""
        try:
            if path.exists() and path.stat().st_size:
                with closing(sqlite3.connect(path)) as conn:
                    if (whole := conn.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
                        return str(whole)
                    if conn.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                        one = _asker(conn)
                        if left := _left(path):
                            return left
                        for sql in said.splitlines() or [""] * (self._work.holds is keeps_first_rows):
                            if not self._work.holds(one, sql):
                                return f"lost: {sql}"
            self._work.do(path, lambda _: None)
            with closing(sqlite3.connect(path)) as conn:
                if not self._work.done(_asker(conn)):
                    return "the work does not come to its end"
            return _left(path, deep=True)
        except Exception:  # noqa: BLE001 - whatever it is, it is what we look for
            return traceback.format_exc()


def _left(path: Path, *, deep: bool = False) -> str:
    """Say what doctor finds, beside a schema that is not migrated yet."""
    found = examine(path, NOW, deep=deep)
    return "; ".join(one.text for one in found if one.level != "note" and one.what != "schema")


def _asker(conn: sqlite3.Connection) -> One:
    def one(sql: str) -> object:
        row = conn.execute(sql).fetchone()
        return row[0] if row else None

    return one


def build(folder: Path) -> Path | None:
    """Compile tests/faults.c; None: there is no compiler."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        return None
    library = folder / "faults.so"
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(TESTS / "faults.c"), "-ldl"]
    subprocess.run(command, check=True, capture_output=True)
    return library


def run(library: Path, *, few: bool) -> dict[str, Any]:
    """Start the script with the library; `few` strikes a tenth of the writes, in the next mode each time."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", __file__, *(["few"] if few else [])],
        env={**os.environ, "LD_PRELOAD": str(library), "PYTHONPATH": f"{TESTS.parent}"},
        capture_output=True, check=False, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def main(*, few: bool) -> None:
    """Strike, and print what came of it."""
    library = ctypes.CDLL(os.environ["LD_PRELOAD"])
    answer: dict[str, Any] = {}
    for name, work in WORK.items():
        with tempfile.TemporaryDirectory() as folder:
            loop = Loop(library, work, Path(folder))
            writes = loop.writes()
            answer[name] = {"writes": writes}
            for place, mode in enumerate(MODES):
                step = max(1, writes // 4) if few else 1
                answer[name][mode] = loop.run(mode, iter(range(1 + place if few else 1, writes + 1, step)))
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main(few="few" in sys.argv[1:])
