"""What becomes of a folder of feeds: `python bench/feeds.py FOLDER [--list REASON]`.

Prints a table by format: files, read, not a feed, parse errors, entries, entries without URL and without date
(and those whose date was given but not believed), U+FFFD met, titles with markup left, seconds, slowest file.
"""

import argparse
import re
import time
from collections import Counter, defaultdict
from pathlib import Path

from pressclip.errors import InputError
from spiders.reading import Feed, read_feed

COLUMNS = (
    "files",
    "read",
    "not_a_feed",
    "errors",
    "entries",
    "no_url",
    "no_date",
    "unbelieved",
    "ufffd",
    "markup",
)
_MARKUP = re.compile(r"</?[a-z]+[^<>]*>|&(?:#\d+|amp|lt|gt|quot|nbsp);")


def main() -> None:
    """Read every file of a folder and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--list", metavar="WORD", help="also list files whose outcome or problem contains WORD"
    )
    options = parser.parse_args()
    table: defaultdict[str, Counter[str]] = defaultdict(Counter)
    slowest = (0.0, "")
    for path in sorted(path for path in options.folder.rglob("*") if path.is_file()):
        body = path.read_bytes()
        name = str(path.relative_to(options.folder))
        began = time.perf_counter()
        try:
            feed = read_feed(body, url=f"https://feeds.example/{path.name}")
            counts, notes = measure(feed), feed.problems
            row: str = feed.format
        except InputError as error:
            row, notes = "none", (f"{error.reason}: {error}",)
            counts = Counter({"not_a_feed" if error.reason == "not_a_feed" else "errors": 1})
        took = time.perf_counter() - began
        slowest = max(slowest, (took, name))
        table[row].update(counts + Counter(files=1))
        table[row]["ms"] += round(took * 1000)
        for note in notes:
            if options.list and options.list in note:
                print(f"{name}: {note}")
    print_table(table)
    print(f"slowest: {slowest[0]:.2f} s, {slowest[1]}")


def measure(feed: Feed) -> Counter[str]:
    """Count what a reader of this feed would miss."""
    entries = feed.entries
    shown = [text for entry in entries for text in (entry.title, entry.summary) if text]
    return Counter(
        read=1,
        entries=len(entries),
        no_url=sum(entry.url is None for entry in entries),
        no_date=sum(not (entry.published_raw or entry.updated_raw) for entry in entries),
        unbelieved=sum(
            bool(
                (entry.published_raw and not entry.published_at)
                or (entry.updated_raw and not entry.updated_at)
            )
            for entry in entries
        ),
        ufffd=sum(text.count("\ufffd") for text in shown),
        markup=sum(bool(entry.title and _MARKUP.search(entry.title)) for entry in entries),
    )


def print_table(table: dict[str, Counter[str]]) -> None:
    """Print a row for each format and their sum."""
    total: Counter[str] = Counter()
    for counts in table.values():
        total.update(counts)
    print("".join(f"{title:>11}" for title in ("format", *COLUMNS, "seconds")))
    for row, counts in [*sorted(table.items()), ("all", total)]:
        cells = [str(counts[column]) for column in COLUMNS] + [f"{counts['ms'] / 1000:.1f}"]
        print("".join(f"{cell:>11}" for cell in (row, *cells)))


if __name__ == "__main__":
    main()
