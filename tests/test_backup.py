"""Copies of a store in use, and the way back to one."""

import resource
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import full_store
import pytest
from loopback import CommandLine

from pressclip.errors import StoreError
from storage import backup, connection, reading
from storage.store import Store

ROOT = Path(__file__).parent.parent
BATCH = 5

# Stores articles in batches, for as long as nobody ends it.
WRITER = f"""
import sys
from pathlib import Path
from pressclip.models import Article, Clipping, Page
from storage.store import Store
NOW = "2026-11-22T10:00:00Z"
with Store.open(Path(sys.argv[1])) as store:
    for place in range(0, 10**9, {BATCH}):
        batch = []
        for n in range(place, place + {BATCH}):
            url = f"https://e.com/{{n}}"
            article = Article(url=url, url_key=url, title=f"題{{n}}", text=f"本文{{n}}" * 300, markdown="m", fetched_at=NOW, content_hash=str(n))
            page = Page(url=url, final_url=url, body=url.encode() * 500, fetched_at=NOW)
            batch.append(Clipping(url=url, source=None, state="done", page=page, article=article))
        store.save(batch)
        print(place + {BATCH}, flush=True)
"""


def names(folder: Path) -> set[str]:
    """The files of a folder, without those that SQLite keeps beside a store."""
    return {file.name for file in folder.iterdir() if not file.name.endswith(("-wal", "-shm"))}


def copy(path: Path, target: Path, *, replace: bool = False) -> backup.Copied:
    with reading.opened(path) as db:
        return backup.copy(db, target, replace=replace)


def test_s13_a_copy_during_heavy_writes_is_of_one_moment(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    Store.open(path).close()
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        said = [int(writer.stdout.readline()) for _ in range(3)]
        counts = []
        for number in range(4):
            target = tmp_path / f"copy{number}.db"
            copied = copy(path, target)
            with reading.opened(target) as db:
                assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
                assert db.execute("PRAGMA journal_mode").fetchone()[0] == "delete"
                found = reading.counts(db)
                indexed = db.execute("SELECT count(*) FROM articles_fts_docsize").fetchone()[0]
            assert found.articles == found.pages == copied.articles == copied.pages == indexed
            assert found.articles % BATCH == 0
            counts.append(found.articles)
            while said[-1] <= counts[-1]:  # the next copy is of a store that has grown
                said.append(int(writer.stdout.readline()))
        assert writer.poll() is None, "it stopped writing"
        writer.kill()
    assert counts[0] >= said[2]
    assert counts == sorted(set(counts)), "a later copy is not of a later moment"


def test_s13_the_way_back(tmp_path: Path, pressclip: CommandLine) -> None:
    path, kept = tmp_path / "news.db", tmp_path / "kept.db"
    full_store.fill(path)
    done = pressclip("backup", "kept.db")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert {"kept.db", "news.db"} == names(tmp_path)
    before = pressclip("list", "--json").stdout
    path.write_bytes(path.read_bytes()[:20_000])  # an accident
    for end in ("", "-wal", "-shm"):  # what `pressclip backup --help` says
        path.with_name(path.name + end).unlink(missing_ok=True)
    shutil.copy(kept, path)
    assert pressclip("list", "--json").stdout == before
    with Store.open(path) as store:
        waiting = store.due(full_store.NOW, source="wire")
        assert store.save([full_store.done(one) for one in waiting])[0].outcome == "new"
    with reading.opened(path) as db:
        assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_an_existing_file_gives_way_only_when_asked(tmp_path: Path, pressclip: CommandLine) -> None:
    full_store.fill(tmp_path / "news.db")
    (tmp_path / "kept.db").write_text("my notes")
    refused = pressclip("backup", "kept.db")
    assert refused.returncode == 4
    assert refused.stderr == "pressclip: kept.db exists; name another file, or add --force to replace it\n"
    assert (tmp_path / "kept.db").read_text() == "my notes"
    said = pressclip("-v", "backup", "--force", "kept.db").stdout
    assert "kept.db: 12 articles, 15 raw pages" in said


def test_what_cannot_be_the_copy_is_named(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    full_store.fill(path)
    for target, said in {
        path: "is the store itself",
        tmp_path: "is a directory",
        tmp_path / "no" / "kept.db": "cannot be made: No such file or directory",
    }.items():
        with pytest.raises(StoreError, match=said):
            copy(path, target, replace=True)
    with Store.open(tmp_path / "other.db") as other:
        other.begin_run("crawl", full_store.NOW)
        with pytest.raises(StoreError, match=r"other\.db is in use"):
            copy(path, tmp_path / "other.db", replace=True)


def test_s02_a_copy_without_room_leaves_nothing(tmp_path: Path) -> None:
    path, target = tmp_path / "news.db", tmp_path / "kept.db"
    full_store.fill(path)
    target.write_text("the copy of yesterday")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with reading.opened(path) as db:
        resource.setrlimit(resource.RLIMIT_FSIZE, (65536, limits[1]))
        try:
            with pytest.raises(StoreError, match=r"kept\.db cannot be made"):
                backup.copy(db, target, replace=True)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert target.read_text() == "the copy of yesterday"
    assert {"kept.db", "news.db"} == names(tmp_path)


def test_s08_a_damaged_store_gives_no_copy(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    full_store.fill(path)
    conn = sqlite3.connect(path)
    [(place,)] = conn.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'articles_source'")
    conn.close()
    whole = bytearray(path.read_bytes())
    whole[(place - 1) * 4096 + 100 : place * 4096] = bytes(3996)
    path.write_bytes(whole)
    with (
        pytest.raises(StoreError, match=r"news\.db is damaged .*pressclip doctor"),
        connection.explained(path),
    ):
        copy(path, tmp_path / "kept.db")
    assert {"news.db"} == names(tmp_path)
