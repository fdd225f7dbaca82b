"""What an answer to a poll means. Pure: the poll as asked, the answer, and what is remembered of the feed."""

import hashlib
from dataclasses import dataclass, replace
from typing import Protocol

from pressclip.models import Poll
from spiders import failures

NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server answered."""

    status: int
    body: bytes = b""
    etag: str | None = None
    last_modified: str | None = None


class Remembered(Protocol):
    """What the last good answer left."""

    @property
    def etag(self) -> str | None:
        """Its ETag."""

    @property
    def last_modified(self) -> str | None:
        """Its Last-Modified."""

    @property
    def body_hash(self) -> str | None:
        """SHA-256 of its body."""


def judge(asked: Poll, answer: Answer, remembered: Remembered | None) -> Poll:
    """Complete a poll by its answer; a `changed` one has yet to be read.

    New validators count even where the body is the same; an answer without them clears the old ones; a 304 that
    nobody asked for is an error, not "no news".

    >>> asked = Poll(
    ...     source="a", url="https://a.example/feed", asked_at="2026-11-22T12:00:00Z", outcome="failed"
    ... )
    >>> judge(asked, Answer(status=304), None).reason
    'http_304: to an unconditional request'
    >>> first = judge(asked, Answer(status=200, body=b"<rss/>", etag='"1"'), None)
    >>> first.outcome, first.etag
    ('changed', '"1"')
    >>> judge(asked, Answer(status=304), first).etag
    '"1"'
    >>> again = judge(asked, Answer(status=200, body=b"<rss/>", etag='"2"'), first)
    >>> again.outcome, again.etag
    ('unchanged', '"2"')
    """
    poll = replace(asked, status=answer.status)
    if answer.status == NOT_MODIFIED:
        if remembered is None or not (remembered.etag or remembered.last_modified):
            return replace(poll, outcome="failed", reason="http_304: to an unconditional request")
        return replace(
            poll,
            outcome="unchanged",
            etag=answer.etag or remembered.etag,
            last_modified=answer.last_modified or remembered.last_modified,
            body_hash=remembered.body_hash,
        )
    if trouble := failures.of_status(answer.status):
        return replace(poll, outcome="failed", reason=trouble[1])
    body_hash = hashlib.sha256(answer.body).hexdigest()
    same = remembered is not None and remembered.body_hash == body_hash
    return replace(
        poll,
        outcome="unchanged" if same else "changed",
        etag=answer.etag,
        last_modified=answer.last_modified,
        body_hash=body_hash,
    )
