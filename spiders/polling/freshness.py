"""How long an answer says that it stays fresh: Cache-Control, Age, Expires (RFC 9111, 4.2)."""

from collections.abc import Mapping
from datetime import datetime

from spiders.polling import http_dates

_STALE_AT_ONCE = frozenset(("no-cache", "no-store"))
_MOST = 10**9  # seconds; longer claims are cut before they meet arithmetic of dates


def lifetime(headers: Mapping[str, str], *, now: datetime) -> int | None:
    """Give the seconds for which the answer is still fresh; None: it does not say.

    Args:
        headers: names in lower case, several lines of one name joined by commas.
        now: for an Expires beside which no Date stands.

    >>> noon = datetime.fromisoformat("2026-11-22T12:00:00Z")
    >>> def of(**headers):
    ...     return lifetime({name.replace("_", "-"): value for name, value in headers.items()}, now=noon)
    >>> of(cache_control="public, max-age=3600", age="600"), of(cache_control="no-cache"), of()
    (3000, 0, None)
    >>> of(expires="Sun, 22 Nov 2026 13:00:00 GMT"), of(expires="0")
    (3600, 0)
    """
    directives = _directives(headers.get("cache-control", ""))
    if directives.keys() & _STALE_AT_ONCE:
        return 0
    stated = _seconds(directives.get("max-age"))
    if stated is not None:
        return max(0, stated - (_seconds(headers.get("age")) or 0))
    if "expires" not in headers:
        return None
    expires = http_dates.parse(headers["expires"])
    if expires is None:
        return 0
    answered = http_dates.parse(headers.get("date")) or now
    return min(_MOST, max(0, int((expires - answered).total_seconds())))


def _directives(text: str) -> dict[str, str]:
    """Split Cache-Control; of a directive that stands there twice the first counts."""
    found: dict[str, str] = {}
    for part in text.split(","):
        name, _, value = part.partition("=")
        found.setdefault(name.strip().lower(), value.strip().strip('"'))
    return found


def _seconds(text: str | None) -> int | None:
    """A count of seconds as the RFC writes it: digits and nothing else."""
    text = (text or "").strip()
    if not (text.isascii() and text.isdigit()):
        return None
    return min(_MOST, int(text[:12]))
