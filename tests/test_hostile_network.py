"""Servers that mean harm: real sockets, and a crawl that stays whole and within bounds."""

import gzip
import socketserver
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial

import brotli
import memory
import newsroom
import pytest
import zstandard
from loopback import Asked, Reply, Server, serving
from timeline import Timeline

MIB = 2**20
#: Schemes that are no web; each was once a way out of some reader.
ELSEWHERE = (
    "file:///etc/passwd", "data:text/html,<p>hello", "ftp://127.0.0.1/feed", "s3://bucket/feed", "javascript:alert(1)",
    "gopher://127.0.0.1/", "FILE:///etc/passwd", "unix:/var/run/docker.sock",
)  # fmt: skip

#: What a raw server does with a connection whose request was read.
Play = Callable[[Callable[[bytes], None]], None]


@contextmanager
def raw(play: Play) -> Iterator[str]:
    """Serve bytes that no HTTP library would write: at /feed.xml's base address, until the client goes away."""
    over = threading.Event()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            def send(data: bytes) -> None:
                if over.is_set():
                    raise ConnectionResetError
                self.request.sendall(data)

            with suppress(OSError):
                while not self.request.recv(65536).endswith(b"\r\n\r\n"):
                    pass
                play(send)

    class Listener(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Listener(("127.0.0.1", 0), Handler) as listener:
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.server_address[1]}"
        finally:
            over.set()
            listener.shutdown()
            thread.join()


def polled(timeline: Timeline, *urls: str, crawl: str = "") -> list[str]:
    """Subscribe to addresses and crawl once; why each could not be had, or what it gave."""
    newsroom.subscribe(timeline.folder, *urls, crawl=crawl)
    results = timeline.crawl()["results"]
    found = (results[f"wire{number}"] for number in range(len(urls)))
    return [str(result["poll_reason"] or result["poll"]) for result in found]


def peak(timeline: Timeline) -> int:
    """Bytes that the crawling process and its workers held at most since `forget`."""
    return max(map(memory.peak, family(timeline)))


def forget(timeline: Timeline) -> None:
    """Count the peak of memory from here."""
    for pid in family(timeline):
        memory.forget(pid)


def family(timeline: Timeline) -> list[int]:
    """Name the crawling process and its workers."""
    parent = timeline._child._process.pid
    return [parent, *memory.children_of(parent)]


@pytest.mark.parametrize("what", ["feed", "article", "robots"])
def test_n04_n07_a_hop_to_a_private_address_is_refused_and_takes_nothing_along(
    server: Server, wire: Server, timeline: Timeline, what: str
) -> None:
    newsroom.publish(server, 1)
    led = {"feed": "/feed.xml", "article": "/news/0", "robots": "/robots.txt"}[what]
    for status, place in ((302, f"{server.base}/hop"), (307, f"{wire.base}/secret")):
        server.replies[led] = Reply(status=status, headers={"Location": place})
        led = "/hop"
    wire.replies["/secret"] = Reply(newsroom.article(7))
    (timeline.folder / "sources.toml").write_text(
        '[crawl]\nallow_hosts = ["127.0.0.1"]\ndelay = 0\nworkers = 1\n[[source]]\nname = "wire0"\n'
        f'feed = "{server.base}/feed.xml"\nheaders = {{ X-Token = "s3cret" }}\n'
    )
    result = timeline.crawl()["results"]["wire0"]
    assert "blocked_address" in (str(result["poll_reason"]) + str(result["reasons"]))
    assert wire.log == []
    assert timeline.rows("SELECT count(*) FROM articles") == [(0,)]


def test_n06_no_redirect_leads_out_of_the_web(server: Server, timeline: Timeline) -> None:
    newsroom.publish(server, len(ELSEWHERE))
    for number, place in enumerate(ELSEWHERE):
        server.replies[f"/{number}.xml"] = Reply(status=302, headers={"Location": place})
        server.replies[f"/news/{number}"] = server.replies[f"/{number}.xml"]
    feeds = [f"{server.base}/{number}.xml" for number in range(len(ELSEWHERE))]
    found = polled(timeline, *feeds, f"{server.base}/feed.xml")
    assert set(found[:-1]) == {"http_302", "redirect_nowhere"}, found
    assert found[-1] == "changed"
    assert timeline.rows("SELECT state, count(*) FROM entries GROUP BY state") == [("failed", len(ELSEWHERE))]
    assert timeline.rows("SELECT count(*) FROM pages") == [(0,)]


@pytest.mark.parametrize("place", ELSEWHERE[:3])
def test_n06_robots_txt_leads_nowhere_else_either(server: Server, timeline: Timeline, place: str) -> None:
    newsroom.publish(server, 1)
    server.replies["/robots.txt"] = Reply(status=301, headers={"Location": place})
    newsroom.subscribe(timeline.folder, f"{server.base}/feed.xml")
    timeline.crawl()
    assert server.count("/news/0") == 0
    assert timeline.rows("SELECT state FROM entries") == [("failed",)]


def test_n09_redirects_that_end_nowhere_end(server: Server, timeline: Timeline) -> None:
    newsroom.publish(server, 1)
    places = {
        "/loop": "/loop", "/a": "/b", "/b": "/a", "/empty": "", "/port": "http://127.0.0.1:99999999/",
        "/brackets": "http://[::1", "/long": "/" + "x" * 60_000, "/null": "/\x00\x01", "/host": "http:///",
        "/hops0": "/hops1", "/query": "?" * 500, "/percent": "/%zz%", "/dots": "//..%2f..%2fetc",
    }  # fmt: skip
    places |= {f"/hops{hop}": f"/hops{hop + 1}" for hop in range(1, 100)}
    for path, place in places.items():
        server.replies[path] = Reply(status=302, headers={"Location": place})
    led = [path for path in places if not path.startswith("/hops") or path == "/hops0"]
    found = polled(timeline, *(server.base + path for path in led), f"{server.base}/feed.xml")
    assert found[-1] == "changed"
    reasons = dict(zip(led, found, strict=False))
    assert "changed" not in reasons.values()
    assert (reasons["/loop"], reasons["/a"], reasons["/hops0"]) == ("redirects",) * 3
    assert reasons["/port"] == reasons["/brackets"] == "redirect_nowhere"
    assert sum(asked.path.startswith("/hops") for asked in server.log) == 6
    assert timeline.rows("SELECT count(*) FROM articles") == [(1,)]


def test_n09_a_hop_to_what_no_host_can_be_called_is_named_at_once(
    server: Server, wire: Server, timeline: Timeline
) -> None:
    newsroom.publish(server, 0)
    places = (
        "http://a..b/", "http://./", f"http://{'a' * 70}.invalid/", f"http://me:pw@{wire.base.removeprefix('http://')}/", "http://10.0.0.1 /",
        "http://10.0.0.1%00.example/", "http://%E2%92%88%E2%92%88.example/",
    )  # fmt: skip
    for number, place in enumerate(places):
        server.replies[f"/{number}"] = Reply(status=302, headers={"Location": place})
    found = polled(timeline, *(f"{server.base}/{number}" for number in range(len(places))))
    assert [reason for reason in found if not reason.startswith("bad_url: ")] == []
    assert wire.log == []


@pytest.mark.parametrize(
    "head",
    [
        b"Location: /a\r\n b\r\n",
        b"Location: /a\rSet-Cookie: x=y\r\n",
        b"Location: /%0d%0aX-Injected:%20yes\r\n",
        b"Location: \xff\xfe\r\nLocation: /b\r\n",
    ],
)
def test_n09_no_location_writes_a_header_of_ours(timeline: Timeline, head: bytes) -> None:
    asked: list[bytes] = []
    listening = threading.Lock()

    def play(send: Callable[[bytes], None]) -> None:
        with listening:
            asked.append(b"")
        send(b"HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 0\r\n" + head + b"\r\n")

    with raw(play) as base:
        [found] = polled(timeline, f"{base}/feed.xml")
    assert found in {"redirects", "http_302", "connection", "http_400"} or found.startswith("bad"), found
    assert len(asked) <= 6


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, 1),
    "deflate": lambda data: zlib.compress(data, 1),
    "br": lambda data: bytes(brotli.compress(data, quality=1)),
    "zstd": lambda data: zstandard.compress(data, 1),
}


@pytest.mark.parametrize("layers", ["gzip", "br", "zstd", "gzip, gzip"])
def test_n10_a_bomb_ends_at_the_cap_and_takes_no_memory(
    server: Server, timeline: Timeline, layers: str
) -> None:
    body = bytes(256 * MIB)
    for layer in layers.split(", "):
        body = PACKED[layer](body)
    newsroom.publish(server, 2)
    bomb = Reply(body, headers={"Content-Encoding": layers, "Content-Type": newsroom.HTML})
    server.replies["/bomb.xml"] = server.replies["/news/0"] = bomb
    newsroom.subscribe(timeline.folder, f"{server.base}/feed.xml")
    timeline.crawl(limit=1)  # the process and its worker are up
    forget(timeline)
    before = peak(timeline)
    newsroom.subscribe(timeline.folder, f"{server.base}/feed.xml", f"{server.base}/bomb.xml")
    results = timeline.crawl()["results"]
    assert results["wire1"]["poll_reason"] == "too_large"
    assert results["wire0"]["reasons"] == {"too_large": 1}
    assert peak(timeline) - before < 100 * MIB


@pytest.mark.parametrize("coding", ["", "gzip"])
def test_n10_many_large_answers_at_once_go_through_a_few_at_a_time(timeline: Timeline, coding: str) -> None:
    hosts, size = 60, 8 * MIB - 1000
    body = b"<html><p>hello</p>" + b" " * (size - 100)
    reply = Reply(
        gzip.compress(body, 1) if coding == "gzip" else body,
        headers={"Content-Encoding": coding} if coding else {},
    )
    with ExitStack() as servers:
        sites = [servers.enter_context(serving(f"127.0.3.{number + 1}")) for number in range(hosts)]
        polled(
            timeline, *(f"{site.base}/none.xml" for site in sites)
        )  # the process is up, and knows each host
        parent = family(timeline)[0]
        memory.forget(parent)
        before = memory.peak(parent)
        for site in sites:
            site.replies["/feed.xml"] = reply
        found = polled(timeline, *(f"{site.base}/feed.xml" for site in sites))
    assert {reason.partition(":")[0] for reason in found} == {"not_a_feed"}  # none was put off to another run
    assert memory.peak(parent) - before < 300 * MIB < hosts * size


def endless_head(send: Callable[[bytes], None]) -> None:
    send(b"HTTP/1.1 200 OK\r\n")
    for number in range(10_000_000):
        send(b"X-%d: y\r\n" % number)
        time.sleep(0.01)


def dripping_head(send: Callable[[bytes], None]) -> None:
    for byte in b"HTTP/1.1 200 OK\r\n" * 1000:
        send(bytes([byte]))
        time.sleep(0.1)


def dripping_body(send: Callable[[bytes], None]) -> None:
    send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    for _ in range(100_000):
        send(b"<")
        time.sleep(0.1)


def dripping_chunks(send: Callable[[bytes], None]) -> None:
    send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for _ in range(100_000):
        send(b"1;%s\r\n<\r\n" % (b"x" * 100))
        time.sleep(0.05)


def silence(send: Callable[[bytes], None]) -> None:
    while True:
        time.sleep(0.1)
        send(b"")


@pytest.mark.parametrize("play", [endless_head, dripping_head, dripping_body, dripping_chunks, silence])
def test_n11_what_never_ends_meets_the_deadline(timeline: Timeline, play: Play) -> None:
    with raw(play) as base:
        [found] = polled(timeline, f"{base}/feed.xml", crawl="timeout = 2")
    assert found in {"timeout", "connection", "too_large"}, found


def test_n11_a_body_without_end_is_cut_off_at_the_cap(timeline: Timeline) -> None:
    sent = 0

    def play(send: Callable[[bytes], None]) -> None:
        nonlocal sent
        send(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<rss>")
        while True:
            send(b"<item>" * 10_000)
            sent += 60_000

    with raw(play) as base:
        [found] = polled(timeline, f"{base}/feed.xml")
    assert found == "too_large"
    assert sent < 64 * MIB


HEADS = {
    "many": b"".join(b"X-Many-%d: y\r\n" % number for number in range(900)),
    "too many": b"".join(b"X-Many-%d: y\r\n" % number for number in range(10_000)),
    "too much": b"".join(b"X-Much-%d: %s\r\n" % (number, b"y" * 3000) for number in range(100)),
    "large": b"X-Large: " + b"y" * MIB + b"\r\n",
    "name": b"X-Caf\xe9: a\r\n",
    "no colon": b"this is no header\r\n: nor this\r\n\t\r\n",
    "latin-1": b'X-Cafe: \xe9\xff\r\nETag: "\xe9"\r\nContent-Type: text/xml; charset=\xe9\r\n',
    "controls": b'X: \x00\x1b[2J\x07\r\nETag: "\x1b[2J"\r\nLast-Modified: \x1b]52;c;x\x07\r\n',
    "twice": b"Content-Type: text/html\r\nContent-Type: text/xml\r\n" * 50,
    "folded": b"X: a\r\n b\r\n\tc\r\n",
    "nonsense": b"Retry-After: 9e999\r\nCache-Control: max-age=-1, max-age=9" + b"9" * 5000 + b"\r\nExpires: 0\r\nAge: x\r\nDate: ?\r\n",
    "lengths": b"Content-Length: 5\r\nContent-Length: 7\r\n",
    "negative": b"Content-Length: -5\r\n",
    "coding": b"Content-Encoding: \xff, gzip, nonsense\r\nTransfer-Encoding: nonsense\r\n",
    "status": b"",
}  # fmt: skip


def _say(answer: bytes, send: Callable[[bytes], None]) -> None:
    send(answer)


def test_n15_no_head_of_an_answer_brings_a_crawl_down(server: Server, timeline: Timeline) -> None:
    newsroom.publish(server, 1)
    feed = newsroom.feed(server.base, range(1))
    bases = []
    with ExitStack() as servers:
        for name, head in HEADS.items():
            line = b"HTTP/1.1 9999999 \xff\r\n" if name == "status" else b"HTTP/1.1 200 OK\r\n"
            answer = line + head + b"Connection: close\r\n\r\n" + feed
            bases.append(servers.enter_context(raw(partial(_say, answer))))
        found = polled(timeline, *(f"{base}/feed.xml" for base in bases), f"{server.base}/feed.xml")
    assert found[-1] == "changed"
    outcomes = dict(zip(HEADS, found, strict=False))
    assert {outcomes[name] for name in ("many", "latin-1", "folded", "controls", "twice")} == {"changed"}
    assert outcomes["too many"] == outcomes["too much"] == "too_large"
    assert set(found) <= {"changed", "connection", "too_large", "http_9999999"}
    stored = repr(timeline.rows("SELECT etag, last_modified FROM sources"))
    assert "\x00" not in stored


@pytest.mark.parametrize(
    "kind", ["image/png", "text/plain", "application/octet-stream", "", "\x1b/é;;=", None]
)
def test_n16_what_a_page_is_called_does_not_decide_what_it_is(
    server: Server, timeline: Timeline, kind: str | None
) -> None:
    newsroom.publish(server, 1)
    headers = {} if kind is None else {"Content-Type": kind}
    server.replies["/news/0"] = Reply(newsroom.article(0), headers=headers)
    newsroom.subscribe(timeline.folder, f"{server.base}/feed.xml")
    assert timeline.crawl()["results"]["wire0"]["new"] == 1


def test_n16_a_picture_that_is_called_a_page_is_refused_by_name(server: Server, timeline: Timeline) -> None:
    newsroom.publish(server, 1)
    server.replies["/news/0"] = Reply(b"\x89PNG\r\n\x1a\n\0\0", headers={"Content-Type": newsroom.HTML})
    newsroom.subscribe(timeline.folder, f"{server.base}/feed.xml")
    assert timeline.crawl()["results"]["wire0"]["reasons"] == {"not_html": 1}


def test_n18_a_referrer_policy_that_names_code_is_only_a_header(server: Server, timeline: Timeline) -> None:
    newsroom.publish(server, 2)
    policy = {"Referrer-Policy": "os.abort"}
    for path in ("/feed.xml", "/news/0"):
        reply = server.replies[path]
        assert isinstance(reply, Reply)
        server.replies[path] = Reply(reply.body, headers={**reply.headers, **policy})
    server.replies["/news/1"] = Reply(status=302, headers={"Location": "/moved", **policy})
    server.replies["/moved"] = Reply(newsroom.article(1), headers={"Content-Type": newsroom.HTML, **policy})
    newsroom.subscribe(timeline.folder, f"{server.base}/feed.xml")
    assert timeline.crawl()["results"]["wire0"]["new"] == 2
    assert not any("referer" in asked.headers for asked in server.log)


def test_n19_a_huge_robots_txt_costs_little(server: Server, timeline: Timeline) -> None:
    newsroom.publish(server, 1)
    newsroom.subscribe(timeline.folder, f"{server.base}/feed.xml")
    rule = b"Disallow: /*a*a*a*a*a*a*a*a*b$\n"
    server.replies["/robots.txt"] = Reply(b"User-agent: *\n" + rule * (10 * MIB // len(rule)))
    timeline.crawl(limit=0)
    forget(timeline)
    before = peak(timeline)
    assert timeline.crawl(force=True)["results"]["wire0"]["new"] == 1
    assert peak(timeline) - before < 150 * MIB
    [(stored,)] = timeline.rows("SELECT max(length(body)) FROM robots")
    assert stored <= 500 * 1024


@pytest.mark.parametrize(
    ("reply", "new"),
    [
        (Reply(bytes(range(256)) * 4000), 1),
        (Reply(status=302, headers={"Location": "/robots.txt"}), 1),
        (Reply(status=500), 0),
        (lambda asked: Reply(status=302, headers={"Location": f"{asked.path}x"}), 1),
    ],
)
def test_n19_p44_p45_a_robots_txt_that_is_none(
    server: Server, timeline: Timeline, reply: Reply | Callable[[Asked], Reply], new: int
) -> None:
    newsroom.publish(server, 1)
    server.replies["/robots.txt"] = reply
    newsroom.subscribe(timeline.folder, f"{server.base}/feed.xml")
    assert timeline.crawl()["results"]["wire0"]["new"] == new
    assert server.count("/robots.txt") <= 6
