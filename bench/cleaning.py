"""CPU of cleaning a page, beside plain trafilatura's with metadata, page by page in turn, in one process.

    python bench/cleaning.py DATASET [--rounds N] [--limit N]

Ours is all that a worker does for a page: tree, blocks, judge, rules, description, topics, sketch.
"""

import argparse
import logging
import time
from pathlib import Path

from dataset import FETCHED_AT, body_of, truths_of
from figures import figure, keep
from trafilatura import bare_extraction

from pipelines.extract import clean_on_site
from pressclip.errors import InputError
from pressclip.models import Page


def ours(url: str, body: bytes) -> None:
    """Clean a page."""
    try:
        clean_on_site(Page(url=url, final_url=url, body=body, fetched_at=FETCHED_AT), frozenset())
    except InputError:
        return


def plain(url: str, body: bytes) -> None:
    """Extract a page."""
    bare_extraction(body, url=url, with_metadata=True)


def main() -> None:
    """Measure in rounds, print, write down."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=int)
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)
    pages = [
        (truth["url"], body_of(args.dataset, truth["id"])) for truth in truths_of(args.dataset)[: args.limit]
    ]
    for extract in (ours, plain):
        for page in pages[:10]:
            extract(*page)
    spent: dict[str, list[float]] = {"ours": [], "plain": []}
    for number in range(args.rounds):
        totals = {"ours": 0.0, "plain": 0.0}
        for place, page in enumerate(pages):
            both = [("ours", ours), ("plain", plain)]
            for name, extract in both if (place + number) % 2 else reversed(both):
                began = time.process_time()
                extract(*page)
                totals[name] += time.process_time() - began
        for name, seconds in totals.items():
            spent[name].append(seconds * 1000 / len(pages))
    ratios = [one / other for one, other in zip(spent["ours"], spent["plain"], strict=True)]
    keep(
        "cleaning",
        "CPU of cleaning a page",
        [
            figure(
                "cleaning, everything of ours included",
                ratios,
                "x",
                baseline="plain trafilatura with metadata",
                goal=1.0,
            ),
            figure("CPU a page, pressclip", spent["ours"], "ms"),
            figure("CPU a page, plain trafilatura", spent["plain"], "ms"),
        ],
        command="make bench-cleaning",
    )


if __name__ == "__main__":
    main()
