"""Where a block stands: what the tags, classes and ids of the boxes around it say they are for."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import islice

from pipelines.blocks import Block, Box

#: Of the words in one box's names: sum, least and greatest of what they speak for.
Level = tuple[float, float, float]

#: What names say, in any language that web pages are built in.
PURPOSES = {
    "comments": r"comment|disqus|repl(?:y|ies)|discuss|respond|feedback",
    "related": r"relat|recommend|recirc|teaser|promo|popular|trend|rank|most-|latest|outbrain|taboola|similar|suggest"
    r"|also|further|upnext|next|prev|card|carousel|slider|swiper|more|kanren|osusume",
    "share": r"share|social|sns|follow|button|btn",
    "navigation": r"\bnav|navi|menu|breadcrumb|header|masthead|foot|side|toolbar|topbar|pag(?:ing|inat|er)|tabs?\b|toc\b",
    "ad": r"\bads?\b|ad[-_]|advert|banner|sponsor|widget|embed",
    "person": r"author|byline|\bbio|profile|writer|contributor|reporter",
    "caption": r"caption|credit|figure|photo|image|\bimg|galler|media|thumb|lightbox",
    "meta": r"meta\b|date|time|publish|\binfo|tags?\b|categor|topic|keyword|label|kicker|eyebrow|print|rating|vote|view",
    "call": r"newsletter|subscri|sign|paywall|login|regist|\bcta|premium|member|donat|cookie|consent|modal|popup|overlay",
    "legal": r"copyright|disclaim|legal|rights|terms|notice|notes?\b",
    "lead": r"lead\b|lede|standfirst|\bdek\b|summary|excerpt|intro|subtitle|subhead|abstract|chapo|description|highlight|sapo",
    "quote": r"quote|tweet|pull",
    "title": r"title|headline|heading",
    "body": r"(?:article|post|entry|story|news|blog|single|main|detail|page|text|content)s?[-_]*(?:body|content|text|detail|main|inner|copy|area)"
    r"|prose|rich-?text|wysiwyg|articlebody|bodytext|\bcontent\b|\bbody\b",
}  # fmt: skip
#: What tags say.
TAGS = {
    "li": "item", "ul": "list", "ol": "list", "dl": "list", "table": "table", "figure": "figure", "figcaption": "figure",
    "blockquote": "quoted", "form": "form", "aside": "aside", "nav": "nav", "header": "header", "footer": "footer",
    "article": "article", "main": "main", "section": "section",
}  # fmt: skip
MARKS = (*PURPOSES, *dict.fromkeys(TAGS.values()))
#: Kinds of the box itself, in an order that a threshold can cut: text first, furniture last.
KINDS = {
    "p": 0, "blockquote": 1, "pre": 1, "div": 3, "section": 3, "article": 3, "li": 5, "dd": 5, "dt": 6, "td": 7, "th": 7,
    "figcaption": 8, "caption": 8, "h1": 10, "h2": 10, "h3": 10, "h4": 10, "h5": 10, "h6": 10,
}  # fmt: skip
OTHER = 4
OUTERMOST = 8  # boxes whose names count
#: Words of classes and ids of which a worker remembers what they say: a site's pages share nearly all of theirs, and
#: of a page of a new site a third is known from others.
NAMES_KNOWN = 20_000
CAPTION = 2  # blocks that share a box with a picture: caption and credit
NEVER = -20  # depth of a mark that no box has

NAMES = (
    "kind", "hidden", "depth", "marked", "pictured",
    *(f"up_{mark}" for mark in MARKS),
    "up_mark", "up_body",
)  # fmt: skip

_PURPOSE = re.compile("|".join(f"(?P<{name}>{words})" for name, words in PURPOSES.items()))
_PLACE = {mark: at for at, mark in enumerate(MARKS)}
_NAME = re.compile(r"[a-z]{2,}")
_CAMEL = re.compile(r"([a-z])([A-Z])")


class Places:
    """What is known of boxes, worked out once for each."""

    def __init__(self, known: Mapping[str, float]) -> None:
        self.known = known
        self.marks: dict[tuple[str, str], tuple[int, ...]] = {}
        self.last: dict[Box, tuple[tuple[int, ...], int]] = {}
        self.names: dict[tuple[str, str], Level] = {}
        self.columns: dict[
            tuple[Box | None, str, str], list[float]
        ] = {}  # of boxes that stand side by side, too
        self.pictures: dict[Box, bool] = {}

    def look(self, block: Block) -> list[float]:
        """The columns of `NAMES`."""
        box = block.box
        depth = box.depth
        last, marked = self._last(box)
        ups = [depth - at for at in last]
        return [
            KINDS.get(box.tag, OTHER),
            box.hidden,
            depth,
            marked,
            self._pictured(box),
            *ups,
            min(ups[:12]),
            min(ups[12:14]),
        ]

    def _last(self, box: Box) -> tuple[tuple[int, ...], int]:
        """Depth of the nearest box around that has each mark, and how many marks there are in all."""
        unknown: list[Box] = []
        found = None
        for around in box.chain():
            if (found := self.last.get(around)) is not None:
                break
            unknown.append(around)
        depths, marked = found or ((NEVER,) * len(MARKS), 0)
        for inner in reversed(unknown):
            if here := self._here(inner):
                changed = list(depths)
                for mark in here:
                    changed[mark] = inner.depth
                depths, marked = tuple(changed), marked + len(here)
            self.last[inner] = depths, marked
        return depths, marked

    def _here(self, box: Box) -> tuple[int, ...]:
        key = box.tag, box.names
        if (found := self.marks.get(key)) is None:
            marks = (
                {mark for name in box.names.split() for mark in _marks_of(name)} if box.depth > 1 else set()
            )
            if box.tag in TAGS:
                marks.add(_PLACE[TAGS[box.tag]])
            found = self.marks[key] = tuple(sorted(marks))
        return found

    def _pictured(self, box: Box) -> bool:
        """Whether the block shares a small box with a picture, as a caption does."""
        small = box
        while small.parent is not None and small.parent.blocks <= CAPTION:
            small = small.parent
        if (found := self.pictures.get(small)) is None:
            found = (
                small.blocks <= CAPTION
                and next(small.element.iter("img", "picture", "video"), None) is not None
            )
            self.pictures[small] = found
        return found

    def names_of(self, block: Block) -> list[float]:
        """What the names of the boxes around a block speak for."""
        inner = block.box
        beside = inner.parent, inner.tag, inner.names
        if (found := self.columns.get(beside)) is None:
            found = self.columns[beside] = name_columns(
                [self._level(box) for box in islice(inner.chain(), OUTERMOST)]
            )
        return found

    def _level(self, box: Box) -> Level:
        key = box.tag, box.names
        if (found := self.names.get(key)) is None:
            known = self.known
            found = self.names[key] = level_of(known[word] for word in name_words(box) if word in known)
        return found


@lru_cache(maxsize=NAMES_KNOWN)
def _marks_of(name: str) -> frozenset[int]:
    """What one word of a class or an id speaks for."""
    spread = _CAMEL.sub(r"\1-\2", name).lower()
    return frozenset(_PLACE[match.lastgroup] for match in _PURPOSE.finditer(spread) if match.lastgroup)


def name_words(box: Box) -> set[str]:
    """Words of a box's tag, class and id.

    >>> from lxml import html
    >>> sorted(name_words(Box(html.fromstring("<div class='postBody x-2 main'></div>"), "div", None)))
    ['body', 'div', 'main', 'post']
    """
    return set(_NAME.findall(_CAMEL.sub(r"\1 \2", f"{box.tag} {box.names}").lower()))


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
