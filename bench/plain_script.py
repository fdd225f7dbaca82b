"""The script that people write today, as bench/speed.py's baseline: Scrapy, feedparser, trafilatura, one upsert an item.

python bench/plain_script.py FEEDS.json OUT.db
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import feedparser
import scrapy
import sqlite_utils
from scrapy.crawler import CrawlerProcess
from trafilatura import bare_extraction

FEEDS, OUT = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), sys.argv[2]


class NewsSpider(scrapy.Spider):
    """Follow each feed's links."""

    name = "news"
    start_urls = FEEDS

    def parse(self, response: Any, **_: Any) -> Iterator[Any]:
        """Read a feed."""
        for entry in feedparser.parse(response.body).entries:
            yield scrapy.Request(entry.link, self.parse_article, cb_kwargs={"title": entry.title})

    def parse_article(self, response: Any, title: str) -> Iterator[dict[str, Any]]:
        """Hand on a page."""
        yield {"url": response.url, "feed_title": title, "html": response.text}


class TrafilaturaPipeline:
    """Extract, in the spider's own process, as everybody does."""

    def process_item(self, item: dict[str, Any]) -> dict[str, Any]:
        """Add text, title, author and date."""
        found = bare_extraction(item.pop("html"), url=item["url"], with_metadata=True)
        return {**item, **{name: getattr(found, name, None) for name in ("title", "author", "date", "text")}}


class SqlitePipeline:
    """Upsert each item."""

    def __init__(self) -> None:
        self.db = sqlite_utils.Database(OUT)

    def process_item(self, item: dict[str, Any]) -> dict[str, Any]:
        """Store one article."""
        self.db["articles"].upsert(item, pk="url", alter=True)  # type: ignore[union-attr] # a table, not a view
        return item


if __name__ == "__main__":
    process = CrawlerProcess(
        {
            "LOG_LEVEL": "ERROR",
            "ITEM_PIPELINES": {TrafilaturaPipeline: 1, SqlitePipeline: 2},
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    process.crawl(NewsSpider)
    process.start()
