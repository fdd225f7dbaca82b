"""From a cold start to the answer: each command beside a bare Python that does nothing, or imports trafilatura.

    python bench/start.py [--articles N] [--rounds N] [--db FILE]

Reading commands ask a store of --articles articles (bench/growth_store.py), made anew unless --db names one that is there: one that
bench/growth.py has kept, say.
"""

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from figures import figure, keep
from growth_store import fill
from search_store import read_pool

NOTE = """\
By the clock. `extract FILE` imports no Scrapy, no store, and trafilatura only where the judge is in doubt of the page; its time is Python's
compiling of 400 regular expressions (a quarter), w3lib, which brings the standard library's HTTP client (a sixth), lxml, click and our own modules. `add URL` fetches as a
crawl does: it imports Scrapy, Twisted and OpenSSL, and starts one worker, while the page is on its way. Commands that read are Python, click (a third) and our own
modules; the store's part is 1 to 10 ms at a million articles, but for `--rank`, which looks at all that matches."""
PAGE = "<!doctype html><html lang='en'><title>Report</title><article><h1>Report</h1>" + "".join(
    f"<p>The exchange said on Tuesday, in report {n}, that it would open its order books to auditors in Osaka.</p>"
    for n in range(12)
)
PYTHON = [sys.executable, "-c", "pass"]
TRAFILATURA = [sys.executable, "-c", "import trafilatura"]


class Site(BaseHTTPRequestHandler):
    """One page for every address."""

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(404 if self.path == "/robots.txt" else 200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE.encode())

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


def seconds(command: list[str], folder: str) -> float:
    """Run a command to its end."""
    began = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"{command} ended with {done.returncode}: {done.stderr.decode()}")
    return time.perf_counter() - began


def commands(base: str, db: Path) -> dict[str, tuple[list[str], list[str], str]]:
    """Each command by what it is called, with its baseline and the baseline's name."""
    ours = [sys.executable, "-m", "pressclip"]
    store, bare, loaded = (
        [*ours, "--db", str(db)],
        (PYTHON, "python -c pass"),
        (TRAFILATURA, 'python -c "import trafilatura"'),
    )
    return {
        "--help": ([*ours, "--help"], *bare),
        "extract FILE": ([*ours, "extract", "page.html", "--url", "https://a.example/1"], *loaded),
        "add URL": ([*ours, "--sources", "sources.toml", "add", f"{base}/{time.time_ns()}"], *loaded),
        "list": ([*store, "list"], *bare),
        "list --lang ko --since 30d": ([*store, "list", "--lang", "ko", "--since", "30d"], *bare),
        "list --stories": ([*store, "list", "--stories"], *bare),
        "search (a common word)": ([*store, "search", "the"], *bare),
        "search 規制": ([*store, "search", "規制"], *bare),
        "search --rank (a common word)": ([*store, "search", "--rank", "the"], *bare),
        "show": ([*store, "show", "1000"], *bare),
        "status": ([*store, "status"], *bare),
    }


def main() -> None:
    """Measure in rounds, print, write down."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--db", type=Path)
    parser.add_argument("--data", type=Path)
    args = parser.parse_args()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="pressclip-start-") as folder:
        db = (args.db or Path(folder, "large.db")).resolve()
        if not db.exists():
            fill(db, read_pool(args.data, None), args.articles)
        Path(folder, "page.html").write_text(PAGE, encoding="utf-8")
        Path(folder, "sources.toml").write_text(
            '[crawl]\nallow_hosts = ["127.0.0.1"]\ndelay = 0\n', encoding="utf-8"
        )
        times: dict[str, list[float]] = {}
        ratios: dict[str, list[float]] = {}
        baselines: dict[str, str] = {}
        for _ in range(args.rounds):
            for name, (command, baseline, called) in commands(
                f"http://127.0.0.1:{server.server_port}", db
            ).items():
                taken = seconds(command, folder)
                times.setdefault(name, []).append(taken * 1000)
                ratios.setdefault(name, []).append(taken / seconds(baseline, folder))
                baselines[name] = called
    server.shutdown()
    found = [figure(name, times[name], "ms") for name in times]
    found += [figure(name, ratios[name], "x", baseline=baselines[name]) for name in ratios]
    keep(
        "start",
        f"From a cold start to the answer, {args.articles:,} articles",
        found,
        command="make bench-start",
        note=NOTE,
    )


if __name__ == "__main__":
    main()
