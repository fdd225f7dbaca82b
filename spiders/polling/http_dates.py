"""Dates as HTTP headers write them (RFC 9110, 5.6.7): three old forms, all read, none believed."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def parse(text: str | None) -> datetime | None:
    """Read a date in UTC; None where there is none, or what stands there is no date.

    >>> str(parse("Sun, 22 Nov 2026 12:00:00 GMT"))
    '2026-11-22 12:00:00+00:00'
    >>> parse("0"), parse("Sun, 99 Nov 2026 12:00:00 GMT"), parse(None)
    (None, None, None)
    """
    if not text:
        return None
    try:
        found = parsedate_to_datetime(text.strip())
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
