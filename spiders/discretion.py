"""What a crawl logs, without the secrets that addresses hold."""

import logging

from pressclip.redaction import redacted


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
