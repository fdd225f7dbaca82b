"""Articles as a JSON Feed 1.1, full text, for any feed reader."""

from collections.abc import Iterable, Iterator
from typing import Any

from storage.exporting import feed
from storage.exporting.feed import Feed
from storage.exporting.html import to_html
from storage.records import Stored
from storage.text import to_json


def json_feed(articles: Iterable[Stored], given: Feed) -> Iterator[str]:
    """Write the feed, an item at a time."""
    head = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": given.title,
        "feed_url": feed.link(given.url),
    }
    yield f'{to_json(_given(head)).removesuffix("}")},"items":['
    for number, stored in enumerate(articles):
        yield f"{',' if number else ''}\n{to_json(_item(stored))}"
    yield "\n]}\n"


def _item(stored: Stored) -> dict[str, Any]:
    article = stored.article
    item = {
        "id": feed.entry_id(article),
        "url": feed.link(article.url),
        "title": article.title,
        "summary": article.summary,
        "image": feed.link(article.image_url),
        "date_published": feed.published(article),
        "date_modified": feed.updated(article),
        "authors": [{"name": name} for name in article.authors] or [{"name": feed.site(article)[0]}],
        "tags": feed.categories(article),
        "language": article.lang,
    }
    # An item must have content, be it empty.
    return _given(item) | {"content_html": to_html(article.markdown or article.text)}


def _given(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, [], "")}
