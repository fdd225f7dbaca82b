"""A name for a source that nobody named: short, fit to be typed, from its title or its host. Pure."""

import re
import unicodedata
from collections.abc import Container, Iterator
from itertools import count
from urllib.parse import urlsplit

from pressclip.source_keys import MAX_NAME

_LONGEST_TITLE = 30  # characters; longer ones are sentences
#: What stands between a site's name and its slogan, or between a site and its section.
_SLOGAN = re.compile(r"\s+[-–—|:·•»›]+\s+|[|｜：│]|:\s+|\s+-\s*")
#: Titles that many sites share.
_NOBODYS = re.compile(
    r"(the-)?(rss|atom|feed|news|blog|home|posts?|articles?|latest|all|untitled)(-(rss|feed|news|posts?))?"
)
_ADDRESS = re.compile(r"[\d.]+|.*:.*")
_HOST = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_SERVICE = re.compile(r"^(www\d?|feeds?\d?|rss|m|amp)\.")
_SUFFIX = re.compile(r"(\.(com?|ne|or|ac|go|gov|net|org|edu))?\.[a-z0-9-]+$")
#: Whose hosts say nothing of whose feed it is.
_HOSTERS = frozenset(
    ("feedburner", "feedburner-google", "feedpress", "rsshub-app", "rsshub", "medium", "github", "youtube")
)
_NO_LETTERS = re.compile(r"[\W_]+")
_KEY = re.compile(r"(?=.*\d)[0-9a-z]{16,}")  # of a database: nobody types it
_NO_WORDS = re.compile(r"[^a-z0-9]+")
_FILE = re.compile(r"\.(xml|rss|atom|rdf|json|php|html?)$")
_FEEDISH = frozenset(
    ("feed", "feeds", "rss", "atom", "xml", "index", "rss2", "rdf", "users", "routes", "default", "posts")
)


def printable(text: str | None) -> str | None:
    r"""Make a foreign title fit for sources.toml: one line, no characters that show as nothing.

    >>> printable("あたらしい\u3000経済\u200b "), printable("\x00")
    ('あたらしい 経済', None)
    """
    spaced = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in text or "")
    return unicodedata.normalize("NFC", " ".join(spaced.split())) or None


def unique(title: str | None, url: str, taken: Container[str]) -> str:
    """Make a name that no other source has.

    >>> unique("CoinDesk: Bitcoin, Ethereum and more", "https://feeds.example/x", ())
    'coindesk'
    >>> unique("あたらしい経済", "https://www.neweconomy.example/feed", ())
    'neweconomy'
    >>> unique("News", "https://news.example.co.jp/rss/tech.xml", {"news-example"})
    'news-example-tech'
    >>> unique("www.regnum.example", "https://feeds.b.example/1", ())
    'regnum'
    """
    for name in _ideas(title, url):
        if name not in taken:
            return name
    base = next(_ideas(title, url))[: MAX_NAME - 8]
    return next(name for name in (f"{base}-{n}" for n in count(2)) if name not in taken)


def _ideas(title: str | None, url: str) -> Iterator[str]:
    """Names from the best to the last, all within what a name may be."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    site = _of_host(host) or "source"
    path = "-".join(word for word in map(_word, parts.path.lower().split("/")) if word)
    named, local = _of_title(title)
    if named:
        yield named
    if site not in _HOSTERS or not (local or path):
        yield site
    if local:
        yield local
    if path:
        yield f"{site}-{path}"[:MAX_NAME].rstrip("-")


def _of_title(title: str | None) -> tuple[str, str]:
    """The site's name in a title, if it is short and says whose it is: for any keyboard, else in its own letters."""
    first = _SLOGAN.split(unicodedata.normalize("NFKC", title or "").strip(), maxsplit=1)[0]
    name = _of_host(first.lower()) if _HOST.fullmatch(first) else _slug(first)
    if not 0 < len(first) <= _LONGEST_TITLE or (first.isascii() and _NOBODYS.fullmatch(name)):
        return "", ""
    local = unicodedata.normalize("NFC", _NO_LETTERS.sub("-", first.lower()).strip("-"))
    return (name, "") if first.isascii() else ("", local)


def _of_host(host: str) -> str:
    """What is a site's own in its host: without ``www.`` and ``.co.jp``; an address of numbers stays whole."""
    own = host if _ADDRESS.fullmatch(host) else _SUFFIX.sub("", _SERVICE.sub("", host))
    return _slug(own)[:MAX_NAME].rstrip("-")


def _word(segment: str) -> str:
    word = _slug(_FILE.sub("", segment))
    return "" if word in _FEEDISH or _KEY.fullmatch(word) else word


def _slug(text: str) -> str:
    return _NO_WORDS.sub("-", text.lower().replace("'", "")).strip("-")
