"""The full-text index: rows that enter it, leave it, and all of them anew. The caller holds the transaction.

The index has no content of its own: it forgets a row only if told exactly what it held, which is what `words` and the
facets make of the stored row. Another way of making them needs a migration that calls `rebuild`.
"""

import sqlite3
from collections.abc import Callable, Mapping
from functools import partial
from operator import itemgetter
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


class Changes:
    """Changes of the index that wait until all other rows of their transaction are written, then come in the index's order.

    FTS5 gathers what it is told, and writes it out as a segment when a row does not follow the one before it, and before
    each statement that SQLite may have to take back (an update under a foreign key is one). Told in between, each article
    would be a segment of its own, and small segments cost more to merge than to write.
    """

    def __init__(self) -> None:
        self._steps: list[tuple[int, Callable[[sqlite3.Connection], None]]] = []

    def add(self, row: Mapping[str, Any] | sqlite3.Row, indexed: tuple[str, str] | None = None) -> None:
        """Enter an article; see `add`."""
        self._steps.append((row["sort_key"], partial(add, row=row, indexed=indexed)))

    def forget(self, row: Mapping[str, Any] | sqlite3.Row) -> None:
        """Take an article out; see `forget`."""
        self._steps.append((row["sort_key"], partial(forget, row=row)))

    def write(self, conn: sqlite3.Connection) -> None:
        """Make them; those of one place stay in the order in which they were noted."""
        for _, step in sorted(self._steps, key=itemgetter(0)):
            step(conn)


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
