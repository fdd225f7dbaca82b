"""What is this body: XML with a feed's root, JSON, or something else that says why it is not a feed."""

import re
from typing import NamedTuple

from pressclip.errors import InputError
from spiders.reading.feed import FeedFormat

#: Larger bodies are no feeds: the largest real ones are a tenth of this.
MAX_BODY = 32 * 1024 * 1024
_SIGNATURES = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "an image or sound"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "gzip data"),
    (b"\x28\xb5\x2f\xfd", "zstd data"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x7fELF", "a program"),
)
#: Roots of the formats that are read, in lower case and without prefix.
FEED_ROOTS: dict[str, FeedFormat] = {
    "rss": "rss",
    "feed": "atom",
    "entry": "atom",
    "rdf": "rdf",
    "channel": "cdf",
    "item": "rss",
}
_OTHER_ROOTS = {
    "html": "an HTML page",
    "opml": "OPML",
    "urlset": "a sitemap",
    "sitemapindex": "a sitemap index",
    "svg": "an SVG image",
    "error": "an XML error message",
    "envelope": "a SOAP message",
}
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|title|script|meta|div|p|h1)\b", re.IGNORECASE)
_ROOT = re.compile(r"<(?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*)(?=[\s/>])")
_FEED_ROOT = re.compile(r"<(?:\w+:)?(?:rss|rdf|feed)(?=[\s>])", re.IGNORECASE)
_COMMENT_END, _INSTRUCTION_END = "-->", "?>"


class Root(NamedTuple):
    """Where the root element of an XML text begins, and its name in lower case, without prefix."""

    start: int
    name: str


def refuse_bytes(body: bytes) -> None:
    """Raise InputError for what is no text: ``too_large``, ``not_a_feed``."""
    if len(body) > MAX_BODY:
        message = f"the body has {len(body)} bytes, at most {MAX_BODY} are read"
        raise InputError("too_large", message)
    if not body.strip():
        raise not_a_feed("an empty body")
    for signature, name in _SIGNATURES:
        if body.startswith(signature):
            raise not_a_feed(name)


def is_json(text: str) -> bool:
    """Whether the text begins as a JSON object or array."""
    return text.lstrip()[:1] in {"{", "["}


def find_root(text: str) -> Root:
    """Find the root of a feed, past declarations, comments and what a careless server printed before it.

    Raises:
        InputError: ``not_a_feed``, with what it looks like instead.
    """
    root = first_element(text)
    if root and root.name in FEED_ROOTS:
        return root
    if root and root.name in _OTHER_ROOTS:
        raise not_a_feed(_OTHER_ROOTS[root.name])
    if match := _FEED_ROOT.search(text):
        return Root(match.start(), match[0].rpartition(":")[2].strip("<").lower())
    if root is None:
        raise not_a_feed("plain text" if text.strip() else "an empty body")
    raise not_a_feed(looks_like(root, text))


def looks_like(root: Root, text: str) -> str:
    """Say what a document is, for people."""
    if root.name in FEED_ROOTS:
        return "a feed"
    if root.name in _OTHER_ROOTS:
        return _OTHER_ROOTS[root.name]
    return "an HTML page" if _HTML.search(text[:2000]) else f"XML of another kind, <{root.name[:40]}>"


def not_a_feed(looks_like: str) -> InputError:
    """Make the error for a body of another kind."""
    return InputError("not_a_feed", f"looks like {looks_like}")


def first_element(text: str) -> Root | None:
    """The first start tag outside of comments, instructions and the document type."""
    position = 0
    while (position := text.find("<", position)) >= 0:
        if text.startswith("<!--", position):
            position = _after(text, _COMMENT_END, position)
        elif text.startswith("<?", position):
            position = _after(text, _INSTRUCTION_END, position)
        elif match := _ROOT.match(text, position):
            return Root(position, match[2].lower())
        else:
            position += 1
    return None


def _after(text: str, end: str, position: int) -> int:
    """Where the text goes on after an ending; its own end where that never comes."""
    found = text.find(end, position)
    return found + len(end) if found >= 0 else len(text)
