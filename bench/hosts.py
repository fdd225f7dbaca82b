"""Does a crawl take as long as its slowest host, or as all of them one after another?

    python bench/hosts.py [--hosts 250] [--latency 1.0] [--articles 2] [--slowest 8] [--rounds 3]

Each host on loopback answers each request after --latency seconds: a feed, robots.txt, --articles articles; one host has
--slowest articles. A crawl of all hosts stands beside a crawl of the slowest one alone, in turn, each into a new store.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from figures import figure, keep
from processes import tree_memory

PAGE = (
    '<!doctype html><html lang="en"><head><title>Report {n} of {host}</title></head><body><article>'
    "<h1>Report {n} of {host}</h1><p>The exchange of report {n} said on Tuesday that it would open its order books to "
    "auditors in Lisbon and Osaka, and publish what {host} finds there in full by the end of March.</p></article></body></html>"
)
NOTE = """\
The slowest host alone sends its feed, robots.txt and articles one after another; that, and the start of the program, is what no concurrency
can shorten. Of a crawl of all, what is more than 1 x is CPU that the waits of the slowest host do not hide: about 1,000 answers and 500 articles, and on
this machine the server of the bench too. One request to a host at a time; 512 places in all (pressclip/settings.py)."""
PORT = 8765  # each host has an address of its own


@dataclass
class Crowd:
    """Many hosts that answer late; counts the requests and the most that were on their way at a time."""

    latency: float
    articles: dict[str, int]  # of each host
    requests: int = 0
    now: int = 0
    most: int = 0
    ready: threading.Event = field(default_factory=threading.Event)

    async def serve(self) -> None:
        """Serve until the process ends."""
        self._servers = [
            await asyncio.start_server(self._talk, host, PORT, backlog=256) for host in self.articles
        ]
        self.ready.set()
        await asyncio.Event().wait()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while asked := (await reader.readuntil(b"\r\n\r\n")).decode("latin-1"):
                self.requests += 1
                self.now += 1
                self.most = max(self.most, self.now)
                await asyncio.sleep(self.latency)
                self.now -= 1
                body = self._body(asked.split(" ")[1], writer.get_extra_info("sockname")[0])
                status = "404 Not Found" if body is None else "200 OK"
                head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body or b'')}\r\n\r\n"
                writer.write(head.encode() + (body or b""))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _body(self, path: str, host: str) -> bytes | None:
        if path == "/feed.xml":
            items = "".join(
                f"<item><title>Report {n}</title><link>{address(host)}/news/{n}</link></item>"
                for n in range(self.articles[host])
            )
            return f'<rss version="2.0"><channel><title>{host}</title>{items}</channel></rss>'.encode()
        if path.startswith("/news/"):
            return PAGE.format(n=path.rpartition("/")[2], host=host).encode()
        return None


def address(host: str) -> str:
    """Where a host is."""
    return f"http://{host}:{PORT}"


@dataclass(frozen=True, slots=True)
class Crawled:
    """What a crawl took."""

    seconds: float
    memory: int  # MB, the most, of all its processes
    articles: int


def crawl(hosts: Sequence[str]) -> Crawled:
    """Crawl once, into a new store; ends this program if the crawl fails."""
    with tempfile.TemporaryDirectory(prefix="pressclip-hosts-") as folder:
        tables = "\n".join(
            f'[[source]]\nname = "h{number}"\nfeed = "{address(host)}/feed.xml"'
            for number, host in enumerate(hosts)
        )
        Path(folder, "sources.toml").write_text(
            f'[crawl]\nallow_hosts = ["127.0.0.0/8"]\ndelay = 0\n\n{tables}\n', encoding="utf-8"
        )
        memory, began = 0, time.monotonic()
        command = [sys.executable, "-m", "pressclip", "crawl", "--json"]
        with (
            Path(folder, "report.json").open("w+b") as report,
            subprocess.Popen(command, cwd=folder, stdout=report) as running,
        ):
            while running.poll() is None:
                memory = max(memory, tree_memory(running.pid))
                time.sleep(0.1)
            seconds = time.monotonic() - began
            report.seek(0)
            articles = json.load(report)["totals"]["new"]
        if running.returncode:
            sys.exit(f"the crawl ended with {running.returncode}")
    return Crawled(seconds, memory, articles)


def main() -> None:
    """Serve, crawl in rounds, print, write down."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--hosts", type=int, default=250)
    parser.add_argument("--latency", type=float, default=1.0)
    parser.add_argument("--articles", type=int, default=2)
    parser.add_argument("--slowest", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    hosts = [f"127.89.{number // 250}.{number % 250 + 1}" for number in range(args.hosts)]
    crowd = Crowd(args.latency, dict.fromkeys(hosts, args.articles) | {hosts[0]: args.slowest})
    threading.Thread(target=asyncio.run, args=[crowd.serve()], daemon=True).start()
    crowd.ready.wait()
    together: list[Crawled] = []
    alone: list[Crawled] = []
    for _ in range(args.rounds):
        alone.append(crawl(hosts[:1]))
        before = crowd.requests
        together.append(crawl(hosts))
        print(f"alone {alone[-1]}, all {together[-1]}", flush=True)
        if together[-1].articles != sum(crowd.articles.values()):
            sys.exit("the crawl left articles behind")
    requests = crowd.requests - before
    all_of_them = f"a crawl of {args.hosts} hosts, each {args.latency:g} s late"
    ratios = [one.seconds / other.seconds for one, other in zip(together, alone, strict=True)]
    keep(
        "hosts",
        "Many slow hosts",
        [
            figure(all_of_them, ratios, "x", baseline="a crawl of the slowest one alone", goal=1.1),
            figure(all_of_them, [one.seconds for one in together], "s"),
            figure("the slowest one alone", [one.seconds for one in alone], "s"),
            figure(f"its {requests} requests one after another", [requests * args.latency], "s"),
            figure("requests on their way at a time", [float(crowd.most)], ""),
            figure("memory of the crawl, workers included", [one.memory for one in together], "MB"),
        ],
        command="make bench-hosts",
        note=NOTE,
    )


if __name__ == "__main__":
    main()
