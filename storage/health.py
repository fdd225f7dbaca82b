"""How each source is doing, read off the store: what `pressclip status` judges."""

import sqlite3
from dataclasses import dataclass
from typing import Any

from storage.moments import PER_SECOND, first_key

DAYS = 14  # of the sparkline
RECENT = 30  # articles that a source's rhythm is read from
_DAY = 86_400 * PER_SECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """What the store knows of one source; times are UTC ISO 8601."""

    name: str
    kind: str
    url: str
    enabled: bool
    interval: int  # seconds between two polls, at least
    last_asked_at: str | None
    last_ok_at: str | None
    last_new_at: str | None
    next_poll_at: str | None
    failures: int  # polls in a row
    last_status: int | None
    last_reason: str | None
    off_at: str | None  # when the feed answered that it is gone for good
    moved_to: str | None  # the address that is polled instead of `url`
    moving_to: str | None  # the address that it seems to move to ...
    moving_runs: int  # ... as so many polls in a row have said
    hub: str | None  # WebSub, for later
    hub_topic: str | None  # the address by which the hub knows the feed
    waiting: int  # entries to be fetched, now or later
    documents_failing: int  # of what its own document leads to: sitemaps of an index, next pages of a list
    documents_reason: str | None  # why one of them fails
    per_day: tuple[int, ...]  # articles published, the last `DAYS` days, today last
    recent: tuple[int, ...]  # seconds since 1970 of the newest `RECENT` articles, newest first


def source_health(db: sqlite3.Connection, now: str) -> list[SourceHealth]:
    """Read the health of all sources, by name; it takes as long at a million articles as at a thousand."""
    today = first_key(now[:10])
    rows = db.execute(
        "SELECT name, kind, url, enabled, interval, last_asked_at, last_ok_at, last_new_at, next_poll_at,"
        " failures, last_status, last_reason, off_at, moved_to, moving_to, moving_runs, hub, hub_topic FROM sources ORDER BY name"
    ).fetchall()
    return [
        SourceHealth(
            **{**dict(row), "enabled": bool(row["enabled"])},
            waiting=_waiting(db, row["name"]),
            **_documents(db, row["name"]),
            per_day=_per_day(db, row["name"], today),
            recent=_recent(db, row["name"]),
        )
        for row in rows
    ]


def _waiting(db: sqlite3.Connection, source: str) -> int:
    sql = "SELECT count(*) FROM entries WHERE source = ? AND state IN ('waiting', 'failed', 'denied')"
    return int(db.execute(sql, [source]).fetchone()[0])


def _documents(db: sqlite3.Connection, source: str) -> dict[str, Any]:
    sql = (
        "SELECT count(*) AS documents_failing, max(reason) AS documents_reason FROM documents"
        " WHERE source = ? AND depth > 0 AND listed AND failures > 0"
    )
    return dict(db.execute(sql, [source]).fetchone())


def _per_day(db: sqlite3.Connection, source: str, today: int) -> tuple[int, ...]:
    first = today - (DAYS - 1) * _DAY
    sql = "SELECT (sort_key - ?) / ?, count(*) FROM articles WHERE source = ? AND sort_key >= ? GROUP BY 1"
    counted = dict(db.execute(sql, [first, _DAY, source, first]).fetchall())
    return tuple(counted.get(day, 0) for day in range(DAYS))


def _recent(db: sqlite3.Connection, source: str) -> tuple[int, ...]:
    sql = "SELECT sort_key FROM articles WHERE source = ? ORDER BY sort_key DESC LIMIT ?"
    return tuple(row[0] // PER_SECOND for row in db.execute(sql, [source, RECENT]))
