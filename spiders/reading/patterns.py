"""What the patterns of a site's addresses turned out to be: articles, or something else. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import log
from typing import NamedTuple

from spiders.reading.addresses import pattern

ENOUGH = 3  # pages of one pattern that were no articles, and none that was: the pattern is none


class Record(NamedTuple):
    """How many pages of a pattern were articles, and how many were not."""

    articles: int = 0
    others: int = 0


@dataclass(frozen=True, slots=True)
class Patterns:
    """The records of a site, by pattern."""

    records: Mapping[str, Record] = field(default_factory=dict)

    def weight(self, url: str) -> float:
        """How much is to be said for an address because of its kind; 0 where nothing is known.

        >>> learned = learn([("https://a.example/n/1", True), ("https://a.example/c/x", False)])
        >>> learned.weight("https://a.example/n/2") > 0 > learned.weight("https://a.example/c/y")
        True
        """
        known = self.records.get(pattern(url), Record())
        return log((known.articles + 1) / (known.others + 1))

    def excludes(self, url: str) -> bool:
        """Whether pages of this pattern never were articles, often enough.

        >>> learn([(f"https://a.example/c/{n}", False) for n in range(3)]).excludes("https://a.example/c/4")
        True
        """
        known = self.records.get(pattern(url), Record())
        return known.articles == 0 and known.others >= ENOUGH


def learn(outcomes: Iterable[tuple[str, bool]]) -> Patterns:
    """Learn from addresses and whether their pages were articles."""
    counts: dict[str, Counter[bool]] = {}
    for url, was_article in outcomes:
        counts.setdefault(pattern(url), Counter())[was_article] += 1
    return Patterns({name: Record(count[True], count[False]) for name, count in counts.items()})
