"""What one poll of a source gave, written down. The caller holds the transaction."""

import sqlite3

from pressclip.models import Poll
from storage import frontier, polling
from storage.records import Learned, PollResult
from storage.text import storable, to_json

_ASKED = "last_asked_at = ?, next_poll_at = ?, last_status = ?"
_FAILED = f"{_ASKED}, failures = failures + 1, last_reason = ?"
_ANSWERED = (
    f"{_ASKED}, asked_url = ?, etag = ?, last_modified = ?, body_hash = ?, last_ok_at = ?, failures = 0,"
    " last_reason = NULL"
)


def record(
    conn: sqlite3.Connection, poll: Poll, *, next_poll_at: str, learned: Learned | None = None
) -> PollResult:
    """Write down validators, state, what the poll taught, and its entries.

    Changed and unchanged answers replace the validators by those of `poll`, absent ones included; a failure
    leaves validators and entries as they are and counts.
    """
    if learned:
        polling.learn(conn, poll.source, learned, poll.asked_at)
    polling.keep_documents(conn, poll.source, poll.documents)
    asked = [poll.asked_at, next_poll_at, poll.status]
    if poll.outcome == "failed":
        _write(conn, poll, _FAILED, [*asked, poll.reason and storable(poll.reason)])
        return PollResult()
    _write(
        conn,
        poll,
        _ANSWERED,
        [
            *asked,
            storable(poll.url),
            poll.etag and storable(poll.etag),
            poll.last_modified and storable(poll.last_modified),
            poll.body_hash,
            poll.asked_at,
        ],
    )
    result = PollResult()
    if poll.outcome == "changed":
        result = frontier.note(conn, poll.entries, poll.source, poll.asked_at)
        conn.execute(
            "UPDATE sources SET feed_title = coalesce(?, feed_title), problems = ?,"
            " last_new_at = iif(?, ?, last_new_at) WHERE name = ?",
            [
                poll.title and storable(poll.title),
                to_json(poll.problems),
                result.new > 0,
                poll.asked_at,
                poll.source,
            ],
        )
    return result


def _write(conn: sqlite3.Connection, poll: Poll, columns: str, values: list[str | int | None]) -> None:
    """Write down what is known of a poll's source; one that no sources.toml names gets its row."""
    update = f"UPDATE sources SET {columns} WHERE name = ?"  # noqa: S608 - names of our own
    if conn.execute(update, [*values, poll.source]).rowcount == 0:
        conn.execute(
            "INSERT INTO sources (name, kind, url) VALUES (?, 'feed', ?)", [poll.source, storable(poll.url)]
        )
        conn.execute(update, [*values, poll.source])


def record_document(conn: sqlite3.Connection, poll: Poll) -> PollResult:
    """Write down what one of a source's further documents gave: its state and its entries."""
    polling.keep_documents(conn, poll.source, poll.documents)
    if poll.outcome != "changed":
        return PollResult()
    result = frontier.note(conn, poll.entries, poll.source, poll.asked_at)
    if result.new:
        conn.execute("UPDATE sources SET last_new_at = ? WHERE name = ?", [poll.asked_at, poll.source])
    return result
