"""The small model that judges blocks: boosted trees and two word lists, trained by bench/train.py.

Each tree is a nested list ``[feature, threshold, left, right]`` with numbers as leaves: a row goes left where its
value is at most the threshold. The sum over all trees, through the logistic function, is the probability that the
block is part of the article.
"""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

#: After every so many trees one looks whether the score is already so clear that none of the rest turned one like it
#: (on 12,794 blocks; half of all blocks need no more than the first 30 of 160 trees).
PAUSE = 30
CLEAR = 2.5


@dataclass(frozen=True, slots=True)
class Model:
    """What bench/train.py wrote: `names` and `words` are log-odds of staying, by the hosts of the training pages."""

    features: tuple[str, ...]
    names: dict[str, float]
    words: dict[str, float]
    trees: tuple[Any, ...]

    def probability(self, row: Sequence[float]) -> float:
        """How sure it is, 0 to 1, that a block with these features belongs to the article."""
        score = 0.0
        for number, tree in enumerate(self.trees, start=1):
            node = tree
            while type(node) is list:
                node = node[2] if row[node[0]] <= node[1] else node[3]
            score += node
            if number % PAUSE == 0 and abs(score) > CLEAR:
                break
        return 1 / (1 + math.exp(-score))


@cache
def model() -> Model:
    """The model that ships with the program."""
    data = json.loads(resources.files("pipelines").joinpath("judge.json").read_text(encoding="utf-8"))
    return Model(tuple(data["features"]), data["names"], data["words"], tuple(data["trees"]))
