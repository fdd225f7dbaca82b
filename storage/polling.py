"""What polling remembers: of each source, each public host, each robots.txt. The caller holds the transaction."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from typing import Any

import msgspec

from pressclip.models import Document, Source
from storage.records import HostState, Learned, RobotsState, SourceState
from storage.text import storable, to_json

_LEARNED = tuple(field.name for field in fields(Learned))
_LISTS = frozenset(("skip_hours", "skip_days"))
_DOCUMENT = tuple(field.name for field in fields(Document))
_STATE = (
    "asked_url AS url, etag, last_modified, body_hash, last_asked_at, last_ok_at, last_new_at, next_poll_at,"
    " failures, last_reason"
)

# A source whose address was edited begins anew: what its old address taught holds no longer, and 410 neither.
_FORGET = ", ".join(
    f"{name} = iif(excluded.url IN (url, coalesce(moved_to, url)), {name}, {blank})"
    for name, blank in {
        "next_poll_at": "NULL", "wait_until": "NULL", "off_at": "NULL", "failures": "0", "last_reason": "NULL",
    }.items()
)  # fmt: skip
_MIRRORED = ("kind", "url", "lang", "topics", "interval", "enabled", "title", "homepage")
_MIRROR = (
    f"INSERT INTO sources (name, {', '.join(_MIRRORED)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - names of our own
    f" ON CONFLICT (name) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _MIRRORED)},"
    f" {_FORGET}, moved_to = iif(url = excluded.url, moved_to, NULL),"
    " moving_to = iif(url = excluded.url, moving_to, NULL), moving_runs = iif(url = excluded.url, moving_runs, 0)"
    # Most runs find sources.toml as it was, and need not write a page of it.
    f" WHERE ({', '.join(_MIRRORED)}) IS NOT ({', '.join(f'excluded.{name}' for name in _MIRRORED)})"
)


def mirror(conn: sqlite3.Connection, sources: Sequence[Source]) -> None:
    """Copy what sources.toml says of these sources (not their headers: they hold secrets)."""
    conn.executemany(
        "DELETE FROM documents WHERE source = ?1 AND EXISTS (SELECT 1 FROM sources WHERE name = ?1 AND url <> ?2)",
        [[source.name, source.url] for source in sources],
    )
    conn.executemany(
        _MIRROR,
        [
            [
                source.name,
                source.kind,
                source.url,
                source.lang,
                to_json(source.topics),
                source.interval,
                source.enabled,
                source.title,
                source.homepage,
            ]
            for source in sources
        ],
    )


def state(conn: sqlite3.Connection, source: str) -> SourceState | None:
    """Recall how polling a source went; None: it was never mirrored nor polled."""
    row = conn.execute(
        f"SELECT {_STATE}, {', '.join(_LEARNED)} FROM sources WHERE name = ?",  # noqa: S608 - names of our own
        [source],
    ).fetchone()
    if row is None:
        return None
    values: dict[str, Any] = dict(row)
    learned = {name: values.pop(name) for name in _LEARNED}
    for name in _LISTS:
        learned[name] = tuple(msgspec.json.decode(learned[name]))
    return SourceState(**values, learned=Learned(**learned))


def learn(conn: sqlite3.Connection, source: str, learned: Learned, now: str) -> None:
    """Write what a poll taught; an address adopted by it becomes a row of `moves`."""
    if learned.moved_to:
        conn.execute(
            "INSERT INTO moves (source, from_url, to_url, adopted_at)"
            " SELECT name, coalesce(moved_to, url), ?1, ?2 FROM sources WHERE name = ?3 AND moved_to IS NOT ?1",
            [storable(learned.moved_to), now, source],
        )
    values = {name: getattr(learned, name) for name in _LEARNED}
    values |= {name: to_json(values[name]) for name in _LISTS}
    conn.execute(
        f"UPDATE sources SET {', '.join(f'{name} = :{name}' for name in _LEARNED)} WHERE name = :source",  # noqa: S608 - names of our own
        {name: storable(value) if isinstance(value, str) else value for name, value in values.items()}
        | {"source": source},
    )


def failing(conn: sqlite3.Connection) -> list[str]:
    """Name the sources whose last poll failed."""
    return [name for [name] in conn.execute("SELECT name FROM sources WHERE failures > 0")]


def mishaps(conn: sqlite3.Connection, runs: int) -> list[tuple[str, dict[str, int]]]:
    """List why sources were not asked, and what went wrong with their articles: reason to number, of each of the last runs.

    That is of as many rows as so many runs over all sources have: a source that rests leaves none.
    """
    rows = conn.execute(
        "SELECT source, reasons, iif(poll = 'not_due', poll_reason, NULL) AS unasked FROM run_sources"
        " WHERE source IS NOT NULL AND (reasons <> '{}' OR unasked IS NOT NULL)"
        " AND id > (SELECT max(id) FROM run_sources) - ? * (SELECT count(*) FROM sources)",
        [runs],
    )
    return [
        (source, {**msgspec.json.decode(reasons), **({unasked: 1} if unasked else {})})
        for source, reasons, unasked in rows
    ]


def documents(conn: sqlite3.Connection, source: str) -> list[Document]:
    """Recall the documents of a source."""
    rows = conn.execute(
        f"SELECT {', '.join(_DOCUMENT)} FROM documents WHERE source = ?",  # noqa: S608 - names of our own
        [source],
    )
    return [Document(**{**dict(row), "listed": bool(row["listed"])}) for row in rows]


def keep_documents(conn: sqlite3.Connection, source: str, known: Iterable[Document]) -> None:
    """Write down documents of a source."""
    for each in known:
        _replace(conn, "documents", {"source": source, **asdict(each)})


def outcomes(conn: sqlite3.Connection, source: str, limit: int) -> list[tuple[str, bool]]:
    """List addresses of a source's newest entries, and whether their pages were articles; walls tell neither."""
    rows = conn.execute(
        "SELECT url, state = 'done' FROM entries WHERE source = ? AND (state = 'done' OR (state = 'rejected'"
        " AND substr(reason, 1, instr(reason || ':', ':') - 1) IN ('list', 'thin', 'login')))"
        " ORDER BY id DESC LIMIT ?",
        [source, limit],
    )
    return [(url, bool(was_article)) for url, was_article in rows]


def host(conn: sqlite3.Connection, name: str) -> HostState | None:
    """Recall a host."""
    row = conn.execute("SELECT * FROM hosts WHERE host = ?", [storable(name)]).fetchone()
    return HostState(**dict(row)) if row else None


def keep_host(conn: sqlite3.Connection, known: HostState) -> None:
    """Write down a host."""
    _replace(conn, "hosts", asdict(known))


def robots(conn: sqlite3.Connection, site: str) -> RobotsState | None:
    """Recall a site's robots.txt."""
    row = conn.execute("SELECT * FROM robots WHERE site = ?", [storable(site)]).fetchone()
    return RobotsState(**dict(row)) if row else None


def keep_robots(conn: sqlite3.Connection, known: RobotsState) -> None:
    """Write down what a robots.txt said."""
    _replace(conn, "robots", asdict(known))


def _replace(conn: sqlite3.Connection, table: str, values: dict[str, Any]) -> None:
    conn.execute(
        f"INSERT OR REPLACE INTO {table} ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",  # noqa: S608 - names of our own
        [storable(value) if isinstance(value, str) else value for value in values.values()],
    )
