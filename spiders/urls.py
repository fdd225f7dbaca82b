"""The spider that fetches addresses somebody named, once."""

from collections.abc import AsyncIterator
from typing import Any

from pressclip.models import Queued
from spiders.articles import ArticleSpider
from spiders.run import Run


class UrlSpider(ArticleSpider):
    """Fetches the entries it is given."""

    name = "urls"

    def __init__(self, *, run: Run, queued: tuple[Queued, ...] = (), name: str | None = None) -> None:
        super().__init__(run=run, name=name)
        self.queued = queued

    async def start(self) -> AsyncIterator[Any]:
        """Fetch each; without any, what earlier runs left waiting."""
        if not self.queued:
            async for request in super().start():
                yield request
        for one in self.queued:
            yield self.article_request(one, None)
