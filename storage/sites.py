"""What the store remembers of each site's repeated blocks. The caller holds the transaction.

An article's fingerprints are kept as `new`, a row an article; `weigh` takes them up, counts, in how many stories of its site each of them stood, and
marks as `stale` the articles whose cleaning that changes. What is common depends on the articles, not on their order.
"""

import sqlite3
import struct
from collections.abc import Callable, Sequence

from pressclip.models import Fingerprints
from storage.text import to_json

_PENDING = "state <> 'weighed' AND state ="  # the first half is what SQLite knows the small index by


def keep(conn: sqlite3.Connection, article_id: int, fingerprints: Fingerprints) -> None:
    """Remember the blocks of an article's current version, which was cleaned by what is common now."""
    packed = struct.pack(f"<{len(fingerprints.blocks)}q", *fingerprints.blocks)
    old = conn.execute(
        "SELECT site, blocks, state FROM site_articles WHERE article_id = ?", [article_id]
    ).fetchone()
    if old and (old["site"], old["blocks"]) == (fingerprints.site, packed):
        if old["state"] == "stale":
            conn.execute("UPDATE site_articles SET state = 'weighed' WHERE article_id = ?", [article_id])
        return
    if old and old["state"] != "new":
        _forget(conn, article_id, _unpack(old["blocks"]))
    # Not INSERT OR REPLACE: SQLite marks a place to roll back to, at which FTS5 writes out all it has gathered.
    conn.execute(
        "UPDATE site_articles SET site = ?2, blocks = ?3, state = 'new' WHERE article_id = ?1"
        if old
        else "INSERT INTO site_articles (article_id, site, blocks, state) VALUES (?1, ?2, ?3, 'new')",
        [article_id, fingerprints.site, packed],
    )


def forget(conn: sqlite3.Connection, article_id: int) -> None:
    """Forget the blocks of an article: before it is deleted."""
    row = conn.execute(
        "SELECT blocks, state FROM site_articles WHERE article_id = ?", [article_id]
    ).fetchone()
    if row and row["state"] != "new":
        _forget(conn, article_id, _unpack(row["blocks"]))
    conn.execute("DELETE FROM site_articles WHERE article_id = ?", [article_id])


def common(conn: sqlite3.Connection, site: str) -> frozenset[int]:
    """Recall the blocks that are a site's own."""
    rows = conn.execute("SELECT block FROM site_common WHERE site = ?", [site])
    return frozenset(row[0] for row in rows)


def weigh(conn: sqlite3.Connection, enough: Callable[[int], int]) -> int:
    """Count what is new, and mark the articles that must be cleaned again.

    Args:
        conn: the store.
        enough: says in how many stories a block must stand, on a site with so many articles.

    Returns:
        How many articles are to be cleaned again, those of earlier runs that were cut short included.
    """
    for [site] in conn.execute(f"SELECT DISTINCT site FROM site_articles WHERE {_PENDING} 'new'").fetchall():  # noqa: S608 - words of our own
        rows = conn.execute(
            f"SELECT article_id, blocks FROM site_articles WHERE {_PENDING} 'new' AND site = ?",  # noqa: S608 - as above
            [site],
        )
        fresh = [(number, _unpack(blocks)) for number, blocks in rows]
        # Sorted: the table is in the order of blocks, and so each of its pages is written once.
        places = sorted((block, blocks[0], number) for number, blocks in fresh for block in blocks)
        conn.executemany("INSERT INTO site_blocks (block, story, article_id) VALUES (?, ?, ?)", places)
        before = common(conn, site)
        articles = conn.execute("SELECT count(*) FROM site_articles WHERE site = ?", [site]).fetchone()[0]
        needed = enough(articles)
        now = _common_now(conn, {place[0] for place in places} | before, needed)
        conn.execute(
            f"UPDATE site_articles SET state = 'weighed' WHERE {_PENDING} 'new' AND site = ?",  # noqa: S608 - as above
            [site],
        )
        _change(conn, site, before, now)
    return int(conn.execute(f"SELECT count(*) FROM site_articles WHERE {_PENDING} 'stale'").fetchone()[0])  # noqa: S608 - as above


def settle(conn: sqlite3.Connection, article_id: int) -> None:
    """Note that an article was cleaned again, or cannot be."""
    conn.execute(
        "UPDATE site_articles SET state = 'weighed' WHERE article_id = ? AND state = 'stale'", [article_id]
    )


def _common_now(conn: sqlite3.Connection, blocks: set[int], needed: int) -> set[int]:
    """Choose the blocks that stood in so many stories; of a common one no more than these are counted."""
    rows = conn.execute(
        "SELECT value FROM json_each(?1) WHERE ?2 <="
        " (SELECT count(*) FROM (SELECT DISTINCT story FROM site_blocks WHERE block = value LIMIT ?2))",
        [to_json(sorted(blocks)), needed],
    )
    return {block for [block] in rows}


def _change(conn: sqlite3.Connection, site: str, before: frozenset[int], now: set[int]) -> None:
    conn.executemany("INSERT INTO site_common (block, site) VALUES (?, ?)", [(b, site) for b in now - before])
    conn.executemany("DELETE FROM site_common WHERE block = ?", [(b,) for b in before - now])
    conn.executemany(
        "UPDATE site_articles SET state = 'stale' WHERE article_id IN (SELECT b.article_id FROM site_blocks b"
        " JOIN articles a ON a.id = b.article_id WHERE b.block = ? AND a.page_id IS NOT NULL)",
        [(b,) for b in before ^ now],
    )


def _forget(conn: sqlite3.Connection, article_id: int, blocks: Sequence[int]) -> None:
    conn.executemany(
        "DELETE FROM site_blocks WHERE block = ? AND story = ? AND article_id = ?",
        [(block, blocks[0], article_id) for block in blocks],
    )


def _unpack(packed: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(packed) // 8}q", packed)
