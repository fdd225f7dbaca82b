"""Pages that list articles: how they are asked for and read, and the spider that polls only these."""

from typing import ClassVar

from pressclip.models import Source
from spiders import errands
from spiders.kinds import Asked, Found, Kind
from spiders.polling.answers import digest
from spiders.polling.conclusions import FeedClaims
from spiders.polls import PollSpider

LEARNED_FROM = 2_000  # entries, the newest, that tell which addresses are articles


class SectionKind(Kind):
    """Pages of a site that has no feed: its front page, a section, a list of news."""

    accept = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.5"
    is_page = True

    @property
    def largest(self) -> int:
        """Bytes of the largest page, as sources.toml has it."""
        return self.run.configuration.crawl.max_page

    def reading(self, source: Source) -> str | None:
        """Name what is followed."""
        return f"depth {source.depth}, links {', '.join(source.links)}"

    async def read(self, asked: Asked) -> Found:
        """Find the articles that the page lists, and the page that goes on with the list."""
        source = asked.source
        section = await self.run.workers.call(
            errands.section,
            asked.answer.body,
            self.run.store.outcomes(source.name, LEARNED_FROM) if self.run.store else [],
            url=asked.answer.url,
            content_type=asked.answer.headers.get("content-type"),
            lang=source.lang,
            homes=asked.homes,
            selectors=source.links,
            now=self.run.now(),
            behind=self.run.behind(*asked.who),
        )
        goes_on = section.next_url is not None and asked.document.depth + 1 < source.depth
        return Found(
            title=section.title,
            entries=section.entries,
            problems=section.problems,
            claims=FeedClaims(hub=section.hub),
            # The next page is asked for when this one has changed: its claim is what this one holds.
            children=((str(section.next_url), digest(asked.answer.body)),) if goes_on else (),
        )


class SectionSpider(PollSpider):
    """Polls pages that list articles and fetches these."""

    name = "sections"
    kinds: ClassVar = {"page": SectionKind}
