"""The spider that tries addresses: what are they, what do they give, how do a few of their articles come out?

address ── request ── recognised ─┬── feed, sitemap: read from this very answer ────────────┬── newest articles
                                  └── page: its offers ── chosen ── asked, or read as it is ┘
Nothing is stored: what was had stands in a `Notebook`.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.http.request import NO_CALLBACK

from pressclip.errors import InputError, PressclipError
from pressclip.models import Clipping, Document, FeedEntry, Poll, Queued, Source, SourceKind
from spiders import clock, failures
from spiders.kinds import Found
from spiders.polling import robots
from spiders.polling.answers import Answer, Remembered, judge
from spiders.polling.conclusions import FeedClaims
from spiders.polls import PollSpider, answer_of
from spiders.refusals import RefusedError
from spiders.sources import SourceSpider

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from spiders.reading.discovery import Offer
    from spiders.reading.recognition import Recognised
    from storage.records import RobotsState
    from storage.store import Store

MOST_DOCUMENTS = 4  # of an index of sitemaps: a trial wants to see some articles, not all

_NOTHING: dict[SourceKind | None, str] = {
    None: "no feed, no sitemap, no list of articles",
    "feed": "no feed",
    "sitemap": "no sitemap",
    "page": "no list of articles",
}

Choose = Callable[[str, "Sequence[Offer]"], Awaitable["Sequence[Offer]"]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One address to try."""

    url: str
    source: Source | None = None  # as sources.toml has it; None: somebody named the address
    kind: SourceKind | None = None  # what it is to be read as; None: whatever it is
    lang: str | None = None
    topics: tuple[str, ...] = ()
    guess: bool = False  # ask for feeds at usual paths where nothing is declared


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What asking for a source gave."""

    source: Source  # one that was just found has its address as its name
    poll: Poll
    asked_at: datetime
    answered_at: datetime
    answer: Answer | None = None  # None: there was none
    claims: FeedClaims | None = None


@dataclass(slots=True)
class Notebook:
    """What a trial run finds."""

    tried: list[Tried] = field(default_factory=list)
    read: dict[str, list[Poll]] = field(default_factory=lambda: defaultdict(list))  # by source: its answers
    further: dict[str, list[Poll]] = field(default_factory=lambda: defaultdict(list))  # as they are stored
    older: dict[str, list[FeedEntry]] = field(
        default_factory=lambda: defaultdict(list)
    )  # too old to be fetched
    robots: "tuple[RobotsState, ...]" = ()  # what was asked for on the way
    failed: dict[str, str] = field(
        default_factory=dict
    )  # addresses that gave nothing to choose from, and why

    def entries(self, source: str) -> tuple[FeedEntry, ...]:
        """All entries of a source, from all its documents."""
        return tuple(entry for poll in self.read[source] for entry in poll.entries)

    def documents(self, source: str) -> tuple[Poll, ...]:
        """What asking for a source's further documents gave."""
        own = {tried.poll.url for tried in self.tried if tried.source.name == source}
        return tuple(poll for poll in self.further[source] if poll.url not in own)


class TrialSpider(PollSpider):
    """Tries addresses; without any it does nothing."""

    name = "trials"
    kinds: ClassVar = SourceSpider.kinds

    def __init__(
        self, *, asks: Sequence[Ask] = (), notebook: Notebook | None = None, choose: Choose | None = None,
        articles: int = 0, memory: "Store | None" = None, **arguments: Any,
    ) -> None:  # fmt: skip
        super().__init__(**arguments)
        self.asks, self.notebook, self.choose = asks, notebook or Notebook(), choose
        self.articles, self.memory = articles, memory

    async def start(self) -> AsyncIterator[Any]:
        """Ask for each."""
        for ask in self.asks:
            if ask.source is None:
                yield self._first_request(ask)
            elif until := self._told_to_wait(ask.source):
                self.notebook.failed[ask.url] = f"told_to_wait: until {until}"
            elif ask.source.kind in self._kinds:
                yield self.poll_request(ask.source, None, self.run.now())
            else:
                self.notebook.failed[ask.url] = f"kind_not_supported: {ask.source.kind}"

    def _told_to_wait(self, source: Source) -> str | None:
        """Until when a source's server asked for rest, if that time is to come."""
        known = self.memory.state(source.name) if self.memory else None
        until = known.learned.wait_until if known else None
        return until if until and until > self.run.stamp() else None

    def article_requests(self, source: Source | None) -> Iterator[Request | Clipping]:
        """Ask for a few of a source's newest articles."""
        if source is None:
            return
        found = self.notebook.entries(source.name) or self.notebook.older[source.name]
        entries = [one for one in found if one.url and not one.left_out]
        entries.sort(key=lambda one: one.published_at or one.updated_at or "", reverse=True)
        for entry in entries[: self.articles]:
            queued = Queued(entry_id=None, source=source.name, url=entry.url or "", attempts=0, entry=entry)
            self.run.fetches += 1
            yield self.article_or_request(queued, source)

    def _next(self, source: Source) -> Iterator[Request | Clipping]:
        """Ask for a source's further documents until there are articles enough to look at."""
        asked = len(self.notebook.read[source.name])
        if asked >= MOST_DOCUMENTS or len(self.notebook.entries(source.name)) >= max(self.articles, 1):
            return self.article_requests(source)
        return super()._next(source)

    async def parse_unknown(self, response: "Response", ask: Ask, asked: Poll) -> AsyncIterator[Any]:
        """Recognise what an address is; a feed and a sitemap are read from this answer, so it is asked for once."""
        answer = answer_of(response)
        poll = judge(asked, answer, None)
        if poll.outcome != "changed":
            self.notebook.failed[ask.url] = poll.reason or poll.outcome
            return
        try:
            found = await self._recognised(answer, ask)
            offers = await self._offers(answer, found, ask)
        except InputError as error:
            self.notebook.failed[ask.url] = f"{error.reason}: {error}"
            return
        chosen: Sequence[Offer] = offers
        if self.choose and not (
            len(offers) == 1 and offers[0].witness == "itself" and offers[0].kind != "page"
        ):
            try:
                chosen = await self._chosen(self.choose, answer.url, offers)
            except PressclipError as error:
                self.give_up(error)
                return
        for offer in chosen:
            itself = offer.witness == "itself"
            source = Source(
                name=offer.url, kind=offer.kind, url=offer.url, lang=ask.lang, topics=ask.topics,
                homepage=answer.url if found.kind == "page" else found.feed.link if found.feed else None,
                title=offer.title,
            )  # fmt: skip
            if itself:
                async for each in self.parse_poll(response, source, replace(asked, source=source.name)):
                    yield each
            else:
                yield self.poll_request(source, None, self.run.now())

    async def _chosen(self, choose: Choose, url: str, offers: "Sequence[Offer]") -> "Sequence[Offer]":
        """Have somebody choose; the end of the run ends the wait."""
        choosing = asyncio.ensure_future(choose(url, offers))
        over = asyncio.ensure_future(self.run.over.wait())
        await asyncio.wait({choosing, over}, return_when=asyncio.FIRST_COMPLETED)
        over.cancel()
        if choosing.done():
            return choosing.result()
        choosing.cancel()
        return ()

    def unknown_failed(self, failure: "Failure", *, ask: Ask) -> None:
        """Note why an address could not be had."""
        error = failure.value
        self.notebook.failed[ask.url] = (
            error.reason if isinstance(error, RefusedError) else failures.of_exception(error)[1]
        )

    def _first_request(self, ask: Ask) -> Request:
        """Ask for an address of which nothing is known, as for a feed: robots.txt speaks of what robots find by themselves."""
        probe = Source(name=ask.url, kind="feed", url=ask.url)
        asked = Poll(source=ask.url, url=ask.url, asked_at=self.run.stamp(), outcome="failed")
        request = self._request_for(probe, ask.url, None)
        return request.replace(
            callback=self.parse_unknown,
            errback=partial(self.unknown_failed, ask=ask),
            cb_kwargs={"ask": ask, "asked": asked},
            meta={**request.meta, "download_maxsize": self.run.configuration.crawl.max_page},
        )

    async def _recognised(self, answer: Answer, ask: Ask) -> "Recognised":
        return await self.run.workers.call(
            recognise, answer.body, url=answer.url, content_type=answer.headers.get("content-type"), lang=ask.lang
        )  # fmt: skip

    async def _offers(self, answer: Answer, found: "Recognised", ask: Ask) -> "list[Offer]":
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
        offers = [offer for offer in offers if ask.kind in {None, offer.kind} and offer.kind in self._kinds]
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
                found = await self._recognised(answer, ask)
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
        now = self.run.now()
        self.run.hosts.keep_robots(
            robots.after(None, site=site, status=answer.status, body=answer.body, now=now)
        )
        try:
            found = await self.run.workers.call(recognise, answer.body, url=answer.url)
        except InputError:
            return []
        return sorted(found.offers, key=lambda offer: "news" not in offer.url)

    async def _had(self, url: str) -> Answer | None:
        """Ask for an address beside; None: there is nothing."""
        meta = {"dont_obey_robotstxt": True, "download_maxsize": self.run.configuration.crawl.max_feed}
        try:
            response = await self.crawler.engine.download_async(Request(url, meta=meta, callback=NO_CALLBACK))
        except Exception as error:  # noqa: BLE001 - whatever Scrapy's handlers raise: it cannot be had
            self.logger.info("%s: %r", url, error)
            return None
        return answer_of(response) if response.status == failures.OK else None

    async def _judged(
        self, asked: Poll, answer: Answer, source: Source, document: Document, remembered: "Remembered | None"
    ) -> tuple[Poll, Found | None]:
        """Judge and read an answer, and note what it gave."""
        poll, found = await super()._judged(asked, answer, source, document, remembered)
        self.notebook.read[source.name].append(poll)
        if found and source.kind == "sitemap" and not (found.entries or found.children):
            # Nothing of its horizon: what it lists is shown all the same.
            listed = await self.run.workers.call(older_entries, answer.body, url=answer.url)
            self.notebook.older[source.name].extend(listed[: self.articles])
        return poll, found

    def _knowing(self, source: Source, document: Document, poll: Poll, found: Found | None) -> Poll:
        """Note what is to be remembered of a source's documents."""
        complete = super()._knowing(source, document, poll, found)
        if complete.documents:
            self.notebook.further[source.name].append(complete)
        return complete

    def _recorded(
        self, source: Source, poll: Poll, meta: dict[str, Any], answer: Answer | None = None,
        claims: FeedClaims | None = None,
    ) -> Iterator[Request | Clipping]:  # fmt: skip
        """Note what a source gave; then ask for its articles."""
        asked_at = meta.get("sent_at", self.run.now())
        tried = Tried(
            source=source, poll=replace(poll, asked_at=clock.stamp(asked_at)), asked_at=asked_at,
            answered_at=max(asked_at, meta.get("answered_at", self.run.now())), answer=answer, claims=claims,
        )  # fmt: skip
        self.notebook.tried.append(tried)
        yield from super()._recorded(source, poll, meta, answer, claims)


def moved(answer: Answer) -> str | None:
    """Name the address that redirects moved a source to for good; None: they did not."""
    from spiders.polling import moves

    return moves.target(answer.hops, answer.url)


def older_entries(body: bytes, *, url: str) -> tuple[FeedEntry, ...]:
    """Read all of a sitemap, in a worker."""
    from spiders.reading.sitemaps import read_sitemap

    return read_sitemap(body, url=url).entries


def recognise(
    body: bytes, *, url: str, content_type: str | None = None, lang: str | None = None
) -> "Recognised":
    """Recognise a body, importing what that takes only where it is done: in a worker."""
    from spiders.reading.recognition import recognise

    return recognise(body, url=url, content_type=content_type, lang=lang)
