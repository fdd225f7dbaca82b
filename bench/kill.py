"""Kill a crawl again and again; what it ends with must be what an unbroken crawl gives.

    python bench/kill.py http://127.77.0.1:8900/__sites.json [--kills 20] [--seed 1]

The address names a list of sites on loopback, a JSON array of objects with `feed` and `lang`. One crawl runs to its
end; another is killed with SIGKILL at random moments, --kills times, then runs to its end. Ends with 1 unless both
stores hold the same articles, each once, and SQLite finds the file whole after every kill.
"""

import argparse
import json
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

ARTICLES = "SELECT url_key, title, content_hash FROM articles ORDER BY url_key"


def main() -> int:
    """Run both crawls, compare, print the figures as JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sites", help="address of the list of sites")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    dice = random.Random(args.seed)
    with tempfile.TemporaryDirectory(prefix="pressclip-kill-") as folder:
        place = Path(folder)
        _subscribe(place / "sources.toml", args.sites)
        began = time.monotonic()
        unbroken = _crawl(place, "unbroken.db")
        unbroken.wait()
        seconds = time.monotonic() - began
        killed, gaps = 0, []
        while killed < args.kills:
            process = _crawl(place, "broken.db")
            # Most moments of a run come after its start-up; some should not.
            moment = dice.uniform(0.2, max(1.0, seconds * 2 / args.kills) + 2.0)
            gaps.append(moment)
            try:
                process.wait(timeout=moment)
                break  # it got to its end between two kills
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                killed += 1
                if _ask(place / "broken.db", "PRAGMA integrity_check") != [("ok",)]:
                    print(f"kill {killed}: the store is damaged", file=sys.stderr)
                    return 1
        last = _crawl(place, "broken.db").wait()
        expected, found = _ask(place / "unbroken.db", ARTICLES), _ask(place / "broken.db", ARTICLES)
        figures: dict[str, Any] = {
            "kills": killed,
            "unbroken_seconds": round(seconds, 1),
            "articles_unbroken": len(expected),
            "articles_broken": len(found),
            "missing": len(set(expected) - set(found)),
            "surplus": len(set(found) - set(expected)),
            "differing": sorted({row[0] for row in set(expected) ^ set(found)})[:10],
            "duplicates": len(found) - len({row[0] for row in found}),
            "entries_by_state": dict(
                _ask(place / "broken.db", "SELECT state, count(*) FROM entries GROUP BY state")
            ),
            "runs_by_outcome": dict(
                _ask(place / "broken.db", "SELECT outcome, count(*) FROM runs GROUP BY outcome")
            ),
            "last_exit_code": last,
        }
    print(json.dumps(figures, indent=1))
    return 1 if figures["missing"] or figures["surplus"] or figures["duplicates"] else 0


def _subscribe(path: Path, sites: str) -> None:
    with urllib.request.urlopen(sites, timeout=30) as answer:  # noqa: S310 - an address on loopback that the caller gave
        listed = json.load(answer)
    tables = [
        f'[[source]]\nname = "site-{number}"\nfeed = "{site["feed"]}"\nlang = "{site["lang"]}"\n'
        for number, site in enumerate(listed)
    ]
    path.write_text(
        '[crawl]\ndelay = 0\nallow_hosts = ["127.0.0.0/8"]\n' + "\n".join(tables), encoding="utf-8"
    )


def _crawl(place: Path, db: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "pressclip", "--db", db, "--sources", "sources.toml", "crawl"]
    return subprocess.Popen(command, cwd=place)


def _ask(db: Path, sql: str) -> list[tuple[Any, ...]]:
    if not db.exists():  # killed before it was made
        return [("ok",)]
    with sqlite3.connect(db) as conn:
        return conn.execute(sql).fetchall()


if __name__ == "__main__":
    sys.exit(main())
