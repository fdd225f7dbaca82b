"""Where the records of a WARC file begin, without reading them: by the marks of their compression."""

import re
import zlib
from typing import BinaryIO

GZIP, ZSTD, PLAIN = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"WARC/"
_MEMBER = zlib.MAX_WBITS | 16
_STEP = 1 << 20
_LENGTH = re.compile(rb"^Content-Length[ \t]*:[ \t]*(\d{1,15})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_PADDING = b"\0\r\n"


def kind(file: BinaryIO, place: int) -> bytes | None:
    """Tell by what a record begins at a place: `GZIP`, `ZSTD`, `PLAIN` or None."""
    file.seek(place)
    begin = file.read(len(PLAIN))
    return next((mark for mark in (GZIP, ZSTD, PLAIN) if begin.startswith(mark)), None)


def following(file: BinaryIO, place: int, mark: bytes | None) -> int | None:
    """Find where, behind a place, the next compressed record may begin; None: nowhere, or they are not compressed."""
    if mark not in {GZIP, ZSTD}:
        return None
    place += 1
    while True:
        file.seek(place)
        part = file.read(_STEP + len(mark) - 1)
        if (found := part.find(mark)) >= 0:
            return place + found
        if len(part) < _STEP:
            return None
        place += _STEP


def is_whole(file: BinaryIO, place: int, mark: bytes | None) -> bool:
    """Whether a file holds all of its last record, which begins at `place`; libraries end there without a word."""
    if mark == GZIP:  # compressed as a whole, its only beginning is the first
        return _unpacks(file, place if kind(file, place) == GZIP else 0)
    if mark != PLAIN:
        return mark == ZSTD  # the library complains of it
    file.seek(place)
    head = file.read(_STEP)
    end, length = _HEAD_END.search(head), _LENGTH.search(head)
    if end is None or length is None or length.start() > end.start():
        return False
    over = file.seek(0, 2) - (place + end.end() + int(length[1]))
    file.seek(-max(0, over), 2)
    return over >= 0 and not file.read(_STEP).strip(_PADDING)


def _unpacks(file: BinaryIO, place: int) -> bool:
    file.seek(place)
    member, rest = zlib.decompressobj(_MEMBER), b""
    try:
        while part := rest or file.read(_STEP):
            if member.eof:
                part = part.lstrip(_PADDING)
                member = zlib.decompressobj(_MEMBER) if part else member
            if part:
                member.decompress(part, _STEP)
            rest = member.unused_data if member.eof else member.unconsumed_tail
            rest = b"" if member.eof and not part else rest
    except zlib.error:
        return False
    return member.eof
