"""What one poll of a source gave, written down. The caller holds the transaction."""

import sqlite3

from pressclip.models import Poll
from storage import frontier, polling
from storage.records import Learned, PollResult
from storage.text import storable, to_json


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
    conn.execute(
        "INSERT INTO sources (name, kind, url) VALUES (?, 'feed', ?) ON CONFLICT (name) DO NOTHING",
        [poll.source, storable(poll.url)],
    )
    conn.execute(
        "UPDATE sources SET last_asked_at = ?, next_poll_at = ?, last_status = ? WHERE name = ?",
        [poll.asked_at, next_poll_at, poll.status, poll.source],
    )
    if poll.outcome == "failed":
        conn.execute(
            "UPDATE sources SET failures = failures + 1, last_reason = ? WHERE name = ?",
            [poll.reason and storable(poll.reason), poll.source],
        )
        return PollResult()
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
    conn.execute(
        "UPDATE sources SET asked_url = ?, etag = ?, last_modified = ?, body_hash = ?, last_ok_at = ?,"
        " failures = 0, last_reason = NULL WHERE name = ?",
        [
            storable(poll.url),
            poll.etag and storable(poll.etag),
            poll.last_modified and storable(poll.last_modified),
            poll.body_hash,
            poll.asked_at,
            poll.source,
        ],
    )
    return result


def record_document(conn: sqlite3.Connection, poll: Poll) -> PollResult:
    """Write down what one of a source's further documents gave: its state and its entries."""
    polling.keep_documents(conn, poll.source, poll.documents)
    if poll.outcome != "changed":
        return PollResult()
    result = frontier.note(conn, poll.entries, poll.source, poll.asked_at)
    if result.new:
        conn.execute("UPDATE sources SET last_new_at = ? WHERE name = ?", [poll.asked_at, poll.source])
    return result
