"""Does a crawl take as long as its slowest host, or as all of them one after another?

    python bench/hosts.py [--hosts 250] [--latency 1.0] [--articles 2] [--slowest 8]

Each host on loopback answers each request after --latency seconds: a feed, robots.txt, --articles articles; one host has
--slowest articles. Prints, as JSON, how long one crawl took beside the slowest host's own time and the sum of all.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from figures import figure, keep

PAGE = (
    '<!doctype html><html lang="en"><head><title>Report {n} of {host}</title></head><body><article>'
    "<h1>Report {n} of {host}</h1><p>The exchange of report {n} said on Tuesday that it would open its order books to "
    "auditors in Lisbon and Osaka, and publish what {host} finds there in full by the end of March.</p></article></body></html>"
)


class Crowd:
    """Many hosts that answer late; counts the requests and the most that were on their way at a time."""

    def __init__(self, latency: float) -> None:
        self.latency, self.requests, self.now, self.most = latency, 0, 0, 0
        self._lock = threading.Lock()

    def handler(self, host: str, articles: int) -> type[BaseHTTPRequestHandler]:
        """Make the handler of one host."""
        crowd = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                with crowd._lock:
                    crowd.requests += 1
                    crowd.now += 1
                    crowd.most = max(crowd.most, crowd.now)
                time.sleep(crowd.latency)
                body = _body(self.path, f"http://{self.headers['Host']}", host, articles)
                with crowd._lock:
                    crowd.now -= 1
                self.send_response(200 if body is not None else 404)
                self.send_header("Content-Length", str(len(body or b"")))
                self.end_headers()
                self.wfile.write(body or b"")

            def log_message(self, *_: object) -> None:
                """Nobody reads it."""

        return Handler


def _body(path: str, base: str, host: str, articles: int) -> bytes | None:
    if path == "/feed.xml":
        items = "".join(
            f"<item><title>Report {n}</title><link>{base}/news/{n}</link></item>" for n in range(articles)
        )
        return f'<rss version="2.0"><channel><title>{host}</title>{items}</channel></rss>'.encode()
    if path.startswith("/news/"):
        return PAGE.format(n=path.rpartition("/")[2], host=host).encode()
    return None


def main() -> int:
    """Serve, crawl once, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--hosts", type=int, default=250)
    parser.add_argument("--latency", type=float, default=1.0)
    parser.add_argument("--articles", type=int, default=2)
    parser.add_argument("--slowest", type=int, default=8)
    args = parser.parse_args()
    crowd = Crowd(args.latency)
    with tempfile.TemporaryDirectory(prefix="pressclip-hosts-") as folder, ExitStack() as servers:
        tables = []
        for number in range(1, args.hosts + 1):
            host, articles = (
                f"127.89.{number // 250}.{number % 250 + 1}",
                args.slowest if number == 1 else args.articles,
            )
            server = ThreadingHTTPServer((host, 0), crowd.handler(host, articles))
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, daemon=True).start()
            servers.callback(server.shutdown)
            tables.append(
                f'[[source]]\nname = "h{number}"\nfeed = "http://{host}:{server.server_port}/feed.xml"\n'
            )
        Path(folder, "sources.toml").write_text(
            '[crawl]\nallow_hosts = ["127.0.0.0/8"]\ndelay = 0\n\n' + "\n".join(tables), encoding="utf-8"
        )
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "pressclip", "crawl", "--json"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = time.monotonic() - began
    report = json.loads(done.stdout)
    figures = {
        "hosts": args.hosts,
        "requests": crowd.requests,
        "articles": report["totals"]["new"],
        "most_at_a_time": crowd.most,
        "seconds": round(seconds, 1),
        "seconds_of_the_slowest_host": round((2 + args.slowest) * args.latency, 1),
        "seconds_one_after_another": round(crowd.requests * args.latency, 1),
        "exit_code": done.returncode,
    }
    print(json.dumps(figures, indent=1))
    slowest = seconds / ((2 + args.slowest) * args.latency)
    name = f"a crawl of {args.hosts} hosts, each {args.latency:g} s late"
    keep(
        "hosts",
        "Many slow hosts",
        [
            figure(name, [slowest], "x", baseline="the time of its slowest host alone"),
            figure(name, [seconds], "s"),
            figure("the same, one after another", [crowd.requests * args.latency], "s"),
            figure("requests on their way at a time", [float(crowd.most)], ""),
        ],
        command="make bench-hosts",
    )
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
