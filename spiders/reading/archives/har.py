"""HAR, what a browser's developer tools save: a JSON file with each request and its answer."""

import base64
import binascii
from collections.abc import Iterator

import msgspec

from spiders.reading.archives.records import Answer, Limits, Record, judge

MAX_HAR = 256 * 1024 * 1024  # bytes; it is read as a whole


class _Content(msgspec.Struct):
    text: str | None = None
    encoding: str | None = None
    mime: str | None = msgspec.field(default=None, name="mimeType")


class _Response(msgspec.Struct):
    status: int
    content: _Content


class _Request(msgspec.Struct):
    url: str


class _Entry(msgspec.Struct):
    request: _Request
    response: _Response
    at: str | None = msgspec.field(default=None, name="startedDateTime")


class _Log(msgspec.Struct):
    entries: list[msgspec.Raw]  # one that is broken is no reason to refuse the others


class _Har(msgspec.Struct):
    log: _Log


def read_har(body: bytes, start: int, limits: Limits) -> Iterator[Record]:
    """Read the answers of a HAR file.

    Args:
        body: the file.
        start: a `done_to` of an earlier record, or 0; entries are counted, and the last one ends with the file.
        limits: what is believed.
    """
    try:
        entries = msgspec.json.decode(body.removeprefix(b"\xef\xbb\xbf"), type=_Har).log.entries
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        yield Record(done_to=len(body), reason="damaged", trouble=f"is no HAR file: {error}")
        return
    for number, raw in enumerate(entries, start=1):
        if number > start:
            yield _record(raw, limits, done_to=len(body) if number == len(entries) else number)


def _record(raw: msgspec.Raw, limits: Limits, *, done_to: int) -> Record:
    try:
        entry = msgspec.json.decode(raw, type=_Entry)
        content = entry.response.content
        if content.encoding == "base64":
            body, content_type = base64.b64decode(content.text or ""), content.mime
        else:
            body, content_type = (content.text or "").encode("utf-8", "replace"), _as_utf_8(content.mime)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, binascii.Error, ValueError):
        return Record(done_to=done_to, reason="bad_record")
    answer = Answer(
        url=entry.request.url,
        status=entry.response.status,
        content_type=content_type,
        body=body,
        fetched_at=entry.at,
    )
    return judge(answer, limits, done_to=done_to)


def _as_utf_8(mime: str | None) -> str | None:
    """Name the encoding that the text has here, whatever it had when it was served."""
    return f"{mime.partition(';')[0]}; charset=utf-8" if mime else None
