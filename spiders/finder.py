"""What may be read at an address: recognised from its answer, and from what else has to be asked for.

answer ── recognised ─┬── feed, sitemap ─────────────────────────── itself
                      └── page ── feeds that it declares, links to ─┐
                              └── guessed paths, robots.txt, itself ┴── offers, the best first
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.http.request import NO_CALLBACK

from pressclip.errors import InputError
from pressclip.models import SourceKind
from spiders import errands, failures
from spiders.notebook import Ask
from spiders.polling import moves, robots
from spiders.polling.answers import Answer
from spiders.polls import answer_of

if TYPE_CHECKING:
    from scrapy.http import Response

    from spiders.reading.discovery import Offer
    from spiders.reading.recognition import Recognised
    from spiders.run import Run

log = logging.getLogger(__name__)

_NOTHING: dict[SourceKind | None, str] = {
    None: "no feed, no sitemap, no list of articles",
    "feed": "no feed",
    "sitemap": "no sitemap",
    "page": "no list of articles",
}

#: Chooses among the offers of an address.
Choose = Callable[[str, "Sequence[Offer]"], Awaitable["Sequence[Offer]"]]


class Finder:
    """Finds what may be read, for one run; `download` sends a request through the guards."""

    def __init__(self, run: "Run", download: "Callable[[Request], Awaitable[Response]]") -> None:
        self._run, self._download = run, download

    async def recognised(self, answer: Answer, ask: Ask) -> "Recognised":
        """Recognise an answer, in a worker.

        Raises:
            InputError: it is nothing that can be read.
        """
        return await self._run.workers.call(
            errands.recognised, answer.body, url=answer.url, content_type=answer.headers.get("content-type"), lang=ask.lang,
            now=self._run.now(),
        )  # fmt: skip

    async def offers(self, answer: Answer, found: "Recognised", ask: Ask) -> "list[Offer]":
        """List what may be read here, the best first.

        Raises:
            InputError: ``nothing_found``.
        """
        from spiders.reading.discovery import Offer

        url = moved(answer) or ask.url
        title = found.feed.title if found.feed else found.section.title if found.section else None
        itself = Offer(kind=found.kind, url=url, witness="itself", title=title)
        if found.kind != "page":
            offers = list(found.offers) or [itself]
        else:
            offers = list(found.offers)
            if ask.guess and not offers:
                offers += await self._guessed(answer.url, ask)
            if not any(offer.witness == "declared" for offer in offers):
                offers += await self._named_by_robots(answer.url)
            offers += [itself] if found.section and found.section.entries else []
        offers = [offer for offer in offers if ask.kind in {None, offer.kind}]
        if not offers:
            guessed = "" if ask.guess or ask.kind not in {None, "feed"} else "; --guess tries usual paths"
            raise InputError("nothing_found", f"{_NOTHING[ask.kind]}{guessed}")
        return offers

    async def _guessed(self, url: str, ask: Ask) -> "list[Offer]":
        """Ask for feeds where many sites have them, until there is one."""
        from spiders.reading.discovery import USUAL_PATHS, Offer

        for path in USUAL_PATHS:
            answer = await self._had(urljoin(url, path))
            if answer is None:
                continue
            try:
                found = await self.recognised(answer, ask)
            except InputError:
                continue
            if found.feed:
                return [Offer(kind="feed", url=answer.url, witness="guessed", title=found.feed.title)]
        return []

    async def _named_by_robots(self, url: str) -> "list[Offer]":
        """Read robots.txt, which is asked for before the first article anyway, for the sitemaps that it names."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        answer = await self._had(f"{site}/robots.txt")
        if answer is None:
            return []
        now = self._run.now()
        self._run.hosts.keep_robots(
            robots.after(None, site=site, status=answer.status, body=answer.body, now=now)
        )
        try:
            found = await self._run.workers.call(errands.recognised, answer.body, url=answer.url)
        except InputError:
            return []
        return sorted(found.offers, key=lambda offer: "news" not in offer.url)

    async def _had(self, url: str) -> Answer | None:
        """Ask for an address beside; None: there is nothing."""
        meta = {"dont_obey_robotstxt": True, "download_maxsize": self._run.configuration.crawl.max_feed}
        try:
            response = await self._download(Request(url, meta=meta, callback=NO_CALLBACK))
        except Exception as error:  # noqa: BLE001 - whatever Scrapy's handlers raise: it cannot be had
            log.info("%s: %r", url, error)
            return None
        return answer_of(response) if response.status == failures.OK else None


def moved(answer: Answer) -> str | None:
    """Name the address that redirects moved a source to for good; None: they did not."""
    return moves.target(answer.hops, answer.url)
