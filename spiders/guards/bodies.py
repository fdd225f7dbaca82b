"""How many bytes of answers this process holds at a time: what is too much at once is asked for again when there is room.

A page may have `max_page` bytes and 256 answers may be on their way, so a bound on each is none on all. Held is what arrives
and what waits for a worker. Scrapy starts no new request while too much waits (SCRAPER_SLOT_MAX_ACTIVE_SIZE), but those on
their way go on. So when `BUDGET` is spent, an answer that has more than its share of it is cut off, and its request waits until
the largest answer that it may have fits in: large bodies go through a few at a time, small ones never meet this guard.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from scrapy import signals
from scrapy.exceptions import StopDownload

from spiders.refusals import NotAskedError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from spiders.run import Run

MIB = 2**20
BUDGET = 128 * MIB
MOST_WAITING = 64  # requests; each has one of the places of the downloader while it waits
PATIENCE = 60.0  # seconds that one waits: more than one large answer takes, less than a run may
_SOON = 1.0  # seconds in which an answer is unpacked and handed on
_LOOK = 0.2  # seconds between two looks whether there is room


class BodiesGuard:
    """Downloader middleware; stands where answers are unpacked already."""

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler
        self._run: Run = crawler.spider.run  # type: ignore[union-attr] # Scrapy makes the spider first
        self._arriving: dict[Request, int] = {}  # bytes, until they are handed to the spider
        self._has_room: set[Request] = set()  # of these all that may come is counted already
        self._waiting = 0

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Listen to what arrives."""
        guard = cls(crawler)
        crawler.signals.connect(guard.begun, signals.headers_received)
        crawler.signals.connect(guard.arrived, signals.bytes_received)
        crawler.signals.connect(guard.left, signals.request_left_downloader)
        crawler.signals.connect(guard.handed_over, signals.response_received)
        return guard

    async def process_request(self, request: "Request") -> None:
        """Let a request that was cut off before wait for room."""
        if not request.meta.get("crowded"):
            return
        largest = self._largest(request)
        with self._place():
            try:
                async with asyncio.timeout(PATIENCE):
                    while self._held() + largest > BUDGET and self._held():
                        if self._run.over.is_set():
                            raise NotAskedError("time_over")
                        await asyncio.sleep(_LOOK)
            except TimeoutError:
                raise NotAskedError("crowded") from None
        self._arriving[request] = largest
        self._has_room.add(request)

    def process_response(self, request: "Request", response: "Response") -> "Request | Response":
        """Judge an answer again now that it is unpacked."""
        if self._is_too_much(request, len(response.body)):
            self._forget(request)
            return self._later(request)
        self._arriving[request] = len(response.body)
        return response

    def process_exception(self, request: "Request", exception: Exception) -> "Request | None":
        """Ask again for what was cut off."""
        self._forget(request)  # the request may have been refused after it got room
        return self._later(request) if isinstance(exception, StopDownload) else None

    def begun(self, body_length: int | str, request: "Request", **_: Any) -> None:
        """Make room for an answer that says how long it is, or cut it off if that is too much; other lengths are words."""
        if isinstance(body_length, int) and request not in self._has_room:
            if self._is_too_much(request, body_length):
                raise StopDownload
            self._arriving[request] = body_length
            self._has_room.add(request)

    def arrived(self, data: bytes, request: "Request", **_: Any) -> None:
        """Count what arrives without room made for it, and cut it off if it is too much."""
        if request in self._has_room:
            return
        size = self._arriving.get(request, 0) + len(data)
        if self._is_too_much(request, size):
            raise StopDownload
        self._arriving[request] = size

    def left(self, request: "Request", **_: Any) -> None:
        """Forget, in a moment, what the steps between the network and us keep: redirects, bombs."""
        asyncio.get_running_loop().call_later(_SOON, self._forget, request)

    def _forget(self, request: "Request") -> None:
        self._arriving.pop(request, None)
        self._has_room.discard(request)

    def handed_over(self, request: "Request", **_: Any) -> None:
        """Count no longer: from here Scrapy counts what waits for a worker."""
        self._forget(request)

    def _held(self) -> int:
        waiting = self._crawler.engine.scraper.slot
        return sum(self._arriving.values()) + (waiting.active_size if waiting else 0)

    def _is_too_much(self, request: "Request", size: int) -> bool:
        """Whether the budget is spent, and this answer has more than its share of it."""
        waiting = self._crawler.engine.scraper.slot
        sharing = len(self._crawler.engine.downloader.active) + (len(waiting.active) if waiting else 0)
        if request.meta.get("crowded") or size <= BUDGET / 2 / max(sharing, 1):
            return False
        return self._held() - self._arriving.get(request, 0) + size > BUDGET

    def _later(self, request: "Request") -> "Request":
        if request.meta.get("crowded"):
            raise NotAskedError("crowded")
        return request.replace(meta={**request.meta, "crowded": True}, dont_filter=True)

    def _largest(self, request: "Request") -> int:
        return int(request.meta.get("download_maxsize", self._run.configuration.crawl.max_page))

    @contextmanager
    def _place(self) -> Iterator[None]:
        if self._waiting >= MOST_WAITING:
            raise NotAskedError("crowded")
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1
