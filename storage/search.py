"""Full-text search, newest first or best first. What can be typed is in query_language.py, where it matched in snippets.py."""

import difflib
import sqlite3
from collections.abc import Sequence

from storage.columns import to_article
from storage.query_language import Query, parse
from storage.records import Hit, Selection
from storage.selection import Where, where
from storage.snippets import marks, snippet
from storage.text import storable

_AT_MOST = 20
_NEAR = 0.5  # how alike names must be to be named
_NAMED = 3


def search(
    db: sqlite3.Connection, words: str, selection: Selection | None = None, *, ranked: bool = False
) -> list[Hit]:
    """Find articles.

    Args:
        db: what `open_readonly` gives.
        words: as typed, see `query_language`; nothing that can be typed is an error. Nothing typed finds nothing.
        selection: which articles; at the most 20 if it has no limit. (`reading.find_articles` walks through all.)
        ranked: the best first (a word in the title counts ten times one in the text), not the newest.

    Raises:
        UsageError: a date of the selection is none.
    """
    return hits(db, parse(words), selection, ranked=ranked)


def hits(
    db: sqlite3.Connection, query: Query, selection: Selection | None = None, *, ranked: bool = False
) -> list[Hit]:
    """Find what a query asks for; see `search`."""
    chosen = selection or Selection()
    if not query.match:
        return []
    limit = _AT_MOST if chosen.limit is None else chosen.limit
    found = where(chosen, query)
    # Nothing is better than anything else where no word is asked for.
    rows = _best(db, found, limit) if ranked and query.words else _newest(db, found, limit)
    return [_hit(row, query) for row in rows]


def _newest(db: sqlite3.Connection, found: Where, limit: int) -> sqlite3.Cursor:
    return db.execute(
        f"SELECT articles.* {found.sql} ORDER BY {found.key} DESC LIMIT ?",
        [*found.parameters, limit],
    )


def _best(db: sqlite3.Connection, found: Where, limit: int) -> sqlite3.Cursor:
    # Ranked first and joined afterwards: SQLite would read every article that matches.
    return db.execute(
        f"WITH best AS MATERIALIZED (SELECT rowid AS place, rank AS fit {found.places} ORDER BY fit, place DESC LIMIT ?)"  # noqa: S608 - values are bound
        " SELECT articles.* FROM best CROSS JOIN articles ON articles.sort_key = best.place ORDER BY fit, place DESC",
        [*found.parameters, limit],
    )


def _hit(row: sqlite3.Row, query: Query) -> Hit:
    article = to_article(row)
    line, in_line = snippet(article.text, query.words)
    return Hit(
        id=row["id"],
        article=article,
        snippet=line,
        marks=in_line,
        title_marks=marks(article.title, query.words),
    )


def unknown_sources(db: sqlite3.Connection, names: Sequence[str]) -> list[str]:
    """Say of each name that no source has, in one line, which names are near."""
    return [_unknown(db, name) for name in dict.fromkeys(map(storable, names)) if not _is_source(db, name)]


def _is_source(db: sqlite3.Connection, name: str) -> bool:
    return bool(
        db.execute(
            "SELECT EXISTS (SELECT 1 FROM sources WHERE name = ?1) OR EXISTS (SELECT 1 FROM articles WHERE source = ?1)",
            [name],
        ).fetchone()[0]
    )


def _unknown(db: sqlite3.Connection, name: str) -> str:
    # The next name after each name: as many steps as there are names, however many articles.
    known = db.execute(
        "WITH RECURSIVE named (name) AS (SELECT min(source) FROM articles UNION ALL"
        " SELECT (SELECT min(source) FROM articles WHERE source > name) FROM named WHERE name IS NOT NULL)"
        " SELECT name FROM named WHERE name IS NOT NULL UNION SELECT name FROM sources"
    ).fetchall()
    folded = {row["name"].casefold(): row["name"] for row in known}
    near = difflib.get_close_matches(name.casefold(), folded, n=_NAMED, cutoff=_NEAR)
    near += [key for key in folded if name.casefold() in key and key not in near][:_NAMED]
    hint = f"near names: {', '.join(folded[key] for key in near)}" if near else "`pressclip status` shows all"
    return f"no source is called {name}; {hint}"
