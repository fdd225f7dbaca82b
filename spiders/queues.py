"""The order in which requests leave the scheduler: one on its way to each host, hosts in turn, those in trouble after the others."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from scrapy.pqueues import DownloaderAwarePriorityQueue, DownloaderInterface

from spiders.lateness import Lateness

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

    from spiders.run import Run

FEW = 8  # requests of those in trouble that may be in hand while others wait for a worker, or for us ...
EACH = 50  # ... and so many of the others leave for each of them: nobody waits for ever


def may_leave(*, crowded: bool, turn: bool, in_hand: int, others: int, places: int) -> bool:
    """Whether a request of those in trouble may leave.

    Args:
        crowded: whether others wait for a worker, or for this process.
        turn: whether it may otherwise: nobody else is there, or what the one before it costs has been looked at.
        in_hand: requests of those in trouble that are on their way, or on the way to the store.
        others: requests of others that left since the last of these.
        places: all there are. Half of them stay free of those in trouble: some give theirs back only when their time is out.

    >>> (
    ...     may_leave(crowded=True, turn=True, in_hand=7, others=50, places=512),
    ...     may_leave(crowded=True, turn=True, in_hand=7, others=9, places=512),
    ... )
    (True, False)
    >>> (
    ...     may_leave(crowded=False, turn=True, in_hand=255, others=0, places=512),
    ...     may_leave(crowded=False, turn=True, in_hand=256, others=0, places=512),
    ... )
    (True, False)
    """
    if crowded:
        return in_hand < FEW and others >= EACH
    return turn and in_hand < places // 2


class FreeHosts(DownloaderInterface):
    """What the downloader has in hand, told so that only hosts without a request on its way can be chosen."""

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        self._hosts: dict[Request, str] = {}  # of the requests on their way

    def stats(self, possible_slots: Iterable[str]) -> list[tuple[int, str]]:
        """Give the hosts that are free."""
        # Asked for each request that leaves: only those that came or went since are looked at.
        for gone in self._hosts.keys() - self.downloader.active:
            del self._hosts[gone]
        for come in self.downloader.active - self._hosts.keys():
            self._hosts[come] = self.get_slot_key(come)
        busy = set(self._hosts.values())
        return [(0, slot) for slot in possible_slots if slot not in busy]


class _Hosts(DownloaderAwarePriorityQueue):
    """Holds back the requests of a host that has one on its way.

    Scrapy's own would fill all places of the downloader with the requests of one slow host, and hosts that come
    later would wait for it. And a host that asks for rest has nothing more on its way.
    """

    def __init__(self, crawler: "Crawler", *args: Any, **kwargs: Any) -> None:
        super().__init__(crawler, *args, **kwargs)
        self._downloader_interface = FreeHosts(crawler)


class HostQueue(_Hosts):
    """Lets requests of sources and hosts in trouble leave when no other can, and only so many that others find places and workers."""

    def __init__(self, crawler: "Crawler", *args: Any, **kwargs: Any) -> None:
        super().__init__(crawler, *args, **kwargs)
        self._behind = _Hosts(crawler, *args, **kwargs)
        self._in_hand: set[Request] = set()  # of those in trouble
        self._others = 0  # requests that left since the last of these
        self._lateness = Lateness(self._looked)
        self._has_looked = True  # since the last of these
        self._run: Run = crawler.spider.run  # type: ignore[union-attr] # Scrapy makes the spider first
        self._engine: Any = crawler.engine

    def push(self, request: "Request") -> None:
        """Queue a request."""
        self._lateness.start()
        if self._is_behind(request):
            self._behind.push(request)
        else:
            super().push(request)

    def pop(self) -> "Request | None":
        """Choose the next; None: none may leave now."""
        while request := super().pop():
            if not self._is_behind(request):
                self._others += 1
                return request
            self._behind.push(request)  # its host got into trouble meanwhile
        if not self._behind or not self._may_leave() or not (request := self._behind.pop()):
            return None
        self._in_hand.add(request)
        self._others, self._has_looked = 0, False
        return request

    def peek(self) -> "Request | None":
        """Say which is the next, as Scrapy's queues do."""
        return super().peek() or self._behind.peek()

    def close(self) -> dict[str, list[int]]:
        """Drop all."""
        self._lateness.stop()
        return self._behind.close() | super().close()

    def __len__(self) -> int:
        return super().__len__() + len(self._behind)

    def _is_behind(self, request: "Request") -> bool:
        return request.meta.get("behind", False) or self._run.hosts.in_trouble(request.url)

    def _looked(self) -> None:
        self._has_looked = True
        if self._behind and self._engine.running:
            self._engine._slot.nextcall.schedule()  # noqa: SLF001 - nothing else may happen that makes it ask us

    def _may_leave(self) -> bool:
        downloader, cleaned = self._engine.downloader, self._engine.scraper.slot.active
        self._in_hand = {one for one in self._in_hand if one in downloader.active or one in cleaned}
        others = super().__len__() + len(downloader.active) + len(cleaned) - len(self._in_hand)
        return may_leave(
            crowded=self._run.workers.crowded or (others > 0 and self._lateness.is_busy),
            turn=others == 0 or self._has_looked, in_hand=len(self._in_hand), others=self._others, places=downloader.total_concurrency,
        )  # fmt: skip
