"""What an answer to a poll means. Pure: the poll as asked, the answer, and what is remembered of the feed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from pressclip.models import Poll
from spiders import failures

DELTA, NOT_MODIFIED, FORBIDDEN, GONE = 226, 304, 403, 410


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server answered."""

    status: int
    url: str  # that answered, after redirects
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    was_conditional: bool = False  # the request that it answers carried validators
    asked_for_delta: bool = False  # the request carried `A-IM: feed`
    hops: tuple[tuple[str, int], ...] = ()  # redirects on the way: address asked, status answered
    retry_after: int | None = None  # seconds


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


def digest(body: bytes) -> str:
    """Name a body by its SHA-256."""
    return hashlib.sha256(body).hexdigest()


def is_challenge(status: int, headers: Mapping[str, str]) -> bool:
    """Whether a guard before the site wants to see a browser: it is named, never "solved".

    >>> is_challenge(403, {"cf-mitigated": "challenge"}), is_challenge(403, {})
    (True, False)
    """
    return status == FORBIDDEN and headers.get("cf-mitigated", "").strip().lower() == "challenge"


def judge(asked: Poll, answer: Answer, remembered: Remembered | None) -> Poll:
    """Complete a poll by its answer; a `changed` one has yet to be read.

    New validators count even where the body is the same; an answer without them clears the old ones; a 304 that
    nobody asked for is an error, not "no news".

    >>> asked = Poll(
    ...     source="a", url="https://a.example/feed", asked_at="2026-11-22T12:00:00Z", outcome="failed"
    ... )
    >>> judge(asked, Answer(status=304, url=asked.url), None).reason
    'http_304: to an unconditional request'
    >>> first = judge(asked, Answer(status=200, url=asked.url, body=b"<rss/>", headers={"etag": '"1"'}), None)
    >>> first.outcome, first.etag
    ('changed', '"1"')
    >>> judge(asked, Answer(status=304, url=asked.url, was_conditional=True), first).etag
    '"1"'
    """
    poll = replace(asked, status=answer.status)
    etag, last_modified = answer.headers.get("etag"), answer.headers.get("last-modified")
    if answer.status == NOT_MODIFIED:
        if remembered is None or not answer.was_conditional:
            return replace(poll, outcome="failed", reason="http_304: to an unconditional request")
        return replace(
            poll,
            outcome="unchanged",
            url=answer.url,
            etag=etag or remembered.etag,
            last_modified=last_modified or remembered.last_modified,
            body_hash=remembered.body_hash,
        )
    if is_challenge(answer.status, answer.headers):
        return replace(poll, outcome="failed", reason="challenged: Cloudflare wants to see a browser")
    if answer.status == DELTA and answer.asked_for_delta:
        # A part of the feed: the hash stays that of the whole one, which is what a later 200 is compared with.
        kept = remembered.body_hash if remembered else None
        return replace(
            poll, outcome="changed", url=answer.url, etag=etag, last_modified=last_modified, body_hash=kept
        )
    if trouble := failures.of_status(answer.status):
        return replace(poll, outcome="failed", reason=trouble[1])
    body_hash = digest(answer.body)
    same = remembered is not None and remembered.body_hash == body_hash
    return replace(
        poll,
        outcome="unchanged" if same else "changed",
        url=answer.url,
        etag=etag,
        last_modified=last_modified,
        body_hash=body_hash,
    )
