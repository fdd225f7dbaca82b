"""Articles as Markdown with YAML front matter: one stream, or one file an article."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from storage.columns import COLUMNS
from storage.exporting.files import replacing
from storage.records import Stored
from storage.text import to_json

#: What YAML forbids inside a double-quoted scalar, or takes for the end of a line.
_NOT_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_BODY = ("text", "markdown")


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
        with replacing(folder / file_name(stored)) as file:
            file.write(markdown(stored).encode())
        written += 1
    return written
