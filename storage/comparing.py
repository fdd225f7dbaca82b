"""What the store derives from something that it also holds, compared with it. Walks through all of it; nothing is written."""

import hashlib
import sqlite3
from collections.abc import Iterator
from itertools import zip_longest

import zstandard

from storage import fulltext, moments

# How long each article is, in words of the index.
_DIFFERING = (
    "SELECT count(*) FROM main.articles_fts_docsize AS held JOIN temp.fresh_docsize AS fresh USING (id)"
    " WHERE held.sz <> fresh.sz"
)


def misplaced(db: sqlite3.Connection) -> Iterator[int]:
    """Walk through the numbers of articles whose place in time is not that of their dates."""
    for row in db.execute("SELECT id, sort_key, published_at, fetched_at FROM articles"):
        try:
            base = moments.sort_base(row["published_at"], row["fetched_at"])
        except (ValueError, OverflowError):
            continue  # there is no better place
        if not base <= row["sort_key"] < base + moments.PER_SECOND:
            yield row["id"]


def unreadable(db: sqlite3.Connection) -> Iterator[int]:
    """Walk through the numbers of raw pages that are not what they were when they were fetched."""
    for row in db.execute("SELECT id, body, body_hash FROM pages"):
        try:
            same = hashlib.sha256(zstandard.decompress(row["body"])).hexdigest() == row["body_hash"]
        except zstandard.ZstdError:
            same = False
        if not same:
            yield row["id"]


def other_words(db: sqlite3.Connection) -> tuple[bool, int]:
    """Make the index anew beside the store: is it another, and how many articles have another length in it?"""
    sql = db.execute("SELECT sql FROM sqlite_schema WHERE name = 'articles_fts'").fetchone()[0]
    db.execute(sql.replace("articles_fts", "temp.fresh", 1))
    fulltext.fill(db, "temp.fresh")
    for place, name in (("main, articles_fts", "held"), ("temp, fresh", "expected")):
        db.execute(f"CREATE VIRTUAL TABLE temp.{name} USING fts5vocab ({place}, row)")
    differing = db.execute(_DIFFERING).fetchone()[0]
    held = map(tuple, db.execute("SELECT term, doc, cnt FROM temp.held"))
    expected = map(tuple, db.execute("SELECT term, doc, cnt FROM temp.expected"))
    return differing > 0 or any(one != two for one, two in zip_longest(held, expected)), differing
