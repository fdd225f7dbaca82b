"""From probabilities to the blocks that stay: a threshold, then rules for what no threshold can see.

Each rule looks at the blocks that stay and names those that must go (or come back); none looks at a host.
"""

from collections.abc import Sequence

from pipelines.blocks import Block, Box
from pipelines.cues import bare, cue
from pipelines.features import PageFacts
from pipelines.render import data_table, heading

#: A block stays from here on ...
LIKELY = 0.5
#: ... or, where hardly anything would stay, from this share of the page's best block.
RESCUE = 0.7
TOO_LITTLE = 25  # units
TITLE_LIKE = 40  # units: no headline is longer
REPEATED = 30  # units from which a block is looked for in the others


def cut(blocks: Sequence[Block], probabilities: Sequence[float], facts: PageFacts) -> list[Block]:
    """The blocks of the article."""
    keep = likely(blocks, probabilities)
    keep = whole_tables(blocks, probabilities, keep)
    keep -= repeated(blocks, keep)
    keep -= announced_lists(blocks, keep)
    keep -= leading_titles(blocks, keep, facts.bare_titles)
    keep -= trailing_headings(blocks, keep)
    return [blocks[i] for i in sorted(keep)]


def likely(blocks: Sequence[Block], probabilities: Sequence[float]) -> set[int]:
    """What the judge wants to stay; the best there is, where that is next to nothing."""
    keep = {i for i, p in enumerate(probabilities) if p >= LIKELY}
    if sum(blocks[i].units for i in keep) < TOO_LITTLE:
        best = max(probabilities)
        keep = {i for i, p in enumerate(probabilities) if p >= min(LIKELY, best * RESCUE)}
    return keep


def whole_tables(blocks: Sequence[Block], probabilities: Sequence[float], keep: set[int]) -> set[int]:
    """A table of data stays or goes as a whole."""
    cells: dict[Box, list[int]] = {}
    for i, block in enumerate(blocks):
        if (table := data_table(block)) is not None:
            cells.setdefault(table, []).append(i)
    for indices in cells.values():
        weight = sum(blocks[i].units for i in indices)
        mean = sum(probabilities[i] * blocks[i].units for i in indices) / weight
        keep = keep | set(indices) if mean >= LIKELY else keep - set(indices)
    return keep


def repeated(blocks: Sequence[Block], keep: set[int]) -> set[int]:
    """Long blocks that say again what other blocks say: print versions, copies for machines."""
    texts = {i: bare(blocks[i].text) for i in keep if blocks[i].units >= REPEATED}
    gone: set[int] = set()
    for i, text in sorted(texts.items(), key=lambda item: (-len(item[1]), -item[0])):
        others = "\n".join(other for j, other in texts.items() if j != i and j not in gone)
        spots = [text[k : k + 24] for k in range(0, max(1, len(text) - 24), max(24, len(text) // 12))]
        if sum(spot in others for spot in spots) >= 0.8 * len(spots):
            gone.add(i)
    return gone


def announced_lists(blocks: Sequence[Block], keep: set[int]) -> set[int]:
    """A heading such as 関連記事 and the titles under it, linked or not; a section of sentences stays."""
    gone: set[int] = set()
    for i in sorted(keep):
        block = blocks[i]
        group, strength = cue(block.text, bare(block.text))
        if i in gone or group != "list" or strength < 3 or block.units > TITLE_LIKE:
            continue
        run = [i]
        for j in sorted(k for k in keep if k > i):
            below = blocks[j]
            if (
                below.prose
                and below.link_units < below.units / 2
                or heading(below)
                or below.units > TITLE_LIKE
            ):
                break
            run.append(j)
        after = [j for j in keep if j > run[-1]]
        if len(run) > 1 or not after or not blocks[min(after)].prose:
            gone.update(run)
    return gone


def leading_titles(blocks: Sequence[Block], keep: set[int], titles: set[str]) -> set[int]:
    """The headline repeated above the text: it has a field of its own."""
    gone: set[int] = set()
    for i in sorted(keep):
        if bare(blocks[i].text) not in titles or blocks[i].units > TITLE_LIKE:
            break
        gone.add(i)
    return gone


def trailing_headings(blocks: Sequence[Block], keep: set[int]) -> set[int]:
    """Headings that nothing follows."""
    gone: set[int] = set()
    for i in sorted(keep, reverse=True):
        if not heading(blocks[i]):
            break
        gone.add(i)
    return gone
