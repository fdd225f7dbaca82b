"""Pages from archives: old ones, come late. The caller holds the transaction.

What a crawl brings is always the newest version. An archive may hold versions older than what is stored: such a one
never replaces it and becomes a revision, once. Importing the same archive again changes nothing.
"""

import sqlite3

from storage import clippings, fulltext
from storage.clippings import Prepared
from storage.records import SaveResult


def take_in(conn: sqlite3.Connection, prepared: Prepared, index: fulltext.Changes) -> SaveResult:
    """Write what became of one page of an archive; a page that gives no article leaves nothing: the archive has it."""
    clipping, row = prepared.clipping, prepared.row
    if clipping.article is None or row is None:
        return SaveResult(outcome=clipping.state)
    old = conn.execute("SELECT * FROM articles WHERE url_key = ?", [row["url_key"]]).fetchone()
    if old is None or clipping.article.fetched_at > _known_to(conn, old):
        return clippings.save(conn, prepared, index)
    number = int(old["id"])
    if clippings.verdict(old, clipping.article) == "unchanged" or _is_kept(conn, number, row["content_hash"]):
        return SaveResult(outcome="unchanged", article_id=number)
    version = row | {"id": number, "page_id": _keep_page(conn, prepared, number)}
    clippings.revise(conn, version, "replaced", row["fetched_at"])
    return SaveResult(outcome="older", article_id=number)


def _known_to(conn: sqlite3.Connection, article: sqlite3.Row) -> str:
    """Find the last moment at which the current version is known to have stood on its page."""
    seen = conn.execute(
        "SELECT max(fetched_at) FROM pages WHERE article_id = ?1 AND (id = ?2 OR id NOT IN"
        " (SELECT page_id FROM revisions WHERE article_id = ?1 AND page_id IS NOT NULL))",
        [article["id"], article["page_id"]],
    ).fetchone()[0]
    return max(seen or "", str(article["fetched_at"]))


def _is_kept(conn: sqlite3.Connection, article_id: int, content_hash: str) -> bool:
    found = conn.execute(
        "SELECT EXISTS (SELECT 1 FROM revisions WHERE article_id = ? AND content_hash = ?)",
        [article_id, content_hash],
    )
    return bool(found.fetchone()[0])


def _keep_page(conn: sqlite3.Connection, prepared: Prepared, article_id: int) -> int | None:
    """Keep the raw page, unless its bytes are there already: that row may know of a later fetch."""
    [(page, body_hash, _), *_] = prepared.pages
    same = conn.execute(
        "SELECT id FROM pages WHERE url = ? AND body_hash = ?", [page.url, body_hash]
    ).fetchone()
    return int(same["id"]) if same else clippings.keep_pages(conn, prepared, article_id)
