"""The spider that tries addresses: what are they, what do they give, how do a few of their articles come out?

address ── request ── recognised ─┬── feed, sitemap: read from this very answer ────────────┬── newest articles
                                  └── page: its offers ── chosen ── asked, or read as it is ┘
Nothing is stored: what was had stands in a `Notebook`.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request

from pressclip.errors import InputError, PressclipError
from pressclip.models import Clipping, Document, Poll, Queued, Source
from spiders import clock, errands, failures
from spiders.finder import Choose, Finder
from spiders.kinds import Found
from spiders.notebook import Ask, Notebook, Tried
from spiders.polling.answers import Answer, Remembered, judge
from spiders.polling.conclusions import FeedClaims
from spiders.polls import PollSpider, answer_of
from spiders.refusals import RefusedError
from spiders.sources import SourceSpider

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from spiders.reading.discovery import Offer
    from storage.store import Store

MOST_DOCUMENTS = 4  # of an index of sitemaps: a trial wants to see some articles, not all


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
        finder = Finder(self.run, self.crawler.engine.download_async)
        try:
            found = await finder.recognised(answer, ask)
            offers = await finder.offers(answer, found, ask)
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
        request = self._request_for(
            probe, ask.url, None,
            callback=self.parse_unknown,
            errback=partial(self.unknown_failed, ask=ask),
            cb_kwargs={"ask": ask, "asked": asked},
        )  # fmt: skip
        request.meta["download_maxsize"] = self.run.configuration.crawl.max_page
        return request

    async def _judged(
        self, asked: Poll, answer: Answer, source: Source, document: Document, remembered: "Remembered | None"
    ) -> tuple[Poll, Found | None]:
        """Judge and read an answer, and note what it gave."""
        poll, found = await super()._judged(asked, answer, source, document, remembered)
        self.notebook.read[source.name].append(poll)
        if found and source.kind == "sitemap" and not (found.entries or found.children):
            # Nothing of its horizon: what it lists is shown all the same.
            listed = await self.run.workers.call(errands.older_entries, answer.body, url=answer.url)
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
