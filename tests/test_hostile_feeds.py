"""Feeds that lost their items, or say little of them: nothing is lost, what is there is kept."""

import time

import memory
import newsroom
import pytest
from loopback import Reply, Server
from pool import with_workers
from timeline import Timeline

from pipelines.workers import Workers
from pressclip.errors import InputError
from pressclip.models import FeedEntry
from spiders.reading import opml, read_feed, sitemaps

MIB = 2**20
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
SHAPES = {
    "feed": "<rss version='2.0'><channel><title>{0}</title><item><title>{0}</title><guid>1</guid></item></channel></rss>",
    "sitemap": "<urlset><url><loc>https://a.example/?x={0}</loc></url></urlset>",
    "opml": "<opml version='2.0'><body><outline text='{0}' xmlUrl='https://a.example/f'/></body></opml>",
}
#: What a document's text is, and the entities that it declares.
BLOW_UPS = {
    "laughs": ("&l11;", f"<!ENTITY l0 'lol'>{LAUGHS}"),
    "quadratic": ("&a;" * 50_000, f"<!ENTITY a '{'a' * 50_000}'>"),
    "deep": ("<a>" * MIB, ""),
    "long": ("x" * 10 * MIB, ""),
    "items": ("</title></item>" + "<item><guid>1</guid></item>" * 500_000 + "<item><title>", ""),
}


def measured(kind: str, body: bytes) -> tuple[int, float]:
    """Read a document: bytes that it took, and seconds of CPU."""
    memory.forget()
    before, began = memory.peak(), time.process_time()
    try:
        if kind == "feed":
            read_feed(body, url="https://a.example/f")
        elif kind == "sitemap":
            sitemaps.read_sitemap(body, url="https://a.example/s.xml")
        else:
            opml.read_opml(body)
    except InputError:
        pass
    return memory.peak() - before, time.process_time() - began


def test_x01_x04_no_document_blows_up_in_the_worker_that_reads_it() -> None:
    async def use(workers: Workers) -> dict[str, tuple[int, float]]:
        return {
            f"{kind}: {name}": await workers.call(measured, kind, body.encode())
            for kind, shape in SHAPES.items()
            for name, (text, declared) in BLOW_UPS.items()
            for body in [f"<!DOCTYPE r [{declared}]>{shape.format(text)}"]
        }

    taken = with_workers(60.0, use)
    most = {
        "laughs": 100 * MIB,
        "quadratic": 100 * MIB,
    }  # what is really there may take more than what is declared
    assert {
        name: held for name, (held, _) in taken.items() if held > most.get(name.split()[1], 300 * MIB)
    } == {}
    assert {name: seconds for name, (_, seconds) in taken.items() if seconds > 5} == {}


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
