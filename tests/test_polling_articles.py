"""The frontier: which articles are asked for, when, and how."""

import json
import time

import newsroom
import pytest
from loopback import Asked, CommandLine, Reply, Server
from timeline import Timeline

UPDATED = "<atom:updated xmlns:atom='http://www.w3.org/2005/Atom'>2026-11-22T{:02d}:00:00Z</atom:updated>"


@pytest.fixture(autouse=True)
def subscribed(server: Server, timeline: Timeline) -> None:
    newsroom.publish(server, 3)
    newsroom.subscribe(timeline.folder, f"{server.base}/feed.xml")


def update(server: Server, hour: int) -> None:
    """Say in the feed that all articles were updated at an hour."""
    body = newsroom.feed(server.base, range(3), updated=UPDATED.format(hour))
    server.replies["/feed.xml"] = Reply(body, headers={"Content-Type": newsroom.FEED})


def validators(server: Server, path: str) -> list[tuple[str | None, str | None]]:
    return [
        (asked.headers.get("if-none-match"), asked.headers.get("if-modified-since"))
        for asked in server.log
        if asked.path == path
    ]


def test_p05_validators_survive_a_restart(server: Server, pressclip: CommandLine, timeline: Timeline) -> None:
    pressclip("crawl")
    pressclip("crawl", "--force")
    assert validators(server, "/feed.xml") == [(None, None), ('"1"', None)]


def test_p54_an_article_is_fetched_once_for_each_update_of_its_feed(
    server: Server, timeline: Timeline
) -> None:
    update(server, 8)
    timeline.crawl()
    timeline.crawl(minutes=70)
    assert server.count("/news/0") == 1
    update(server, 9)
    for number in (2, 3, 4):
        timeline.crawl(minutes=70 * number)
    assert server.count("/news/0") == 2


def test_p56_an_article_is_fetched_again_conditionally(server: Server, timeline: Timeline) -> None:
    stamp = "Sun, 22 Nov 2026 07:01:02 GMT"
    page = Reply(newsroom.article(0), headers={"ETag": 'W/"a"', "Last-Modified": stamp})
    server.replies["/news/0"] = page
    update(server, 8)
    timeline.crawl()
    before = timeline.rows("SELECT * FROM articles")
    update(server, 9)
    server.replies["/news/0"] = Reply(status=304)
    result = timeline.crawl(minutes=70)["results"]["wire0"]
    assert validators(server, "/news/0") == [(None, None), ('W/"a"', stamp)]
    assert result["failed"] == 0
    assert timeline.rows("SELECT * FROM articles") == before
    assert timeline.rows("SELECT state, count(*) FROM entries GROUP BY state") == [("done", 3)]


def test_p56_a_page_that_changed_replaces_its_article(server: Server, timeline: Timeline) -> None:
    server.replies["/news/0"] = Reply(newsroom.article(0), headers={"ETag": '"a"'})
    update(server, 8)
    timeline.crawl()
    update(server, 9)
    server.replies["/news/0"] = Reply(newsroom.article(0, "速報：監査の日程"), headers={"ETag": '"b"'})
    assert timeline.crawl(minutes=70)["results"]["wire0"]["updated"] == 1
    update(server, 10)
    timeline.crawl(minutes=140)
    assert [etag for etag, _ in validators(server, "/news/0")] == [None, '"a"', '"b"']
    assert timeline.rows("SELECT count(*) FROM articles WHERE title LIKE '速報%'") == [(1,)]


def test_p56_a_page_behind_a_redirect_gets_its_validators_there(server: Server, timeline: Timeline) -> None:
    server.replies["/news/0"] = Reply(status=301, headers={"Location": "/moved/0"})
    server.replies["/moved/0"] = Reply(newsroom.article(0), headers={"ETag": '"a"'})
    update(server, 8)
    timeline.crawl()
    update(server, 9)
    timeline.crawl(minutes=70)
    assert validators(server, "/news/0") == [(None, None)] * 2
    assert validators(server, "/moved/0") == [(None, None), ('"a"', None)]


def test_p11_a_304_that_no_article_asked_for_is_a_failure(server: Server, timeline: Timeline) -> None:
    server.replies["/news/0"] = Reply(status=304)
    assert timeline.crawl()["results"]["wire0"]["reasons"] == {"http_304": 1}


def test_p58_two_runs_at_a_time_poll_a_source_once(
    server: Server, pressclip: CommandLine, timeline: Timeline
) -> None:
    feed = server.replies["/feed.xml"]
    assert isinstance(feed, Reply)
    codes: list[int] = []

    def meanwhile(_: Asked) -> Reply:
        codes.append(pressclip("crawl").returncode)
        return feed

    server.replies["/feed.xml"] = meanwhile
    assert pressclip("crawl").returncode == 0
    assert codes == [75]
    assert pressclip("crawl").returncode == 0
    assert server.count("/feed.xml") == 1


def test_max_time_of_nothing_asks_nothing_and_is_no_failure(
    server: Server, pressclip: CommandLine, timeline: Timeline
) -> None:
    timeline.crawl(limit=0)
    server.log.clear()
    done = pressclip("crawl", "--json", "--force", "--max-time", "0")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["totals"]["waiting"] == 3
    assert server.log == []


def test_max_time_finishes_what_is_on_its_way_and_leaves_the_rest(
    server: Server, pressclip: CommandLine, timeline: Timeline
) -> None:
    newsroom.publish(server, 40)

    def slowly(asked: Asked) -> Reply:
        time.sleep(0.3)
        return Reply(newsroom.article(int(asked.path.rpartition("/")[2])))

    for number in range(40):
        server.replies[f"/news/{number}"] = slowly
    timeline.crawl(limit=0)
    done = pressclip("crawl", "--json", "--max-time", "3")
    assert done.returncode == 0, done.stderr
    totals = json.loads(done.stdout)["totals"]
    asked = [path for path in server.paths() if path.startswith("/news/")]
    assert totals["waiting"] == 40 - len(asked) > 0
    assert totals["new"] == len(asked) > 0
    assert asked == [f"/news/{number}" for number in range(39, 39 - len(asked), -1)]
    assert timeline.rows("SELECT outcome FROM runs ORDER BY id DESC LIMIT 1") == [("ok",)]
