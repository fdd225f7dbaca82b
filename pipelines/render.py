"""The blocks that stay, as plain text and as Markdown.

Both are written from the same lines in the same order. A list item or a line after a single `<br>` follows the
line before it; all else starts a paragraph.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from urllib.parse import urljoin, urlsplit

from pipelines.blocks import Block, Box
from pipelines.grids import Row, grid

_SPACE = re.compile(r"[ \t\r\n\f\v\xa0]+")
_SPECIAL = re.compile(r"([\\`*\[\]<])")
# A line must not become a heading, a quote, a list or code; of a number only the mark behind it can be escaped.
_LEADING = re.compile(r"^(\d*)(#{1,6}(?=\s)|[>+-](?=\s)|(?<=\d)[.)](?=\s)|~~~|={3,}|-{3,})")
#: A table with a longer cell, or with several lines in one, lays out a page; it is not one for readers.
LONGEST_CELL = 80  # units
CELL_LINES = 2
FEWEST_CELLS = 4  # two rows of two


def text_of(blocks: Sequence[Block]) -> str:
    r"""Plain text, NFC: paragraphs separated by a blank line.

    >>> from lxml import html
    >>> from pipelines.blocks import blocks_of
    >>> tree = html.fromstring("<div><h2>Two</h2><ul><li>ham<li>eggs</ul><p>Now<br>then.</div>")
    >>> text_of(blocks_of(tree))
    'Two\n\n- ham\n- eggs\n\nNow\nthen.'
    """
    out: list[str] = []
    for table, group in _by_table(blocks):
        if table is not None:
            rows = grid(group, table)
            lines = (" | ".join(" ".join(b.text for b in cell) for cell in row.values()) for row in rows)
            out += ["\n\n", "\n".join(lines)]
            continue
        before: Block | None = None
        for block in group:
            item = _item(block)
            out.append(_gap(before, block))
            out.append(f"- {block.text}" if item is not None and _opens(item, before) else block.text)
            before = block
    return unicodedata.normalize("NFC", "".join(out).strip())


def markdown_of(blocks: Sequence[Block], base: str) -> str:
    r"""Markdown (GFM), NFC; links become absolute against `base`, those that are not http(s) become text.

    >>> from lxml import html
    >>> from pipelines.blocks import blocks_of
    >>> tree = html.fromstring(
    ...     "<div><h2>Two</h2><ol><li>ham<li><a href='/e'>eggs</a></ol><pre>a\n b</pre></div>"
    ... )
    >>> print(markdown_of(blocks_of(tree), "https://site.example/"))
    ## Two
    <BLANKLINE>
    1. ham
    2. [eggs](https://site.example/e)
    <BLANKLINE>
    ```
    a
     b
    ```
    """
    out: list[str] = []
    numbers: dict[int, int] = {}
    for table, group in _by_table(blocks):
        if table is not None:
            out += ["\n\n", _table(grid(group, table), base)]
            continue
        before: Block | None = None
        for block in group:
            out.append(_marked_gap(before, block))
            out.append(_line(block, before, base, numbers))
            before = block
    return unicodedata.normalize("NFC", "".join(out).strip())


def data_table(block: Block) -> Box | None:
    """The table of data that the block is a cell of.

    >>> from lxml import html
    >>> from pipelines.blocks import blocks_of
    >>> data = html.fromstring("<table><tr><td>1<td>2<tr><td>3<td>4</table>")
    >>> layout = html.fromstring("<table><tr><td><p>One</p><p>Two</p></table>")
    >>> [data_table(blocks_of(tree)[0]) is None for tree in (data, layout)]
    [False, True]
    """
    cell = nearest(block.box, ("td", "th", "li", "article"))
    if cell is None or cell.tag not in {"td", "th"} or cell.blocks > CELL_LINES or cell.units > LONGEST_CELL:
        return None
    row = nearest(cell, ("tr",))
    table = nearest(cell, ("table",))
    if row is None or table is None or table.blocks < FEWEST_CELLS or table.prose > table.units / 2:
        return None
    return table if row.blocks > 1 else None


def _by_table(blocks: Sequence[Block]) -> Iterator[tuple[Box | None, list[Block]]]:
    """The blocks in runs: those of one table of data together, all others between them.

    A table is one where at least half of its lines stand in such cells; the rest, a list in a cell, goes with them.
    """
    tables = [data_table(block) for block in blocks]
    cells = Counter(table for table in tables if table is not None)
    others: dict[Box, list[int]] = {}
    if cells:
        for i, block in enumerate(blocks):
            if tables[i] is None and (table := next((b for b in block.box.chain() if b in cells), None)):
                others.setdefault(table, []).append(i)
    for around, indices in others.items():
        for i in indices if len(indices) <= cells[around] else ():
            tables[i] = around
    for table, group in groupby(range(len(blocks)), key=tables.__getitem__):
        yield table, [blocks[i] for i in group]


def _table(rows: list[Row], base: str) -> str:
    columns = sorted({column for row in rows for column in row})  # those without a word in any row go
    place = {column: i for i, column in enumerate(columns)}
    lines: list[str] = []
    for row in rows:
        cells = [""] * (len(columns) if not lines else 1 + max(place[column] for column in row))
        for column, blocks in row.items():
            cells[place[column]] = " ".join(_inline(block, base).replace("|", "\\|") for block in blocks)
        lines.append("| " + " | ".join(cells) + " |")
    lines.insert(1, "|" + " --- |" * len(columns))
    return "\n".join(lines)


def _line(block: Block, before: Block | None, base: str, numbers: dict[int, int]) -> str:
    quote = prefix = "> " * _quotes(block)
    item = _item(block)
    if item is not None:
        indent = "  " * (sum(box.tag in {"ul", "ol"} for box in item.chain()) - 1)
        if not _opens(item, before):
            prefix += indent + "  "
        elif item.parent is not None and item.parent.tag == "ol":
            numbers[id(item.parent)] = number = numbers.get(id(item.parent), 0) + 1
            prefix += f"{indent}{number}. "
        else:
            prefix += indent + "- "
    if any(box.tag == "pre" for box in block.box.chain()):
        fence = "```"
        while fence in block.text:
            fence += "`"
        lines = [fence, *block.text.split("\n"), fence]
        return prefix + f"\n{quote}{' ' * (len(prefix) - len(quote))}".join(lines)
    level = heading(block)
    if level:
        prefix += "#" * level + " "
    return prefix + _inline(block, base)


def heading(block: Block) -> int:
    """1 to 6 for a block in `<h1>` to `<h6>`, else 0."""
    box: Box | None = block.box
    while box is not None:
        if box.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            return int(box.tag[1])
        if box.blocks > 3:  # noqa: PLR2004 -- a heading holds no more lines than that
            break
        box = box.parent
    return 0


def _inline(block: Block, base: str) -> str:
    out = []
    same = groupby(block.pieces, key=lambda piece: (piece.href, piece.code))
    for (href, code), pieces in same:
        raw = "".join(piece.text for piece in pieces)
        text = _SPACE.sub(" ", raw)
        label = text.strip()
        if not label:
            out.append(" " if text else "")
            continue
        marked = f"`{label}`" if code and "`" not in label else _SPECIAL.sub(r"\\\1", label)
        if address := _address(href, base):
            marked = f"[{marked}]({address})"
        out.append((" " if text[0] == " " else "") + marked + (" " if text[-1] == " " else ""))
    line = _SPACE.sub(" ", "".join(out)).strip()
    return _LEADING.sub(r"\1\\\2", line)


def _address(href: str | None, base: str) -> str | None:
    if not href or href.startswith("#"):
        return None
    try:
        address = urljoin(base, href.strip())
        if urlsplit(address).scheme not in {"http", "https"}:
            return None
    except ValueError:
        return None
    return address.replace(" ", "%20").replace("(", "%28").replace(")", "%29")


def _item(block: Block) -> Box | None:
    """The list item that the block is in, where nothing bigger stands between."""
    box = nearest(block.box, ("li", "td", "th", "article", "blockquote"))
    return box if box is not None and box.tag == "li" and box.parent is not None else None


def _opens(item: Box, before: Block | None) -> bool:
    """Whether this block is the first of its list item."""
    return before is None or all(box is not item for box in before.box.chain())


def _gap(before: Block | None, block: Block) -> str:
    if before is None:
        return "\n\n"
    if block.soft and before.box is block.box:
        return "\n"
    both = _item(before), _item(block)
    return "\n" if both[0] is not None and both[1] is not None else "\n\n"


def _marked_gap(before: Block | None, block: Block) -> str:
    """The same for Markdown: a single line break is one to readers too, and paragraphs of one quote stay in it."""
    gap = _gap(before, block)
    if before is None:
        return gap
    if block.soft and before.box is block.box:
        return "  \n"
    quote = nearest(block.box, ("blockquote",))
    if gap == "\n" or quote is None or nearest(before.box, ("blockquote",)) is not quote:
        return gap
    return "\n" + "> " * (_quotes(block) - 1) + ">\n"


def _quotes(block: Block) -> int:
    """How many quotes a block stands in, one within the other."""
    return sum(box.tag == "blockquote" for box in block.box.chain())


def nearest(box: Box, tags: tuple[str, ...]) -> Box | None:
    """The innermost box around, itself included, with one of these tags."""
    around: Box | None = box
    while around is not None and around.tag not in tags:
        around = around.parent
    return around
