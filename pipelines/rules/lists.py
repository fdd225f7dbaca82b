"""Lists of other stories, with the heading that announces them."""

from collections.abc import Sequence

from pipelines.blocks import Block
from pipelines.render import heading
from pipelines.rules.case import TITLE_LIKE, Case, is_prose

LONGEST_LIST = 300  # lines under one heading
MOST_LISTED = 2  # times the text above: a longer list is what the article is about


def announced_lists(case: Case, keep: set[int]) -> set[int]:
    """A heading such as 関連記事 and the titles under it, linked or not; a section of sentences stays.

    Below the first sentence the heading counts though it is gone already: what stands under it is a list all the
    same, unless it is what the article is about: far longer than all that stands above.
    """
    blocks = case.blocks
    gone: set[int] = set()
    start = min((i for i in keep if is_prose(blocks[i])), default=len(blocks))
    above = 0.0  # units of what stays before the block
    for i, block in enumerate(blocks):
        above += blocks[i - 1].units if i - 1 in keep and i - 1 not in gone else 0.0
        if block.units > TITLE_LIKE or i in gone or not (i in keep or i > start):
            continue
        group, strength = block.cue
        if group == "list" and strength == 3:  # noqa: PLR2004 -- the whole line
            run = _titles_below(blocks, i)
            ends = run.stop >= len(blocks) or not is_prose(blocks[run.stop])
            listed = sum(blocks[j].units for j in keep.intersection(run))
            if (len(run) > 1 or ends) and listed < MOST_LISTED * above:
                gone.update(run)
    return keep - gone


def _titles_below(blocks: Sequence[Block], i: int) -> range:
    """The block at `i` and the lines after it that may be titles."""
    stop = i + 1
    while stop < min(len(blocks), i + LONGEST_LIST):
        below = blocks[stop]
        if (
            is_prose(below)
            or below.units > TITLE_LIKE
            or (heading(below) and heading(below) <= heading(blocks[i]))
        ):
            break
        stop += 1
    return range(i, stop)
