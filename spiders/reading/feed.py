"""What a feed says: the records of this package. A RawEntry is still in the feed's words."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from pressclip.models import FeedEntry

FeedFormat = Literal["rss", "atom", "rdf", "cdf", "json"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One feed, read: what it says of itself, and its entries in its own order."""

    format: FeedFormat
    version: str  # such as ``rss20``, ``atom10``, ``json11``
    title: str | None = None  # plain text
    link: str | None = None  # the site, absolute http(s)
    lang: str | None = None  # BCP 47
    hub: str | None = None  # WebSub hub, absolute http(s)
    self_url: str | None = None  # the address that the feed calls its own, absolute http(s)
    ttl: int | None = None  # minutes
    skip_hours: tuple[int, ...] = ()  # 0 to 23, GMT
    skip_days: tuple[str, ...] = ()  # English, lower case: ``sunday``
    update_period: str | None = None  # ``hourly``, ``daily``, ``weekly``, ``monthly``, ``yearly``
    update_frequency: int | None = None  # times in such a period
    update_base: str | None = None  # UTC, from where periods count
    entries: tuple[FeedEntry, ...] = ()
    problems: tuple[str, ...] = ()  # what could be read only in part, each with its code first


class Words(NamedTuple):
    """A text of the feed, and whether it is HTML or plain."""

    text: str
    is_html: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RawEntry:
    """One item as its format gives it, before texts, links and dates are judged."""

    guid: str | None = None
    link: str | None = None
    title: Words | None = None
    summary: Words | None = None
    content: str | None = None  # HTML
    authors: tuple[Words, ...] = ()
    published: str | None = None
    updated: str | None = None
    lang: str | None = None
    tags: tuple[Words, ...] = ()
    image: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFeed:
    """One feed as its format gives it."""

    format: FeedFormat
    version: str
    title: Words | None = None
    link: str | None = None
    lang: str | None = None
    hub: str | None = None
    self_url: str | None = None
    ttl: str | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[str, ...] = ()
    update_period: str | None = None
    update_frequency: str | None = None
    update_base: str | None = None
    entries: tuple[RawEntry, ...] = ()
    problems: tuple[str, ...] = ()
