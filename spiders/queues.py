"""The order in which requests leave the scheduler: one on its way to each host, hosts in turn."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from scrapy.pqueues import DownloaderAwarePriorityQueue, DownloaderInterface

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler


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


class HostQueue(DownloaderAwarePriorityQueue):
    """Holds back the requests of a host that has one on its way.

    Scrapy's own would fill all places of the downloader with the requests of one slow host, and hosts that come
    later would wait for it. And a host that asks for rest has nothing more on its way.
    """

    def __init__(self, crawler: "Crawler", *args: Any, **kwargs: Any) -> None:
        super().__init__(crawler, *args, **kwargs)
        self._downloader_interface = FreeHosts(crawler)
