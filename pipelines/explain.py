"""Why a page came out as it did: each of its blocks, kept or cut, and the voice or rule that decided."""

from dataclasses import dataclass

from pipelines.blocks import Block, blocks_of
from pipelines.boilerplate import verdicts
from pipelines.extract import judged
from pipelines.tree import parse
from pressclip.models import Page

LEVELS = 3  # boxes that tell where a block stands


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockVerdict:
    """One block of a page."""

    text: str
    place: str  # the boxes around it, inside out: ``p < div.entry < article``
    kept: bool
    by: str  # ``judge``, or the rule of `pipelines.boilerplate` that had the last word
    probability: float  # the judge's, 0 to 1
    voice: bool  # whether trafilatura kept it


def explain(page: Page) -> list[BlockVerdict]:
    """The blocks of a page in reading order, with what decided over each.

    Raises:
        InputError: as `pipelines.extract.clean`.
    """
    tree = parse(page)
    blocks = blocks_of(tree)
    if not blocks:
        return []
    survey, probabilities = judged(tree, blocks, page.final_url)
    decided = verdicts(blocks, probabilities, survey.facts)
    return [
        BlockVerdict(
            text=block.text,
            place=_place(block),
            kept=verdict.kept,
            by=verdict.by,
            probability=round(probability, 3),
            voice=said,
        )
        for block, verdict, probability, said in zip(blocks, decided, probabilities, survey.said, strict=True)
    ]


def _place(block: Block) -> str:
    boxes = list(block.box.chain())[:LEVELS]
    return " < ".join(".".join([box.tag, *box.names.split()[:2]]) for box in boxes)
