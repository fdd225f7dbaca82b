"""The commands that read, as they are called: list, show, search, query, export."""

import csv
import io
import json
import os
import pty
import re
import select
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from loopback import CommandLine

from pressclip.models import Article, Clipping, Page
from storage.store import Store

EVIL = "\x1b[2J\x1b]52;c;aGk=\x07\x9b31m\u202egnp\u200b[red]boo[/nope]"
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b]")


def clipping(number: int, title: str, text: str, **more: str) -> Clipping:
    url = f"https://example.com/{number}"
    made = Article(
        url=url, url_key=f"example.com/{number}", title=title, text=text, markdown=f"**{text}**", source="coin",
        fetched_at="2026-11-22T10:00:00Z", content_hash=str(number), authors=(EVIL,), topics=("crypto",),
    )  # fmt: skip
    made = replace(made, **more)  # type: ignore[arg-type]  # the tests name text fields only
    page = Page(url=url, final_url=url, body=b"<html>\x1b[2J</html>", fetched_at="2026-11-22T10:00:00Z")
    return Clipping(url=url, source="coin", state="done", page=page, article=made)


@pytest.fixture(autouse=True)
def store(tmp_path: Path) -> Path:
    path = tmp_path / "news.db"
    with Store.open(path) as opened:
        opened.save([
            clipping(1, "仮想通貨の規制が強まる" * 10, f"金融庁が指針を発表した。{EVIL}\n\n二段落目。", lang="ja",
                     published_at="2026-11-21T08:00:00Z"),
            clipping(2, f"={EVIL}\nsecond line", "The price of gold is up.", lang="en", summary=EVIL),
            clipping(3, "비트코인 가격", "비트코인 가격이 상승했다.", lang="ko", published_at="2026-11-20"),
        ])  # fmt: skip
    return path


@pytest.mark.parametrize(
    "arguments",
    [
        "list", "list --json", "show 1", "show 2", "show 2 --format markdown", "show 2 --format json", "search gold",
        "search 規制 --json", "search -- -nothing", "export --format jsonl", "export --format csv",
        "export --format markdown", "query SELECT*FROM(articles)", "query SELECT*FROM(articles) --format json",
        "query SELECT*FROM(articles) --format csv",
    ],
)  # fmt: skip
def test_e09_nothing_from_a_page_reaches_a_terminal_raw(
    pressclip: CommandLine, tmp_path: Path, arguments: str
) -> None:
    done = pressclip(*arguments.split())
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout
    assert not RAW.search(done.stdout)
    shown = on_terminal(tmp_path, *arguments.split())
    ours = re.sub(r"\x1b\[[0-9;]*m|\r\n", "", shown)  # colours, and how a terminal ends lines
    assert ours
    assert not RAW.search(ours)


def on_terminal(folder: Path, *arguments: str) -> str:
    """Run the command line on a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": "80", "TERM": "xterm", "PYTHONUTF8": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "pressclip", *arguments], cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs,
        env=environment,
    ) as child:  # fmt: skip
        os.close(theirs)
        said = b""
        while select.select([ours], [], [], 60)[0]:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            said += part
            if not part:
                break
    os.close(ours)
    assert child.returncode is not None
    return said.decode()


def test_a_table_is_cut_where_the_terminal_ends(tmp_path: Path) -> None:
    from rich.cells import cell_len

    shown = re.sub(r"\x1b\[[0-9;]*m", "", on_terminal(tmp_path, "list"))
    header, *rows = shown.strip().split("\r\n")
    assert header.split() == ["id", "published", "source", "lang", "title"]
    assert len(rows) == 3
    assert all(cell_len(row) <= 80 for row in rows)
    assert any("…" in row for row in rows)


def test_lists_are_lines_with_tabs_and_take_filters(pressclip: CommandLine) -> None:
    assert [line.split("\t")[0] for line in pressclip("list").stdout.splitlines()] == ["2", "1", "3"]
    assert [len(line.split("\t")) for line in pressclip("list").stdout.splitlines()] == [6, 6, 6]
    for arguments, expected in (
        ("--lang ko", [3]), ("--source coin --limit 1", [2]), ("--source other", []), ("--topic crypto", [2, 1, 3]),
        ("--since 2026-11-21", [2, 1]), ("--until 2026-11-20", [3]), ("--since 2026-11-21T17:00+09:00", [2, 1]),
        ("--since 2026-11-21T08:00:01Z", [2]), ("--limit 0", []),
    ):  # fmt: skip
        assert [
            one["id"] for one in json.loads(pressclip("list", "--json", *arguments.split()).stdout)
        ] == expected


def test_since_knows_how_long_ago(pressclip: CommandLine) -> None:
    assert json.loads(pressclip("list", "--json", "--since", "5200w").stdout)
    assert pressclip("list", "--since", "tomorrow").returncode == 2
    assert "is no date" in pressclip("list", "--since", "tomorrow").stderr


def test_show_finds_by_number_and_address(pressclip: CommandLine) -> None:
    for name in ("3", "https://example.com/3", "http://www.example.com/3?utm_source=feed"):
        assert json.loads(pressclip("show", name, "--format", "json").stdout)["title"] == "비트코인 가격"
    assert pressclip("show", "3").stdout.startswith("비트코인 가격\n")
    assert pressclip("show", "3", "--format", "markdown").stdout.endswith("**비트코인 가격이 상승했다.**\n")
    for missing in ("99", "0", "9" * 30, "https://example.com/99", "nonsense", ""):
        done = pressclip("show", missing)
        assert done.returncode == 1
        assert done.stderr.startswith("pressclip: no article")


def test_show_gives_the_raw_page_to_files_only(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pressclip", "show", "1", "--format", "raw"]
    assert (
        subprocess.run(command, cwd=tmp_path, capture_output=True, check=True).stdout
        == b"<html>\x1b[2J</html>"
    )
    assert "not fit for a terminal" in on_terminal(tmp_path, "show", "1", "--format", "raw")


def test_search_takes_exclusions_as_they_are_typed(pressclip: CommandLine) -> None:
    for words, expected in (
        (["규제"], []),
        (["비트", "가격"], [3]),
        (["-gold", "-規制"], [3]),
        (['"price of', 'gold"'], [2]),
        (["비트", "OR", "金融"], [1, 3]),
        (["-lang:ko", "-lang:en"], [1]),
        (["gold", "-halving"], [2]),
        (["source:coin", "since:2026-11-21", "lang:ja"], [1]),
        (["price|規制"], [2, 1]),
        (["price|規制", "--rank"], [1, 2]),
    ):
        assert [one["id"] for one in json.loads(pressclip("search", "--json", *words).stdout)] == expected
    [hit] = json.loads(pressclip("search", "--json", "金融庁").stdout)
    [[start, end]] = hit["marks"]
    assert hit["snippet"][start:end] == "金融庁"
    assert hit["title_marks"] == []


def test_what_was_not_understood_is_said_on_standard_error(pressclip: CommandLine) -> None:
    done = pressclip("search", "金融 since:soon source:con", "--source", "coin")
    assert (done.returncode, done.stdout) == (0, "")
    date, source = done.stderr.splitlines()
    assert date.startswith("pressclip: since:soon is no date and was left out; write ")
    assert source == "pressclip: no source is called con; near names: coin"
    done = pressclip("list", "--source", "Coin")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "pressclip: no source is called Coin; near names: coin\n"


def test_titles_and_snippets_are_marked_on_a_terminal(tmp_path: Path) -> None:
    shown = on_terminal(tmp_path, "search", "비트코인")
    assert shown.count("비트코인") == 2
    assert len(re.findall("\x1b\\[1;33m비트코인\x1b\\[0m", shown)) == 2


def test_query_reads_and_only_reads(pressclip: CommandLine) -> None:
    assert json.loads(pressclip("query", "SELECT 1 AS a, 2 AS a", "--format", "json").stdout) == [
        {"a": 1, "a_2": 2}
    ]
    assert pressclip("query", "-", text="SELECT id, NULL, x'00' FROM articles ORDER BY id").stdout == (
        "1\t\t<1 bytes>\n2\t\t<1 bytes>\n3\t\t<1 bytes>\n"
    )
    [header, row] = csv.reader(
        io.StringIO(pressclip("query", "SELECT '=1' AS f, -1 AS n", "--format", "csv").stdout)
    )
    assert (header, row) == (["f", "n"], ["'=1", "-1"])
    cut = pressclip("query", "SELECT id FROM articles ORDER BY id", "--limit", "1")
    assert (cut.stdout, "only the first 1 rows" in cut.stderr) == ("1\n", True)
    assert pressclip("query", "DELETE FROM articles").returncode == 2
    assert pressclip("query", "SELEC").returncode == 2
    forever = "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT max(n) FROM t"
    stopped = pressclip("query", forever, "--timeout", "0.1")
    assert (stopped.returncode, "was stopped after 0.1 seconds" in stopped.stderr) == (1, True)
    assert len(pressclip("list").stdout.splitlines()) == 3


def test_export_writes_files(pressclip: CommandLine, tmp_path: Path) -> None:
    for arguments in (
        "jsonl -o a.jsonl",
        "csv -o a.csv --lang en",
        "markdown -o all.md",
        "markdown -o notes",
    ):
        done = pressclip("export", "--format", *arguments.split())
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    lines = (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == [2, 1, 3]
    assert json.loads(lines[0])["title"] == f"={EVIL}\nsecond line"
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["title"] == f"'={EVIL}\nsecond line"
    assert (tmp_path / "all.md").read_text(encoding="utf-8").count("\n---\n\n") == 3
    assert sorted(path.name for path in (tmp_path / "notes").iterdir()) == [
        "2026-11-20-3.md", "2026-11-21-1.md", "2026-11-22-2.md",
    ]  # fmt: skip
    failed = pressclip("export", "--format", "csv", "-o", "no/such/a.csv")
    assert (failed.returncode, "cannot write" in failed.stderr) == (2, True)


@pytest.mark.parametrize(
    "command", ["list", "show 1", "search gold", "query SELECT(1)", "export --format csv"]
)
def test_s05_a_store_that_is_not_there_is_one_clear_line(
    pressclip: CommandLine, tmp_path: Path, command: str
) -> None:
    done = pressclip("--db", "other.db", *command.split())
    assert (done.returncode, done.stdout) == (4, "")
    assert re.fullmatch(r"pressclip: .*other\.db does not exist; .*\n", done.stderr)
    assert not (tmp_path / "other.db").exists()


def test_c03_a_reader_that_goes_away_is_no_trouble(tmp_path: Path) -> None:
    many = "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT n FROM t LIMIT 100000"
    command = [sys.executable, "-m", "pressclip", "query", many, "--limit", "100000"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        assert child.stdout.readline() == b"1\n"
        child.stdout.close()
        assert child.stderr.read() == b""


@pytest.mark.parametrize("command", ["list", "show", "search", "query", "export"])
def test_every_help_has_an_example(pressclip: CommandLine, command: str) -> None:
    assert f"Example:\n    pressclip {command}" in pressclip(command, "--help").stdout
