"""What is wrong is found, named with what to do, and mended where that can be; a damaged file never ends in a traceback."""

import json
import os
import random
import sqlite3
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import full_store
import pytest
from loopback import CommandLine
from sql import rows
from test_store_roundtrip import words_of_index

from pressclip.errors import StoreError
from storage import lock
from storage.doctor import Finding, examine
from storage.store import Store

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    full_store.fill(tmp_path / "news.db")
    return tmp_path / "news.db"


def change(path: Path, *statements: str) -> None:
    """Do to a store what no command does."""
    conn = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        conn.execute(statement)
    conn.close()


def faults(path: Path, *, deep: bool = False) -> list[Finding]:
    return [finding for finding in examine(path, NOW, deep=deep) if finding.level != "note"]


def fix(path: Path, *, deep: bool = False) -> None:
    with Store.open(path) as store:
        store.mend({finding.what for finding in examine(path, NOW, deep=deep)})


def test_nothing_is_wrong_with_a_store_that_only_we_wrote(path: Path, pressclip: CommandLine) -> None:
    assert examine(path, NOW, deep=True) == []
    done = pressclip("doctor")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert pressclip("-v", "doctor", "--deep").stdout == "news.db: all is well\n"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')", "lacks 12 articles, and has 0"),
        ("DELETE FROM articles_fts_docsize WHERE id IN (SELECT max(id) FROM articles_fts_docsize)", "lacks 1 articles"),
        ("INSERT INTO articles_fts (rowid, title) VALUES (1, 'x')", "lacks 0 articles, and has 1"),
    ],
)  # fmt: skip
def test_s09_an_index_out_of_step_is_found_and_made_anew(path: Path, statement: str, said: str) -> None:
    before = words_of_index(path, fresh=False)
    change(path, statement)
    [finding] = faults(path)
    assert (finding.what, finding.level) == ("full text", "fault")
    assert said in finding.text
    fix(path)
    assert faults(path, deep=True) == []
    assert words_of_index(path, fresh=False) == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE articles SET text = text || ' 余分' WHERE id = 3",
        "UPDATE articles SET text = replace(text, '規', '則') WHERE id = 3",  # as many words as before
        "UPDATE articles SET lang = 'ko' WHERE id = 3",
    ],
)
def test_s09_a_text_that_the_index_does_not_know_is_found_deep_down(path: Path, statement: str) -> None:
    change(path, statement)
    assert faults(path) == []
    [finding] = faults(path, deep=True)
    assert finding.what == "full text"
    fix(path, deep=True)
    assert faults(path, deep=True) == []
    assert words_of_index(path, fresh=False) == words_of_index(path, fresh=True)


def test_s09_the_command_finds_and_mends(path: Path, pressclip: CommandLine) -> None:
    change(path, "INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')")
    assert pressclip("search", "규제").stdout == ""
    found = pressclip("doctor")
    assert found.returncode == 1
    assert found.stdout.startswith("fault: full text: ")
    assert "pressclip doctor --fix" in found.stdout
    mended = pressclip("doctor", "--fix")
    assert (mended.returncode, mended.stdout) == (0, "mended: full text\n")
    assert pressclip("search", "규제").stdout != ""


def test_rows_that_name_nothing_go_or_forget_the_name(path: Path) -> None:
    change(path, "DELETE FROM articles WHERE id = 1", "DELETE FROM pages WHERE id = 3", "DELETE FROM runs")
    found = {finding.what: finding for finding in faults(path)}
    assert set(found) == {"orphans", "full text"}
    fix(path)
    assert rows(path, "PRAGMA foreign_key_check") == []
    # The entry of the lost article is asked again: it may still be had.
    [left] = faults(path)
    assert left.what == "entries"
    fix(path)
    assert faults(path, deep=True) == []
    assert rows(path, "SELECT state FROM entries WHERE id = 1") == [("waiting",)]
    assert rows(path, "SELECT count(*) FROM revisions WHERE article_id = 1") == [(0,)]
    assert rows(path, "SELECT count(*) FROM articles WHERE page_id IS NULL") == [(1,)]
    assert rows(path, "SELECT count(*) FROM articles") == [(11,)]


def test_articles_at_a_wrong_place_in_time_find_theirs(path: Path) -> None:
    before = rows(path, "SELECT id, sort_key FROM articles ORDER BY id")
    change(path, "UPDATE articles SET sort_key = sort_key + 86400000000 * 30 WHERE id IN (2, 5)")
    assert {finding.what for finding in faults(path)} == {"order", "full text"}
    fix(path)
    assert faults(path, deep=True) == []
    assert rows(path, "SELECT id, sort_key FROM articles ORDER BY id") == before


def test_a_story_without_its_first_article_gets_another(path: Path) -> None:
    change(
        path,
        "UPDATE articles SET story_id = 99 WHERE id IN (4, 7)",
        "UPDATE articles SET story_id = 98 WHERE id = 5",
    )
    assert [finding.what for finding in faults(path)] == ["stories"]
    fix(path)
    assert faults(path) == []
    assert rows(path, "SELECT id, story_id FROM articles WHERE id IN (4, 5, 7)") == [
        (4, 4),
        (5, None),
        (7, 4),
    ]


def test_a_raw_page_that_cannot_be_unpacked_goes(path: Path) -> None:
    change(
        path, "UPDATE pages SET body = x'00ff' WHERE id = 3", "UPDATE pages SET body_hash = 'x' WHERE id = 4"
    )
    assert faults(path) == []
    [finding] = faults(path, deep=True)
    assert "2 raw pages are not what they were" in finding.text
    fix(path, deep=True)
    assert faults(path, deep=True) == []
    assert rows(path, "SELECT count(*) FROM pages") == [(13,)]
    assert rows(path, "SELECT count(*) FROM articles WHERE page_id IS NULL") == [(2,)]


def test_an_index_without_its_rows_is_made_anew(path: Path) -> None:
    [(sql,)] = rows(path, "SELECT sql FROM sqlite_schema WHERE name = 'articles_url'")
    change(
        path, "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET sql = 'CREATE INDEX articles_url ON articles (url) WHERE id < 0' WHERE name = 'articles_url'",
    )  # fmt: skip
    change(
        path,
        "REINDEX articles_url",
        "PRAGMA writable_schema = ON",
        f"UPDATE sqlite_schema SET sql = '{sql}' WHERE name = 'articles_url'",  # noqa: S608 - its own
    )
    [finding] = faults(path, deep=True)
    assert finding.what == "indexes"
    fix(path, deep=True)
    assert faults(path, deep=True) == []


def test_what_is_worth_knowing_is_no_fault(path: Path, pressclip: CommandLine) -> None:
    with Store.open(path) as store:
        store.begin_run("crawl", full_store.NOW)
    change(
        path, "UPDATE articles SET page_id = NULL WHERE id = 5",
        "UPDATE articles SET fetched_at = '2036-01-01T00:00:00Z', published_at = NULL, sort_key = 2082758400000000 WHERE id = 6",
        "INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')", "PRAGMA journal_mode = DELETE",
    )  # fmt: skip
    fix(path)
    change(path, "PRAGMA journal_mode = DELETE")
    notes = examine(path, NOW)
    assert [(note.what, note.level) for note in notes] == [
        ("clock", "note"), ("pages", "note"), ("journal", "note"), ("runs", "note"),
    ]  # fmt: skip
    with lock.hold(path):  # somebody runs
        assert "runs" not in {note.what for note in examine(path, NOW)}
    done = pressclip("doctor")
    assert (done.returncode, done.stdout) == (0, "")
    said = json.loads(pressclip("doctor", "--json").stdout)
    assert {finding["what"] for finding in said["findings"]} >= {"pages", "runs"}


def test_an_older_file_is_named_and_brought_up_to_date(tmp_path: Path, pressclip: CommandLine) -> None:
    conn = sqlite3.connect(tmp_path / "news.db")
    conn.executescript((ROOT / "tests" / "data" / "schemas" / "1.sql").read_text(encoding="utf-8"))
    conn.close()
    found = pressclip("doctor")
    assert found.returncode == 1
    assert "the schema is of version 1" in found.stdout
    mended = pressclip("doctor", "--fix")
    assert (mended.returncode, mended.stdout) == (0, "mended: schema\n")
    assert "news.db.v1.bak" in mended.stderr


def test_another_run_keeps_doctor_from_writing(path: Path, pressclip: CommandLine) -> None:
    change(path, "INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')")
    with lock.hold(path):
        assert pressclip("doctor").returncode == 1
        assert pressclip("doctor", "--fix").returncode == 75


def test_s08_a_corrupted_page_is_found_and_left_alone(path: Path, pressclip: CommandLine) -> None:
    [(place,)] = rows(path, "SELECT rootpage FROM sqlite_schema WHERE name = 'articles'")
    whole = bytearray(path.read_bytes())
    whole[(place - 1) * 4096 : place * 4096] = random.Random(1).randbytes(4096)
    path.write_bytes(whole)
    done = pressclip("doctor", "--fix")
    assert done.returncode == 4
    assert done.stdout.startswith("damage: damage: ")
    assert "copy the last backup to its place" in done.stdout
    assert done.stderr == ""
    assert path.read_bytes() == bytes(whole)


def test_s08_whatever_page_is_corrupted_there_is_no_traceback(path: Path) -> None:
    dice = random.Random(2026)
    whole = path.read_bytes()
    for page in range(len(whole) // 4096):
        broken = bytearray(whole)
        start = page * 4096 + dice.randrange(4096) if page else 100 + dice.randrange(3996)
        end = min(start + dice.choice((1, 16, 4096)), (page + 1) * 4096)
        broken[start:end] = dice.randbytes(end - start)
        for name in ("-wal", "-shm"):
            path.with_name(path.name + name).unlink(missing_ok=True)
        path.write_bytes(broken)
        findings: list[Finding] = []
        with suppress(StoreError):  # it cannot be opened at all
            findings = examine(path, NOW, deep=True)
        assert all(finding.mend for finding in findings if finding.level != "note")


# Writes, and is killed with its log beside the store.
DIES = """
import os, signal, sys
from pathlib import Path
from storage.store import Store
store = Store.open(Path(sys.argv[1]))
for n in range(50):
    store.begin_run("crawl" * 100, "2026-11-22T10:00:00Z")
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("accident", ["cut short", "deleted"])
def test_s08_a_log_that_is_not_whole_is_named(path: Path, accident: str, pressclip: CommandLine) -> None:
    before = rows(path, "SELECT count(*) FROM articles")
    subprocess.run([sys.executable, "-c", DIES, str(path)], cwd=ROOT, check=False)
    log = path.with_name("news.db-wal")
    assert log.stat().st_size > 50 * 4096
    if accident == "deleted":
        log.unlink()
    else:
        os.truncate(log, 20 * 4096 + 1)
    done = pressclip("doctor")
    assert done.returncode == 1, done.stderr
    assert (
        f"fault: log: news.db-wal {'was deleted' if accident == 'deleted' else 'is cut short'}" in done.stdout
    )
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]
    assert rows(path, "SELECT count(*) FROM articles") == before
    assert pressclip("doctor").returncode == 0, "the store is whole, and goes on"


def test_s08_a_log_that_is_whole_is_no_fault(path: Path) -> None:
    subprocess.run([sys.executable, "-c", DIES, str(path)], cwd=ROOT, check=False)
    assert faults(path) == []
    assert rows(path, "SELECT count(*) FROM runs") == [(51,)]
