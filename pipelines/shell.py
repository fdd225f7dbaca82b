"""Cleaning and storing as steps of a crawl: thin classes that Scrapy calls, around what others decide."""

import asyncio
import dataclasses
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Protocol, Self

from pipelines import fed
from pipelines.choosing import left_out
from pipelines.pagination import MOST
from pipelines.workers import Workers
from pressclip.errors import InputError, StoreError
from pressclip.models import Cleaned, Clipping, Page
from pressclip.redaction import redacted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrapy.crawler import Crawler

#: Clippings in one transaction, at the most. While more are stored, workers would run out of the pages that they have in hand.
BATCH = 32
PATIENCE = 0.5  # seconds that a clipping waits for others to share its transaction
BRIEF = 0.05  # the same where none is being cleaned: the last ones of a crawl


class Run(Protocol):
    """What these steps need of the run that the crawler's spider carries."""

    @property
    def workers(self) -> Workers:
        """Where pages are cleaned."""

    def common(self, url: str) -> AbstractSet[int]:
        """Fingerprints of the blocks that a page's site repeats."""

    def behind(self, source: str | None, url: str) -> bool:
        """Whether a source's page comes after the others."""

    def save(self, clippings: "Sequence[Clipping]") -> None:
        """Commit a batch."""


class Spider(Protocol):
    """What these steps need of the crawler's spider."""

    @property
    def run(self) -> Run:
        """The run that it serves."""

    async def part(self, url: str, page: Page) -> Page | str:
        """Fetch a page that belongs to another one's article; or the reason why it can't be had."""


def clean(page: Page, common: AbstractSet[int]) -> Cleaned:
    """Clean a page, importing what that takes only where it is done: the parent process never needs it."""
    import pipelines.extract

    return pipelines.extract.clean_on_site(page, common)


async def cleaned(clipping: Clipping, workers: Workers, common: AbstractSet[int] = frozenset()) -> Clipping:
    """Clean the page of a clipping; a page that kills two workers is set aside with its bytes."""
    if clipping.page is None:
        return clipping
    try:
        return judged(clipping, await workers.call(clean, clipping.page, common))
    except InputError as error:
        return _refused(clipping, error)


async def completed(clipping: Clipping, spider: Spider) -> Clipping:
    """Do the same in a crawl, where the other pages of an article can be had.

    Those on which it goes on, and another version of a page that holds no article.
    """
    page, workers = clipping.page, spider.run.workers
    if page is None:
        return clipping
    common, missing = spider.run.common(page.final_url), None
    if clipping.state != "done":
        return await _by_feed(clipping, page, workers) or dataclasses.replace(clipping, page=None)
    behind = spider.run.behind(clipping.source, page.final_url)
    try:
        found = await workers.call(clean, page, common, behind=behind)
        while found.next_url and len(page.parts) + 1 < MOST:
            part = await spider.part(found.next_url, page)
            if isinstance(part, str):
                missing = redacted(f"incomplete: {found.next_url}: {part}")
                break
            page = dataclasses.replace(page, parts=(*page.parts, part))
            found = await workers.call(clean, page, common, behind=behind)
        if found.other_url:
            other = await spider.part(found.other_url, page)
            if not isinstance(other, str):
                page = dataclasses.replace(page, body=other.body, content_type=other.content_type)
                again = await workers.call(clean, page, common, behind=behind)
                found = again if again.article.kind == "article" else found
    except InputError as error:
        clipping = _refused(clipping, error)
    else:
        clipping = judged(dataclasses.replace(clipping, page=page, reason=missing), found)
    if clipping.article is None and fed.is_rich(page.entry):
        return await _by_feed(clipping, fed.instead(page), workers) or clipping
    return clipping


async def _by_feed(clipping: Clipping, page: Page, workers: Workers) -> Clipping | None:
    """Complete a clipping by a page made of what its feed says, where the real one gave no article, or never came."""
    try:
        found = await workers.call(clean, page, frozenset())
    except InputError:
        return None
    why = f"feed_text: {clipping.reason}"
    done = dataclasses.replace(clipping, page=page, state="done", reason=why, retry_at=None)
    done = judged(done, found)
    return done if done.article else None


def judged(clipping: Clipping, found: Cleaned) -> Clipping:
    """Complete a clipping with its article; what is no article leaves its reason and its page."""
    article = found.article
    if article.kind == "article" and clipping.page and (why := left_out(article, clipping.page.care)):
        return dataclasses.replace(clipping, state="rejected", reason=why)
    if article.kind == "article":
        return dataclasses.replace(clipping, article=article, fingerprints=found.fingerprints)
    return dataclasses.replace(clipping, state="rejected", reason=f"{article.kind}: {article.kind_reason}")


def _refused(clipping: Clipping, error: InputError) -> Clipping:
    return dataclasses.replace(clipping, state="rejected", reason=redacted(f"{error.reason}: {error}"))


class CleanPipeline:
    """Page -> Article, in a worker."""

    def __init__(self, spider: Spider) -> None:
        self._spider = spider

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Share the crawler's spider, and its run."""
        return cls(crawler.spider)  # type: ignore[arg-type] # Scrapy makes the spider first, and it is one of ours

    async def process_item(self, item: Clipping) -> Clipping:
        """Add the article to a fetched page, or the reason why it is none."""
        return await completed(item, self._spider)


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
        committed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._batch.append((item, committed))
        if len(self._batch) >= BATCH:
            self._flush()
        else:
            self._flush_within(PATIENCE if self._run.workers.busy else BRIEF)
        await committed
        return item

    def _flush_within(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        if self._timer is not None:
            if self._timer.when() <= loop.time() + seconds:
                return
            self._timer.cancel()
        self._timer = loop.call_later(seconds, self._flush)

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
