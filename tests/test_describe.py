"""A page's description as a whole: nothing raises, nothing is changed, each field tells where it came from."""

from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree, html

from pipelines.describe import describe
from pipelines.describing.sitenames import bare, main_part
from pressclip.models import FeedEntry

URL = "https://news.example.com/crypto/coins-rise-again"
PAGE = """
<html lang="ja"><head>
<title>ビットコインが再び上昇 | コイン日報</title>
<meta property="og:title" content="ビットコインが再び上昇 | コイン日報">
<meta property="og:site_name" content="コイン日報">
<meta property="og:description" content="今週の値動き &amp; 見通し。">
<meta property="og:image" content="/images/lead.jpg">
<meta property="article:tag" content="ビットコイン"><meta name="keywords" content="ビットコイン、相場,  市場 ">
<link rel="canonical" href="https://www.news.example.com/crypto/coins-rise-again">
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle",
 "headline": "ビットコインが再び上昇", "author": [{"@type": "Person", "name": "山田 花子"}],
 "datePublished": "2024-03-25T10:30:00+09:00", "dateModified": "2024-03-26T08:00:00+09:00"}</script>
</head><body><header><h1><a href="/">コイン日報</a></h1></header>
<article><h1>ビットコインが再び上昇</h1><p>価格は月曜日に上がった。</p></article></body></html>
"""


def test_each_field_and_its_origin() -> None:
    told = describe(html.document_fromstring(PAGE), url=URL)
    assert told.title == "ビットコインが再び上昇"
    assert told.authors == ("山田 花子",)
    assert (told.published_at, told.published_raw) == ("2024-03-25T01:30:00Z", "2024-03-25T10:30:00+09:00")
    assert (told.updated_at, told.updated_raw) == ("2024-03-25T23:00:00Z", "2024-03-26T08:00:00+09:00")
    assert told.lang == "ja"
    assert told.canonical_url == "https://www.news.example.com/crypto/coins-rise-again"
    assert told.image_url == "https://news.example.com/images/lead.jpg"
    assert told.site_name == "コイン日報"
    assert told.summary == "今週の値動き & 見通し。"
    assert told.tags == ("ビットコイン", "相場", "市場")
    assert told.origins == {
        "title": "h1",
        "authors": "json-ld",
        "published_at": "json-ld",
        "updated_at": "json-ld",
        "lang": "html",
        "canonical_url": "link",
        "image_url": "og:image",
        "site_name": "og:site_name",
        "summary": "og:description",
        "tags": "article:tag",
    }


def test_a_tree_is_left_as_it_was() -> None:
    tree = html.document_fromstring(PAGE)
    before = etree.tostring(tree)
    describe(tree, url=URL)
    assert etree.tostring(tree) == before


def test_the_feed_fills_what_the_page_leaves_out() -> None:
    entry = FeedEntry(
        guid="1",
        url=URL,
        title="Coins rise again",
        summary="A short week.",
        authors=("Ann Lee",),
        published_at="2024-03-25T01:30:00Z",
        published_raw="Mon, 25 Mar 2024 10:30:00 +0900",
        lang="en-GB",
        tags=("bitcoin",),
        image_url="https://news.example.com/feed.jpg",
    )
    told = describe(html.document_fromstring("<p>Prices rose.</p>"), url=URL, entry=entry)
    assert (told.title, told.authors, told.summary) == ("Coins rise again", ("Ann Lee",), "A short week.")
    assert (told.published_at, told.lang, told.tags) == ("2024-03-25T01:30:00Z", "en", ("bitcoin",))
    assert told.image_url == "https://news.example.com/feed.jpg"
    assert set(told.origins.values()) == {"feed"}


def test_an_empty_page_describes_itself_as_nothing() -> None:
    told = describe(html.document_fromstring("<html></html>"), url="https://example.com/")
    assert (told.title, told.authors, told.published_at, told.lang, told.origins) == ("", (), None, None, {})


def test_markup_in_metadata_becomes_plain_text() -> None:
    page = """<meta property="og:title" content="Coins &lt;script&gt;alert(1)&lt;/script&gt; rise">
    <meta name="author" content="Ann &lt;b&gt;Lee&lt;/b&gt;"><meta property="og:image" content="javascript:alert(1)">"""
    told = describe(html.document_fromstring(page), url=URL)
    assert (told.title, told.authors, told.image_url) == ("Coins alert(1) rise", ("Ann Lee",), None)


def test_a_huge_page_is_looked_at_only_in_part() -> None:
    cells = (
        '<tr><td class="author" itemprop="author"><time datetime="2024-03-25">Ann Lee</time></td></tr>'
        * 60_000
    )
    told = describe(
        html.document_fromstring(f"<title>{'- ' * 50_000}</title><table>{cells}</table>"), url=URL
    )
    assert (told.authors, told.published_at) == (("Ann Lee",), "2024-03-25")


FRAGMENTS = st.sampled_from(
    [
        "<h1>",
        "</h1>",
        "<title>",
        "<time datetime='",
        "'>",
        "<meta property='og:title' content='",
        "<meta name=author content='By ",
        "<script type='application/ld+json'>",
        "</script>",
        '{"@type": "NewsArticle", "author": [',
        '{"@graph": [[[',
        "]}",
        "<a rel=author href='http://[' class='byline author'>",
        "<link rel=canonical href='http://[::1'>",
        "<html lang='zh-'>",
        "2024年3月25日",
        "99/99/9999",
        "著者：",
        " 記者 ",
        "기자",
        "【＝】",
        " | ",
        " - ",
        "&#0;",
        "&#xD800;",
        "<svg><title>",
        "<br>",
        "<p>",
    ]
)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.one_of(FRAGMENTS, st.text(max_size=8)), max_size=25).map("".join), st.text(max_size=20))
@example("<h1>" * 500, "http://[")
@example('<script type="application/ld+json">' + "[" * 100_000 + "</script><p>x", URL)
def test_no_page_makes_it_raise(page: str, url: str) -> None:
    tree = html.document_fromstring(b"<html><body>" + page.encode("utf-8", "ignore") + b"</body></html>")
    told = describe(tree, url=url)
    assert told.title == told.title.strip()
    assert all(name == name.strip() != "" for name in told.authors)


@given(
    st.lists(
        st.sampled_from(["Coins", " | ", " - ", "コイン", "：", "日報", "_", "【", "】", " "]), max_size=12
    )
)
def test_a_title_without_its_site_stays_as_it_is(parts: list[str]) -> None:
    names = frozenset({"coins", "日報"})
    line = bare("".join(parts), names)
    assert bare(line, names) == line
    assert len(main_part(line)) <= len(line)
