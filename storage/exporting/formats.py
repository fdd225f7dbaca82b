"""The formats by their names, and which articles one asks for."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from pressclip.redaction import published
from storage import reading
from storage.exporting.atom import atom
from storage.exporting.feed import Feed
from storage.exporting.json_feed import json_feed
from storage.exporting.jsonl import jsonl
from storage.exporting.notes import markdown_stream
from storage.exporting.spreadsheet import csv_lines
from storage.exporting.warc import warc_records
from storage.query_language import Query, parse
from storage.records import Selection, Stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which articles: a selection, and of those what a search finds, if there is one."""

    selection: Selection
    words: str | None = None

    def articles(self, db: sqlite3.Connection) -> Iterator[Stored]:
        """Walk through them, newest first; one is in memory at a time.

        Raises:
            UsageError: a date of the selection is none.
        """
        query = self._query()
        if query is not None and not query.match:  # nothing that could be searched for
            return iter(())
        return reading.find_articles(db, self.selection, query)

    def count(self, db: sqlite3.Connection) -> int:
        """Count them."""
        count, limit = reading.count_articles(db, self.selection, self._query()), self.selection.limit
        return count if limit is None else min(count, limit)

    def _query(self) -> Query | None:
        return None if self.words is None else parse(self.words)


def _without_secrets(stored: Stored) -> Stored:
    """Hide what in an article's addresses is certain to let somebody in: stores of old versions may hold it.

    The others lead to the article and stay, as does its key, which feeds make their ids of.
    """
    article = stored.article
    canonical = article.canonical_url and published(article.canonical_url)
    return replace(stored, article=replace(article, url=published(article.url), canonical_url=canonical))


def _without_key(stored: Stored) -> Stored:
    return replace(stored, article=replace(stored.article, url_key=published(stored.article.url_key)))


def text(form: str, articles: Iterable[Stored], feed: Feed) -> Iterator[str]:
    """Write articles in a format that is text; `feed` is what one of the two feeds says of itself."""
    shown = map(_without_secrets, articles)
    if form == "atom":
        return atom(shown, feed)
    if form == "json-feed":
        return json_feed(shown, feed)
    return {"jsonl": jsonl, "csv": csv_lines, "markdown": markdown_stream}[form](map(_without_key, shown))


def write(form: str, articles: Iterable[Stored], feed: Feed, file: BinaryIO, db: sqlite3.Connection) -> None:
    """Write articles to a file in any format that is one file.

    Args:
        form: name of the format.
        articles: which ones.
        feed: what one of the two feeds says of itself.
        file: open for writing.
        db: where their raw pages are.

    Raises:
        OSError: the file cannot be written.
    """
    if form == "parquet":
        from storage.exporting.parquet import write_parquet  # an extra

        write_parquet(map(_without_key, map(_without_secrets, articles)), file)
    elif form == "warc":
        pages = (page for stored in articles for page in reading.pages_of(db, stored.id))
        file.writelines(warc_records(pages))
    else:
        file.writelines(part.encode() for part in text(form, articles, feed))
