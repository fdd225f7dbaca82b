"""Crawling, end to end: the real command line, a real server on loopback, a real SQLite file."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import newsroom
import pytest
from loopback import Asked, CommandLine, Reply, Server
from sql import rows

from pressclip.version import VERSION


def crawl(pressclip: CommandLine, *arguments: str) -> dict[str, Any]:
    done = pressclip("crawl", "--json", *arguments)
    assert done.stdout, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["exit_code"] == done.returncode
    return report


def test_feeds_become_clean_articles(server: Server, pressclip: CommandLine, tmp_path: Path) -> None:
    newsroom.publish(server, 3)
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    report = crawl(pressclip)
    assert report["totals"] | {"new": 3, "failed": 0} == report["totals"]
    assert report["exit_code"] == 0
    found = rows(
        tmp_path / "news.db",
        "SELECT title, text, source, published_at, lang FROM articles ORDER BY published_at",
    )
    assert [row[0] for row in found] == ["Report 0", "Report 1", "Report 2"]
    assert found[0][1].split("\n\n") == [
        f"{p} This is report number 0 of the series." for p in newsroom.PARAGRAPHS
    ]
    assert found[0][2:] == ("wire0", "2026-11-22T00:00:00Z", "en")
    assert rows(tmp_path / "news.db", "SELECT state, count(*) FROM entries GROUP BY state") == [("done", 3)]
    assert rows(tmp_path / "news.db", "SELECT count(*) FROM pages") == [(3,)]


def test_verbose_says_what_pressclip_does_and_not_what_it_is_made_of(
    server: Server, pressclip: CommandLine, tmp_path: Path
) -> None:
    newsroom.publish(server, 1)
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    said = pressclip("-v", "crawl").stderr
    assert f"{server.base}/feed.xml changed: 1 entries" in said
    assert f"{server.base}/news/0 new" in said
    assert "middleware" not in said


def test_a_second_crawl_asks_conditionally_and_fetches_no_article(
    server: Server, pressclip: CommandLine, tmp_path: Path
) -> None:
    newsroom.publish(server, 3)
    body = server.replies["/feed.xml"]

    def conditional(asked: Asked) -> Reply:
        return Reply(status=304) if asked.headers.get("if-none-match") == '"1"' else body  # type: ignore[return-value] # it is a Reply

    server.replies["/feed.xml"] = conditional
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    crawl(pressclip)
    server.log.clear()
    report = crawl(pressclip, "--force")
    assert report["results"][0]["poll"] == "unchanged"
    assert server.paths() == ["/feed.xml"]


def test_a_source_that_is_not_due_is_left_alone(
    server: Server, pressclip: CommandLine, tmp_path: Path
) -> None:
    newsroom.publish(server, 1)
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    crawl(pressclip)
    server.log.clear()
    assert crawl(pressclip)["results"][0]["poll"] == "not_due"
    assert crawl(pressclip, "wire0")["results"][0]["poll"] == "not_due"
    assert server.log == []


def test_the_limit_leaves_the_rest_for_the_next_run(
    server: Server, pressclip: CommandLine, tmp_path: Path
) -> None:
    newsroom.publish(server, 5)
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    totals = crawl(pressclip, "--limit", "2")["totals"]
    assert (totals["new"], totals["waiting"]) == (2, 3)
    assert [row[0] for row in rows(tmp_path / "news.db", "SELECT title FROM articles ORDER BY id")] == [
        "Report 4",
        "Report 3",
    ]
    assert crawl(pressclip)["totals"]["new"] == 3
    assert len(server.paths()) == len(set(server.paths())) == 6


def test_a_dry_run_shows_what_is_new_and_writes_nothing(
    server: Server, pressclip: CommandLine, tmp_path: Path
) -> None:
    newsroom.publish(server, 2)
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    report = crawl(pressclip, "--dry-run")
    assert [entry["title"] for entry in report["found"]["wire0"]] == ["Report 0", "Report 1"]
    assert server.paths() == ["/feed.xml"]
    assert pressclip("crawl", "--dry-run").stdout.splitlines() == [
        f"wire0\t2026-11-22T00:0{n}:00Z\tReport {n}\t{server.base}/news/{n}" for n in range(2)
    ]
    assert not (tmp_path / "news.db").exists()


@pytest.mark.parametrize(
    ("reply", "state", "reason"),
    [
        (Reply(status=404), "gone", "http_404"),
        (Reply(status=410), "gone", "http_410"),
        (Reply(status=503), "failed", "http_503"),
        (Reply(b"%PDF-1.7 \x00\x01", headers={"Content-Type": "application/pdf"}), "rejected", "not_html"),
        (Reply(b"", headers={"Content-Type": newsroom.HTML}), "rejected", "empty"),
        (Reply(status=302, headers={"Location": "/"}), "gone", "redirected_to_front_page"),
        (Reply(status=302, headers={"Location": "/news/0"}), "failed", "redirects"),
        (Reply(status=302, headers={"Location": "file:///etc/passwd"}), "failed", "http_302"),
        (Reply(status=302, headers={"Location": "http://10.0.0.1/"}), "failed", "blocked_address"),
    ],
)
def test_an_article_that_cannot_be_had_leaves_its_reason(
    server: Server, pressclip: CommandLine, tmp_path: Path, reply: Reply, state: str, reason: str
) -> None:
    newsroom.publish(server, 2)
    server.replies["/"] = Reply(newsroom.article(99), headers={"Content-Type": newsroom.HTML})
    server.replies["/news/0"] = reply
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    report = crawl(pressclip)
    assert report["totals"]["new"] == 1
    [(found_state, found_reason, retry_at)] = rows(
        tmp_path / "news.db", "SELECT state, reason, retry_at FROM entries WHERE url LIKE '%/news/0'"
    )
    assert (found_state, found_reason.partition(":")[0]) == (state, reason)
    assert bool(retry_at) == (state == "failed")
    assert report["exit_code"] == (1 if state == "failed" else 0)
    assert report["results"][0]["reasons"] == {reason: 1}


def test_robots_txt_is_obeyed_for_articles(server: Server, pressclip: CommandLine, tmp_path: Path) -> None:
    newsroom.publish(server, 2)
    server.replies["/robots.txt"] = Reply(b"User-agent: pressclip\nDisallow: /news/1\n")
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    assert crawl(pressclip)["results"][0]["reasons"] == {"robots": 1}
    assert server.paths() == ["/feed.xml", "/news/0"]
    assert rows(tmp_path / "news.db", "SELECT state FROM entries WHERE url LIKE '%/news/1'") == [("denied",)]


def test_p44_a_robots_txt_that_cannot_be_had_forbids_for_now(
    server: Server, pressclip: CommandLine, tmp_path: Path
) -> None:
    newsroom.publish(server, 1)
    server.replies["/robots.txt"] = Reply(status=503)
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    done = pressclip("crawl", "--json")
    assert json.loads(done.stdout)["results"][0]["reasons"] == {"robots_unreachable": 1}
    assert server.paths() == ["/feed.xml"]
    assert done.stderr.splitlines()[1:] == ["  wire0: robots_unreachable"]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(status=503), "http_503"),
        (
            Reply(b"<html><body>Please log in</body></html>", headers={"Content-Type": newsroom.HTML}),
            "not_a_feed",
        ),
        (Reply(b"", headers={"Content-Type": newsroom.FEED}), "not_a_feed"),
        (Reply(status=304), "http_304"),
    ],
)
def test_a_feed_that_fails_is_named_and_the_others_go_on(
    server: Server, pressclip: CommandLine, tmp_path: Path, reply: Reply, reason: str
) -> None:
    newsroom.publish(server, 1)
    server.replies["/sick.xml"] = reply
    newsroom.subscribe(tmp_path, f"{server.base}/sick.xml", f"{server.base}/feed.xml")
    report = crawl(pressclip)
    by_name = {result["source"]: result for result in report["results"]}
    assert by_name["wire0"]["poll"] == "failed"
    assert by_name["wire0"]["poll_reason"].startswith(reason)
    assert by_name["wire1"]["new"] == 1
    assert report["exit_code"] == 1


def test_when_every_source_fails_the_exit_code_says_so(
    server: Server, pressclip: CommandLine, tmp_path: Path
) -> None:
    newsroom.subscribe(tmp_path, f"{server.base}/none.xml")
    assert crawl(pressclip)["exit_code"] == 3


def test_cron_hears_nothing_when_all_is_well_and_a_few_lines_when_not(
    server: Server, pressclip: CommandLine, tmp_path: Path
) -> None:
    newsroom.publish(server, 1)
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    well = pressclip("crawl")
    assert (well.returncode, well.stdout, well.stderr) == (0, "", "")
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml", f"{server.base}/gone.xml")
    sick = pressclip("crawl")
    assert (sick.returncode, sick.stdout) == (3, "")
    assert sick.stderr.splitlines()[1:] == ["  wire1: http_404"]


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f.1",
        "127.1",
        "017700000001",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
    ],
)
def test_n01_n02_n03_a_private_address_is_refused_before_a_connection(
    server: Server, pressclip: CommandLine, host: str
) -> None:
    done = pressclip("extract", f"http://{host}:{server.base.rpartition(':')[2]}/page")
    assert done.returncode == 1
    assert "blocked_address" in done.stderr
    assert server.log == []


def test_a_source_keeps_its_headers_for_its_own_host(
    server: Server, pressclip: CommandLine, tmp_path: Path
) -> None:
    newsroom.publish(server, 1)
    away = server.base.replace("127.0.0.1", "127.0.0.1.").replace("127.0.0.1.", "localhost")
    server.replies["/news/0"] = Reply(status=302, headers={"Location": f"{away}/elsewhere"})
    server.replies["/elsewhere"] = Reply(newsroom.article(0), headers={"Content-Type": newsroom.HTML})
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    with (tmp_path / "sources.toml").open("a") as file:
        file.write('headers = { X-Token = "${WIRE_TOKEN}" }\n')
    done = pressclip("crawl", "--json", WIRE_TOKEN="s3cret")
    assert json.loads(done.stdout)["totals"]["new"] == 1
    sent = {asked.path: asked.headers.get("x-token") for asked in server.log}
    assert (sent["/feed.xml"], sent["/news/0"], sent["/elsewhere"]) == ("s3cret", "s3cret", None)
    assert "s3cret" not in done.stdout + done.stderr


def test_who_we_are_and_what_we_do_not_send(server: Server, pressclip: CommandLine, tmp_path: Path) -> None:
    newsroom.publish(server, 1)
    server.replies["/news/0"] = Reply(
        newsroom.article(0),
        headers={"Content-Type": newsroom.HTML, "Set-Cookie": "a=b", "Referrer-Policy": "os.system"},
    )
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml", crawl='contact = "https://example.org/bot"')
    crawl(pressclip)
    assert {asked.headers["user-agent"] for asked in server.log} == {
        f"pressclip/{VERSION} (+https://example.org/bot)"
    }
    assert not any({"cookie", "referer"} & set(asked.headers) for asked in server.log)
    assert server.log[0].headers["accept"].startswith("application/atom+xml")


def start_crawl(folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "pressclip", "crawl", "--json"],
        cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip


def wait_until(met: Callable[[], object], otherwise: str) -> None:
    give_up = time.monotonic() + 60
    while not met():
        assert time.monotonic() < give_up, otherwise
        time.sleep(0.01)


def wait_for(server: Server, path: str) -> None:
    wait_until(lambda: path in server.paths(), f"{path} was never asked for")


def slowly(reply: Reply, seconds: float) -> "Any":
    def answer(_: Asked) -> Reply:
        time.sleep(seconds)
        return reply

    return answer


def test_a_killed_run_is_continued_and_fetches_nothing_twice(
    server: Server, pressclip: CommandLine, tmp_path: Path
) -> None:
    newsroom.publish(server, 12)
    for number in range(12):
        server.replies[f"/news/{number}"] = slowly(server.replies[f"/news/{number}"], 0.15)  # type: ignore[arg-type] # a Reply
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    process = start_crawl(tmp_path)
    wait_for(server, "/news/4")  # newest first: more than half were asked for
    process.kill()
    process.communicate()
    assert rows(tmp_path / "news.db", "PRAGMA integrity_check") == [("ok",)]
    already = rows(tmp_path / "news.db", "SELECT count(*) FROM articles")[0][0]
    asked_until_then = len(server.paths()) - 1
    report = crawl(pressclip)
    assert report["totals"]["new"] == 12 - already
    assert rows(tmp_path / "news.db", "SELECT count(DISTINCT title), count(*) FROM articles") == [(12, 12)]
    assert server.paths().count("/feed.xml") == 1
    # Committed articles are not asked for again; what was on its way when the run died may be.
    asked_after = len(server.paths()) - 1 - asked_until_then
    assert asked_after == 12 - already


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_the_run_with_what_was_fetched_committed(
    server: Server, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    newsroom.publish(server, 30)
    for n in range(30):
        server.replies[f"/news/{n}"] = slowly(server.replies[f"/news/{n}"], 0.2)  # type: ignore[arg-type] # a Reply
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    process = start_crawl(tmp_path)
    wait_for(server, "/news/25")
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=30)
    assert process.returncode == code, stderr
    report = json.loads(stdout)
    assert report["totals"]["new"] >= 4
    assert rows(tmp_path / "news.db", "SELECT count(*) FROM articles") == [(report["totals"]["new"],)]
    assert rows(tmp_path / "news.db", "SELECT outcome FROM runs") == [("interrupted",)]
    assert "Traceback" not in stderr


def test_a_signal_does_not_wait_for_a_page_that_does_not_come(server: Server, tmp_path: Path) -> None:
    newsroom.publish(server, 3)
    server.replies["/news/1"] = slowly(Reply(), 120)
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    process = start_crawl(tmp_path)
    wait_for(server, "/news/1")
    # The one before is cleaned meanwhile.
    wait_until(
        lambda: rows(tmp_path / "news.db", "SELECT 1 FROM entries WHERE state = 'done'"),
        "no article was stored",
    )
    process.terminate()
    stdout, stderr = process.communicate(timeout=60)  # half the time that the page takes
    assert process.returncode == 143, stderr
    assert json.loads(stdout)["totals"]["new"] == 1
    assert rows(tmp_path / "news.db", "SELECT state, count(*) FROM entries GROUP BY state ORDER BY 1") == [
        ("done", 1),
        ("waiting", 2),
    ]
    assert rows(tmp_path / "news.db", "SELECT outcome FROM runs") == [("interrupted",)]


def test_a_second_run_ends_at_once_while_the_first_holds_the_lock(
    server: Server, pressclip: CommandLine, tmp_path: Path
) -> None:
    newsroom.publish(server, 1)
    server.replies["/news/0"] = slowly(server.replies["/news/0"], 3.0)  # type: ignore[arg-type] # a Reply
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    process = start_crawl(tmp_path)
    wait_for(server, "/news/0")
    second = pressclip("crawl")
    assert second.returncode == 75
    assert second.stderr.count("\n") == 1
    process.communicate(timeout=60)
    assert process.returncode == 0


def test_scrapy_itself_knows_the_spiders_and_runs_them(server: Server, tmp_path: Path) -> None:
    listed = subprocess.run(
        [sys.executable, "-m", "scrapy", "list"], capture_output=True, text=True, check=True, timeout=60
    )
    assert {"feeds", "sections", "sitemaps", "sources", "urls"} <= set(listed.stdout.split())
    newsroom.publish(server, 2)
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    environment = {
        **os.environ, "PRESSCLIP_DB": str(tmp_path / "news.db"), "PRESSCLIP_SOURCES": str(tmp_path / "sources.toml"),
    }  # fmt: skip
    subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "feeds"],
        env=environment,
        check=True,
        timeout=120,
        capture_output=True,
    )
    assert rows(tmp_path / "news.db", "SELECT count(*) FROM articles") == [(2,)]
    assert rows(tmp_path / "news.db", "SELECT command, outcome FROM runs") == [("scrapy crawl feeds", "ok")]
