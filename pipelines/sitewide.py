"""What a site repeats: a block that stands in several of its articles belongs to none of them.

Every kept block leaves a fingerprint, by which the store counts in how many stories of a host it stood. Nothing here
counts or remembers: these are the decisions, and each depends on the set of pages alone, not on their order.
"""

import hashlib
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from pipelines.blocks import Block, Box
from pipelines.cues import bare
from pipelines.render import data_table, heading
from pressclip.models import Fingerprints

#: Letters of the shortest block that is counted: about two words.
SHORTEST = 6
#: Characters, or units where a character is a word, of a line that no two articles share by chance; labels are shorter.
LONG = 40
LONG_WIDE = 16
#: Share of an article that may go: where it is more, these are versions of one story.
MOST = 0.5


def fingerprint(host: str, text: str) -> int:
    """A block's identity on its host: 64 bits, signed as SQLite has them; case, width and punctuation do not matter.

    All blocks of a host begin with the same 16 bits, so that they stand together in the store.

    >>> fingerprint("a.example", "免責事項：投資は自己責任で") == fingerprint(
    ...     "a.example", "【免責事項】投資は自己責任で。"
    ... )
    True
    """
    place = hashlib.blake2b(host.encode(), digest_size=2).digest()
    digest = hashlib.blake2b(f"{host}\n{bare(text)}".encode(), digest_size=6).digest()
    return int.from_bytes(place + digest, signed=True)


def fingerprints(host: str, blocks: Sequence[Block]) -> Fingerprints:
    """Those of the blocks that are long enough to count, each once; the longest block's first.

    The longest block names the story: pages with the same one are one article under several addresses, or
    versions of it, and count once.
    """
    counted = [block for block in blocks if len(block.bare) >= SHORTEST]
    counted.sort(key=lambda block: -block.units)
    return Fingerprints(host, tuple(dict.fromkeys(fingerprint(host, block.text) for block in counted)))


def without(blocks: Sequence[Block], host: str, common: AbstractSet[int]) -> list[Block]:
    """The blocks that are the article's own; `common` are the fingerprints of what the site repeats.

    A long line goes wherever it stands. A short one goes only with all that stands before or after it, or as the
    heading of what goes: real sections share their headings. Lists and tables go whole or not at all.
    """
    if not common:
        return list(blocks)
    marked = {i for i, block in enumerate(blocks) if fingerprint(host, block.text) in common}
    marked -= _of_broken_groups(blocks, marked)
    gone = {i for i in marked if _long(blocks[i]) and not heading(blocks[i])}
    gone |= _opening(blocks, marked) | _run(reversed(range(len(blocks))), marked)
    gone |= _empty_headings(blocks, marked, gone)
    if sum(blocks[i].units for i in gone) > MOST * sum(block.units for block in blocks):
        return list(blocks)
    return [block for i, block in enumerate(blocks) if i not in gone]


def _long(block: Block) -> bool:
    return len(block.text) >= LONG or block.units >= LONG_WIDE


def _run(order: Iterable[int], marked: AbstractSet[int]) -> set[int]:
    """The marked blocks up to the first that is not."""
    run: set[int] = set()
    for i in order:
        if i not in marked:
            break
        run.add(i)
    return run


def _opening(blocks: Sequence[Block], marked: AbstractSet[int]) -> set[int]:
    """The marked blocks at the head, but for the heading of what follows them."""
    run = sorted(_run(range(len(blocks)), marked))
    while run and heading(blocks[run[-1]]):
        run.pop()
    return set(run)


def _empty_headings(blocks: Sequence[Block], marked: AbstractSet[int], gone: AbstractSet[int]) -> set[int]:
    """The marked headings under which nothing stays."""
    empty: set[int] = set()
    below_stays = False
    below_goes = False
    for i in reversed(range(len(blocks))):
        if heading(blocks[i]) and i in marked and below_goes and not below_stays:
            empty.add(i)
        below_stays, below_goes = (
            (False, False) if heading(blocks[i]) else (below_stays or i not in gone, below_goes or i in gone)
        )
    return empty


def _of_broken_groups(blocks: Sequence[Block], marked: AbstractSet[int]) -> set[int]:
    """The marked blocks of lists and tables in which something else is not."""
    groups: dict[Box, set[int]] = {}
    for i, block in enumerate(blocks):
        if (group := data_table(block) or _list(block)) is not None:
            groups.setdefault(group, set()).add(i)
    return set().union(*(group for group in groups.values() if not group <= marked))


def _list(block: Block) -> Box | None:
    item = next((box for box in block.box.chain() if box.tag == "li"), None)
    return item.parent if item is not None else None
