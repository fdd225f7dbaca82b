"""What one must know of the whole page before one can judge a block of it."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

from pipelines.blocks import Block, Box
from pipelines.facts import Facts
from pipelines.lines import link_share, words
from pipelines.render import heading, nearest

#: Shape of a block's place: its box and the one around it, by tag and names.
Signature = tuple[str, str, str, str]

#: A box is the core of the page while one child of it holds this share of its prose ...
CORE = 0.6
#: ... and the tight core while one holds this share of all prose.
TIGHT = 0.35
LEAF = frozenset({"p", "li"})
LONG = 15  # units from which a repeated text is no accident
PROBE = 24  # letters by which it is found again
SEARCHED = 300_000  # letters: longer texts are not searched for what they repeat


class Survey:
    """The page's totals, its core, its repeated shapes and texts."""

    def __init__(self, blocks: Sequence[Block], facts: Facts) -> None:
        self.blocks = blocks
        self.facts = facts
        self.bares = [block.bare for block in blocks]
        self.headings = [heading(block) for block in blocks]
        self.link_shares = [link_share(block) for block in blocks]
        self.units = sum(block.units for block in blocks) or 1.0
        self.prose = sum(block.units for block in blocks if block.prose) or 1.0
        children = _children(blocks)
        root = next(box for box in blocks[0].box.chain() if box.parent is None)
        self.core = _descend(root, children, lambda box: CORE * box.prose)
        self.tight = _descend(self.core, children, lambda _: TIGHT * self.prose)
        self.core_chain = {box: steps for steps, box in enumerate(self.core.chain())}
        self.tight_chain = {box: steps for steps, box in enumerate(self.tight.chain())}
        self.in_core = [self.core.holds(i) for i in range(len(blocks))]
        prose = [i for i, block in enumerate(blocks) if block.prose]
        central = [i for i in prose if self.in_core[i]] or prose or [0, len(blocks) - 1]
        self.first, self.last, self.central = central[0], central[-1], len(central)
        self.next_prose = _next(prose, len(blocks))
        self.signatures = [_signature(block.box) for block in blocks]
        self.times = Counter(self.bares)
        self.of_signature = _by_signature(self)
        self.words = [short_words(block) for block in blocks]
        self.title_likeness = [self._likeness(i) for i in range(len(blocks))]
        self.title = self._title()
        self.articles: dict[Box, int] = {}
        for block in blocks:
            box = innermost_article(block.box)
            if box is not None and box.prose:
                self.articles.setdefault(box, len(self.articles))
        self.tight_first, self.tight_last = self.tight.first, self.tight.first + self.tight.blocks - 1
        self._sections = _sections(blocks, self.headings)
        self._paragraphs, self._most = _paragraphs(blocks)
        self._long = "\n".join(b for b, block in zip(self.bares, blocks, strict=True) if block.units >= LONG)

    def _likeness(self, i: int) -> float:
        """How much of the page's titles is in a line, 0 to 1."""
        told = self.words[i] if self.blocks[i].units < 60 else frozenset()  # noqa: PLR2004 -- no title is longer
        best = 0.0
        for title in self.facts.titles if told else ():
            shared = len(told & title)
            if shared:
                best = max(best, shared / min(len(told | title), 2 * len(told)))
        return best

    def _title(self) -> int | None:
        """Index of the block that is the headline."""
        best, found = 0.0, None
        for i, likeness in enumerate(self.title_likeness):
            score = likeness + {1: 0.3, 2: 0.1}.get(self.headings[i], 0.0)
            if likeness > 0.4 and score > best + 0.01:  # noqa: PLR2004 -- half of the words, about
                best, found = score, i
        return found

    def section(self, i: int) -> tuple[float, float, float, float]:
        """Of the lines from one heading to the next: how many are left, their units, shares of prose and links."""
        return (self._sections[i][0] - i, *self._sections[i][1:])

    def paragraphs(self, box: Box) -> tuple[float, float, float]:
        """Of the paragraphs that stand beside a block: their number, units, and units beside the page's greatest."""
        number, units = self._paragraphs.get(box.parent if box.tag == "p" and box.parent else box, (0, 0.0))
        return number, units, units / self._most

    def repetition(self, text: str, offset: int) -> tuple[float, float]:
        """Share of a long text that the page's long texts said before, and will say again."""
        before = after = 0
        if len(self._long) > SEARCHED:
            return 0.0, 0.0
        spots = (0, len(text) // 2, max(0, len(text) - PROBE))
        for at in spots:
            probe = text[at : at + PROBE]
            if self._long.find(probe) < offset + at:
                before += 1
            elif self._long.find(probe, offset + at + 1) >= 0:
                after += 1
        return before / len(spots), after / len(spots)


def short_words(block: Block) -> frozenset[str]:
    """Words of a line, where it is short enough for them to tell what it is."""
    told = frozenset(words(block.text)) if len(block.text) < 240 else frozenset()  # noqa: PLR2004 -- longer lines are prose
    return told if len(told) <= 60 else frozenset()  # noqa: PLR2004


def innermost_article(box: Box) -> Box | None:
    """The nearest `<article>` around a box."""
    return nearest(box, ("article",))


def _children(blocks: Sequence[Block]) -> dict[Box, list[Box]]:
    children: dict[Box, list[Box]] = {}
    seen: set[Box] = set()
    for block in blocks:
        box = block.box
        while box.parent is not None and box not in seen:
            seen.add(box)
            children.setdefault(box.parent, []).append(box)
            box = box.parent
    return children


def _descend(box: Box, children: dict[Box, list[Box]], enough: Callable[[Box], float]) -> Box:
    """Down to the child with the most prose, while it has enough of it."""
    while True:
        best = max(children.get(box, ()), key=lambda child: child.prose, default=None)
        if best is None or not best.prose or best.prose < enough(box) or best.tag in LEAF:
            return box
        box = best


def _next(indices: Sequence[int], size: int) -> list[int]:
    """For each index from 0 to `size`, the first of `indices` that is not before it, else `size`."""
    out = [size] * (size + 1)
    marks = set(indices)
    for i in range(size - 1, -1, -1):
        out[i] = i if i in marks else out[i + 1]
    return out


def _signature(box: Box) -> Signature:
    parent = box.parent
    return (box.tag, box.names, parent.tag if parent else "", parent.names if parent else "")


Section = tuple[int, float, float, float]


def _sections(blocks: Sequence[Block], headings: Sequence[int]) -> list[Section]:
    out: list[Section] = []
    starts = [0, *(i for i, level in enumerate(headings) if level and i), len(blocks)]
    for start, stop in pairwise(starts):
        part = blocks[start:stop]
        units = sum(block.units for block in part)
        prose = sum(block.units for block in part if block.prose) / units
        links = sum(block.link_units for block in part) / units
        out += [(stop, units, prose, links)] * (stop - start)
    return out


def _paragraphs(blocks: Sequence[Block]) -> tuple[dict[Box, tuple[int, float]], float]:
    """Of each box that holds paragraphs their number and units, and the most units of all."""
    found: dict[Box, tuple[int, float]] = {}
    for block in blocks:
        box = block.box
        if box.tag == "p" and box.parent is not None:
            number, units = found.get(box.parent, (0, 0.0))
            found[box.parent] = (number + 1, units + block.units)
    return found, max((units for _, units in found.values()), default=1.0)


def _by_signature(survey: Survey) -> dict[Signature, list[float]]:
    """Of all blocks of one shape: their number, units, prose, linked units."""
    out: dict[Signature, list[float]] = {}
    for block, signature in zip(survey.blocks, survey.signatures, strict=True):
        sums = out.setdefault(signature, [0.0] * 4)
        sums[0] += 1
        sums[1] += block.units
        sums[2] += block.units * block.prose
        sums[3] += block.link_units
    return out
