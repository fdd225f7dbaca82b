"""What robots.txt says, asked once a run and host before the first article; RFC 9309.

2xx            what the file says for us
4xx            everything is allowed
5xx, no answer nothing is allowed for now: the owner may have closed the site and cannot say so
"""

import asyncio
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

PRODUCT = "pressclip"  # the token that a robots.txt names us by
MAX_BYTES = 500 * 1024  # of robots.txt that are read
CLIENT_ERROR, SERVER_ERROR = 400, 500


class RobotsError(IgnoreRequest):
    """A request was not made because robots.txt forbids it, or could not be had.

    Attributes:
        reason: `robots` (it forbids) or `robots_unreachable`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RobotsGuard:
    """Downloader middleware: refuses what robots.txt forbids. Feeds are exempt (`meta["dont_obey_robotstxt"]`)."""

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler
        self._rules: dict[str, asyncio.Task[Protego]] = {}  # by scheme and host

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Make the middleware for one crawl."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait for the host's robots.txt and judge by it."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        parts = urlsplit(request.url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            self._rules[site] = asyncio.ensure_future(self._asked(f"{site}/robots.txt"))
        rules = await self._rules[site]
        if not rules.can_fetch(request.url, PRODUCT):
            raise RobotsError("robots")

    async def _asked(self, url: str) -> Protego:
        """Fetch and parse; what kept robots.txt from us keeps its pages from us too, and is raised for each."""
        request = Request(url, meta={"dont_obey_robotstxt": True}, callback=NO_CALLBACK, priority=1000)
        response = await self._crawler.engine.download_async(request)
        if response.status >= SERVER_ERROR:
            raise RobotsError("robots_unreachable")
        if response.status >= CLIENT_ERROR:
            return Protego.parse("")
        return Protego.parse(response.body[:MAX_BYTES].decode("utf-8-sig", "replace"))
