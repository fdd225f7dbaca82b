"""What polling costs when there is nothing new, and what a run costs in which nothing is due.

    python bench/idle.py [--feeds 1000] [--rounds 3]

All feeds are on loopback, each at an address of its own. Half of the measurement answers 304, half the same body again without
validators. CPU is of the whole command, its start included, shared out over the feeds.
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
    args = parser.parse_args()
    quiet = Quiet()
    tables = "".join(
        f'[[source]]\nname = "q{number}"\nfeed = "{feed}"\n'
        for number, feed in enumerate(quiet.start(args.feeds))
    )
    crawl = [sys.executable, "-m", "pressclip", "--quiet", "crawl"]
    taken: dict[str, list[tuple[float, float, int]]] = {"304": [], "200": [], "not due": [], "nothing": []}
    with tempfile.TemporaryDirectory(prefix="pressclip-idle-") as folder:
        Path(folder, "sources.toml").write_text(
            f'[crawl]\nallow_hosts = ["127.92.0.0/16"]\ndelay = 0\n{tables}', encoding="utf-8"
        )
        run(crawl, folder)
        for _ in range(args.rounds):
            for name, validators in (("304", True), ("200", False)):
                quiet.validators = validators
                run([*crawl, "--force"], folder)  # what is asked with depends on what was answered before
                before = quiet.asked
                taken[name].append(run([*crawl, "--force"], folder))
                if quiet.asked - before != args.feeds:
                    sys.exit(f"{quiet.asked - before} requests for {args.feeds} feeds")
            taken["not due"].append(run(crawl, folder))
            taken["nothing"].append(run([sys.executable, "-c", "pass"], folder))
    keep(
        "idle", f"Polling {args.feeds:,} quiet feeds", _figures(taken, args.feeds), command="make bench-idle"
    )


def _figures(taken: dict[str, list[tuple[float, float, int]]], feeds: int) -> list[Figure]:
    def cpu(name: str) -> list[float]:
        return [used * 1000 / feeds for _, used, _ in taken[name]]

    def wall(name: str) -> list[float]:
        return [seconds for seconds, _, _ in taken[name]]

    starts = [ours / bare for ours, bare in zip(wall("not due"), wall("nothing"), strict=True)]
    return [
        figure("CPU a feed that answers 304", cpu("304"), "ms", goal=3),
        figure("CPU a feed that answers the same body, without validators", cpu("200"), "ms", goal=4),
        figure("a run over all that answer 304", wall("304"), "s"),
        figure("a run over all that answer the same body", wall("200"), "s"),
        figure("peak memory of such a run", [float(memory) for _, _, memory in taken["200"]], "MB"),
        figure("a run in which nothing is due", wall("not due"), "s", goal=0.5),
        figure("a run in which nothing is due", starts, "x", baseline="python -c pass"),
    ]


if __name__ == "__main__":
    main()
