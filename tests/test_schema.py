"""Opening the file: whose it is, which version it has, and what is said when it cannot be used."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import dying
import full_store
import pytest

from pressclip.errors import LockedError, StoreError
from pressclip.models import Article
from storage import columns, connection, lock, reading, schema
from storage.records import Selection
from storage.store import Store

ROOT = Path(__file__).parent.parent
RELEASED = ROOT / "tests" / "data" / "schemas"


def text_file(path: Path) -> None:
    path.write_text("私のメモ。これはデータベースではない。")


def other_program(path: Path) -> None:
    conn = sqlite3.connect(path)
    conn.execute("CREATE TABLE recipes (name)")
    conn.close()


def marked_by_other_program(path: Path) -> None:
    conn = sqlite3.connect(path)
    conn.execute("PRAGMA application_id = 42")
    conn.close()


def newer(path: Path) -> None:
    Store.open(path).close()
    conn = sqlite3.connect(path)
    conn.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    conn.close()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (Path.mkdir, "is a directory"),
        (os.mkfifo, "is no file"),
        (text_file, "is not a SQLite file"),
        (other_program, "belongs to another program"),
        (marked_by_other_program, "belongs to another program"),
        (newer, "written by a newer pressclip"),
    ],
)
def test_s05_s06_what_is_not_ours_is_named_and_left_as_it_is(
    tmp_path: Path, make: Callable[[Path], None], said: str
) -> None:
    path = tmp_path / "news.db"
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    for open_it in (Store.open, connection.open_readonly):
        with pytest.raises(StoreError, match=said) as caught:
            open_it(path)
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_s05_a_missing_folder_or_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"folder .* does not exist"):
        Store.open(tmp_path / "no" / "news.db")
    for open_it in (lambda path: Store.open(path, create=False), connection.open_readonly):
        with pytest.raises(StoreError, match="does not exist"):
            open_it(tmp_path / "news.db")
    assert not list(tmp_path.iterdir())


def test_s05_a_change_that_a_program_left_half_made_is_named_to_readers_and_undone_by_writers(
    tmp_path: Path,
) -> None:
    path, left = tmp_path / "whole.db", tmp_path / "left.db"
    Store.open(path).close()
    conn = sqlite3.connect(path, isolation_level=None)
    conn.execute("PRAGMA journal_mode = DELETE")
    conn.execute("PRAGMA cache_size = 1")  # so that pages reach the file before the end
    conn.execute("BEGIN IMMEDIATE")
    conn.execute("CREATE TABLE surplus (a)")
    conn.executemany("INSERT INTO surplus VALUES (?)", [["x" * 4000]] * 100)
    for end in ("", "-journal"):  # as kill -9 leaves them
        shutil.copy(f"{path}{end}", f"{left}{end}")
    conn.close()
    with pytest.raises(StoreError, match="in the middle of a change"):
        connection.open_readonly(left)
    Store.open(left).close()
    with reading.opened(left) as db:
        assert db.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'surplus'").fetchone()[0] == 0


def test_s05_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    path.touch()
    Store.open(path).close()
    with reading.opened(path) as db:
        assert reading.counts(db).articles == 0


def test_s03_another_writer_is_waited_for_then_named(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    with Store.open(path, patience=0.05) as store:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked by another program"):
            store.begin_run("crawl", "2026-11-22T10:00:00Z")
        with Store.open(path, patience=0.05) as second, pytest.raises(StoreError, match="locked by another"):
            second.mirror([])
        other.execute("ROLLBACK")
        other.close()
        assert store.begin_run("crawl", "2026-11-22T10:00:00Z") == 1


def test_s02_a_full_disk_is_named_and_nothing_is_half_written(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    with Store.open(path) as store:
        pages = store._conn.execute("PRAGMA page_count").fetchone()[0]
        store._conn.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreError, match="disk is full"):
            store.begin_run("crawl" * 10_000, "2026-11-22T10:00:00Z")
        store._conn.execute("PRAGMA max_page_count = 1000000")
        assert store.begin_run("crawl", "2026-11-22T10:00:00Z") == 1


def test_s08_a_damaged_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    Store.open(path).close()
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(StoreError, match="is damaged"), reading.opened(path) as db:
        list(reading.find_articles(db, Selection()))


READ_ONLY = """
import os, sys
from pathlib import Path
from pressclip.errors import StoreError
from storage import reading
from storage.store import Store
path = Path(sys.argv[1])
if os.geteuid() == 0:  # root may write anything
    os.setgid(65534)
    os.setuid(65534)
try:
    Store.open(path)
except StoreError as error:
    print(error)
with reading.opened(path) as db:
    print(reading.counts(db).articles)
"""


def test_s05_a_read_only_file_can_be_read_and_says_why_it_cannot_be_written() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "news.db"
        Store.open(path).close()
        path.chmod(0o444)
        path.parent.chmod(0o555)
        child = subprocess.run(
            [sys.executable, "-c", READ_ONLY, str(path)], cwd=Path(__file__).parent.parent, capture_output=True,
            encoding="utf-8", check=True,
        )  # fmt: skip
        path.parent.chmod(0o755)
    said, count = child.stdout.splitlines()
    assert "is read-only" in said
    assert count == "0"


def test_names_that_mean_something_in_an_address_are_only_names(tmp_path: Path) -> None:
    path = tmp_path / "ニュース?mode=memory#%41 '.db"
    Store.open(path).close()
    with reading.opened(path) as db:
        assert reading.counts(db).articles == 0
    assert path.stat().st_size > 0


def rows_of(path: Path, names: Mapping[str, Sequence[str]]) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of some tables, as far as these columns of theirs go."""
    conn = sqlite3.connect(path)
    rows = {
        table: sorted(conn.execute(f"SELECT {', '.join(names[table])} FROM {table}").fetchall(), key=repr)  # noqa: S608 - of the file itself
        for table in names
    }
    conn.close()
    return rows


def shape(path: Path) -> dict[str, object]:
    """Columns, keys and indexes of all tables; an older file has new columns in another place."""
    conn = sqlite3.connect(path)
    tables = [row[0] for row in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    found: dict[str, object] = {
        table: (
            {row[1:] for row in conn.execute(f"PRAGMA table_xinfo({table})")},
            {row[2:] for row in conn.execute(f"PRAGMA foreign_key_list({table})")},
        )
        for table in tables
    }
    found["indexes"] = set(conn.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'index'"))
    conn.close()
    return found


@pytest.fixture(params=sorted(RELEASED.glob("*.sql")), ids=lambda file: f"schema {file.stem}")
def released(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A store as a released version left it."""
    path = tmp_path / "news.db"
    conn = sqlite3.connect(path)
    conn.executescript(request.param.read_text(encoding="utf-8"))
    conn.close()
    return path


def tables_of(path: Path) -> dict[str, list[str]]:
    """The columns of each table whose rows people care for."""
    conn = sqlite3.connect(path)
    names = {
        table: [row[1] for row in conn.execute(f"PRAGMA table_info({table})")]
        for (table,) in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        if not table.startswith(("articles_fts", "_sqlite_migrations"))
    }
    conn.close()
    return names


def test_the_store_that_is_kept_of_each_release_has_rows_in_every_table(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    full_store.fill(path)
    assert [name for name, rows in rows_of(path, tables_of(path)).items() if not rows] == []


def version_of(path: Path) -> int:
    conn = sqlite3.connect(path)
    version: int = conn.execute("PRAGMA user_version").fetchone()[0]
    conn.close()
    return version


def test_s06_from_every_released_schema(
    released: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    names, version = tables_of(released), version_of(released)
    before = rows_of(released, names)
    assert all(before.values()), "the file has no row in some table"
    with pytest.raises(StoreError, match="written by an older pressclip"), reading.opened(released):
        pass
    Store.open(released).close()
    assert rows_of(released, names) == before
    kept = tmp_path / f"news.db.v{version}.bak"
    assert rows_of(kept, names) == before
    assert version_of(kept) == version
    said = capfd.readouterr().err
    assert str(kept) in said
    assert said.count("\n") == 1
    full_store.fill(tmp_path / "fresh.db")
    assert shape(released) == shape(tmp_path / "fresh.db")
    with reading.opened(released) as db:
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        for stored in reading.find_articles(db, Selection()):
            assert stored.article.authors == ("山田太郎", "Kim")
    with Store.open(released) as store:
        assert [hit.id for hit in store.search("규제")] == [3]
        waiting = store.due(full_store.NOW, source="wire")
        assert store.save([full_store.done(one) for one in waiting])[0].outcome == "new"
        assert [hit.id for hit in store.search("규제")] == [3, 5]


def test_s07_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    conn = sqlite3.connect(path)
    # Half of a store: the founding migration trips over the table that is there.
    conn.executescript("CREATE TABLE runs (x); PRAGMA application_id = 1668049264;")
    conn.close()
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        Store.open(path)
    conn = sqlite3.connect(path)
    assert conn.execute("SELECT name FROM sqlite_schema").fetchall() == [("runs",)]
    assert conn.execute("PRAGMA user_version").fetchone() == (0,)
    conn.close()


# Before each statement that SQLite runs, count; at the one that is asked for, die as by kill -9.
DIES = """
import sys
from pathlib import Path
import dying
dying.die(int(sys.argv[2]), None)
from storage.store import Store
Store.open(Path(sys.argv[1])).close()
"""


def test_s07_a_migration_killed_midway_leaves_the_old_version(released: Path) -> None:
    names, version = tables_of(released), version_of(released)
    before = rows_of(released, names)
    deaths, statement = 0, 1
    while version_of(released) == version:
        child = dying.run(DIES, released, statement)
        deaths += child.returncode == -signal.SIGKILL
        assert rows_of(released, names) == before
        conn = sqlite3.connect(released)
        assert conn.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        conn.close()
        statement += 2 + statement // 2
    assert deaths > 3
    Store.open(released).close()
    assert rows_of(released, names) == before
    with Store.open(released) as store:
        assert [hit.id for hit in store.search("규제")] == [3]


NO_ROOM = """
import resource, sys
from pathlib import Path
from pressclip.errors import StoreError
from storage.store import Store
resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
try:
    Store.open(Path(sys.argv[1]))
except StoreError as error:
    print(error)
"""


def test_s02_s07_without_room_for_a_copy_nothing_is_migrated(released: Path) -> None:
    names, version = tables_of(released), version_of(released)
    before = rows_of(released, names)
    child = subprocess.run(
        [sys.executable, "-c", NO_ROOM, str(released)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert "cannot be kept beside before it is changed" in child.stdout
    assert child.stdout.count("\n") == 1
    assert (rows_of(released, names), version_of(released)) == (before, version)
    assert [path.name for path in released.parent.iterdir()] == ["news.db"]


def test_a_second_opening_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    Store.open(path).close()
    with reading.opened(path) as db:
        before = db.execute("SELECT * FROM sqlite_schema").fetchall()
    Store.open(path).close()
    with reading.opened(path) as db:
        assert [tuple(row) for row in db.execute("SELECT * FROM sqlite_schema")] == [
            tuple(row) for row in before
        ]
        assert db.execute("PRAGMA application_id").fetchone()[0] == schema.APPLICATION_ID
        assert db.execute("PRAGMA user_version").fetchone()[0] == schema.VERSION
        assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_every_column_is_documented(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    Store.open(path).close()
    with reading.opened(path) as db:
        tables = {
            row["name"]: [column["name"] for column in db.execute(f"PRAGMA table_info({row['name']})")]
            for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
            if not row["name"].startswith(("articles_fts", "_sqlite_migrations"))
        }
    documented = {table.name: [name for name, _, _ in table.columns] for table in schema.describe()}
    assert documented == tables


def test_every_field_of_an_article_with_a_doc_is_a_column() -> None:
    assert [column.name for column in columns.COLUMNS] == [
        field.name for field in fields(Article) if "doc" in field.metadata
    ]


HOLDER = """
import sys, time
from pathlib import Path
from storage import lock
with lock.hold(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_s04_a_second_run_is_turned_away_and_a_dead_one_blocks_nobody(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    root = Path(__file__).parent.parent
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], cwd=root, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(LockedError, match="another pressclip run"), lock.hold(path):
            pass
        alias = tmp_path / "alias.db"
        alias.symlink_to(path)
        with pytest.raises(LockedError), lock.hold(alias, wait=0.1):
            pass
        holder.kill()
    with lock.hold(path):
        pass
    with lock.hold(path):
        pass


def test_s05_links_that_lead_nowhere_are_store_errors(tmp_path: Path) -> None:
    (tmp_path / "circle.db").symlink_to("circle.db")
    (tmp_path / "away.db").symlink_to(tmp_path / "no" / "news.db")
    for name, said in ("circle.db", "leads nowhere"), ("away.db", f"folder {tmp_path / 'no'} does not exist"):
        with pytest.raises(StoreError, match=said), lock.hold(tmp_path / name):
            pass


def test_s05_a_lock_in_a_missing_folder_is_a_store_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist"), lock.hold(tmp_path / "no" / "news.db"):
        pass
    assert not list(tmp_path.iterdir())
