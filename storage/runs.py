"""The log of runs: how each began and ended, and how far it came. The caller holds the transaction."""

import sqlite3
from collections.abc import Sequence

from storage import leaps
from storage.records import SourceResult
from storage.text import storable, to_json

_COUNTS = ("new", "updated", "unchanged", "skipped", "failed", "waiting")


def begin(conn: sqlite3.Connection, command: str, started_at: str) -> int:
    """Write down that a run begins; return its number. Runs that never ended were killed: the lock is ours."""
    leaps.heal(conn, started_at)
    conn.execute("UPDATE runs SET outcome = 'killed' WHERE finished_at IS NULL AND outcome IS NULL")
    cursor = conn.execute(
        "INSERT INTO runs (command, started_at) VALUES (?, ?)", [storable(command), started_at]
    )
    return int(cursor.lastrowid or 0)


def end(
    conn: sqlite3.Connection, run_id: int, finished_at: str, outcome: str, results: Sequence[SourceResult]
) -> None:
    """Write down how a run ended, in all and for each source that had not simply rested."""
    totals = [sum(getattr(result, name) for result in results) for name in _COUNTS]
    conn.execute(
        "UPDATE runs SET finished_at = ?, outcome = ?, new = ?, updated = ?, unchanged = ?, skipped = ?,"
        " failed = ?, waiting = ? WHERE id = ?",
        [finished_at, outcome, *totals, run_id],
    )
    conn.executemany(
        "INSERT INTO run_sources (run_id, source, poll, poll_reason, new, updated, unchanged, skipped, failed,"
        " waiting, reasons) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            [
                run_id,
                result.source,
                result.poll,
                result.poll_reason and storable(result.poll_reason),
                *(getattr(result, name) for name in _COUNTS),
                to_json(dict(result.reasons)),
            ]
            for result in results
            if not result.rested
        ],
    )


def began_before(conn: sqlite3.Connection, run_id: int) -> str | None:
    """Recall when the run before this one began (UTC); None: there was none."""
    row = conn.execute(
        "SELECT started_at FROM runs WHERE id < ? ORDER BY id DESC LIMIT 1", [run_id]
    ).fetchone()
    return row["started_at"] if row else None


def reach(conn: sqlite3.Connection, run_id: int, page: int) -> None:
    """Write down the last page that a run has done: one that is cut short goes on there."""
    conn.execute("UPDATE runs SET done_to = max(done_to, ?) WHERE id = ?", [page, run_id])


def done_to(conn: sqlite3.Connection, command: str) -> int:
    """Find the page at which a run of this command was cut short, if the last one was; else 0."""
    last = conn.execute(
        "SELECT done_to, outcome FROM runs WHERE command = ? ORDER BY id DESC LIMIT 1", [storable(command)]
    ).fetchone()
    return int(last["done_to"]) if last and last["outcome"] in (None, "killed", "interrupted") else 0
