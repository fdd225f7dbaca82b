"""Where the cells of a table stand, when some are empty and some span several columns or rows."""

from collections.abc import Sequence
from itertools import groupby

from lxml import html

from pipelines.blocks import Block, Box

#: The blocks of each cell that holds any, by its column.
Row = dict[int, list[Block]]

_WIDEST = 20  # columns or rows that one cell may span; what claims more is broken
_FOLLOWED = 100  # columns in which cells that span several rows are followed
_DIGITS = 3


def grid(blocks: Sequence[Block], table: Box) -> list[Row]:
    """The rows of a table, in which a cell that spans several columns or rows stands in the first.

    >>> from lxml import html
    >>> from pipelines.blocks import blocks_of
    >>> page = html.fromstring(
    ...     "<table><tr><td>a<td colspan=2>b<td>c<tr><td rowspan=2>d<td><td>e<tr><td>f<br>g</table>"
    ... )
    >>> blocks = blocks_of(page)
    >>> table = next(box for box in blocks[0].box.chain() if box.tag == "table")
    >>> [{column: [b.text for b in cell] for column, cell in row.items()} for row in grid(blocks, table)]
    [{0: ['a'], 1: ['b'], 3: ['c']}, {0: ['d'], 2: ['e']}, {1: ['f', 'g']}]
    """
    rows: list[Row] = []
    taken: dict[int, int] = {}
    for row, group in groupby(blocks, key=lambda block: _within(block, table)[0]):
        starts, taken = _columns(row.element, taken) if row is not None else ({}, taken)
        line: Row = {}
        for block in group:
            cell = _within(block, table)[1]
            column = starts.get(cell.element, len(line)) if cell is not None else len(line)
            line.setdefault(column, []).append(block)
        rows.append(line)
    return rows


def _within(block: Block, table: Box) -> tuple[Box | None, Box | None]:
    """The row and the cell of that table, not of one inside it, that a block stands in."""
    row = cell = None
    for box in block.box.chain():
        if box is table:
            break
        if box.tag == "tr":
            row = box
        elif box.tag in {"td", "th"}:
            cell = box
    return row, cell


def _columns(
    row: html.HtmlElement, taken: dict[int, int]
) -> tuple[dict[html.HtmlElement, int], dict[int, int]]:
    """Where each cell of a row begins, and for how many more rows which columns are taken by cells from above."""
    starts: dict[html.HtmlElement, int] = {}
    after = {column: rows - 1 for column, rows in taken.items() if rows > 1}
    at = 0
    for cell in row.iterchildren("td", "th"):
        while at in taken:
            at += 1
        starts[cell] = at
        width, height = _span(cell, "colspan"), _span(cell, "rowspan")
        if height > 1 and at < _FOLLOWED:
            after |= dict.fromkeys(range(at, at + width), height - 1)
        at += width
    return starts, after


def _span(cell: html.HtmlElement, name: str) -> int:
    claim = (cell.get(name) or "").strip()
    if not (claim.isascii() and claim.isdigit() and len(claim) <= _DIGITS):
        return 1
    return min(max(int(claim), 1), _WIDEST)
