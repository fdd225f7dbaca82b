"""The headline among a page's voices."""

import pytest
from lxml import html

from pipelines.describe import describe

URL = "https://news.example.com/2024/coins-rise-again-after-a-week-of-losses"


def title_of(page: str, url: str = URL) -> tuple[str, str | None]:
    told = describe(html.document_fromstring(page), url=url)
    return told.title, told.origins.get("title")


def test_the_heading_nearest_to_the_social_title_wins() -> None:
    page = """<title>Coins rise - The Coin</title><meta property="og:title" content="Coins rise again">
    <h1>The Coin</h1><h1>Coins rise again, after a week of losses</h1><h1>More stories</h1>"""
    assert title_of(page) == ("Coins rise again, after a week of losses", "h1")


def test_a_heading_that_only_the_address_confirms() -> None:
    page = """<meta property="og:title" content="What happened to prices?">
    <h1>Coins Rise Again After a Week of Losses</h1>"""
    assert title_of(page) == ("Coins Rise Again After a Week of Losses", "h1")


def test_a_kicker_inside_the_heading_goes_where_another_voice_leaves_it_out() -> None:
    page = """<meta property="og:title" content="Kleinanleger kehren zurück">
    <h1><span>Geld und Börse</span> <span>Kleinanleger kehren zurück</span></h1>"""
    assert title_of(page)[0] == "Kleinanleger kehren zurück"


@pytest.mark.parametrize(
    ("inside", "headline"),
    [
        ('<span class="head__overline">Neuer Markt</span> Münzen steigen wieder', "Münzen steigen wieder"),
        (
            '<span class="kicker">Neuer Markt</span><span hidden> - </span>Münzen steigen wieder',
            "Münzen steigen wieder",
        ),
        (
            '<span class="supertitle"><time>1. Mai 2024</time></span> <b>Münzen steigen wieder</b>',
            "Münzen steigen wieder",
        ),
        (
            '<span class="kicker">Neuer Markt</span><span hidden>: </span>Münzen steigen wieder',
            "Neuer Markt: Münzen steigen wieder",
        ),
        ('<span class="kicker">Münzen steigen wieder</span>', "Münzen steigen wieder"),
        ('Münzen <span class="kicker">steigen</span> wieder', "Münzen steigen wieder"),
    ],
)
def test_a_marked_kicker_goes_unless_a_colon_joins_it(inside: str, headline: str) -> None:
    page = f'<meta property="og:title" content="Neuer Markt: Münzen steigen wieder"><h1>{inside}</h1>'
    assert title_of(page) == (headline, "h1")


def test_a_heading_is_not_cut_for_a_shorter_social_title() -> None:
    page = '<meta property="og:title" content="Best wallets"><h1>What are the best wallets of the year?</h1>'
    assert title_of(page)[0] == "What are the best wallets of the year?"


def test_ruby_keeps_the_base_text() -> None:
    page = "<title>法律ができる</title><h1><ruby>法律<rp>(</rp><rt>ほうりつ</rt></ruby>ができる</h1>"
    assert title_of(page)[0] == "法律ができる"


def test_a_heading_that_leads_home_is_the_site() -> None:
    page = '<title>暗号資産の新しい規則 - 太郎の日記</title><h1><a href="/">太郎の日記</a></h1><h2>暗号資産の新しい規則</h2>'
    assert title_of(page)[0] == "暗号資産の新しい規則"


def test_a_heading_that_is_only_the_sites_part_of_the_title() -> None:
    page = "<title>太郎の日記 - 暗号資産の新しい規則を読む</title><h1>太郎の日記</h1><h3>暗号資産の新しい規則を読む</h3>"
    assert title_of(page)[0] == "暗号資産の新しい規則を読む"


def test_what_stands_above_the_heading_is_the_site() -> None:
    page = "<title>Gardens in spring | The Garden School of Ours</title><div>The Garden School of Ours</div><h1>Gardens in spring</h1>"
    assert title_of(page) == ("Gardens in spring", "h1")


@pytest.mark.parametrize(
    ("line", "headline"),
    [
        ("两成半烟花爆竹不合格_新闻中心_某某网", "两成半烟花爆竹不合格"),
        ("两成半烟花爆竹不合格-某某新闻网", "两成半烟花爆竹不合格"),
        ("準備年菜 應重視衛生安全 | 生活 | 即時新聞", "準備年菜 應重視衛生安全"),
        ("某某電子報 - 流感再奪兩命 累計二十例", "流感再奪兩命 累計二十例"),
        ("코로나 성금 기탁 줄 잇는다 :: 어느일보", "코로나 성금 기탁 줄 잇는다"),
        ("Third Monday of January Is Blue Monday | Some News", "Third Monday of January Is Blue Monday"),
        ("Blue Monday: the saddest day or junk science?", "Blue Monday: the saddest day or junk science?"),
        ("rustc_codegen_gcc: a progress report", "rustc_codegen_gcc: a progress report"),
    ],
)
def test_a_title_whose_site_nobody_names(line: str, headline: str) -> None:
    assert title_of(f"<title>{line}</title><p>...</p>", "https://example.com/1") == (headline, "title")


def test_the_page_shows_where_a_title_ends() -> None:
    page = "<title>格兰仕独揽两项大奖 质量监督 某方网</title><div>首页</div><div>格兰仕独揽两项大奖</div>"
    assert title_of(page, "https://example.com/1") == ("格兰仕独揽两项大奖", "text")


def test_site_names_are_known_from_many_places() -> None:
    page = """<title>Coins rise : Daily Coin Review</title><script type="application/ld+json">
    {"@type": "Organization", "name": "Daily Coin Review"}</script>"""
    assert title_of(page, "https://example.com/1")[0] == "Coins rise"
    assert (
        title_of("<title>Coins rise - dailycoin.example</title>", "https://www.dailycoin.example/1")[0]
        == "Coins rise"
    )


def test_json_ld_names_a_page_without_other_voices() -> None:
    page = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Coins &amp; prices"}</script>'
    assert title_of(page) == ("Coins & prices", "json-ld")


@pytest.mark.parametrize(
    ("line", "headline"),
    [
        ("》年節食品抽查 豆乾防腐劑超標", "年節食品抽查 豆乾防腐劑超標"),
        ("」】2024年の取引高は【", "2024年の取引高は"),
        ("[Update] Coins rise (again)", "[Update] Coins rise (again)"),
        ("「重い鎖」をたたく（上）", "「重い鎖」をたたく（上）"),
        ("Hun voksede op: »Det var en styrke«", "Hun voksede op: »Det var en styrke«"),
        ("How prices shape what we read | Opinion", "How prices shape what we read"),
        ("BUDGET | Tax office hires an army", "BUDGET | Tax office hires an army"),
        ("How babies sleep at night | Patients | The Children's Hospital", "How babies sleep at night"),
    ],
)
def test_what_no_headline_begins_or_ends_with(line: str, headline: str) -> None:
    assert title_of(f"<title>{line}</title><h1>{line}</h1>", "https://example.com/1") == (headline, "h1")


def test_a_heading_that_links_to_another_page_is_a_teaser() -> None:
    page = """<meta property="og:title" content="Our favourite trails in our town"><h1>Favourite trails for our town</h1>
    <h1><a href="/2023/kayaks">Our favourite kayaks in our town</a></h1>"""
    assert title_of(page) == ("Favourite trails for our town", "h1")
    page = '<title>Coins rise again</title><h1><a href="https://m.example.com/1">Coins rise again</a></h1>'
    assert title_of(page) == ("Coins rise again", "h1")


def test_a_kicker_is_left_out_without_the_rest_of_the_heading() -> None:
    page = """<meta property="og:title" content="Wurmkiste"><h1><span class="kicker">Wurmkiste</span>
    <span>Wurmkiste selber bauen</span></h1>"""
    assert title_of(page) == ("Wurmkiste selber bauen", "h1")


def test_a_heading_that_is_the_sites_motto_is_no_headline() -> None:
    page = "<title>Kinder und Arbeit » ProKids e.V.</title><h1>ProKids e.V. für die Arbeit mit Kindern</h1>"
    assert title_of(page, "https://example.com/kinder-und-arbeit/") == ("Kinder und Arbeit", "url")


@pytest.mark.parametrize(
    ("page", "url", "headline"),
    [
        ("<title>A.Word.A.Day --maudlin</title>", "https://example.com/words/maudlin.html", "maudlin"),
        (
            "<title>某某新聞網 - 打工起家 蓋洋房送村民</title><meta property='og:title' content='打工起家 蓋洋房送村民 - 村民出資在老家修建十五棟小洋樓，昨日入住'>",
            "https://example.com/1",
            "打工起家 蓋洋房送村民",
        ),
        (
            '<meta name="title" content="城市的视野：时政、评论、军事、娱乐"><title>司长答网友问 - 国际</title><p>司长答网友问</p>',
            "https://example.com/1",
            "司长答网友问",
        ),
        (
            "<title>有英勇的你才有英雄的城-某某网</title><p>有英勇的你才有英雄的城-某某网</p><b>有英勇的你才有英雄的城</b>",
            "https://example.com/1",
            "有英勇的你才有英雄的城",
        ),
        ("<title>GAME CHANGER | Shop.com</title><b>Shop.com</b>", "https://sale.shop.com/1", "GAME CHANGER"),
    ],
)
def test_a_title_without_a_heading(page: str, url: str, headline: str) -> None:
    assert title_of(page, url)[0] == headline
