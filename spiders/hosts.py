"""What a run knows of the hosts it meets: who wants to be left alone, who asks for longer gaps, who is in trouble."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from spiders.polling import hosts
from storage.records import HostState, RobotsState

if TYPE_CHECKING:
    from storage.store import Store

SILENT = 3  # requests in a row without an answer, after which a host is not asked again in this run


def host_of(url: str) -> str:
    """Name the host of an address.

    >>> host_of("https://News.Example:8443/a")
    'news.example'
    """
    return urlsplit(url).hostname or ""


class Hosts:
    """The hosts of one run; what outlives the run goes to the store, if there is one to write to."""

    def __init__(
        self, store: "Store | None", *, keep: bool, allowed: tuple[str, ...], now: Callable[[], datetime]
    ) -> None:
        self._store, self._keep, self._allowed, self._now = store, keep, allowed, now
        self._states: dict[str, HostState] = {}
        self._robots: dict[str, RobotsState] = {}
        self._for_all: dict[str, bool] = {}  # host -> whether what one of its addresses says holds for all
        self._silent: Counter[str] = Counter()
        self._rested: set[str] = set()  # that began to rest in this run
        self._troubled: set[str] = set()
        self.delays: dict[str, float] = {}  # host -> seconds of Crawl-delay

    def rest(self, url: str, *, forced: bool = False) -> str | None:
        """Say why no request may go to this address in this run; None: one may. `forced` passes older rests."""
        host = host_of(url)
        if self._silent[host] >= SILENT:
            return "host_silent"
        if not self._stands_for_all(host):
            return None
        state = self._state(host)
        if host in self._rested or (not forced and hosts.resting(state, self._now())):
            return f"host_rests: {state.rest_reason} until {state.rest_until}"
        return None

    def answered(self, url: str, *, status: int, retry_after: int | None, challenged: bool) -> None:
        """Take in an answer."""
        host = host_of(url)
        self._silent.pop(host, None)
        if not self._stands_for_all(host):
            return
        before = self._state(host)
        after = hosts.after(
            before, status=status, retry_after=retry_after, challenged=challenged, now=self._now()
        )
        if after is before:
            return
        self._states[host] = after
        if after.rests > before.rests:
            self._rested.add(host)
        if self._store and self._keep:
            self._store.keep_host(after)

    def silent(self, url: str) -> None:
        """Take in that there was no answer."""
        host = host_of(url)
        if self._stands_for_all(host):
            self._silent[host] += 1

    def in_trouble(self, url: str) -> bool:
        """Whether requests to an address go after the others."""
        return host_of(url) in self._troubled

    def note_trouble(self, url: str) -> None:
        """Take in that a request or an answer cost much for nothing."""
        host = host_of(url)
        if self._stands_for_all(host):
            self._troubled.add(host)

    def robots(self, site: str) -> RobotsState | None:
        """Recall a site's robots.txt."""
        if site not in self._robots and self._store and (known := self._store.robots(site)):
            self._robots[site] = known
        return self._robots.get(site)

    def learned_robots(self) -> tuple[RobotsState, ...]:
        """Give what this run asked for or recalled."""
        return tuple(self._robots.values())

    def keep_robots(self, known: RobotsState) -> None:
        """Remember what a robots.txt said."""
        self._robots[known.site] = known
        if self._store and self._keep:
            self._store.keep_robots(known)

    def _stands_for_all(self, host: str) -> bool:
        if host not in self._for_all:  # asked a few times for each request
            self._for_all[host] = hosts.stands_for_all(host, self._allowed)
        return self._for_all[host]

    def _state(self, host: str) -> HostState:
        if host not in self._states:
            known = self._store.host(host) if self._store else None
            self._states[host] = known or HostState(host=host)
        return self._states[host]
