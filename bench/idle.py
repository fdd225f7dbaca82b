"""What polling costs when there is nothing new, and what a run costs in which nothing is due.

    python bench/idle.py [--feeds 1000] [--rounds 3]

All feeds are on loopback, each at an address of its own. Half of the measurement answers 304, half the same body again without
validators. CPU is of the whole command, its start included, shared out over the feeds. Beside it the least that Scrapy can do:
the same requests, their answers thrown away, nothing remembered.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from figures import Figure, figure, keep

ENTRIES = 20
ETAG = '"one"'
NOTE = """\
All is CPU of one process, its start included, but where seconds are by the clock. "Scrapy alone" is a spider of six lines that sends the
same requests with the same settings for concurrency, throws the answers away and remembers nothing: what a feed costs beyond that is
ours (robots and manners, validators and rhythm, a row of the store), and what it costs alone is Scrapy's and Twisted's.
A run in which nothing is due never starts them: `spiders/agenda.py` reads off the store what there is to do."""
SCRAPY_ALONE = """
import sys
import scrapy
from scrapy.crawler import AsyncCrawlerProcess

class Poller(scrapy.Spider):
    name = "poller"
    async def start(self):
        for url in open(sys.argv[1]).read().split():
            yield scrapy.Request(url, headers={"If-None-Match": '"one"'}, meta={"handle_httpstatus_list": [304]})
    def parse(self, response):
        pass

process = AsyncCrawlerProcess({
    "LOG_LEVEL": "ERROR", "CONCURRENT_REQUESTS": 512, "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False,
})
process.crawl(Poller)
process.start()
"""


class Quiet:
    """Feeds that never change; `validators` says whether they know it."""

    def __init__(self) -> None:
        self.validators, self.port, self.asked = True, 0, 0
        items = "".join(f"<item><guid>{n}</guid><title>Report {n}</title></item>" for n in range(ENTRIES))
        filler = f"<!-- {'x' * 8000} -->"  # a feed of usual size
        self._body = (
            f"<rss version='2.0'><channel><title>quiet</title>{filler}{items}</channel></rss>".encode()
        )

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                self.asked += 1
                if self.validators and ETAG.encode() in head:
                    writer.write(f"HTTP/1.1 304 Not Modified\r\nETag: {ETAG}\r\n\r\n".encode())
                else:
                    etag = f"ETag: {ETAG}\r\n" if self.validators else ""
                    writer.write(
                        f"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n{etag}"
                        f"Content-Length: {len(self._body)}\r\n\r\n".encode()
                        + self._body
                    )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def start(self, feeds: int) -> list[str]:
        """Serve from a thread; the addresses."""
        ready = threading.Event()
        hosts = [f"127.92.{number // 250}.{number % 250 + 1}" for number in range(feeds)]

        async def serve() -> None:
            for host in hosts:
                server = await asyncio.start_server(self._answer, host, self.port)
                self.port = self.port or server.sockets[0].getsockname()[1]
            ready.set()
            await asyncio.Event().wait()

        threading.Thread(target=asyncio.run, args=(serve(),), daemon=True).start()
        ready.wait()
        return [f"http://{host}:{self.port}/feed" for host in hosts]


def run(command: list[str], folder: str) -> tuple[float, float, int]:
    """Run a command; seconds of wall, of CPU with its children's, and its peak memory in MB."""
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command} ended with {process.returncode}")
    return time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024


def main() -> None:
    """Measure in rounds, print, write down."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--label", default="make bench-idle", help="how this run is told in the report")
    args = parser.parse_args()
    quiet = Quiet()
    feeds = quiet.start(args.feeds)
    tables = "".join(
        f'[[source]]\nname = "q{number}"\nfeed = "{feed}"\n' for number, feed in enumerate(feeds)
    )
    crawl = [sys.executable, "-m", "pressclip", "--quiet", "crawl"]
    taken: dict[str, list[tuple[float, float, int]]] = {
        "304": [],
        "200": [],
        "one": [],
        "not due": [],
        "nothing": [],
    }
    alone: dict[str, list[tuple[float, float, int]]] = {"304": [], "200": []}
    with tempfile.TemporaryDirectory(prefix="pressclip-idle-") as folder:
        Path(folder, "sources.toml").write_text(
            f'[crawl]\nallow_hosts = ["127.92.0.0/16"]\ndelay = 0\n{tables}', encoding="utf-8"
        )
        Path(folder, "feeds.txt").write_text("\n".join(feeds), encoding="utf-8")
        run(crawl, folder)
        for _ in range(args.rounds):
            for name, validators in (("304", True), ("200", False)):
                quiet.validators = validators
                run([*crawl, "--force"], folder)  # what is asked with depends on what was answered before
                before = quiet.asked
                taken[name].append(run([*crawl, "--force"], folder))
                if quiet.asked - before != args.feeds:
                    sys.exit(f"{quiet.asked - before} requests for {args.feeds} feeds")
                alone[name].append(run([sys.executable, "-c", SCRAPY_ALONE, "feeds.txt"], folder))
            taken["one"].append(run([*crawl, "--force", "q0"], folder))
            taken["not due"].append(run(crawl, folder))
            taken["nothing"].append(run([sys.executable, "-c", "pass"], folder))
    figures = _figures(taken, alone, args.feeds)
    keep("idle", f"Polling {args.feeds:,} quiet feeds", figures, command=args.label, note=NOTE)


_Taken = dict[str, list[tuple[float, float, int]]]


def _figures(taken: _Taken, alone: _Taken, feeds: int) -> list[Figure]:
    def cpu(name: str, of: _Taken = taken) -> list[float]:
        return [used * 1000 / feeds for _, used, _ in of[name]]

    def times_alone(name: str) -> list[float]:
        return [ours / bare for ours, bare in zip(cpu(name), cpu(name, alone), strict=True)]

    def wall(name: str) -> list[float]:
        return [seconds for seconds, _, _ in taken[name]]

    starts = [ours / bare for ours, bare in zip(wall("not due"), wall("nothing"), strict=True)]
    return [
        figure("CPU a feed that answers 304", cpu("304"), "ms", goal=3),
        figure("CPU a feed that answers the same body, without validators", cpu("200"), "ms", goal=4),
        figure("CPU a feed that answers 304", times_alone("304"), "x", baseline="Scrapy alone"),
        figure("CPU a feed that answers the same body", times_alone("200"), "x", baseline="Scrapy alone"),
        figure("CPU a feed that answers 304, Scrapy alone", cpu("304", alone), "ms"),
        figure("CPU a feed that answers the same body, Scrapy alone", cpu("200", alone), "ms"),
        figure("CPU of a run in which one feed is asked", [used for _, used, _ in taken["one"]], "s"),
        figure("a run over all that answer 304", wall("304"), "s"),
        figure("a run over all that answer the same body", wall("200"), "s"),
        figure("peak memory of such a run", [float(memory) for _, _, memory in taken["200"]], "MB"),
        figure("a run in which nothing is due", wall("not due"), "s", goal=0.5),
        figure("CPU of a run in which nothing is due", [used for _, used, _ in taken["not due"]], "s"),
        figure("a run in which nothing is due", starts, "x", baseline="python -c pass"),
    ]


if __name__ == "__main__":
    main()
