"""Manners between us and a host: a gap between requests, rest where it asks for one, no request when time is over.

The last of the middlewares before the network: what it lets pass is sent at once. It holds for feeds, articles
and robots.txt alike; hosts don't wait for each other.
"""

import asyncio
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)

from spiders.headers import as_text
from spiders.hosts import host_of
from spiders.polling import retry_after
from spiders.polling.answers import is_challenge
from spiders.refusals import NotAskedError

if TYPE_CHECKING:
    from datetime import datetime

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from spiders.run import Run


_NO_ANSWER = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)


class MannersGuard:
    """Downloader middleware: when a request may be sent, and what each answer says of its host."""

    def __init__(self, run: "Run", gap: float) -> None:
        self._run, self._gap = run, gap
        self._last: dict[str, float] = {}  # host -> when its last request started, on the loop's clock

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Share the run of the crawler's spider."""
        return cls(crawler.spider.run, crawler.settings.getfloat("DOWNLOAD_DELAY"))  # type: ignore[union-attr] # Scrapy makes the spider first

    async def process_request(self, request: "Request") -> None:
        """Wait for the host's turn, then send or refuse: what was true before the wait need not be so after it."""
        self._admit(request)
        await self._turn(host_of(request.url), request.meta.get("not_before"))
        self._admit(request)
        # Once: an attempt that is redirected began with its first request.
        request.meta.setdefault(
            "sent_at", max(self._run.now(), request.meta.get("not_before") or self._run.now())
        )

    def process_response(self, request: "Request", response: "Response") -> "Response":
        """Note what the answer says of its host."""
        headers = as_text(response.headers)
        now = self._run.now()
        wait = retry_after.seconds(headers.get("retry-after"), date=headers.get("date"), now=now)
        request.meta["answered_at"], request.meta["retry_after"] = now, wait
        self._run.hosts.answered(
            request.url,
            status=response.status,
            retry_after=wait,
            challenged=is_challenge(response.status, headers),
        )
        return response

    def process_exception(self, request: "Request", exception: Exception) -> None:
        """Note that there was no answer."""
        if isinstance(exception, _NO_ANSWER):
            self._run.hosts.silent(request.url)

    def _admit(self, request: "Request") -> None:
        if self._run.over.is_set():
            raise NotAskedError("time_over")
        if reason := self._run.hosts.rest(request.url, forced=request.meta.get("forced", False)):
            raise NotAskedError(reason)

    async def _turn(self, host: str, not_before: "datetime | None") -> None:
        """Wait for the gap after the host's last request; the end of the run ends the wait."""
        loop = asyncio.get_running_loop()
        # Judged now, not when the last request was sent: a Crawl-delay may have become known since.
        gap = max(self._gap, self._run.hosts.delays.get(host, 0.0))
        start = max(loop.time(), self._last.get(host, -gap) + gap)
        if not_before:
            start = max(start, loop.time() + (not_before - self._run.now()).total_seconds())
        self._last[host] = start
        if start > loop.time():
            try:
                async with asyncio.timeout_at(start):
                    await self._run.over.wait()
            except TimeoutError:
                return
