"""What robots.txt says, asked once a day and site before the first article; RFC 9309.

The rules stand in `spiders.polling.robots`; this asks, remembers, and refuses.
"""

import asyncio
import logging
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin, urlsplit

from protego import Protego
from scrapy import Request
from scrapy.http.request import NO_CALLBACK

from spiders import clock
from spiders.guards.addresses import BlockedAddressError
from spiders.hosts import host_of
from spiders.polling import robots
from spiders.refusals import NotAskedError, RobotsError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from spiders.run import Run
    from storage.records import RobotsState

MOST_HOPS = 5
_REDIRECTS = frozenset((301, 302, 303, 307, 308))

log = logging.getLogger(__name__)


class RobotsGuard:
    """Downloader middleware: refuses what robots.txt forbids. Feeds are exempt (`meta["dont_obey_robotstxt"]`)."""

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler
        self._run: Run = crawler.spider.run  # type: ignore[union-attr] # Scrapy makes the spider first
        self._rules: dict[str, asyncio.Task[Protego | None]] = {}  # by scheme, host and port

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Make the middleware for one crawl."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait for the site's robots.txt and judge by it."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        parts = urlsplit(request.url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            self._rules[site] = asyncio.ensure_future(self._learned(site, request))
        rules = await self._rules[site]
        if rules is None:
            if rests := self._run.hosts.rest(request.url):
                raise NotAskedError(rests)
            raise RobotsError("robots_unreachable")
        if not rules.can_fetch(request.url, robots.PRODUCT):
            raise RobotsError("robots")

    async def _learned(self, site: str, asking: Request) -> Protego | None:
        """Recall or ask for the rules of a site, once a run; its Crawl-delay is noted for the manners."""
        known, now = self._run.hosts.robots(site), self._run.now()
        if known is None or clock.stamp(now) >= known.next_at:
            known = await self._asked(site, known, asking)
            self._run.hosts.keep_robots(known)
        rules = robots.rules(known, now=now)
        host, delays = host_of(site), self._run.hosts.delays
        delays[host] = max(delays.get(host, 0.0), kept_delay(site, rules))
        return rules

    async def _asked(self, site: str, known: "RobotsState | None", asking: Request) -> "RobotsState":
        """Fetch it, over a few redirects, to other hosts too; whoever leads further has none."""
        url, status, body = f"{site}/robots.txt", None, b""
        for _ in range(MOST_HOPS + 1):
            try:
                response = await self._crawler.engine.download_async(self._request(url, asking))
            except (NotAskedError, BlockedAddressError):
                raise  # not the site's answer: it was never asked
            except Exception as error:  # noqa: BLE001 - whatever kept it from us, the rule is the same
                log.info("%s: %r", url, error)
                status = None
                break
            status, body = response.status, response.body
            location = response.headers.get("Location")
            if status not in _REDIRECTS or location is None:
                break
            try:
                url = urljoin(url, location.decode("latin-1"))
            except ValueError:  # no address
                break
        return robots.after(known, site=site, status=status, body=body, now=self._run.now())

    def _request(self, url: str, asking: Request) -> Request:
        """Ask on behalf of a request, by the way that it goes itself; its secrets are not needed."""
        same = host_of(url) == host_of(asking.url)
        shared = ("proxy", "insecure") if same else ("proxy",)
        meta = {
            **{name: asking.meta[name] for name in shared if name in asking.meta},
            "dont_obey_robotstxt": True,
            "dont_redirect": True,  # followed here: each hop is counted, and none leads back to this guard
            "download_maxsize": self._run.configuration.crawl.max_page,
        }
        through = {name: asking.headers[name] for name in ("Proxy-Authorization",) if name in asking.headers}
        return Request(url, headers=through, meta=meta, callback=NO_CALLBACK)


def kept_delay(site: str, rules: Protego | None) -> float:
    """Give the seconds of Crawl-delay that we keep to; whoever asks for more than we can is told of in the log."""
    wanted = robots.delay(rules)
    if wanted > robots.MAX_DELAY:
        log.warning("%s asks for a Crawl-delay of %g s; %g s are kept", site, wanted, robots.MAX_DELAY)
    return min(wanted, robots.MAX_DELAY)
