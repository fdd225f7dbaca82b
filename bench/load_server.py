"""The servers of bench/load.py: 250 hosts on loopback, four sources each, healthy, slow, broken and hostile.

    python bench/load_server.py

Prints where it listens and what each host is, as JSON; then for each line of its input, the number of a run, says what was asked
since the line before. Each run finds new articles.
"""

import asyncio
import gzip
import json
import socket
import struct
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress

import brotli
import load_text
import zstandard

MIB = 2**20
SOURCES = 4  # a host
NEW = 2  # articles that a source gains each run
LATE = 20.0  # seconds

#: What hosts are, and how many of each.
HOSTS = {
    "healthy": 150,
    # slow
    "drip": 8, "late": 8, "late head": 8, "silent": 8, "a little late": 8,
    # broken
    "reset": 4, "cut": 3, "longer": 3, "bad gzip": 3, "garbage": 3, "tls": 3, "http 500": 3, "http 429": 3, "no name": 3, "closed": 2,
    # hostile
    "endless": 3, "gzip bomb": 2, "br bomb": 2, "zstd bomb": 2, "swollen": 3, "huge": 4, "loop": 1, "inside": 2, "many entries": 1,
    "deep": 2, "hang": 2, "killer": 1, "heads": 1, "cookies": 1, "maze": 2, "parts": 1,
}  # fmt: skip
_COSTLY = frozenset({"deep", "hang", "killer", "huge", "swollen", "parts"})

_ZEROS = bytes(64 * MIB)
_SWOLLEN = b"<html><body><p>" + b" " * (15 * MIB) + b"</p></body></html>"
BOMBS = {
    "gzip bomb": ("gzip", gzip.compress(_ZEROS, 1)),
    "br bomb": ("br", bytes(brotli.compress(_ZEROS, quality=1))),
    "zstd bomb": ("zstd", zstandard.compress(_ZEROS, 1)),
    "swollen": ("gzip", gzip.compress(_SWOLLEN, 1)),
}


def _items(count: int) -> Iterator[bytes]:
    for number in range(count):
        yield b"<item><title>%d</title><guid>%d</guid></item>" % (number, number)


_BODIES: dict[str, Callable[[], bytes]] = {
    "deep": lambda: b"<html><body>" + b"<div>" * MIB + b"text",
    "hang": lambda: (
        b"<html><body><p " + b" ".join(b"a%d=x" % n for n in range(400_000)) + b">text</p></body></html>"
    ),
    "killer": lambda: b"<table>" + b"<tr><td colspan=9007199254740991>a</td></tr>" * 100_000,
    "huge": lambda: (
        b"<html><body>" + b"<p>A sentence of a page that is much too long to be one.</p>" * (7 * MIB // 60)
    ),
    "many entries": lambda: b"".join(
        (b"<rss version='2.0'><channel><title>many</title>", *_items(100_000), b"</channel></rss>")
    ),
}


class Crowd:
    """All hosts; `run` is the number of the run that asks."""

    def __init__(self) -> None:
        self.run, self.port = 0, 0
        self.kinds: dict[str, str] = {}  # by address
        self.first: dict[str, float] = {}  # address and path -> when it was asked for first in this run
        self.asked = 0
        kinds = [kind for kind, count in HOSTS.items() for _ in range(count)]
        # Not in blocks: neighbours in sources.toml are of different kinds.
        for place in range(len(kinds)):
            number = place * 97 % len(kinds)
            self.kinds[f"127.93.{number // 125}.{number % 125 + 1}"] = kinds[place]
        self._made: dict[str, bytes] = {}

    def body(self, kind: str) -> bytes:
        """Make a large body once."""
        if kind not in self._made:
            self._made[kind] = _BODIES[kind]()
        return self._made[kind]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        address = writer.get_extra_info("sockname")[0]
        kind = self.kinds[address]
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            if kind == "tls":  # whoever speaks TLS to us gets plain text
                await reader.read(1000)
                writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            while kind != "tls":
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                self.asked += 1
                path = head.split(" ", 2)[1]
                self.first.setdefault(address + path, time.monotonic())
                async for piece in self.answer(kind, address, path):
                    writer.write(piece)
                    await writer.drain()
                if kind not in {"healthy", "a little late"}:
                    break
        with suppress(OSError, RuntimeError):
            if kind == "reset":
                writer.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                )
            writer.close()

    async def answer(self, kind: str, address: str, path: str) -> AsyncIterator[bytes]:
        """Give an answer in pieces."""
        if path == "/robots.txt" and kind not in {"drip", "late head", "silent", "reset", "garbage"}:
            yield whole(b"", status="404 Not Found")
        elif kind in _PLAYS:
            async for piece in _PLAYS[kind](self, address, path):
                yield piece
        else:
            yield self.said(kind, address, path)

    def said(self, kind: str, address: str, path: str) -> bytes:
        """Answer of hosts whose answer comes at once."""
        article = path.startswith("/news/")
        if kind in BOMBS and (article or kind != "swollen"):
            coding, body = BOMBS[kind]
            return whole(body, f"Content-Encoding: {coding}\r\n")
        if kind in _BODIES and (article or kind in {"huge", "many entries"}):
            return whole(self.body(kind))
        says = _SAYS.get(kind)
        return says(self, address, path) if says else whole(self.usual(address, path))

    def usual(self, address: str, path: str) -> bytes:
        """What a healthy host says."""
        if path.startswith("/news/"):
            return load_text.page(address, int(path.rpartition("-")[2]))
        source = int(path.removesuffix(".xml")[-1])
        new = NEW
        if (
            self.kinds[address] in _COSTLY
        ):  # each of these costs a worker its whole deadline: one a run and host
            new = 1 if source == 0 else 0
        numbers = range(max(self.run - 9, 0) * new, (self.run + 1) * new)
        return load_text.feed(address, self.base(address), f"/news/{source}-", numbers)

    def maze(self, address: str, path: str) -> bytes:
        """Name sitemaps that name sitemaps."""
        maps = "".join(
            f"<sitemap><loc>{self.base(address)}{path.removesuffix('.xml')}/{n}.xml</loc></sitemap>"
            for n in range(50)
        )
        return whole(
            f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{maps}</sitemapindex>'.encode()
        )

    def parts(self, address: str, path: str) -> bytes:
        """Give articles whose next page is as long as a page may be, and has a next one."""
        if not path.startswith("/news/"):
            return whole(self.usual(address, path))
        first, _, page = path.partition("?page=")
        number = int(page or 1)
        more = f'<link rel="next" href="{first}?page={number + 1}"><a rel="next" href="{first}?page={number + 1}">Next page</a>'
        text = load_text.page(address, int(first.rpartition("-")[2]) + 1000 * number).decode()
        return whole(
            text.replace(
                "</article>", f"</article>{more}<!--{' ' * (15 * MIB if number > 1 else 0)}-->"
            ).encode()
        )

    def base(self, address: str) -> str:
        """Address of a host as its sources have it."""
        return f"http://{name_of(address)}:{self.port}"

    def told(self) -> str:
        """Say what was asked since the last time, and forget it."""
        kinds = {key: self.kinds[key.partition("/")[0]] for key in self.first}
        healthy = {
            key: at for key, at in self.first.items() if kinds[key] == "healthy" and key.endswith(".xml")
        }
        told = {"asked": self.asked, "healthy": healthy, "kinds": sorted(set(kinds.values()))}
        self.first, self.asked = {}, 0
        return json.dumps(told)


def name_of(address: str) -> str:
    """Write an address so that it is a host as any other to pressclip, not one that sources.toml lists: 127.93.1.5 is 127.93.261.

    >>> name_of("127.93.1.5")
    '127.93.261'
    """
    first, second, third, fourth = map(int, address.split("."))
    return f"{first}.{second}.{third * 256 + fourth}"


def whole(body: bytes, head: str = "", *, status: str = "200 OK", length: int | None = None) -> bytes:
    """Make a whole answer."""
    size = len(body) if length is None else length
    close = "" if status == "200 OK" and not head else "Connection: close\r\n"
    return f"HTTP/1.1 {status}\r\nContent-Length: {size}\r\n{close}{head}\r\n".encode() + body


_SAYS: dict[str, Callable[[Crowd, str, str], bytes]] = {
    "cut": lambda crowd, address, path: whole(crowd.usual(address, path), length=99_999),
    "longer": lambda crowd, address, path: whole(crowd.usual(address, path), length=50),
    "bad gzip": lambda crowd, address, path: whole(
        gzip.compress(crowd.usual(address, path))[:-30] + b"?" * 22, "Content-Encoding: gzip\r\n"
    ),
    "garbage": lambda *_: b"\x00\xff\x16\x03\x01 HELO 200\r\n" * 50,
    "reset": lambda *_: b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<rss>",
    "http 500": lambda *_: whole(b"<h1>Sorry</h1>", status="500 Internal Server Error"),
    "http 429": lambda *_: whole(b"", "Retry-After: 60\r\n", status="429 Too Many Requests"),
    "loop": lambda _, __, path: whole(b"", f"Location: {path}\r\n", status="302 Found"),
    "inside": lambda crowd, *_: whole(
        b"", f"Location: http://10.0.0.7:{crowd.port}/\r\n", status="302 Found"
    ),
    "heads": lambda crowd, address, path: whole(
        crowd.usual(address, path), "".join(f"X-{n}: y\r\n" for n in range(20_000))
    ),
    "cookies": lambda crowd, address, path: whole(
        crowd.usual(address, path), "".join(f"Set-Cookie: c{n}={n}; Path=/\r\n" for n in range(5_000))
    ),
    "maze": lambda crowd, address, path: crowd.maze(address, path),
    "parts": lambda crowd, address, path: crowd.parts(address, path),
}


async def drip(_: Crowd, __: str, ___: str) -> AsyncIterator[bytes]:
    """A byte a second."""
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
    while True:
        yield b"<"
        await asyncio.sleep(1)


async def late_head(_: Crowd, __: str, ___: str) -> AsyncIterator[bytes]:
    """A head that never ends."""
    yield b"HTTP/1.1 200 OK\r\n"
    while True:
        yield b"X-More: y\r\n"
        await asyncio.sleep(0.5)


async def late(crowd: Crowd, address: str, path: str) -> AsyncIterator[bytes]:
    """A good answer, after a long time."""
    await asyncio.sleep(LATE)
    yield whole(crowd.usual(address, path))


async def a_little_late(crowd: Crowd, address: str, path: str) -> AsyncIterator[bytes]:
    """A good answer, after some seconds."""
    await asyncio.sleep(3)
    yield whole(crowd.usual(address, path))


async def silence(_: Crowd, __: str, ___: str) -> AsyncIterator[bytes]:
    """Nothing."""
    await asyncio.sleep(3600)
    yield b""


async def endless(_: Crowd, __: str, ___: str) -> AsyncIterator[bytes]:
    """A body without end."""
    yield b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n<rss>"
    while True:
        yield b"<item>" * 10_000


_PLAYS: dict[str, Callable[[Crowd, str, str], AsyncIterator[bytes]]] = {
    "drip": drip, "late head": late_head, "late": late, "a little late": a_little_late, "silent": silence, "endless": endless,
}  # fmt: skip


async def main() -> None:
    """Serve until standard input ends."""
    crowd = Crowd()
    for address, kind in crowd.kinds.items():
        if kind in {"closed", "no name"}:
            continue
        server = await asyncio.start_server(crowd.serve, address, crowd.port, backlog=64)
        crowd.port = crowd.port or server.sockets[0].getsockname()[1]
    print(json.dumps({"port": crowd.port, "kinds": crowd.kinds}), flush=True)
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        print(crowd.told(), flush=True)
        crowd.run = int(line)


if __name__ == "__main__":
    asyncio.run(main())
