"""What can go wrong in ways we expect. Anything else is a bug and crashes loudly.

    PressclipError            exit code, one line for the user
    ├── UsageError        2   the command line or the configuration cannot be understood
    ├── InputError        1   one input (a feed, a page, a URL) could not be used: `reason` names why
    └── StoreError        4   the store is locked by another program, full, not ours, or from a newer pressclip
        └── LockedError  75   another run holds the lock

The message is one line: it names the thing and what to do about it.
"""

from typing import ClassVar


class PressclipError(Exception):
    """Base of all expected failures; `exit_code` is what the command line ends with."""

    exit_code: ClassVar[int] = 1


class UsageError(PressclipError):
    """The command line, sources.toml or the environment cannot be understood."""

    exit_code = 2


class InputError(PressclipError):
    """One feed, page or URL could not be used; the others go on.

    Attributes:
        reason: a short code that is stored and counted, such as ``not_a_feed`` or ``timeout``.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(reason, message)  # both: an exception is pickled by its arguments
        self.reason = reason
        self.message = message

    def __str__(self) -> str:
        return self.message


class StoreError(PressclipError):
    """The store cannot be opened or written."""

    exit_code = 4


class LockedError(StoreError):
    """Another run holds the store's lock."""

    exit_code = 75
