"""Full-text search, newest first: what can be typed is in words.py, where it matched in snippets.py."""

import sqlite3

from storage.columns import to_article
from storage.records import Hit, Selection
from storage.selection import where
from storage.snippets import snippet
from storage.words import Query, parse


def search(db: sqlite3.Connection, words: str, selection: Selection | None = None) -> list[Hit]:
    """Find the articles that hold all of the words and phrases, and none that has a minus before it.

    Args:
        db: what `open_readonly` gives.
        words: as typed; nothing that can be typed is an error. Without any word nothing is found.
        selection: which articles; at the most 20 if it has no limit.

    Raises:
        UsageError: a date of the selection is none.
    """
    chosen = selection or Selection()
    query = parse(words)
    limit = 20 if chosen.limit is None else chosen.limit
    return [_hit(row, query) for row in _rows(db, query, chosen, limit)]


def _rows(db: sqlite3.Connection, query: Query, selection: Selection, limit: int) -> list[sqlite3.Row]:
    if query.wanted:
        # The index walks newest first by itself, since its key is the place in time; CROSS JOIN keeps it outermost.
        found = where(selection, key="articles_fts.rowid")
        return db.execute(
            "SELECT articles.* FROM articles_fts CROSS JOIN articles ON articles.sort_key = articles_fts.rowid"  # noqa: S608 - values are bound
            f" WHERE articles_fts MATCH ? AND {found.sql} ORDER BY articles_fts.rowid DESC LIMIT ?",
            [query.match, *found.parameters, limit],
        ).fetchall()
    if query.unwanted:
        found = where(selection, key="articles.sort_key")
        return db.execute(
            f"SELECT * FROM articles WHERE {found.sql} AND sort_key NOT IN"  # noqa: S608 - values are bound
            " (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?) ORDER BY sort_key DESC LIMIT ?",
            [*found.parameters, query.excluded, limit],
        ).fetchall()
    return []


def _hit(row: sqlite3.Row, query: Query) -> Hit:
    article = to_article(row)
    line, marks = snippet(article.text, query.wanted)
    return Hit(id=row["id"], article=article, snippet=line, marks=marks)
