"""From probabilities to the blocks that stay: a threshold, then rules for what no threshold can see."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.blocks import Block
from pipelines.facts import Facts
from pipelines.rules.case import LIKELY, Case
from pipelines.rules.copies import copies, repeated
from pipelines.rules.edges import disclaimers, leading_titles, signatures, trailing_headings
from pipelines.rules.furniture import asides, captions, overlays
from pipelines.rules.lists import announced_lists
from pipelines.rules.questions import questions
from pipelines.rules.rivers import rivers
from pipelines.rules.standfirsts import standfirsts
from pipelines.rules.wholes import notes, rescued, runs, whole_lists, whole_tables

#: In this order: what comes back first, then what goes.
RULES = (
    rescued,
    runs,
    standfirsts,
    questions,
    whole_tables,
    whole_lists,
    captions,
    notes,
    overlays,
    repeated,
    copies,
    announced_lists,
    rivers,
    asides,
    disclaimers,
    signatures,
    leading_titles,
    trailing_headings,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a block stays, and which rule said so last; ``judge`` where no rule had a say."""

    kept: bool
    by: str


def cut(blocks: Sequence[Block], probabilities: Sequence[float], facts: Facts) -> list[Block]:
    """The blocks of the article."""
    decided = verdicts(blocks, probabilities, facts)
    return [block for block, verdict in zip(blocks, decided, strict=True) if verdict.kept]


def verdicts(blocks: Sequence[Block], probabilities: Sequence[float], facts: Facts) -> list[Verdict]:
    """What becomes of each block, and why."""
    case = Case(blocks, probabilities, facts)
    keep = {i for i, p in enumerate(probabilities) if p >= LIKELY}
    by = dict.fromkeys(range(len(blocks)), "judge")
    for rule in RULES:
        after = rule(case, keep)
        by |= dict.fromkeys(keep ^ after, rule.__name__)
        keep = after
    return [Verdict(i in keep, by[i]) for i in range(len(blocks))]
