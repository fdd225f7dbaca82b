"""Names of people, from data, marked elements and what a reader sees."""

import json

import pytest
from lxml import html

from pipelines.describe import describe
from pressclip.models import FeedEntry

URL = "https://news.example.com/a/1"


def authors_of(page: str, entry: FeedEntry | None = None) -> tuple[str, ...]:
    return describe(html.document_fromstring(page), url=URL, entry=entry).authors


def linked(author: object) -> str:
    node = {"@type": "NewsArticle", "headline": "Coins rise", "author": author}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ({"@type": "Person", "name": "Ann Lee"}, ("Ann Lee",)),
        ([{"name": "Ann Lee"}, {"name": "Bo Chan"}, {"name": "ann lee"}], ("Ann Lee", "Bo Chan")),
        ({"name": ["Ann Lee", "Bo Chan"]}, ("Ann Lee", "Bo Chan")),
        ({"@type": "Person", "givenName": "Ann", "familyName": "Lee"}, ("Ann Lee",)),
        ("By Ann Lee and Bo Chan", ("Ann Lee", "Bo Chan")),
        ({"name": "Ann Lee, Senior Reporter"}, ("Ann Lee",)),
        ({"name": "Ann Lee - The Editorial Team"}, ("Ann Lee",)),
        ({"name": "https://news.example.com/people/ann"}, ()),
        ({"name": "@annlee"}, ()),
        ({"name": "ann@example.com"}, ()),
        ({"name": "admin"}, ()),
        ({"name": {"name": "Ann Lee"}}, ("Ann Lee",)),
        ([{"name": "Ann Lee"}, {"name": "Coin Media Inc."}], ("Ann Lee",)),
        ([None, 7, {"name": None}], ()),
        ("山田花子、鈴木一郎", ("山田花子", "鈴木一郎")),
        ("アレックス・スミス", ("アレックス・スミス",)),
    ],
)
def test_json_ld(author: object, names: tuple[str, ...]) -> None:
    assert authors_of(linked(author)) == names


def test_a_reference_to_another_node_is_followed() -> None:
    graph = {
        "@graph": [
            {"@type": "Article", "headline": "Coins rise", "author": {"@id": "#ann"}},
            {"@type": "Person", "@id": "#ann", "name": "Ann Lee"},
        ]
    }
    assert authors_of(f'<script type="application/ld+json">{json.dumps(graph)}</script>') == ("Ann Lee",)


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ('<meta name="author" content="Ann Lee; Bo Chan">', ("Ann Lee", "Bo Chan")),
        ('<meta name="citation_author" content="Lee, Ann">', ("Ann Lee",)),
        (
            '<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ann Lee">',
            ("Ann Lee",),
        ),
        (
            '<p class="byline">By <a>Ann Lee</a>, <a>Bo Chan</a> and <a>Cy Dorn</a> <time>May 5</time></p>',
            ("Ann Lee", "Bo Chan", "Cy Dorn"),
        ),
        (
            '<div class="author"><b>Ann Lee</b><span>Senior Writer</span><i>April 7, 2023</i></div>',
            ("Ann Lee",),
        ),
        ('<span class="byline">Posted by<a rel="author">양진</a></span>', ("양진",)),
        ('<div class="author-box"><i>AL</i><b>Ann Lee</b></div>', ("Ann Lee",)),
        ('<div class="author">Reviewed by Bo Chan</div><div class="author">Ann Lee</div>', ("Ann Lee",)),
        (
            '<aside class="related"><p class="author">Bo Chan</p></aside><p class="author">Ann Lee</p>',
            ("Ann Lee",),
        ),
        ('<li class="comment"><b class="comment-author">Bo Chan</b></li>', ()),
        ('<p class="author-login"><a>Sign in</a></p>', ()),
        ('<meta name="author" content="Some Verlag, Hamburg, Germany">', ("Some Verlag",)),
    ],
)
def test_metas_and_marked_elements(page: str, names: tuple[str, ...]) -> None:
    assert authors_of(f"<title>Coins rise</title><body><h1>Coins rise</h1>{page}") == names


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (["By Ann Lee", "Coins rose."], ("Ann Lee",)),
        (["By", "Ann Lee", "and", "Bo Chan", "Tuesday"], ("Ann Lee", "Bo Chan")),
        (["March 5, 2024", "Ann Lee", "Coins rose."], ("Ann Lee",)),
        (["│2019年02月13日 Ann Lee│", "本文です。"], ("Ann Lee",)),
        (["取材・文：山田花子", "本文です。"], ("山田花子",)),
        (["【ロンドン＝山田花子】本文です。"], ("山田花子",)),
        (["【ロンドン＝共同】本文です。"], ()),
        (["（山田花子記者）", "本文です。"], ("山田花子",)),
        (["[서울=어느뉴스]김철수 인턴 기자 = 본문"], ("김철수",)),
        (["본문입니다.", "김철수 기자 kim@example.com"], ("김철수",)),
        (["어느 에디터 김철수"], ("김철수",)),
        (["某社巴黎12月9日电（记者李明）正文。"], ("李明",)),
        (["某报记者 李明 王小红", "正文。"], ("李明", "王小红")),
        (["作者 | 不一", "正文。"], ("不一",)),
        (["正文到此为止。(李明)"], ("李明",)),
        (["记者从有关部门了解到，正文。"], ()),
        (["Read more by signing in", "Coins rose."], ()),
        (["By", "a sentence that is far too long for the name of anybody who writes for us", "Still"], ()),
        (["By Category", "Large Coins"], ()),
        (["Text Size", "The Coin"], ()),
        (["Filed under", "March 5, 2024"], ()),
        (["Author", "AL", "Ann Lee", "Engineer"], ("Ann Lee",)),
        (["This post was written by", "Ann Lee"], ("Ann Lee",)),
        ([*["Coins rose."] * 80, "Written by Ann Lee", "Written by", "Ann Lee"], ("Ann Lee",)),
        ([*["Coins rose."] * 80, "Written by Ann Lee", "Written by Bo Chan"], ()),
        (["By the Coin Team", "Coins rose."], ("the Coin Team",)),
        ([*["Coins rose."] * 20, "By the Coin Team"], ()),
        (["by 山田特許事務所", "本文です。"], ("山田特許事務所",)),
        (["某报讯（记者李明 通讯员王小红 实习生赵勇）正文。"], ("李明", "王小红", "赵勇")),
        (["某报讯(记者李明通讯员王小红)正文。"], ("李明", "王小红")),
        (["〔記者張小明／台北報導〕正文。"], ("張小明",)),
        (["記者孫小明／嘉義報導", "正文。"], ("孫小明",)),
        (["正文（記者張小明攝）"], ()),
        (["입력 2024.03.05. 오후 8:06", "기사원문", "본문"], ()),
        (["| By", "Ann Lee", "|"], ("Ann Lee",)),
        (["By a Mysterious Woman", "Coins rose."], ()),
        (["Stadtpolizei Bern", "25. März 2024"], ()),
        (["von Änne Öhler", "Es war einmal."], ("Änne Öhler",)),
        (["par", "Didier Roi", ", 21 juin 2018"], ("Didier Roi",)),
        (["von", "der Regierung"], ()),
        (["Eine Kolumne von Änne Öhler"], ("Änne Öhler",)),
        ([*["Münzen steigen."] * 14, "Von Änne Öhler, dpa"], ("Änne Öhler",)),
        (["Derek", "作者", "正文。"], ("Derek",)),
        (["首页", "作者", "正文。"], ()),
        ([*["Coins rose."] * 80, "AL", "Ann Lee", "Engineer", "BC", "Bo Chan"], ("Ann Lee", "Bo Chan")),
        ([*["Coins rose."] * 80, "AL", "Bo Chan"], ()),
    ],
)
def test_what_a_reader_sees(lines: list[str], names: tuple[str, ...]) -> None:
    body = "".join(f"<p>{line}</p>" for line in lines)
    assert authors_of(f"<title>見出し標題제목</title><h1>見出し標題제목</h1>{body}") == names


def test_a_person_on_the_page_comes_before_an_organisation_in_the_data() -> None:
    page = f'<meta property="og:site_name" content="コイン新聞">{linked({"name": "コイン新聞"})}'
    assert authors_of(f"{page}<h1>見出し</h1><p>【ソウル＝山田花子】本文</p>") == ("山田花子",)
    assert authors_of(f"{page}<h1>見出し</h1><p>本文</p>") == ("コイン新聞",)


def test_on_a_chinese_page_a_name_begins_with_a_surname() -> None:
    page = '<h1>标题在此</h1><p class="author">科技圈</p><p>某报记者 李明</p>'
    assert authors_of(page) == ("李明",)
    assert authors_of('<h1>标题在此</h1><p class="author">科技圈</p>') == ("科技圈",)
    assert authors_of("<h1>标题在此</h1><p>记者：行情下调了</p>") == ()


def test_a_byline_completes_what_the_data_claims() -> None:
    page = linked({"name": "Ann Lee"}) + '<div class="byline">Ann Lee and Bo Chan</div>'
    assert authors_of(page) == ("Ann Lee", "Bo Chan")
    other = linked({"name": "Ann Lee"}) + '<div class="byline">Cy Dorn and Bo Chan</div>'
    assert authors_of(other) == ("Ann Lee",)


def test_the_feed_is_heard_last() -> None:
    entry = FeedEntry(guid="1", url=URL, authors=("ann@example.com (Ann Lee)",))
    assert authors_of("<p>Coins rose.</p>", entry) == ("Ann Lee",)
    assert authors_of('<meta name="author" content="Bo Chan">', entry) == ("Bo Chan",)


def test_an_organisation_is_one_author_whatever_joins_its_words() -> None:
    assert authors_of(linked({"@type": "Organization", "name": "Morgan & Morgan"})) == ("Morgan & Morgan",)
    desk = "Center for Coins and Research"
    assert authors_of(linked({"@type": "Organization", "name": desk})) == (desk,)
    assert authors_of(f'<meta name="author" content="{desk}">') == (desk,)
    assert authors_of(linked({"@type": "Organization", "name": "Ann Lee and Bo Chan"})) == (
        "Ann Lee",
        "Bo Chan",
    )
    assert authors_of('<meta name="author" content="Reuters and Bloomberg">') == ("Reuters", "Bloomberg")


def test_a_login_is_no_name_where_a_byline_has_one() -> None:
    page = linked({"name": "ann.l"})
    assert authors_of(page + '<p class="byline">By Ann Lee</p>') == ("Ann Lee",)
    assert authors_of(page + '<p class="byline">By us</p>') == ("ann.l",)


def test_a_first_name_is_completed_beside_the_headline() -> None:
    page = f"<h1>Coins rise</h1>{linked({'name': 'Ann'})}"
    assert authors_of(f"{page}<p>Ann Lee, who writes about coins</p>") == ("Ann Lee",)
    assert authors_of(f"{page}<p>Ann Lee</p><p>Ann Chan</p>") == ("Ann",)
    assert authors_of(page + "<p>Coins rose.</p>" * 12 + "<p>Ann Lee</p>") == ("Ann",)


def test_a_link_to_a_page_about_an_author_is_heard_where_nobody_is_named() -> None:
    link = '<ul><a href="/authors">Our Authors</a></ul><p><a href="/blog/authors/ann-lee">Ann Lee</a></p>'
    assert authors_of(link) == ("Ann Lee",)
    assert authors_of(f"{linked({'name': 'Bo Chan'})}{link}") == ("Bo Chan",)
    assert authors_of(f"<aside>{link}</aside>") == ()


def test_who_took_a_picture_is_no_author() -> None:
    for mark in ("teaser-img__author", "mediaBox__byline", "licence-author"):
        assert authors_of(f'<h1>Coins rise</h1><p class="{mark}">Ann Lee</p>') == ()
