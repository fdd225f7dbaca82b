"""The frontier: is an item of a feed new, known or updated? And which entries are due?

Identity is the URL key, over all sources (one article in two feeds is fetched once), else the guid within its
source (a feed that gives an article a new address means the same article).
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from pressclip.models import EntryState, FeedEntry, Queued
from storage.records import PollResult
from storage.text import storable, to_json

#: Entries without a usable address that are kept of one source: enough to see what is wrong. The others are only counted.
MOST_BAD = 200

Standing = Literal["new", "updated", "known", "bad_url"]

_READ_ENTRY = msgspec.json.Decoder(FeedEntry)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store remembers of an entry, as far as deciding needs it."""

    id: int
    source: str | None
    guid: str
    url_key: str | None
    state: EntryState
    updated_at: str | None
    updated_raw: str | None


def identity(entry: FeedEntry) -> str | None:
    """Name the article behind an entry; None: it cannot be fetched."""
    return storable(entry.url_key or entry.url) if entry.url else None


def standing(entry: FeedEntry, known: Known | None, source: str | None) -> Standing:
    """Decide what an item of a source's feed is, next to the entry that the store has for it.

    An update counts only from the feed that the entry came from, and only if the feed's date moved on: two
    feeds, or two items with one address, would else take turns and have the article fetched at each poll.

    >>> item = FeedEntry(guid="1", url="https://example.com/1", updated_at="2026-11-22T10:00:00Z")
    >>> standing(item, None, "example")
    'new'
    """
    key = identity(entry)
    if known is None:
        return "new" if key else "bad_url"
    if known.url_key is None:
        return "updated" if key else "known"
    if key != known.url_key or known.source != source or known.state == "gone":
        return "known"
    # An address and nothing else (of a sitemap): a list stays one, whenever it changes.
    bare = not (entry.title or entry.summary or entry.content)
    if (bare and known.state == "rejected") or not entry.updated_raw:
        return "known"
    if entry.updated_at and known.updated_at and entry.updated_at <= known.updated_at:
        return "known"
    return "known" if storable(entry.updated_raw) == known.updated_raw else "updated"


def one_each(entries: Iterable[FeedEntry]) -> list[FeedEntry]:
    """Keep of items with one address (without one: one guid) the one updated last, in the order of the feed."""
    chosen: dict[tuple[str, str], FeedEntry] = {}
    for entry in entries:
        key = identity(entry)
        name = ("url", key) if key else ("guid", storable(entry.guid))
        rival = chosen.get(name)
        if rival is None or (entry.updated_at or "") > (rival.updated_at or ""):
            chosen[name] = entry
    return list(chosen.values())


def find_known(
    conn: sqlite3.Connection, entries: Sequence[FeedEntry], source: str | None
) -> tuple[dict[str, Known], dict[str, Known]]:
    """Look up what the store has for these items: by URL key, and by guid within the source."""
    columns = "id, source, guid, url_key, state, updated_at, updated_raw"
    keys = [key for entry in entries if (key := identity(entry))]
    guids = [storable(entry.guid) for entry in entries]
    by_key = conn.execute(
        f"SELECT {columns} FROM entries WHERE url_key IN (SELECT value FROM json_each(?))",  # noqa: S608 - a constant
        [to_json(keys)],
    )
    by_guid = conn.execute(
        f"SELECT {columns} FROM entries WHERE source IS ? AND guid IN (SELECT value FROM json_each(?))",  # noqa: S608 - a constant
        [source, to_json(guids)],
    )
    return (
        {known.url_key: known for row in by_key if (known := _known(row)).url_key},
        {known.guid: known for known in map(_known, by_guid)},
    )


def _known(row: tuple[int, str | None, str, str | None, EntryState, str | None, str | None]) -> Known:
    number, source, guid, url_key, state, updated_at, updated_raw = row
    return Known(
        id=number, source=source, guid=guid, url_key=url_key, state=state,
        updated_at=updated_at, updated_raw=updated_raw,
    )  # fmt: skip


def judge(
    conn: sqlite3.Connection, entries: Sequence[FeedEntry], source: str | None
) -> list[tuple[FeedEntry, Known | None, Standing]]:
    """Decide for all items of one body of a feed; of new items with one guid the first counts."""
    items = one_each(entries)
    by_key, by_guid = find_known(conn, items, source)
    verdicts: list[tuple[FeedEntry, Known | None, Standing]] = []
    added: set[str] = set()
    for item in items:
        guid = storable(item.guid)
        known = by_key.get(identity(item) or "") or by_guid.get(guid)
        verdict = "known" if known is None and guid in added else standing(item, known, source)
        if verdict in ("new", "bad_url"):
            added.add(guid)
        verdicts.append((item, known, verdict))
    return verdicts


def note(
    conn: sqlite3.Connection, entries: Sequence[FeedEntry], source: str | None, seen_at: str
) -> PollResult:
    """Write down what one body of a feed held; nothing is ever removed."""
    verdicts = judge(conn, entries, source)
    counts = Counter(verdict for _, _, verdict in verdicts)
    left_out: Counter[str] = Counter()
    room = MOST_BAD - _bad(conn, source) if counts["bad_url"] else 0
    for item, known, verdict in verdicts:
        if verdict == "bad_url":
            room -= 1
            if room < 0:
                continue
        if item.left_out and known is None and verdict == "new":
            left_out[item.left_out.partition(":")[0]] += 1
        if known is None and verdict != "known":
            add(conn, item, source, seen_at)
        elif known and verdict == "updated" and not item.left_out:
            ask_again(conn, known.id, item)
    return PollResult(
        new=counts["new"], updated=counts["updated"], known=counts["known"], bad_url=counts["bad_url"],
        left_out=dict(left_out),
    )  # fmt: skip


def _bad(conn: sqlite3.Connection, source: str | None) -> int:
    found = conn.execute("SELECT count(*) FROM entries WHERE source IS ? AND state = 'bad_url'", [source])
    return int(found.fetchone()[0])


def add(conn: sqlite3.Connection, item: FeedEntry, source: str | None, seen_at: str) -> int:
    """Add an entry that was never seen, waiting if it can be fetched and is wanted; return its number."""
    key = identity(item)
    cursor = conn.execute(
        "INSERT INTO entries (source, guid, url, url_key, entry, updated_at, updated_raw, dated_at, state, reason,"
        " first_seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            source,
            storable(item.guid),
            item.url and storable(item.url),
            key,
            to_json(item),
            item.updated_at,
            item.updated_raw and storable(item.updated_raw),
            min(item.published_at or seen_at, seen_at),
            ("rejected" if item.left_out else "waiting") if key else "bad_url",
            (item.left_out and storable(item.left_out)) if key else storable(item.problem or "bad_url"),
            seen_at,
        ],
    )
    return int(cursor.lastrowid or 0)


def ask_again(conn: sqlite3.Connection, entry_id: int, item: FeedEntry | None = None) -> None:
    """Put an entry back in the queue, with what is said of it now, if anything."""
    conn.execute(
        "UPDATE entries SET state = 'waiting', attempts = 0, retry_at = NULL, reason = NULL WHERE id = ?",
        [entry_id],
    )
    if item:
        conn.execute(
            "UPDATE entries SET url = ?, url_key = ?, entry = ?, updated_at = ?, updated_raw = ? WHERE id = ?",
            [
                item.url and storable(item.url),
                identity(item),
                to_json(item),
                item.updated_at,
                item.updated_raw and storable(item.updated_raw),
                entry_id,
            ],
        )


# A page is asked for conditionally only where its article is here: else its 304 would leave us without one.
_QUEUED = (
    "SELECT e.id, e.source, e.url, e.attempts, e.entry, p.final_url, p.etag, p.last_modified FROM entries e"
    " LEFT JOIN pages p ON e.article_id IS NOT NULL AND p.id ="
    " (SELECT id FROM pages WHERE entry_id = e.id ORDER BY fetched_at DESC, id DESC LIMIT 1)"
)


def due(conn: sqlite3.Connection, now: str, source: str | None, limit: int | None) -> list[Queued]:
    """List the entries of a source (None: one-off additions) that may be fetched now, newest first."""
    rows = conn.execute(
        f"{_QUEUED} WHERE e.source IS ? AND e.state IN ('waiting', 'failed', 'denied')"
        " AND (e.retry_at <= ? OR (e.state = 'waiting' AND e.retry_at IS NULL))"
        " ORDER BY e.dated_at DESC, e.id LIMIT ?",
        [source, now, -1 if limit is None else limit],
    )
    return [_queued(row) for row in rows]


def queued(conn: sqlite3.Connection, entry_id: int) -> Queued:
    """Read one entry as what is to be fetched."""
    return _queued(conn.execute(f"{_QUEUED} WHERE e.id = ?", [entry_id]).fetchone())


def _queued(row: sqlite3.Row) -> Queued:
    number, source, url, attempts, entry, page_url, etag, last_modified = row
    return Queued(
        entry_id=number, source=source, url=url, attempts=attempts, entry=_READ_ENTRY.decode(entry),
        page_url=page_url, etag=etag, last_modified=last_modified,
    )  # fmt: skip
