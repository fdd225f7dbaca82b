"""Articles as JSONL, CSV and Markdown: one at a time, so that a million fit in no memory at all."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from io import StringIO
from pathlib import Path

from storage.columns import COLUMNS
from storage.records import Stored
from storage.text import to_json

#: What spreadsheets take for a formula, also in full width, which some of them fold.
_FORMULA = tuple("=+-@\t\r＝＋－＠")
#: What YAML forbids inside a double-quoted scalar, or takes for the end of a line.
_NOT_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_BODY = ("text", "markdown")


def jsonl(articles: Iterable[Stored]) -> Iterator[str]:
    """Write one JSON object a line: ``id`` and the fields of an article."""
    for stored in articles:
        fields = {column.name: getattr(stored.article, column.name) for column in COLUMNS}
        yield to_json({"id": stored.id, **fields}) + "\n"


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


def markdown(stored: Stored) -> str:
    """Write one article as Markdown with YAML front matter, whatever its title holds."""
    fields = {
        column.name: getattr(stored.article, column.name) for column in COLUMNS if column.name not in _BODY
    }
    given = {name: value for name, value in fields.items() if value not in (None, (), {})}
    front = "".join(f"{name}: {_yaml(value)}\n" for name, value in {"id": stored.id, **given}.items())
    body = stored.article.markdown or stored.article.text
    return f"---\n{front}---\n\n{body.strip()}\n"


def _yaml(value: object) -> str:
    """Write a value as JSON, which is YAML once the few characters that YAML forbids are escaped."""
    return _NOT_YAML.sub(lambda match: f"\\u{ord(match[0]):04x}", to_json(value))


def markdown_stream(articles: Iterable[Stored]) -> Iterator[str]:
    """Write the articles as Markdown documents one after the other, a blank line between them."""
    for number, stored in enumerate(articles):
        yield ("\n" if number else "") + markdown(stored)


def file_name(stored: Stored) -> str:
    """Name the Markdown file of an article after its day and number: nothing that a page says is in it.

    >>> from pressclip.models import Article
    >>> article = Article(
    ...     url="https://example.com/a",
    ...     url_key="example.com/a",
    ...     title="../../etc",
    ...     text="",
    ...     markdown="",
    ...     fetched_at="2026-11-22T10:57:31Z",
    ...     content_hash="",
    ... )
    >>> file_name(Stored(id=7, article=article))
    '2026-11-22-7.md'
    """
    day = re.match(r"\d{4}-\d{2}-\d{2}", stored.article.published_at or stored.article.fetched_at, re.ASCII)
    return f"{day[0]}-{stored.id}.md" if day else f"{stored.id}.md"


def write_folder(articles: Iterable[Stored], folder: Path) -> int:
    """Write one Markdown file an article; return how many. A file of the same article is replaced.

    Raises:
        OSError: the folder cannot be made or written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = 0
    for stored in articles:
        (folder / file_name(stored)).write_text(markdown(stored), encoding="utf-8", newline="\n")
        written += 1
    return written


#: The formats that are one stream of text.
STREAMS: Mapping[str, Callable[[Iterable[Stored]], Iterator[str]]] = {
    "jsonl": jsonl,
    "csv": csv_lines,
    "markdown": markdown_stream,
}
