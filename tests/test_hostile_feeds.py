"""Feeds that lost their items, or say little of them: nothing is lost, what is there is kept."""

import newsroom
import pytest
from loopback import Reply, Server
from timeline import Timeline

from pressclip.models import FeedEntry
from spiders.reading import read_feed


def test_x07_a_feed_that_lists_nothing_any_more_deletes_nothing(server: Server, timeline: Timeline) -> None:
    newsroom.publish(server, 5)
    newsroom.subscribe(timeline.folder, f"{server.base}/feed.xml")
    timeline.crawl()
    before = timeline.rows("SELECT id, title, text FROM articles ORDER BY id")
    server.replies["/feed.xml"] = Reply(newsroom.feed(server.base, range(0)), headers={"ETag": '"2"'})
    for day in (1, 2, 30):
        result = timeline.crawl(minutes=day * 24 * 60)["results"]["wire0"]
        assert (result["poll"], result["new"], result["failed"]) == (
            "changed" if day == 1 else "unchanged",
            0,
            0,
        )
    assert timeline.rows("SELECT id, title, text FROM articles ORDER BY id") == before
    assert len(before) == 5
    assert timeline.rows("SELECT state, count(*) FROM entries GROUP BY state") == [("done", 5)]


def entries(items: str) -> tuple[FeedEntry, ...]:
    body = f'<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'
    return read_feed(body.encode(), url="https://feeds.example/feed").entries


@pytest.mark.parametrize(
    ("item", "title", "url", "published"),
    [
        ("<description>Only words.</description>", None, None, None),
        ("<title/><link/><pubDate/><description>x</description>", None, None, None),
        ("<title>&lt;b&gt;Bold&lt;/b&gt; claim</title>", "Bold claim", None, None),
        ("<title><![CDATA[<i>Italic</i> claim]]></title>", "Italic claim", None, None),
        (
            "<title>Chair&amp;#x27;s &amp;amp; others&amp;#39; day</title>",
            "Chair's & others' day",
            None,
            None,
        ),
        ("<title>AT&amp;T</title><link>https://a.example/1</link>", "AT&T", "https://a.example/1", None),
        ("<title>a</title><pubDate>whenever</pubDate>", "a", None, None),
    ],
)
def test_x11_what_an_item_lacks_is_left_open_and_text_is_decoded_once(
    item: str, title: str | None, url: str | None, published: str | None
) -> None:
    (entry,) = entries(f"<item>{item}</item>")
    assert (entry.title, entry.url, entry.published_at) == (title, url, published)
    assert entry.guid


def test_x08_guids_that_differ_in_case_are_two_and_a_long_one_is_a_digest() -> None:
    items = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid></item>" for guid in ("a", "A", "g" * 2**20)
    )
    first, second, long = (entry.guid for entry in entries(items))
    assert (first, second) == ("a", "A")
    assert long.startswith("sha256:")
    assert len(long) < 512
