"""Polling: what is sent so that an unchanged feed costs nothing, and what its answer means."""

import newsroom
import pytest
from loopback import Asked, Reply, Server
from timeline import Timeline

ETAG, MODIFIED = 'W/"ü-1 x"'.encode().decode("latin-1"), "sun, 22 nov 2026 7:1:2 GMT"
CONDITIONAL = {"if-none-match", "if-modified-since", "a-im"}


@pytest.fixture(autouse=True)
def subscribed(server: Server, timeline: Timeline) -> None:
    newsroom.publish(server, 2)
    newsroom.subscribe(timeline.folder, f"{server.base}/feed.xml")


def say(server: Server, **headers: str) -> None:
    """Serve the feed with these headers, whatever is asked."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body = newsroom.feed(server.base, range(2))
    server.replies["/feed.xml"] = Reply(body, headers={"Content-Type": newsroom.FEED, **named})


def sent(server: Server, number: int) -> dict[str, str]:
    """Give the validators of a poll, by its number."""
    polls = [asked for asked in server.log if asked.path.startswith("/feed.xml")]
    return {name: value for name, value in polls[number].headers.items() if name in CONDITIONAL}


def test_p01_a_first_poll_sends_no_validators(server: Server, timeline: Timeline) -> None:
    timeline.crawl()
    assert sent(server, 0) == {}


def test_p02_p03_p04_validators_come_back_byte_for_byte_and_both(server: Server, timeline: Timeline) -> None:
    say(server, ETag=ETAG, Last_Modified=MODIFIED)
    timeline.crawl()
    timeline.crawl(minutes=70)
    assert sent(server, 1) == {"if-none-match": ETAG, "if-modified-since": MODIFIED, "a-im": "feed"}


def test_p06_an_edited_address_is_asked_once_without_validators(server: Server, timeline: Timeline) -> None:
    timeline.crawl()
    server.replies["/feed.xml?edition=2"] = server.replies["/feed.xml"]
    newsroom.subscribe(timeline.folder, f"{server.base}/feed.xml?edition=2")
    timeline.crawl(minutes=5)
    timeline.crawl(minutes=80)
    assert [sent(server, number).get("if-none-match") for number in range(3)] == [None, None, '"1"']


def test_p07_validators_go_only_where_they_came_from(
    server: Server, wire: Server, timeline: Timeline
) -> None:
    say(server, ETag='"here"')
    timeline.crawl()
    wire.replies["/feed.xml"] = Reply(
        newsroom.feed(wire.base, range(1)), headers={"Content-Type": newsroom.FEED, "ETag": '"there"'}
    )
    server.replies["/feed.xml"] = Reply(status=302, headers={"Location": f"{wire.base}/feed.xml"})
    timeline.crawl(minutes=70)
    assert (sent(server, 1).get("if-none-match"), sent(wire, 0)) == ('"here"', {})
    timeline.crawl(minutes=140)
    assert (sent(server, 2), sent(wire, 1).get("if-none-match")) == ({}, '"there"')


def test_p08_an_equal_body_brings_its_new_validators(server: Server, timeline: Timeline) -> None:
    timeline.crawl()
    say(server, ETag='"2"')
    assert timeline.crawl(minutes=70)["results"]["wire0"]["poll"] == "unchanged"
    timeline.crawl(minutes=140)
    assert sent(server, 2)["if-none-match"] == '"2"'


def test_p09_a_200_without_validators_clears_them(server: Server, timeline: Timeline) -> None:
    say(server, ETag='"1"', Last_Modified=MODIFIED)
    timeline.crawl()
    say(server)
    timeline.crawl(minutes=70)
    timeline.crawl(minutes=140)
    assert sent(server, 2) == {}


def test_p10_a_304_writes_no_entry_and_renews_what_it_says(server: Server, timeline: Timeline) -> None:
    timeline.crawl()
    entries = timeline.rows("SELECT * FROM entries")
    headers = {"ETag": '"2"', "Last-Modified": MODIFIED, "Cache-Control": "max-age=10800"}
    server.replies["/feed.xml"] = Reply(status=304, headers=headers)
    timeline.crawl(minutes=70)
    assert timeline.rows("SELECT etag, last_modified, max_age, last_ok_at, failures FROM sources") == [
        ('"2"', MODIFIED, 10800, "2026-11-22T13:10:00Z", 0)
    ]
    assert timeline.rows("SELECT * FROM entries") == entries
    assert timeline.due() == 70 + 180
    server.replies["/feed.xml"] = Reply(status=304)
    timeline.crawl(minutes=250)
    assert timeline.rows("SELECT etag, max_age FROM sources") == [('"2"', 10800)]


def test_p11_a_304_that_nobody_asked_for_is_an_error(server: Server, timeline: Timeline) -> None:
    server.replies["/feed.xml"] = Reply(status=304)
    result = timeline.crawl()["results"]["wire0"]
    assert (result["poll"], result["poll_reason"]) == ("failed", "http_304: to an unconditional request")


def test_p12_no_poll_is_ever_forced_to_be_unconditional(server: Server, timeline: Timeline) -> None:
    page = server.replies["/feed.xml"]
    assert isinstance(page, Reply)

    def unchanged(asked: Asked, page: Reply = page) -> Reply:
        return Reply(status=304) if asked.headers.get("if-none-match") == '"1"' else page

    server.replies["/feed.xml"] = unchanged
    for number in range(120):
        timeline.crawl(minutes=70 * number)
    assert server.count("/feed.xml") == 120
    assert all(sent(server, number).get("if-none-match") == '"1"' for number in range(1, 120))


def test_p13_nothing_is_added_to_an_address(server: Server, timeline: Timeline) -> None:
    for number in range(3):
        timeline.crawl(minutes=70 * number, force=True)
    assert {asked.path for asked in server.log} == {"/feed.xml", "/robots.txt", "/news/0", "/news/1"}


def test_p55_a_delta_is_asked_for_only_beside_an_etag_and_deletes_nothing(
    server: Server, timeline: Timeline
) -> None:
    timeline.crawl()
    newsroom.publish(server, 3)
    server.replies["/feed.xml"] = Reply(
        newsroom.feed(server.base, range(2, 3)),
        status=226, headers={"Content-Type": newsroom.FEED, "ETag": '"2"', "IM": "feed"},
    )  # fmt: skip
    result = timeline.crawl(minutes=70)["results"]["wire0"]
    assert (result["poll"], result["new"]) == ("changed", 1)
    assert [sent(server, number).get("a-im") for number in (0, 1)] == [None, "feed"]
    assert timeline.rows("SELECT etag FROM sources") == [('"2"',)]
    assert timeline.rows("SELECT state, count(*) FROM entries GROUP BY state") == [("done", 3)]


def test_p55_a_delta_that_nobody_asked_for_is_an_error(server: Server, timeline: Timeline) -> None:
    server.replies["/feed.xml"] = Reply(newsroom.feed(server.base, range(1)), status=226)
    assert timeline.crawl()["results"]["wire0"]["poll_reason"] == "http_226"
    assert timeline.rows("SELECT count(*) FROM entries") == [(0,)]
