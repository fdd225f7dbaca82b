"""An HTTP answer as a WARC record has it: head and body, the body in whatever encoding it travelled.

Some crawlers store what came over the wire, others what they made of it and the old head: an encoding that the
body does not have is passed over. Nothing decodes to more than a bound.
"""

import io
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import zstandard

from pressclip.errors import InputError

MAX_HEAD = 64 * 1024
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})\b")
_CHUNK = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r?\n")
_MAX_CODINGS = 4
_GZIP = zlib.MAX_WBITS | 16
_ZSTD_WINDOW = 1 << 27  # bytes; what browsers accept is smaller


@dataclass(frozen=True, slots=True)
class Http:
    """Status, fields (names in lower case, the first of each), and the body as it travelled."""

    status: int
    fields: Mapping[str, str]
    raw: bytes

    def body(self, limit: int) -> bytes:
        """Decode the body.

        Raises:
            InputError: ``too_large``: more than `limit` bytes; ``broken_body``, ``unknown_encoding``.
        """
        body = self.raw
        if "chunked" in self.fields.get("transfer-encoding", "").lower():
            body = _joined(body)
        codings = [one.strip().lower() for one in self.fields.get("content-encoding", "").split(",")]
        if len(codings) > _MAX_CODINGS:
            raise InputError("unknown_encoding", f"{len(codings)} encodings")
        for coding in reversed(codings):
            body = _decoded(coding, body, limit)
        return body


def read_http(block: bytes) -> Http:
    """Take an HTTP answer apart.

    Raises:
        InputError: ``bad_record``: it is none.
    """
    end = _HEAD_END.search(block, 0, MAX_HEAD)
    status = _STATUS.match(block)
    if end is None or status is None:
        raise InputError("bad_record", "no HTTP answer")
    fields: dict[str, str] = {}
    for line in block[: end.start()].decode("latin-1").splitlines()[1:]:
        name, colon, value = line.partition(":")
        if colon:
            fields.setdefault(name.strip().lower(), value.strip())
    return Http(int(status[1]), fields, block[end.end() :])


def _joined(body: bytes) -> bytes:
    """Join the chunks of a body; one that has none is taken as it is."""
    parts: list[bytes] = []
    place = 0
    while match := _CHUNK.match(body, place):
        size = int(match[1], 16)
        if size == 0:
            return b"".join(parts)
        part = body[match.end() : match.end() + size]
        if len(part) < size:
            raise InputError("broken_body", "a chunk is shorter than it says")
        parts.append(part)
        place = match.end() + size
        place += 2 if body[place : place + 2] == b"\r\n" else 1
    if parts:
        raise InputError("broken_body", "the last chunk is missing")
    return body


def _decoded(coding: str, body: bytes, limit: int) -> bytes:
    if coding in {"", "identity"}:
        return body
    if coding in {"gzip", "x-gzip"}:
        return _inflated(body, _GZIP, limit) if body.startswith(b"\x1f\x8b") else body
    if coding == "deflate":
        wrapped = len(body) > 1 and body[0] & 0x0F == zlib.DEFLATED and int.from_bytes(body[:2]) % 31 == 0
        return _inflated(body, zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS, limit)
    if coding == "br":
        from fastwarc.stream_io import BrotliReader

        try:
            return _bounded(BrotliReader(io.BytesIO(body)).read(limit + 1), limit)
        except OSError:  # brotli has no mark to be known by
            if body.lstrip().startswith(b"<"):
                return body
            raise InputError("broken_body", "brotli that cannot be read") from None
    if coding == "zstd":
        return _unpacked(body, limit) if body.startswith(zstandard.FRAME_HEADER) else body
    raise InputError("unknown_encoding", coding[:40])


def _inflated(body: bytes, mode: int, limit: int) -> bytes:
    stream = zlib.decompressobj(mode)
    try:
        text = _bounded(stream.decompress(body, limit + 1), limit)
    except zlib.error as error:
        raise InputError("broken_body", str(error)) from None
    if not stream.eof:
        raise InputError("broken_body", "compressed data that ends too early")
    return text


def _unpacked(body: bytes, limit: int) -> bytes:
    try:
        whole = zstandard.get_frame_parameters(body).content_size
        text = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).stream_reader(body).read(limit + 1)
    except zstandard.ZstdError as error:
        raise InputError("broken_body", str(error)) from None
    if len(_bounded(text, limit)) < whole < zstandard.CONTENTSIZE_UNKNOWN:
        raise InputError("broken_body", "compressed data that ends too early")
    return text


def _bounded(text: bytes, limit: int) -> bytes:
    if len(text) > limit:
        raise InputError("too_large", f"more than {limit} bytes")
    return text
