"""Polling: what a failure costs, and when it is tried again."""

import newsroom
import pytest
from loopback import Reply, Server
from timeline import Timeline

HOUR, DAY = 60, 24 * 60  # minutes
CHALLENGE = {"cf-mitigated": "challenge", "Content-Type": "text/html"}


@pytest.fixture(autouse=True)
def subscribed(server: Server, timeline: Timeline) -> None:
    newsroom.publish(server, 3)
    newsroom.subscribe(timeline.folder, f"{server.base}/feed.xml")


def state(timeline: Timeline) -> tuple[object, ...]:
    [row] = timeline.rows("SELECT failures, last_status, last_reason FROM sources")
    return row


@pytest.mark.parametrize("status", [429, 503])
def test_p26_nothing_is_tried_again_within_a_run(server: Server, timeline: Timeline, status: int) -> None:
    timeline.crawl(limit=1)
    server.replies["/feed.xml"] = Reply(status=status)
    server.replies["/news/1"] = Reply(status=status)
    server.log.clear()
    timeline.crawl(minutes=70)
    assert [server.count(path) for path in ("/feed.xml", "/news/1")] == [1, 1]


def test_p27_429_without_retry_after_doubles_from_an_hour(server: Server, timeline: Timeline) -> None:
    newsroom.subscribe(timeline.folder, f"{server.base}/feed.xml", keys='interval = "5m"')
    server.replies["/feed.xml"] = Reply(status=429)
    asked, pauses = 0.0, []
    for _ in range(4):
        timeline.crawl(minutes=asked)
        pauses.append(timeline.due() - asked)
        asked = timeline.due()
    for pause, least in zip(pauses, (HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR), strict=True):
        assert least <= pause <= least * 1.1


def test_p30_failures_back_off_to_a_day_and_one_answer_ends_it(server: Server, timeline: Timeline) -> None:
    good = server.replies["/feed.xml"]
    timeline.crawl()
    server.replies["/feed.xml"] = Reply(status=500)
    asked, pauses = 70.0, []
    for _ in range(7):
        timeline.crawl(minutes=asked)
        pauses.append(timeline.due() - asked)
        asked = timeline.due()
    for pause, least in zip(pauses, (2, 4, 8, 16, 24, 24, 24), strict=True):
        assert least * HOUR <= pause <= min(least * HOUR * 1.1, DAY)
    assert state(timeline) == (7, 500, "http_500")
    server.replies["/feed.xml"] = good
    timeline.crawl(minutes=asked)
    assert state(timeline) == (0, 200, None)
    assert timeline.due() - asked == HOUR


def test_p30_no_answer_is_a_failure_with_its_name(timeline: Timeline) -> None:
    newsroom.subscribe(timeline.folder, "http://127.0.0.1:9/feed.xml", "http://nowhere.invalid/feed.xml")
    results = timeline.crawl()["results"]
    assert [results[name]["poll_reason"] for name in ("wire0", "wire1")] == ["refused", "dns"]
    assert all(2 * HOUR <= timeline.due(name) <= 2.2 * HOUR for name in ("wire0", "wire1"))


def test_p31_404_backs_off_to_daily_then_weekly(server: Server, timeline: Timeline) -> None:
    server.replies["/feed.xml"] = Reply(status=404)
    asked, pauses = 0.0, []
    for _ in range(12):
        timeline.crawl(minutes=asked)
        pauses.append(timeline.due() - asked)
        asked = timeline.due()
    assert all(pause >= 2 * HOUR for pause in pauses)
    assert pauses[4:10] == [DAY] * 6
    assert pauses[10:] == [7 * DAY] * 2


def test_p32_410_turns_a_source_off_until_its_user_asks(server: Server, timeline: Timeline) -> None:
    good = server.replies["/feed.xml"]
    timeline.crawl(limit=1)
    server.replies["/feed.xml"] = Reply(status=410)
    assert timeline.crawl(minutes=70, limit=0)["results"]["wire0"]["poll_reason"] == "http_410"
    server.replies["/feed.xml"] = good
    server.log.clear()
    result = timeline.crawl(minutes=90 * DAY)["results"]["wire0"]
    assert (result["poll"], result["poll_reason"]) == ("not_due", "off: it answered 410 on 2026-11-22")
    assert result["new"] == 2  # what waited is fetched all the same
    timeline.crawl("wire0", minutes=91 * DAY)
    timeline.crawl(minutes=91 * DAY, force=True)
    assert server.count("/feed.xml") == 0
    assert timeline.crawl("wire0", minutes=92 * DAY, force=True)["results"]["wire0"]["poll"] == "unchanged"
    timeline.crawl(minutes=94 * DAY)
    assert server.count("/feed.xml") == 2


def test_p32_an_article_that_is_gone_is_marked_and_kept(server: Server, timeline: Timeline) -> None:
    server.replies["/news/1"] = Reply(status=410)
    assert timeline.crawl()["exit_code"] == 0
    timeline.crawl(minutes=90 * DAY)
    assert server.count("/news/1") == 1
    assert timeline.rows("SELECT state, reason FROM entries WHERE url LIKE '%/news/1'") == [
        ("gone", "http_410")
    ]


def test_p60_a_challenge_is_named_and_backed_off(server: Server, timeline: Timeline) -> None:
    server.replies["/feed.xml"] = Reply(b"<html>Just a moment...</html>", status=403, headers=CHALLENGE)
    result = timeline.crawl()["results"]["wire0"]
    assert result["poll_reason"] == "challenged: Cloudflare wants to see a browser"
    assert len(server.log) == 1
    assert 2 * HOUR <= timeline.due() <= 2.2 * HOUR


def test_p60_a_challenge_before_an_article_is_named(server: Server, timeline: Timeline) -> None:
    server.replies["/news/1"] = Reply(b"<html>Just a moment...</html>", status=403, headers=CHALLENGE)
    assert timeline.crawl()["results"]["wire0"]["reasons"] == {"challenged": 1}


def test_n17_a_feed_that_turned_into_html_backs_off_and_keeps_its_address(
    server: Server, timeline: Timeline
) -> None:
    timeline.crawl()
    server.replies["/feed.xml"] = Reply(newsroom.article(1), headers={"Content-Type": newsroom.HTML})
    timeline.crawl(minutes=70)
    assert str(state(timeline)[2]).startswith("not_a_feed")
    assert timeline.rows("SELECT etag, moved_to FROM sources") == [('"1"', None)]
    assert timeline.due() >= 70 + 2 * HOUR


@pytest.mark.parametrize(
    ("body", "headers", "reason"),
    [
        (b"", {"Content-Length": "0"}, "not_a_feed"),
        (b"<rss>", {"Content-Length": "900"}, "truncated"),
        *(
            (b"\xff no such thing", {"Content-Encoding": coding}, "broken_body")
            for coding in ("gzip", "deflate", "br", "zstd")
        ),
    ],
)
def test_n12_n13_a_broken_answer_keeps_what_was_there(
    server: Server, timeline: Timeline, body: bytes, headers: dict[str, str], reason: str
) -> None:
    timeline.crawl()
    server.replies["/feed.xml"] = Reply(body, headers={"ETag": '"broken"', "Connection": "close", **headers})
    timeline.crawl(minutes=70)
    assert str(state(timeline)[2]).partition(":")[0] == reason
    assert timeline.rows("SELECT etag FROM sources") == [('"1"',)]
    assert timeline.rows("SELECT count(*) FROM articles") == [(3,)]


def test_failed_articles_come_back_with_growing_pauses_then_rest(server: Server, timeline: Timeline) -> None:
    server.replies["/news/1"] = Reply(status=500)
    asked, pauses = 0.0, []
    for _ in range(13):
        timeline.crawl(minutes=asked)
        [(retry_at,)] = timeline.rows(
            "SELECT (unixepoch(retry_at) - unixepoch('2026-11-22T12:00:00Z')) / 60.0 FROM entries WHERE state = 'failed'"
        )
        pauses.append(retry_at - asked)
        asked = retry_at
    assert pauses == [15, 30, 60, 120, 240, 480, 960, DAY, DAY, DAY, 7 * DAY, 7 * DAY, 7 * DAY]
    timeline.crawl(minutes=asked)
    assert timeline.rows("SELECT attempts, retry_at FROM entries WHERE state = 'failed'") == [(14, None)]
    timeline.crawl(minutes=asked + 900 * DAY)
    assert server.count("/news/1") == 14


def test_an_article_waits_as_long_as_retry_after_says(server: Server, timeline: Timeline) -> None:
    server.replies["/news/1"] = Reply(status=503, headers={"Retry-After": "7200"})
    timeline.crawl()
    for minutes in (60, 119):
        timeline.crawl(minutes=minutes)
    assert server.count("/news/1") == 1
    timeline.crawl(minutes=120)
    assert server.count("/news/1") == 2
