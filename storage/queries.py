"""SQL that a user typed: it reads, and it ends."""

import sqlite3
import time
from collections.abc import Set as AbstractSet
from functools import partial
from typing import Any

from pressclip.errors import InputError, UsageError
from storage import connection, query_language
from storage.records import Answer
from storage.text import storable

_READS = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE}
_DENIED_FUNCTIONS = {"load_extension", "fts3_tokenizer"}
_PRAGMAS = {
    "application_id", "collation_list", "compile_options", "data_version", "database_list", "encoding",
    "foreign_key_list", "function_list", "index_info", "index_list", "index_xinfo", "journal_mode", "page_count",
    "page_size", "table_info", "table_list", "table_xinfo", "user_version",
}  # fmt: skip
_TAKES_A_NAME = {
    "foreign_key_list",
    "index_info",
    "index_list",
    "index_xinfo",
    "table_info",
    "table_list",
    "table_xinfo",
}
_TABLE_FUNCTIONS = ("json_each", "json_tree", "pragma_table_info", "pragma_index_list")
_STEPS = (
    10_000  # instructions of SQLite's machine between two looks at the clock: about a tenth of a millisecond
)
#: Columns that hold addresses whole, with the keys of private feeds in them, because they are asked for again.
WHOLE_ADDRESSES = frozenset(
    {
        "documents.url", "entries.entry", "entries.guid", "entries.url", "moves.from_url", "moves.to_url",
        "pages.final_url", "pages.url", "sources.asked_url", "sources.url",
    }
)  # fmt: skip
_MAX_VALUE = 64 * 1024 * 1024  # bytes of one value
_MAX_ANSWER = 256 * 1024 * 1024  # bytes of all values; rows beyond that are left out


def authorize(
    action: int, first: str | None, second: str | None, _db: str | None, _trigger: str | None
) -> int:
    """Allow what reads; whatever SQLite may learn to do later is denied until somebody thought about it."""
    if action in _READS:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() not in _DENIED_FUNCTIONS:
        return sqlite3.SQLITE_OK
    pragma = (first or "").lower()
    if action == sqlite3.SQLITE_PRAGMA and pragma in _PRAGMAS and (second is None or pragma in _TAKES_A_NAME):
        return sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _authorize(
    hidden: AbstractSet[str], action: int, first: str | None, second: str | None, *rest: Any
) -> int:
    if action == sqlite3.SQLITE_READ and f"{first}.{second}" in hidden:
        return sqlite3.SQLITE_IGNORE
    return authorize(action, first, second, *rest)


def make_known(db: sqlite3.Connection) -> None:
    """Use each virtual table once: SQLite makes one known by a CREATE TABLE of its own, which `authorize` denies."""
    db.execute("SELECT rowid FROM articles_fts LIMIT 0").close()
    for function in _TABLE_FUNCTIONS:
        db.execute(f"SELECT * FROM {function}(NULL) LIMIT 0").close()  # noqa: S608 - names of our own


def run_sql(
    db: sqlite3.Connection,
    sql: str,
    *,
    seconds: float = 10.0,
    max_rows: int = 10_000,
    hidden: AbstractSet[str] = frozenset(),
) -> Answer:
    """Run one statement that reads.

    Args:
        db: what `open_readonly` gives; it runs nothing else while this runs.
        sql: one statement of SQLite's SQL.
        seconds: after so long it is stopped.
        max_rows: further rows are left out.
        hidden: columns that are read as null, such as `sources.url`.

    Raises:
        UsageError: it is no SQL, or would do something else than read.
        InputError: ``timeout``.
    """
    deadline = time.monotonic() + seconds
    reader = db.cursor()
    reader.row_factory = None
    text_factory, limit = db.text_factory, db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_VALUE)
    # An expression can make text of any bytes.
    db.text_factory = lambda raw: raw.decode(errors="replace")
    query_language.register(db)
    make_known(db)
    db.set_authorizer(partial(_authorize, hidden) if hidden else authorize)
    db.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
    try:
        reader.execute(storable(sql))
        rows, cut = _fetched(reader, max_rows)
    except (sqlite3.Error, sqlite3.Warning) as error:
        if getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
            msg = f"the query was stopped after {seconds:g} seconds; narrow it, or raise --timeout"
            raise InputError("timeout", msg) from error
        if connection.trouble(error):
            raise
        msg = f"the query cannot be run (it may only read, one statement): {error}"
        raise UsageError(msg) from error
    finally:
        db.set_progress_handler(None, 0)
        db.set_authorizer(None)
        db.text_factory = text_factory
        db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, limit)
        reader.close()
    columns = tuple(name for name, *_ in reader.description or ())
    return Answer(columns=columns, rows=tuple(rows), truncated=cut)


def _fetched(reader: sqlite3.Cursor, most: int) -> tuple[list[tuple[object, ...]], bool]:
    """Fetch so many rows, or fewer where they are huge; and whether there are more."""
    rows: list[tuple[object, ...]] = []
    left = _MAX_ANSWER
    while (row := reader.fetchone()) is not None:
        left -= sum(len(value) for value in row if isinstance(value, (str, bytes)))
        if len(rows) == most or left < 0:
            return rows, True
        rows.append(row)
    return rows, False
