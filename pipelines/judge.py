"""The small model that judges blocks: boosted trees and two word lists, trained by bench/train.py.

Each tree is a nested list ``[feature, threshold, left, right]`` with numbers as leaves: a row goes left where its
value is at most the threshold. The sum over all trees, through the logistic function, is the probability that the
block is part of the article.
"""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any

#: After so many trees, a score beyond the second number is clear, and the other trees would make it so many times as much
#: on the whole. The mean block needs two fifths of the trees, and F1 on unseen hosts is .0001 below that of all trees. A clear
#: score taken for just "sure" would cost .0026: rules and the second voice hear small doubts too.
CLEAR = ((30, 1.9, 3.2), (40, 2.1, 2.5), (60, 2.3, 1.8), (120, 2.4, 1.35), (200, 2.2, 1.17), (290, 2.0, 1.08))

#: Rows after which trees are made into code, which takes as long as it then saves on so many: a dozen pages.
WORTH = 1000


@dataclass(slots=True)
class Stage:
    """Trees that are asked one after another."""

    trees: tuple[Any, ...]
    clear: float  # from where on the score after them is clear
    growth: float  # what the trees after them would then make of it, on the whole
    asked: int = 0
    code: Callable[[Sequence[float], float], float] | None = None

    def walked(self, row: Sequence[float], score: float) -> float:
        """Add what the trees say of a row to the score."""
        self.asked += 1
        if self.asked == WORTH:
            self.code = _made_into_code(self.trees)
        for tree in self.trees:
            node = tree
            while type(node) is list:
                node = node[2] if row[node[0]] <= node[1] else node[3]
            score += node
        return score


@dataclass(frozen=True, slots=True)
class Model:
    """What bench/train.py wrote: `names` and `words` are log-odds of staying, by the hosts of the training pages."""

    features: tuple[str, ...]
    names: dict[str, float]
    words: dict[str, float]
    stages: tuple[Stage, ...]

    def probability(self, row: Sequence[float]) -> float:
        """How sure it is, 0 to 1, that a block with these features belongs to the article."""
        score = 0.0
        values = list(map(float, row))  # Python compares numbers of one type in two thirds of the time
        for stage in self.stages:
            score = (stage.code or stage.walked)(values, score)
            if abs(score) > stage.clear:
                score *= stage.growth
                break
        return 1 / (1 + math.exp(-score))


@cache
def model() -> Model:
    """The model that ships with the program."""
    data = json.loads(resources.files("pipelines").joinpath("judge.json").read_text(encoding="utf-8"))
    return Model(tuple(data["features"]), data["names"], data["words"], _staged(data["trees"]))


def _staged(trees: list[Any]) -> tuple[Stage, ...]:
    ends = [0, *(number for number, *_ in CLEAR), len(trees)]
    clear = (*((score, growth) for _, score, growth in CLEAR), (math.inf, 1.0))
    return tuple(Stage(tuple(trees[a:b]), *of) for (a, b), of in zip(pairwise(ends), clear, strict=True))


def _made_into_code(trees: Sequence[Any]) -> Callable[[Sequence[float], float], float]:
    """Write trees as a function, which says the same to the last bit in half the time.

    >>> _made_into_code([[0, 1.5, -1.0, [1, 0.5, 2.0, 3.0]], 0.25])([2, 1], 0.0)
    3.25
    """
    steps = "".join(f"    score += {_expression(tree)}\n" for tree in trees)
    names: dict[str, Any] = {}
    exec(f"def code(row, score):\n{steps}    return score", names)  # noqa: S102 - numbers of our own model, nothing else
    made: Callable[[Sequence[float], float], float] = names["code"]
    return made


def _expression(node: Any) -> str:
    if not isinstance(node, list):
        return repr(float(node))
    feature, threshold, left, right = node
    return f"({_expression(left)} if row[{int(feature)}] <= {float(threshold)!r} else {_expression(right)})"
