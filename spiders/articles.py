"""The spider that others build on: it fetches the articles of queued entries and says what became of each.

frontier (storage) ── Queued ── request ── answer ── Clipping ── pipelines: clean, store
"""

import asyncio
import dataclasses
import os
from collections.abc import AsyncIterator, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals

from pipelines import fed
from pressclip import sources
from pressclip.models import Care, Clipping, EntryState, Page, Queued, Source
from spiders import belongings, clock, failures
from spiders.discretion import redact_logs
from spiders.headers import as_text
from spiders.manners import crawl_settings
from spiders.polling import schedule, validators
from spiders.polling.answers import NOT_MODIFIED, is_challenge
from spiders.polling.validators import Validators
from spiders.refusals import NotAskedError, RefusedError
from spiders.run import Options, Run

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure


#: Why a page is closed to us, though its feed may carry the text.
SHUT = frozenset({"http_401", "http_402", "http_403", "http_451", "challenged", "robots"})


def was_conditional(response: "Response") -> bool:
    """Whether the request that was answered carried validators: after redirects, the last one."""
    sent = response.request.headers if response.request else {}
    return "If-None-Match" in sent or "If-Modified-Since" in sent


class ArticleSpider(Spider):
    """Fetches articles for `self.run`; subclasses find what is to be fetched."""

    def __init__(self, *, run: Run, name: str | None = None) -> None:
        super().__init__(name)
        self.run = run

    @classmethod
    def from_crawler(cls, crawler: "Crawler", *args: Any, run: Run | None = None, **kwargs: Any) -> Self:
        """Make the spider for the run that the composition root began; under `scrapy crawl`, for its own."""
        if run is None:
            run = _own_run(crawler, f"scrapy crawl {cls.name}")
        crawler.settings.update(crawl_settings(run.configuration.crawl), priority="spider")
        if any(source.render for source in run.configuration.sources):
            handlers = crawler.settings.getdict("PRESSCLIP_BROWSER_HANDLERS")
            crawler.settings.set("DOWNLOAD_HANDLERS", handlers, priority="spider")
        crawler.signals.connect(redact_logs, signals.engine_started)
        return super().from_crawler(crawler, *args, run=run, **kwargs)

    async def start(self) -> AsyncIterator[Any]:
        """Fetch the one-off articles that earlier runs left waiting; subclasses add what they find."""
        for request in self.article_requests(None):
            yield request

    def give_up(self, error: Exception) -> None:
        """End the crawl because the store cannot be written: without it no page more is asked for."""
        if self.run.fatal is None:
            self.run.fatal = error
            self._ending = asyncio.ensure_future(
                self.crawler.engine.close_spider_async(reason="store_failed")
            )

    def article_requests(self, source: Source | None) -> Iterator[Request | Clipping]:
        """Ask the frontier for a source's waiting entries (None: the one-off URLs'), newest first."""
        for queued in self.run.waiting(source.name if source else None):
            yield self.article_or_request(queued, source)

    def article_or_request(self, queued: Queued, source: Source | None) -> Request | Clipping:
        """Make the request for one queued entry; for a source that wants the feed's text only there is none."""
        if source is None or source.full_text:
            return self.article_request(queued, source)
        return Clipping(
            url=queued.url, source=source.name, state="done", entry_id=queued.entry_id, page=self._fed(queued, source)
        )  # fmt: skip

    def article_request(self, queued: Queued, source: Source | None) -> Request:
        """Make the request for one queued entry."""
        # A browser gets no validators: it would show what a server says then, nothing.
        rendered = source is not None and source.render
        stored = validators.of_page(None if rendered else queued.page_url, queued.etag, queued.last_modified)
        return self._request(queued.url, source, stored).replace(
            callback=self.parse_article,
            errback=partial(self.article_failed, queued=queued),
            cb_kwargs={"queued": queued, "source": source},
        )

    def _request(self, url: str, source: Source | None, stored: Validators) -> Request:
        """Ask for a page as its source wants it asked for."""
        carried = belongings.of(source, url)
        behind = self.run.behind(source.name if source else None, url)
        meta = {"source_headers": (), "validators": stored, "behind": behind, **carried.meta}
        if source and source.render:
            from spiders import rendering  # needs the extra

            meta |= rendering.meta(source.name)
        return Request(url, headers={**stored.at(url), **carried.headers}, meta=meta)

    async def part(self, url: str, page: Page) -> Page | str:
        """Fetch a page that belongs to another one's article; or the reason why it can't be had."""
        source = self.run.source(page.source)
        try:
            request = self._request(url, source, validators.of_page(None, None, None))
            # All pages of an article together are as large as one may be: they are cleaned, and kept, as one.
            room = self.run.configuration.crawl.max_page - sum(len(one.body) for one in (page, *page.parts))
            request.meta["download_maxsize"] = max(room, 1)
            response = await self.crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - whatever Scrapy's handlers raise, it gets its name
            return error.reason if isinstance(error, RefusedError) else failures.of_exception(error)[1]
        if trouble := failures.of_status(response.status):
            return trouble[1]
        headers = as_text(response.headers)
        return dataclasses.replace(
            page, url=url, final_url=response.url, body=response.body, content_type=headers.get("content-type"),
            fetched_at=clock.stamp(self.run.now()), etag=None, last_modified=None, entry=None, parts=(),
        )  # fmt: skip

    def parse_article(
        self, response: "Response", queued: Queued, source: Source | None
    ) -> Iterable[Clipping]:
        """Turn an answer into a clipping: a page to clean, or the reason why there is none."""
        headers = as_text(response.headers)
        if response.status == NOT_MODIFIED and was_conditional(response):
            yield self._unchanged(queued)
            return
        trouble = failures.of_status(response.status) or _sent_home(queued.url, response.url)
        if trouble:
            challenged = is_challenge(response.status, headers)
            trouble = ("failed", "challenged") if challenged else trouble
            yield self.missed(queued, *trouble, retry_after=response.meta.get("retry_after"))
            return
        page = Page(
            url=queued.url,
            final_url=response.url,
            body=response.body,
            fetched_at=clock.stamp(self.run.now()),
            status=response.status,
            content_type=headers.get("content-type"),
            etag=headers.get("etag"),
            last_modified=headers.get("last-modified"),
            entry=queued.entry,
        )
        page = self._of(page, source)
        yield Clipping(
            url=queued.url, source=queued.source, state="done", entry_id=queued.entry_id,
            page=page,
        )  # fmt: skip

    def article_failed(self, failure: "Failure", *, queued: Queued) -> Iterable[Clipping]:
        """Turn a failure on the way into a clipping with its reason; what was not asked for keeps its place."""
        if isinstance(failure.value, NotAskedError):
            if self.run.clippings is None:
                self.run.tally(queued.source).counts["waiting"] += 1
            else:  # somebody waits for an answer to this very address
                yield Clipping(
                    url=queued.url, source=queued.source, state="waiting", entry_id=queued.entry_id,
                    reason=failure.value.reason,
                )  # fmt: skip
            return
        yield self.missed(queued, *failures.of_exception(failure.value))

    def missed(
        self, queued: Queued, state: EntryState, reason: str, *, retry_after: int | None = None
    ) -> Clipping:
        """Say why there is no page, and when to ask again."""
        now, source = self.run.now(), self.run.source(queued.source)
        fallback = reason in SHUT and source and not queued.page_url and fed.is_rich(queued.entry)
        again = {
            "failed": schedule.retry_at(now=now, attempts=queued.attempts + 1, retry_after=retry_after),
            "denied": now + schedule.DENIED_PAUSE,
        }.get(state)
        return Clipping(
            url=queued.url, source=queued.source, state=state, entry_id=queued.entry_id,
            reason=reason, retry_at=clock.stamp(clock.ceiling(again)) if again else None,
            tried_at=clock.stamp(now), page=self._fed(queued, source) if fallback and source else None,
        )  # fmt: skip

    def _fed(self, queued: Queued, source: Source) -> Page:
        """Make a page of what the feed says."""
        return self._of(fed.page_of(queued.entry, queued.url, self.run.stamp()), source)

    def _of(self, page: Page, source: Source | None) -> Page:
        """Give a page what its source says of its pages."""
        if source is None:
            return dataclasses.replace(page, care=Care(topics=self.run.configuration.topics))
        return dataclasses.replace(
            page, source=source.name, topics=source.topics, lang=source.lang, keep=source.keep, drop=source.drop,
            care=source.care,
        )  # fmt: skip

    def _unchanged(self, queued: Queued) -> Clipping:
        """Say that the page is what it was: the article stays."""
        return Clipping(
            url=queued.url, source=queued.source, state="done", entry_id=queued.entry_id,
            tried_at=self.run.stamp(),
        )  # fmt: skip


def _own_run(crawler: "Crawler", command: str) -> Run:
    """Begin the run of a plain `scrapy crawl`, which the environment configures; it ends with the spider."""
    named = os.environ.get("PRESSCLIP_SOURCES")
    configuration = sources.load(Path(named) if named else None)
    run = Run.begin(
        configuration, db=Path(os.environ.get("PRESSCLIP_DB", "news.db")), command=command, options=Options()
    )

    def end(reason: str) -> None:
        run.end("ok" if reason == "finished" else "interrupted")

    crawler.signals.connect(end, signal=signals.spider_closed, weak=False)
    return run


def _sent_home(asked: str, got: str) -> tuple[EntryState, str] | None:
    """Tell a removed article whose address leads to the front page: every such page would be one article.

    >>> _sent_home("https://a.example/news/1", "https://www.a.example/")
    ('gone', 'redirected_to_front_page')
    >>> (
    ...     _sent_home("https://a.example/?p=1", "https://a.example/?p=1"),
    ...     _sent_home("https://a.example/", "https://a.example/"),
    ... )
    (None, None)
    """
    target = urlsplit(got)
    if (
        asked != got
        and target.path in {"", "/"}
        and not target.query
        and urlsplit(asked).path not in {"", "/"}
    ):
        return "gone", "redirected_to_front_page"
    return None
