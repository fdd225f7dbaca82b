"""The spider that polls feeds and fetches the articles they name."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from scrapy import Request

from pressclip.errors import InputError
from pressclip.models import Poll, Source
from spiders import clock, failures
from spiders.articles import ArticleSpider, header
from spiders.polling import schedule, validators
from spiders.polling.answers import Answer, judge

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from spiders.reading import Feed
    from storage.records import SourceState

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)


class FeedSpider(ArticleSpider):
    """Polls each source that is due, then fetches the articles that are new there."""

    name = "feeds"

    async def start(self) -> AsyncIterator[Any]:
        """Poll what is due; sources that are not due still get their waiting articles."""
        async for request in super().start():
            yield request
        for source in self.run.sources():
            if source.kind != "feed":
                self.run.tally(source.name).refuse(f"kind_not_supported: {source.kind}")
            elif self._due(source):
                yield self.poll_request(source)
            else:
                self.run.tally(source.name).poll = "not_due"
                for request in self.article_requests(source):
                    yield request

    def poll_request(self, source: Source) -> Request:
        """Make the conditional request for a source's feed."""
        headers = dict(source.headers)
        asked = Poll(source=source.name, url=source.url, asked_at=self.run.stamp(), outcome="failed")
        return Request(
            source.url,
            headers={"Accept": ACCEPT, **validators.conditional(self._state(source), source.url), **headers},
            callback=self.parse_feed,
            errback=partial(self.poll_failed, source=source, asked=asked),
            cb_kwargs={"source": source, "asked": asked},
            priority=10,  # a feed before the articles of other feeds: its host waits less
            meta={
                "source_headers": tuple(headers),
                "download_maxsize": self.run.configuration.crawl.max_feed,
                # A feed is published for readers to poll; robots.txt speaks of what robots discover.
                "dont_obey_robotstxt": True,
            },
        )

    async def parse_feed(self, response: "Response", source: Source, asked: Poll) -> AsyncIterator[Any]:
        """Record what the feed gave, then fetch what waits."""
        answer = Answer(
            status=response.status,
            body=response.body,
            etag=header(response, "ETag"),
            last_modified=header(response, "Last-Modified"),
        )
        poll = judge(asked, answer, self._state(source))
        if poll.outcome == "changed":
            poll = await self._read(poll, response, source)
        for request in self._recorded(source, poll):
            yield request

    def poll_failed(self, failure: "Failure", *, source: Source, asked: Poll) -> Iterator[Request]:
        """Record why the feed could not be had; what waits from earlier polls is fetched all the same."""
        _, reason = failures.of_exception(failure.value)
        yield from self._recorded(source, replace(asked, reason=reason))

    async def _read(self, poll: Poll, response: "Response", source: Source) -> Poll:
        """Read the body in a worker: feeds, too, are what strangers serve."""
        try:
            feed = await self.run.workers.call(
                read,
                response.body,
                url=response.url,
                content_type=header(response, "Content-Type"),
                lang=source.lang,
            )
        except InputError as error:
            return replace(poll, outcome="failed", reason=f"{error.reason}: {error}")
        return replace(poll, title=feed.title, entries=feed.entries, problems=feed.problems)

    def _recorded(self, source: Source, poll: Poll) -> Iterator[Request]:
        """Commit a poll, and when the next one may be; then ask for the articles."""
        state = self._state(source)
        failures_in_a_row = (state.failures if state else 0) + 1 if poll.outcome == "failed" else 0
        asked_at = clock.moment(poll.asked_at) or self.run.now()
        next_poll_at = schedule.next_poll_at(source, asked_at=asked_at, failures=failures_in_a_row)
        self.run.record(poll, next_poll_at=next_poll_at)
        yield from self.article_requests(source)

    def _due(self, source: Source) -> bool:
        state = self._state(source)
        return schedule.is_due(
            now=self.run.now(),
            last_asked=clock.moment(state.last_asked_at) if state else None,
            next_poll=clock.moment(state.next_poll_at) if state else None,
            named=source.name in self.run.options.names,
            forced=self.run.options.force,
        )

    def _state(self, source: Source) -> "SourceState | None":
        return self.run.store.state(source.name) if self.run.store else None


def read(body: bytes, *, url: str, content_type: str | None, lang: str | None) -> "Feed":
    """Read a feed, importing what that takes only where it is done: in a worker."""
    from spiders.reading import read_feed

    return read_feed(body, url=url, content_type=content_type, lang=lang)
