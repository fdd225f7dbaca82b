"""Polling: robots.txt, as RFC 9309 wants it."""

import logging

import newsroom
import pytest
from loopback import HANG_UP, Reply, Server
from protego import Protego
from timeline import Timeline

from spiders.guards.robots import kept_delay
from spiders.polling import robots

DAY = 24 * 60  # minutes
NO_NEWS = b"User-agent: *\nDisallow: /news/\n"


@pytest.fixture(autouse=True)
def subscribed(server: Server, timeline: Timeline) -> None:
    newsroom.publish(server, 1)
    newsroom.subscribe(timeline.folder, f"{server.base}/feed.xml")


def reasons(timeline: Timeline, minutes: float = 0) -> dict[str, int]:
    found: dict[str, int] = timeline.crawl(minutes=minutes)["results"]["wire0"]["reasons"]
    return found


def test_p43_it_is_asked_once_a_day_before_the_first_article(server: Server, timeline: Timeline) -> None:
    for run in range(20):
        newsroom.publish(server, run + 1)
        timeline.crawl(minutes=70 * run)
    assert server.count("/robots.txt") == 1
    paths = [asked.path for asked in server.log]
    assert paths.index("/robots.txt") < paths.index("/news/0")
    newsroom.publish(server, 21)
    timeline.crawl(minutes=DAY + 70)
    assert server.count("/robots.txt") == 2


def test_p43_a_site_without_new_articles_is_not_asked_for_it(server: Server, timeline: Timeline) -> None:
    timeline.crawl()
    timeline.crawl(minutes=2 * DAY)
    assert server.count("/feed.xml") == 2
    assert server.count("/robots.txt") == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_p44_a_4xx_allows_everything(server: Server, timeline: Timeline, status: int) -> None:
    server.replies["/robots.txt"] = Reply(NO_NEWS, status=status)
    assert reasons(timeline) == {}
    assert server.count("/news/0") == 1


@pytest.mark.parametrize("status", [500, 503, HANG_UP])
def test_p44_no_answer_allows_nothing_until_there_is_one(
    server: Server, timeline: Timeline, status: int
) -> None:
    # A connection that is used again and breaks is tried once more by HTTP itself.
    feed = newsroom.feed(server.base, range(1))
    server.replies["/feed.xml"] = Reply(feed, headers={"Connection": "close"})
    server.replies["/robots.txt"] = Reply(status=status)
    assert reasons(timeline) == {"robots_unreachable": 1}
    assert reasons(timeline, 20) == {"robots_unreachable": 1}
    assert server.count("/robots.txt") == 1  # asked again after an hour
    assert reasons(timeline, 29 * DAY) == {"robots_unreachable": 1}
    assert (server.count("/robots.txt"), server.count("/news/0")) == (2, 0)
    server.replies["/robots.txt"] = Reply(b"")
    timeline.crawl(minutes=29 * DAY + 120)
    assert server.count("/news/0") == 1


def test_p44_after_thirty_days_what_it_last_said_holds(server: Server, timeline: Timeline) -> None:
    server.replies["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /news/2")
    timeline.crawl()
    newsroom.publish(server, 3)
    server.replies["/robots.txt"] = Reply(status=500)
    assert reasons(timeline, 2 * DAY) == {"robots_unreachable": 2}
    assert reasons(timeline, 33 * DAY) == {"robots": 1}
    assert [server.count(f"/news/{number}") for number in (1, 2)] == [1, 0]


def test_p44_a_public_host_that_says_wait_for_it_keeps_its_entries(wire: Server, timeline: Timeline) -> None:
    wire.replies["/feed.xml"] = Reply(newsroom.feed(wire.public, range(3)))
    wire.replies["/robots.txt"] = Reply(status=503)
    newsroom.subscribe(timeline.folder, f"{wire.public}/feed.xml")
    result = timeline.crawl()["results"]["wire0"]
    assert (result["failed"], result["waiting"]) == (0, 3)
    assert len(wire.log) == 2


def lead(server: Server, hops: int) -> None:
    """Lead /robots.txt over so many redirects to one that forbids all news."""
    for hop in range(hops):
        path = f"/robots.txt?{hop}" if hop else "/robots.txt"
        server.replies[path] = Reply(status=301 + hop % 2, headers={"Location": f"/robots.txt?{hop + 1}"})
    server.replies[f"/robots.txt?{hops}"] = Reply(NO_NEWS)


@pytest.mark.parametrize(("hops", "found"), [(5, {"robots": 1}), (6, {})])
def test_p45_five_redirects_are_followed(
    server: Server, timeline: Timeline, hops: int, found: dict[str, int]
) -> None:
    lead(server, hops)
    assert reasons(timeline) == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"\xef\xbb\xbf" + NO_NEWS, {"robots": 1}),
        (NO_NEWS.replace(b"\n", b"\r"), {"robots": 1}),
        (NO_NEWS.replace(b"\n", b"\r\n"), {"robots": 1}),
        (b"# " + b"x" * (500 * 1024 - 100) + b"\n" + NO_NEWS, {"robots": 1}),
        (b"# " + b"x" * 500 * 1024 + b"\n" + NO_NEWS, {}),
        (b"\x00\xff\xfe" * 1000, {}),
    ],
)
def test_p45_the_first_500_kib_are_read_whatever_the_line_ends(
    server: Server, timeline: Timeline, body: bytes, found: dict[str, int]
) -> None:
    server.replies["/robots.txt"] = Reply(body)
    assert reasons(timeline) == found


def test_p46_crawl_delay_is_a_floor_for_the_gap(server: Server, timeline: Timeline) -> None:
    newsroom.publish(server, 3)
    server.replies["/robots.txt"] = Reply(b"User-agent: *\nCrawl-delay: 0.6\n")
    timeline.crawl()
    times = [asked.at for asked in server.log if asked.path.startswith("/news/")]
    assert times[-1] - times[0] > 0.7  # two gaps; what slows the first request shortens what is seen of them


def test_p46_crawl_delay_is_capped_with_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    rules = Protego.parse("User-agent: *\nCrawl-delay: 3600\n")
    with caplog.at_level(logging.WARNING):
        assert kept_delay("https://a.example", rules) == 60.0
    assert "asks for a Crawl-delay of 3600 s" in caplog.text


@pytest.mark.parametrize(
    ("group", "is_ours"),
    [
        ("pressclip", True), ("PressClip", True), ("PRESSCLIP/9.9 (x)", True), ("*", True),
        ("press", False), ("pressclipper", False), ("clip", False), ("otherbot", False),
    ],
)  # fmt: skip
def test_p47_our_group_is_found_by_its_product_token(group: str, is_ours: bool) -> None:
    state = robots.after(
        None, site="https://a.example", status=200, body=f"User-agent: {group}\nDisallow: /".encode(),
        now=newsroom.NOON,
    )  # fmt: skip
    rules = robots.rules(state, now=newsroom.NOON)
    assert rules is not None
    assert rules.can_fetch("https://a.example/1", robots.PRODUCT) is not is_ours


def test_p47_our_own_group_counts_before_the_one_for_all(server: Server, timeline: Timeline) -> None:
    server.replies["/robots.txt"] = Reply(
        b"User-agent: *\nDisallow: /\n\nUser-Agent: PressClip\nDisallow: /x"
    )
    assert reasons(timeline) == {}
    assert server.count("/news/0") == 1


def test_a_denial_is_asked_again_after_a_week(server: Server, timeline: Timeline) -> None:
    server.replies["/robots.txt"] = Reply(NO_NEWS)
    assert reasons(timeline) == {"robots": 1}
    server.replies["/robots.txt"] = Reply(b"")
    timeline.crawl(minutes=7 * DAY - 1)
    assert server.count("/news/0") == 0
    timeline.crawl(minutes=7 * DAY)
    assert server.count("/news/0") == 1
