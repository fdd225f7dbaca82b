"""Extraction quality beside plain trafilatura's, on the same pages in the same run.

    python bench/quality.py DATASET [--jobs N] [--sets a,b] [--limit N] [--predictions FILE]
                                    [--floor FILE [--pin [--allow-regression]]]

DATASET is a folder with `truth.jsonl` and `pages/<id>.html.gz`; `score.py` in its parent folder holds the metric
and says what the fields mean. Both extractors see the bytes of the page and its address, nothing else. A page
that `clean` refuses, or that it does not take for an article and leaves without text, counts as empty.

`--floor` compares with pinned figures and ends with 1 when one fell by more than the tolerance; `--pin` writes
them, and refuses to lower one unless `--allow-regression` says so.
"""

import argparse
import collections
import concurrent.futures
import json
import logging
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from dataset import FETCHED_AT, body_of, metric_of, truths_of
from trafilatura import bare_extraction

from pipelines.extract import clean
from pressclip.dates import local_day
from pressclip.errors import InputError
from pressclip.models import Article, Page

COLUMNS = ("pages", "f1", "p", "r", "whole", "leak", "snip", "title", "author", "date")
PINNED = ("f1", "whole", "leak", "snip", "title", "author", "date")
#: The figures are deterministic on one machine; another libxml2 reads a broken page or two differently.
TOLERANCE = 0.003
Row = dict[str, Any]


def main() -> int:
    """Run, print, compare."""
    args = _arguments()
    metric = metric_of(args.dataset)
    truths = _truths(args.dataset, args.sets, args.limit)
    tasks = [(str(args.dataset), truth["id"], truth["url"]) for truth in truths]
    # One after the other, in processes of their own: neither finds the caches that the other has filled.
    results = list(zip(_run(_ours, tasks, args.jobs), _run(_plain, tasks, args.jobs), strict=True))
    if args.predictions:
        lines = (json.dumps(ours, ensure_ascii=False) + "\n" for ours, _ in results)
        args.predictions.write_text("".join(lines), encoding="utf-8")
    scored = [
        (truth, metric.page_scores(truth, ours), metric.page_scores(truth, plain))
        for truth, (ours, plain) in zip(truths, results, strict=True)
    ]
    table = _table(metric, scored, "set")
    _print("set", table)
    _print("lang", {k: v for k, v in _table(metric, scored, "lang").items() if k != "all"})
    for page in sorted(scored, key=lambda s: s[1].get("f1", 1.0))[: args.worst]:
        print(f"{page[1].get('f1', 1.0):.3f} {page[0]['id']} {page[0]['url']}")
    ours_ms, plain_ms = (1000 * sum(r[i]["cpu"] for r in results) / max(1, len(results)) for i in (0, 1))
    print(
        f"CPU ms a page: clean {ours_ms:.1f}, plain trafilatura {plain_ms:.1f}, ratio {ours_ms / plain_ms:.2f}"
    )
    figures = {
        name: {c: round(rows[0][c], 4) for c in PINNED if c in rows[0]} for name, rows in table.items()
    }
    return _floor(args, figures) if args.floor else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--sets", type=lambda names: set(names.split(",")), help="only these sets, by comma")
    parser.add_argument("--limit", type=int, help="only the first N pages of each set")
    parser.add_argument("--predictions", type=Path, help="write what came out, one JSON object a line")
    parser.add_argument("--worst", type=int, default=0, help="name the N pages with the lowest F1")
    parser.add_argument("--floor", type=Path, help="compare with the pinned figures in this file")
    parser.add_argument("--pin", action="store_true", help="write the figures to the floor file")
    parser.add_argument("--allow-regression", action="store_true", help="pin lower figures too")
    return parser.parse_args()


def _truths(dataset: Path, sets: set[str] | None, limit: int | None) -> list[Row]:
    seen: collections.Counter[str] = collections.Counter()
    truths = []
    for truth in truths_of(dataset):
        seen[truth["set"]] += 1
        if (not sets or truth["set"] in sets) and (limit is None or seen[truth["set"]] <= limit):
            truths.append(truth)
    return truths


Task = tuple[str, str, str]


def _run(extractor: Callable[[Task], Row], tasks: list[Task], jobs: int) -> list[Row]:
    with concurrent.futures.ProcessPoolExecutor(max_workers=jobs) as pool:
        return list(pool.map(extractor, tasks, chunksize=4))


def _body(task: Task) -> bytes:
    logging.disable(logging.CRITICAL)
    return body_of(Path(task[0]), task[1])


def _ours(task: Task) -> Row:
    """What we make of one page, with its CPU seconds."""
    _, name, url = task
    page = Page(url=url, final_url=url, body=_body(task), fetched_at=FETCHED_AT)
    start = time.process_time()
    try:
        row = _prediction(clean(page))
    except InputError:
        row = {"text": None, "title": None, "authors": [], "date": None}
    return {"id": name, **row, "cpu": time.process_time() - start}


def _plain(task: Task) -> Row:
    """What plain trafilatura makes of one page, with its CPU seconds."""
    _, name, url = task
    body = _body(task)
    start = time.process_time()
    document = bare_extraction(body, url=url, with_metadata=True, output_format="python")
    return {
        "id": name,
        "text": getattr(document, "text", None),
        "title": getattr(document, "title", None),
        "authors": [a.strip() for a in (getattr(document, "author", None) or "").split(";") if a.strip()],
        "date": getattr(document, "date", None),
        "cpu": time.process_time() - start,
    }


def _prediction(article: Article) -> Row:
    day = local_day(article.published_raw) if article.published_raw else None
    return {
        "text": article.text,
        "title": article.title,
        "authors": list(article.authors),
        "date": day or (article.published_at or "")[:10] or None,
        "kind": article.kind,
    }


def _table(metric: ModuleType, scored: list[tuple[Row, Row, Row]], key: str) -> dict[str, tuple[Row, Row]]:
    groups: dict[str, list[tuple[Row, Row, Row]]] = collections.defaultdict(list)
    for page in scored:
        groups["all"].append(page)
        groups[str(page[0].get(key))].append(page)
    return {
        name: (metric.summarise([p[1] for p in pages]), metric.summarise([p[2] for p in pages]))
        for name, pages in sorted(groups.items(), key=lambda kv: (kv[0] != "all", -len(kv[1]), kv[0]))
    }


def _print(key: str, table: dict[str, tuple[Row, Row]]) -> None:
    print(f"{key:>14} {'':>5} " + " ".join(f"{c:>6}" for c in COLUMNS))
    for name, rows in table.items():
        for who, row in zip(("ours", "plain"), rows, strict=True):
            cells = (
                f"{row[c]:6d}" if c == "pages" else f"{row[c]:6.3f}" if c in row else "     -"
                for c in COLUMNS
            )
            print(f"{name if who == 'ours' else '':>14} {who:>5} " + " ".join(cells))
    print()


def _floor(args: argparse.Namespace, figures: dict[str, dict[str, float]]) -> int:
    pinned = json.loads(args.floor.read_text(encoding="utf-8")) if args.floor.exists() else {}
    fallen = [
        f"{name}: {column} {figures[name][column]:.4f}, pinned {was:.4f}"
        for name, columns in pinned.items()
        for column, was in columns.items()
        if name in figures and column in figures[name] and _worse(column, figures[name][column], was)
    ]
    for line in fallen:
        print(f"below the floor: {line}", file=sys.stderr)
    if not args.pin:
        return 1 if fallen else 0
    if fallen and not args.allow_regression:
        print("not pinned; --allow-regression lowers the floor", file=sys.stderr)
        return 1
    args.floor.write_text(json.dumps(pinned | figures, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


def _worse(column: str, now: float, was: float) -> bool:
    return now > was + TOLERANCE if column == "leak" else now < was - TOLERANCE


if __name__ == "__main__":
    sys.exit(main())
