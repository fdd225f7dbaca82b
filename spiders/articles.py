"""The spider that others build on: it fetches the articles of queued entries and says what became of each.

frontier (storage) ── Queued ── request ── answer ── Clipping ── pipelines: clean, store
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals

from pressclip import sources
from pressclip.models import Clipping, EntryState, Page, Queued, Source
from spiders import clock, failures
from spiders.headers import as_text
from spiders.manners import crawl_settings
from spiders.polling import schedule, validators
from spiders.polling.answers import NOT_MODIFIED, is_challenge
from spiders.refusals import NotAskedError
from spiders.run import Options, Run

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure


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

    def article_requests(self, source: Source | None) -> Iterator[Request]:
        """Ask the frontier for a source's waiting entries (None: the one-off URLs'), newest first."""
        for queued in self.run.waiting(source.name if source else None):
            yield self.article_request(queued, source)

    def article_request(self, queued: Queued, source: Source | None) -> Request:
        """Make the request for one queued entry."""
        headers = dict(source.headers) if source else {}
        if source and source.render:
            from spiders import rendering  # needs the extra

            # No validators: a browser would show what the server says, nothing.
            stored, through = validators.of_page(None, None, None), rendering.meta(source.name)
        else:
            stored, through = validators.of_page(queued.page_url, queued.etag, queued.last_modified), {}
        return Request(
            queued.url,
            headers={**stored.at(queued.url), **headers},
            callback=self.parse_article,
            errback=partial(self.article_failed, queued=queued),
            cb_kwargs={"queued": queued, "source": source},
            meta={"source_headers": tuple(headers), "validators": stored, **through},
        )

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
            source=queued.source,
            topics=source.topics if source else (),
            lang=source.lang if source else None,
            keep=source.keep if source else (),
            drop=source.drop if source else (),
            entry=queued.entry,
        )
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
        now = self.run.now()
        again = {
            "failed": schedule.retry_at(now=now, attempts=queued.attempts + 1, retry_after=retry_after),
            "denied": now + schedule.DENIED_PAUSE,
        }.get(state)
        return Clipping(
            url=queued.url, source=queued.source, state=state, entry_id=queued.entry_id,
            reason=reason, retry_at=clock.stamp(clock.ceiling(again)) if again else None,
            tried_at=clock.stamp(now),
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
