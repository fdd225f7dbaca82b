"""A copy of the store, as it is at one moment, while others go on reading and writing.

The copy is one file: it has no log beside it, and is there under its name only when it is whole and was checked.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pressclip.errors import StoreError

_STEP = 2048  # pages of the file between two looks at how far it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What a copy holds."""

    path: Path
    size: int  # bytes
    articles: int
    pages: int


def copy(
    conn: sqlite3.Connection,
    target: Path,
    *,
    replace: bool = False,
    watch: Callable[[int, int], None] | None = None,
) -> Copied:
    """Copy a store.

    Args:
        conn: the store, opened for reading; in no transaction.
        target: the file to make.
        replace: an existing file gives way, when the copy is whole.
        watch: called with how many pages of the file are done, and how many there are.

    Raises:
        StoreError: the copy cannot be made, or is not what was copied: `target` is as it was.
    """
    if target.is_dir():
        raise StoreError(f"{target} is a directory; name the file to make")
    store = Path(conn.execute("PRAGMA database_list").fetchone()[2])
    if target.resolve() == store.resolve():
        raise StoreError(f"{target} is the store itself; name another file")
    log = target.with_name(f"{target.name}-wal")
    if log.exists() and log.stat().st_size:  # an empty one is left behind by whoever only read
        raise StoreError(f"{target} is in use: {log.name} is beside it; name another file")
    if target.exists() and not replace:
        raise StoreError(f"{target} exists; name another file, or add --force to replace it")
    with _room_beside(target) as partial:
        # One snapshot for all steps: without it, each write of another program would begin the copy anew.
        conn.execute("BEGIN")
        try:
            expected = _counts(conn)
            _write(conn, partial, watch)
        finally:
            conn.execute("ROLLBACK")
        _check(partial, store, expected)
        shutil.copymode(store, partial)
        os.replace(partial, target)  # noqa: PTH105 - says that both are files of one folder, and that one gives way
        _settle(target.parent)
    articles, pages = expected
    return Copied(path=target, size=target.stat().st_size, articles=articles, pages=pages)


@contextmanager
def _room_beside(target: Path) -> Iterator[Path]:
    """Give a name beside the target, and leave nothing under it."""
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".partial")
    except OSError as error:
        raise StoreError(f"{target} cannot be made: {error.strerror or error}") from error
    os.close(handle)
    partial = Path(name)
    try:
        yield partial
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{target} cannot be made: {error}; what was there is as it was") from error
    finally:
        for end in ("", "-journal", "-wal", "-shm"):
            partial.with_name(partial.name + end).unlink(missing_ok=True)


def _write(conn: sqlite3.Connection, partial: Path, watch: Callable[[int, int], None] | None) -> None:
    with closing(sqlite3.connect(partial, isolation_level=None)) as copied:
        copied.execute("PRAGMA synchronous = OFF")  # a file that is half written is thrown away
        conn.backup(copied, pages=_STEP, progress=lambda _, left, total: watch and watch(total - left, total))
        copied.execute("PRAGMA journal_mode = DELETE")
    with partial.open("rb") as written:
        os.fsync(written.fileno())


def _check(partial: Path, store: Path, expected: tuple[int, int]) -> None:
    with closing(sqlite3.connect(f"{partial.as_uri()}?mode=ro&immutable=1", uri=True)) as copied:
        found = copied.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if found != "ok":
            first = found.splitlines()[-1]
            raise StoreError(f"{store} is damaged ({first}): no copy was made; run `pressclip doctor`")
        if (counts := _counts(copied)) != expected:
            raise StoreError(f"the copy of {store} holds {counts} articles and pages instead of {expected}")


def _counts(conn: sqlite3.Connection) -> tuple[int, int]:
    counted = conn.execute("SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM pages)").fetchone()
    return int(counted[0]), int(counted[1])


def _settle(folder: Path) -> None:
    """Have the file's new name survive a power failure."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
