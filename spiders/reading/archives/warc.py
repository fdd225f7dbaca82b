"""WARC, plain or compressed (gzip, zstd): the answers in it, one at a time.

A record that is broken ends an archive that is not compressed: what looks like the next record could be the text of
a page. Where each record is compressed by itself, reading goes on with the next one.
"""

from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from typing import BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from pressclip.errors import InputError
from spiders.reading.archives import framing
from spiders.reading.archives.http import MAX_HEAD, read_http
from spiders.reading.archives.records import Answer, Limits, Record, judge

_ATTEMPTS = 1000  # at finding a record behind one that is broken: beyond this the file is noise
_STEP = 1 << 20


class _BrokenError(Exception):
    """The archive cannot be read on behind the record that begins at `place`."""

    def __init__(self, place: int) -> None:
        super().__init__(place)
        self.place = place


def read_warc(file: BinaryIO, start: int, limits: Limits) -> Iterator[Record]:
    """Read the answers of an archive.

    Args:
        file: open for reading; it must be able to seek.
        start: a `done_to` of an earlier record, or 0.
        limits: what is believed.
    """
    mark, size = framing.kind(file, 0), file.seek(0, 2)
    place: int | None = start if mark is not None and framing.kind(file, start) == mark else 0
    broken_at: int | None = None
    for _ in range(_ATTEMPTS):
        try:
            for begin, record in _unbroken(file, place or 0, mark, limits):
                if broken_at is not None:
                    yield _passed_over(broken_at, begin)
                    broken_at = None
                yield record
        except _BrokenError as broken:
            broken_at = broken.place if broken_at is None else broken_at
            place = framing.following(file, broken.place, mark)
        else:
            break
        if place is None:
            break
    if broken_at is not None:
        yield _passed_over(broken_at, size)


def _unbroken(file: BinaryIO, place: int, mark: bytes | None, limits: Limits) -> Iterator[tuple[int, Record]]:
    """Give where each record begins, and what it is; it is done when the next one begins.

    Raises:
        _BrokenError: one could not be read to its end.
    """
    waiting: Record | None = None
    file.seek(place)
    try:
        for record in ArchiveIterator(file, parse_http=False):
            if waiting:
                yield place, replace(waiting, done_to=record.stream_pos)
            waiting, place = None, record.stream_pos
            waiting = _record(record, limits)
        whole = framing.is_whole(file, place, mark)
    except (OSError, EOFError):
        whole = False
    if waiting:
        yield place, replace(waiting, done_to=file.seek(0, 2)) if whole else waiting
    if not whole:
        raise _BrokenError(place)


def _record(record: WarcRecord, limits: Limits) -> Record | None:
    """Judge one record; None: it is no answer.

    Raises:
        OSError, EOFError: the archive is broken here.
    """
    place, fields = record.stream_pos, record.headers
    if "Content-Length" not in fields:
        raise EOFError
    if record.record_type == WarcRecordType.revisit:
        return Record(done_to=place, reason="revisit")
    if record.record_type != WarcRecordType.response:
        return None
    if "WARC-Truncated" in fields:
        return Record(done_to=place, reason="truncated")
    said = record.content_length
    if said > limits.size + MAX_HEAD:
        if record.consume() < said:
            raise EOFError
        return Record(done_to=place, reason="too_large")
    block = record.reader.read(said)
    if len(block) < said:
        raise EOFError
    try:
        http = read_http(block)
        answer = Answer(
            url=(fields.get("WARC-Target-URI") or "").strip("<> "), status=http.status,
            content_type=http.fields.get("content-type"), body=http.body(limits.size) if http.status == HTTPStatus.OK else b"", fetched_at=fields.get("WARC-Date"),
            etag=http.fields.get("etag"), last_modified=http.fields.get("last-modified"),
        )  # fmt: skip
        return judge(answer, limits, done_to=place)
    except InputError as error:
        return Record(done_to=place, reason=error.reason)


def _passed_over(start: int, end: int) -> Record:
    return Record(done_to=end, reason="damaged", trouble=f"could not be read from byte {start} to {end}")
