"""Files and streams that a user names: read whole, but not without end."""

import errno
import os
from pathlib import Path
from typing import BinaryIO

MOST = 128 * 1024 * 1024  # bytes: far more than any page or list of sources has; a device may have no end


def whole(path: Path) -> bytes:
    """Read a file, or a pipe.

    Raises:
        OSError: it cannot be read, or is too large.
    """
    with path.open("rb") as file:
        return bounded(file)


def bounded(file: BinaryIO) -> bytes:
    """Read what is open already.

    Raises:
        OSError: it cannot be read, or is too large.
    """
    body = file.read(MOST + 1)
    if len(body) > MOST:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    return body
