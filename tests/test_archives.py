"""Archives, record by record: what is a page, what is not and why, and nothing stops or floods the reader."""

import base64
import gzip
import io
import os
import subprocess
import sys
import zlib
from pathlib import Path

import brotli
import pytest
import webarchives as archives
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from pressclip.errors import UsageError
from spiders.archives import find
from spiders.reading.archives.har import read_har
from spiders.reading.archives.http import read_http
from spiders.reading.archives.records import Limits, Record
from spiders.reading.archives.saved import address, read_saved
from spiders.reading.archives.warc import read_warc

LIMITS = Limits(now="2026-11-22T10:00:00Z", size=100_000)
PAGE = "<p>仮想通貨</p>".encode()


def read(body: bytes, start: int = 0) -> list[Record]:
    return list(read_warc(io.BytesIO(body), start, LIMITS))


def said(records: list[Record]) -> list[str]:
    """Say of each record which page it is, or why it is none."""
    return [one.page.url.rpartition("/")[2] if one.page else one.reason or "" for one in records]


def simple(number: int, *more: str, **changes: object) -> bytes:
    return archives.record(archives.url(number), archives.http(PAGE), *more, **changes)  # type: ignore[arg-type]  # options of it


RECORDS = [simple(number) for number in range(4)]


@pytest.mark.parametrize("form", ["plain", "gzip by record", "zstd by record", "gzip as a whole"])
def test_a_warc_is_read_in_every_compression(form: str) -> None:
    body = {
        "plain": b"".join(RECORDS), "gzip by record": archives.zipped(*RECORDS),
        "zstd by record": b"".join(map(zstandard.compress, RECORDS)), "gzip as a whole": gzip.compress(b"".join(RECORDS)),
    }[form]  # fmt: skip
    records = read(body)
    assert said(records) == ["0", "1", "2", "3"]
    page = records[0].page
    assert page is not None
    assert (page.body, page.content_type) == (PAGE, "text/html; charset=utf-8")
    assert page.fetched_at == "2026-11-20T10:00:00Z"
    assert records[-1].done_to == len(body)


@pytest.mark.parametrize(
    "compress", [bytes, gzip.compress, zstandard.compress], ids=["plain", "gzip", "zstd"]
)
def test_reading_goes_on_behind_any_record(compress: type[bytes]) -> None:
    body = b"".join(map(compress, RECORDS))
    for number, one in enumerate(read(body), start=1):
        if one.done_to < len(body):
            assert said(read(body, one.done_to)) == ["0", "1", "2", "3"][number:]


def test_a_place_that_is_none_is_the_beginning() -> None:
    assert said(read(archives.zipped(*RECORDS), 7)) == ["0", "1", "2", "3"]


def test_what_is_no_page_has_a_reason() -> None:
    html, url = archives.http(PAGE), archives.url(1)
    records = [
        archives.record(url, b"", kind="warcinfo"), archives.record(url, b"GET / HTTP/1.1\r\n\r\n", kind="request"),
        archives.record(url, b"HTTP/1.1 200 OK\r\n\r\n", kind="revisit"),
        archives.record(url, archives.http(PAGE, status="404 Not Found")),
        archives.record(url, archives.http(PAGE, "Location: /", status="301 Moved")),
        archives.record(url, archives.http(b"\x89PNG", "Content-Type: image/png")),
        archives.record(url, archives.http(b"{}", "X: no type")),
        archives.record(url, archives.http(b" \n")), archives.record(url, html, "WARC-Truncated: length"),
        archives.record("javascript:alert(1)", html), archives.record("dns:wire.example", html),
        archives.record(url, html, date="soon"), archives.record(url, b"20261120 wire.example 1.2.3.4"),
        archives.record(url, archives.http(PAGE * 10_000)), archives.record(url, archives.http(b"a", *["X: a"] * 20_000)),
        archives.record(url, archives.http(PAGE, "Content-Type: text/html", "Content-Encoding: rot13")),
        archives.record(url, archives.http(b"<!doctype html>", "X: no type")),
    ]  # fmt: skip
    assert said(read(b"".join(records))) == [
        "revisit", "http_404", "http_301", "not_html", "not_html", "empty", "truncated", "bad_url", "bad_url", "bad_date",
        "bad_record", "too_large", "bad_record", "unknown_encoding", "1",
    ]  # fmt: skip


def test_no_page_was_fetched_in_the_future() -> None:
    [one] = read(simple(1, date="2041-01-01T00:00:00Z"))
    assert one.page is not None
    assert one.page.fetched_at == LIMITS.now


def test_an_address_in_angle_brackets_is_one() -> None:
    assert said(read(archives.record(f"<{archives.url(1)}>", archives.http(PAGE)))) == ["1"]


GZIPPED, BROTLI = gzip.compress(PAGE * 50), brotli.compress(PAGE * 50)
CHUNKED = b"5;a=b\r\n" + PAGE[:5] + b"\r\n" + b"%X\r\n" % len(PAGE[5:]) + PAGE[5:] + b"\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    ("coding", "raw", "body"),
    [
        ("Content-Encoding: gzip", GZIPPED, PAGE * 50),
        ("Content-Encoding: X-GZIP", GZIPPED, PAGE * 50),
        ("Content-Encoding: gzip", PAGE, PAGE),  # crawlers that decode keep the head
        ("Content-Encoding: deflate", zlib.compress(PAGE), PAGE),
        ("Content-Encoding: deflate", zlib.compress(PAGE)[2:-4], PAGE),
        ("Content-Encoding: br", BROTLI, PAGE * 50),
        ("Content-Encoding: br", PAGE, PAGE),
        ("Content-Encoding: zstd", zstandard.compress(PAGE), PAGE),
        ("Content-Encoding: identity", PAGE, PAGE),
        ("Content-Encoding: gzip, br", brotli.compress(GZIPPED), PAGE * 50),
        ("Transfer-Encoding: chunked", CHUNKED, PAGE),
        ("Transfer-Encoding: chunked", PAGE, PAGE),
        ("Content-Encoding: gzip", GZIPPED[:-20], "broken_body"),
        ("Content-Encoding: deflate", b"nonsense", "broken_body"),
        ("Content-Encoding: br", BROTLI[:-5], "broken_body"),
        ("Content-Encoding: zstd", zstandard.compress(PAGE)[:-5], "broken_body"),
        ("Transfer-Encoding: chunked", CHUNKED[:-5], "broken_body"),
        ("Transfer-Encoding: chunked", b"ffffffff\r\n" + PAGE, "broken_body"),
        ("Content-Encoding: " + "gzip," * 5, PAGE, "unknown_encoding"),
        ("Content-Encoding: gzip", gzip.compress(bytes(200_000)), "too_large"),
        ("Content-Encoding: br", brotli.compress(bytes(200_000)), "too_large"),
        ("Content-Encoding: zstd", zstandard.compress(bytes(200_000)), "too_large"),
        ("Content-Encoding: deflate", zlib.compress(bytes(200_000)), "too_large"),
    ],
)
def test_a_body_is_decoded_as_far_as_it_is_encoded(coding: str, raw: bytes, body: bytes | str) -> None:
    [one, after] = read(
        archives.record(archives.url(1), archives.http(raw, "Content-Type: text/html", coding)) + RECORDS[2]
    )
    assert (one.page.body if one.page else one.reason) == body
    assert said([after]) == ["2"]


def test_a_file_that_ends_too_early_gives_what_came_before() -> None:
    for whole in (b"".join(RECORDS), archives.zipped(*RECORDS)):
        for cut in (30, 60, 150, 190):
            records = read(whole[:-cut])
            assert said(records)[:3] == ["0", "1", "2"]
            assert said(records)[3:] == ["damaged"]
            assert records[-1].trouble is not None


@pytest.mark.parametrize(
    "broken",
    [
        gzip.compress(simple(9, length=10)), gzip.compress(simple(9, length=1_000_000)), gzip.compress(simple(9, length=-5)),
        gzip.compress(simple(9, length="many")), gzip.compress(simple(9, "X: " + "a" * 200_000)), gzip.compress(b"noise" * 99),
        gzip.compress(RECORDS[1])[:60], b"noise" * 99, b"\x1f\x8b\x08" + bytes(90),
    ],
)  # fmt: skip
def test_a_broken_record_costs_itself_where_each_is_compressed(broken: bytes) -> None:
    records = read(archives.zipped(RECORDS[0]) + broken + archives.zipped(RECORDS[2], RECORDS[3]))
    names = said(records)
    assert names[0] == "0"
    assert names[-2:] == ["2", "3"]
    assert names.count("damaged") == 1
    assert sum(one.trouble is not None for one in records) == 1


def test_text_of_a_page_never_passes_for_a_record() -> None:
    forged = simple(9) * 3
    records = read(
        RECORDS[0]
        + archives.record(archives.url(1), archives.http(PAGE + forged))
        + simple(2, length=40)
        + RECORDS[3]
    )
    assert said(records)[:2] == ["0", "1"]
    assert "9" not in said(records)


@pytest.mark.parametrize(
    "noise", [b"", b"<html>" * 99, os.urandom(100_000), b"\x1f\x8b\x08xyz" * 20_000, b"WARC/1.0\r\n" * 999]
)
def test_what_is_no_warc_gives_nothing_and_says_so(noise: bytes) -> None:
    assert [one.page for one in read(noise)] == [None] * len(read(noise))
    assert any(one.trouble for one in read(noise))


@given(st.binary(max_size=300), st.integers(0, 800), st.integers(0, 300))
def test_no_bytes_stop_the_reader(noise: bytes, place: int, cut: int) -> None:
    for whole in (b"".join(RECORDS), archives.zipped(*RECORDS)):
        for one in read(whole[:place] + noise + whole[place + cut :], place):
            assert (one.page is None) == (one.reason is not None)


@given(st.binary(max_size=200))
def test_no_answer_stops_the_reader(noise: bytes) -> None:
    for block in (
        noise,
        archives.http(noise),
        archives.http(noise, "Content-Encoding: gzip", "Transfer-Encoding: chunked"),
    ):
        [one] = read(archives.record(archives.url(1), block))
        assert one.page or one.reason


def test_n10_a_bomb_is_too_large_and_takes_no_memory(tmp_path: Path) -> None:
    zeros, size = zlib.compressobj(9, zlib.DEFLATED, 31), 400 << 20
    head = archives.record(
        archives.url(1), archives.http(b""), length=size + len(archives.http(b""))
    ).removesuffix(b"\r\n\r\n")
    bomb = zeros.compress(head)
    for _ in range(400):
        bomb += zeros.compress(bytes(1 << 20))
    path = tmp_path / "bomb.warc.gz"
    path.write_bytes(bomb + zeros.flush() + archives.zipped(RECORDS[2]))
    code = (
        "import sys; sys.path.append('tests'); from memory import peak; from spiders.reading.archives.warc import read_warc;"
        "from spiders.reading.archives.records import Limits;"
        "before = peak();"
        "found = [one.reason for one in read_warc(open(sys.argv[1], 'rb'), 0, Limits(now='2026-11-22T10:00:00Z', size=100000))];"
        "print(found, (peak() - before) >> 20)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, path],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent.parent,
    )
    found, _, grown = done.stdout.rpartition(" ")
    assert found == "['too_large', None]"
    assert int(grown) < 50  # MiB


def test_a_har_has_text_or_base64() -> None:
    body = archives.har(
        archives.har_entry(archives.url(1), "<p>仮想通貨</p>"),
        archives.har_entry(archives.url(2), base64.b64encode("<p>①".encode("cp932")).decode(), encoding="base64"),
        archives.har_entry(archives.url(3), "{}", mime="application/json"),
        {"request": {}}, archives.har_entry(archives.url(4), "%%%", encoding="base64"),
        archives.har_entry("data:text/html,a", "<p>"),
    )  # fmt: skip
    records = list(read_har(body, 0, LIMITS))
    assert said(records) == ["1", "2", "not_html", "bad_record", "empty", "bad_url"]
    first, second = records[0].page, records[1].page
    assert first is not None
    assert second is not None
    assert (first.body, first.content_type, first.fetched_at) == (
        "<p>仮想通貨</p>".encode(), "text/html; charset=utf-8", "2026-11-20T10:00:00Z",
    )  # fmt: skip
    assert (second.body, second.content_type) == ("<p>①".encode("cp932"), "text/html; charset=shift_jis")
    assert said(list(read_har(body, 2, LIMITS))) == ["not_html", "bad_record", "empty", "bad_url"]
    assert records[-1].done_to == len(body)


@pytest.mark.parametrize(
    "noise",
    [b"", b"{}", b"[]", b'{"log": {"entries": 5}}', b"<html>", b"\xff", b"[" * 100_000, archives.har()[:-3]],
)
def test_what_is_no_har_says_so(noise: bytes) -> None:
    [one] = read_har(noise, 0, LIMITS)
    assert (one.reason, one.done_to) == ("damaged", len(noise))
    assert one.trouble is not None
    assert one.trouble.startswith("is no HAR file: ")


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ("<!-- saved from url=(0030)https://a.example/news/1 -->", "https://a.example/news/1"),
        (
            "<html><!--\n Page saved with SingleFile \n url: https://a.example/n?a=1 \n saved date: x\n-->",
            "https://a.example/n?a=1",
        ),
        ("<LINK REL='Canonical' HREF='https://a.example/n?a=1&amp;b=2'>", "https://a.example/n?a=1&b=2"),
        (
            "<link rel=alternate href=/feed><meta content='https://a.example/2' property='og:url'>",
            "https://a.example/2",
        ),
        ("<base href='https://a.example/2026/page.html'>", "https://a.example/2026/page.html"),
        ("<base href='https://a.example/'><link rel=canonical href='https://a.example'>", None),
        ("<link rel=canonical href='/news/1'>", None),
        ("<link rel=canonical href='javascript:alert(1)'>", None),
        (
            "<!-- saved from url=(0014)about:internet --><link rel=canonical href=https://a.example/1>",
            "https://a.example/1",
        ),
        ("", None),
    ],
)
def test_a_saved_page_says_where_it_came_from(head: str, url: str | None) -> None:
    assert address(head) == url


def test_a_saved_page_was_fetched_when_it_was_saved() -> None:
    head = b"<!--\n Page saved with SingleFile \n url: https://a.example/1 \n saved date: Fri Nov 20 2026 19:00:00 GMT+0900 (x)\n-->"
    single = read_saved(head + PAGE, "2026-11-21T00:00:00Z", LIMITS).page
    plain = read_saved(b"<base href=https://a.example/1>" + PAGE, "2026-11-21T00:00:00Z", LIMITS).page
    wide = read_saved(
        "<base href=https://a.example/1>仮".encode("utf-16"), "2026-11-21T00:00:00Z", LIMITS
    ).page
    assert single is not None
    assert plain is not None
    assert wide is not None
    assert (single.fetched_at, plain.fetched_at) == ("2026-11-20T10:00:00Z", "2026-11-21T00:00:00Z")


@given(st.text(st.characters() | st.sampled_from("<>!-='\" linkmetabasehrefcanonical:/()"), max_size=300))
def test_no_page_stops_the_search_for_its_address(head: str) -> None:
    assert address(head) is None or address(head)


def test_a_folder_is_all_that_can_be_read_in_it(tmp_path: Path) -> None:
    for name in (
        "b.html", "a.HTM", "news.warc.gz", "log.har", "notes.txt", "b_files/ad.html", "b-Dateien/ad.html", "b2/c.xhtml",
        "other_files/d.html",
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    found = [(str(one.path.relative_to(tmp_path)), one.kind) for one in find([tmp_path, tmp_path / "b.html"])]
    assert found == [
        ("a.HTM", "page"), ("b.html", "page"), ("b2/c.xhtml", "page"), ("log.har", "har"), ("news.warc.gz", "warc"),
        ("other_files/d.html", "page"),
    ]  # fmt: skip
    with pytest.raises(UsageError, match=r"notes\.txt: not an archive"):
        find([tmp_path / "notes.txt"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no archive"):
        find([tmp_path / "empty"])


def test_head_fields_are_read_however_they_are_written() -> None:
    http = read_http(
        b"HTTP/2 200\ncontent-TYPE:text/html\nContent-Type: second\nno colon\n\xff: \xfe\n\nbody"
    )
    assert (http.status, http.fields["content-type"], http.raw) == (200, "text/html", b"body")


def test_folders_in_folders_without_end_are_refused(tmp_path: Path) -> None:
    place = tmp_path
    for _ in range(1200):
        place /= "a"
        place.mkdir()
    with pytest.raises(UsageError, match="nested too deeply"):
        find([tmp_path])
    while place != tmp_path:  # for shutil it is too deep as well
        place.rmdir()
        place = place.parent
