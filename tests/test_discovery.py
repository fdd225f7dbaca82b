"""What an address is, and which feeds a page leads to."""

import newsroom
import pytest

from pressclip.errors import InputError
from spiders.reading.discovery import Offer, offers
from spiders.reading.recognition import recognise

URL = "https://a.example/news/tech/"


def found(head: str, body: str = "", url: str = URL) -> list[tuple[str | None, str]]:
    page = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"
    return [(one.format, one.url) for one in offers(page.encode(), url=url)]


def link(kind: str, href: str, title: str = "News", rel: str = "alternate") -> str:
    return f'<link rel="{rel}" type="{kind}" title="{title}" href="{href}">'


def test_declared_feeds_of_every_dialect_are_offered_once_each() -> None:
    head = (
        link("application/rss+xml", "/feed")
        + link("Application/Atom+XML; charset=utf-8", "https://b.example/atom", rel="ALTERNATE home")
        + link("application/feed+json", "feed.json")
        + link("", "/plain", rel="feed")
        + link("application/rss+xml", "/feed", "again")
    )
    assert found(head) == [
        ("JSON Feed", "https://a.example/news/tech/feed.json"),
        ("RSS", "https://a.example/feed"),
        ("Atom", "https://b.example/atom"),
        (None, "https://a.example/plain"),
    ]


@pytest.mark.parametrize(
    "head",
    [
        link("application/json", "/wp-json/wp/v2/posts/1"),
        link("application/json+oembed", "/oembed?url=x"),
        link("text/xml+oembed", "/oembed?format=xml"),
        link("application/rss+xml", "/style.xsl", rel="alternate stylesheet"),
        link("text/html", "/en/", rel="alternate"),
        link("application/rss+xml", "javascript:alert(1)"),
        link("application/rss+xml", ""),
        link("application/rss+xml", "http://[broken"),
        link("application/rss+xml", URL),
        '<link rel="alternate" hreflang="ja" href="/ja/">',
    ],
    ids=str,
)
def test_what_is_no_feed_is_not_offered(head: str) -> None:
    assert found(head) == []


def test_a_base_is_where_links_start_from() -> None:
    broken = '<base href="http://[">' + link("application/rss+xml", "/x.xml")
    assert found(broken) == [("RSS", "https://a.example/x.xml")]
    assert found('<base href="/root/">' + link("application/rss+xml", "x.xml")) == [
        ("RSS", "https://a.example/root/x.xml")
    ]


@pytest.mark.parametrize(
    "title", ["Comments Feed", "コメントフィード", "Kanał z komentarzami", "评论", "댓글", "комментарии"]
)
def test_comments_stand_last_and_a_sections_own_feed_first(title: str) -> None:
    head = (
        link("application/rss+xml", "/c", title)
        + link("application/rss+xml", "/feed", "All")
        + link("application/rss+xml", "/news/tech/feed", "Tech")
        + link("application/rss+xml", "/comments/feed", "")
    )
    assert [url for _, url in found(head)] == [
        "https://a.example/news/tech/feed",
        "https://a.example/feed",
        "https://a.example/c",
        "https://a.example/comments/feed",
    ]


def test_links_in_the_body_count_only_where_nothing_is_declared() -> None:
    body = (
        '<a href="/rss">RSS</a> <a href="/?feed=rss2">Feed</a> <a href="/x/index.rdf"></a> <a href="/feeding-cats">no</a>'
        '<a href="https://share.example/feed?u=x">share</a> <a href="http://[broken">no</a> <a>no</a>'
    )
    assert [url for _, url in found("", body)] == [
        "https://a.example/rss",
        "https://a.example/?feed=rss2",
        "https://a.example/x/index.rdf",
    ]
    assert found(link("application/rss+xml", "/feed"), body) == [("RSS", "https://a.example/feed")]


def test_an_address_is_recognised_by_its_body() -> None:
    feed = recognise(newsroom.feed("https://a.example", range(2)), url=URL, content_type="text/html")
    assert (feed.kind, feed.feed and len(feed.feed.entries)) == ("feed", 2)
    places = "".join(f"<url><loc>https://a.example/news/{n}</loc></url>" for n in range(3))
    sitemap = recognise(
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>'.encode(), url=URL
    )
    assert (sitemap.kind, sitemap.sitemap and sitemap.sitemap.listed, sitemap.offers) == ("sitemap", 3, ())
    robots = recognise(
        b"User-agent: *\nDisallow:\nSitemap: https://a.example/map.xml\n", url="https://a.example/robots.txt"
    )
    assert robots.offers == (Offer(kind="sitemap", url="https://a.example/map.xml", witness="robots"),)
    page = recognise(newsroom.article(1), url=URL)
    assert (page.kind, page.section is not None) == ("page", True)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'<?xml version="1.0"?><opml version="2.0"><body/></opml>', "sources import"),
        (b"%PDF-1.7", "looks like a PDF"),
        (b'{"hello": "world"}', "neither feed nor sitemap nor page"),
        (b"just words", "looks like plain text"),
        (b"", "an empty body"),
        (b'<?xml version="1.0"?><error>no</error>', "an XML error message"),
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_nothing_to_read_is_named(body: bytes, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        recognise(body, url=URL)
    assert caught.value.reason == "not_a_source"
