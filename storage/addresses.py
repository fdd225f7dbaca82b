"""One article under several addresses: its AMP, mobile and print pages. The caller holds the transaction.

What a page calls canonical is a hint, for sites get it wrong: all pages name the first one, or two name each other. It is
believed where the texts agree.

    an address that names another one, whose text is here   it is a further address of that article
    an address that articles here name, with their text     it becomes the article's own
"""

import sqlite3

from pressclip.likeness import same_text
from pressclip.models import Fingerprints
from storage import sketches
from storage.text import storable


def find(
    conn: sqlite3.Connection, url_key: str, fingerprints: Fingerprints | None
) -> tuple[sqlite3.Row | None, bool]:
    """Find the article that a page at an unknown address shows, and whether this address is to be its own from now on.

    Args:
        conn: the store.
        url_key: identity of the address; no article has it.
        fingerprints: of the page.
    """
    if fingerprints is None or fingerprints.sketch is None:
        return None, False
    claimed = fingerprints.alias and storable(fingerprints.alias)
    rows = conn.execute(
        "SELECT id FROM articles WHERE url_key = ?2 UNION SELECT article_id FROM addresses WHERE url_key IN (?1, ?2)",
        [url_key, claimed],
    )
    for kept in sketches.read(conn, [number for [number] in rows]):
        if same_text(kept.sketch, fingerprints.sketch):
            row = conn.execute("SELECT * FROM articles WHERE id = ?", [kept.article_id]).fetchone()
            return row, claimed is None
    return None, False


def note(conn: sqlite3.Connection, url_key: str | None, article_id: int) -> None:
    """Write down a further address of an article, or one that its page claims; the first article to do so has it."""
    if url_key is not None:
        conn.execute(
            "INSERT INTO addresses (url_key, article_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [storable(url_key), article_id],
        )


def move(conn: sqlite3.Connection, old: sqlite3.Row, url_key: str) -> None:
    """Free an address for the article that gets it; the one it had until now stays known."""
    conn.execute("DELETE FROM addresses WHERE url_key = ?", [url_key])
    note(conn, old["url_key"], old["id"])
