"""Addresses without the secrets in them: what is logged, reported, exported or shown goes through here.

The store itself keeps addresses whole where they are asked for again; nothing else does.
"""

import re

#: What stands in a secret's place.
HIDDEN = "***"

_BEFORE = r"[?&;#](?:[\w.-]*[_.-])?"
_AFTER = r"=(?!\d{1,20}(?![^&;#\s\"'<>]))"  # a number names an article (``?key=8281``) more often than it opens a door
_VALUE = r"[^&;#\s\"'<>]+"
#: Parameters that let somebody in, and nothing else.
_SURE = (
    r"(?:access|api|auth|client|feed|private|refresh|rss|secret|user)?(?:token|apikey|secret|password|passwd|pwd|jwt)"
    r"|(?:access|api|feed|private|rss|secret|user)[_-]?key"
)
#: These name articles on some sites.
_LIKELY = r"key|pass|auth|authorization|signature|sig|sid|session(?:id)?|credentials?"
_SHOWN = re.compile(rf"({_BEFORE}(?:{_SURE}|{_LIKELY}){_AFTER}){_VALUE}", re.IGNORECASE)
_PUBLISHED = re.compile(rf"({_BEFORE}(?:{_SURE}){_AFTER})({_VALUE})", re.IGNORECASE)
#: The scheme is bounded: a long text without one would cost its square.
_USER = re.compile(r"(\b[a-z][a-z0-9+.-]{0,20}://)[^/?#\s\"'<>]+@", re.IGNORECASE)


def redacted(text: str) -> str:
    """Take the secrets out of an address, or of all addresses in a text, that is logged or shown.

    >>> redacted("https://me:hunter2@a.example/feed?lang=ja&key=s3cret#top")
    'https://***@a.example/feed?lang=ja&key=***#top'
    >>> redacted("GET <https://a.example/?access_token=abc> (referer: None)")
    'GET <https://a.example/?access_token=***> (referer: None)'
    >>> redacted("https://a.example/news?key=8281&keyword=bitcoin")
    'https://a.example/news?key=8281&keyword=bitcoin'
    """
    if "=" in text:
        text = _SHOWN.sub(rf"\1{HIDDEN}", text)
    return _USER.sub(rf"\1{HIDDEN}@", text) if "@" in text else text


def published(url: str) -> str:
    """Take the secrets out of the address of an article, which is stored with it, exported and followed.

    Only what is certain to be one: the others name articles on some sites, and their addresses must lead there.

    >>> published("https://me:pw@a.example/1?key=tea&token=s3cret")
    'https://a.example/1?key=tea&token=***'
    """
    return _USER.sub(r"\1", _PUBLISHED.sub(rf"\1{HIDDEN}", url)) if "=" in url or "@" in url else url


def identified(url: str) -> str:
    """Do the same, but leave in a secret's place what tells it from others: it may be what names the article.

    >>> identified("https://a.example/1?token=s3cret")
    'https://a.example/1?token=~1ec1c26b50d5'
    """
    import hashlib  # every command redacts, few get here, and it brings OpenSSL

    def digest(found: re.Match[str]) -> str:
        return f"{found[1]}~{hashlib.sha256(found[2].encode('utf-8', 'replace')).hexdigest()[:12]}"

    return _PUBLISHED.sub(digest, url) if "=" in url else url
