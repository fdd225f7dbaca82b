"""Rivers of other stories: cards side by side, each with a linked headline and what its story is about."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import accumulate

from pipelines.blocks import Block, Box
from pipelines.lines import inner, link_share
from pipelines.render import heading
from pipelines.rules.case import TITLE_LIKE, Case

FEWEST_CARDS = 4  # fewer may be the parts of a text
LARGEST_CARD = 200  # units, on average: more is a text of its own
TEXT_ABOVE = 100  # units: below less they may be what the page is about
HEADLINE = 4  # units of a linked line; a shorter one is a name or a section, unless it is a heading
LINKED = 0.45  # of a headline, which may have its date in the same line


@dataclass(frozen=True, slots=True)
class _River:
    around: Box
    cards: Collection[Box]
    headlines: Collection[int]
    first: int  # index of the first block in a card


def rivers(case: Case, keep: set[int]) -> set[int]:
    """Cards below the text that a line such as 関連記事 announces; or those in a box of their own none of whose headlines stays."""
    left, order, at = set(keep), sorted(keep), 0
    above = accumulate(case.blocks[i].units for i in order)
    start = next((i for i, units in zip(order, above, strict=True) if units >= TEXT_ABOVE), None)
    if start is None:
        return keep
    last = start  # block above the river that stays
    for river in sorted(_rivers(case, start), key=lambda river: river.first):
        while at < len(order) and order[at] < river.first:
            last = order[at] if order[at] in left else last
            at += 1
        announced = case.blocks[river.first - 1].cue == ("list", 3)
        apart = not river.around.holds(last) and left.isdisjoint(river.headlines)
        if (announced or apart) and river.first > start:
            left.difference_update(*(range(card.first, card.first + card.blocks) for card in river.cards))
    return left


def _rivers(case: Case, start: int) -> Iterator[_River]:
    """Boxes side by side that hold one headline each, and more, below the block at `start`."""
    blocks, host = case.blocks, case.facts.host
    headlines = {i: href for i in range(start + 1, len(blocks)) if (href := _leads_to(blocks[i], host))}
    #: Of a box the address that all of its headlines lead to; empty if there are several.
    leads: dict[Box, str] = {}
    for i, href in headlines.items():
        for box in blocks[i].box.chain():
            if (other := leads.get(box, href)) == "":
                break  # so it is of all boxes around
            leads[box] = href if other == href else ""
    rows: dict[tuple[Box, str], dict[Box, int]] = {}
    for i in headlines:
        card = blocks[i].box
        while card.parent is not None and leads[card.parent]:
            card = card.parent
        if card.parent is not None and leads[card] and card.blocks > 1:
            rows.setdefault((card.parent, card.tag), {}).setdefault(card, i)
    for (around, _), cards in rows.items():
        units = sum(card.units for card in cards)
        if len(cards) >= FEWEST_CARDS and units <= LARGEST_CARD * len(cards):
            yield _River(around, cards, cards.values(), min(card.first for card in cards))


def _leads_to(block: Block, host: str) -> str | None:
    """The address of another page of the site, if the line is a headline that is linked to it."""
    if (
        not block.links
        or block.units > TITLE_LIKE
        or link_share(block) < LINKED
        or (block.units < HEADLINE and not heading(block))
    ):
        return None
    hrefs = {piece.href for piece in block.pieces if piece.href}
    href = hrefs.pop() if len(hrefs) == 1 else ""
    return href if href and href[0] != "#" and inner(href, host) else None
