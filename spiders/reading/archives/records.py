"""What an archive gives: pages, and reasons why other records are none."""

import re
from dataclasses import dataclass
from http import HTTPStatus

from pressclip import dates
from pressclip.models import Page
from spiders.reading.links import resolve

_HTML = frozenset({"text/html", "application/xhtml+xml"})
_LOOKS_LIKE_HTML = re.compile(rb"\s*<(?:!doctype\s+html|html|head|body|!--)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is believed of an archive's records."""

    now: str  # no page was fetched later, UTC ISO 8601
    size: int  # bytes of a page


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record.

    Attributes:
        done_to: where reading goes on after it: a place in the file, between 0 and its size.
        page: the page, if it is one.
        reason: why it is none: ``not_html``, ``http_404``, ``revisit``, ``too_large``, ``damaged`` ...
        trouble: one line about the file itself, for people.
    """

    done_to: int
    page: Page | None = None
    reason: str | None = None
    trouble: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server said, as the archive has it; its body is decoded."""

    url: str
    status: int
    content_type: str | None
    body: bytes
    fetched_at: str | None
    etag: str | None = None
    last_modified: str | None = None


def judge(answer: Answer, limits: Limits, *, done_to: int) -> Record:
    """Make a page of an answer, if it is an HTML page that was had in full."""
    url, fetched_at = resolve(answer.url, "").url, moment(answer.fetched_at)
    if refusal := _refusal(answer, limits):
        return Record(done_to=done_to, reason=refusal)
    if url is None or fetched_at is None:
        return Record(done_to=done_to, reason="bad_url" if url is None else "bad_date")
    page = Page(
        url=url, final_url=url, body=answer.body, content_type=answer.content_type,
        fetched_at=min(fetched_at, limits.now), etag=answer.etag, last_modified=answer.last_modified,
    )  # fmt: skip
    return Record(done_to=done_to, page=page)


def _refusal(answer: Answer, limits: Limits) -> str | None:
    if answer.status != HTTPStatus.OK:
        return f"http_{answer.status}"
    if not is_html(answer.content_type, answer.body):
        return "not_html"
    if len(answer.body) > limits.size:
        return "too_large"
    return None if answer.body.strip() else "empty"


def is_html(content_type: str | None, body: bytes) -> bool:
    """Whether an answer says that it is HTML, or looks like it where it says nothing.

    >>> (
    ...     is_html("text/html; charset=utf-8", b""),
    ...     is_html(None, b"<!doctype html>"),
    ...     is_html("image/png", b"<html>"),
    ... )
    (True, True, False)
    """
    if content_type and content_type.strip():
        return content_type.partition(";")[0].strip().lower() in _HTML
    return bool(_LOOKS_LIKE_HTML.match(body[:2000]))


def moment(raw: str | None) -> str | None:
    """Read the moment of a record, UTC ISO 8601; a bare day is its midnight.

    >>> moment("2026-11-20T10:00:00.123Z"), moment("2026-11-20"), moment("soon")
    ('2026-11-20T10:00:00Z', '2026-11-20T00:00:00Z', None)
    """
    read = dates.parse(raw)
    return f"{read}T00:00:00Z" if read and "T" not in read else read
