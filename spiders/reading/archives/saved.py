"""A page that a browser saved: the file itself says where it came from, if anything does."""

import html
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from spiders.reading.archives.records import Answer, Limits, Record, judge, moment
from spiders.reading.links import resolve

_HEAD = (
    512 * 1024
)  # bytes within which the address is looked for: pages carry style sheets before their links
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d{1,6}\)(\S{1,4096}?)\s*-->", re.IGNORECASE)
_SINGLE_FILE = re.compile(
    r"<!--\s*Page saved with SingleFile\s+url:\s*(\S{1,4096})\s+saved date:\s*([^\r\n]{1,120})", re.IGNORECASE
)
_TAG = re.compile(r"<(link|meta|base)\b([^<>]{1,4096})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-z:-]{1,20})\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
#: Which attributes of a tag make it name the page, and the one that holds the address; the best first.
_NAMING = (
    ("link", "rel", "canonical", "href"),
    ("meta", "property", "og:url", "content"),
    ("base", None, "", "href"),
)


def read_saved(body: bytes, written_at: str, limits: Limits) -> Record:
    """Read a saved page.

    Args:
        body: the file.
        written_at: when it was written, UTC ISO 8601: the page was fetched then, unless the file says when.
        limits: what is believed.
    """
    head = body[:_HEAD].decode("utf-16" if body[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8", "replace")
    url = address(head)
    if url is None:
        return Record(done_to=len(body), reason="no_address")
    single = _SINGLE_FILE.search(head)
    at = (single and moment(single[2])) or written_at
    answer = Answer(url=url, status=200, content_type="text/html", body=body, fetched_at=at)
    return judge(answer, limits, done_to=len(body))


def address(head: str) -> str | None:
    """Find where a page came from: what the browser noted, else what the page calls itself.

    A front page is no article's address: sites that call all their pages so are not believed.

    >>> address(
    ...     "<!-- saved from url=(0030)https://a.example/news/1 --><link rel=canonical href='https://b.example/2'>"
    ... )
    'https://a.example/news/1'
    >>> address('<link rel="stylesheet" href="/s.css"><link href="https://b.example/2" rel="canonical">')
    'https://b.example/2'
    >>> address("<base href='https://a.example/'><meta property='og:url' content='/news/1'>") is None
    True
    """
    for pattern in (_SINGLE_FILE, _SAVED_FROM):
        if (match := pattern.search(head)) and (url := resolve(match[1], "").url):
            return url
    named = [(tag.lower(), dict(_attributes(text))) for tag, text in _TAG.findall(head)]
    for wanted, key, value, holder in _NAMING:
        for tag, attributes in named:
            if tag != wanted or (key is not None and value not in attributes.get(key, "").lower().split()):
                continue
            url = resolve(attributes.get(holder), "").url
            if url and urlsplit(url).path not in {"", "/"}:
                return url
    return None


def _attributes(text: str) -> Iterator[tuple[str, str]]:
    for name, *values in _ATTRIBUTE.findall(text):
        yield name.lower(), html.unescape("".join(values))
