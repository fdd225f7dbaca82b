"""What a sitemap lists: pages, in its own words, and other sitemaps."""

from typing import NamedTuple


class Place(NamedTuple):
    """What a sitemap says of one address; dates as written."""

    loc: str
    lastmod: str | None = None
    title: str | None = None  # of a news sitemap, as is what follows
    published: str | None = None
    lang: str | None = None
    keywords: str = ""  # separated by commas
    image: str | None = None


class Child(NamedTuple):
    """A sitemap that an index names."""

    url: str  # absolute http(s)
    lastmod: str | None = None  # UTC, or a bare day
