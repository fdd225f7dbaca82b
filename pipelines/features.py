"""What the judge looks at: a row of numbers for each block, from its line, its boxes and its neighbours."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence

from pipelines.blocks import Block, Box
from pipelines.cues import cue
from pipelines.lines import NAMES as LINE
from pipelines.lines import ends, link_share, look, words
from pipelines.survey import LONG, Survey, innermost_article

#: Of the words in one box's names: sum, least and greatest of what they speak for.
Level = tuple[float, float, float]

FAR = 99  # what a distance is when there is nothing to measure from
LEVELS = (0, 1, 2, 3, 5)  # boxes around a block that are measured, inside out
VOICED = (0, 1, 2, 3)  # of these, also how much of them the other voice kept
AROUND = (-3, -2, -1, 1, 2, 3)  # neighbours that are measured
NEAR = (-1, 1)  # neighbours that are measured closely
OUTERMOST = 8  # boxes whose names count
CAPTION = 2  # blocks that share a box with a picture: caption and credit
BOLD = 0.9  # share of a line in bold from which it is a label
LABELLED = 2  # strength of a cue that is a label or the whole line
CUE = 60  # units: longer lines hold no cue
#: A label of up to so many units is a heading though it is not marked as one.
LABEL = 12

NAMES = (
    *LINE,
    "heading", "hidden", "depth", "furniture", "furniture_up", "content_up", "pictured",
    "titleness", "is_title", "in_description", "times", "body", "voice",
    "since_list", "since_call", "since_comments", "like_voice", "like_links", "like_units", "said_before", "said_after",
    "article", "articles", "article_prose", "title_article", "headings_1",
    *(f"{name}_{level}" for level in LEVELS for name in ("units", "links", "prose", "blocks")),
    *(f"voice_{level}" for level in VOICED), "voice_page",
    "core_up", "core_down", "in_core", "tight_up", "tight_down", "like", "like_prose", "core_prose", "tight_prose",
    "place", "blocks", "units_before", "prose_before", "from_title", "from_first", "to_last", "from_prose", "to_prose",
    "prose_page", "units_page", "central",
    "from_heading", "heading_level", "heading_units", "heading_links", "heading_title",
    *(f"{name}{by:+d}" for by in AROUND for name in ("units", "links", "voice")),
    *(f"{name}{by:+d}" for by in NEAR for name in ("heading", "ends", "prose", "sibling", "like", "in_core")),
    "names_0", "names_1", "names_3", "names_all", "names_min", "names_max",
    "words_sum", "words_min", "words_max", "words_mean",
)  # fmt: skip

_FURNITURE = re.compile(
    r"comment|relat|recommend|share|social|promo|sidebar|side|widget|newsletter|subscri|author|byline|caption|credit|tag"
    r"|meta|breadcrumb|\bads?\b|advert|banner|cookie|consent|nav|foot|menu|popular|rank|trend|teaser|paywall|login|sign"
    r"|more|next|prev|toc|outbrain|taboola|copyright|disclaim|bio|profile|print|rating|vote|toolbar|date|time|category"
)
_CONTENT = re.compile(r"article|content|body|entry|post|text|story|main|detail|news")
_NAME = re.compile(r"[a-z]{2,}")
_CAMEL = re.compile(r"([a-z])([A-Z])")


def rows(survey: Survey, names: Mapping[str, float], vocabulary: Mapping[str, float]) -> list[list[float]]:
    """A row of the numbers in `NAMES` for each block of a page; an empty row for what is not worth judging.

    Args:
        survey: of the page.
        names: what is known of words in tags, classes and ids.
        vocabulary: what is known of words in short lines.
    """
    boxes = _Boxes(survey, names)
    walk = _Walk(survey)
    out: list[list[float]] = []
    for i, block in enumerate(survey.blocks):
        group, strength = cue(block.text, survey.bares[i]) if block.units < CUE else (None, 0)
        if hopeless(survey, i):
            out.append([])
        else:
            out.append(
                [
                    *look(block, survey.facts.host, group, strength),
                    *boxes.look(block, survey.headings[i]),
                    *walk.look(i, block),
                    *_neighbours(survey, i),
                    *boxes.names_of(block),
                    *word_columns(vocabulary[w] for w in short_words(block) if w in vocabulary),
                ]
            )
        walk.step(i, block, group if strength >= LABELLED and block.units < LONG else None)
    return out


def hopeless(survey: Survey, i: int) -> bool:
    """Lists of links away from the text that no voice speaks for: half of all blocks."""
    block = survey.blocks[i]
    return block.units < 25 and link_share(block) > 0.8 and not survey.in_core[i] and not survey.said[i]  # noqa: PLR2004 -- measured


class _Boxes:
    """What is known of boxes, worked out once for each."""

    def __init__(self, survey: Survey, names: Mapping[str, float]) -> None:
        self.survey = survey
        self.known = names
        self.cache: dict[Box, tuple[int, int, int]] = {}
        self.names: dict[Box, Level] = {}
        self.pictures: dict[Box, bool] = {}

    def look(self, block: Block, level: int) -> list[float]:
        box = block.box
        return [level, box.hidden, box.depth, *self._furniture(box), self._pictured(box)]

    def _furniture(self, box: Box) -> tuple[int, int, int]:
        """Furniture words in the names around a box, and how far up the nearest is, and the nearest content word."""
        if (found := self.cache.get(box)) is not None:
            return found
        above, up, content_up = self._furniture(box.parent) if box.parent else (0, 20, 20)
        names = box.names.lower()
        here = len(set(_FURNITURE.findall(names))) if names else 0
        content = names and _CONTENT.search(names)
        found = (above + here, 0 if here else up + 1, 0 if content else content_up + 1)
        self.cache[box] = found
        return found

    def _pictured(self, box: Box) -> bool:
        """Whether the block shares a small box with a picture, as a caption does."""
        small = box
        while small.parent is not None and small.parent.blocks <= CAPTION:
            small = small.parent
        if (found := self.pictures.get(small)) is None:
            picture = next(small.element.iter("img", "picture", "video"), None)
            found = small.blocks <= CAPTION and picture is not None
            self.pictures[small] = found
        return found

    def names_of(self, block: Block) -> list[float]:
        """What the names of the boxes around a block speak for."""
        levels: list[Level] = []
        for box in block.box.chain():
            if len(levels) == OUTERMOST:
                break
            level = self.names.get(box)
            if level is None:
                level = self.names[box] = level_of(self.known[w] for w in name_words(box) if w in self.known)
            levels.append(level)
        return name_columns(levels)


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
            *self._likes(i, block),
            *self._repetition(i, block),
            *self._articles(block),
            *_containers(self.survey, block),
            *self._place(i, block),
            *self._under(i),
        ]

    def step(self, i: int, block: Block, group: str | None) -> None:
        """Leave a block behind; `group` is that of the label it is, if it is one."""
        survey = self.survey
        level = survey.headings[i]
        if level or (
            block.units < LABEL and (block.text[-1] in ":：" or block.emphasis > BOLD * len(block.text))
        ):
            self.heading = (i, level, block.units, link_share(block), survey.title_likeness[i])
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
            (2 if survey.said[i] else 1) if facts.voice else 0,
        ]

    def _likes(self, i: int, block: Block) -> list[float]:
        number, units, _, links, said = self.survey.of_signature[self.survey.signatures[i]]
        others = units - block.units
        return [
            (said - block.units * self.survey.said[i]) / others if others > 0.5 else -1,  # noqa: PLR2004 -- a word
            links / (units + 1e-6),
            units / number,
        ]

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
        number, _, prose, *_ = survey.of_signature[survey.signatures[i]]
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
        ]  # fmt: skip

    def _under(self, i: int) -> list[float]:
        if self.heading is None:
            return [FAR, 0, 0, 0, 0]
        at, *rest = self.heading
        return [i - at, *rest]


def _containers(survey: Survey, block: Block) -> list[float]:
    chain = list(block.box.chain())
    row: list[float] = []
    for level in LEVELS:
        box = chain[min(level, len(chain) - 1)]
        row += [box.units, box.link_units / (box.units + 1e-6), box.prose / survey.prose, box.blocks]
    for level in VOICED:
        box = chain[min(level, len(chain) - 1)]
        row.append(survey.said_in.get(box, 0.0) / (box.units + 1e-6))
    row.append(survey.said_in.get(chain[-1], 0.0) / survey.units)
    return row


def _meeting(box: Box, chain: Mapping[Box, int]) -> tuple[int, int]:
    """Steps up from a box, and down again, to the box that `chain` begins with."""
    for up, around in enumerate(box.chain()):
        if (down := chain.get(around)) is not None:
            return up, down
    return 30, 30


def _neighbours(survey: Survey, i: int) -> list[float]:
    row: list[float] = []
    blocks = survey.blocks
    for by in AROUND:
        j = i + by
        if 0 <= j < len(blocks):
            row += [blocks[j].units, link_share(blocks[j]), survey.said[j]]
        else:
            row += [-1, -1, -1]
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


def name_words(box: Box) -> set[str]:
    """Words of a box's tag, class and id.

    >>> from lxml import html
    >>> sorted(name_words(Box(html.fromstring("<div class='postBody x-2 main'></div>"), "div", None)))
    ['body', 'div', 'main', 'post']
    """
    return set(_NAME.findall(_CAMEL.sub(r"\1 \2", f"{box.tag} {box.names}").lower()))


def short_words(block: Block) -> set[str]:
    """Words of a line, where it is short enough for them to tell what it is."""
    told = set(words(block.text)) if len(block.text) < 240 else set()  # noqa: PLR2004 -- longer lines are prose
    return told if len(told) <= 60 else set()  # noqa: PLR2004


def level_of(odds: Iterable[float]) -> Level:
    """What the words of one box speak for."""
    found = list(odds)
    return (math.fsum(found), min(found), max(found)) if found else (0.0, 0.0, 0.0)


def name_columns(levels: Sequence[Level]) -> list[float]:
    """The columns ``names_0`` to ``names_max``, from the boxes around a block, inside out."""
    return [
        levels[0][0],
        levels[1][0] if len(levels) > 1 else 0.0,
        sum(level[0] for level in levels[:3]),
        sum(level[0] for level in levels),
        min(level[1] for level in levels),
        max(level[2] for level in levels),
    ]


def word_columns(odds: Iterable[float]) -> list[float]:
    """The columns ``words_sum`` to ``words_mean``, from what the words of a line speak for."""
    found = list(odds)
    if not found:
        return [0.0] * 4
    total = math.fsum(found)
    return [total / math.sqrt(len(found)), min(found), max(found), total / len(found)]
