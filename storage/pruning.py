"""What may go from the store, and letting it go: a bounded number of rows at a time. The caller holds the transaction.

An entry whose article goes stays, `done` and `pruned`: the next crawl knows it, and does not fetch it again. Whatever is
made of articles goes with them, their raw pages too: `reclean` would bring them back. An article or revision whose raw
page goes stays as it is, and cannot be cleaned again.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from pressclip.errors import StoreError
from pressclip.retention import Retention
from storage import fulltext, moments, sites, stories
from storage.text import to_json

Kind = Literal["articles", "rejected pages", "pages", "runs"]

#: Why an entry is `done` without an article.
PRUNED = "pruned"
_ARTICLES = 100  # in one transaction
_ROWS = 1000  # of other tables

# The article with the highest number stays until there is a newer one: numbers are not given twice.
_OLD_ARTICLES = "FROM articles WHERE sort_key < ? AND id < (SELECT max(id) FROM articles)"
_OLD_REJECTED = "FROM pages INDEXED BY pages_rejected WHERE article_id IS NULL AND fetched_at < ?"
_OLD_PAGES = "FROM pages INDEXED BY pages_fetched WHERE fetched_at < ?"
_ALL_PAGES = "FROM pages INDEXED BY pages_fetched"
_OLD_RUNS = "FROM runs WHERE started_at < ? AND (finished_at IS NOT NULL OR outcome IS NOT NULL)"
_SIZED = "count(*), coalesce(sum(length(body)), 0)"


@dataclass(frozen=True, slots=True)
class Share:
    """What goes of one kind: rows, and bytes of raw pages."""

    kind: Kind
    rows: int
    size: int = 0


def plan(conn: sqlite3.Connection, wanted: Retention) -> list[Share]:
    """Count what may go; a page that two rules let go is counted by both."""
    shares: list[Share] = []

    def count(kind: Kind, sql: str, *values: object) -> None:
        rows, size = conn.execute(sql, values).fetchone()
        if rows:
            shares.append(Share(kind, rows, size))

    if wanted.articles_before is not None:
        count("articles", f"SELECT count(*), 0 {_OLD_ARTICLES}", moments.first_key(wanted.articles_before))
    if wanted.rejected_before is not None:
        count("rejected pages", f"SELECT {_SIZED} {_OLD_REJECTED}", wanted.rejected_before)
    if wanted.pages_before is not None:
        count("pages", f"SELECT {_SIZED} {_OLD_PAGES}", wanted.pages_before)
    if wanted.pages_size is not None:
        surplus = _surplus(conn, wanted.pages_size)
        if surplus.rows:
            shares.append(Share("pages", surplus.rows, surplus.size))
    if wanted.runs_before is not None:
        count("runs", f"SELECT count(*), 0 {_OLD_RUNS}", wanted.runs_before)
    return shares


def steps(wanted: Retention) -> Iterator[Callable[[sqlite3.Connection], Share]]:
    """Give what is to be done: each is called, a transaction each time, until it let go of nothing."""
    if (before := wanted.articles_before) is not None:
        yield lambda conn: _articles(conn, moments.first_key(before))
    if (rejected := wanted.rejected_before) is not None:
        yield lambda conn: _pages(conn, "rejected pages", _OLD_REJECTED, rejected)
    if (fetched := wanted.pages_before) is not None:
        yield lambda conn: _pages(conn, "pages", _OLD_PAGES, fetched)
    if (size := wanted.pages_size) is not None:
        yield _sized(size)
    if (started := wanted.runs_before) is not None:
        yield lambda conn: _runs(conn, started)


@contextmanager
def unchecked(conn: sqlite3.Connection) -> Iterator[None]:
    """Let rows go without SQLite looking for what refers to them: `site_blocks` has no index for that.

    What refers to an article is deleted with it, here; `pressclip doctor` looks whether that is so.
    """
    conn.execute("PRAGMA foreign_keys = OFF")
    # Debian's SQLite writes zeros over what is deleted: as many pages again as go.
    conn.execute("PRAGMA secure_delete = FAST")
    try:
        yield
    finally:
        conn.execute("PRAGMA foreign_keys = ON")


def free(conn: sqlite3.Connection) -> int:
    """Count the bytes inside the file that hold nothing."""
    [pages], [size] = (conn.execute(f"PRAGMA {name}").fetchone() for name in ("freelist_count", "page_size"))
    return int(pages) * int(size)


def vacuum(conn: sqlite3.Connection, path: Path) -> int:
    """Write the file anew without what is free in it; return by how many bytes it is smaller.

    Raises:
        StoreError: the disk has no room for the second file and the log that SQLite makes meanwhile.
    """
    before = path.stat().st_size
    needed, there = 2 * (before - free(conn)), shutil.disk_usage(path.parent).free
    if there < needed:
        raise StoreError(
            f"{path}: giving space back needs {needed // 10**6} MB free on its disk, {there // 10**6} MB are;"
            " nothing is lost without it: later articles are written into the space"
        )
    conn.execute("VACUUM")
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return before - path.stat().st_size


def _articles(conn: sqlite3.Connection, key: int) -> Share:
    rows = conn.execute(f"SELECT * {_OLD_ARTICLES} ORDER BY sort_key LIMIT ?", [key, _ARTICLES]).fetchall()
    for row in rows:
        stories.forget(conn, row["id"])
        sites.forget(conn, row["id"])
    for row in rows:  # without another change between: see fulltext.Changes
        fulltext.forget(conn, row)
    numbers = to_json([row["id"] for row in rows])
    among = "IN (SELECT value FROM json_each(?1))"
    pages = [
        row["id"]
        for row in conn.execute(
            f"SELECT id FROM pages WHERE article_id {among}"  # noqa: S608 - a constant
            f" UNION SELECT id FROM pages WHERE entry_id IN (SELECT id FROM entries WHERE article_id {among})",
            [numbers],
        )
    ]
    size = delete_pages(conn, pages)
    conn.execute(
        "UPDATE entries SET article_id = NULL, reason = ?2, entry = json_remove(entry, '$.content', '$.summary')"  # noqa: S608 - a constant
        f" WHERE article_id {among}",
        [numbers, PRUNED],
    )
    conn.execute(f"DELETE FROM revisions WHERE article_id {among}", [numbers])  # noqa: S608 - a constant
    conn.execute(f"DELETE FROM addresses WHERE article_id {among}", [numbers])  # noqa: S608 - a constant
    conn.execute(f"DELETE FROM articles WHERE id {among}", [numbers])  # noqa: S608 - a constant
    return Share("articles", len(rows), size)


def _pages(conn: sqlite3.Connection, kind: Kind, where: str, before: str) -> Share:
    rows = conn.execute(f"SELECT id {where} ORDER BY fetched_at LIMIT ?", [before, _ROWS]).fetchall()
    return Share(kind, len(rows), delete_pages(conn, [row["id"] for row in rows]))


def _sized(size: int) -> Callable[[sqlite3.Connection], Share]:
    """Keep the newest pages of so many bytes; where they begin is found once, not before each step."""
    found: list[_Surplus] = []

    def step(conn: sqlite3.Connection) -> Share:
        if not found:
            found.append(_surplus(conn, size))
        last = found[0]
        if not last.rows:
            return Share("pages", 0)
        rows = conn.execute(
            f"SELECT id {_ALL_PAGES} WHERE (fetched_at, id) <= (?, ?) ORDER BY fetched_at, id LIMIT ?",
            [last.fetched_at, last.number, _ROWS],
        ).fetchall()
        return Share("pages", len(rows), delete_pages(conn, [row["id"] for row in rows]))

    return step


class _Surplus(NamedTuple):
    """The oldest pages that are too much: how many, how large, and which is the newest of them."""

    rows: int
    size: int
    fetched_at: str
    number: int


def _surplus(conn: sqlite3.Connection, size: int) -> _Surplus:
    left = conn.execute(f"SELECT sum(length(body)) {_ALL_PAGES}").fetchone()[0] or 0
    found = _Surplus(0, 0, "", 0)
    for number, fetched_at, length in conn.execute(
        f"SELECT id, fetched_at, length(body) {_ALL_PAGES} ORDER BY fetched_at, id"
    ):
        if left <= size:
            break
        left -= length
        found = _Surplus(found.rows + 1, found.size + length, fetched_at, number)
    return found


def _runs(conn: sqlite3.Connection, before: str) -> Share:
    numbers = [
        row["id"] for row in conn.execute(f"SELECT id {_OLD_RUNS} ORDER BY id LIMIT ?", [before, _ROWS])
    ]
    for table, column in (("run_sources", "run_id"), ("runs", "id")):
        conn.execute(
            f"DELETE FROM {table} WHERE {column} IN (SELECT value FROM json_each(?))",  # noqa: S608 - names of our own
            [to_json(numbers)],
        )
    return Share("runs", len(numbers))


def delete_pages(conn: sqlite3.Connection, numbers: Sequence[int]) -> int:
    """Delete raw pages, each with the others of its article's parts; return their size in bytes."""
    first = conn.execute(
        "SELECT DISTINCT coalesce(part_of, id) AS id FROM pages WHERE id IN (SELECT value FROM json_each(?))",
        [to_json(numbers)],
    ).fetchall()
    firsts = [row["id"] for row in first]
    parts = conn.execute(
        "SELECT id FROM pages WHERE part_of IN (SELECT value FROM json_each(?))", [to_json(firsts)]
    ).fetchall()
    together = to_json([*firsts, *(row["id"] for row in parts)])
    among = "IN (SELECT value FROM json_each(?))"
    [size] = conn.execute(
        f"SELECT coalesce(sum(length(body)), 0) FROM pages WHERE id {among}",  # noqa: S608 - a constant
        [together],
    ).fetchone()
    conn.execute(
        "UPDATE site_articles SET state = 'weighed' WHERE state <> 'weighed' AND state = 'stale'"  # noqa: S608 - a constant
        f" AND article_id IN (SELECT id FROM articles WHERE page_id {among})",
        [together],
    )
    for table in ("articles", "revisions"):
        conn.execute(f"UPDATE {table} SET page_id = NULL WHERE page_id {among}", [together])  # noqa: S608 - names of our own
    conn.execute(f"DELETE FROM pages WHERE id {among}", [together])  # noqa: S608 - a constant
    return int(size)
