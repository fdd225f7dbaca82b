"""Addresses without the secrets in them: what is logged, reported, exported or shown goes through here.

The store itself keeps addresses whole where they are asked for again; nothing else does.
"""

import logging
import re

#: What stands in a secret's place.
HIDDEN = "***"

#: Parameters whose value lets somebody in; parts of a name count too (``x-api-key``, ``auth_token``).
_SECRET = r"(?:[\w.-]*[_.-])?(?:access|api|auth|bearer|client|feed|private|rss|secret|session|user)?[_.-]?(?:key|apikey|token|jwt|secret|password|passwd|passwort|pwd|pass|auth|authorization|signature|sig|sid|session|sessionid|credentials?)"  # noqa: S105
# A number names an article (``?key=8281``) more often than it opens a door.
_PARAMETER = re.compile(rf"([?&;#]{_SECRET}=)(?!\d{{1,12}}(?![^&;#\s\"'<>]))[^&;#\s\"'<>]+", re.IGNORECASE)
_USER = re.compile(r"(\b[a-z][a-z0-9+.-]*://)[^/?#\s@\"'<>]+@", re.IGNORECASE)


def redacted(text: str) -> str:
    """Take the secrets out of an address, or of all addresses in a text.

    >>> redacted("https://me:hunter2@a.example/feed?lang=ja&key=s3cret#top")
    'https://***@a.example/feed?lang=ja&key=***#top'
    >>> redacted("GET <https://a.example/?access_token=abc> (referer: None)")
    'GET <https://a.example/?access_token=***> (referer: None)'
    >>> redacted("https://a.example/news?key=8281&keyword=bitcoin")
    'https://a.example/news?key=8281&keyword=bitcoin'
    """
    if "=" in text:
        text = _PARAMETER.sub(rf"\1{HIDDEN}", text)
    return _USER.sub(rf"\1{HIDDEN}@", text) if "@" in text else text


class RedactingFormatter(logging.Formatter):
    """Formats records as another formatter does, and takes secrets out of what it wrote, tracebacks included."""

    def __init__(self, inner: logging.Formatter) -> None:
        super().__init__()
        self._inner = inner

    def format(self, record: logging.LogRecord) -> str:
        """Format a record."""
        return redacted(self._inner.format(record))


def redact_logs() -> None:
    """Have all that the root logger's handlers write go through `redacted`."""
    for handler in logging.getLogger().handlers:
        if not isinstance(handler.formatter, RedactingFormatter):
            handler.setFormatter(RedactingFormatter(handler.formatter or logging.Formatter()))
