"""One place of a sitemap, in the sitemap's own words."""

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
