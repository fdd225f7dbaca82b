"""Polling: when a feed is asked again."""

import newsroom
import pytest
from loopback import Reply, Server
from timeline import START, Timeline

from pressclip.models import Source
from spiders.polling import jitter, schedule

DAY = 24 * 60  # minutes
RSS_END = "</channel></rss>"


@pytest.fixture(autouse=True)
def subscribed(server: Server, timeline: Timeline) -> None:
    newsroom.publish(server, 1)
    newsroom.subscribe(timeline.folder, f"{server.base}/feed.xml")
    timeline.crawl(minutes=-2 * DAY)  # the first pause has its jitter; what follows is exact
    server.log.clear()


def say(server: Server, *, status: int = 200, feed: bytes | None = None, **headers: str) -> None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    body = newsroom.feed(server.base, range(1)) if feed is None else feed
    server.replies["/feed.xml"] = Reply(body, status=status, headers={"Content-Type": newsroom.FEED, **named})


def claim(server: Server, claims: str, *, namespace: str = "") -> None:
    """Serve the feed with claims in its channel."""
    text = newsroom.feed(server.base, range(1)).decode()
    text = text.replace("<rss ", f"<rss {namespace} ").replace("<description/>", f"<description/>{claims}")
    say(server, feed=text.encode())


@pytest.mark.parametrize("status", [200, 304, 429])
def test_p19_no_request_while_the_answer_is_fresh(server: Server, timeline: Timeline, status: int) -> None:
    say(server, ETag='"1"')
    timeline.crawl(minutes=-DAY)
    say(server, status=status, Cache_Control="public, max-age=20000", Age="2000", ETag='"1"')
    timeline.crawl()
    assert timeline.due() >= 300
    server.log.clear()
    for minute in range(0, 300, 5):
        timeline.crawl(minutes=minute)
    assert server.log == []
    timeline.crawl(minutes=330)
    assert server.count("/feed.xml") == 1


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        ({"Expires": "Sun, 22 Nov 2026 15:00:00 GMT", "Date": "Sun, 22 Nov 2026 12:00:00 GMT"}, 180),
        ({"Expires": "Sun, 22 Nov 2026 15:00:00 GMT", "Date": "Sun, 22 Nov 2026 13:00:00 GMT"}, 120),
        ({"Expires": "Sun, 22 Nov 2026 15:00:00 GMT", "Cache-Control": "max-age=7200"}, 120),
        ({"Expires": "0"}, 60),
        ({"Expires": "-1"}, 60),
        ({"Expires": "Thu, 01 Jan 1970 00:00:00 GMT"}, 60),
        ({"Expires": "tomorrow"}, 60),
    ],
)
def test_p20_expires_counts_where_no_max_age_stands(
    server: Server, timeline: Timeline, headers: dict[str, str], minutes: int
) -> None:
    server.replies["/feed.xml"] = Reply(newsroom.feed(server.base, range(1)), headers=headers)
    timeline.crawl()
    assert timeline.due() == minutes


@pytest.mark.parametrize(
    "said", ["no-cache", "no-store", "max-age=0", "no-cache, max-age=99999", "max-age=x"]
)
def test_p21_a_stale_answer_is_not_asked_for_sooner(server: Server, timeline: Timeline, said: str) -> None:
    say(server, Cache_Control=said)
    timeline.crawl()
    assert timeline.due() == 60


def test_p22_the_longest_wish_counts_up_to_its_cap(server: Server, timeline: Timeline) -> None:
    say(server, Cache_Control="max-age=7200", Retry_After="10800")
    timeline.crawl()
    assert timeline.due() == 180
    say(server, Cache_Control="max-age=99999999")
    timeline.crawl(minutes=180)
    assert timeline.due() == 180 + 7 * DAY
    say(server, Retry_After="99999999")
    timeline.crawl(minutes=180 + 7 * DAY)
    assert timeline.due() == 180 + 7 * DAY + 31 * DAY


@pytest.mark.parametrize("status", [429, 503])
def test_p23_retry_after_in_seconds(server: Server, timeline: Timeline, status: int) -> None:
    say(server, status=status, Retry_After="86399")
    timeline.crawl()
    assert timeline.due() == pytest.approx(86399 / 60)
    server.log.clear()
    timeline.crawl(minutes=86398 / 60 - 1)
    assert server.log == []


def test_p24_retry_after_as_a_date_is_taken_by_the_servers_clock(server: Server, timeline: Timeline) -> None:
    say(server, status=429, Retry_After="Sat, 21 Nov 2026 10:00:00 GMT", Date="Sat, 21 Nov 2026 00:00:00 GMT")
    timeline.crawl()
    assert timeline.due() == 600


@pytest.mark.parametrize("said", ["soon", "-5", "0", "1.5", "Sun, 22 Nov 2020 12:00:00 GMT", "１２０", ""])
def test_p25_a_useless_retry_after_means_nothing(server: Server, timeline: Timeline, said: str) -> None:
    say(server, status=429, Retry_After=said.encode().decode("latin-1"))
    timeline.crawl()
    assert 120 <= timeline.due() <= 132


def test_p25_a_huge_retry_after_is_not_for_ever(server: Server, timeline: Timeline) -> None:
    say(server, status=503, Retry_After="1000000000000")
    timeline.crawl()
    assert timeline.due() == 31 * DAY


def test_p39_a_restart_cannot_poll_early(server: Server, timeline: Timeline) -> None:
    timeline.crawl()
    assert timeline.due() == 60
    server.log.clear()
    timeline.crawl(minutes=59 + 59 / 60 - 5 / 60)
    assert server.log == []
    timeline.crawl(minutes=60)
    assert server.count("/feed.xml") == 1


def test_p39_a_clock_that_jumps_back_brings_no_burst(server: Server, timeline: Timeline) -> None:
    timeline.crawl()
    server.log.clear()
    timeline.crawl(minutes=-60)
    timeline.crawl(minutes=-60 - DAY)
    assert server.log == []


def test_s15_a_clock_that_was_years_ahead_leaves_nothing_stuck(
    server: Server, wire: Server, timeline: Timeline
) -> None:
    """It leaps ten years ahead for one run, then back: all goes on, and nothing is asked more than once for it."""
    newsroom.publish(wire, 1)
    wire.replies["/feed.xml"] = Reply(
        newsroom.feed(wire.public, range(1)), headers={"Content-Type": newsroom.FEED}
    )
    newsroom.subscribe(timeline.folder, f"{server.base}/feed.xml", f"{wire.public}/feed.xml")
    timeline.crawl()
    years = 10 * 365 * DAY
    newsroom.publish(server, 2)
    server.replies["/news/1"] = Reply(b"", 500)
    say(server, feed=newsroom.feed(server.base, range(2)))
    say(wire, status=429)
    timeline.crawl(minutes=years)
    newsroom.publish(server, 2)
    newsroom.publish(wire, 1)
    server.log.clear()
    wire.log.clear()
    timeline.crawl(minutes=5)
    timeline.crawl(minutes=10)
    assert server.paths() == ["/feed.xml", "/news/1"]
    assert wire.count("/feed.xml") == 1
    assert timeline.rows("SELECT count(*) FROM entries WHERE state <> 'done'") == [(0,)]
    later = "SELECT max(next_poll_at) FROM sources UNION ALL SELECT max(rest_until) FROM hosts"
    assert all(moment is None or moment < "2027" for (moment,) in timeline.rows(later))


def test_p40_cron_every_five_minutes_is_one_request_an_hour(server: Server, timeline: Timeline) -> None:
    for minute in range(0, DAY, 5):
        timeline.crawl(minutes=minute)
    assert server.count("/feed.xml") == 24


def test_p41_jitter_only_lengthens_and_is_the_sources_own(server: Server, timeline: Timeline) -> None:
    pauses = {name: jitter.add(name, 36000) for name in (f"wire{n}" for n in range(200))}
    assert all(36000 <= pause <= 39600 for pause in pauses.values())
    assert len(set(pauses.values())) > 30
    assert pauses == {name: jitter.add(name, 36000) for name in pauses}
    timeline.crawl()
    say(server, status=500)
    timeline.crawl(minutes=60)
    assert timeline.due() == 60 + jitter.add("wire0", 7200) / 60


def test_p48_ttl_is_a_floor_up_to_a_day(server: Server, timeline: Timeline) -> None:
    claim(server, "<ttl>150</ttl>")
    timeline.crawl()
    assert timeline.due() == 150
    say(server, status=304)
    server.replies["/feed.xml"] = Reply(newsroom.feed(server.base, range(1)), headers={"ETag": '"1"'})
    timeline.crawl(minutes=150)
    assert timeline.due() == 210
    claim(server, "<ttl>100000</ttl>")
    timeline.crawl(minutes=210)
    assert timeline.due() == 210 + DAY


def test_p48_ttl_holds_after_a_304_too(server: Server, timeline: Timeline) -> None:
    claim(server, "<ttl>150</ttl>")
    reply = server.replies["/feed.xml"]
    assert isinstance(reply, Reply)
    reply.headers["ETag"] = '"1"'
    timeline.crawl()
    server.replies["/feed.xml"] = Reply(status=304)
    timeline.crawl(minutes=150)
    assert timeline.due() == 300


def test_p49_polls_move_to_the_next_free_hour(server: Server, timeline: Timeline) -> None:
    claim(server, "<skipHours><hour>13</hour><hour>14</hour></skipHours>")
    timeline.crawl()
    assert timeline.due() == 180  # 15:00 GMT
    claim(server, "<skipDays><day>Sunday</day><day>Monday</day></skipDays>")
    timeline.crawl(minutes=180)
    assert timeline.due() == 36 * 60  # Tuesday, 00:00 GMT
    claim(server, "<skipHours>" + "".join(f"<hour>{hour}</hour>" for hour in range(24)) + "</skipHours>")
    timeline.crawl(minutes=36 * 60)
    assert timeline.due() == 36 * 60 + 60


SY = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'


@pytest.mark.parametrize(
    ("period", "frequency", "minutes"), [("daily", 4, 360), ("hourly", 12, 60), ("yearly", 1, DAY)]
)
def test_p50_an_announced_period_only_slows(
    server: Server, timeline: Timeline, period: str, frequency: int, minutes: int
) -> None:
    claim(
        server,
        f"<sy:updatePeriod>{period}</sy:updatePeriod><sy:updateFrequency>{frequency}</sy:updateFrequency>",
        namespace=SY,
    )
    timeline.crawl()
    assert timeline.due() == minutes


def dated(server: Server, *stamps: str) -> bytes:
    items = "".join(
        f"<item><title>日報 {n}</title><link>{server.base}/news/0?{n}</link><pubDate>{stamp}</pubDate></item>"
        for n, stamp in enumerate(stamps)
    )
    return newsroom.feed(server.base, range(0)).replace(b"</channel>", f"{items}</channel>".encode())


def test_p51_the_feeds_own_rhythm_sets_the_pace(server: Server, timeline: Timeline) -> None:
    say(server, feed=dated(server, *(f"{day} Nov 2026 {12 - day % 2}:00:00 GMT" for day in range(16, 22))))
    timeline.crawl(limit=0)
    assert 11 * 60 < timeline.due() < 13 * 60  # half of about a day
    say(server, feed=dated(server, *(f"22 Nov 2026 0{hour}:00:00 GMT" for hour in range(8))))
    timeline.crawl(minutes=13 * 60, limit=0)
    assert timeline.due() == 14 * 60  # never below the interval
    say(server, feed=dated(server, *(f"{day} Oct 2026 {day}:00:00 GMT" for day in range(10, 20))))
    timeline.crawl(minutes=14 * 60, limit=0)
    assert timeline.due() == 14 * 60 + DAY  # dormant


def test_p57_a_named_source_waits_ten_minutes_and_for_retry_after(server: Server, timeline: Timeline) -> None:
    say(server, ETag='"1"')
    timeline.crawl()
    server.log.clear()
    timeline.crawl("wire0", minutes=9)
    assert server.log == []
    say(server, status=503, Retry_After="3600")
    timeline.crawl("wire0", minutes=10)
    assert server.count("/feed.xml") == 1
    timeline.crawl("wire0", minutes=60)
    assert server.count("/feed.xml") == 1
    timeline.crawl("wire0", minutes=61, force=True)
    assert server.count("/feed.xml") == 2
    assert server.log[-1].headers["if-none-match"] == '"1"'


def test_a_source_due_in_a_moment_is_waited_for(server: Server, timeline: Timeline) -> None:
    timeline.crawl()
    server.log.clear()
    timeline.crawl(minutes=60 - 0.5 / 60)
    assert server.count("/feed.xml") == 1
    assert timeline.due() == 120


def test_intervals_longer_than_our_caps_are_kept() -> None:
    source = Source(name="slow", kind="feed", url="https://a.example/", interval=20 * 86400)
    for outcome in ("answered", "failed", "throttled", "missing"):
        due = schedule.next_poll_at(source, schedule.Claims(), asked_at=START, outcome=outcome, failures=1)
        assert (due - START).days == 20
