"""Opening the SQLite file, and saying in one line what is wrong with it."""

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pressclip.errors import StoreError
from storage import backup, columns, schema

_MAGIC = b"SQLite format 3\0"

#: What SQLite's errors mean for the user, by the start of their names. Others are our bugs and crash.
_TROUBLES = {
    "SQLITE_FULL": "cannot grow: the disk is full; free some space and run again, nothing committed is lost",
    "SQLITE_BUSY": "is locked by another program; close it, or try again later",
    "SQLITE_LOCKED": "is locked by another program; close it, or try again later",
    "SQLITE_READONLY_ROLLBACK": "was left in the middle of a change by a program that died; crawl or add once to bring it in order",
    "SQLITE_READONLY": "is read-only; change its permissions, or choose another store with --db",
    "SQLITE_CANTOPEN": "cannot be opened; check the permissions of the file and its folder",
    "SQLITE_PERM": "cannot be opened; check the permissions of the file and its folder",
    "SQLITE_IOERR": "cannot be read or written: the disk reports an error; check the disk, then run again",
    "SQLITE_CORRUPT": "is damaged; see `pressclip doctor`, restore a backup, or save what can be read with `sqlite3 FILE .recover`",
    "SQLITE_NOTADB": "is not a SQLite file; choose another store with --db",
}


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn SQLite's expected errors into a StoreError that names the file and what to do."""
    try:
        yield
    except (sqlite3.Error, UnicodeDecodeError) as error:  # SQLite's own messages quote what is damaged
        if meaning := trouble(error):
            msg = f"{path} {meaning}"
            raise StoreError(msg) from error
        raise


def trouble(error: Exception) -> str | None:
    """Say what an error of SQLite means for the user; None: it tells of a bug, ours or in a query."""
    name = getattr(error, "sqlite_errorname", "")
    if isinstance(error, UnicodeDecodeError) or str(error).startswith("Could not decode to UTF-8"):
        name = "SQLITE_CORRUPT"
    return next(
        (f"{meaning} ({name})" for start, meaning in _TROUBLES.items() if name.startswith(start)), None
    )


def open_to_write(path: Path, *, create: bool, patience: float) -> sqlite3.Connection:
    """Open the store for its one writer, made or migrated where needed.

    Args:
        path: the file.
        create: make it if it is missing.
        patience: seconds to wait for another program that writes.

    Raises:
        StoreError: it cannot be opened, is not ours, or is from a newer pressclip.
    """
    _check_file(path, create=create)
    with explained(path):
        conn = _connect(path, "rwc" if create else "rw", patience)
        try:
            _check_owner(conn, path)
            _prepare(conn, path)
        except BaseException:
            conn.close()
            raise
    return conn


def open_readonly(path: Path, *, patience: float = 5.0, older: bool = False) -> sqlite3.Connection:
    """Open the store so that nothing can write to it; rows come as `sqlite3.Row`.

    Args:
        path: the file.
        patience: seconds to wait for another program that writes.
        older: let an older schema pass.

    Raises:
        StoreError: it cannot be opened, is not ours, or is from another version of pressclip.
    """
    _check_file(path, create=False)
    with explained(path):
        # Beside a log of changes SQLite wants an index, which it cannot make in a folder that is read-only.
        frozen = not os.access(path.parent, os.W_OK) and not path.with_name(f"{path.name}-wal").exists()
        conn = _connect(path, "ro&immutable=1" if frozen else "ro", patience)
        try:
            _check_owner(conn, path)
            if not older:
                _check_current(conn, path)
            conn.execute("PRAGMA query_only = ON")
        except BaseException:
            conn.close()
            raise
    conn.row_factory = sqlite3.Row
    return conn


def _connect(path: Path, mode: str, patience: float) -> sqlite3.Connection:
    # No implicit transactions: each method of the store begins and ends its own.
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(uri, uri=True, timeout=patience, isolation_level=None)


def _check_file(path: Path, *, create: bool) -> None:
    """Look before SQLite does: its own messages name neither file nor cause."""
    if path.is_dir():
        msg = f"{path} is a directory; --db wants a file"
        raise StoreError(msg)
    if not path.parent.is_dir():
        msg = f"the folder {path.parent} does not exist; make it, or choose another store with --db"
        raise StoreError(msg)
    if (
        path.exists() and not path.is_file()
    ):  # to open a pipe would be to wait for somebody who writes into it
        msg = f"{path} is no file that can be written to and read again; choose another store with --db"
        raise StoreError(msg)
    try:
        with path.open("rb") as file:
            start = file.read(len(_MAGIC))
    except FileNotFoundError:
        if create:
            return
        msg = f"{path} does not exist; crawl or add something first, or choose another store with --db"
        raise StoreError(msg) from None
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror or error}"
        raise StoreError(msg) from error
    if start and start != _MAGIC:
        msg = f"{path} is not a SQLite file; it was left as it is. Choose another store with --db"
        raise StoreError(msg)


def _check_owner(conn: sqlite3.Connection, path: Path) -> None:
    owner = conn.execute("PRAGMA application_id").fetchone()[0]
    is_empty = conn.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
    if owner != schema.APPLICATION_ID and not (owner == 0 and is_empty):
        msg = f"{path} belongs to another program; it was left as it is. Choose another store with --db"
        raise StoreError(msg)
    if _version(conn) > schema.VERSION:
        msg = f"{path} was written by a newer pressclip; upgrade pressclip to open it"
        raise StoreError(msg)


def _check_current(conn: sqlite3.Connection, path: Path) -> None:
    if _version(conn) < schema.VERSION:
        msg = f"{path} was written by an older pressclip; crawl or add once to bring it up to date"
        raise StoreError(msg)


def _prepare(conn: sqlite3.Connection, path: Path) -> None:
    conn.execute("PRAGMA journal_mode = WAL")
    conn.execute("PRAGMA synchronous = NORMAL")
    conn.execute("PRAGMA foreign_keys = ON")
    conn.execute("PRAGMA cache_size = -65536")  # KiB: the pages of the index stay in memory through a batch
    # 32 MB of log, not 4, before it is copied into the file: a crawl writes the same pages again and again, and waits for the disk.
    conn.execute("PRAGMA wal_autocheckpoint = 8000")
    if _version(conn) == schema.VERSION and not columns.missing(conn):
        return
    from storage import migrations  # brings sqlite-utils along, which few runs need

    conn.execute("BEGIN IMMEDIATE")
    try:
        if 0 < _version(conn) < schema.VERSION:
            _keep_copy(path, _version(conn))
        migrations.migrate(conn)
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        raise


def _version(conn: sqlite3.Connection) -> int:
    return int(conn.execute("PRAGMA user_version").fetchone()[0])


def _keep_copy(path: Path, version: int) -> None:
    """Copy the store before its schema changes. The caller holds the write lock: nobody writes in between."""
    copy = path.with_name(f"{path.name}.v{version}.bak")
    try:
        with closing(open_readonly(path, older=True)) as reader:
            backup.copy(reader, copy, replace=True)
    except StoreError as error:
        msg = f"{path} was written by an older pressclip, and cannot be kept beside before it is changed: {error}"
        raise StoreError(msg) from error
    sys.stderr.write(
        f"pressclip: {path} was written by an older pressclip: it is kept as {copy}, and brought up to date\n"
    )
