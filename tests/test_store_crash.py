"""kill -9 at any moment: what was committed stays, nothing is there twice, the next run goes on."""

import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import dying
import faulty_store
import pytest

from storage import reading
from storage.doctor import examine
from storage.store import Store

ROOT = Path(__file__).parent.parent
ITEMS = 400
BATCH = 5

# Polls a feed, saves what is due in batches, and says after each commit what it committed.
WRITER = f"""
import sys
from pathlib import Path
from pressclip.models import Article, Clipping, FeedEntry, Page, Poll
from storage import lock
from storage.store import Store

NOW = "2026-11-22T10:00:00Z"
path = Path(sys.argv[1])
with lock.hold(path), Store.open(path) as store:
    run = store.begin_run("crawl", NOW)
    print("run", run, flush=True)
    entries = tuple(
        FeedEntry(guid=str(n), url=f"https://e.com/{{n}}", url_key=f"e.com/{{n}}", title=f"題{{n}}") for n in range({ITEMS})
    )
    if store.state("coin") is None:
        store.record_poll(
            Poll(source="coin", url="u", asked_at=NOW, outcome="changed", etag="1", entries=entries), next_poll_at=NOW
        )
        print("polled", flush=True)
    due = store.due(NOW, source="coin")
    for place in range(0, len(due), {BATCH}):
        batch = due[place : place + {BATCH}]
        store.save([
            Clipping(
                url=q.url, source="coin", state="done", entry_id=q.entry_id,
                page=Page(url=q.url, final_url=q.url, body=q.url.encode() * 500, fetched_at=NOW),
                article=Article(
                    url=q.url, url_key=q.entry.url_key, title=q.entry.title, text=f"本文{{q.entry.guid}}" * 200,
                    markdown="m", fetched_at=NOW, content_hash=q.entry.guid, source="coin",
                ),
            )
            for q in batch
        ])
        print("saved", *(q.entry.guid for q in batch), flush=True)
    store.end_run(run, NOW, "ok", [])
print("end", flush=True)
"""


def run_writer(path: Path, kill_after: float | None) -> list[str]:
    """Run the writer, killed after so many seconds, counted from its first word; return what it said."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], cwd=ROOT, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        first = child.stdout.readline()
        if kill_after is not None:
            time.sleep(kill_after)
            child.kill()
        said = first + child.stdout.read()
    # A line that was cut by the kill says nothing.
    return [line for line in said.decode().split("\n")[:-1] if line]


def check(path: Path, saved: set[str]) -> int:
    """Assert that the file is whole and holds what was said to be saved; return the number of articles."""
    conn = sqlite3.connect(path)
    assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert conn.execute("PRAGMA foreign_key_check").fetchall() == []
    conn.execute("INSERT INTO articles_fts (articles_fts) VALUES ('integrity-check')")
    hashes = [row[0] for row in conn.execute("SELECT content_hash FROM articles")]
    assert len(hashes) == len(set(hashes))
    assert saved <= set(hashes)
    half = "SELECT count(*) FROM entries LEFT JOIN articles ON articles.id = article_id WHERE (state = 'done') <> (articles.id IS NOT NULL)"
    assert conn.execute(half).fetchone() == (0,)
    beside = "SELECT (SELECT count(*) FROM articles_fts), (SELECT count(*) FROM pages)"
    assert conn.execute(beside).fetchone() == (len(hashes), len(hashes))
    [(polled, entries)] = conn.execute(
        "SELECT (SELECT count(*) FROM sources WHERE etag = '1'), count(*) FROM entries"
    )
    assert entries == ITEMS * polled
    conn.close()
    return len(hashes)


def test_s01_killed_at_random_moments_and_run_to_the_end(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    moments = random.Random()
    saved: set[str] = set()
    for _ in range(6):
        said = run_writer(path, moments.uniform(0, 0.12))
        saved |= {guid for line in said if line.startswith("saved") for guid in line.split()[1:]}
        with reading.opened(path) as db:  # the log of the dead writer is still there
            assert reading.counts(db).articles >= len(saved)
        check(path, saved)
    assert run_writer(path, None)[-1] == "end"
    assert check(path, {str(number) for number in range(ITEMS)}) == ITEMS


# Makes a store and does a small run; dies as by kill -9 before its Nth COMMIT, or right after it.
DIES = """
import sys
from pathlib import Path
import dying
dying.die(int(sys.argv[2]), after=sys.argv[3] == "after")
import faulty_store
faulty_store.crawl(Path(sys.argv[1]), lambda sql: print(sql, flush=True))
"""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_s01_killed_at_each_commit(tmp_path: Path, moment: str) -> None:
    work, deaths, commit = faulty_store.WORK["make and crawl"], 0, 1
    while True:
        path = tmp_path / f"{commit}.db"
        child = dying.run(DIES, path, commit, moment)
        conn = sqlite3.connect(path)
        assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        for sql in child.stdout.splitlines():
            assert conn.execute(sql).fetchone() == (1,), sql
        conn.close()
        work.do(path, lambda _: None)
        conn = sqlite3.connect(path)
        assert work.done(lambda sql, conn=conn: conn.execute(sql).fetchone()[0])  # type: ignore[misc]  # bound to this turn
        conn.close()
        assert examine(path, faulty_store.NOW, deep=True) == []
        if child.returncode == 0:
            break
        deaths, commit = deaths + 1, commit + 1
    assert deaths > 5


def test_s04_readers_see_whole_batches_while_one_writes(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    Store.open(path).close()
    seen: set[int] = set()
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], cwd=ROOT, stdout=subprocess.PIPE
    ) as child:
        while child.poll() is None:
            with reading.opened(path) as db:
                seen.add(reading.counts(db).articles)
    assert all(count % BATCH == 0 for count in seen)
    assert seen
    assert check(path, set()) == ITEMS


@pytest.mark.parametrize("attempt", range(3))
def test_two_programs_may_make_the_store_at_once(tmp_path: Path, attempt: int) -> None:
    path = tmp_path / "news.db"
    code = "import sys; from pathlib import Path; from storage.store import Store; Store.open(Path(sys.argv[1])).close()"
    children = [subprocess.Popen([sys.executable, "-c", code, str(path)], cwd=ROOT) for _ in range(3)]
    assert [child.wait() for child in children] == [0, 0, 0]
    Store.open(path).close()
