"""First publication and last update, told apart."""

import pytest
from lxml import html

from pipelines.describe import Description, describe
from pressclip.models import FeedEntry

URL = "https://news.example.com/a/1"


def described(page: str, *, url: str = URL, entry: FeedEntry | None = None) -> Description:
    tree = html.document_fromstring(page)
    return describe(tree, url=url, entry=entry, fetched_at="2026-11-22T10:00:00Z")


@pytest.mark.parametrize(
    ("page", "raw", "origin"),
    [
        ('<meta property="article:published_time" content="2024-03-25T10:30:00+09:00">', "2024-03-25T10:30:00+09:00", "article:published_time"),
        ('<meta name="date" content="2024-03-25">', "2024-03-25", "date"),
        ('<time datetime="2024-03-25">last month</time>', "2024-03-25", "time"),
        ('<time class="updated" datetime="2024-03-26"></time><time class="entry-date" datetime="2024-03-25"></time>', "2024-03-25", "time"),
        ("<h1>見出し</h1><p>公開日：2024年3月25日 10:30</p>", "2024年3月25日 10:30", "text"),
        ("<h1>見出し</h1><p>令和6年3月25日</p>", "令和6年3月25日", "text"),
        ("<h1>제목</h1><p>입력 2024.03.25 10:30</p><p>수정 2024.03.26 08:00</p>", "2024.03.25 10:30", "text"),
        ("<h1>标题</h1><span>发布时间：2024-03-25 10:30:00</span>", "2024-03-25 10:30:00", "text"),
        ("<h1>Headline</h1><p>By Ann Lee | March 25, 2024</p>", "March 25, 2024", "text"),
        ("<p>25. März 2024, 10:30 Uhr</p><h1>Headline</h1>", "25. März 2024, 10:30", "text"),
        ('<h1>标题</h1><script>var d = {"pubtime": "2024-03-25 10:30:00"}</script>', "2024-03-25 10:30:00", "script"),
    ],
)  # fmt: skip
def test_where_the_first_publication_is_claimed(page: str, raw: str, origin: str) -> None:
    told = described(page)
    assert (told.published_raw, told.origins["published_at"]) == (raw, origin)


@pytest.mark.parametrize(
    "page",
    [
        "<h1>Headline</h1><p>© 2024 The Coin, March 25, 2024</p>",
        "<h1>Headline</h1><p>Next: March 25, 2024</p>",
        "<h1>見出し</h1><p>この報告は2024年3月25日に公開された。</p>",
        '<meta name="date" content="2031-01-01">',
        '<meta name="date" content="0000-00-00">',
        "<h1>Headline</h1>" + "<p>word</p>" * 500 + "<p>March 25, 2024</p>",
    ],
)
def test_dates_that_are_not_the_articles(page: str) -> None:
    assert described(page).published_at is None


def test_an_update_is_told_apart() -> None:
    told = described("<h1>見出し</h1><p>公開日：2024年3月25日</p><p>更新日：2024年3月26日</p>")
    assert (told.published_at, told.updated_at) == ("2024-03-25", "2024-03-26")
    only = described("<h1>Headline</h1><p>Updated</p><p>March 26, 2024</p>")
    assert (only.published_at, only.updated_at) == ("2024-03-26", "2024-03-26")
    assert only.origins["published_at"] == "update"


def test_a_moment_in_utc_is_read_with_its_local_offset_where_the_page_has_one() -> None:
    page = """<meta property="article:published_time" content="2020-03-18T15:09:03+00:00">
    <time datetime="2020-03-19T00:09:03+09:00">3월 19일</time>"""
    assert described(page).published_raw == "2020-03-19T00:09:03+09:00"


def test_a_date_without_a_zone_is_read_in_that_of_its_language() -> None:
    assert described("<h1>見出しのこと</h1><p>2024年3月25日 08:30</p>").published_at == "2024-03-24T23:30:00Z"
    assert described("<h1>제목입니다</h1><p>2024.03.25 08:30</p>").published_at == "2024-03-24T23:30:00Z"
    assert (
        described("<h1>法国罢工影响交通</h1><p>2024-03-25 08:30</p>").published_at == "2024-03-25T00:30:00Z"
    )
    assert described("<h1>Coins rise</h1><p>2024-03-25 08:30</p>").published_at == "2024-03-25T08:30:00Z"


def test_the_address_and_the_feed_are_witnesses() -> None:
    page = "<h1>Headline</h1><p>Coins rose.</p>"
    assert described(page, url="https://example.com/2024/03/25/coins").published_at == "2024-03-25"
    entry = FeedEntry(
        guid="1", url=URL, published_at="2024-03-25T01:30:00Z", published_raw="Mon, 25 Mar 2024 10:30 JST"
    )
    told = described(page, url="https://example.com/2024/03/20/coins", entry=entry)
    assert (told.published_at, told.published_raw) == ("2024-03-25T01:30:00Z", "Mon, 25 Mar 2024 10:30 JST")
    assert told.origins["published_at"] == "feed"


@pytest.mark.parametrize(
    ("shown", "published"),
    [
        ("<p>May 1, 2024</p>", "2024-05-01"),
        ("<p>Updated: May 1, 2024</p>", "2024-03-25"),
        ("<p>March 25, 2024</p><p>May 1, 2024</p>", "2024-03-25"),
        ("<p>no date</p>", "2024-03-25"),
    ],
)
def test_a_page_that_shows_only_its_update_as_its_date_was_published_anew(shown: str, published: str) -> None:
    page = f"""<meta property="article:published_time" content="2024-03-25">
    <meta property="article:modified_time" content="2024-05-01"><h1>Headline</h1>{shown}<p>Coins rose.</p>"""
    told = described(page)
    assert (told.published_at, told.updated_at) == (published, "2024-05-01")


MOVED = '<title>Headline of a report</title><meta property="article:published_time" content="2024-08-07T12:01:51Z">'


@pytest.mark.parametrize(
    ("shown", "day"),
    [
        ("<h1>Headline of a report</h1><p>Ann Lee</p><p>Dec 30, 2013</p>", "2013-12-30"),
        ("<p>Dec 30, 2013</p><h1>Headline of a report</h1>", "2013-12-30"),
        ("<p>Nov 20, 2026</p><h1>Headline of a report</h1>", "2024-08-07"),
        ("<h1>Headline of a report</h1><p>Updated: Dec 30, 2025</p>", "2024-08-07"),
        ("<h1>Headline of a report</h1><p>Aug 8, 2024</p>", "2024-08-07"),
        ("<h1>Headline of a report</h1><p>Dec 30, 2013</p><p>Aug 7, 2024</p>", "2024-08-07"),
        ("<h1>Headline of a report</h1><p>It was on Dec 30, 2013 that all began.</p>", "2024-08-07"),
        ("<h2>Headline of a report</h2><p>Dec 30, 2013</p>", "2024-08-07"),
    ],
)
def test_a_day_alone_beside_the_headline_is_believed_before_data_that_tell_another(
    shown: str, day: str
) -> None:
    assert (described(MOVED + shown).published_at or "")[:10] == day


def test_a_time_element_shows_the_day_it_means() -> None:
    told = described('<h1>Headline</h1><time datetime="2022-04-08T16:33:12Z">April 9, 2022</time>')
    assert (told.published_raw, told.published_at) == ("April 9, 2022", "2022-04-08T16:33:12Z")
    told = described('<h1>Headline</h1><time datetime="2022-04-08T16:33:12Z">May 9, 2022</time>')
    assert told.published_raw == "2022-04-08T16:33:12Z"


def test_the_headline_is_where_its_heading_is() -> None:
    page = """<title>Headline of a report</title><a>Headline of a report</a><i>May 1, 2020</i><p>One</p><p>Two</p>
    <p>Three</p><p>Four</p><h1>Headline of a report</h1><p>March 25, 2024</p>"""
    assert described(page).published_raw == "March 25, 2024"


def test_when_an_article_was_created_comes_before_unmarked_times() -> None:
    page = """<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Headline",
    "dateCreated": "2024-03-25"}</script><h1>Headline</h1><time>2024-03-26</time>"""
    assert described(page).published_raw == "2024-03-25"
