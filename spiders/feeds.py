"""Feeds: how they are asked for and read, and the spider that polls only these."""

from typing import ClassVar

from spiders import errands
from spiders.kinds import Asked, Found, Kind
from spiders.polling import validators
from spiders.polling.conclusions import FeedClaims
from spiders.polling.validators import Stored, Validators
from spiders.polls import PollSpider


class FeedKind(Kind):
    """RSS, Atom, RDF, CDF, JSON Feed."""

    accept = (
        "application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, "
        "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
    )

    @property
    def largest(self) -> int:
        """Bytes of the largest feed, as sources.toml has it."""
        return self.run.configuration.crawl.max_feed

    def validators(self, stored: Stored | None) -> Validators:
        """Make the validators of a feed, which may answer with only what is new."""
        return validators.of_feed(stored)

    async def read(self, asked: Asked) -> Found:
        """Read a feed."""
        answer = asked.answer
        feed = await self.run.workers.call(
            errands.feed,
            answer.body,
            url=answer.url,
            content_type=answer.headers.get("content-type"),
            lang=asked.source.lang,
            timezone=asked.source.care.timezone,
            behind=self.run.behind(*asked.who),
        )
        claims = FeedClaims(
            ttl=feed.ttl, skip_hours=feed.skip_hours, skip_days=feed.skip_days,
            update_period=feed.update_period, update_frequency=feed.update_frequency,
            hub=feed.hub, hub_topic=feed.self_url,
        )  # fmt: skip
        return Found(title=feed.title, entries=feed.entries, problems=feed.problems, claims=claims)


class FeedSpider(PollSpider):
    """Polls feeds and fetches the articles they name."""

    name = "feeds"
    kinds: ClassVar = {"feed": FeedKind}
