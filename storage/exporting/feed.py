"""What Atom and JSON Feed say alike: who, when, under which name."""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from pressclip.models import Article
from storage import moments
from storage.records import Stored
from storage.text import storable

_NOT_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
EMPTY = "1970-01-01T00:00:00Z"  # when a feed without entries changed last: any entry is newer
_IN_ADDRESSES = "!#$%&'()*+,/:;=?@[]~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a feed says of itself.

    Attributes:
        title: as readers show it.
        updated: when anything in it changed last, UTC ISO 8601.
        url: where the file will be found, if that is known; it is the feed's identity then.
    """

    title: str
    updated: str = EMPTY
    url: str | None = None

    @property
    def id(self) -> str:
        """Its identity, the same each time the file is written."""
        return link(self.url) or _name(f"feed {self.title}")


def newest(articles: Iterable[Stored]) -> str:
    """Find out when anything among these articles changed last."""
    return max((updated(stored.article) for stored in articles), default=EMPTY)


def entry_id(article: Article) -> str:
    """Name an article: the same in any store, whatever becomes of its text or address."""
    return _name(article.url_key)


def _name(what: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, storable(what)).urn


def published(article: Article) -> str:
    """Say when an article was published, never later than it was fetched: a wrong date must not stay on top for ever."""
    seconds = moments.sort_base(article.published_at, article.fetched_at) // moments.PER_SECOND
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def updated(article: Article) -> str:
    """Say when this version came to be known; readers show it again when that changes."""
    return article.fetched_at


def link(url: str | None) -> str | None:
    """Give an address that readers may open, or None; with what no address can hold percent-encoded."""
    if not url or not url.startswith(("http://", "https://")):
        return None
    return "".join(
        one if one > "\x7f" and one.isprintable() else quote(storable(one), safe=_IN_ADDRESSES) for one in url
    )


def site(article: Article) -> tuple[str, str | None]:
    """Name the site of an article, and give the address of its front page if it has one."""
    try:
        parts = urlsplit(article.url)
        host, front = parts.hostname, link(f"{parts.scheme}://{parts.netloc}/")
    except ValueError:
        host, front = None, None
    return article.site_name or host or article.source or "unknown", front


def categories(article: Article) -> list[str]:
    """List topics and keywords, each once."""
    return [one for one in dict.fromkeys((*article.topics, *article.tags)) if one.strip()]


def xml_text(text: str) -> str:
    r"""Replace what XML cannot hold.

    >>> xml_text("a\x1b[2J")
    'a\ufffd[2J'
    """
    return _NOT_XML.sub("\ufffd", text)
