"""The spider of `pressclip crawl`: sources of all kinds in one crawl."""

from typing import ClassVar

from spiders.feeds import FeedKind
from spiders.polls import PollSpider
from spiders.sections import SectionKind
from spiders.sitemaps import SitemapKind


class SourceSpider(PollSpider):
    """Polls sources of all kinds and fetches the articles they name."""

    name = "sources"
    kinds: ClassVar = {"feed": FeedKind, "sitemap": SitemapKind, "page": SectionKind}
