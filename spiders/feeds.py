"""The spider that polls feeds and fetches the articles they name."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request

from pressclip.errors import InputError
from pressclip.models import Poll, Source
from spiders import clock, failures
from spiders.articles import ArticleSpider, was_conditional
from spiders.headers import as_text
from spiders.polling import schedule, validators
from spiders.polling.answers import Answer, judge
from spiders.polling.conclusions import FeedClaims, conclude
from spiders.refusals import NotAskedError

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from spiders.reading import Feed
    from storage.records import SourceState

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
#: A source that is due within this is waited for: cron's seconds vary, and the next run may be an hour away.
ALMOST = timedelta(seconds=5)


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
                continue
            known = self._known(source)
            due_at = self._due_at(source, known)
            if due_at is not None:
                yield self.poll_request(source, known, due_at)
            else:
                off = known.learned.off_at if known else None
                self._put_off(source, f"off: it answered 410 on {off[:10]}" if off else None)
                for request in self.article_requests(source):
                    yield request

    def poll_request(self, source: Source, known: "SourceState | None", due_at: datetime) -> Request:
        """Make the conditional request for a source's feed, at the address it has moved to."""
        url = (known.learned.moved_to if known else None) or source.url
        headers = dict(source.headers) if urlsplit(url).netloc == urlsplit(source.url).netloc else {}
        stored = validators.of_feed(known)
        asked = Poll(source=source.name, url=url, asked_at=self.run.stamp(), outcome="failed")
        return Request(
            url,
            headers={"Accept": ACCEPT, **stored.at(url), **headers},
            callback=self.parse_feed,
            errback=partial(self.poll_failed, source=source, asked=asked),
            cb_kwargs={"source": source, "asked": asked},
            priority=10,  # a feed before the articles of other feeds: its host waits less
            meta={
                "source_headers": tuple(headers),
                "validators": stored,
                "forced": self.run.options.force,
                "not_before": due_at if due_at > self.run.now() else None,
                "download_maxsize": self.run.configuration.crawl.max_feed,
                # A feed is published for readers to poll; robots.txt speaks of what robots discover.
                "dont_obey_robotstxt": True,
            },
        )

    async def parse_feed(self, response: "Response", source: Source, asked: Poll) -> AsyncIterator[Any]:
        """Record what the feed gave, then fetch what waits."""
        answer = Answer(
            status=response.status,
            url=response.url,
            body=response.body,
            headers=as_text(response.headers),
            was_conditional=was_conditional(response),
            asked_for_delta=bool(response.request and "A-IM" in response.request.headers),
            hops=tuple(
                zip(
                    response.meta.get("redirect_urls", ()),
                    response.meta.get("redirect_reasons", ()),
                    strict=True,
                )
            ),
            retry_after=response.meta.get("retry_after"),
        )
        poll, claims = judge(asked, answer, self._known(source)), None
        if poll.outcome == "changed":
            poll, claims = await self._read(poll, answer, source)
        for request in self._recorded(source, poll, response.meta, answer, claims):
            yield request

    def poll_failed(self, failure: "Failure", *, source: Source, asked: Poll) -> Iterator[Request]:
        """Record why the feed could not be had; what waits from earlier polls is fetched all the same."""
        if isinstance(failure.value, NotAskedError):
            self._put_off(source, failure.value.reason)
            yield from self.article_requests(source)
            return
        _, reason = failures.of_exception(failure.value)
        meta = failure.request.meta  # type: ignore[attr-defined] # Scrapy adds it
        yield from self._recorded(source, replace(asked, reason=reason), meta)

    async def _read(self, poll: Poll, answer: Answer, source: Source) -> tuple[Poll, FeedClaims | None]:
        """Read the body in a worker: feeds, too, are what strangers serve."""
        try:
            feed = await self.run.workers.call(
                read,
                answer.body,
                url=answer.url,
                content_type=answer.headers.get("content-type"),
                lang=source.lang,
            )
        except InputError as error:
            return replace(poll, outcome="failed", reason=f"{error.reason}: {error}"), None
        claims = FeedClaims(
            ttl=feed.ttl, skip_hours=feed.skip_hours, skip_days=feed.skip_days,
            update_period=feed.update_period, update_frequency=feed.update_frequency,
        )  # fmt: skip
        return replace(poll, title=feed.title, entries=feed.entries, problems=feed.problems), claims

    def _recorded(
        self,
        source: Source,
        poll: Poll,
        meta: dict[str, Any],
        answer: Answer | None = None,
        claims: FeedClaims | None = None,
    ) -> Iterator[Request]:
        """Commit a poll, and when the next one may be; then ask for the articles."""
        now = self.run.now()
        asked_at = meta.get("sent_at", now)
        poll = replace(poll, asked_at=clock.stamp(asked_at))
        conclusion = conclude(
            source,
            self._known(source),
            poll,
            asked_at=asked_at,
            answered_at=max(asked_at, meta.get("answered_at", now)),
            answer=answer,
            claims=claims,
        )
        self.run.record(poll, next_poll_at=conclusion.next_poll_at, learned=conclusion.learned)
        yield from self.article_requests(source)

    def _due_at(self, source: Source, known: "SourceState | None") -> datetime | None:
        """When to poll a source in this run: now, or in a moment; None: not in this run."""
        now, named = self.run.now(), source.name in self.run.options.names
        next_poll = clock.moment(known.next_poll_at) if known else None
        if known and known.learned.off_at and not (named and self.run.options.force):
            return None
        for moment in (now, next_poll):
            if (
                moment
                and moment - now <= ALMOST
                and schedule.is_due(
                    now=moment,
                    last_asked=clock.moment(known.last_asked_at) if known else None,
                    next_poll=next_poll,
                    wait_until=clock.moment(known.learned.wait_until) if known else None,
                    named=named,
                    forced=self.run.options.force,
                )
            ):
                return moment
        return None

    def _put_off(self, source: Source, reason: str | None) -> None:
        tally = self.run.tally(source.name)
        tally.poll, tally.poll_reason = "not_due", reason

    def _known(self, source: Source) -> "SourceState | None":
        return self.run.store.state(source.name) if self.run.store else None


def read(body: bytes, *, url: str, content_type: str | None, lang: str | None) -> "Feed":
    """Read a feed, importing what that takes only where it is done: in a worker."""
    from spiders.reading import read_feed

    return read_feed(body, url=url, content_type=content_type, lang=lang)
