"""What a rule may look at, and what several of them ask of a block."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.blocks import Block, Box
from pipelines.facts import Facts
from pipelines.lines import link_share

#: A block stays from here on. Above one half: a line of another's weighs more than a line lost, and within a run lines come back.
LIKELY = 0.7
TOO_LITTLE = 25  # units
TITLE_LIKE = 40  # units: no headline is longer


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule may look at, beside the indices of the blocks that stay so far."""

    blocks: Sequence[Block]
    probabilities: Sequence[float]
    facts: Facts


def is_prose(block: Block) -> bool:
    """Whether it has sentences, most of which are no links."""
    return block.prose and link_share(block) < 0.5  # noqa: PLR2004 -- half


def around(box: Box, levels: int) -> list[Box]:
    """A box and up to `levels` around it."""
    found = [box]
    while levels and box.parent is not None:
        box, levels = box.parent, levels - 1
        found.append(box)
    return found
