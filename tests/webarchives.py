"""Archives as crawlers, browsers and enemies write them."""

import gzip
import json
from typing import Any

import newsroom

DATE = "2026-11-20T10:00:00Z"


def url(number: int) -> str:
    return f"https://wire.example/news/{number}"


def http(body: bytes, *fields: str, status: str = "200 OK") -> bytes:
    """Write an HTTP answer."""
    head = [f"HTTP/1.1 {status}", *(fields or ("Content-Type: text/html; charset=utf-8",))]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def record(
    address: str, block: bytes, *more: str, kind: str = "response", date: str = DATE, length: object = None
) -> bytes:
    """Write a WARC record; `length` is what it says of its own length."""
    head = [
        "WARC/1.0", f"WARC-Type: {kind}", f"WARC-Target-URI: {address}", f"WARC-Date: {date}",
        f"Content-Type: application/http; msgtype={kind}", f"Content-Length: {len(block) if length is None else length}",
        *more,
    ]  # fmt: skip
    return "\r\n".join(head).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def article(number: int, *, date: str = DATE, body: bytes | None = None) -> bytes:
    """Write the record of one article of the newsroom."""
    return record(url(number), http(body or newsroom.article(number)), date=date)


def zipped(*records: bytes) -> bytes:
    """Compress each record by itself."""
    return b"".join(gzip.compress(one) for one in records)


def har(*entries: dict[str, Any]) -> bytes:
    return json.dumps({"log": {"version": "1.2", "entries": entries}}).encode()


def har_entry(
    address: str, text: str, mime: str = "text/html; charset=shift_jis", **content: str
) -> dict[str, Any]:
    return {
        "startedDateTime": "2026-11-20T19:00:00.123+09:00",
        "request": {"method": "GET", "url": address},
        "response": {"status": 200, "content": {"mimeType": mime, "text": text, **content}},
    }
