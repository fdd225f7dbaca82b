"""Stored pages that are cleaned again, and what comes of it. The caller holds the transaction.

An article is never lost by it: what the page no longer gives stays as it was, and what is much shorter is kept as a
suspect revision beside it.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import msgspec

from pressclip.models import Article, Clipping, FeedEntry, Page
from storage import clippings, fulltext, sites
from storage.columns import COLUMNS, to_row
from storage.reading import to_page
from storage.text import storable

#: `fields`: title and text are the same, something else is not. `rejected`: an article that today would be none; it
#: stays. `new`: a page that was none until now.
Recleaning = Literal["unchanged", "fields", "updated", "worse", "rejected", "new"]

_READ_ENTRY = msgspec.json.Decoder(FeedEntry)
_OF_THE_STORE = ("url", "url_key", "fetched_at")  # an article keeps its identity, however it is cleaned

# The page of each current version, and the last one of each address that gave no article.
_PAGES = (
    "FROM pages p LEFT JOIN articles a ON a.id = p.article_id AND a.page_id = p.id"
    " LEFT JOIN entries e ON e.id = p.entry_id"
    " WHERE p.part_of IS NULL AND (a.id IS NOT NULL OR (p.article_id IS NULL AND e.article_id IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM pages n WHERE n.url = p.url AND n.id > p.id)))"
)
_ROW = "SELECT p.*, a.id AS current, e.entry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which stored pages; what is None selects all."""

    source: str | None = None
    since: str | None = None  # fetched at or after this moment or day, UTC ISO 8601


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A stored page that can be cleaned again."""

    page_id: int
    article_id: int | None  # of the article whose current version it gave
    entry_id: int | None
    page: Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What cleaning a page again came to; lengths are of the text, in characters."""

    outcome: Recleaning
    page_id: int
    article_id: int | None
    source: str | None
    title: str | None
    before: int = 0
    after: int = 0
    reason: str | None = None  # why the page gives no article now


def count(conn: sqlite3.Connection, wanted: Wanted, after: int) -> int:
    """Count the pages to be cleaned whose numbers are higher than `after`."""
    condition, values = _condition(wanted)
    return int(
        conn.execute(f"SELECT count(*) {_PAGES} AND p.id > ?{condition}", [after, *values]).fetchone()[0]
    )


def pages(conn: sqlite3.Connection, wanted: Wanted, after: int, limit: int) -> list[Kept]:
    """Read the next pages to be cleaned, in the order of their numbers."""
    condition, values = _condition(wanted)
    rows = conn.execute(
        f"{_ROW} {_PAGES} AND p.id > ?{condition} ORDER BY p.id LIMIT ?",
        [after, *values, limit],
    )
    return [_kept(conn, row) for row in rows.fetchall()]


def stale(conn: sqlite3.Connection, limit: int) -> list[Kept]:
    """Read pages of articles whose site was found to repeat something that they hold."""
    rows = conn.execute(
        f"{_ROW} FROM site_articles s JOIN articles a ON a.id = s.article_id JOIN pages p ON p.id = a.page_id"
        " LEFT JOIN entries e ON e.id = p.entry_id WHERE s.state <> 'weighed' AND s.state = 'stale'"
        " ORDER BY a.id LIMIT ?",
        [limit],
    )
    return [_kept(conn, row) for row in rows.fetchall()]


def compare(old: Mapping[str, Any] | sqlite3.Row | None, clipping: Clipping) -> Recleaning:
    """Decide what a page's fresh article is next to the stored one; None: there is none."""
    if clipping.article is None:
        return "rejected" if old else "unchanged"
    verdict = clippings.verdict(old, clipping.article)
    if old is None or verdict != "unchanged":
        return verdict
    row = _placed(clipping.article, old)
    return "unchanged" if all(row[column.name] == old[column.name] for column in COLUMNS) else "fields"


def outcome(conn: sqlite3.Connection, kept: Kept, clipping: Clipping) -> Change:
    """Say what writing this would come to; writes nothing."""
    old, taken = _old(conn, kept, clipping)
    now = clipping.article
    return Change(
        outcome="unchanged" if taken else compare(old, clipping),
        page_id=kept.page_id,
        article_id=kept.article_id,
        source=kept.page.source,
        title=now.title if now else old["title"] if old else None,
        before=len(old["text"]) if old else 0,
        after=len(now.text) if now else 0,
        reason=clipping.reason,
    )


def write(
    conn: sqlite3.Connection, kept: Kept, clipping: Clipping, at: str, index: fulltext.Changes
) -> Change:
    """Write what cleaning a page again gave.

    Args:
        conn: the store.
        kept: the page as it was read.
        clipping: what came of it.
        at: now.
        index: notes what changes in it.
    """
    change = outcome(conn, kept, clipping)
    if change.outcome == "new":
        saved = clippings.save(conn, clippings.prepare(clipping), index)
        # Another address of an article that is here makes no new one.
        outcome_now: Recleaning = "new" if saved.outcome == "new" else "unchanged"
        return replace(change, outcome=outcome_now, article_id=saved.article_id)
    if kept.article_id is None:
        return change
    if clipping.article is not None and change.outcome != "unchanged":
        _replace(conn, kept, clipping.article, change.outcome, at, index)
    if clipping.fingerprints and change.outcome != "worse":
        clippings.recognise(conn, kept.article_id, clipping.fingerprints)
    else:
        sites.settle(conn, kept.article_id)
    return change


def _replace(
    conn: sqlite3.Connection,
    kept: Kept,
    article: Article,
    outcome: Recleaning,
    at: str,
    index: fulltext.Changes,
) -> None:
    old = conn.execute("SELECT * FROM articles WHERE id = ?", [kept.article_id]).fetchone()
    row = _placed(article, old) | {"id": kept.article_id, "page_id": kept.page_id}
    if outcome == "worse":
        clippings.revise(conn, row, "worse", at)
        return
    if outcome == "updated":
        clippings.revise(conn, old, "recleaned", at)
    clippings.write(conn, index, fulltext.words(row), row, old)


def _old(conn: sqlite3.Connection, kept: Kept, clipping: Clipping) -> tuple[sqlite3.Row | None, bool]:
    """Find the article as it stands, and whether it is another page's: the address is taken."""
    if kept.article_id is not None:
        row = conn.execute("SELECT * FROM articles WHERE id = ?", [kept.article_id]).fetchone()
        return row, False
    if clipping.article is None:
        return None, False
    key = storable(clipping.article.url_key)
    row = conn.execute("SELECT * FROM articles WHERE url_key = ?", [key]).fetchone()
    return row, row is not None


def _placed(article: Article, old: Mapping[str, Any] | sqlite3.Row) -> dict[str, Any]:
    """Make the row of a fresh article in the place of the old one."""
    row = clippings.labelled(to_row(article), old)
    return row | {name: old[name] for name in _OF_THE_STORE}


def _condition(wanted: Wanted) -> tuple[str, list[str]]:
    condition, values = "", []
    if wanted.source is not None:
        condition += " AND p.source = ?"
        values.append(storable(wanted.source))
    if wanted.since is not None:
        condition += " AND p.fetched_at >= ?"
        values.append(wanted.since)
    return condition, values


def _kept(conn: sqlite3.Connection, row: sqlite3.Row) -> Kept:
    page = to_page(row, _READ_ENTRY.decode(row["entry"]) if row["entry"] else None)
    # A page that changed has several rows, of which SQLite gives that of the maximum.
    parts = conn.execute(
        "SELECT *, max(fetched_at) FROM pages WHERE part_of = ? GROUP BY part ORDER BY part", [row["id"]]
    )
    return Kept(
        page_id=row["id"],
        article_id=row["current"],
        entry_id=row["entry_id"],
        page=replace(page, parts=tuple(map(to_page, parts))),
    )
