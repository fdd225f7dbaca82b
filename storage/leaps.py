"""What a clock that was ahead left in the store: moments that lie years off, for which sources and articles would wait.

A clock that is an hour or a day off brings no burst of requests and heals by itself. One that was far ahead is known by the
run before: it began in what is now the future. The caller holds the transaction.
"""

import sqlite3
from datetime import datetime, timedelta

#: No pause of our own is longer.
_LEAP = timedelta(days=7)
#: Nor is what a server may ask for (Retry-After).
_LONGEST = timedelta(days=32)

_HEAL = """
UPDATE sources SET next_poll_at = NULL, wait_until = NULL, last_asked_at = min(last_asked_at, :now),
    last_ok_at = min(last_ok_at, :now), last_new_at = min(last_new_at, :now), newest_at = min(newest_at, :now)
    WHERE last_asked_at > :leap;
UPDATE documents SET asked_at = :now WHERE asked_at > :leap;
UPDATE robots SET asked_at = :now, next_at = :now, failing_since = min(failing_since, :now) WHERE asked_at > :leap;
UPDATE hosts SET rest_until = NULL, rest_reason = NULL, rests = 0, ok_on = min(ok_on, substr(:now, 1, 10))
    WHERE rest_until > :longest OR ok_on > :leap;
UPDATE entries SET retry_at = :now, last_tried_at = min(last_tried_at, :now)
    WHERE state IN ('waiting', 'failed', 'denied') AND retry_at > :longest
"""


def heal(conn: sqlite3.Connection, now: str) -> bool:
    """Bring such moments back to now, if the run before began more than a week after now; whether it did.

    Args:
        conn: the store, before this run has its row.
        now: when this run begins, UTC ISO 8601.
    """
    last = conn.execute("SELECT started_at FROM runs ORDER BY id DESC LIMIT 1").fetchone()
    if last is None or last["started_at"] <= _after(now, _LEAP):
        return False
    moments = {"now": now, "leap": _after(now, _LEAP), "longest": _after(now, _LONGEST)}
    for statement in _HEAL.split(";"):
        conn.execute(statement, moments)
    return True


def _after(now: str, span: timedelta) -> str:
    return (datetime.fromisoformat(now) + span).strftime("%Y-%m-%dT%H:%M:%SZ")
