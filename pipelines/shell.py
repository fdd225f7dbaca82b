"""Cleaning and storing as steps of a crawl: thin classes that Scrapy calls, around what others decide."""

import asyncio
import dataclasses
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Protocol, Self

from pipelines.workers import Workers
from pressclip.errors import InputError, StoreError
from pressclip.models import Article, Clipping, Fingerprints, Page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrapy.crawler import Crawler

BATCH = 32  # clippings in one transaction, at the most
PATIENCE = 0.5  # seconds that a clipping waits for others to share its transaction


class Run(Protocol):
    """What these steps need of the run that the crawler's spider carries."""

    @property
    def workers(self) -> Workers:
        """Where pages are cleaned."""

    def common(self, url: str) -> AbstractSet[int]:
        """Fingerprints of the blocks that a page's site repeats."""

    def save(self, clippings: "Sequence[Clipping]") -> None:
        """Commit a batch."""


def clean(page: Page, common: AbstractSet[int]) -> tuple[Article, Fingerprints]:
    """Clean a page, importing what that takes only where it is done: the parent process never needs it."""
    import pipelines.extract

    return pipelines.extract.clean_on_site(page, common)


async def cleaned(clipping: Clipping, workers: Workers, common: AbstractSet[int] = frozenset()) -> Clipping:
    """Clean the page of a clipping; a page that kills two workers is set aside with its bytes."""
    if clipping.page is None:
        return clipping
    try:
        try:
            article, fingerprints = await workers.call(clean, clipping.page, common)
        except InputError as error:
            if error.reason != "worker_died":
                raise
            article, fingerprints = await workers.call(clean, clipping.page, common)
    except InputError as error:
        return dataclasses.replace(clipping, state="rejected", reason=f"{error.reason}: {error}")
    return judged(clipping, article, fingerprints)


def judged(clipping: Clipping, article: Article, fingerprints: Fingerprints | None = None) -> Clipping:
    """Complete a clipping with its article; what is no article leaves its reason and its page."""
    if article.kind == "article":
        return dataclasses.replace(clipping, article=article, fingerprints=fingerprints)
    return dataclasses.replace(clipping, state="rejected", reason=f"{article.kind}: {article.kind_reason}")


class CleanPipeline:
    """Page -> Article, in a worker."""

    def __init__(self, run: Run) -> None:
        self._run = run

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Share the run of the crawler's spider."""
        return cls(crawler.spider.run)  # type: ignore[union-attr] # Scrapy makes the spider first

    async def process_item(self, item: Clipping) -> Clipping:
        """Add the article to a fetched page, or the reason why it is none."""
        common = self._run.common(item.page.final_url) if item.page else frozenset()
        return await cleaned(item, self._run.workers, common)


class StorePipeline:
    """Clippings -> rows, a batch a transaction: an article and its entry's new state commit together."""

    def __init__(self, crawler: "Crawler") -> None:
        self._crawler = crawler
        self._run: Run = crawler.spider.run  # type: ignore[union-attr] # Scrapy makes the spider first
        self._batch: list[tuple[Clipping, asyncio.Future[None]]] = []
        self._timer: asyncio.TimerHandle | None = None

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Share the run of the crawler's spider."""
        return cls(crawler)

    async def process_item(self, item: Clipping) -> Clipping:
        """Wait until the clipping is committed."""
        loop = asyncio.get_running_loop()
        committed: asyncio.Future[None] = loop.create_future()
        self._batch.append((item, committed))
        if len(self._batch) >= BATCH:
            self._flush()
        elif self._timer is None:
            self._timer = loop.call_later(PATIENCE, self._flush)
        await committed
        return item

    def _flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        batch, self._batch = self._batch, []
        bug: Exception | None = None
        try:
            self._run.save([clipping for clipping, _ in batch])
        except StoreError as error:
            self._crawler.spider.give_up(error)  # type: ignore[union-attr] # as above
        except Exception as error:  # noqa: BLE001 - nothing is swallowed: each item fails with it, and is counted
            bug = error
        for _, committed in batch:
            if bug is not None:
                committed.set_exception(bug)
            else:
                committed.set_result(None)

    def close_spider(self) -> None:
        """Commit what is left."""
        self._flush()
