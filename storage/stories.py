"""Stories: articles that are copies of one text, directly or through others. The caller holds the transaction.

A story is a connected part of the graph whose edges join copies, so which articles are one does not depend on the
order in which they came. (It may where more than `sketches.MOST_OF_A_PASSAGE` articles of a week share a passage, or a
story of more than `MOST_DIVIDED` articles loses one.) Its number is the lowest of its articles' numbers; an article
without a copy has none. Nothing is deleted, and the lead is not stored: it is the earliest of them.
"""

import sqlite3

from pressclip.models import Sketch
from storage import moments, sketches
from storage.text import to_json

#: Articles of a story that is taken apart when one of them changes; in a larger one the others stay together.
MOST_DIVIDED = 64


def place(conn: sqlite3.Connection, article_id: int, sketch: Sketch) -> None:
    """Put an article that is new, or that changed, into the story that its text belongs to."""
    sort_key, story = conn.execute(
        "SELECT sort_key, story_id FROM articles WHERE id = ?", [article_id]
    ).fetchone()
    now = sketches.Kept(article_id, sort_key // moments.PER_SECOND, sketch)
    if sketches.keep(conn, now):
        _leave(conn, article_id, story)
        _join(conn, [article_id, *sketches.copies(conn, now)])


def forget(conn: sqlite3.Connection, article_id: int) -> None:
    """Take an article out of its story, and out of what copies are looked up by: before it is deleted."""
    story = conn.execute("SELECT story_id FROM articles WHERE id = ?", [article_id]).fetchone()[0]
    _leave(conn, article_id, story)
    for kept in sketches.read(conn, [article_id]):
        sketches.forget(conn, kept)


def _leave(conn: sqlite3.Connection, article_id: int, story: int | None) -> None:
    """Take an article out of its story; what only it held together falls apart."""
    if story is None:
        return
    _number(conn, [article_id], None)
    rows = conn.execute("SELECT id FROM articles WHERE story_id = ? LIMIT ?", [story, MOST_DIVIDED + 1])
    others = [number for [number] in rows]
    if len(others) <= MOST_DIVIDED:
        for part in _parts(sketches.read(conn, others)):
            _number(conn, part, min(part) if len(part) > 1 else None)
    elif story == article_id:
        conn.execute(
            "UPDATE articles SET story_id = (SELECT min(id) FROM articles WHERE story_id = ?1) WHERE story_id = ?1",
            [story],
        )


def _join(conn: sqlite3.Connection, copies: list[int]) -> None:
    """Make one story of articles that are copies of one another, and of the stories that they are in."""
    if len(copies) == 1:
        return
    rows = conn.execute(
        "SELECT DISTINCT story_id FROM articles"
        " WHERE id IN (SELECT value FROM json_each(?)) AND story_id IS NOT NULL",
        [to_json(copies)],
    )
    stories = [number for [number] in rows]
    lowest = min((*copies, *stories))
    _number(conn, copies, lowest)
    conn.executemany(
        "UPDATE articles SET story_id = ? WHERE story_id = ?",
        [(lowest, story) for story in stories if story != lowest],
    )


def _parts(kept: list[sketches.Kept]) -> list[list[int]]:
    """Divide articles into those that copies join, directly or through others."""
    parts: list[list[sketches.Kept]] = []
    for one in kept:
        joined = [part for part in parts if any(map(one.is_copy, part))]
        parts = [part for part in parts if part not in joined]
        parts.append([one, *(other for part in joined for other in part)])
    return [[one.article_id for one in part] for part in parts]


def _number(conn: sqlite3.Connection, articles: list[int], story: int | None) -> None:
    conn.execute(
        "UPDATE articles SET story_id = ?2"
        " WHERE id IN (SELECT value FROM json_each(?1)) AND story_id IS NOT ?2",
        [to_json(articles), story],
    )
