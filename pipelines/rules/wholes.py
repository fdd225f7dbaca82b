"""What comes back for the sake of what it stands in: a run of lines, a table, a list, a text with notes."""

import re
from typing import TYPE_CHECKING

from pipelines.lines import link_share
from pipelines.places import PURPOSES
from pipelines.render import data_table, heading, nearest
from pipelines.rules.case import LIKELY, TOO_LITTLE, Case, around
from pipelines.rules.runs import likely_run

if TYPE_CHECKING:
    from pipelines.blocks import Box

ANY = 0.05  # a page without a likelier block has no article, and its kind is told from all of it
RESCUE = 0.7  # of the page's best block: from here on a block stays where hardly anything would
LIKELY_IN_RUN = 0.12  # a line among others that stay, if they outweigh its doubt
LIKELY_TABLE = 0.15  # a table between lines that stay is rarely furniture
MOST_OF_A_LIST = 0.5  # of its units
NOTE = 5  # units from which a footnote is more than its sign
#: Names of notes and embedded posts, and those that stand for nothing else: these may stand in boxes of their own.
_NOTES = re.compile(r"\bfn[:_-]?\w*\d|\btweet\b|bluesky-embed")
_SURE_NOTES = re.compile(r"footnote|endnote|twitter-tweet")
FAR, NEAR = 8, 5  # boxes around a note up to one of the text
_CAPTION = re.compile(PURPOSES["caption"])


def rescued(case: Case, keep: set[int]) -> set[int]:
    """Where next to nothing would stay: the best that there is; all, where nothing is any better than the rest."""
    if sum(case.blocks[i].units for i in keep) >= TOO_LITTLE:
        return keep
    best = max(case.probabilities)
    if best < ANY:
        return {i for i, p in enumerate(case.probabilities) if p > 0}
    return {i for i, p in enumerate(case.probabilities) if p >= min(LIKELY, best * RESCUE)}


def runs(case: Case, keep: set[int]) -> set[int]:
    """A line in doubt among lines that stay, but no caption, cue or link: a text seldom stops and goes on."""
    blocks = case.blocks
    return keep | {
        i
        for i in likely_run(blocks, case.probabilities) - keep
        if case.probabilities[i] >= LIKELY_IN_RUN
        and blocks[i].cue[0] in {None, "list"}  # lists that are announced have a rule of their own
        and (link_share(blocks[i]) < 0.5 or _heads(case, keep, i))  # noqa: PLR2004 -- half
        and not any(_CAPTION.search(box.names.lower()) for box in around(blocks[i].box, 1))
    }


def _heads(case: Case, keep: set[int], i: int) -> bool:
    """Whether a block is the heading of what stays: links to itself, or to what its section is about, are text."""
    blocks = case.blocks
    level = heading(blocks[i])
    if not level or i + 1 == len(blocks):
        return False
    below = heading(blocks[i + 1])
    beside = any(box.holds(i + 1) for box in around(blocks[i].box, 2))  # else it is a card of its own
    return beside and (below > level if below else i + 1 in keep)


def whole_tables(case: Case, keep: set[int]) -> set[int]:
    """A table of data stays or goes as a whole."""
    blocks = case.blocks
    cells: dict[Box, list[int]] = {}
    for i, block in enumerate(blocks):
        if (table := data_table(block)) is not None:
            cells.setdefault(table, []).append(i)
    for indices in cells.values():
        weight = sum(blocks[i].units for i in indices)
        mean = sum(case.probabilities[i] * blocks[i].units for i in indices) / weight
        inside = bool(keep) and min(keep) < indices[0] and max(keep) > indices[-1]
        keep = keep | set(indices) if mean >= (LIKELY_TABLE if inside else LIKELY) else keep - set(indices)
    return keep


def whole_lists(case: Case, keep: set[int]) -> set[int]:
    """A list of which most stays, stays as a whole: ten habits are not six."""
    blocks = case.blocks
    items: dict[Box, list[int]] = {}
    for i, block in enumerate(blocks):
        if (
            (at := nearest(block.box, ("li", "td", "article"))) is not None
            and at.tag == "li"
            and at.parent is not None
        ):
            items.setdefault(at.parent, []).append(i)
    for indices in items.values():
        weight = sum(blocks[i].units for i in indices)
        stays = sum(blocks[i].units for i in indices if i in keep)
        if MOST_OF_A_LIST * weight <= stays < weight and all(link_share(blocks[i]) < 0.5 for i in indices):  # noqa: PLR2004 -- half
            keep = keep | set(indices)
    return keep


def notes(case: Case, keep: set[int]) -> set[int]:
    """Footnotes and embedded posts belong to the text in which they stand."""
    blocks = case.blocks
    if not keep:
        return keep
    homes = {box for i in keep for box in around(blocks[i].box, 3)}
    return keep | {
        i
        for i, block in enumerate(blocks)
        if i not in keep and i > min(keep) and block.units >= NOTE and _is_note(block.box, homes)
    }


def _is_note(box: "Box", homes: set["Box"]) -> bool:
    """Whether a box is a note's, and stands in or near one of `homes`."""
    boxes = around(box, FAR)
    if homes.isdisjoint(boxes):
        return False
    names = " ".join(one.names for one in boxes[:4])
    near = not homes.isdisjoint(boxes[: NEAR + 1])
    return _SURE_NOTES.search(names) is not None or (near and _NOTES.search(names) is not None)
