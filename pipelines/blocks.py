"""A tree as a row of blocks: what a reader sees as one line, paragraph, list item or cell.

Each block knows the boxes (block-level elements) it stands in; all judging happens on blocks and boxes, and
text and markdown are written from the blocks that stay.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree, html

from pipelines.cues import Group, bare, cue

#: What no reader sees as text.
SKIPPED = frozenset(
    {"script", "style", "noscript", "template", "svg", "math", "title", "meta", "link", "base", "iframe", "object", "embed", "video", "audio",
     "canvas", "select", "option", "textarea", "button", "input", "rp", "rt", "rtc", "map", "area", "datalist",
     "dialog", "progress", "meter", "source", "track", "img", "picture"}
)  # fmt: skip
#: Of these, what an unclosed tag may have swallowed the article into.
UNSAFE = frozenset({"button", "svg", "select", "object", "video", "audio", "map", "canvas"})
#: Elements that begin a new line. Custom elements (`<x-card>`) do as well.
BOXES = frozenset(
    {"html", "body", "div", "section", "article", "main", "aside", "header", "footer", "nav", "p", "h1", "h2", "h3",
     "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tfoot", "tr", "td", "th",
     "caption", "blockquote", "pre", "figure", "figcaption", "form", "fieldset", "details", "summary", "address",
     "center", "hr", "menu", "hgroup", "legend"}
)  # fmt: skip
#: Attributes whose words say what a box is for.
NAMING = ("class", "id", "itemprop", "role")

BOLD = frozenset({"b", "strong", "em", "i"})
CODE = frozenset({"code", "kbd", "samp", "tt"})
MOST = 20_000  # blocks of a page that are read; each costs a tenth of a millisecond
PROSE = 12  # units from which a line with a full stop is prose

_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_SENTENCE = re.compile(r"""[.!?…]["'”’»)]?(?:\s|$)|[。！？」]""")
_SPACE = re.compile(r"[ \t\n\r\f\v\xa0]+")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\ufeff\u2060\u00ad"))
#: What opens over a word when a mouse rests on it, by the class of its `<span>`; around that the word itself.
_HOVERING = re.compile(
    r"(?:tooltip|popover|rollover|hover-?card)[\w-]{0,20}(?:text|content|block|body|box|card|inner)",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


class Box:
    """One block-level element; its totals are summed up over all blocks within it."""

    __slots__ = (
        "blocks",
        "depth",
        "element",
        "first",
        "hidden",
        "link_units",
        "names",
        "parent",
        "prose",
        "tag",
        "units",
    )

    def __init__(self, element: html.HtmlElement, tag: str, parent: "Box | None") -> None:
        self.element = element
        self.tag = tag
        self.parent = parent
        self.depth: int = parent.depth + 1 if parent else 0
        attributes = dict(element.items())
        self.names = " ".join([attributes[a] for a in NAMING if a in attributes])
        self.hidden: bool = (parent.hidden if parent else False) or _is_hidden(attributes)
        self.units = 0.0
        self.link_units = 0.0
        self.prose = 0.0
        self.blocks = 0
        self.first = -1  # index of its first block; those within a box follow one another

    def holds(self, index: int) -> bool:
        """Whether the block of that index is within."""
        return self.first <= index < self.first + self.blocks

    def chain(self) -> Iterator["Box"]:
        """This box and those around it, inside out."""
        box: Box | None = self
        while box is not None:
            yield box
            box = box.parent


@dataclass(slots=True, eq=False)
class Piece:
    """A run of text within a block: plain, linked or code."""

    text: str
    href: str | None = None
    code: bool = False


@dataclass(slots=True, eq=False)
class Block:
    """One line of text and where it stands."""

    text: str
    box: Box
    pieces: list[Piece]
    soft: bool = False  # follows the block before after a single <br>
    units: float = 0.0  # words, or characters of a language that writes none
    link_units: float = 0.0
    links: int = 0
    emphasis: int = 0  # characters in bold or italics
    inline_names: str = ""  # class of the first inline element
    ruled: bool = False  # an <hr> stands before
    index: int = 0
    prose: bool = False
    bare: str = ""  # its letters and digits, folded (`cues.bare`)
    cue: tuple[Group | None, int] = (None, 0)  # the phrase that it is or begins with (`cues.cue`)


def blocks_of(tree: html.HtmlElement) -> list[Block]:
    """The blocks of a page in reading order.

    >>> page = html.fromstring("<div><p>One <a href='/x'>two</a>.</p><p>a<br>b<br><br>c</p></div>")
    >>> [(b.text, b.soft) for b in blocks_of(page)]
    [('One two.', False), ('a', False), ('b', True), ('c', False)]
    >>> card = html.fromstring("<p>Ask <span>Lee<span class=tooltiptext>More on Lee</span></span>.</p>")
    >>> [b.text for b in blocks_of(card)]
    ['Ask Lee.']
    """
    walker = _Walker(_root(tree))
    blocks = walker.run()
    for index, block in enumerate(blocks):
        block.index = index
        block.bare = bare(block.text)
        block.cue = cue(block.text, block.bare)
        box = block.box
        box.units += block.units
        box.link_units += block.link_units
        box.prose += block.units if block.prose else 0.0
        box.blocks += 1
        if box.first < 0:
            box.first = index
    # A box stands after the one around it: from the last to the first, each hands its totals on.
    for box in reversed(walker.boxes):
        if box.blocks and (around := box.parent) is not None:
            around.units += box.units
            around.link_units += box.link_units
            around.prose += box.prose
            around.blocks += box.blocks
            around.first = box.first if around.first < 0 else min(around.first, box.first)
    return blocks


def _root(tree: html.HtmlElement) -> html.HtmlElement:
    """The body; the whole page where the parser left text in the head."""
    head, body = tree.find("head"), tree.find("body")
    return tree if body is None or (head is not None and head.find(".//p") is not None) else body


class _Walker:
    """One pass over the elements; a piece of text goes to the line that is being written."""

    def __init__(self, root: html.HtmlElement) -> None:
        self.root = root
        self.blocks: list[Block] = []
        self.box = Box(root, str(root.tag), None)
        self.boxes = [self.box]
        self.pieces: list[Piece | None] = []  # None: a <br>
        self.hrefs: list[str] = []
        self.bold = self.code = self.pre = 0
        self.emphasis = 0
        self.inline_names = ""
        self.ruled = False

    def run(self) -> list[Block]:
        root, blocks = self.root, self.blocks
        walk = etree.iterwalk(root, events=("start", "end"))
        skipping = False
        tags: list[str] = []  # of the elements that are open; asking an element for its tag makes a string
        for event, element in walk:
            if len(blocks) >= MOST:
                break
            if event == "start":
                tag = str(element.tag)
                if _is_skipped(element, tag):
                    skipping = True  # what comes next is the end of this element
                    walk.skip_subtree()
                    continue
                if element is not root:
                    tags.append(tag)
                    self.open(element, tag)
                if text := element.text:
                    self.write(text)
            elif element is not root:
                if skipping:
                    skipping = False
                else:
                    self.close(tags.pop())
                if text := element.tail:
                    self.write(text)
        self.flush()
        return blocks

    def open(self, element: html.HtmlElement, tag: str) -> None:
        if tag in BOXES or "-" in tag:
            self.flush()
            self.box = Box(element, tag, self.box)
            self.boxes.append(self.box)
            self.pre += tag == "pre"
            self.ruled = self.ruled or tag == "hr"
        elif tag == "br":
            self.pieces.append(None)
        elif tag == "a":
            self.hrefs.append(element.get("href") or "")
        elif tag in BOLD:
            self.bold += 1
        elif tag in CODE:
            self.code += 1
        elif not self.inline_names:
            self.inline_names = element.get("class") or ""

    def close(self, tag: str) -> None:
        if tag in BOXES or "-" in tag:
            self.flush()
            self.box = self.box.parent or self.box
            self.pre -= tag == "pre"
        elif tag == "a":
            self.hrefs.pop()
        elif tag in BOLD:
            self.bold -= 1
        elif tag in CODE:
            self.code -= 1

    def write(self, text: str) -> None:
        if not self.pieces and not self.pre and text.isspace():
            return
        if self.bold:
            self.emphasis += len(text.strip())
        self.pieces.append(Piece(text, self.hrefs[-1] if self.hrefs else None, self.code > 0))

    def flush(self) -> None:
        """The pieces gathered so far become one block, or several where they were broken by `<br>`."""
        pieces, self.pieces = self.pieces, []
        if not pieces:
            self.inline_names = ""
            return
        breaks, line = 2, []
        for piece in pieces:
            if len(self.blocks) >= MOST:
                return
            if piece is not None:
                line.append(piece)
            elif self.pre:
                line.append(Piece("\n"))
            elif self.add(line, soft=breaks == 1):
                breaks, line = 1, []
            else:
                breaks, line = breaks + 1, []
        self.add(line, soft=breaks == 1)
        self.inline_names, self.emphasis = "", 0

    def add(self, line: list[Piece], *, soft: bool) -> bool:
        """Whether the line held any text and became a block."""
        raw = "".join([piece.text for piece in line])
        text = raw.strip("\n").rstrip() if self.pre else _on_one_line(raw)
        text = text.translate(_INVISIBLE) if not text.isascii() else text
        if not text or text.isspace():
            return False
        block = Block(text, self.box, line, soft, units(text))
        for piece in line:
            if piece.href is not None and (label := piece.text.strip()):
                block.link_units += units(label)
                block.links += 1
        block.emphasis, block.inline_names, block.ruled = self.emphasis, self.inline_names, self.ruled
        block.prose = (
            block.units >= PROSE and block.link_units < block.units * 0.3 and bool(_SENTENCE.search(text))
        )
        self.ruled = False
        self.blocks.append(block)
        return True


def _is_skipped(element: html.HtmlElement, tag: str) -> bool:
    """Whether an element holds nothing that stands in the page's text."""
    if tag == "span":
        names = element.get("class")
        return names is not None and _HOVERING.search(names) is not None
    return tag in SKIPPED and not (tag in UNSAFE and element.find(".//p") is not None)


def _on_one_line(text: str) -> str:
    return " ".join(text.split()) if text.isascii() else _SPACE.sub(" ", text).strip()


def units(text: str) -> float:
    """About how many words `text` holds; a Chinese or Japanese character counts as one, as in the metric.

    >>> units("four words are here"), units("四文字熟語")
    (3.8, 5.0)
    """
    if text.isascii():
        return len(text) / 5
    wide = len(_WIDE.findall(text))
    return wide + (len(text) - wide) / 5


def _is_hidden(attributes: Mapping[str, str]) -> bool:
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or ("style" in attributes and bool(_HIDDEN.search(attributes["style"])))
    )
