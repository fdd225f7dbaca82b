"""Stored pages as a web archive (WARC 1.1), each record compressed by itself, as archives want it."""

import gzip
import hashlib
import re
import uuid
from collections.abc import Iterable, Iterator

from pressclip.models import Page
from pressclip.redaction import published
from pressclip.version import VERSION

_BREAKS = re.compile(r"[\0-\x1f\x7f]+")
_NAMESPACE = uuid.UUID("0d7c1d5e-6b5a-5f0e-9a55-7072657373cc")


def warc_records(pages: Iterable[Page]) -> Iterator[bytes]:
    """Write a head, then a response for each page, and before it the redirect that led there, if one did.

    The same pages give the same bytes.
    """
    about = f"software: pressclip/{VERSION}\r\nformat: WARC File Format 1.1\r\n".encode()
    first = True
    for page in pages:
        if first:
            yield _record("warcinfo", page.fetched_at, "application/warc-fields", about)
            first = False
        asked, answered = published(page.url), published(page.final_url)
        if asked != answered:
            yield _response(page, asked, _head("302 Found", Location=answered))
        head = _head(
            f"{page.status} OK", **{"Content-Type": page.content_type, "ETag": page.etag},
            **{"Last-Modified": page.last_modified, "Content-Length": str(len(page.body))},
        )  # fmt: skip
        yield _response(page, answered, head + page.body)


def _response(page: Page, url: str, block: bytes) -> bytes:
    return _record("response", page.fetched_at, "application/http; msgtype=response", block, url)


def _record(kind: str, at: str, content_type: str, block: bytes, url: str | None = None) -> bytes:
    number = uuid.uuid5(_NAMESPACE, f"{kind} {at} {url} {hashlib.sha256(block).hexdigest()}")
    head = _fields(
        **{"WARC-Type": kind, "WARC-Record-ID": f"<{number.urn}>", "WARC-Date": at, "WARC-Target-URI": url},
        **{"Content-Type": content_type, "Content-Length": str(len(block))},
    )
    return gzip.compress(b"WARC/1.1\r\n" + head + b"\r\n" + block + b"\r\n\r\n", mtime=0)


def _head(status: str, **fields: str | None) -> bytes:
    return f"HTTP/1.1 {status}\r\n".encode() + _fields(**fields) + b"\r\n"


def _fields(**fields: str | None) -> bytes:
    """Write header lines; a line break inside a value would begin another one."""
    lines = (f"{name}: {_BREAKS.sub(' ', value)}\r\n" for name, value in fields.items() if value is not None)
    return "".join(lines).encode("utf-8", "replace")
