"""Reading the store: lists, single articles, pages, counts. Nothing here can write.

All functions take the connection that `opened` (or `connection.open_readonly`) gives.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import zstandard

from pressclip.errors import StoreError
from pressclip.models import FeedEntry, Page
from storage.columns import to_article
from storage.connection import explained, open_readonly
from storage.query_language import Query
from storage.records import Counts, Selection, Stored
from storage.selection import where
from storage.text import storable


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the store for reading; nothing can write through this connection.

    Raises:
        StoreError: it cannot be opened, or reading it failed: one line that says what to do.
    """
    with explained(path), closing(open_readonly(path)) as db:
        yield db


def find_articles(
    db: sqlite3.Connection, selection: Selection, query: Query | None = None
) -> Iterator[Stored]:
    """Walk through the articles of a selection that a query asks for, newest first; one is in memory at a time.

    Raises:
        UsageError: a date of the selection is none.
    """
    found = where(selection, query)
    rows = db.execute(
        f"SELECT articles.* {found.sql} ORDER BY {found.key} DESC LIMIT ?",
        [*found.parameters, -1 if selection.limit is None else selection.limit],
    )
    return (Stored(id=row["id"], article=to_article(row)) for row in rows)


def count_articles(db: sqlite3.Connection, selection: Selection, query: Query | None = None) -> int:
    """Count the articles of a selection that a query asks for, whatever the selection's limit.

    Raises:
        UsageError: a date of the selection is none.
    """
    found = where(selection, query)
    return int(db.execute(f"SELECT count(*) {found.places}", found.parameters).fetchone()[0])


def get_article(db: sqlite3.Connection, name: int | str) -> Stored | None:
    """Find an article by its number, its address, its URL key, or the address or URL key of an entry that led to it."""
    if isinstance(name, int):
        row = _by_number(db, name)
    else:
        wanted = storable(name)
        row = db.execute(
            "SELECT * FROM articles WHERE id = coalesce("
            " (SELECT id FROM articles WHERE url_key = ?1),"
            " (SELECT id FROM articles WHERE url = ?1 ORDER BY id DESC LIMIT 1),"
            " (SELECT article_id FROM entries WHERE url_key = ?1),"
            " (SELECT article_id FROM addresses WHERE url_key = ?1),"
            " (SELECT article_id FROM pages WHERE url = ?1 AND article_id IS NOT NULL ORDER BY id DESC LIMIT 1))",
            [wanted],
        ).fetchone()
    return Stored(id=row["id"], article=to_article(row)) if row else None


def _by_number(db: sqlite3.Connection, number: int) -> sqlite3.Row | None:
    if not 0 < number < 2**63:  # what SQLite can bind
        return None
    row: sqlite3.Row | None = db.execute("SELECT * FROM articles WHERE id = ?", [number]).fetchone()
    return row


def get_page(db: sqlite3.Connection, article_id: int) -> Page | None:
    """Find the raw page that the current version of an article was made from."""
    row = db.execute(
        "SELECT pages.* FROM pages JOIN articles ON pages.id = articles.page_id WHERE articles.id = ?",
        [article_id],
    ).fetchone()
    return to_page(row) if row else None


def pages_of(db: sqlite3.Connection, article_id: int) -> Iterator[Page]:
    """Give the raw pages of all versions of an article, the oldest first."""
    rows = db.execute("SELECT * FROM pages WHERE article_id = ? ORDER BY fetched_at, id", [article_id])
    return map(to_page, rows)


def to_page(row: sqlite3.Row, entry: FeedEntry | None = None) -> Page:
    """Make the record of a row of `pages`."""
    return Page(
        url=row["url"],
        final_url=row["final_url"],
        body=_unpacked(row),
        fetched_at=row["fetched_at"],
        status=row["status"],
        content_type=row["content_type"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        source=row["source"],
        entry=entry,
    )


def _unpacked(row: sqlite3.Row) -> bytes:
    try:
        return zstandard.decompress(row["body"])
    except zstandard.ZstdError as error:
        msg = (
            f"raw page {row['id']} is damaged; `pressclip doctor --deep --fix` lets it go, its article stays"
        )
        raise StoreError(msg) from error


def counts(db: sqlite3.Connection) -> Counts:
    """Count what the store holds."""
    [articles, pages, revisions, sources] = (
        int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - names of our own
        for table in ("articles", "pages", "revisions", "sources")
    )
    entries = dict(db.execute("SELECT state, count(*) FROM entries GROUP BY state ORDER BY state").fetchall())
    return Counts(articles=articles, entries=entries, pages=pages, revisions=revisions, sources=sources)
