"""What a source wants of its feed: rules, languages, topics, the feed's own text."""

import json
from dataclasses import replace

import pytest
from loopback import CommandLine, Reply, Server
from newsroom import FEED, HTML, article, subscribe
from timeline import Timeline

from pipelines import fed
from pipelines.extract import clean
from pipelines.workers import Workers
from pressclip.errors import InputError
from pressclip.models import Care, FeedEntry, Page, TopicWords
from spiders.reading import read_feed
from spiders.rules import Rules, judged, left_out

LONG = "The council met on Monday to talk about the old bridge over the river, its lamps and its toll. " * 4


def entry(title: str, summary: str = "", **more: object) -> FeedEntry:
    return FeedEntry(guid=title, url="https://a.example/1", title=title, summary=summary, **more)  # type: ignore[arg-type] # each has its own type


@pytest.mark.parametrize(
    ("one", "rules", "reason"),
    [
        (entry("Sponsored: tea"), Rules(drop=("sponsored",)), 'rule: drop_entries "sponsored"'),
        (entry("ＳＰＯＮＳＯＲＥＤ tea"), Rules(drop=("Sponsored",)), 'rule: drop_entries "Sponsored"'),
        (entry("The sponsoredness of tea"), Rules(drop=("sponsored",)), None),
        (entry("【PR】新しいお茶"), Rules(drop=("【PR】",)), 'rule: drop_entries "【PR】"'),
        (entry("お茶の広告です"), Rules(drop=("広告",)), 'rule: drop_entries "広告"'),
        (entry("Tea", tags=("Ads",)), Rules(drop=("/^ads?$/",)), 'rule: drop_entries "/^ads?$/"'),
        (entry("Tea", "Coffee too"), Rules(keep=("coffee",)), None),
        (entry("Tea"), Rules(keep=("coffee", "/c.ke/")), "rule: none of keep_entries"),
        (entry("Tea", LONG), Rules(care=Care(languages=("ja",))), "language: en"),
        (entry("Tea", LONG), Rules(care=Care(languages=("ja", "en"))), None),
        (entry("Tea"), Rules(care=Care(languages=("ja",))), None),  # says too little: its page will tell
        (entry("오늘의 날씨는 맑음"), Rules(care=Care(languages=("en",))), "language: ko"),
        (FeedEntry(guid="1", url="https://a.example/1"), Rules(keep=("tea",)), None),
        (
            FeedEntry(guid="1", url="https://a.example/1"),
            Rules(keep=("/tea/",)),
            "rule: none of keep_entries",
        ),
        (FeedEntry(guid="1", url="https://a.example/tea/1"), Rules(keep=("/tea/",)), None),
        (entry("Tea", LONG, lang="ja"), Rules(care=Care(languages=("ja",))), "language: en"),  # feeds lie
        (entry("Tea", LONG), Rules(care=Care(only_topics=("crypto", "ai"))), "topic: none of crypto, ai"),
        (entry("Tea"), Rules(care=Care(only_topics=("crypto",))), None),  # the same
        (entry("Tea", f"{LONG} A blockchain."), Rules(care=Care(only_topics=("crypto",))), None),
        (entry("Tea", LONG), Rules(topics=("crypto",), care=Care(only_topics=("crypto",))), None),
        (
            entry("Tea", LONG),
            Rules(care=Care(only_topics=("town",), topics=(TopicWords(name="town", weak=("council",)),))),
            None,
        ),
    ],
)
def test_an_entry_is_left_out_for_a_reason(one: FeedEntry, rules: Rules, reason: str | None) -> None:
    assert left_out(one, rules) == reason


async def _judged_in_a_worker(rules: Rules) -> None:
    workers = Workers(1, 60.0)
    try:
        await workers.call(judged, (entry("a" * 200 + "!"),), rules)
    finally:
        workers.close()


def test_a_pattern_that_takes_for_ever_is_ended() -> None:
    import asyncio

    with pytest.raises(InputError, match="takes too long") as raised:
        asyncio.run(_judged_in_a_worker(Rules(drop=("/(a+)+$/",))))
    assert raised.value.reason == "slow_rule"


def test_dates_without_a_zone_are_of_the_zone_that_the_source_names() -> None:
    body = (
        b'<rss version="2.0"><channel><title>A</title><item><title>Tea</title><link>https://a.example/1</link>'
        b"<pubDate>2026-07-01 09:00:00</pubDate></item></channel></rss>"
    )
    moments = [
        read_feed(body, url="https://a.example/feed", timezone=zone).entries[0].published_at
        for zone in (None, "Asia/Tokyo", "America/New_York")
    ]
    assert moments == ["2026-07-01T09:00:00Z", "2026-07-01T00:00:00Z", "2026-07-01T13:00:00Z"]


def test_so_are_those_of_its_pages() -> None:
    body = article(1).replace(
        b"<head>", b'<head><meta property="article:published_time" content="2026-07-01 09:00">'
    )
    page = Page(
        url="https://a.example/1",
        final_url="https://a.example/1",
        body=body,
        fetched_at="2026-11-22T12:00:00Z",
    )
    zones = {
        zone: clean(replace(page, care=Care(timezone=zone))).published_at for zone in (None, "Asia/Tokyo")
    }
    assert zones == {None: "2026-07-01T09:00:00Z", "Asia/Tokyo": "2026-07-01T00:00:00Z"}


def publish(server: Server, *items: str) -> None:
    body = (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>A</title>'
        f"{''.join(items)}</channel></rss>"
    )
    server.replies["/feed.xml"] = Reply(body.encode(), headers={"Content-Type": FEED})


def item(server: Server, number: int, title: str, content: str = "") -> str:
    server.replies[f"/news/{number}"] = Reply(article(number, title), headers={"Content-Type": HTML})
    return (
        f"<item><title>{title}</title><link>{server.base}/news/{number}</link>"
        f"<content:encoded><![CDATA[{content}]]></content:encoded></item>"
    )


def test_what_rules_leave_out_is_never_asked_for_and_said(server: Server, timeline: Timeline) -> None:
    publish(
        server, item(server, 1, "Sponsored: tea"), item(server, 2, "Tea"), item(server, 3, "Bitcoin falls")
    )
    keys = 'drop_entries = ["sponsored"]\nonly_topics = ["crypto"]'
    subscribe(timeline.folder, f"{server.base}/feed.xml", keys=keys)
    assert timeline.crawl(dry_run=True)["results"]["wire0"]["waiting"] == 2
    server.log.clear()
    report = timeline.crawl()["results"]["wire0"]
    assert sorted(server.paths()) == ["/feed.xml", "/news/2", "/news/3"]
    assert (report["new"], report["skipped"], report["reasons"]) == (1, 2, {"rule": 1, "topic": 1})
    assert timeline.rows("SELECT reason FROM entries WHERE state = 'rejected' ORDER BY id") == [
        ('rule: drop_entries "sponsored"',),
        ("topic: none of crypto",),
    ]
    assert timeline.rows("SELECT title, topics FROM articles") == [("Bitcoin falls", '["crypto"]')]
    timeline.crawl(minutes=120)
    assert server.paths().count("/news/1") == 0
    assert server.paths().count("/news/2") == 1


PARAGRAPHS = "".join(
    f"<p>{text}</p>"
    for text in (
        "The council of the small town met on Monday evening to talk about the old bridge over the river.",
        "Engineers had found cracks in two of its five arches, and a repair would cost more than a new one.",
        "Most who spoke wanted to keep it, because their parents had built it with their own hands.",
    )
)


def test_the_text_of_the_feed_is_enough_where_no_page_is_wanted(server: Server, timeline: Timeline) -> None:
    publish(server, item(server, 1, "The old bridge", PARAGRAPHS))
    subscribe(timeline.folder, f"{server.base}/feed.xml", keys="full_text = false")
    assert timeline.crawl()["results"]["wire0"]["new"] == 1
    assert server.paths() == ["/feed.xml"]
    [(title, text, origins)] = timeline.rows("SELECT title, text, origins FROM articles")
    assert title == "The old bridge"
    assert text.split("\n\n")[1].startswith("Engineers had found cracks")
    assert '"text":"feed"' in origins.replace(" ", "")


def test_the_text_of_the_feed_stands_in_for_a_closed_page(server: Server, timeline: Timeline) -> None:
    publish(server, item(server, 1, "The old bridge", PARAGRAPHS * 4), item(server, 2, "Tea", "Too short"))
    for number in (1, 2):
        server.replies[f"/news/{number}"] = Reply(b"Subscribers only", status=402)
    subscribe(timeline.folder, f"{server.base}/feed.xml")
    report = timeline.crawl()["results"]["wire0"]
    assert (report["new"], report["failed"], report["reasons"]) == (1, 1, {"feed_text": 1, "http_402": 1})
    assert timeline.rows("SELECT state, reason FROM entries ORDER BY id") == [
        ("done", "feed_text: http_402"),
        ("failed", "http_402"),
    ]


def test_an_article_in_another_language_is_left_out_when_its_page_was_read(
    server: Server, timeline: Timeline
) -> None:
    publish(server, item(server, 1, "Tea"))
    subscribe(timeline.folder, f"{server.base}/feed.xml", keys='languages = ["ja"]')
    assert timeline.crawl()["results"]["wire0"]["reasons"] == {"language": 1}
    assert timeline.rows("SELECT state, reason FROM entries") == [("rejected", "language: en")]


def test_a_page_made_of_a_feed_is_known_again() -> None:
    page = fed.page_of(entry("Tea", "It rained."), "https://a.example/1", "2026-11-22T12:00:00Z")
    assert fed.is_fed(page)
    hostile = entry("</title><script>", content="</article></body></html><p>after</p>")
    assert fed.page_of(hostile, "https://a.example/1", "2026-11-22T12:00:00Z").body.count(b"</article>") == 1


def test_reclean_finds_topics_again(server: Server, timeline: Timeline, pressclip: CommandLine) -> None:
    publish(server, item(server, 1, "Tea is dear this year"))
    url, labels = f"{server.base}/feed.xml", 'topics = ["money"]'
    own = '\n[topics.tea]\nwords = ["tea"]\n'
    subscribe(timeline.folder, url, keys=labels)
    timeline.crawl()
    for wanted, keys, address in (
        (["money", "tea"], labels + own, url),
        (["money"], labels, url),
        # A source that is gone says nothing of its labels: what the article has stays.
        (["money", "tea"], own, f"{server.base}/another.xml"),
    ):
        subscribe(timeline.folder, address, keys=keys)
        if address != url:
            toml = timeline.folder / "sources.toml"
            toml.write_text(toml.read_text().replace("wire0", "another"))
        assert pressclip("reclean").returncode == 0
        [(topics,)] = timeline.rows("SELECT topics FROM articles")
        assert json.loads(topics) == wanted
