"""What is wrong with a store: looked for here, mended by storage.mending. Nothing here writes.

Levels: `damage` (the file is broken: restore), `fault` (something is not as it should be, and can be mended), `note`
(worth knowing; all is well).
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Literal

from pressclip.errors import StoreError
from storage import comparing, lock, logs, moments, schema
from storage.connection import open_readonly
from storage.references import references

What = Literal[
    "damage", "log", "schema", "indexes", "orphans", "full text", "entries", "stories", "order", "raw pages",
    "long log", "disk", "clock", "pages", "journal", "runs",
]  # fmt: skip
Level = Literal["damage", "fault", "note"]

RESTORE = (
    "stop what writes, move the file and those beside it (-wal, -shm) away, copy the last backup to its place"
    " (without one: sqlite3 OLD .recover | sqlite3 NEW), then run doctor again"
)
FIX = "pressclip doctor --fix"
_ENOUGH = 200 * 10**6  # bytes free on the disk: a day of many sources
_LONG_LOG = 256 * 10**6  # bytes of -wal: SQLite begins it anew at 32 MB where nothing holds it
_DAY = 86_400
_SHOWN = 5
_MOST = 100  # lines of SQLite's own check
_INDEX_ONLY = ("missing from index", "wrong # of entries in index", "non-unique entry in index")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be, and what to do about it."""

    what: What
    level: Level
    text: str
    mend: str | None = None


_Check = Callable[[sqlite3.Connection], Iterator[Finding]]


def examine(path: Path, now: datetime, *, deep: bool = False) -> list[Finding]:
    """Look at a store.

    Args:
        path: the file.
        now: the clock, against which dates are held.
        deep: also compare each word of the index and each raw page with what they were made from: minutes for a
            million articles.

    Raises:
        StoreError: there is no such store, or it cannot be opened at all.
    """
    findings: list[Finding] = []
    if lost := logs.lost(path):  # first: SQLite makes it anew when it opens the file
        mend = "crawl: what is missing is fetched again; if the file is damaged too, restore the last backup"
        findings.append(Finding("log", "fault", lost, mend))
    with closing(open_readonly(path, older=True)) as db:
        db.execute(
            "PRAGMA query_only = OFF"
        )  # the file is open for reading only; temporary tables may be written
        db.text_factory = lambda raw: raw.decode(errors="replace")
        for check in _checks(db, path, now, deep=deep):
            findings += _guarded(db, check)
    return [*findings, *_killed(path)]


def _checks(db: sqlite3.Connection, path: Path, now: datetime, *, deep: bool) -> list[_Check]:
    whole = partial(_whole, pragma="integrity_check" if deep else "quick_check")
    if db.execute("PRAGMA user_version").fetchone()[0] < schema.VERSION:
        return [whole, _version]  # the others speak of tables that it may lack
    quick: list[_Check] = [
        whole,
        _orphans,
        _index,
        _entries,
        _stories,
        _order,
        partial(_clock, now=now),
        _pages,
    ]
    return [*quick, partial(_space, path=path), *([_words, _bodies] if deep else [])]


def _guarded(db: sqlite3.Connection, check: _Check) -> Iterator[Finding]:
    try:
        yield from check(db)
    except (sqlite3.Error, OverflowError, TypeError, ValueError) as error:  # a damaged row may hold anything
        yield Finding("damage", "damage", f"cannot be read: {error}", RESTORE)


def _version(db: sqlite3.Connection) -> Iterator[Finding]:
    version = db.execute("PRAGMA user_version").fetchone()[0]
    text = (
        f"the schema is of version {version}, this pressclip has {schema.VERSION}; nothing else was looked at"
    )
    yield Finding("schema", "fault", text, f"crawl, or {FIX}")


def _whole(db: sqlite3.Connection, pragma: str) -> Iterator[Finding]:
    said = [row[0] for row in db.execute(f"PRAGMA {pragma}({_MOST})")]
    if said == ["ok"]:
        return
    lines = [line for row in said for line in row.splitlines() if not line.startswith("***")]
    text = "; ".join(lines[:_SHOWN]) + (f" … and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else "")
    if all(any(words in line for words in _INDEX_ONLY) for line in lines):
        yield Finding("indexes", "fault", text, FIX)
    else:
        yield Finding("damage", "damage", text, RESTORE)


def _orphans(db: sqlite3.Connection) -> Iterator[Finding]:
    for one in references(db):
        if count := _count(db, f"{one.table} WHERE {one.lost}"):
            text = (
                f"{count:,} rows of {one.table} name rows of {one.parent} that are not there ({one.column})"
            )
            yield Finding("orphans", "fault", text, FIX)


def _index(db: sqlite3.Connection) -> Iterator[Finding]:
    missing = _count(db, "articles WHERE sort_key NOT IN (SELECT id FROM articles_fts_docsize)")
    surplus = _count(db, "articles_fts_docsize WHERE id NOT IN (SELECT sort_key FROM articles)")
    if missing or surplus:
        text = f"the full-text index lacks {missing:,} articles, and has {surplus:,} that are not there"
        yield Finding("full text", "fault", text, FIX)


def _entries(db: sqlite3.Connection) -> Iterator[Finding]:
    # reason: see pruning.PRUNED
    if count := _count(db, "entries WHERE state = 'done' AND article_id IS NULL AND reason IS NOT 'pruned'"):
        text = f"{count:,} entries are done, but have no article"
        yield Finding("entries", "fault", text, f"{FIX}: the next crawl fetches them again")


def _stories(db: sqlite3.Connection) -> Iterator[Finding]:
    lost = "articles WHERE story_id IS NOT NULL AND story_id NOT IN (SELECT id FROM articles)"
    if count := _count(db, lost):
        text = f"{count:,} articles are of stories whose first article is not there"
        yield Finding("stories", "fault", text, FIX)


def _order(db: sqlite3.Connection) -> Iterator[Finding]:
    if count := sum(1 for _ in comparing.misplaced(db)):
        text = f"{count:,} articles stand at another place in time than their dates say"
        yield Finding("order", "fault", text, FIX)


def _clock(db: sqlite3.Connection, now: datetime) -> Iterator[Finding]:
    tomorrow = (int(now.timestamp()) + _DAY) * moments.PER_SECOND
    if count := _count(db, f"articles WHERE sort_key > {tomorrow}"):
        text = f"{count:,} articles were fetched in the future: the clock was wrong then, or it is now"
        yield Finding("clock", "note", text)


def _pages(db: sqlite3.Connection) -> Iterator[Finding]:
    if count := _count(db, "articles WHERE page_id IS NULL"):
        yield Finding("pages", "note", f"{count:,} articles have no raw page: reclean passes them by")


def _space(db: sqlite3.Connection, path: Path) -> Iterator[Finding]:
    mode = db.execute("PRAGMA journal_mode").fetchone()[0]
    if mode != "wal":
        yield Finding("journal", "note", f"the journal mode is {mode}: whoever writes next sets it to wal")
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and (size := log.stat().st_size) > _LONG_LOG:
        text = f"{log.name} has grown to {size // 10**6:,} MB: some program reads and does not end"
        yield Finding("long log", "fault", text, f"end that program, then {FIX}")
    free = shutil.disk_usage(path.parent).free
    if free < _ENOUGH:
        text = f"only {free // 10**6:,} MB are free on its disk"
        yield Finding("disk", "fault", text, "make room; see also pressclip prune --help")


def _words(db: sqlite3.Connection) -> Iterator[Finding]:
    other, differing = comparing.other_words(db)
    if other:
        text = f"the full-text index holds other words than the articles ({differing:,} are of another length in it)"
        yield Finding("full text", "fault", text, FIX)


def _bodies(db: sqlite3.Connection) -> Iterator[Finding]:
    if count := sum(1 for _ in comparing.unreadable(db)):
        text = f"{count:,} raw pages are not what they were when they were fetched"
        yield Finding("raw pages", "fault", text, f"{FIX}: they go, their articles stay")


def _killed(path: Path) -> Iterator[Finding]:
    """Look for runs that did not end, where none is under way."""
    try:
        with lock.hold(path), closing(open_readonly(path)) as db:
            count = _count(db, "runs WHERE finished_at IS NULL AND outcome IS NULL")
    except (StoreError, sqlite3.Error):  # a run is under way; or the file was named before
        return
    if count:
        text = f"{count} runs did not get to say how they ended: they were killed, and the next run notes it"
        yield Finding("runs", "note", text)


def _count(db: sqlite3.Connection, rest: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {rest}").fetchone()[0])  # noqa: S608 - words of our own
