"""Stored pages cleaned again: by the command, after a kill, and at the end of a crawl that learned of its site."""

import json
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import newsroom
from loopback import CommandLine, Reply, Server

from pressclip.models import Article, Clipping, Page
from storage import reading
from storage.store import Store

NOTICE = "Small Wire is read by traders in forty countries, and nothing that it prints is advice to buy or to sell."


def own(number: int) -> bytes:
    """Make an article whose last paragraph is the site's own, and looks like any other."""
    words = ("auditor", "bridge", "cabinet", "dollar", "engine", "forest", "garden", "harbour", "island")
    body = "".join(
        f"<p>The {word} of the {words[(place + number) % 9]} was {number + 2} times dearer in spring than in the"
        f" {words[(place * 2 + number) % 9]} report that the ministry read on day {number * 7 + place}.</p>"
        for place, word in enumerate(words)
    )
    return (
        f'<!doctype html><html lang="en"><head><title>The {words[number]} story | Small Wire</title></head><body>'
        f"<article><h1>The {words[number]} story</h1>{body}<p>{NOTICE}</p></article></body></html>"
    ).encode()


def publish(server: Server, numbers: range) -> None:
    newsroom.publish(server, 0)
    server.replies["/feed.xml"] = Reply(
        newsroom.feed(server.base, numbers), headers={"Content-Type": newsroom.FEED}
    )
    for number in numbers:
        server.replies[f"/news/{number}"] = Reply(own(number), headers={"Content-Type": newsroom.HTML})


def texts(folder: Path) -> dict[str, str]:
    with reading.opened(folder / "news.db") as db:
        return {row["title"]: row["text"] for row in db.execute("SELECT title, text FROM articles")}


def one(folder: Path, sql: str, *values: object) -> Any:
    conn = sqlite3.connect(folder / "news.db")
    try:
        return conn.execute(sql, values).fetchone()[0]
    finally:
        conn.close()


def fill(path: Path, count: int) -> None:
    """Store pages whose articles were cut by a pipeline that was worse than today's."""
    with Store.open(path) as store:
        for number in range(count):
            url = f"https://wire.example/news/{number}"
            page = Page(
                url=url, final_url=url, body=newsroom.article(number), fetched_at="2026-11-22T10:00:00Z",
                content_type=newsroom.HTML,
            )  # fmt: skip
            article = Article(
                url=url, url_key=f"wire.example/news/{number}", title=f"Report {number}", text="Menu\n\n" * 50,
                markdown="", fetched_at=page.fetched_at, content_hash=f"old {number}", source="wire",
            )  # fmt: skip
            store.save([Clipping(url=url, source="wire", state="done", page=page, article=article)])


def test_a_crawl_that_learns_of_its_site_cleans_earlier_articles_again(
    server: Server, tmp_path: Path, pressclip: CommandLine
) -> None:
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    publish(server, range(2))
    assert pressclip("crawl").returncode == 0
    assert all(text.endswith(NOTICE) for text in texts(tmp_path).values())
    publish(server, range(4))
    crawl = pressclip("crawl", "--force", "--json")
    assert crawl.returncode == 0
    assert len(texts(tmp_path)) == 4
    assert not any(NOTICE in text for text in texts(tmp_path).values())
    assert json.loads(crawl.stdout)["totals"]["updated"] == 4
    assert (
        one(tmp_path, "SELECT count(*) FROM revisions WHERE why = 'recleaned' AND text LIKE ?", f"%{NOTICE}")
        == 4
    )

    # An article that comes now is cut at once, and changes nothing.
    publish(server, range(6))
    later = pressclip("crawl", "--force", "--json")
    assert json.loads(later.stdout)["totals"]["updated"] == 0
    assert len(texts(tmp_path)) == 6
    assert not any(NOTICE in text for text in texts(tmp_path).values())
    assert one(tmp_path, "SELECT count(*) FROM site_articles WHERE state <> 'weighed'") == 0


def test_the_order_in_which_articles_came_does_not_show(
    server: Server, tmp_path: Path, pressclip: CommandLine
) -> None:
    outcomes = []
    for name, runs in {
        "once": [range(5)],
        "grown": [range(1), range(3), range(5)],
        "last first": [range(3, 5), range(5)],
    }.items():
        folder = tmp_path / name
        folder.mkdir()
        newsroom.subscribe(folder, f"{server.base}/feed.xml")
        for numbers in runs:
            publish(server, numbers)
            done = pressclip(
                "--db", f"{name}/news.db", "--sources", f"{name}/sources.toml", "crawl", "--force"
            )
            assert done.returncode == 0
        outcomes.append(texts(folder))
    assert outcomes[0] == outcomes[1] == outcomes[2]


def test_reclean_makes_revisions_and_says_what_changed(tmp_path: Path, pressclip: CommandLine) -> None:
    fill(tmp_path / "news.db", 3)
    newsroom.subscribe(tmp_path, "https://wire.example/feed.xml")
    dry = pressclip("reclean", "--dry-run", "--json")
    assert json.loads(dry.stdout)["counts"]["updated"] == 3
    assert one(tmp_path, "SELECT count(*) FROM articles WHERE text LIKE 'Menu%'") == 3
    assert one(tmp_path, "SELECT count(*) FROM runs") == 0

    done = pressclip("-v", "reclean")
    assert done.returncode == 0
    assert "3 updated (the old text is a revision)" in done.stdout
    assert one(tmp_path, "SELECT count(*) FROM articles WHERE text LIKE 'Menu%'") == 0
    assert one(tmp_path, "SELECT count(*) FROM revisions WHERE why = 'recleaned' AND text LIKE 'Menu%'") == 3
    assert one(tmp_path, "SELECT outcome || updated FROM runs") == "ok3"
    assert one(tmp_path, "SELECT min(source) FROM articles") == "wire"

    again = json.loads(pressclip("reclean", "--json").stdout)
    assert again["counts"] == {**dict.fromkeys(again["counts"], 0), "unchanged": 3}
    assert pressclip("search", "matching engine").stdout.count("\n") == 3


def test_reclean_takes_only_what_is_asked_for_and_tells_of_nothing_on_cron(
    tmp_path: Path, pressclip: CommandLine
) -> None:
    fill(tmp_path / "news.db", 2)
    assert json.loads(pressclip("reclean", "--source", "other", "--json").stdout)["pages"] == 0
    assert json.loads(pressclip("reclean", "--since", "2026-11-23", "--json").stdout)["pages"] == 0
    assert (
        json.loads(pressclip("reclean", "--since", "2026-11-22", "--dry-run", "--json").stdout)["pages"] == 2
    )
    quiet = pressclip("reclean", "--source", "wire")
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")


def test_e03_e04_a_page_that_gives_little_or_nothing_leaves_the_article_as_it_is(
    tmp_path: Path, pressclip: CommandLine
) -> None:
    path = tmp_path / "news.db"
    good = "取引所は監査人に板情報を公開すると発表した。" * 200
    bodies = {
        "shell": b"<html><body></body></html>",
        "short": newsroom.article(1),
        "binary": b"\x89PNG\r\n\x1a\n",
    }
    with Store.open(path) as store:
        for name, body in bodies.items():
            url = f"https://wire.example/{name}"
            page = Page(url=url, final_url=url, body=body, fetched_at="2026-11-22T10:00:00Z")
            article = Article(
                url=url, url_key=f"wire.example/{name}", title=name, text=good, markdown=good, content_hash=name,
                fetched_at=page.fetched_at,
            )  # fmt: skip
            store.save([Clipping(url=url, source=None, state="done", page=page, article=article)])
    for _ in range(2):  # the second time adds nothing
        report = json.loads(pressclip("reclean", "--json").stdout)
        assert (report["counts"]["rejected"], report["counts"]["worse"]) == (2, 1)
        assert one(tmp_path, "SELECT count(*) FROM articles WHERE text = ?", good) == 3
        assert one(tmp_path, "SELECT count(*) FROM revisions WHERE why = 'worse'") == 1
        assert one(tmp_path, "SELECT count(*) FROM revisions") == 1


def test_a_page_that_was_no_article_may_become_one(tmp_path: Path, pressclip: CommandLine) -> None:
    url = "https://wire.example/news/1"
    page = Page(url=url, final_url=url, body=newsroom.article(1), fetched_at="2026-11-22T10:00:00Z")
    with Store.open(tmp_path / "news.db") as store:
        store.save([Clipping(url=url, source=None, state="rejected", page=page, reason="thin: believed so")])
    report = json.loads(pressclip("reclean", "--json").stdout)
    assert report["counts"]["new"] == 1
    assert (
        json.loads(pressclip("show", str(report["changes"][0]["article_id"]), "--format", "json").stdout)[
            "title"
        ]
        == "Report 1"
    )
    assert json.loads(pressclip("reclean", "--json").stdout)["counts"]["unchanged"] == 1


def test_a_second_run_is_kept_out(tmp_path: Path, pressclip: CommandLine) -> None:
    from storage.lock import hold

    fill(tmp_path / "news.db", 1)
    with hold(tmp_path / "news.db"):
        assert pressclip("reclean").returncode == 75
    assert pressclip("--db", "missing.db", "reclean").returncode == 4


def test_killed_in_the_middle_it_goes_on_where_it_stood(tmp_path: Path, pressclip: CommandLine) -> None:
    count = 64 * 4
    fill(tmp_path / "news.db", count)
    process = subprocess.Popen([sys.executable, "-m", "pressclip", "reclean"], cwd=tmp_path)
    deadline = time.monotonic() + 60
    while not (done := one(tmp_path, "SELECT count(*) FROM revisions")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.kill()
    process.wait()
    done = one(tmp_path, "SELECT count(*) FROM revisions")
    assert 0 < done < count
    assert done % 64 == 0  # whole batches
    report = json.loads(pressclip("reclean", "--json").stdout)
    assert (report["skipped"], report["counts"]["updated"]) == (done, count - done)
    assert one(tmp_path, "SELECT count(*) FROM revisions") == count
    assert (
        one(tmp_path, "SELECT group_concat(outcome) FROM (SELECT outcome FROM runs ORDER BY id)")
        == "killed,ok"
    )
    assert one(tmp_path, "PRAGMA integrity_check") == "ok"
    assert json.loads(pressclip("reclean", "--json").stdout)["skipped"] == 0


def test_selectors_that_a_source_gained_hold_for_stored_pages(
    server: Server, tmp_path: Path, pressclip: CommandLine
) -> None:
    newsroom.publish(server, 1)
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    assert pressclip("crawl").returncode == 0
    assert newsroom.PARAGRAPHS[1] in texts(tmp_path)["Report 0"]
    asked = len(server.log)
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml", keys='drop = ["article > p:nth-of-type(2)"]')
    assert json.loads(pressclip("reclean", "--json").stdout)["counts"]["updated"] == 1
    assert newsroom.PARAGRAPHS[1] not in texts(tmp_path)["Report 0"]
    assert newsroom.PARAGRAPHS[2] in texts(tmp_path)["Report 0"]
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml", keys='keep = ["article > p:nth-of-type(2)"]')
    pressclip("reclean")
    assert newsroom.PARAGRAPHS[1] in texts(tmp_path)["Report 0"]
    assert len(server.log) == asked
