"""The log of changes beside a store: whether all of it is there. Both it and its index outlive a program that was killed."""

import struct
from pathlib import Path

_LOG_HEAD, _FRAME_HEAD = 32, 24  # bytes; https://www.sqlite.org/walformat.html
_INDEX_HEAD = 100


def lost(path: Path) -> str | None:
    """Say what of the log is missing; None: nothing is. To be asked before SQLite opens the store, and mends the index.

    Args:
        path: the store.
    """
    index, log = (path.with_name(f"{path.name}{end}") for end in ("-shm", "-wal"))
    try:
        head = index.read_bytes()[:_INDEX_HEAD]  # first: the log is always written before its index
        size = log.stat().st_size if log.exists() else 0
    except OSError:
        return None
    if len(head) < _INDEX_HEAD or not head[12]:  # not begun yet
        return None
    page, frames = struct.unpack_from("=HI", head, 14)
    [copied] = struct.unpack_from("=I", head, 96)  # into the store
    there = max(0, size - _LOG_HEAD) // ((65536 if page == 1 else page) + _FRAME_HEAD)
    if there >= frames or copied >= frames:
        return None
    return f"{log.name} {'is cut short' if log.exists() else 'was deleted'}: the last changes before a crash are lost"
