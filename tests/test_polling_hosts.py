"""Polling: manners towards hosts, over feeds, articles and robots.txt together."""

import threading
import time
from typing import Any

import newsroom
import pytest
from loopback import Asked, Reply, Server
from timeline import Timeline

HOUR = 60  # minutes


def publish(site: Server, base: str, count: int, path: str = "/feed.xml") -> None:
    """Put a feed and its articles on a server, linked by the name that `base` gives it."""
    newsroom.publish(site, count)
    site.replies[path] = Reply(newsroom.feed(base, range(count)), headers={"Content-Type": newsroom.FEED})


def states(timeline: Timeline) -> dict[str, int]:
    return dict(timeline.rows("SELECT state, count(*) FROM entries GROUP BY state"))


@pytest.mark.parametrize("status", [429, 503])
def test_p28_a_public_host_that_says_wait_is_left_alone_whole(
    server: Server, wire: Server, timeline: Timeline, status: int
) -> None:
    publish(server, server.base, 2)
    publish(wire, wire.public, 3)
    wire.replies["/other.xml"] = wire.replies["/feed.xml"]
    feeds = [f"{wire.public}/feed.xml", f"{wire.public}/other.xml", f"{server.base}/feed.xml"]
    newsroom.subscribe(timeline.folder, *feeds)
    timeline.crawl(limit=0)
    wire.log.clear()
    wire.replies["/feed.xml"] = Reply(status=status, headers={"Retry-After": "7200"})
    report = timeline.crawl(minutes=70)
    results = report["results"]
    assert [asked.path for asked in wire.log] == ["/feed.xml"]
    assert (results["wire1"]["poll"], results["wire1"]["poll_reason"]) == (
        "not_due", f"host_rests: http_{status} until 2026-11-22T15:10:00Z",
    )  # fmt: skip
    assert results["wire2"]["new"] == 2
    assert results["wire0"]["waiting"] + results["wire1"]["waiting"] == 3
    wire.log.clear()
    assert timeline.crawl(minutes=70 + 2 * HOUR - 1)["exit_code"] == 0
    assert wire.log == []
    publish(wire, wire.public, 3)
    timeline.crawl(minutes=70 + 2 * HOUR)
    assert states(timeline) == {"done": 5}
    assert timeline.rows("SELECT rests, rest_until FROM hosts WHERE host = '127.2'") == [(0, None)]


def test_p28_an_article_that_is_told_to_wait_stops_its_host(wire: Server, timeline: Timeline) -> None:
    publish(wire, wire.public, 6)
    wire.replies["/news/4"] = Reply(status=429)
    newsroom.subscribe(timeline.folder, f"{wire.public}/feed.xml")
    result = timeline.crawl()["results"]["wire0"]
    assert (result["new"], result["failed"], result["waiting"]) == (1, 1, 4)
    assert [path for path in wire.paths() if path != "/feed.xml"] == ["/news/5", "/news/4"]
    assert states(timeline) == {"done": 1, "failed": 1, "waiting": 4}
    assert timeline.rows("SELECT DISTINCT attempts FROM entries WHERE state = 'waiting'") == [(0,)]
    timeline.crawl(minutes=59)
    assert len(wire.paths()) == 3
    wire.replies["/news/4"] = wire.replies["/news/3"]
    timeline.crawl(minutes=61)
    assert states(timeline) == {"done": 6}


def test_p28_addresses_of_a_host_that_the_user_allowed_stand_for_themselves(
    server: Server, timeline: Timeline
) -> None:
    publish(server, server.base, 3)
    server.replies["/other.xml"] = Reply(status=429, headers={"Retry-After": "7200"})
    server.replies["/news/1"] = Reply(status=503)
    newsroom.subscribe(timeline.folder, f"{server.base}/other.xml", f"{server.base}/feed.xml")
    assert timeline.crawl()["results"]["wire1"]["new"] == 2
    assert timeline.rows("SELECT * FROM hosts") == []


def test_p28_rests_grow_while_a_host_keeps_refusing(wire: Server, timeline: Timeline) -> None:
    wire.replies["/feed.xml"] = Reply(status=503, headers={"Retry-After": "60"})
    newsroom.subscribe(timeline.folder, f"{wire.public}/feed.xml", keys='interval = "5m"')
    rests = []
    for number in range(5):
        timeline.crawl("wire0", minutes=2000 * number, force=True)
        [(until,)] = timeline.rows(
            "SELECT unixepoch(rest_until) - unixepoch('2026-11-22T12:00:00Z') FROM hosts"
        )
        rests.append(until / 60 - 2000 * number)
    assert rests == [5, 10, 20, 40, 80]


def test_p29_a_host_that_turns_to_403_is_left_alone(wire: Server, timeline: Timeline) -> None:
    publish(wire, wire.public, 8)
    for number in range(8):
        wire.replies[f"/news/{number}"] = Reply(status=403)
    newsroom.subscribe(timeline.folder, f"{wire.public}/feed.xml")
    result = timeline.crawl()["results"]["wire0"]
    assert (result["failed"], result["waiting"]) == (3, 5)
    assert timeline.rows("SELECT rest_reason, rest_until FROM hosts") == [
        ("http_403", "2026-11-22T13:00:00Z")
    ]
    wire.log.clear()
    timeline.crawl(minutes=59)
    assert wire.log == []


def test_p29_a_host_that_never_answered_well_has_no_such_rest(wire: Server, timeline: Timeline) -> None:
    for name in "abcd":
        wire.replies[f"/{name}.xml"] = Reply(status=403)
    newsroom.subscribe(timeline.folder, *(f"{wire.public}/{name}.xml" for name in "abcd"))
    timeline.crawl()
    assert len(wire.log) == 4


def test_p60_a_challenge_stops_a_public_host_at_once(wire: Server, timeline: Timeline) -> None:
    publish(wire, wire.public, 3)
    wire.replies["/other.xml"] = wire.replies["/feed.xml"]
    wire.replies["/feed.xml"] = Reply(status=403, headers={"cf-mitigated": "challenge"})
    newsroom.subscribe(timeline.folder, f"{wire.public}/feed.xml", f"{wire.public}/other.xml")
    timeline.crawl()
    assert len(wire.log) == 1
    assert timeline.rows("SELECT rest_reason FROM hosts") == [("challenged",)]


class Crowd:
    """Gives the replies of a server slowly, and counts how many requests it has in hand at a time."""

    def __init__(self, replies: dict[str, Any]) -> None:
        self._replies, self._lock, self.now, self.most = dict(replies), threading.Lock(), 0, 0

    def __call__(self, asked: Asked) -> Reply:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(0.03)
        with self._lock:
            self.now -= 1
        reply: Reply = self._replies[asked.path]
        return reply


def test_p42_one_connection_and_a_gap_a_host_over_all_kinds_of_requests(
    server: Server, timeline: Timeline
) -> None:
    publish(server, server.base, 3)
    server.replies["/other.xml"] = server.replies["/feed.xml"]
    crowd = Crowd(server.replies)
    server.replies.update(dict.fromkeys(server.replies, crowd))
    newsroom.subscribe(timeline.folder, f"{server.base}/feed.xml", f"{server.base}/other.xml")
    settings = timeline.folder / "sources.toml"
    settings.write_text(settings.read_text().replace("delay = 0", "delay = 0.4"))
    timeline.crawl()
    times = [asked.at for asked in server.log]
    assert len(times) == 6  # two feeds, robots.txt, three articles
    assert crowd.most == 1
    assert times[-1] - times[0] > 1.0  # five gaps; what slows the first request shortens what is seen of them


def test_p42_hosts_do_not_wait_for_each_other(server: Server, wire: Server, timeline: Timeline) -> None:
    together = threading.Barrier(2, timeout=30)

    def meet(_: Asked) -> Reply:
        together.wait()  # breaks, and the feed fails, unless both are asked at the same time
        return Reply(newsroom.feed("http://127.0.0.1:9", range(0)), headers={"Content-Type": newsroom.FEED})

    server.replies["/feed.xml"] = wire.replies["/feed.xml"] = meet
    newsroom.subscribe(timeline.folder, f"{server.base}/feed.xml", f"{wire.base}/feed.xml")
    results = timeline.crawl()["results"]
    assert [result["poll"] for result in results.values()] == ["changed", "changed"]
