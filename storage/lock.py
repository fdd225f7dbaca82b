"""One run at a time: a lock beside the store that dies with its holder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from pressclip.errors import LockedError, StoreError


@contextmanager
def hold(path: Path, *, wait: float = 0.0) -> Iterator[None]:
    """Hold the run lock of the store at `path` (flock on ``<path>.lock``).

    The kernel lets go of it when the holder dies, however it dies; the file stays and means nothing by itself.
    A child made by a bare fork shares the lock and must not outlive its parent: our workers are spawned.

    Args:
        path: the store; need not exist yet.
        wait: seconds to wait for another holder.

    Raises:
        LockedError: another run still holds it.
        StoreError: the folder is missing or cannot be written.
    """
    try:
        beside = path.resolve()
    except (OSError, RuntimeError) as error:  # links that lead in a circle
        msg = f"{path} leads nowhere: {error}"
        raise StoreError(msg) from error
    if not beside.parent.is_dir():  # the library would make it
        msg = f"the folder {beside.parent} does not exist; make it, or choose another store with --db"
        raise StoreError(msg)
    lock = FileLock(beside.with_name(f"{beside.name}.lock"), timeout=wait)
    try:
        lock.acquire(poll_interval=0.05)
    except Timeout:
        msg = f"{path} is in use by another pressclip run; wait for it to end, or stop it"
        raise LockedError(msg) from None
    except OSError as error:
        msg = f"cannot make the lock file {lock.lock_file}: {error.strerror or error}"
        raise StoreError(msg) from error
    try:
        yield
    finally:
        lock.release()
