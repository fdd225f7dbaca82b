"""The full-text index: rows that enter it, leave it, and all of them anew. The caller holds the transaction.

The index has no content of its own: it forgets a row only if told exactly what it held, which is what `words` and the
facets make of the stored row. Another way of making them needs a migration that calls `rebuild`.
"""

import sqlite3
from collections.abc import Mapping
from typing import Any

from storage import facets
from storage.words import index_text

_ROW = "sort_key, title, text, source, lang, topics"
_INTO = "(rowid, title, text, facets) VALUES (?, ?, ?, ?)"
_BATCH = 200  # articles in memory at once


def words(row: Mapping[str, Any] | sqlite3.Row) -> tuple[str, str]:
    """Write title and text of a row of `articles` as the index holds them."""
    return index_text(row["title"]), index_text(row["text"])


def add(
    conn: sqlite3.Connection,
    row: Mapping[str, Any] | sqlite3.Row,
    indexed: tuple[str, str] | None = None,
    *,
    index: str = "articles_fts",
) -> None:
    """Enter an article.

    Args:
        conn: the store.
        row: of `articles`.
        indexed: its `words`, if they were made before.
        index: the table.
    """
    conn.execute(
        f"INSERT INTO {index} {_INTO}",
        [row["sort_key"], *(indexed or words(row)), facets.of_row(row)],
    )


def forget(conn: sqlite3.Connection, row: Mapping[str, Any] | sqlite3.Row) -> None:
    """Take an article out, by its stored row."""
    conn.execute(
        "INSERT INTO articles_fts (articles_fts, rowid, title, text, facets) VALUES ('delete', ?, ?, ?, ?)",
        [row["sort_key"], *words(row), facets.of_row(row)],
    )


def rebuild(conn: sqlite3.Connection) -> None:
    """Make the index anew from all articles. Until the transaction commits, readers have it as it was."""
    conn.execute("INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')")
    fill(conn, "articles_fts")


def fill(conn: sqlite3.Connection, index: str) -> None:
    """Enter all articles into an index that is empty; a few are in memory at a time."""
    rows = conn.cursor()
    rows.row_factory = sqlite3.Row
    rows.execute(f"SELECT {_ROW} FROM main.articles ORDER BY sort_key")  # noqa: S608 - names of our own
    while batch := rows.fetchmany(_BATCH):
        for row in batch:
            add(conn, row, index=index)
