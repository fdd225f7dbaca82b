"""A text file that people edit too, changed as a whole or not at all."""

import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pressclip import files
from pressclip.errors import UsageError

_MARK = "\ufeff"  # Windows' editors put it first, and want it back


def rewrite(path: Path, change: Callable[[str], str], *, start: str | None = None) -> bool:
    """Read a file, change its text, write it back; returns whether anything changed.

    The new text takes the old one's place in one step, on disk before that, with the same owner and permissions;
    a link stays a link. Two programs that do this wait for each other.

    Args:
        path: the file, in UTF-8.
        change: text in, text out; line ends come as they are.
        start: what a file that is missing is taken to hold; None: it must be there.

    Raises:
        UsageError: it cannot be read or written, is not UTF-8, or `change` said so; the message names the file.
    """
    place = path.resolve()
    with _named(path), _alone(place.parent):
        old = start if start is not None and not place.exists() else files.whole(place).decode()
        new = change(old.removeprefix(_MARK))
        if new == old.removeprefix(_MARK) and place.exists():
            return False
        _replace(place, (_MARK if old.startswith(_MARK) else "") + new)
    return True


def read(path: Path) -> str:
    """Read the text that `rewrite` would change.

    Raises:
        UsageError: it cannot be read, or is not UTF-8.
    """
    with _named(path):
        return files.whole(path).decode().removeprefix(_MARK)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Turn what goes wrong with a file into one line that names it."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"{path}: cannot be read or changed: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: not UTF-8: save the file as UTF-8") from None
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from None


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder: a lock that leaves no file behind, and dies with its holder."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
        os.fsync(handle)
    finally:
        os.close(handle)


def _replace(place: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    fresh = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
            _take_after(place, handle)
            file.flush()
            os.fsync(handle)
        fresh.replace(place)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def _take_after(place: Path, handle: int) -> None:
    """Give the new file the owner and the permissions of the old one, else those of any new file."""
    if not place.exists():
        mask = os.umask(0)
        os.umask(mask)
        os.fchmod(handle, 0o666 & ~mask)
        return
    old = place.stat()
    with suppress(PermissionError):  # only root may give a file away
        os.fchown(handle, old.st_uid, old.st_gid)
    os.fchmod(handle, old.st_mode & 0o7777)
