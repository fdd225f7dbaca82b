"""Exports as files: Parquet and WARC read back, and a file is there as a whole or not at all."""

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from fastwarc.warc import ArchiveIterator
from loopback import CommandLine

from pressclip.cli.extras import need
from pressclip.errors import UsageError
from pressclip.models import Article, Clipping, Page
from storage.exporting.feed import Feed
from storage.exporting.files import replacing
from storage.exporting.formats import write
from storage.exporting.parquet import ROWS, write_parquet
from storage.exporting.warc import warc_records
from storage.records import Stored
from storage.store import Store

AT = "2026-11-22T10:00:00Z"


def article(number: int, **changes: object) -> Article:
    fields: dict[str, object] = {
        "url": f"https://e.example/{number}", "url_key": f"e.example/{number}", "title": f"題 {number}",
        "text": f"本文 {number}", "markdown": f"本文 {number}", "fetched_at": AT, "content_hash": str(number),
    }  # fmt: skip
    return Article(**fields | changes)  # type: ignore[arg-type]  # fields of Article only


def page(number: int, body: bytes = b"", **changes: object) -> Page:
    url = f"https://e.example/{number}"
    fields: dict[str, object] = {
        "url": url, "final_url": url, "body": body or f"<p>本文 {number}".encode(), "fetched_at": AT,
        "content_type": "text/html; charset=utf-8",
    }  # fmt: skip
    return Page(**fields | changes)  # type: ignore[arg-type]  # fields of Page only


def clipping(number: int) -> Clipping:
    return Clipping(
        url=f"https://e.example/{number}",
        source="s",
        state="done",
        page=page(number),
        article=article(number),
    )


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """Fill a store with three articles."""
    with Store.open(tmp_path / "news.db") as store:
        store.save([clipping(number) for number in range(3)])
    return tmp_path


def test_parquet_has_lists_and_moments() -> None:
    file = io.BytesIO()
    write_parquet(
        (
            Stored(
                id=number,
                article=article(number, authors=("山田", "Kim"), published_at=day, origins={"title": "h1"}),
            )
            for number, day in enumerate(("2026-11-21", "2026-11-21T08:00:00Z", "../../etc", None))
        ),
        file,
    )
    rows = pq.read_table(file).to_pylist()
    assert [row["id"] for row in rows] == [0, 1, 2, 3]
    assert rows[0]["authors"] == ["山田", "Kim"]
    assert rows[0]["origins"] == [("title", "h1")]
    assert rows[0]["fetched_at"] == datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert [row["published_at"] for row in rows] == [
        datetime(2026, 11, 21, tzinfo=UTC), datetime(2026, 11, 21, 8, tzinfo=UTC), None, None,
    ]  # fmt: skip


def test_parquet_goes_group_by_group_and_holds_any_text() -> None:
    file = io.BytesIO()
    write_parquet((Stored(id=n, article=article(n, title="\ud800\0")) for n in range(ROWS + 1)), file)
    read = pq.ParquetFile(file)
    assert [read.metadata.row_group(place).num_rows for place in range(read.num_row_groups)] == [ROWS, 1]
    empty = io.BytesIO()
    write_parquet([], empty)
    assert pq.read_table(empty).num_rows == 0


def test_a_warc_holds_the_bytes_as_they_were_served() -> None:
    body = "①".encode("cp932") + b"\r\n\r\nWARC/1.0\r\n" + bytes(range(256))
    pages = [
        page(1, body, content_type="text/html; charset=Shift_JIS", etag='"a"', last_modified="Sun, 22 Nov 2026 10:00:00 GMT"),
        page(2, url="https://e.example/old"),
        page(3, content_type="text/html\r\nSet-Cookie: a", url="https://e.example/3\r\nWARC-Type: x"),
    ]  # fmt: skip
    records = list(ArchiveIterator(io.BytesIO(b"".join(warc_records(pages)))))
    said = [
        (
            one.headers["WARC-Type"],
            one.headers.get("WARC-Target-URI"),
            one.http_headers and one.http_headers.status_code,
        )
        for one in records
    ]
    assert said == [
        ("warcinfo", None, None), ("response", "https://e.example/1", 200), ("response", "https://e.example/old", 302),
        ("response", "https://e.example/2", 200), ("response", "https://e.example/3 WARC-Type: x", 302),
        ("response", "https://e.example/3", 200),
    ]  # fmt: skip
    assert len({one.record_id for one in records}) == len(records)
    archive = ArchiveIterator(io.BytesIO(b"".join(warc_records(pages))))
    first = next(one for one in archive if one.headers["WARC-Type"] == "response")
    assert first.http_headers is not None
    assert first.reader.read() == body
    assert first.record_date == datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert dict(first.http_headers) == {
        "Content-Type": "text/html; charset=Shift_JIS", "ETag": '"a"',
        "Last-Modified": "Sun, 22 Nov 2026 10:00:00 GMT", "Content-Length": str(len(body)),
    }  # fmt: skip


def test_each_format_of_the_command_writes_a_file(pressclip: CommandLine, filled: Path) -> None:
    for form in ("atom", "json-feed", "parquet", "warc"):
        done = pressclip("export", "--format", form, "--limit", "2", "-o", f"out.{form}")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert pq.read_table(filled / "out.parquet").column("id").to_pylist() == [3, 2]
    assert len(json.loads((filled / "out.json-feed").read_text(encoding="utf-8"))["items"]) == 2
    assert (filled / "out.atom").read_text(encoding="utf-8").count("<entry") == 2
    assert sum(one.http_headers is not None for one in ArchiveIterator(str(filled / "out.warc"))) == 2
    assert (filled / "out.atom").stat().st_mode == (filled / "news.db").stat().st_mode


def test_a_feed_can_be_of_a_search(pressclip: CommandLine, filled: Path) -> None:
    done = pressclip(
        "export", "--format", "json-feed", "--search", "本文 1", "--feed-url", "https://me.example/f"
    )
    read = json.loads(done.stdout)
    assert ([item["title"] for item in read["items"]], read["feed_url"]) == (["題 1"], "https://me.example/f")
    assert read["title"] == "pressclip · 本文 1"
    named = pressclip("export", "--format", "atom", "--search", "", "--title", "mine", "--source", "s")
    assert "<title>mine</title>" in named.stdout
    assert "<entry" not in named.stdout


@pytest.mark.parametrize("form", ["jsonl", "csv", "markdown", "atom", "json-feed", "parquet"])
def test_c06_no_export_tells_the_secret_in_an_address(form: str) -> None:
    address = "https://me:hunter2@e.example/1?token=s3cret&id=5"
    secret = article(1, url=address, url_key="e.example/1?token=s3cret", canonical_url=address)
    file = io.BytesIO()
    write(form, [Stored(id=1, article=secret)], Feed(title="t"), file, sqlite3.connect(":memory:"))
    written = pq.read_table(file).to_pylist() if form == "parquet" else file.getvalue().decode()
    assert "***" in str(written)
    assert "s3cret" not in str(written)
    assert "hunter2" not in str(written)


@pytest.mark.parametrize("form", ["jsonl", "csv", "markdown", "atom", "json-feed", "parquet"])
def test_an_exported_address_leads_to_its_article(form: str) -> None:
    address = "https://e.example/view?key=tea-party"
    named = article(1, url=address, url_key="e.example/view?key=tea-party", canonical_url=address)
    file = io.BytesIO()
    write(form, [Stored(id=1, article=named)], Feed(title="t"), file, sqlite3.connect(":memory:"))
    written = pq.read_table(file).to_pylist() if form == "parquet" else file.getvalue().decode()
    assert address in str(written)


def test_a_feed_holds_the_newest_hundred(pressclip: CommandLine, filled: Path) -> None:
    with Store.open(filled / "news.db") as store:
        store.save([clipping(number) for number in range(3, 120)])
    assert len(json.loads(pressclip("export", "--format", "json-feed").stdout)["items"]) == 100
    assert (
        len(json.loads(pressclip("export", "--format", "json-feed", "--limit", "110").stdout)["items"]) == 110
    )
    assert pressclip("export", "--format", "jsonl").stdout.count("\n") == 120


@pytest.mark.parametrize("form", ["parquet", "warc"])
def test_what_is_no_text_wants_a_file(pressclip: CommandLine, filled: Path, form: str) -> None:
    done = pressclip("export", "--format", form)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"--format {form} is not text: name a file with -o FILE" in done.stderr


def test_whoever_reads_meanwhile_sees_the_file_before(tmp_path: Path) -> None:
    path, link = tmp_path / "a.atom", tmp_path / "link"
    path.write_bytes(b"before")
    link.symlink_to(path)
    with replacing(link) as file:
        file.write(b"after")
        file.flush()
        assert path.read_bytes() == b"before"
    assert (path.read_bytes(), link.is_symlink()) == (b"after", True)
    with pytest.raises(ZeroDivisionError), replacing(path) as file:
        file.write(bytes(1 // (len(path.suffix) - len(".atom"))))
    assert path.read_bytes() == b"after"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.atom", "link"]


def test_a_pipe_with_a_name_is_written_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    with subprocess.Popen(["cat", path], stdout=subprocess.PIPE) as reader:
        with replacing(path) as file:
            file.write(b"through")
        assert reader.communicate()[0] == b"through"
    assert path.is_fifo()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_c03_a_signal_leaves_no_half_file(filled: Path, number: signal.Signals) -> None:
    with sqlite3.connect(filled / "news.db") as db:  # so many that it cannot be done before the signal comes
        db.execute(
            "WITH RECURSIVE t(n) AS (SELECT 4 UNION ALL SELECT n + 1 FROM t WHERE n < 100000) INSERT INTO articles"
            " (id, sort_key, url, url_key, title, text, markdown, fetched_at, content_hash)"
            " SELECT n, n, n, n, n, n, n, fetched_at, n FROM t JOIN articles a ON a.id = 1"
        )
    command = [sys.executable, "-m", "pressclip", "export", "--format", "jsonl", "-o", "out.jsonl"]
    with subprocess.Popen(command, cwd=filled, stderr=subprocess.PIPE) as child:
        while not list(filled.glob(".out.jsonl.*.part")):
            assert child.poll() is None
        child.send_signal(number)
        assert child.stderr is not None
        assert child.stderr.read().strip() == b""
    assert child.returncode == 128 + number
    assert not list(filled.glob("*out.jsonl*"))


def test_s05_no_output_takes_the_place_of_the_store_or_the_list_of_sources(
    pressclip: CommandLine, filled: Path
) -> None:
    store = filled / "news.db"
    (filled / "sources.toml").write_text("[crawl]\n")
    (filled / "link.csv").symlink_to(store)
    own = (store, filled / "sources.toml")
    before = [path.read_bytes() for path in own]
    for words in (
        ("export", "--format", "csv", "-o", "news.db"), ("export", "--format", "warc", "-o", str(store)),
        ("export", "--format", "jsonl", "-o", "link.csv"), ("export", "--format", "csv", "-o", "news.db-wal"),
        ("export", "--format", "csv", "-o", "./sources.toml"), ("status", "--metrics", "news.db"),
        ("sources", "export", "sources.toml"),
    ):  # fmt: skip
        done = pressclip(*words)
        assert (done.returncode, "name another file" in done.stderr) == (2, True), words
    assert [path.read_bytes() for path in own] == before


def test_s02_a_full_disk_is_one_line(pressclip: CommandLine, filled: Path) -> None:
    (filled / "out.jsonl").symlink_to("/dev/full")
    done = pressclip("export", "--format", "jsonl", "-o", "out.jsonl")
    assert (done.returncode, done.stderr) == (
        1, "pressclip: cannot write out.jsonl: No space left on device; nothing was left half written\n",
    )  # fmt: skip


def test_a_missing_extra_is_one_line_that_says_how_to_get_it() -> None:
    need("pyarrow", extra="parquet", what="Parquet")
    with pytest.raises(UsageError) as error:
        need("no_such_module", extra="parquet", what="Parquet")
    assert str(error.value) == 'Parquet needs an extra of pressclip: pip install "pressclip[parquet]"'
    assert error.value.exit_code == 2
