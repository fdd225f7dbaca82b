"""Requests that we refuse to make, each with the reason that is stored and counted.

RefusedError
├── NotAskedError   says nothing of the address: `host_rests: ...`, `host_silent`, `time_over`
├── RobotsError     `robots` (it forbids), `robots_unreachable`
└── RedirectError   `redirects` (too many), `redirect_insecure` (from https to http, with a secret), `redirect_nowhere`
"""

from scrapy.exceptions import IgnoreRequest


class RefusedError(IgnoreRequest):
    """A request was not made.

    Attributes:
        reason: a short name.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotAskedError(RefusedError):
    """Not now, and not because of what was asked: it keeps its place."""


class RobotsError(RefusedError):
    """robots.txt forbids it, or could not be had."""


class RedirectError(RefusedError):
    """A redirect was not followed."""
