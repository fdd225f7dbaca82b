"""Which article is this: the key of its address, the hash of its words.

Keys are for comparing, never for fetching. Both functions are pure and total: garbage gives a garbage key.
"""

import hashlib
import re
import unicodedata

from w3lib.url import canonicalize_url

from pipelines.trackers import AMP_MARKS, CHANNEL_NAMES, CHANNELS, TRACKER_PREFIXES, TRACKERS
from pressclip.redaction import identified

_LONGEST = 8192  # characters; longer ones are no address, and cost time by their square
_HTTP = re.compile(r"(?:https?:)?//+", re.IGNORECASE)
#: A scheme that is not the host of ``example.com:8080``.
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
#: Browsers drop these wherever they stand.
_LINE_BREAKS = re.compile(r"[\t\r\n]+")
_HOST = re.compile(r"[a-z0-9._~-]+(?::\d+)?|\[[0-9a-f:.]+\](?::\d+)?")
_DEFAULT_PORT = re.compile(r":(?:80|443)?$")
_VARIANT_HOST = re.compile(r"^(?:www|m|amp)\.(?=[^.]+\.)")
_SESSION = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)


def url_key(url: str) -> str:
    """Name the article behind a URL: equal for addresses that differ only in how the reader came there.

    >>> url_key("https://www.example.com:443/news/1/?utm_source=rss&id=5#comments")
    'example.com/news/1?id=5'
    >>> url_key("http://m.example.com/news/1/amp/?id=5")
    'example.com/news/1?id=5'
    >>> url_key("https://example.com/p/1?token=s3cret")
    'example.com/p/1?token=~1ec1c26b50d5'
    """
    text = identified(_LINE_BREAKS.sub("", url.strip())).encode("utf-8", "replace").decode()
    http = _HTTP.match(text)
    if len(text) > _LONGEST or (http is None and _OTHER_SCHEME.match(text)):
        return text
    try:
        canonical = canonicalize_url("http://" + text[http.end() if http else 0 :], keep_fragments=True)
    except ValueError:
        return text
    rest, _, fragment = canonical.removeprefix("http://").partition("#")
    rest, _, query = rest.partition("?")
    netloc, slash, path = rest.partition("/")
    host = _host_key(netloc)
    if not _HOST.fullmatch(host):
        return text
    path = _SESSION.sub("", slash + path).rstrip("/;")
    while path.endswith("/amp"):
        path = path.removesuffix("/amp").rstrip("/;")
    query = "&".join(pair for pair in query.split("&") if pair and not _is_noise(pair))
    # Sites that are one page with a router name their articles in the fragment.
    fragment = fragment if fragment.startswith(("!", "/")) and len(fragment) > 1 else ""
    return host + path + (query and "?" + query) + (fragment and "#" + fragment)


def alias(key: str, canonical_url: str | None) -> str | None:
    """Name the other address that a page claims for itself; what it claims is believed only where the texts agree.

    >>> alias("example.com/news/1", "https://example.com/news/1?utm_source=rss") is None
    True
    >>> alias("example.com/print/1", "https://example.com/news/1")
    'example.com/news/1'
    """
    claimed = url_key(canonical_url) if canonical_url else key
    return None if claimed == key else claimed


def content_hash(title: str, text: str) -> str:
    r"""SHA-256 in hex over title and text, without differences of case, width and white space.

    >>> content_hash("ビットコイン", "ＡＩ  news") == content_hash("ﾋﾞｯﾄｺｲﾝ", "AI News\n")
    True
    """
    return hashlib.sha256(f"{_fold(title)}\n{_fold(text)}".encode("utf-8", "replace")).hexdigest()


def _host_key(netloc: str) -> str:
    """Host and port without user, default port and the prefixes of variants: ``m.www.example.com``."""
    host = _DEFAULT_PORT.sub("", netloc.rpartition("@")[2].lower()).rstrip(".")
    while (shorter := _VARIANT_HOST.sub("", host)) != host:
        host = shorter
    return host


def _is_noise(pair: str) -> bool:
    """Whether a query parameter says nothing about which article is meant."""
    name, _, value = pair.partition("=")
    name, value = name.lower(), value.lower()
    return (
        name in TRACKERS
        or name.startswith(TRACKER_PREFIXES)
        or (name in CHANNEL_NAMES and (value in CHANNELS or value.startswith("rss-")))
        or value in AMP_MARKS.get(name, ())
    )


def _fold(text: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(folded.split())
