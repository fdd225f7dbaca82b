"""Which blocks of a page belong to the article, as far as a data set's truth can tell."""

import collections
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

GRAM = 4  # tokens, as in the metric
SHORT = 12  # tokens up to which a match may be chance, so that the neighbours must match too
CAP = 0.5  # share of the truth from which a block weighs no more
FLOOR = 0.01  # what even the shortest line weighs
SNIPPET = 0.08  # weight of a block of which only a snippet is known

Tokens = list[str]


@dataclass(frozen=True, slots=True)
class Labels:
    """For each block its share of truth (0 to 1) and its weight; weight 0 is not known, or a matter of taste."""

    shares: list[float]
    weights: list[float]


def label(texts: Sequence[str], truth: dict[str, Any], metric: ModuleType) -> Labels:
    """Labels of a page's blocks, in their order."""
    tokens = [metric.TOKEN.findall(metric.fold(text).lower()) for text in texts]
    if not truth.get("text"):
        return _by_snippets([metric.fold(text) for text in texts], truth, metric)
    wanted = metric.TOKEN.findall(metric.fold(truth["text"]).lower())
    grams = set(_grams(wanted))
    folded = [metric.fold(text).lower() for text in texts]
    lines = _folded(truth["text"].splitlines(), metric)
    leaks = _folded(truth.get("leaks") or [], metric)
    shares = [_share(tokens, i, grams, folded[i], lines, leaks) for i in range(len(texts))]
    _settle_copies(shares, tokens, collections.Counter(tuple(metric.TOKEN.findall(line)) for line in lines))
    optional = list(_folded(truth.get("optional") or [], metric))
    body = metric.fold(truth["text"]).lower()
    weights = []
    for share, own, text in zip(shares, tokens, folded, strict=True):
        taste = text not in body and any(text in line for line in optional)
        size = min(len(own) / len(wanted), CAP) + FLOOR
        weights.append(0.0 if taste or not own else size * (0.15 + abs(2 * share - 1)))
    return Labels(shares, weights)


def _folded(lines: Iterable[str], metric: ModuleType) -> set[str]:
    return {metric.fold(line).lower() for line in lines if line.strip()}


def _grams(tokens: Tokens) -> list[tuple[str, ...]]:
    return list(zip(*(tokens[k:] for k in range(GRAM)), strict=False))


def _share(
    tokens: Sequence[Tokens], i: int, grams: set[tuple[str, ...]], text: str, lines: set[str], leaks: set[str]
) -> float:
    own = tokens[i]
    if text in lines:
        return 1.0
    if text in leaks or not own:
        return 0.0
    before = [t for near in tokens[max(0, i - 3) : i] for t in near][1 - GRAM :]
    after = [t for near in tokens[i + 1 : i + 4] for t in near][: GRAM - 1]
    if len(own) < GRAM:
        return _matching([*before, *own, *after], grams)
    share = _matching(own, grams)
    if len(own) >= SHORT or not share:
        return share
    joined = max(_matching(before + own[: GRAM - 1], grams), _matching(own[1 - GRAM :] + after, grams))
    if joined < 0.5:  # noqa: PLR2004 -- words of the article, but not in its place
        return 0.0
    return share if share >= 0.8 else 0.5  # noqa: PLR2004 -- part of it, part not


def _matching(tokens: Tokens, grams: set[tuple[str, ...]]) -> float:
    found = _grams(tokens)
    return sum(gram in grams for gram in found) / len(found) if found else 0.0


def _settle_copies(
    shares: list[float], tokens: Sequence[Tokens], times: collections.Counter[tuple[str, ...]]
) -> None:
    """Of several equal blocks, as many stay as the truth holds: those nearest to the rest of the article."""
    copies: dict[tuple[str, ...], list[int]] = collections.defaultdict(list)
    for i, share in enumerate(shares):
        if share >= 0.7:  # noqa: PLR2004 -- surely of the article
            copies[tuple(tokens[i])].append(i)
    sure = sorted(found[0] for own, found in copies.items() if len(found) == 1 and len(own) >= 2 * GRAM)
    if not sure:
        return
    middle = sure[len(sure) // 2]
    for own, found in copies.items():
        found.sort(key=lambda i: (not sure[0] <= i <= sure[-1], abs(i - middle)))
        for i in found[max(1, times[own]) :]:
            shares[i] = 0.0


def _by_snippets(folded: Sequence[str], truth: dict[str, Any], metric: ModuleType) -> Labels:
    shares = [0.0] * len(folded)
    weights = [0.0] * len(folded)
    for key, share in (("with", 1.0), ("without", 0.0)):
        for snippet in map(metric.fold, truth.get(key) or []):
            for i, text in enumerate(folded):
                if snippet in text or (len(text) > 2 * SHORT and text in snippet):
                    shares[i], weights[i] = share, SNIPPET + FLOOR
    return Labels(shares, weights)
