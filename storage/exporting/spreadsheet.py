"""Articles as CSV, fit for spreadsheets."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from storage.columns import COLUMNS
from storage.records import Stored

#: What spreadsheets take for a formula, also in full width, which some of them fold.
_FORMULA = tuple("=+-@\t\r＝＋－＠")


def csv_lines(articles: Iterable[Stored]) -> Iterator[str]:
    """Write a header and one record an article; what a spreadsheet would run as a formula is marked as text."""
    buffer = StringIO()
    writer = csv.writer(buffer)  # its CRLF has line breaks of either kind quoted
    writer.writerow(["id", *(column.name for column in COLUMNS)])
    yield buffer.getvalue()
    for stored in articles:
        buffer.seek(0)
        buffer.truncate()
        values = (column.store(getattr(stored.article, column.name)) for column in COLUMNS)
        writer.writerow([stored.id, *map(csv_cell, values)])
        yield buffer.getvalue()


def csv_cell(value: object) -> object:
    """Mark a text as text where a spreadsheet would take it for a formula.

    >>> csv_cell("=HYPERLINK(1)"), csv_cell("仮想通貨"), csv_cell(-1)
    ("'=HYPERLINK(1)", '仮想通貨', -1)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
