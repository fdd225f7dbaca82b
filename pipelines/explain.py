"""Why a page came out as it did: each of its blocks, kept or cut, and the voice or rule that decided."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from pipelines import sites, sitewide
from pipelines.blocks import Block, blocks_of
from pipelines.boilerplate import verdicts
from pipelines.extract import chosen, judged
from pipelines.tree import parse
from pressclip.models import Page

LEVELS = 3  # boxes that tell where a block stands


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockVerdict:
    """One block of a page."""

    text: str
    place: str  # the boxes around it, inside out: ``p < div.entry < article``
    kept: bool
    by: str  # ``judge``, the rule of `pipelines.boilerplate` that had the last word, ``keep``, ``data`` or ``site``
    probability: float | None  # the judge's, 0 to 1; None where it was not asked


def explain(page: Page, common: AbstractSet[int] = frozenset()) -> list[BlockVerdict]:
    """The blocks of a page in reading order, with what decided over each.

    What a `drop` selector takes is gone before; where a `keep` selector chose, only its choice is told (``keep``).
    Where the page's text stood in its data, that follows the blocks of the page (``data``). What the page's site
    repeats goes last (``site``).

    Args:
        page: the page.
        common: fingerprints of the blocks that are the site's own (pipelines.sitewide).

    Raises:
        InputError: as `pipelines.extract.clean`.
    """
    tree = parse(page)
    choice = chosen(tree, page)
    told = [] if choice.by == "keep" else _judged(choice.body, page.final_url)
    first = 0
    if choice.by != "judge":
        first = len(told)
        told = [replace(verdict, kept=False) for verdict in told] + [
            BlockVerdict(text=block.text, place=_place(block), kept=True, by=choice.by, probability=None)
            for block in choice.kept
        ]
    left = {block.index for block in sitewide.without(choice.kept, sites.site(page.final_url), common)}
    for block in choice.kept:
        if block.index not in left:
            told[first + block.index] = replace(told[first + block.index], kept=False, by="site")
    return told


def _judged(body: HtmlElement, url: str) -> list[BlockVerdict]:
    blocks = blocks_of(body)
    if not blocks:
        return []
    survey, probabilities = judged(body, blocks, url)
    decided = verdicts(blocks, probabilities, survey.facts)
    return [
        BlockVerdict(
            text=block.text,
            place=_place(block),
            kept=verdict.kept,
            by=verdict.by,
            probability=round(probability, 3),
        )
        for block, verdict, probability in zip(blocks, decided, probabilities, strict=True)
    ]


def _place(block: Block) -> str:
    boxes = list(block.box.chain())[:LEVELS]
    return " < ".join(".".join([box.tag, *box.names.split()[:2]]) for box in boxes)
