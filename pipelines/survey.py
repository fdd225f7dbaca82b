"""What one must know of the whole page before one can judge a block of it."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from pipelines.blocks import Block, Box
from pipelines.cues import bare
from pipelines.facts import Facts
from pipelines.lines import words
from pipelines.render import heading

#: Shape of a block's place: its box and the one around it, by tag and names.
Signature = tuple[str, str, str, str]

#: A box is the core of the page while one child of it holds this share of its prose ...
CORE = 0.6
#: ... and the tight core while one holds this share of all prose.
TIGHT = 0.35
LEAF = frozenset({"p", "li"})
LONG = 15  # units from which a repeated text is no accident
PROBE = 24  # letters by which it is found again


class Survey:
    """The page's totals, its core, its repeated shapes and texts."""

    def __init__(self, blocks: Sequence[Block], facts: Facts) -> None:
        self.blocks = blocks
        self.facts = facts
        self.bares = [bare(block.text) for block in blocks]
        self.headings = [heading(block) for block in blocks]
        self.units = sum(block.units for block in blocks) or 1.0
        self.prose = sum(block.units for block in blocks if block.prose) or 1.0
        children = _children(blocks)
        root = next(box for box in blocks[0].box.chain() if box.parent is None)
        self.core = _descend(root, children, lambda box: CORE * box.prose)
        self.tight = _descend(self.core, children, lambda _: TIGHT * self.prose)
        self.core_chain = {box: steps for steps, box in enumerate(self.core.chain())}
        self.tight_chain = {box: steps for steps, box in enumerate(self.tight.chain())}
        self.in_core = [any(box is self.core for box in block.box.chain()) for block in blocks]
        prose = [i for i, block in enumerate(blocks) if block.prose]
        central = [i for i in prose if self.in_core[i]] or prose or [0, len(blocks) - 1]
        self.first, self.last, self.central = central[0], central[-1], len(central)
        self.next_prose = _next(prose, len(blocks))
        self.signatures = [_signature(block.box) for block in blocks]
        self.times = Counter(self.bares)
        self.said = [bool(facts.voice) and facts.says(line) for line in self.bares]
        self.said_in = _totals(block for block, said in zip(blocks, self.said, strict=True) if said)
        self.of_signature = _by_signature(self)
        self.title_likeness = [self._likeness(block) for block in blocks]
        self.title = self._title()
        self.articles: dict[Box, int] = {}
        for block in blocks:
            box = innermost_article(block.box)
            if box is not None and box.prose:
                self.articles.setdefault(box, len(self.articles))
        self._long = "\n".join(b for b, block in zip(self.bares, blocks, strict=True) if block.units >= LONG)

    def _likeness(self, block: Block) -> float:
        """How much of the page's titles is in a line, 0 to 1."""
        told = set(words(block.text)) if block.units < 60 else set()  # noqa: PLR2004 -- no title is longer
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

    def repetition(self, text: str, offset: int) -> tuple[float, float]:
        """Share of a long text that the page's long texts said before, and will say again."""
        before = after = 0
        spots = (0, len(text) // 2, max(0, len(text) - PROBE))
        for at in spots:
            probe = text[at : at + PROBE]
            if self._long.find(probe) < offset + at:
                before += 1
            elif self._long.find(probe, offset + at + 1) >= 0:
                after += 1
        return before / len(spots), after / len(spots)


def innermost_article(box: Box) -> Box | None:
    """The nearest `<article>` around a box."""
    return next((b for b in box.chain() if b.tag == "article"), None)


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


def _totals(blocks: Iterable[Block]) -> dict[Box, float]:
    totals: dict[Box, float] = {}
    for block in blocks:
        for box in block.box.chain():
            totals[box] = totals.get(box, 0.0) + block.units
    return totals


def _by_signature(survey: Survey) -> dict[Signature, list[float]]:
    """Of all blocks of one shape: their number, units, prose, linked units, units that the other voice kept."""
    out: dict[Signature, list[float]] = {}
    for block, signature, said in zip(survey.blocks, survey.signatures, survey.said, strict=True):
        sums = out.setdefault(signature, [0.0] * 5)
        sums[0] += 1
        sums[1] += block.units
        sums[2] += block.units * block.prose
        sums[3] += block.link_units
        sums[4] += block.units * said
    return out
