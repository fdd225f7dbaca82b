"""Serves real pages on loopback, each host of theirs at an address of its own, with a feed: bench/speed.py's world.

    python bench/press.py DATASET [--limit N]

Prints the list of feeds as JSON, then serves until its standard input ends. Bodies go out compressed, as they lie on disk.
"""

import argparse
import asyncio
import json
import sys
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from dataset import packed, truths_of

_HOSTS = 240  # addresses; more hosts than that share them


class Press:
    """All hosts and their pages, in memory: (address, path) -> head and body."""

    def __init__(self, dataset: Path, limit: int | None) -> None:
        self.pages: dict[tuple[str, str], tuple[str, bytes]] = {}
        lists: defaultdict[str, list[str]] = defaultdict(list)
        addresses: dict[str, str] = {}
        for number, truth in enumerate(truths_of(dataset)[:limit]):
            host = urlsplit(truth["url"]).hostname or "none"
            place = addresses.setdefault(
                host, f"127.91.{len(addresses) % _HOSTS // 120}.{len(addresses) % 120 + 1}"
            )
            self.pages[place, f"/news/{number}"] = ("text/html", packed(dataset, truth["id"]))
            lists[place].append(
                f"<item><title>{escape(truth['title'] or 'untitled')}</title><link>http://{place}:PORT/news/{number}</link></item>"
            )
        self.lists = dict(lists)

    def open_feeds(self, port: int) -> None:
        """Make the feeds, now that the port is known."""
        for place, items in self.lists.items():
            text = f"<rss version='2.0'><channel><title>{place}</title>{''.join(items)}</channel></rss>"
            self.pages[place, "/feed"] = ("application/rss+xml", text.replace("PORT", str(port)).encode())

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        place = writer.get_extra_info("sockname")[0]
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                kind, body = self.pages.get((place, head.split(b" ", 2)[1].decode()), ("text/plain", b""))
                status = "200 OK" if body else "404 Not Found"
                coding = "Content-Encoding: gzip\r\n" if kind == "text/html" else ""
                writer.write(
                    f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{coding}Content-Length: {len(body)}\r\n\r\n".encode()
                    + body
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


async def main() -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--limit", type=int)
    args = parser.parse_args()
    press = Press(args.dataset, args.limit)
    port = 0
    for place in press.lists:
        server = await asyncio.start_server(press.serve, place, port, backlog=256)
        port = port or server.sockets[0].getsockname()[1]
    press.open_feeds(port)
    print(json.dumps([f"http://{place}:{port}/feed" for place in press.lists]), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
