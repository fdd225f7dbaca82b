"""Polling: what our requests look like, and what answers are read."""

import gzip
import zlib

import brotli
import newsroom
import pytest
import zstandard
from loopback import Reply, Server
from timeline import Timeline

from pressclip.version import VERSION


@pytest.fixture(autouse=True)
def subscribed(server: Server, timeline: Timeline) -> None:
    newsroom.publish(server, 1)
    newsroom.subscribe(
        timeline.folder, f"{server.base}/feed.xml", crawl='contact = "https://example.org/bot"'
    )


def serve_feed(server: Server, body: bytes, **headers: str) -> None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    server.replies["/feed.xml"] = Reply(body, headers={"Content-Type": newsroom.FEED, **named})


def redirected(server: Server) -> None:
    """Lead feed and article over a redirect that sets a cookie and asks for a Referer."""
    for path in ("/feed.xml", "/news/0"):
        server.replies[f"{path}/new"] = server.replies[path]
        server.replies[path] = Reply(
            status=302,
            headers={"Location": f"{path}/new", "Set-Cookie": "a=b", "Referrer-Policy": "unsafe-url"},
        )


def test_p14_no_cookie_is_sent(server: Server, timeline: Timeline) -> None:
    redirected(server)
    timeline.crawl()
    timeline.crawl(minutes=70)
    assert server.count("/feed.xml/new") == 2
    assert not any("cookie" in asked.headers for asked in server.log)


def test_p15_no_referer_is_sent(server: Server, timeline: Timeline) -> None:
    redirected(server)
    timeline.crawl()
    assert {"/feed.xml/new", "/news/0/new", "/robots.txt"} <= {asked.path for asked in server.log}
    assert not any("referer" in asked.headers for asked in server.log)


def test_p16_all_requests_name_us_alike(server: Server, timeline: Timeline) -> None:
    redirected(server)
    timeline.crawl()
    assert len(server.log) == 5
    assert {asked.headers["user-agent"] for asked in server.log} == {
        f"pressclip/{VERSION} (+https://example.org/bot)"
    }


def test_p17_feed_types_are_asked_for_before_all_others(server: Server, timeline: Timeline) -> None:
    timeline.crawl()
    [accept] = [asked.headers["accept"] for asked in server.log if asked.path == "/feed.xml"]
    types = [part.partition(";")[0].strip() for part in accept.split(",")]
    assert {"application/atom+xml", "application/rss+xml", "application/feed+json"} <= set(types)
    assert types[-1] == "*/*"


PACKED = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
}


@pytest.mark.parametrize("coding", sorted(PACKED))
def test_p18_each_coding_that_is_offered_is_read(server: Server, timeline: Timeline, coding: str) -> None:
    serve_feed(server, PACKED[coding](newsroom.feed(server.base, range(1))), Content_Encoding=coding)
    assert timeline.crawl()["results"]["wire0"]["new"] == 1
    offered = server.log[0].headers["accept-encoding"]
    assert coding in [part.strip() for part in offered.split(",")]


@pytest.mark.parametrize("coding", sorted(PACKED))
def test_p18_what_unpacks_beyond_the_cap_is_refused(server: Server, timeline: Timeline, coding: str) -> None:
    serve_feed(server, PACKED[coding](bytes(64 * 2**20)), Content_Encoding=coding)
    assert timeline.crawl()["results"]["wire0"]["poll_reason"] == "too_large"


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/octet-stream", "image/png", ""])
def test_p59_a_feed_under_a_wrong_type_is_read(server: Server, timeline: Timeline, kind: str) -> None:
    serve_feed(server, newsroom.feed(server.base, range(1)), Content_Type=kind)
    assert timeline.crawl()["results"]["wire0"]["poll"] == "changed"
