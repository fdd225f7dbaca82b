"""A week of cron in a few minutes: 2,016 crawls, one each five minutes, with a clock passed in.

    python bench/week.py [--days 7] [--json FILE]

Fifty sources on loopback publish, fail, throttle, move and go away as `bench/week_plans.py` says. After the week the
log of the server is held against every promise of polite polling, and the requests that were sent against the least
that keeps the schedule. Ends with 1 if a promise was broken.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

from week_plans import HOST_OF, START, STEP, Plan, plans
from week_promises import Sent, broken, least_polls
from week_server import Site

ROOT = Path(__file__).parent.parent


def main() -> int:
    """Live through the week, judge, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--days", type=float, default=7.0)
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    args = parser.parse_args()
    everyone, end = plans(), START + timedelta(days=args.days)
    with tempfile.TemporaryDirectory(prefix="pressclip-week-") as folder, Site(everyone) as site:
        place = Path(folder)
        place.joinpath("sources.toml").write_text(_sources(everyone, site), encoding="utf-8")
        began = time.monotonic()
        runs, exits = _live(place, site, end)
        seconds = time.monotonic() - began
        complaints = [line for plan in everyone for line in broken(plan, site.log, place / "news.db", end)]
    figures = {
        "runs": runs,
        "seconds": round(seconds, 1),
        "runs_by_exit_code": dict(exits),
        "requests": len(site.log),
        "broken_promises": complaints,
        "sources": [_row(plan, site.log, end) for plan in everyone],
    }
    _print(figures)
    if args.json:
        args.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    return 1 if complaints else 0


def _sources(everyone: list[Plan], site: Site) -> str:
    tables = [
        f'[[source]]\nname = "{plan.name}"\nfeed = "http://{plan.host}:{site.port}{plan.path}"\nlang = "en"\n'
        f"interval = {plan.interval}\n"
        for plan in everyone
    ]
    return '[crawl]\nallow_hosts = ["127.0.0.0/8"]\ndelay = 0\nworkers = 1\n\n' + "\n".join(tables)


def _live(place: Path, site: Site, end: datetime) -> tuple[int, "Counter[int]"]:
    """Crawl at each mark of the clock, in one child process."""
    child = subprocess.Popen(
        [sys.executable, ROOT / "tests" / "timeline.py"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    exits: Counter[int] = Counter()
    with child:
        if child.stdin is None or child.stdout is None:
            raise RuntimeError("the child has no pipes")
        moment = START
        while moment < end:
            site.now = moment
            wish = {"folder": str(place), "at": moment.isoformat(), "options": {}}
            child.stdin.write(json.dumps(wish) + "\n")
            child.stdin.flush()
            report = json.loads(child.stdout.readline())
            if "crash" in report:
                raise RuntimeError(f"{moment}: {report['crash']}")
            exits[report["exit_code"]] += 1
            moment += STEP
        child.stdin.close()
    return exits.total(), exits


def _row(plan: Plan, log: list[Sent], end: datetime) -> dict[str, Any]:
    """Count what a source cost, beside the least that keeps its schedule."""
    mine = [sent for sent in log if sent.plan == plan.name]
    polls = [sent for sent in mine if sent.path in {plan.path, plan.moved_to}]
    articles = [sent for sent in mine if sent.path.startswith("/news/")]
    return {
        "source": plan.name,
        "what": plan.what,
        "polls": sum(sent.path == plan.path for sent in polls) if not plan.moved_to else len(polls),
        "least_polls": least_polls(plan, end),
        "not_modified": sum(sent.status == HTTPStatus.NOT_MODIFIED for sent in polls),
        "articles": len(articles),
        "least_articles": len({sent.path for sent in articles}),
        "robots": sum(sent.path == "/robots.txt" for sent in mine),
    }


def _print(figures: dict[str, Any]) -> None:
    columns = ("polls", "least_polls", "not_modified", "articles", "least_articles", "robots")
    print(f"{'source':<10}{'what':<44}" + "".join(f"{name:>15}" for name in columns))
    for row in figures["sources"]:
        print(f"{row['source']:<10}{row['what']:<44}" + "".join(f"{row[name]:>15}" for name in columns))
    totals = [sum(row[name] for row in figures["sources"]) for name in columns]
    print(f"{'all':<54}" + "".join(f"{total:>15}" for total in totals))
    print(f"{figures['runs']} runs in {figures['seconds']} s, exit codes {figures['runs_by_exit_code']}")
    for line in figures["broken_promises"]:
        print(f"BROKEN: {line}")
    if not figures["broken_promises"]:
        print(f"every promise kept, over {len(HOST_OF)} hosts and {figures['requests']} requests")


if __name__ == "__main__":
    sys.exit(main())
