"""What each step of cleaning gives and costs: every step left out once, on pages whose hosts the judge has not seen.

    python bench/ablation.py DATASET [--judged FILE] [--worst 20]

DATASET is as for bench/quality.py. The judge's probabilities come from the cross-validation of bench/train.py (which
needs numpy and lightgbm), or from FILE, one JSON object a line with `id` and `probabilities`; where there is no such
file yet, it is written. Tables by set and by language show plain trafilatura on the same pages.
"""

import argparse
import collections
import json
import logging
import os
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

from dataset import metric_of, page_of, truths_of
from trafilatura import bare_extraction

from pipelines.blocks import Block, blocks_of
from pipelines.boilerplate import RULES
from pipelines.facts import facts_of
from pipelines.render import text_of
from pipelines.rules.case import LIKELY, Case
from pipelines.tree import parse
from pipelines.voices import heard

ALL, PLAIN, NO_RULES, NO_VOICE = "all steps", "plain trafilatura", "any rule", "trafilatura's voice"
LANGUAGES = ("en", "ja", "zh", "ko")

Task = tuple[str, dict[str, Any], list[float]]
#: The scores of a page under each variant, and what each step cost, in seconds.
Result = tuple[dict[str, Any], dict[str, dict[str, Any]], dict[str, float]]


def main() -> None:
    """Judge, leave out one step after the other, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--judged", type=Path, help="probabilities of the judge: read, or written if missing")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--worst", type=int, default=0, help="name the N pages with the lowest F1")
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)
    if args.judged is None or not args.judged.exists():
        rows = _judged(args.dataset, args.jobs)
        if args.judged is not None:
            args.judged.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    else:
        rows = [json.loads(line) for line in args.judged.read_text(encoding="utf-8").splitlines()]
    probabilities = {row["id"]: row["probabilities"] for row in rows}
    truths = truths_of(args.dataset)
    tasks = [(str(args.dataset), t, probabilities[t["id"]]) for t in truths if t["id"] in probabilities]
    with ProcessPoolExecutor(args.jobs) as pool:
        results = list(pool.map(_result, tasks, chunksize=8))
    metric = metric_of(args.dataset)
    _print_steps(metric, results)
    _print_groups(metric, results)
    for truth, scores, _ in sorted(results, key=lambda r: float(r[1][ALL].get("f1", 1)))[: args.worst]:
        plain = scores[PLAIN].get("f1", 0)
        print(f"{scores[ALL].get('f1', 1):.3f} {plain:.3f} {truth['set']} {truth['id']} {truth['url']}")


def _judged(dataset: Path, jobs: int) -> list[dict[str, Any]]:
    import train  # it needs numpy and lightgbm, which --judged can do without

    with ProcessPoolExecutor(jobs) as pool:
        tasks = [(str(dataset), truth) for truth in truths_of(dataset)]
        made = pool.map(train._example, tasks, chunksize=8)  # noqa: SLF001 -- the same steps as the script's
        examples = [example for example in made if example]
    folds = train._cross_validated(examples, 5)  # noqa: SLF001 -- as above
    return [{"id": example.truth["id"], "probabilities": row} for example, row in folds]


def _result(task: Task) -> Result:
    dataset, truth, probabilities = task
    page = page_of(Path(dataset), truth)
    tree = parse(page)
    blocks, facts = blocks_of(tree), facts_of(tree, truth["url"])
    start = time.process_time()
    moved = heard(tree, truth["url"], blocks, probabilities)
    costs = {NO_VOICE: time.process_time() - start}

    case = Case(blocks, moved, facts)
    rules = {rule.__name__: rule for rule in RULES}
    keep = {i for i, p in enumerate(moved) if p >= LIKELY}
    variants = {NO_RULES: _text(blocks, keep)}
    for name, rule in rules.items():
        start = time.process_time()
        keep = rule(case, keep)
        costs[name] = time.process_time() - start
    variants[ALL] = _text(blocks, keep)
    for left_out in rules:
        variants[left_out] = _text(blocks, _kept(case, left_out))
    variants[NO_VOICE] = _text(blocks, _kept(Case(blocks, probabilities, facts), ""))
    variants[PLAIN] = getattr(bare_extraction(page.body, url=truth["url"]), "text", None) or ""

    metric = metric_of(Path(dataset))
    scored = {text: metric.page_scores(truth, {"text": text}) for text in set(variants.values())}
    brief = {name: truth[name] for name in ("id", "set", "lang", "url")}
    return brief, {name: scored[text] for name, text in variants.items()}, costs


def _kept(case: Case, left_out: str) -> set[int]:
    keep = {i for i, p in enumerate(case.probabilities) if p >= LIKELY}
    for rule in RULES:
        if rule.__name__ != left_out:
            keep = rule(case, keep)
    return keep


def _text(blocks: Sequence[Block], keep: set[int]) -> str:
    return text_of([blocks[i] for i in sorted(keep)])


def _print_steps(metric: ModuleType, results: Sequence[Result]) -> None:
    """The figures with all steps; for each step by how much they fall without it, in thousandths, and its ms."""
    whole = _figures(metric, results, ALL)
    print("| step | F1, all | whole, all | F1, hand | leak, hand | whole, hand | ms a page |")
    print("|---|---|---|---|---|---|---|")
    print(f"| {ALL} | " + " | ".join(f"{value:.4f}" for value in whole) + " | |")
    for step in (NO_RULES, *results[0][2]):
        without = _figures(metric, results, step)
        fallen = " | ".join(f"{1000 * (a - b):+.1f}" for a, b in zip(without, whole, strict=True))
        cost = sum(costs.get(step, 0.0) for _, _, costs in results) / len(results)
        print(f"| without {step} | {fallen} | {'' if step == NO_RULES else f'{1000 * cost:.2f}'} |")
    print()


def _figures(metric: ModuleType, results: Sequence[Result], variant: str) -> tuple[float, ...]:
    everywhere = metric.summarise([scores[variant] for _, scores, _ in results])
    hand = metric.summarise([scores[variant] for truth, scores, _ in results if truth["set"] == "hand"])
    return (*(everywhere[c] for c in ("f1", "whole")), *(hand[c] for c in ("f1", "leak", "whole")))


def _print_groups(metric: ModuleType, results: Sequence[Result]) -> None:
    groups: dict[str, list[Result]] = collections.defaultdict(list)
    for result in results:
        lang = result[0]["lang"] if result[0]["lang"] in LANGUAGES else "other"
        for name in ("all", result[0]["set"], f"in {lang}"):
            groups[name].append(result)
    columns = ("f1", "p", "r", "whole", "leak", "snip")
    print("| pages | " + " | ".join(f"{column}, ours | plain" for column in columns) + " |")
    print("|---|" + "---|---|" * len(columns))
    for name, of in sorted(groups.items(), key=lambda item: (item[0] != "all", item[0])):
        ours, plain = (metric.summarise([scores[variant] for _, scores, _ in of]) for variant in (ALL, PLAIN))
        cells = " | ".join(_cell(ours, c) + " | " + _cell(plain, c) for c in columns)
        print(f"| {name} ({len(of)}) | {cells} |")
    print()


def _cell(row: dict[str, float], column: str) -> str:
    return f"{row[column]:.3f}" if column in row else ""


if __name__ == "__main__":
    main()
