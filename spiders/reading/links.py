"""The addresses of a feed: absolute http(s), fit to be asked for, or a reason why not."""

import html
import re
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from w3lib.url import safe_url_string

from spiders.reading.texts import clean

#: No article has a longer address; servers refuse them anyway.
MAX_URL = 4096
_SHOWN = 80  # characters of a bad address in its problem
_LINE_BREAKS = re.compile(r"[\t\r\n]+\s*")
_REFERENCE = re.compile(r"&(?:amp|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")  # escaped twice
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:(?!\d)")
_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|[0-9a-f:.]*:[0-9a-f:.]*", re.IGNORECASE)


class Link(NamedTuple):
    """An address, or the problem with it; neither where there was none."""

    url: str | None
    problem: str | None = None


def resolve(raw: str | None, base: str) -> Link:
    """Make a link of a feed absolute and safe to send: IDN as punycode, spaces and kanji percent-encoded.

    >>> resolve("/記事/1 a", "https://例え.jp/feed").url
    'https://xn--r8jz45g.jp/%E8%A8%98%E4%BA%8B/1%20a'
    >>> resolve("javascript:alert(1)", "https://a.example/").problem
    'bad_url: javascript:alert(1)'
    """
    text = _REFERENCE.sub(lambda match: html.unescape(match[0]), raw or "")
    text = _LINE_BREAKS.sub("", clean(text).strip())
    if not text:
        return Link(None)
    if len(text) > MAX_URL:
        return _bad(f"{len(text)} characters: {text}")
    if text.startswith("www."):  # written for people
        text = "//" + text
    if _SCHEME.match(text) and not text.lower().startswith(("http:", "https:")):
        return _bad(text)
    try:
        url = safe_url_string(urljoin(base, text))
        parts = urlsplit(url)
        known = parts.scheme in {"http", "https"} and parts.hostname and _HOST.fullmatch(parts.hostname)
        port_is_one = parts.port != 0  # reading it raises where it is none
    except ValueError:
        return _bad(text)
    return Link(url) if known and port_is_one and len(url) <= MAX_URL * 3 else _bad(text)


def _bad(text: str) -> Link:
    return Link(None, f"bad_url: {text if len(text) <= _SHOWN else text[:_SHOWN] + '…'}")
