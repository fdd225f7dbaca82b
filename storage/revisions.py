"""Other versions of an article, for reading."""

import sqlite3
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One version of an article that is not, or not any more, the current one.

    Attributes:
        number: from 1, in the order in which they were recorded.
        why: `replaced`: the page changed; `recleaned`: the same page was cleaned anew; `worse`: suspect, never current.
        recorded_at: when what brought it about happened, UTC ISO 8601.
        fetched_at: when its page was fetched.
    """

    number: int
    why: Literal["replaced", "recleaned", "worse"]
    recorded_at: str
    fetched_at: str
    title: str
    text: str


def history(db: sqlite3.Connection, article_id: int) -> list[Revision]:
    """Read all revisions of an article, the oldest first."""
    rows = db.execute(
        "SELECT why, recorded_at, fetched_at, title, text FROM revisions WHERE article_id = ? ORDER BY id",
        [article_id],
    )
    return [Revision(number=number, **dict(row)) for number, row in enumerate(rows, start=1)]
