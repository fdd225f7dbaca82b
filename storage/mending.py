"""Mending what storage.doctor finds, as far as it can be mended by what else the store holds. Each in its own transaction.

A file that is damaged is left alone: writing to it makes it worse.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping

from storage import clippings, comparing, fulltext, pruning
from storage.doctor import What
from storage.references import references
from storage.text import to_json

_BATCH = 500


def mend(conn: sqlite3.Connection, found: Collection[What]) -> Iterator[What]:
    """Mend, one after another, and say of each when it is done.

    Args:
        conn: the store, open for writing, in no transaction; its rows are `sqlite3.Row`.
        found: what was found.
    """
    with pruning.unchecked(conn):
        for what, work in _WORK.items():  # in this order: what is lost may leave the next thing to mend
            if what in found:
                conn.execute("BEGIN IMMEDIATE")
                try:
                    work(conn)
                    conn.execute("COMMIT")
                except BaseException:
                    if conn.in_transaction:
                        conn.execute("ROLLBACK")
                    raise
                yield what
    if "long log" in found:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        yield "long log"


def _indexes(conn: sqlite3.Connection) -> None:
    conn.execute("REINDEX")


def _raw_pages(conn: sqlite3.Connection) -> None:
    pruning.delete_pages(conn, list(comparing.unreadable(conn)))


def _orphans(conn: sqlite3.Connection) -> None:
    for one in references(conn):
        if one.required:
            conn.execute(f"DELETE FROM {one.table} WHERE {one.lost}")  # noqa: S608 - names of the schema
        else:
            conn.execute(f"UPDATE {one.table} SET {one.column} = NULL WHERE {one.lost}")  # noqa: S608 - the same


def _entries(conn: sqlite3.Connection) -> None:
    conn.execute(
        "UPDATE entries SET state = 'waiting', attempts = 0, retry_at = NULL, reason = NULL"
        " WHERE state = 'done' AND article_id IS NULL AND reason IS NOT 'pruned' AND url_key IS NOT NULL"
    )


def _stories(conn: sqlite3.Connection) -> None:
    rows = conn.execute(
        "SELECT story_id, min(id), count(*) FROM articles"
        " WHERE story_id IS NOT NULL AND story_id NOT IN (SELECT id FROM articles) GROUP BY story_id"
    ).fetchall()
    conn.executemany(
        "UPDATE articles SET story_id = ? WHERE story_id = ?",
        [(lowest if count > 1 else None, story) for story, lowest, count in rows],
    )


def _order(conn: sqlite3.Connection) -> None:
    numbers = list(comparing.misplaced(conn))
    for place in range(0, len(numbers), _BATCH):
        rows = conn.execute(
            "SELECT id, published_at, fetched_at FROM articles WHERE id IN (SELECT value FROM json_each(?))",
            [to_json(numbers[place : place + _BATCH])],
        )
        for row in rows.fetchall():
            key = clippings.sort_key(conn, row, None)
            conn.execute("UPDATE articles SET sort_key = ? WHERE id = ?", [key, row["id"]])
    fulltext.rebuild(conn)


_WORK: Mapping[What, Callable[[sqlite3.Connection], None]] = {
    "indexes": _indexes,
    "raw pages": _raw_pages,
    "orphans": _orphans,
    "entries": _entries,
    "stories": _stories,
    "order": _order,
    "full text": fulltext.rebuild,
}
