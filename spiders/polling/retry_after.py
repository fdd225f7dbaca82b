"""Retry-After (RFC 9110, 10.2.3): seconds, or a date taken relative to the server's own clock."""

from datetime import datetime

from spiders.polling import http_dates

LONGEST = 31 * 86400  # seconds; whoever says more is asked once a month all the same


def seconds(value: str | None, *, date: str | None, now: datetime) -> int | None:
    """Give the seconds to wait, capped; None where nothing usable is said.

    Args:
        value: the header.
        date: the answer's Date header: the server's clock may be wrong, but it is wrong in both.
        now: taken where Date is missing.

    >>> noon = datetime.fromisoformat("2026-11-22T12:00:00Z")
    >>> [seconds(text, date=None, now=noon) for text in ("120", "0", "-5", "soon", "1000000000000")]
    [120, None, None, None, 2678400]
    >>> seconds("Sun, 22 Nov 2026 10:10:00 GMT", date="Sun, 22 Nov 2026 10:00:00 GMT", now=noon)
    600
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit():
        wait = int(text[:12])
    else:
        until = http_dates.parse(text)
        wait = int((until - (http_dates.parse(date) or now)).total_seconds()) if until else 0
    return min(wait, LONGEST) if wait > 0 else None
