"""What the judge looks at: a row of numbers for each block, from its line, its boxes and its neighbours."""

import math
from collections.abc import Iterable, Iterator, Mapping

from pipelines.blocks import Block, Box
from pipelines.lines import NAMES as LINE
from pipelines.lines import ends, look
from pipelines.places import NAMES as PLACES
from pipelines.places import Places
from pipelines.survey import LONG, Survey, innermost_article

FAR = 99  # what a distance is when there is nothing to measure from
LEVELS = (0, 1, 2, 3, 5)  # boxes around a block that are measured, inside out
AROUND = (-3, -2, -1, 1, 2, 3)  # neighbours that are measured
NEAR = (-1, 1)  # neighbours that are measured closely
BOLD = 0.9  # share of a line in bold from which it is a label
LABELLED = 2  # strength of a cue that is a label or the whole line
CUE = 60  # units: longer lines hold no cue
#: A label of up to so many units is a heading though it is not marked as one.
LABEL = 12

NAMES = (
    *LINE,
    "heading", *PLACES,
    "titleness", "is_title", "in_description", "times", "body",
    "since_list", "since_call", "since_comments", "like_links", "like_units", "said_before", "said_after",
    "article", "articles", "article_prose", "title_article", "headings_1",
    *(f"{name}_{level}" for level in LEVELS for name in ("units", "links", "prose", "blocks")),
    "core_up", "core_down", "in_core", "tight_up", "tight_down", "like", "like_prose", "core_prose", "tight_prose",
    "place", "blocks", "units_before", "prose_before", "from_title", "from_first", "to_last", "from_prose", "to_prose",
    "prose_page", "units_page", "central", "from_tight", "to_tight",
    "from_heading", "heading_level", "heading_units", "heading_links", "heading_title",
    "to_heading", "section_units", "section_prose", "section_links", "paragraphs", "paragraph_prose", "paragraphs_best",
    *(f"{name}{by:+d}" for by in AROUND for name in ("units", "links")),
    *(f"{name}{by:+d}" for by in NEAR for name in ("heading", "ends", "prose", "sibling", "like", "in_core")),
    "names_0", "names_1", "names_3", "names_all", "names_min", "names_max",
    "words_sum", "words_min", "words_max", "words_mean",
)  # fmt: skip


def rows(
    survey: Survey, names: Mapping[str, float], vocabulary: Mapping[str, float]
) -> Iterator[list[float]]:
    """A row of the numbers in `NAMES` for each block of a page; an empty row for what is not worth judging.

    Args:
        survey: of the page.
        names: what is known of words in tags, classes and ids.
        vocabulary: what is known of words in short lines.
    """
    places = Places(names)
    walk = _Walk(survey)
    for i, block in enumerate(survey.blocks):
        group, strength = block.cue if block.units < CUE else (None, 0)
        if hopeless(survey, i):
            yield []
        else:
            yield [
                *look(block, survey.facts.host, group, strength),
                survey.headings[i],
                *places.look(block),
                *walk.look(i, block),
                *_neighbours(survey, i),
                *places.names_of(block),
                *word_columns([vocabulary[w] for w in survey.words[i] if w in vocabulary]),
            ]
        walk.step(i, block, group if strength >= LABELLED and block.units < LONG else None)


def hopeless(survey: Survey, i: int) -> bool:
    """Lists of links away from the text: half of all blocks."""
    block = survey.blocks[i]
    return block.units < 25 and survey.link_shares[i] > 0.8 and not survey.in_core[i]  # noqa: PLR2004 -- measured


class _Walk:
    """What depends on the blocks before: kept up to date from block to block."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self.since = {"list": FAR, "call": FAR, "comments": FAR}
        self.units = self.prose = 0.0
        self.offset = 0
        self.last_prose: int | None = None
        self.heading: tuple[int, float, float, float, float] | None = None
        self.headings_1 = 0

    def look(self, i: int, block: Block) -> list[float]:
        """The columns that depend on the page and on what stands before."""
        return [
            *self._texts(i),
            *self.since.values(),
            *self._likes(i),
            *self._repetition(i, block),
            *self._articles(block),
            *_containers(self.survey, block),
            *self._place(i, block),
            *self._under(i),
            *self.survey.section(i),
            *self.survey.paragraphs(block.box),
        ]

    def step(self, i: int, block: Block, group: str | None) -> None:
        """Leave a block behind; `group` is that of the label it is, if it is one."""
        survey = self.survey
        level = survey.headings[i]
        if level or (
            block.units < LABEL and (block.text[-1] in ":：" or block.emphasis > BOLD * len(block.text))
        ):
            self.heading = (i, level, block.units, survey.link_shares[i], survey.title_likeness[i])
        for kind in self.since:
            self.since[kind] = 1 if group == kind else self.since[kind] + 1
        self.headings_1 += level == 1
        self.units += block.units
        if block.units >= LONG:
            self.offset += len(survey.bares[i]) + 1
        if block.prose:
            self.prose += block.units
            self.last_prose = i

    def _texts(self, i: int) -> list[float]:
        survey, facts, bare = self.survey, self.survey.facts, self.survey.bares[i]
        return [
            survey.title_likeness[i],
            bare in facts.bare_titles,
            len(bare) > 15 and bare[:150] in facts.description,  # noqa: PLR2004 -- a word is in any description
            survey.times[bare],
            (2 if len(bare) > 8 and bare[:200] in facts.body else 1) if facts.body else 0,  # noqa: PLR2004
        ]

    def _likes(self, i: int) -> tuple[float, float]:
        number, units, _, links = self.survey.of_signature[self.survey.signatures[i]]
        return links / (units + 1e-6), units / number

    def _repetition(self, i: int, block: Block) -> tuple[float, float]:
        if block.units < LONG:
            return 0.0, 0.0
        return self.survey.repetition(self.survey.bares[i], self.offset)

    def _articles(self, block: Block) -> list[float]:
        survey = self.survey
        article = innermost_article(block.box)
        own = None if survey.title is None else innermost_article(survey.blocks[survey.title].box)
        return [
            -2 if article is None else survey.articles.get(article, -1),
            len(survey.articles),
            -1 if article is None else article.prose / survey.prose,
            -1 if own is None else article is own,
            self.headings_1,
        ]

    def _place(self, i: int, block: Block) -> list[float]:
        survey = self.survey
        number, _, prose, _ = survey.of_signature[survey.signatures[i]]
        ahead = survey.next_prose[i + 1]
        core_up, core_down = _meeting(block.box, survey.core_chain)
        tight_up, tight_down = _meeting(block.box, survey.tight_chain)
        return [
            core_up, core_down, survey.in_core[i], tight_up, tight_down,
            number, prose / survey.prose, survey.core.prose / survey.prose, survey.tight.prose / survey.prose,
            i / len(survey.blocks), len(survey.blocks), self.units / survey.units, self.prose / survey.prose,
            999 if survey.title is None else i - survey.title, i - survey.first, survey.last - i,
            FAR if self.last_prose is None else i - self.last_prose,
            ahead - i if ahead < len(survey.blocks) else FAR,
            survey.prose, survey.units, survey.central,
            i - survey.tight_first, survey.tight_last - i,
        ]  # fmt: skip

    def _under(self, i: int) -> list[float]:
        if self.heading is None:
            return [FAR, 0, 0, 0, 0]
        at, *rest = self.heading
        return [i - at, *rest]


def _containers(survey: Survey, block: Block) -> list[float]:
    row: list[float] = []
    box, at = block.box, 0
    for level in LEVELS:
        while at < level and box.parent is not None:
            box, at = box.parent, at + 1
        row += [box.units, box.link_units / (box.units + 1e-6), box.prose / survey.prose, box.blocks]
    return row


def _meeting(box: Box, chain: Mapping[Box, int]) -> tuple[int, int]:
    """Steps up from a box, and down again, to the box that `chain` begins with."""
    up, around = 0, box
    while (down := chain.get(around)) is None:
        if around.parent is None:
            return 30, 30
        up, around = up + 1, around.parent
    return up, down


def _neighbours(survey: Survey, i: int) -> list[float]:
    row: list[float] = []
    blocks = survey.blocks
    for by in AROUND:
        j = i + by
        if 0 <= j < len(blocks):
            row += [blocks[j].units, survey.link_shares[j]]
        else:
            row += [-1, -1]
    box = blocks[i].box
    for by in NEAR:
        j = i + by
        if not 0 <= j < len(blocks):
            row += [-1] * 6
            continue
        near = blocks[j]
        row += [
            survey.headings[j],
            ends(near.text),
            near.prose,
            near.box is box or near.box.parent is box.parent,
            survey.signatures[i] == survey.signatures[j],
            survey.in_core[j],
        ]
    return row


def word_columns(odds: Iterable[float]) -> list[float]:
    """The columns ``words_sum`` to ``words_mean``, from what the words of a line speak for."""
    found = list(odds)
    if not found:
        return [0.0] * 4
    total = math.fsum(found)
    return [total / math.sqrt(len(found)), min(found), max(found), total / len(found)]
