"""Sitemaps: how they are asked for and read, and the spider that polls only these."""

from datetime import timedelta
from typing import ClassVar

from pressclip.models import Source
from spiders import clock, errands
from spiders.kinds import Asked, Found, Kind
from spiders.polling.conclusions import FeedClaims
from spiders.polls import PollSpider

LARGEST = 50 * 2**20  # bytes: the protocol's own bound
OVERLAP = timedelta(days=1)  # what was published while nobody looked is new, with something to spare


class SitemapKind(Kind):
    """Sitemaps, news sitemaps, indexes of sitemaps, plain lists, robots.txt."""

    accept = "application/xml, text/xml;q=0.9, application/gzip;q=0.8, text/plain;q=0.7, */*;q=0.5"

    @property
    def largest(self) -> int:
        """Bytes of the largest sitemap."""
        return max(LARGEST, self.run.configuration.crawl.max_feed)

    def reading(self, source: Source) -> str | None:
        """Name how far back the source reaches."""
        return f"horizon {source.horizon}"

    async def read(self, asked: Asked) -> Found:
        """Read a sitemap: what of it is in the source's window."""
        source, now = asked.source, self.run.now()
        since = now - timedelta(seconds=source.horizon)
        if asked.known and (last := clock.moment(asked.known.last_ok_at)):
            since = min(since, last - OVERLAP)
        sitemap = await self.run.workers.call(
            errands.sitemap,
            asked.answer.body,
            {"now": now, "since": since, "seen": asked.document.seen, "others": _seen_elsewhere(asked)},
            url=asked.answer.url,
            content_type=asked.answer.headers.get("content-type"),
            lang=source.lang,
            homes=asked.homes,
            behind=self.run.behind(*asked.who),
        )
        return Found(
            entries=sitemap.entries,
            problems=sitemap.problems,
            claims=FeedClaims(newest_at=sitemap.newest_at),
            children=tuple(sitemap.children),
            seen=sitemap.seen,
        )


class SitemapSpider(PollSpider):
    """Polls sitemaps and fetches the articles they list."""

    name = "sitemaps"
    kinds: ClassVar = {"sitemap": SitemapKind}


def _seen_elsewhere(asked: Asked) -> bytes:
    """What the source's other sitemaps listed: addresses move from one to the next."""
    return b"".join(each.seen or b"" for each in asked.documents.values() if each.url != asked.document.url)
