"""Who carried a story: stories newest first, and the copies of one article. Nothing here can write.

All functions take the connection that `reading.opened` gives.
"""

import sqlite3
from collections.abc import Iterator
from urllib.parse import urlsplit

from storage.columns import to_article
from storage.query_language import Query
from storage.records import Copy, Selection, Stored, Story
from storage.selection import where

#: Copies of one story that are named, the earliest.
MOST_NAMED = 100


def find_stories(db: sqlite3.Connection, selection: Selection, query: Query | None = None) -> Iterator[Story]:
    """Walk through the stories of which an article is chosen, newest first; one is in memory at a time.

    A story stands where its newest chosen copy stands among the articles; its lead and its copies may be others than
    those that were asked for. An article without a copy is a story of its own.

    Args:
        db: the store.
        selection: which articles; its limit counts stories.
        query: what the articles must say.

    Raises:
        UsageError: a date of the selection is none.
    """
    found = where(selection, query)
    rows = db.execute(f"SELECT articles.* {found.sql} ORDER BY {found.key} DESC", found.parameters)
    left = selection.limit
    seen: set[int] = set()  # a number a story: little, even for all stories of a large store
    for row in rows:
        if left == 0:
            return
        if row["story_id"] in seen:
            continue
        if row["story_id"] is not None:
            seen.add(row["story_id"])
        left = None if left is None else left - 1
        yield _story(db, row)


def copies_of(db: sqlite3.Connection, article_id: int) -> tuple[Copy, ...]:
    """Find the other articles of an article's story, the earliest first."""
    row = db.execute("SELECT story_id FROM articles WHERE id = ?", [article_id]).fetchone()
    copies = _copies(db, row["story_id"]) if row and row["story_id"] is not None else ()
    return tuple(copy for copy in copies if copy.id != article_id)


def _story(db: sqlite3.Connection, row: sqlite3.Row) -> Story:
    newest_at = row["published_at"] or row["fetched_at"]
    if row["story_id"] is None:
        return Story(lead=Stored(id=row["id"], article=to_article(row)), newest_at=newest_at)
    copies = _copies(db, row["story_id"])
    lead = db.execute("SELECT * FROM articles WHERE id = ?", [copies[0].id]).fetchone()
    return Story(lead=Stored(id=lead["id"], article=to_article(lead)), newest_at=newest_at, copies=copies)


def _copies(db: sqlite3.Connection, story: int) -> tuple[Copy, ...]:
    rows = db.execute(
        "SELECT id, source, url, title, coalesce(published_at, fetched_at) AS published_at FROM articles"
        " WHERE story_id = ? ORDER BY sort_key LIMIT ?",
        [story, MOST_NAMED],
    )
    return tuple(
        Copy(**dict(row) | {"source": row["source"] or urlsplit(row["url"]).hostname or ""}) for row in rows
    )
