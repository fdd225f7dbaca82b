"""Polling: where a feed has moved to."""

import newsroom
import pytest
from loopback import Reply, Server
from scrapy import Request
from scrapy.http import Response
from scrapy.utils.spider import DefaultSpider
from scrapy.utils.test import get_crawler
from timeline import Timeline

from spiders.guards.redirects import RedirectGuard
from spiders.polling.moves import target as moves_of
from spiders.refusals import RedirectError

OLD, NEW = "/feed.xml", "/new.xml"


@pytest.fixture(autouse=True)
def subscribed(server: Server, timeline: Timeline) -> None:
    newsroom.publish(server, 1)
    server.replies[NEW] = server.replies[OLD]
    newsroom.subscribe(timeline.folder, f"{server.base}{OLD}")


def lead(server: Server, path: str, status: int, location: str) -> None:
    server.replies[path] = Reply(status=status, headers={"Location": location})


def poll(timeline: Timeline, *numbers: int) -> None:
    for number in numbers:
        timeline.crawl(minutes=70 * number)


def moves(timeline: Timeline) -> list[tuple[object, ...]]:
    return timeline.rows("SELECT source, from_url, to_url, adopted_at FROM moves")


@pytest.mark.parametrize("status", [301, 308])
def test_p34_three_runs_that_agree_move_a_source_for_good(
    server: Server, timeline: Timeline, status: int
) -> None:
    lead(server, OLD, status, "/middle.xml")
    lead(server, "/middle.xml", 308, NEW)
    poll(timeline, 0, 1)
    assert timeline.rows("SELECT moved_to, moving_to, moving_runs FROM sources") == [
        (None, f"{server.base}{NEW}", 2)
    ]
    poll(timeline, 2)
    assert moves(timeline) == [
        ("wire0", f"{server.base}{OLD}", f"{server.base}{NEW}", "2026-11-22T14:20:00Z")
    ]
    server.log.clear()
    poll(timeline, 3)
    assert server.paths() == [NEW]
    assert server.log[0].headers["if-none-match"] == '"1"'
    assert timeline.rows("SELECT url, moved_to FROM sources") == [
        (f"{server.base}{OLD}", f"{server.base}{NEW}")
    ]


def test_p34_a_run_that_disagrees_begins_the_count_anew(server: Server, timeline: Timeline) -> None:
    lead(server, OLD, 301, NEW)
    poll(timeline, 0, 1)
    server.replies[OLD] = server.replies[NEW]
    poll(timeline, 2)
    lead(server, OLD, 301, NEW)
    poll(timeline, 3, 4)
    assert moves(timeline) == []
    poll(timeline, 5)
    assert len(moves(timeline)) == 1


def test_p34_a_moved_source_whose_address_is_edited_begins_anew(server: Server, timeline: Timeline) -> None:
    lead(server, OLD, 301, NEW)
    poll(timeline, 0, 1, 2)
    newsroom.subscribe(timeline.folder, f"{server.base}/third.xml")
    server.replies["/third.xml"] = server.replies[NEW]
    server.log.clear()
    poll(timeline, 3)
    assert server.paths() == ["/third.xml"]
    assert timeline.rows("SELECT moved_to FROM sources") == [(None,)]


@pytest.mark.parametrize("status", [302, 303, 307])
def test_p35_one_passing_redirect_in_the_chain_keeps_the_address(
    server: Server, timeline: Timeline, status: int
) -> None:
    lead(server, OLD, 301, "/middle.xml")
    lead(server, "/middle.xml", status, NEW)
    poll(timeline, 0, 1, 2, 3)
    assert moves(timeline) == []
    assert server.count(OLD) == 4


def test_p37_a_loop_is_one_failure(server: Server, timeline: Timeline) -> None:
    lead(server, OLD, 301, NEW)
    lead(server, NEW, 301, OLD)
    result = timeline.crawl()["results"]["wire0"]
    assert (result["poll"], result["poll_reason"]) == ("failed", "redirects")
    assert len(server.paths()) == 6  # the address and five hops
    assert timeline.rows("SELECT failures FROM sources") == [(1,)]
    assert 120 <= timeline.due() <= 132


def test_p38_a_page_never_becomes_the_address_of_a_feed(server: Server, timeline: Timeline) -> None:
    timeline.crawl()
    lead(server, OLD, 301, "/parked")
    server.replies["/parked"] = Reply(newsroom.article(1), headers={"Content-Type": newsroom.HTML})
    for day in range(1, 6):
        timeline.crawl(minutes=day * 24 * 60 * 2)
    assert server.count("/parked") >= 4
    assert timeline.rows("SELECT moved_to, moving_to FROM sources") == [(None, None)]
    server.replies[OLD] = server.replies[NEW]
    timeline.crawl(minutes=20 * 24 * 60)
    assert timeline.rows("SELECT failures FROM sources") == [(0,)]


def test_n07_a_moved_source_does_not_take_its_secrets_along(
    server: Server, wire: Server, timeline: Timeline
) -> None:
    newsroom.subscribe(
        timeline.folder, f"{server.base}{OLD}", keys='headers = { Authorization = "Bearer s3cret" }'
    )
    wire.replies[NEW] = server.replies[NEW]
    lead(server, OLD, 301, f"{wire.base}{NEW}")
    poll(timeline, 0, 1, 2, 3)
    assert [asked.headers.get("authorization") for asked in wire.log if asked.path == NEW] == [None] * 4
    assert all(asked.headers["authorization"] for asked in server.log if asked.path == OLD)


def test_p36_a_step_down_from_https_is_never_adopted() -> None:
    secure, plain = "https://a.example/feed", "http://a.example/feed"
    assert moves_of([(secure, 301)], plain) is None
    assert moves_of([(plain, 301), (secure, 301)], plain) is None
    assert moves_of([(plain, 301)], secure) == secure


def test_n08_a_step_down_from_https_carries_no_secret() -> None:
    guard = RedirectGuard.from_crawler(get_crawler(DefaultSpider))
    down = Response("https://a.example/f", status=301, headers={"Location": "http://a.example/f?token=x"})
    for request in (
        Request("https://a.example/f?token=x"),
        Request("https://a.example/f", meta={"source_headers": ("Authorization",)}),
    ):
        with pytest.raises(RedirectError, match="redirect_insecure"):
            guard.process_response(request, down)
    followed = guard.process_response(Request("https://a.example/f"), down)
    assert followed.url == "http://a.example/f?token=x"
