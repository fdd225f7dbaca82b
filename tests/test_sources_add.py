"""`sources add` and `sources check`: the real command line, real servers, a real terminal where one is asked for."""

import json
import os
import pty
import select
import signal
import sqlite3
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import newsroom
import pytest
from click.testing import CliRunner
from loopback import Asked, CommandLine, Reply, Server

from pressclip.cli.context import Given
from pressclip.cli.sources import sources
from pressclip.errors import UsageError

LINK = '<link rel="alternate" type="application/rss+xml" title="{}" href="{}">'
LOCAL = '[crawl]\nallow_hosts = ["127.0.0.0/8"]\ndelay = 0\nworkers = 1\n'
PATIENCE = 60  # seconds that a terminal is waited for


def page(head: str = "", body: str = "") -> Reply:
    text = f'<!doctype html><html lang="en"><head><title>Small Wire</title>{head}</head><body>{body}</body></html>'
    return Reply(text.encode(), headers={"Content-Type": newsroom.HTML})


def tables(folder: Path) -> list[dict[str, Any]]:
    found = tomllib.loads((folder / "sources.toml").read_text(encoding="utf-8")).get("source", [])
    assert isinstance(found, list)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sources.toml").write_text(LOCAL, encoding="utf-8")
    return tmp_path


@pytest.fixture
def site(server: Server) -> Server:
    """Serve a site of five articles with two feeds, comments, a sitemap and a section page."""
    newsroom.publish(server, 5)
    items = "".join(
        f'<li><h3><a href="/news/{n}">Report {n}: the exchange opens its order books to auditors</a></h3>'
        f'<time datetime="2026-11-2{n}">day</time></li>'
        for n in range(5)
    )
    places = "".join(
        f"<url><loc>{server.base}/news/{n}</loc><lastmod>2026-11-2{n}</lastmod></url>" for n in range(2)
    )
    sitemap = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>'
    server.replies |= {
        "/": page(LINK.format("Comments", "/comments/feed") + LINK.format("Small Wire", "/feed.xml")),
        "/both": page(LINK.format("Small Wire", "/feed.xml") + LINK.format("Other", "/other.xml")),
        "/other.xml": server.replies["/feed.xml"],
        "/section": page(body=f"<main><ul>{items}</ul></main>"),
        "/robots.txt": Reply(f"User-agent: *\nDisallow: /none\nSitemap: {server.base}/map.xml\n".encode()),
        "/map.xml": Reply(sitemap.encode(), headers={"Content-Type": "application/xml"}),
    }
    return server


def test_p52_a_feed_is_asked_for_once_and_its_body_is_the_first_import(
    site: Server, pressclip: CommandLine, folder: Path
) -> None:
    done = pressclip("sources", "add", f"{site.base}/feed.xml", "--topic", "crypto")
    assert (done.returncode, done.stderr) == (0, "")
    assert site.paths() == ["/feed.xml", "/news/4", "/news/3", "/news/2"]
    assert "Small Wire  (small-wire)" in done.stdout
    assert "entries   5, newest 2026-11-22T00:04:00Z" in done.stdout
    assert done.stdout.index("Report 4") < done.stdout.index("Report 3") < done.stdout.index("Report 2")
    assert done.stdout.endswith('added "small-wire" to sources.toml\n')
    assert tables(folder) == [
        {
            "name": "small-wire", "feed": f"{site.base}/feed.xml", "title": "Small Wire",
            "homepage": f"{site.base}/", "lang": "en", "topics": ["crypto"],
        }
    ]  # fmt: skip
    assert pressclip("crawl").returncode == 0
    assert sorted(site.paths()[4:]) == ["/news/0", "/news/1"]
    assert site.count("/robots.txt") == 1
    with sqlite3.connect(folder / "news.db") as conn:
        rows = conn.execute("SELECT source, json_extract(topics, '$[0]') FROM articles").fetchall()
        assert rows == [("small-wire", "crypto")] * 5
        assert conn.execute("SELECT etag, failures FROM sources").fetchall() == [('"1"', 0)]


def test_p53_a_page_names_its_feeds_and_no_path_is_guessed(
    site: Server, pressclip: CommandLine, folder: Path
) -> None:
    done = pressclip("sources", "add", f"{site.base}/", "--articles", "1", "--name", "mine", "--lang", "ja")
    assert done.returncode == 0, done.stderr
    assert site.paths() == ["/", "/feed.xml", "/news/4"]
    assert [(one["name"], one["feed"], one["lang"]) for one in tables(folder)] == [
        ("mine", f"{site.base}/feed.xml", "ja")
    ]
    site.log.clear()
    again = pressclip("sources", "add", f"{site.base}/")
    assert (again.returncode, site.paths()) == (2, ["/"])
    assert f'leads to is there already: {site.base}/feed.xml ("mine")' in again.stderr
    assert pressclip("sources", "add", f"{site.base}/feed.xml").returncode == 2
    assert site.paths() == ["/"]


def test_several_feeds_are_listed_where_nobody_can_choose(
    site: Server, pressclip: CommandLine, folder: Path
) -> None:
    done = pressclip("sources", "add", f"{site.base}/both")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"1  Small Wire  [RSS, declared by the page]  {site.base}/feed.xml" in done.stderr
    assert f"2  Other  [RSS, declared by the page]  {site.base}/other.xml" in done.stderr
    assert "choose with --pick NUMBER, or --all" in done.stderr
    assert site.paths() == ["/both"]
    picked = pressclip(
        "sources", "add", f"{site.base}/both", "--pick", "2", "--dry-run", "--json", "--articles", "0"
    )
    answer = json.loads(picked.stdout)
    assert (answer["written"], [one["table"]["feed"] for one in answer["sources"]]) == (
        False,
        [f"{site.base}/other.xml"],
    )
    assert (tables(folder), (folder / "news.db").exists()) == ([], False)
    assert pressclip("sources", "add", f"{site.base}/both", "--all", "--articles", "0").returncode == 0
    assert [one["feed"] for one in tables(folder)] == [f"{site.base}/feed.xml", f"{site.base}/other.xml"]


def test_a_site_without_feeds_offers_its_sitemap_and_the_page_itself(
    site: Server, pressclip: CommandLine, folder: Path
) -> None:
    done = pressclip("sources", "add", f"{site.base}/section", "--as", "page", "--articles", "1")
    assert done.returncode == 0, done.stderr
    assert site.paths() == ["/section", "/news/4"]
    assert "entries   5" in done.stdout
    done = pressclip("sources", "add", f"{site.base}/section", "--as", "sitemap", "--articles", "1")
    assert done.returncode == 0, done.stderr
    assert [one.get("page") or one.get("sitemap") for one in tables(folder)] == [
        f"{site.base}/section",
        f"{site.base}/map.xml",
    ]
    site.log.clear()
    assert pressclip("crawl").returncode == 0
    assert sorted(site.paths()) == ["/news/0", "/news/1", "/news/2", "/news/3"]


def test_usual_paths_are_asked_for_only_on_demand(site: Server, pressclip: CommandLine, folder: Path) -> None:
    del site.replies["/robots.txt"]
    site.replies["/bare"] = page(body="<p>Nothing here.</p>")
    done = pressclip("sources", "add", f"{site.base}/bare")
    assert (done.returncode, site.paths()) == (1, ["/bare"])
    assert "nothing_found: no feed, no sitemap, no list of articles; --guess tries usual paths" in done.stderr
    done = pressclip("sources", "add", f"{site.base}/bare", "--guess", "--articles", "0")
    assert done.returncode == 0, done.stderr
    assert site.paths()[1:] == ["/bare", "/feed", "/rss.xml", "/feed.xml", "/feed.xml"]
    assert tables(folder)[0]["feed"] == f"{site.base}/feed.xml"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/gone", "http_410"),
        ("/list.opml", "not_a_source: a list of subscriptions (OPML): `pressclip sources import`"),
    ],
)
def test_what_gives_nothing_says_why(
    site: Server, pressclip: CommandLine, folder: Path, path: str, reason: str
) -> None:
    site.replies |= {
        "/list.opml": Reply(b'<?xml version="1.0"?><opml version="2.0"><body/></opml>'),
        "/gone": Reply(status=410),
    }
    before = (folder / "sources.toml").read_bytes()
    done = pressclip("sources", "add", site.base + path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"pressclip: {site.base}{path}: {reason}")
    assert (folder / "sources.toml").read_bytes() == before


def test_n01_private_addresses_are_refused(pressclip: CommandLine, tmp_path: Path) -> None:
    done = pressclip("sources", "add", "http://2130706433/feed")  # 127.0.0.1
    assert (done.returncode, "blocked_address: 2130706433 is 127.0.0.1" in done.stderr) == (1, True)
    assert not (tmp_path / "sources.toml").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("ftp://a.example/feed",), "must begin with https:// or http://"),
        (("https://me:s3cret@a.example/",), "user name or password"),
        (("https://a.example/", "--name", "../../etc/x"), "--name must be letters"),
        (("https://a.example/", "--lang", "Japanese!"), "--lang must be a language tag"),
        (("https://a.example/", "--topic", ""), "--topic is empty"),
    ],
    ids=str,
)
def test_c02_what_may_not_stand_in_the_list_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    given = Given(db=Path("news.db"), sources=None)
    error = CliRunner().invoke(sources, ["add", *arguments], obj=given).exception
    assert isinstance(error, UsageError)
    assert says in str(error)
    assert "s3cret" not in str(error)
    assert list(tmp_path.iterdir()) == []


def test_a_feed_that_moved_for_good_is_added_where_it_is(
    site: Server, pressclip: CommandLine, folder: Path
) -> None:
    site.replies["/old"] = Reply(status=301, headers={"Location": "/feed.xml"})
    site.replies["/odd"] = Reply(status=302, headers={"Location": "/other.xml"})
    for path in ("/old", "/odd"):
        assert pressclip("sources", "add", site.base + path, "--articles", "0").returncode == 0
    assert [one["feed"] for one in tables(folder)] == [f"{site.base}/feed.xml", f"{site.base}/odd"]


def test_p15_p16_the_first_request_is_that_of_a_feed_reader(
    site: Server, pressclip: CommandLine, folder: Path
) -> None:
    seen: list[Asked] = []

    def feed(asked: Asked) -> Reply:
        seen.append(asked)
        return Reply(newsroom.feed(site.base, range(1)), headers={"Content-Type": newsroom.FEED})

    site.replies["/feed.xml"] = feed
    assert pressclip("sources", "add", f"{site.base}/feed.xml", "--articles", "0").returncode == 0
    [asked] = seen
    assert asked.headers["accept"].startswith("application/atom+xml")
    assert asked.headers["user-agent"].startswith("pressclip/")
    assert not {"cookie", "referer", "if-none-match", "if-modified-since"} & asked.headers.keys()


class Terminal:
    """The command line on a real pseudo-terminal."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._mine, theirs = pty.openpty()
        self.shown = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pressclip", *arguments], cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs,
            start_new_session=True, env={**os.environ, "PYTHONUTF8": "1", "COLUMNS": "200", "TERM": "dumb"},
        )  # fmt: skip
        os.close(theirs)

    def until(self, words: str) -> None:
        """Read until these words were shown since the last time; or until the end."""
        end = time.monotonic() + PATIENCE
        while words not in self.shown and time.monotonic() < end:
            if select.select([self._mine], [], [], 0.2)[0]:
                try:
                    self.shown += os.read(self._mine, 65536).decode(errors="replace")
                except OSError:  # Linux says so when the other side is closed
                    break
        assert words in self.shown, self.shown

    def type(self, text: str) -> None:
        """Press keys."""
        self.shown = ""
        os.write(self._mine, text.encode())

    def interrupt(self) -> int:
        """Press Ctrl-C, and again if it fell between a question and the wait for its answer; return how it ended."""
        for _ in range(PATIENCE):
            self.process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                return self.process.wait(timeout=6)
        raise AssertionError(self.shown)

    def end(self) -> int:
        """Wait for the end."""
        return self.process.wait(timeout=PATIENCE)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._mine)


@pytest.fixture
def terminals() -> Iterator[list[Terminal]]:
    """Close the terminals that a test opened."""
    opened: list[Terminal] = []
    yield opened
    for each in opened:
        each.close()


def test_a_person_chooses_looks_and_confirms(site: Server, folder: Path, terminals: list[Terminal]) -> None:
    terminal = Terminal(folder, "sources", "add", f"{site.base}/both", "--articles", "1")
    terminals.append(terminal)
    terminal.until("Which? Numbers, all, or none [1]: ")
    terminal.type("7\n")
    terminal.until("a number from 1 to 2, please")
    terminal.type("2\n")
    terminal.until('Add "small-wire" to sources.toml? [Y/n]: ')
    assert "Report 4" in terminal.shown
    assert tables(folder) == []
    terminal.type("\n")
    terminal.until('added "small-wire" to sources.toml')
    assert terminal.end() == 0
    assert [one["feed"] for one in tables(folder)] == [f"{site.base}/other.xml"]


def test_a_person_declines(site: Server, folder: Path, terminals: list[Terminal]) -> None:
    terminal = Terminal(folder, "sources", "add", f"{site.base}/feed.xml", "--articles", "0")
    terminals.append(terminal)
    terminal.until("[Y/n]: ")
    terminal.type("n\n")
    terminal.until("nothing was changed")
    assert terminal.end() == 0
    assert (tables(folder), (folder / "news.db").exists()) == ([], False)


@pytest.mark.parametrize(("path", "question"), [("/both", "[1]: "), ("/feed.xml", "[Y/n]: ")])
def test_an_interrupt_at_a_question_changes_nothing(
    site: Server, folder: Path, terminals: list[Terminal], path: str, question: str
) -> None:
    terminal = Terminal(folder, "sources", "add", site.base + path, "--articles", "0")
    terminals.append(terminal)
    terminal.until(question)
    assert terminal.interrupt() == 130
    assert tables(folder) == []


def test_check_tries_each_source_and_stores_nothing(
    site: Server, pressclip: CommandLine, folder: Path
) -> None:
    text = LOCAL + "".join(
        f'[[source]]\nname = "{name}"\n{kind} = "{site.base}{path}"\n'
        for name, kind, path in [
            ("good", "feed", "/feed.xml"), ("map", "sitemap", "/map.xml"), ("list", "page", "/section"),
            ("gone", "feed", "/none.xml"), ("page", "feed", "/both"),
        ]
    )  # fmt: skip
    (folder / "sources.toml").write_text(text, encoding="utf-8")
    done = pressclip("sources", "check", "--json")
    assert done.returncode == 1, done.stderr
    tried = {one["source"]: one for one in json.loads(done.stdout)["tried"]}
    assert list(tried) == ["good", "map", "list", "gone", "page"]
    assert [tried[name]["entries"] for name in ("good", "map", "list")] == [5, 2, 5]
    assert [len(tried[name]["articles"]) for name in tried] == [1, 1, 1, 0, 0]
    assert tried["good"]["articles"][0]["title"] == "Report 4"
    assert tried["gone"]["reason"] == "http_404"
    assert tried["page"]["reason"].startswith("not_a_feed")
    assert not (folder / "news.db").exists()
    one = pressclip("sources", "check", "good", "--articles", "2")
    assert (one.returncode, one.stdout.count("Report ")) == (0, 2)
    assert pressclip("sources", "check", "gone").returncode == 3


def test_p57_check_leaves_a_source_alone_that_was_told_to_wait(
    site: Server, pressclip: CommandLine, folder: Path
) -> None:
    site.replies["/feed.xml"] = Reply(status=429, headers={"Retry-After": "3600"})
    newsroom.subscribe(folder, f"{site.base}/feed.xml")
    assert pressclip("crawl").returncode == 3
    site.log.clear()
    done = pressclip("sources", "check")
    assert (done.returncode, site.log) == (3, [])
    assert "told_to_wait: until 20" in done.stdout


def test_check_knows_near_names(folder: Path) -> None:
    newsroom.subscribe(folder, "https://a.example/feed")
    given = Given(db=Path("news.db"), sources=folder / "sources.toml")
    error = CliRunner().invoke(sources, ["check", "wire1"], obj=given).exception
    assert isinstance(error, UsageError)
    assert "did you mean wire0?" in str(error)


def test_check_on_a_terminal_is_a_table(site: Server, folder: Path, terminals: list[Terminal]) -> None:
    newsroom.subscribe(folder, f"{site.base}/feed.xml", f"{site.base}/none.xml")
    terminal = Terminal(folder, "sources", "check")
    terminals.append(terminal)
    terminal.until("2 tried, 1 failed")
    assert "source" in terminal.shown
    assert "wire0" in terminal.shown
    assert "http_404" in terminal.shown
    assert terminal.end() == 1
