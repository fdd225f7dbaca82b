"""Train the judge of blocks, and measure it by cross-validation over hosts.

    python bench/train.py DATASET [--folds 5] [--write]

DATASET is as for bench/quality.py. Hosts of the pages are kept apart: a page is judged by a model that has seen no
page of its host, then put right by the same rules as in the program; that table is what new pages may expect.
`--write` trains on all pages and writes pipelines/judge.json. Needs numpy and lightgbm, which the program does not.
"""

import argparse
import collections
import hashlib
import json
import logging
import math
import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import lightgbm
import numpy as np
from dataset import Truth, metric_of, page_of, truths_of
from labels import Labels, label

from pipelines import boilerplate
from pipelines.blocks import blocks_of
from pipelines.facts import facts_of
from pipelines.features import (
    NAMES,
    rows,
    word_columns,
)
from pipelines.places import OUTERMOST as NAMED
from pipelines.places import level_of, name_columns, name_words
from pipelines.render import text_of
from pipelines.survey import Survey, short_words
from pipelines.tree import parse
from pipelines.voices import heard
from pressclip.errors import InputError

MODEL = Path(__file__).resolve().parent.parent / "pipelines" / "judge.json"
EMPTY = [np.nan] * (len(NAMES) - 10)  # a block that is not worth judging
LEARNED = 10  # columns at the end of a row that come from the word lists
PARAMETERS = {
    "objective": "binary", "learning_rate": 0.1, "num_leaves": 24, "min_data_in_leaf": 70, "lambda_l2": 5,
    "feature_fraction": 0.35, "bagging_fraction": 0.7, "bagging_freq": 1, "max_bin": 127,
    "deterministic": True, "verbose": -1,
}  # fmt: skip
#: The judge is the mean of these: what each has of its own, and its number of trees.
MEMBERS: tuple[tuple[dict[str, Any], int], ...] = (
    ({"seed": 7}, 160),
    ({"seed": 8, "extra_trees": True}, 250),
)
HOSTS_NAME, HOSTS_WORD = 3, 5  # hosts on which a word must have stood
TELLING = 0.4  # log-odds under which a word of a line tells nothing
UNSURE = (0.3, 0.7)  # shares of truth between which a block teaches no words


@dataclass(frozen=True)
class Example:
    """One page: its rows without the learned columns, the words of its boxes and lines, its labels."""

    truth: dict[str, Any]
    host: str
    rows: np.ndarray
    names: list[list[frozenset[str]]]
    words: list[frozenset[str]]
    labels: Labels


def main() -> None:
    """Read, cross-validate, print; train on all and write where asked."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--write", action="store_true", help="train on all pages, write pipelines/judge.json")
    args = parser.parse_args()
    logging.disable(logging.CRITICAL)
    truths = truths_of(args.dataset)
    with ProcessPoolExecutor(args.jobs) as pool:
        tasks = [(str(args.dataset), truth) for truth in truths]
        examples = [example for example in pool.map(_example, tasks, chunksize=8) if example]
        if args.folds:
            judged = list(_cross_validated(examples, args.folds))
            work = [(str(args.dataset), e.truth, p) for e, p in judged]
            _print_table(metric_of(args.dataset), list(pool.map(_scores, work, chunksize=8)))
    if args.write:
        _write(examples)


def _example(task: tuple[str, Truth]) -> Example | None:
    dataset, truth = task
    try:
        tree = parse(page_of(Path(dataset), truth))
    except InputError:
        return None
    blocks = blocks_of(tree)
    if not blocks:
        return None
    table = rows(Survey(blocks, facts_of(tree, truth["url"])), {}, {})
    return Example(
        truth=truth,
        host=_registered(truth["url"]),
        rows=np.array([row[:-LEARNED] or EMPTY for row in table], dtype=np.float32),
        names=[[frozenset(name_words(box)) for box in list(block.box.chain())[:NAMED]] for block in blocks],
        words=[frozenset(short_words(block)) for block in blocks],
        labels=label([block.text for block in blocks], truth, metric_of(Path(dataset))),
    )


def _registered(url: str) -> str:
    """The part of a host that one buys, about: good enough to keep siblings apart from strangers."""
    parts = (urlsplit(url).hostname or "").split(".")
    second = len(parts) > 2 and len(parts[-1]) == 2 and len(parts[-2]) <= 3  # noqa: PLR2004 -- co.uk, com.cn
    return ".".join(parts[-3 if second else -2 :])


class WordList:
    """Of each word the hosts it stood on, and which share of the blocks that have it stays there."""

    def __init__(
        self,
        examples: Iterable[Example],
        words: Callable[[Example, int], Iterable[str]],
        fewest: int,
        telling: float,
    ) -> None:
        self.fewest = fewest
        self.telling = telling
        counts: dict[str, dict[str, list[int]]] = collections.defaultdict(dict)
        for example in examples:
            for i, (share, weight) in enumerate(
                zip(example.labels.shares, example.labels.weights, strict=True)
            ):
                if weight and not UNSURE[0] < share < UNSURE[1]:
                    for word in words(example, i):
                        counts[word].setdefault(example.host, [0, 0])[share >= UNSURE[1]] += 1
        self.shares = {
            word: {host: kept / (cut + kept) for host, (cut, kept) in hosts.items()}
            for word, hosts in counts.items()
        }
        common = [share for hosts in self.shares.values() if len(hosts) >= fewest for share in hosts.values()]
        self.prior = _log_odds(common)

    def odds(self, words: Iterable[str], without: str = "") -> dict[str, float]:
        """Log-odds of staying, every host with one voice, for the words that tell anything; one host left out."""
        found = {}
        for word in words:
            shares = [share for host, share in self.shares.get(word, {}).items() if host != without]
            if len(shares) >= self.fewest:
                value = _log_odds(shares) - self.prior
                if abs(value) >= self.telling:
                    found[word] = round(value, 2)
        return found


def _log_odds(shares: Sequence[float]) -> float:
    return math.log((sum(shares) + 1) / (len(shares) - sum(shares) + 1))


def _word_lists(examples: Sequence[Example]) -> tuple[WordList, WordList]:
    names = WordList(examples, lambda e, i: frozenset[str]().union(*e.names[i]), HOSTS_NAME, 0)
    return names, WordList(examples, lambda e, i: e.words[i], HOSTS_WORD, TELLING)


def _table(example: Example, lists: tuple[WordList, WordList]) -> np.ndarray:
    """The rows of a page with their learned columns, from what other hosts taught."""
    names = lists[0].odds({w for levels in example.names for level in levels for w in level}, example.host)
    words = lists[1].odds({w for line in example.words for w in line}, example.host)
    learned = [
        [
            *name_columns([level_of(names[w] for w in level if w in names) for level in levels]),
            *word_columns(words[w] for w in line if w in words),
        ]
        for levels, line in zip(example.names, example.words, strict=True)
    ]
    return np.hstack([example.rows, np.array(learned, dtype=np.float32)])


def _train(examples: Sequence[Example], lists: tuple[WordList, WordList]) -> list[lightgbm.Booster]:
    table = np.vstack([_table(example, lists) for example in examples])
    shares = np.concatenate([example.labels.shares for example in examples])
    weights = np.concatenate([example.labels.weights for example in examples])
    used = (weights > 0) & ~_hopeless(table)
    members = []
    for own, rounds in MEMBERS:
        data = lightgbm.Dataset(table[used], label=shares[used] >= 0.5, weight=weights[used])  # noqa: PLR2004 -- half
        members.append(lightgbm.train(PARAMETERS | own, data, rounds))
    return members


def _predicted(members: Sequence[lightgbm.Booster], table: np.ndarray) -> np.ndarray:
    score = sum(member.predict(table, raw_score=True) for member in members) / len(members)
    return np.where(_hopeless(table), 0.0, 1 / (1 + np.exp(-score)))


def _hopeless(table: np.ndarray) -> np.ndarray:
    hopeless: np.ndarray = np.isnan(table[:, 0])
    return hopeless


def _cross_validated(examples: Sequence[Example], folds: int) -> Iterable[tuple[Example, list[float]]]:
    """Each page with the probabilities of a model that has not seen its host."""
    fold_of = {e.host: int(hashlib.sha256(e.host.encode()).hexdigest(), 16) % folds for e in examples}
    for fold in range(folds):
        known = [example for example in examples if fold_of[example.host] != fold]
        lists = _word_lists(known)
        members = _train(known, lists)
        for example in examples:
            if fold_of[example.host] == fold:
                yield example, [float(p) for p in _predicted(members, _table(example, lists))]


def _scores(task: tuple[str, dict[str, Any], list[float]]) -> tuple[str, dict[str, Any]]:
    """The score of a page that is put right by the rules after it was judged with these probabilities."""
    dataset, truth, probabilities = task
    tree = parse(page_of(Path(dataset), truth))
    blocks, facts = blocks_of(tree), facts_of(tree, truth["url"])
    kept = boilerplate.cut(blocks, heard(tree, truth["url"], blocks, probabilities), facts)
    return truth["set"], metric_of(Path(dataset)).page_scores(truth, {"text": text_of(kept)})


def _print_table(metric: ModuleType, scored: Sequence[tuple[str, dict[str, Any]]]) -> None:
    columns = ("f1", "p", "r", "whole", "leak", "snip")
    print(f"{'set':>14} " + " ".join(f"{column:>6}" for column in columns))
    for name in ["all", *sorted({name for name, _ in scored})]:
        row = metric.summarise([score for of, score in scored if name in {"all", of}])
        print(f"{name:>14} " + " ".join(f"{row[c]:6.3f}" if c in row else "     -" for c in columns))


def _write(examples: Sequence[Example]) -> None:
    lists = _word_lists(examples)
    members = [member.dump_model()["tree_info"] for member in _train(examples, lists)]
    # All members' first trees first: what is clear is clear after a few of each.
    order = sorted((n / len(trees), m, n) for m, trees in enumerate(members) for n in range(len(trees)))
    model = {
        "features": NAMES,
        "names": lists[0].odds(sorted(lists[0].shares)),
        "words": lists[1].odds(sorted(lists[1].shares)),
        "trees": [_nested(members[m][n]["tree_structure"], len(members)) for _, m, n in order],
    }
    MODEL.write_text(json.dumps(model, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def _nested(node: dict[str, Any], members: int) -> Any:
    if "leaf_value" in node:
        return round(node["leaf_value"] / members, 5)
    return [
        node["split_feature"],
        float(f"{node['threshold']:.6g}"),
        _nested(node["left_child"], members),
        _nested(node["right_child"], members),
    ]


if __name__ == "__main__":
    main()
