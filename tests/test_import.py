"""`pressclip import`: archives into a real store; twice changes nothing, killed goes on, old never beats new."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import newsroom
import pytest
import webarchives as archives
from loopback import CommandLine

from pressclip.models import Article, Clipping, Page
from storage.store import Store

LONG = "取引所は監査人に板情報を公開すると発表した。" * 20


def one(folder: Path, sql: str, *values: object) -> Any:
    with sqlite3.connect(folder / "news.db") as db:
        return db.execute(sql, values).fetchone()[0]


def dump(folder: Path) -> list[tuple[object, ...]]:
    """All that an import may change, but for the list of runs."""
    tables = ("articles", "pages", "revisions", "entries", "site_articles", "site_blocks", "site_common")
    with sqlite3.connect(folder / "news.db") as db:
        return [row for table in tables for row in db.execute(f"SELECT * FROM {table} ORDER BY 1, 2")]  # noqa: S608 - our own


def report(done: "subprocess.CompletedProcess[str]") -> Any:
    return json.loads(done.stdout)


def mixed(folder: Path) -> None:
    """Write an archive with three articles and what stands between them."""
    html = archives.http(newsroom.article(1))
    records = [
        archives.record(archives.url(0), b"software: x\r\n", kind="warcinfo"), archives.article(1), archives.article(2),
        archives.record(archives.url(1), b"GET / HTTP/1.1\r\n\r\n", kind="request"),
        archives.record(archives.url(8), archives.http(b"gone", status="404 Not Found")),
        archives.record(archives.url(7), archives.http(b"\x89PNG", "Content-Type: image/png")),
        archives.record(archives.url(6), archives.http(b"<html><body><form><input type=password></form></body></html>")),
        archives.record(archives.url(5), html, date="never"), archives.article(3),
    ]  # fmt: skip
    (folder / "news.warc.gz").write_bytes(archives.zipped(*records))


def test_a_warc_becomes_articles_and_the_rest_is_counted_by_reason(
    tmp_path: Path, pressclip: CommandLine
) -> None:
    mixed(tmp_path)
    read = report(pressclip("import", "news.warc.gz", "--source", "wire", "--json"))
    assert read["records"] == 7
    assert (read["counts"]["new"], read["counts"]["skipped"]) == (3, 4)
    assert {"http_404": 1, "not_html": 1, "bad_date": 1}.items() <= read["reasons"].items()
    assert sum(read["reasons"].values()) == 4
    assert (
        one(tmp_path, "SELECT count(*) FROM articles WHERE source = 'wire' AND fetched_at = ?", archives.DATE)
        == 3
    )
    assert one(tmp_path, "SELECT count(*) FROM pages") == 3
    assert one(tmp_path, "SELECT outcome || new || skipped FROM runs") == "ok34"
    assert json.loads(one(tmp_path, "SELECT reasons FROM run_sources")) == read["reasons"]
    assert "Report 2" in pressclip("search", '"report number 2"').stdout

    before = dump(tmp_path)
    again = report(pressclip("import", "news.warc.gz", "--source", "wire", "--json"))
    assert (again["counts"]["unchanged"], again["counts"]["new"]) == (3, 0)
    assert dump(tmp_path) == before


def test_cron_hears_nothing_and_a_person_the_counts(tmp_path: Path, pressclip: CommandLine) -> None:
    mixed(tmp_path)
    quiet = pressclip("import", "news.warc.gz")
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")
    told = pressclip("-v", "import", "news.warc.gz").stdout
    assert told.startswith("7 records\n  3 unchanged\n  4 no articles\n")


def test_saved_pages_and_har_and_folders(tmp_path: Path, pressclip: CommandLine) -> None:
    folder = tmp_path / "saved"
    (folder / "page_files").mkdir(parents=True)
    note = b"<!-- saved from url=(0029)https://wire.example/news/1 -->"
    (folder / "page.html").write_bytes(note + newsroom.article(1))
    (folder / "page_files" / "ad.html").write_bytes(newsroom.article(9))
    (folder / "nameless.html").write_bytes(newsroom.article(2))
    entries = [
        archives.har_entry(archives.url(number), newsroom.article(number).decode()) for number in (3, 4)
    ]
    (folder / "log.har").write_bytes(archives.har(*entries))
    read = report(pressclip("import", "saved", "--json"))
    assert (read["counts"]["new"], read["reasons"]) == (3, {"no_address": 1})
    assert [Path(name).name for name in read["no_address"]] == ["nameless.html"]
    assert (
        one(tmp_path, "SELECT count(*) FROM articles WHERE url IN (?, ?, ?)", *map(archives.url, (1, 3, 4)))
        == 3
    )
    assert "nameless.html: says not where it came from" in pressclip("-v", "import", "saved").stdout


def test_what_sources_toml_says_holds_for_imported_pages(tmp_path: Path, pressclip: CommandLine) -> None:
    newsroom.subscribe(
        tmp_path, "https://wire.example/feed.xml", keys='topics = ["wires"]\ndrop = ["p:last-of-type"]'
    )
    mixed(tmp_path)
    assert report(pressclip("import", "news.warc.gz", "--source", "wire0", "--json"))["counts"]["new"] == 3
    assert one(tmp_path, "SELECT count(*) FROM articles WHERE topics LIKE '%wires%'") == 3
    assert one(tmp_path, "SELECT count(*) FROM articles WHERE text LIKE '%Regulators%'") == 0


def test_a_file_that_ends_too_early_is_one_line_and_loses_nothing_before(
    tmp_path: Path, pressclip: CommandLine
) -> None:
    whole = archives.zipped(*map(archives.article, range(4)))
    (tmp_path / "cut.warc.gz").write_bytes(whole[:-99])
    (tmp_path / "good.warc.gz").write_bytes(archives.zipped(archives.article(9)))
    (tmp_path / "none.har").write_bytes(b"{")
    done = pressclip("import", "cut.warc.gz", "none.har", "good.warc.gz")
    assert done.returncode == 1
    first, second = done.stderr.splitlines()
    assert first.startswith("pressclip: cut.warc.gz: could not be read from byte ")
    assert second.startswith("pressclip: none.har: is no HAR file: ")
    assert one(tmp_path, "SELECT count(*) FROM articles") == 4
    assert one(tmp_path, "SELECT outcome FROM runs") == "partial"


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        ("missing.warc", 2, "does not exist"), ("notes.txt", 2, "notes.txt: not an archive"), ("empty", 2, "no archive"),
        ("", 2, "Missing argument"),
    ],
)  # fmt: skip
def test_what_cannot_be_imported_is_a_usage_error(
    tmp_path: Path, pressclip: CommandLine, arguments: str, code: int, line: str
) -> None:
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    (tmp_path / "empty").mkdir()
    done = pressclip("import", *arguments.split())
    assert (done.returncode, done.stdout) == (code, "")
    assert line in done.stderr
    assert not (tmp_path / "news.db").exists()


def test_a_second_run_is_kept_out(tmp_path: Path, pressclip: CommandLine) -> None:
    from storage.lock import hold

    mixed(tmp_path)
    with hold(tmp_path / "news.db"):
        assert pressclip("import", "news.warc.gz").returncode == 75


def clipping(text: str, at: str, body: bytes | None = None) -> Clipping:
    url = archives.url(1)
    page = Page(url=url, final_url=url, body=body or text.encode(), fetched_at=at)
    article = Article(
        url=url, url_key="wire.example/news/1", title="t", text=text, markdown=text, fetched_at=at, content_hash=text,
    )  # fmt: skip
    return Clipping(url=url, source=None, state="done", page=page, article=article)


DAYS = [f"2026-11-{day:02d}T10:00:00Z" for day in range(1, 10)]
VERSIONS = [clipping(f"{name}{LONG}", DAYS[day]) for day, name in enumerate("ABC")]


def imported(folder: Path, *clippings: Clipping) -> tuple[list[str], str, list[tuple[str, ...]]]:
    """Import these one by one; give the outcomes, the article's text, and the revisions."""
    with Store.open(folder / "news.db") as store:
        run = store.begin_run("import", DAYS[0])
        outcomes: list[str] = [store.take_in([each], run, 0)[0].outcome for each in clippings]
    with sqlite3.connect(folder / "news.db") as db:
        revisions = db.execute(
            "SELECT why, substr(text, 1, 1), fetched_at FROM revisions ORDER BY id"
        ).fetchall()
        [text] = db.execute("SELECT substr(text, 1, 1) FROM articles").fetchone()
        db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('integrity-check')")
    return outcomes, text, revisions


@pytest.mark.parametrize("order", ["ABC", "CBA", "BAC", "CAB"])
def test_the_newest_version_wins_in_whatever_order_they_come(tmp_path: Path, order: str) -> None:
    by_name = dict(zip("ABC", VERSIONS, strict=True))
    _, text, revisions = imported(tmp_path, *(by_name[name] for name in order))
    assert text == "C"
    assert sorted(revisions) == [("replaced", "A", DAYS[0]), ("replaced", "B", DAYS[1])]
    before = dump(tmp_path)
    outcomes, _, _ = imported(tmp_path, *(by_name[name] for name in order))
    assert set(outcomes) == {"unchanged"}
    assert dump(tmp_path) == before


def test_two_versions_of_the_same_second_do_not_take_turns(tmp_path: Path) -> None:
    first, second = clipping(f"A{LONG}", DAYS[0]), clipping(f"B{LONG}", DAYS[0])
    assert imported(tmp_path, first, second)[:2] == (["new", "older"], "A")
    assert imported(tmp_path, first, second)[:2] == (["unchanged", "unchanged"], "A")


def test_a_version_that_was_seen_again_later_is_not_older(tmp_path: Path) -> None:
    seen_again = clipping(f"A{LONG}", DAYS[5])
    outcomes, text, _ = imported(
        tmp_path, clipping(f"A{LONG}", DAYS[0]), seen_again, clipping(f"B{LONG}", DAYS[3])
    )
    assert (outcomes, text) == (["new", "unchanged", "older"], "A")
    assert (
        one(tmp_path, "SELECT fetched_at FROM pages WHERE body_hash = (SELECT body_hash FROM pages LIMIT 1)")
        == DAYS[5]
    )


def test_a_version_that_came_back_and_was_seen_again_is_not_older(tmp_path: Path) -> None:
    first, other = f"A{LONG}", f"B{LONG}"
    back = [
        clipping(first, DAYS[0]),
        clipping(other, DAYS[1]),
        clipping(first, DAYS[2]),
        clipping(first, DAYS[5]),
    ]
    outcomes, text, _ = imported(tmp_path, *back, clipping(f"C{LONG}", DAYS[4]))
    assert (outcomes, text) == (["new", "updated", "updated", "unchanged", "older"], "A")


def test_e04_a_newer_version_that_is_a_stub_stays_suspect(tmp_path: Path) -> None:
    outcomes, text, revisions = imported(tmp_path, VERSIONS[0], clipping("Z", DAYS[4]), VERSIONS[1])
    assert (outcomes, text) == (["new", "worse", "updated"], "B")
    assert [revision[:2] for revision in revisions] == [("worse", "Z"), ("replaced", "A")]


def test_what_is_no_article_leaves_nothing(tmp_path: Path) -> None:
    with Store.open(tmp_path / "news.db") as store:
        run = store.begin_run("import", DAYS[0])
        page = Page(url="https://e.example/", final_url="https://e.example/", body=b"x", fetched_at=DAYS[0])
        rejected = Clipping(url=page.url, source=None, state="rejected", page=page, reason="thin: x")
        assert store.take_in([rejected], run, 7)[0].outcome == "rejected"
    assert one(tmp_path, "SELECT count(*) FROM pages") == 0
    assert one(tmp_path, "SELECT done_to FROM runs") == 7


def test_pages_that_are_exported_come_back_the_same(tmp_path: Path, pressclip: CommandLine) -> None:
    mixed(tmp_path)
    pressclip("import", "news.warc.gz", "--source", "wire")
    with Store.open(tmp_path / "news.db") as store:
        run = store.begin_run("import", DAYS[0])
        store.take_in(VERSIONS, run, 0)  # older than what was imported: revisions with pages of their own
    assert pressclip("export", "--format", "warc", "-o", "out.warc.gz").returncode == 0
    done = pressclip("--db", "second.db", "import", "out.warc.gz", "--source", "wire", "--json")
    assert report(done)["counts"]["new"] == 3
    columns = (
        "url, url_key, title, text, markdown, fetched_at, content_hash, source, authors, published_at, lang"
    )
    with sqlite3.connect(tmp_path / "second.db") as db:
        db.execute("ATTACH ? AS first", [str(tmp_path / "news.db")])
        for mine, other in (("main", "first"), ("first", "main")):
            left = f"SELECT {columns} FROM {mine}.articles EXCEPT SELECT {columns} FROM {other}.articles"  # noqa: S608 - names of our own
            assert db.execute(left).fetchall() == []


def start(folder: Path, *files: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "pressclip", "import", *files]
    return subprocess.Popen(command, cwd=folder, env={**os.environ, "PYTHONUTF8": "1"})


@pytest.mark.parametrize("number", [9, 15])
def test_s01_killed_in_the_middle_it_goes_on_where_it_stood(
    tmp_path: Path, pressclip: CommandLine, number: int
) -> None:
    first, second = 64 * 2, 64
    (tmp_path / "one.warc.gz").write_bytes(archives.zipped(*map(archives.article, range(first))))
    (tmp_path / "two.warc").write_bytes(b"".join(map(archives.article, range(first, first + second))))
    Store.open(tmp_path / "news.db").close()
    process = start(tmp_path, "one.warc.gz", "two.warc")
    deadline = time.monotonic() + 60
    while not one(tmp_path, "SELECT count(*) FROM articles"):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(number)
    assert process.wait() == (-9 if number == 9 else 128 + number)
    stored = one(tmp_path, "SELECT count(*) FROM articles")
    assert 0 < stored < first + second
    assert stored % 64 == 0  # whole batches
    assert one(tmp_path, "PRAGMA integrity_check") == "ok"
    rest = report(pressclip("import", "one.warc.gz", "two.warc", "--json"))
    assert rest["done_before"] > 0
    assert (rest["records"], rest["counts"]["new"]) == (first + second - stored, first + second - stored)
    assert one(tmp_path, "SELECT count(*) FROM articles") == first + second
    ended = "killed" if number == 9 else "interrupted"
    assert (
        one(tmp_path, "SELECT group_concat(outcome) FROM (SELECT outcome FROM runs ORDER BY id)")
        == f"{ended},ok"
    )
