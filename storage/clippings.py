"""Storing what became of queued entries: article, revision, page, index and entry state, row by row.

The caller holds the transaction. What costs time (compressing, splitting into words) is done before it begins:
`prepare` is pure, `save` only writes.
"""

import hashlib
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
import zstandard

from pressclip.models import Article, Clipping, Fingerprints, Page
from storage import addresses, fulltext, moments, sites, stories
from storage.columns import COLUMNS, to_row
from storage.records import SaveOutcome, SaveResult
from storage.text import storable, to_json

_WORSE = 0.5  # a text under this share of the old length is believed to be a failure of ours or of the page
_LEVEL = 3  # 0.4 ms a page at a fifth of its size; higher levels cost time and gain little
_REFUSED = 400  # statuses from here on have no page worth keeping

_INSERT_ARTICLE = (
    f"INSERT INTO articles (id, sort_key, page_id, {', '.join(column.name for column in COLUMNS)})"  # noqa: S608 - names of our own
    f" VALUES (:id, :sort_key, :page_id, {', '.join(f':{column.name}' for column in COLUMNS)})"
)
_UPDATE_ARTICLE = (
    "UPDATE articles SET sort_key = :sort_key, page_id = :page_id,"  # noqa: S608 - names of our own
    f" {', '.join(f'{column.name} = :{column.name}' for column in COLUMNS)} WHERE id = :id"
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A clipping with all that can be made of it outside the transaction."""

    clipping: Clipping
    row: dict[str, Any] | None  # of `articles`
    indexed: tuple[str, str] | None  # title and text as the index holds them
    pages: tuple[
        tuple[Page, str, bytes], ...
    ]  # each with its body's hash and its body, compressed; the first one first


def prepare(clipping: Clipping) -> Prepared:
    """Compress the page and split the text, ahead of the transaction."""
    article, page = clipping.article, clipping.page
    keep = (page, *page.parts) if page and page.status < _REFUSED else ()
    row = to_row(article) if article else None
    return Prepared(
        clipping,
        row,
        # What is stored, not what came: the index can only forget what can be made again from the row.
        fulltext.words(row) if row else None,
        tuple(
            (each, hashlib.sha256(each.body).hexdigest(), zstandard.compress(each.body, level=_LEVEL))
            for each in keep
        ),
    )


def verdict(
    old: Mapping[str, Any] | sqlite3.Row | None, new: Article
) -> Literal["new", "updated", "unchanged", "worse"]:
    """Decide what a fresh version is next to the stored one."""
    if old is None:
        return "new"
    if old["content_hash"] == new.content_hash:
        return "unchanged"
    return "worse" if len(new.text) < len(old["text"]) * _WORSE else "updated"


def save(conn: sqlite3.Connection, prepared: Prepared, index: fulltext.Changes) -> SaveResult:
    """Write one clipping; what changes in the index is noted."""
    clipping, row = prepared.clipping, prepared.row
    article_id: int | None = None
    outcome: SaveOutcome = "unchanged" if clipping.state == "done" else clipping.state
    if clipping.article is None or row is None:
        keep_pages(conn, prepared, None)
        if clipping.state == "done":  # the server said that the page did not change
            article_id = _article_of(conn, clipping.entry_id)
    else:
        outcome, article_id = _save_article(conn, prepared, row, clipping.article, index)
    if clipping.entry_id is not None:
        _settle(conn, clipping, article_id)
    return SaveResult(outcome=outcome, article_id=article_id)


def _save_article(
    conn: sqlite3.Connection,
    prepared: Prepared,
    row: dict[str, Any],
    article: Article,
    index: fulltext.Changes,
) -> tuple[SaveOutcome, int]:
    known_by = prepared.clipping.fingerprints
    old = conn.execute("SELECT * FROM articles WHERE url_key = ?", [row["url_key"]]).fetchone()
    elsewhere, moves = addresses.find(conn, row["url_key"], known_by) if old is None else (None, False)
    if elsewhere and not moves:
        article_id = int(elsewhere["id"])
        keep_pages(conn, prepared, article_id)
        addresses.note(conn, row["url_key"], article_id)
        return "unchanged", article_id
    old = old or elsewhere
    outcome = verdict(old, article)
    article_id = int(old["id"]) if old else next_id(conn)
    placed = row | {"id": article_id, "page_id": keep_pages(conn, prepared, article_id)}
    if outcome == "worse":
        revise(conn, placed, "worse", row["fetched_at"])
        return outcome, article_id
    if elsewhere:
        addresses.move(conn, elsewhere, row["url_key"])
        placed |= {name: elsewhere[name] for name in ("source", "topics") if elsewhere["source"]}
    if old and outcome != "unchanged":
        revise(conn, old, "replaced", row["fetched_at"])
    if elsewhere or outcome != "unchanged":
        write(conn, index, prepared.indexed, _without_losses(placed, old) if old else placed, old)
    if known_by:
        recognise(conn, article_id, known_by)
    return outcome, article_id


def recognise(conn: sqlite3.Connection, article_id: int, known_by: Fingerprints) -> None:
    """Keep what the current version of an article is known again by, and find its copies."""
    sites.keep(conn, article_id, known_by)
    addresses.note(conn, known_by.alias, article_id)
    if known_by.sketch:
        stories.place(conn, article_id, known_by.sketch)


def _article_of(conn: sqlite3.Connection, entry_id: int | None) -> int | None:
    row = conn.execute("SELECT article_id FROM entries WHERE id = ?", [entry_id]).fetchone()
    return row["article_id"] if row else None


def next_id(conn: sqlite3.Connection) -> int:
    """Number a new article: its page is written first and must name it."""
    return int(conn.execute("SELECT coalesce(max(id), 0) + 1 FROM articles").fetchone()[0])


def write(
    conn: sqlite3.Connection,
    index: fulltext.Changes,
    indexed: tuple[str, str] | None,
    row: dict[str, Any],
    old: Mapping[str, Any] | sqlite3.Row | None,
) -> None:
    """Write a version that becomes the current one, in the table, and note it for the index."""
    if old:
        index.forget(old)
    row = row | {"sort_key": sort_key(conn, row, old)}
    conn.execute(_UPDATE_ARTICLE if old else _INSERT_ARTICLE, row)
    index.add(row, indexed)


def _without_losses(row: dict[str, Any], old: sqlite3.Row) -> dict[str, Any]:
    """Keep what the version before knew and this one does not: a one-off fetch has no feed to say topics or date."""
    known = {
        column.name: old[column.name]
        for column in COLUMNS
        if column.has_default and row[column.name] == column.default and column.name != "topics"
    }
    return labelled(row, old) | known


def labelled(row: dict[str, Any], old: Mapping[str, Any] | sqlite3.Row) -> dict[str, Any]:
    """Keep the source of an article, and the labels it gave, in a version that came without one."""
    if row["source"] is not None:
        return row
    topics = [*msgspec.json.decode(old["topics"]), *msgspec.json.decode(row["topics"])]
    return row | {"source": old["source"], "topics": to_json(list(dict.fromkeys(topics)))}


def sort_key(
    conn: sqlite3.Connection, row: Mapping[str, Any], old: Mapping[str, Any] | sqlite3.Row | None
) -> int:
    """Find a free place in the second of the article; a version of the same second keeps its own."""
    base = moments.sort_base(row["published_at"], row["fetched_at"])
    if old and base <= old["sort_key"] < base + moments.PER_SECOND:
        return int(old["sort_key"])
    last = conn.execute(
        "SELECT max(sort_key) FROM articles WHERE sort_key >= ? AND sort_key < ?",
        [base, base + moments.PER_SECOND],
    ).fetchone()[0]
    return base if last is None else int(last) + 1


def revise(
    conn: sqlite3.Connection,
    version: Mapping[str, Any] | sqlite3.Row,
    why: Literal["replaced", "recleaned", "worse"],
    recorded_at: str,
) -> None:
    """Keep another version of an article; a poor one that comes again is kept once."""
    conn.execute(
        "INSERT INTO revisions (article_id, recorded_at, why, title, text, markdown, content_hash, fetched_at, page_id)"
        " SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE ?3 <> 'worse' OR NOT EXISTS"
        " (SELECT 1 FROM revisions WHERE article_id = ?1 AND why = ?3 AND content_hash = ?7)",
        [
            version["id"],
            recorded_at,
            why,
            *(
                version[name]
                for name in ("title", "text", "markdown", "content_hash", "fetched_at", "page_id")
            ),
        ],
    )


def keep_pages(conn: sqlite3.Connection, prepared: Prepared, article_id: int | None) -> int | None:
    """Keep the raw page and those that continue it; the number of the first. None: there is none to keep."""
    first: int | None = None
    for part, (page, body_hash, body) in enumerate(prepared.pages, 1):
        place = (prepared.clipping.entry_id, article_id, first, part)
        number = _keep_page(conn, page, body_hash, body, place)
        first = first or number
    return first


def _keep_page(
    conn: sqlite3.Connection,
    page: Page,
    body_hash: str,
    body: bytes,
    place: tuple[int | None, int | None, int | None, int],
) -> int:
    """Keep one raw page; the same body again only renews the row that holds it.

    `place` is its entry, its article, the page that it continues, and which page of the article it is.
    """
    url, etag, last_modified = (text and storable(text) for text in (page.url, page.etag, page.last_modified))
    same = conn.execute("SELECT id FROM pages WHERE url = ? AND body_hash = ?", [url, body_hash]).fetchone()
    if same:
        conn.execute(
            "UPDATE pages SET fetched_at = ?, etag = ?, last_modified = ?, entry_id = coalesce(?, entry_id),"
            " article_id = coalesce(?, article_id), part_of = ?, part = ? WHERE id = ?",
            [page.fetched_at, etag, last_modified, *place, same["id"]],
        )
        return int(same["id"])
    cursor = conn.execute(
        "INSERT INTO pages (entry_id, article_id, part_of, part, source, url, final_url, status, content_type,"
        " fetched_at, etag, last_modified, body_hash, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            *place,
            page.source,
            url,
            storable(page.final_url),
            page.status,
            page.content_type and storable(page.content_type),
            page.fetched_at,
            etag,
            last_modified,
            body_hash,
            body,
        ],
    )
    return int(cursor.lastrowid or 0)


def _settle(conn: sqlite3.Connection, clipping: Clipping, article_id: int | None) -> None:
    """Move the entry to its new state; put back untried, it keeps its count of attempts."""
    tried = clipping.state != "waiting"
    conn.execute(
        "UPDATE entries SET state = ?, attempts = attempts + ?, reason = ?, retry_at = ?,"
        " last_tried_at = coalesce(?, last_tried_at), article_id = coalesce(?, article_id) WHERE id = ?",
        [
            clipping.state,
            tried,
            clipping.reason and storable(clipping.reason),
            clipping.retry_at,
            clipping.page.fetched_at if clipping.page else clipping.tried_at,
            article_id,
            clipping.entry_id,
        ],
    )
