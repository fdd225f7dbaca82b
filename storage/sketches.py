"""Sketches in the store: kept with the article they are of, found again by the passages of a text.

The caller holds the transaction.
"""

import sqlite3
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pressclip.likeness import same_text
from pressclip.models import Sketch
from storage import moments
from storage.text import to_json

DAY = 86_400
WEEK = 7 * DAY
#: Seconds between two articles, at the most, one of which is a copy of the other. Not more than a week: see `_ROWS`.
WINDOW = WEEK
#: Articles of a week with one passage that are looked at, the latest stored first: more have it from a form.
MOST_OF_A_PASSAGE = 16
#: Articles whose sketches are compared with one, those with most passages in common first.
MOST_COMPARED = 16
_PASSAGES = 6


@dataclass(frozen=True, slots=True)
class Kept:
    """A sketch in the store."""

    article_id: int
    moment: int  # seconds since 1970
    sketch: Sketch

    def is_copy(self, other: "Kept") -> bool:
        """Whether both are one text, published within a few days; the copy can be looked up by a passage."""
        return (
            abs(self.moment - other.moment) <= WINDOW
            and not set(self.sketch.keys).isdisjoint(other.sketch.keys)
            and same_text(self.sketch, other.sketch)
        )


def keep(conn: sqlite3.Connection, now: Kept) -> bool:
    """Write down the sketch of an article as it is now; whether it is another one than before."""
    for old in read(conn, [now.article_id]):
        if old == now:
            return False
        forget(conn, old)
    conn.execute(
        "INSERT INTO sketches (article_id, moment, sketch) VALUES (?, ?, ?)",
        [now.article_id, now.moment, _pack(now.sketch)],
    )
    conn.executemany(
        "INSERT INTO story_keys (week, passage, article_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        _places(now),
    )
    return True


def forget(conn: sqlite3.Connection, kept: Kept) -> None:
    """Delete a sketch, and what it is looked up by."""
    conn.executemany(
        "DELETE FROM story_keys WHERE week = ? AND passage = ? AND article_id = ?", _places(kept)
    )
    conn.execute("DELETE FROM sketches WHERE article_id = ?", [kept.article_id])


def read(conn: sqlite3.Connection, articles: Sequence[int]) -> list[Kept]:
    """Read the sketches of these articles, as far as there are any."""
    rows = conn.execute(
        "SELECT article_id, moment, sketch FROM sketches WHERE article_id IN (SELECT value FROM json_each(?))",
        [to_json(articles)],
    )
    return [Kept(number, moment, _unpack(packed)) for number, moment, packed in rows]


def missing(conn: sqlite3.Connection, limit: int) -> list[tuple[int, str, str]]:
    """List articles that can still have copies to come but no sketch: number, title and text.

    Stores of the first release have such articles. The newest ones come first, so that a look at the oldest one tells
    that there are none left.
    """
    newest = conn.execute("SELECT max(sort_key) FROM articles").fetchone()[0]
    since = (newest or 0) - 2 * WINDOW * moments.PER_SECOND
    oldest = conn.execute(
        "SELECT id FROM articles WHERE sort_key >= ? ORDER BY sort_key LIMIT 1", [since]
    ).fetchone()
    if oldest is None or conn.execute("SELECT 1 FROM sketches WHERE article_id = ?", [oldest[0]]).fetchone():
        return []
    rows = conn.execute(
        "SELECT id, title, text FROM articles WHERE sort_key >= ?"
        " AND NOT EXISTS (SELECT 1 FROM sketches WHERE article_id = articles.id) ORDER BY sort_key DESC LIMIT ?",
        [since, limit],
    )
    return [(number, title, text) for number, title, text in rows]


# An article of the window lies in the week of the other or in one beside it. Each look-up ends after a few rows,
# so that a passage that thousands share costs no more than others.
_ROWS = " UNION ALL ".join(
    "SELECT * FROM (SELECT article_id FROM story_keys"  # noqa: S608 - numbers of our own
    f" WHERE week = ?{week} AND passage = ?{passage} ORDER BY article_id DESC LIMIT {MOST_OF_A_PASSAGE})"
    for week in (1, 2, 3)
    for passage in range(4, 4 + _PASSAGES)
)
_CANDIDATES = (
    f"SELECT article_id FROM ({_ROWS}) GROUP BY article_id ORDER BY count(*) DESC, article_id DESC"  # noqa: S608 - as above
    f" LIMIT {MOST_COMPARED}"
)


def copies(conn: sqlite3.Connection, kept: Kept) -> list[int]:
    """Find the other articles that are copies of this one."""
    week = kept.moment // WEEK
    passages = (*kept.sketch.keys, *[None] * _PASSAGES)[:_PASSAGES]
    rows = conn.execute(_CANDIDATES, [week, week - 1, week + 1, *passages])
    candidates = [number for [number] in rows if number != kept.article_id]
    return [other.article_id for other in read(conn, candidates) if kept.is_copy(other)]


def _places(kept: Kept) -> Iterator[tuple[int, int, int]]:
    week = kept.moment // WEEK
    return ((week, passage, kept.article_id) for passage in kept.sketch.keys)


def _pack(sketch: Sketch) -> bytes:
    numbers = (*sketch.grams, *sketch.figures, *sketch.keys)
    head = (sketch.total, len(sketch.grams), len(sketch.figures))
    return struct.pack(f"<{len(head) + len(numbers)}I", *head, *numbers)


def _unpack(packed: bytes) -> Sketch:
    total, grams, figures, *numbers = struct.unpack(f"<{len(packed) // 4}I", packed)
    return Sketch(
        total=total,
        grams=tuple(numbers[:grams]),
        figures=tuple(numbers[grams : grams + figures]),
        keys=tuple(numbers[grams + figures :]),
    )
