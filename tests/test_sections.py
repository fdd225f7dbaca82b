"""Pages that list articles as sources: which links are articles, further pages, what is learned; WebSub's hubs."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import newsroom
import pytest
from loopback import Asked, CommandLine, Reply, Server
from timeline import Timeline

from pressclip.errors import InputError
from spiders.reading import ago
from spiders.reading.patterns import learn
from spiders.reading.sections import Section, read_section

HERE = "https://news.example/"
HOUR = 60  # minutes

FRAME = (
    '<!doctype html><html lang="{lang}"><head><title>Small Wire</title></head><body><header><a href="/">Small Wire</a></header>'
    '<nav><ul><li><a href="/markets">Markets</a></li><li><a href="/world">World</a></li><li><a href="/tag/coins">Coins</a>'
    "</li></ul></nav><main>{main}</main>"
    '<footer><a href="/about">About us</a> <a href="/privacy">Privacy policy and terms of use of this site</a></footer></body></html>'
)


def front(*links: str, lang: str = "en", end: str = "") -> bytes:
    """Make a front page with these items in its list."""
    items = "".join(f"<li>{link}</li>" for link in links)
    return FRAME.format(lang=lang, main=f"<ul class='latest'>{items}</ul>{end}").encode()


def link(number: int) -> str:
    return f'<a href="/news/{number}">Report {number}: auditors see the order books in Lisbon</a>'


def found(body: bytes, **arguments: object) -> list[tuple[str, str | None]]:
    """Read a page: paths and titles of its articles."""
    section = read_section(body, url=HERE, **arguments)  # type: ignore[arg-type] # a test's own
    return [((entry.url or "").removeprefix(HERE), entry.title) for entry in section.entries]


def publish(server: Server, *numbers: int) -> None:
    for number in numbers:
        server.replies[f"/news/{number}"] = Reply(
            newsroom.article(number), headers={"Content-Type": newsroom.HTML}
        )


def page(body: bytes) -> Callable[[Asked], Reply]:
    """Serve a page with a validator."""
    etag = f'"{hash(body)}"'

    def answer(asked: Asked) -> Reply:
        if asked.headers.get("if-none-match") == etag:
            return Reply(b"", 304, {"ETag": etag})
        return Reply(body, headers={"Content-Type": newsroom.HTML, "ETag": etag})

    return answer


def test_a_site_without_a_feed_is_read_from_its_front_page(server: Server, timeline: Timeline) -> None:
    server.replies["/"] = page(front(link(1), link(2)))
    publish(server, 1, 2, 3)
    newsroom.subscribe(timeline.folder, f"{server.base}/", kind="page")
    result = timeline.crawl()["results"]["wire0"]
    assert (result["poll"], result["new"], result["skipped"]) == ("changed", 2, 0)
    assert server.paths() == ["/", "/news/1", "/news/2"]
    server.log.clear()
    assert timeline.crawl(minutes=25 * HOUR)["results"]["wire0"]["poll"] == "unchanged"
    server.replies["/"] = page(front(link(3), link(1), link(2)))
    assert timeline.crawl(minutes=50 * HOUR)["results"]["wire0"]["new"] == 1
    assert server.paths() == ["/", "/", "/news/3"]


def test_addresses_that_never_were_articles_are_not_asked_again(server: Server, timeline: Timeline) -> None:
    def company(number: int) -> str:
        return f'<a href="/company/c{number}">Lisbon Order Books and Auditors Company number {number}</a>'

    server.replies["/"] = page(front(*map(link, range(3)), *map(company, range(3))))
    publish(server, *range(5))
    listing = front(*(f'<a href="/x/{n}">Offer {n}</a>' for n in range(30)))
    for number in range(5):
        server.replies[f"/company/c{number}"] = Reply(listing, headers={"Content-Type": newsroom.HTML})
    newsroom.subscribe(timeline.folder, f"{server.base}/", kind="page")
    result = timeline.crawl()["results"]["wire0"]
    assert (result["new"], result["reasons"]) == (3, {"list": 3})
    server.replies["/"] = page(front(*map(link, range(5)), *map(company, range(5))))
    server.log.clear()
    assert timeline.crawl(minutes=2 * HOUR)["results"]["wire0"]["new"] == 2
    assert server.paths() == ["/", "/news/3", "/news/4"]


def test_further_pages_are_read_only_where_they_are_asked_for(server: Server, timeline: Timeline) -> None:
    server.replies["/"] = page(front(link(4), link(3), end='<a href="/?page=2">Next »</a>'))
    server.replies["/?page=2"] = page(front(link(2), link(1), end='<a href="/?page=3">Next »</a>'))
    server.replies["/?page=3"] = page(front(link(0)))
    publish(server, *range(5))
    newsroom.subscribe(timeline.folder, f"{server.base}/", kind="page")
    assert timeline.crawl()["results"]["wire0"]["new"] == 2
    newsroom.subscribe(timeline.folder, f"{server.base}/", kind="page", keys="depth = 2")
    server.log.clear()
    assert timeline.crawl(minutes=2 * HOUR)["results"]["wire0"]["new"] == 2
    assert server.paths() == ["/", "/?page=2", "/news/2", "/news/1"]
    server.log.clear()
    timeline.crawl(minutes=4 * HOUR)
    assert server.paths() == ["/"]


def test_selectors_say_which_links_are_articles(server: Server, timeline: Timeline) -> None:
    body = front(link(1), end='<p class="brief"><a href="/news/2">Short</a></p>')
    server.replies["/"] = page(body)
    publish(server, 1, 2)
    newsroom.subscribe(timeline.folder, f"{server.base}/", kind="page", keys='links = [".brief"]')
    assert timeline.crawl()["results"]["wire0"]["new"] == 1
    assert server.count("/news/1") == 0
    newsroom.subscribe(timeline.folder, f"{server.base}/", kind="page", keys='links = [".gone"]')
    result = timeline.crawl(minutes=2 * HOUR)["results"]["wire0"]
    assert (result["poll"], result["poll_reason"]) == ("failed", "no_links: nothing is selected by .gone")


def test_a_page_for_people_obeys_robots_txt(server: Server, timeline: Timeline) -> None:
    server.replies["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /")
    newsroom.subscribe(timeline.folder, f"{server.base}/", kind="page")
    assert timeline.crawl()["results"]["wire0"]["poll_reason"] == "robots"
    assert server.paths() == []


def test_links_to_private_addresses_are_not_followed(
    server: Server, wire: Server, timeline: Timeline
) -> None:
    body = front(
        link(1), f'<a href="{wire.base}/news/2">Report 2: auditors see the order books in Lisbon</a>'
    )
    server.replies["/"] = page(body)
    publish(server, 1)
    newsroom.subscribe(timeline.folder, f"{server.base}/", kind="page", keys=f'homepage = "{wire.base}/"')
    text = (timeline.folder / "sources.toml").read_text(encoding="utf-8")
    (timeline.folder / "sources.toml").write_text(text.replace("127.0.0.0/8", "127.0.0.1"), encoding="utf-8")
    timeline.crawl()
    assert wire.log == []
    assert timeline.rows("SELECT reason FROM entries WHERE state = 'failed'") == [
        ("blocked_address: 127.0.0.2 is 127.0.0.2",)
    ]


def test_a_dry_run_shows_what_all_documents_list(
    server: Server, pressclip: CommandLine, timeline: Timeline
) -> None:
    server.replies["/"] = page(front(link(2), end='<a rel="next" href="/?page=2">2</a>'))
    server.replies["/?page=2"] = page(front(link(1), link(2)))
    newsroom.subscribe(timeline.folder, f"{server.base}/", kind="page", keys="depth = 3")
    shown = json.loads(pressclip("crawl", "--dry-run", "--json").stdout)
    assert [entry["url"].rpartition("/")[2] for entry in shown["found"]["wire0"]] == ["2", "1"]
    assert shown["results"][0]["waiting"] == 2
    assert not (timeline.folder / "news.db").exists()


def test_hubs_are_noted(server: Server, pressclip: CommandLine, timeline: Timeline) -> None:
    newsroom.publish(server, 1)
    named = newsroom.feed(server.base, range(1)).replace(
        b"<description/>",
        b'<description/><atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="hub" href="https://hub.example/"/>',
    )
    server.replies["/feed.xml"] = Reply(named, headers={"Content-Type": newsroom.FEED})
    headers = {"Content-Type": newsroom.FEED, "Link": '</hub>; rel="hub", </topic>; rel="self"'}
    server.replies["/other.xml"] = Reply(newsroom.feed(server.base, range(1)), headers=headers)
    newsroom.subscribe(timeline.folder, f"{server.base}/feed.xml", f"{server.base}/other.xml")
    timeline.crawl()
    told = {each["name"]: each for each in json.loads(pressclip("status", "--json").stdout)}
    assert (told["wire0"]["hub"], told["wire0"]["hub_topic"]) == ("https://hub.example/", None)
    assert (told["wire1"]["hub"], told["wire1"]["hub_topic"]) == (
        f"{server.base}/hub",
        f"{server.base}/topic",
    )


def test_japanese_items_with_dates_and_pictures() -> None:
    items = [
        """<a href="/article/1234501"><img alt=""></a><h3><a href="/article/1234501">取引所、監査法人に帳簿を公開</a></h3>
        <p>2026年11月22日 10:30</p>""",
        """<h3>規制当局が二度目の報告を求める</h3><time datetime="2026-11-21T08:00:00+09:00">昨日</time>
        <a href="/article/1234502">続きを読む</a>""",
        """<a href="/article/1234503?utm_source=top">三人の技術者が夏を費やした照合エンジン</a><span>11月20日</span>""",
    ]
    section = read_section(front(*items, lang="ja"), url=HERE, lang="ja")
    assert [(entry.url, entry.title, entry.published_at, entry.lang) for entry in section.entries] == [
        (f"{HERE}article/1234501", "取引所、監査法人に帳簿を公開", "2026-11-22T01:30:00Z", "ja"),
        (f"{HERE}article/1234502", "規制当局が二度目の報告を求める", "2026-11-20T23:00:00Z", "ja"),
        (f"{HERE}article/1234503?utm_source=top", "三人の技術者が夏を費やした照合エンジン", None, "ja"),
    ]


def test_dates_that_count_from_the_reader_s_moment_are_read() -> None:
    said = {"zh": "昨天 14:05", "ko": "3시간 전", "ja": "産業・2時間前", "en": "Markets · 2 days ago"}
    now = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
    read = {
        lang: read_section(front(f"{link(1)}<span>{text}</span>", lang=lang), url=HERE, now=now).entries[0]
        for lang, text in said.items()
    }
    assert {lang: (entry.published_raw, entry.published_at) for lang, entry in read.items()} == {
        "zh": ("昨天 14:05", "2026-11-21T06:05:00Z"),
        "ko": ("3시간 전", "2026-11-21T23:30:00Z"),
        "ja": ("産業・2時間前", "2026-11-22T00:30:00Z"),
        "en": ("Markets · 2 days ago", "2026-11-20"),
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5m ago", "2026-11-22T02:25:00Z"), ("Updated an hour ago", "2026-11-22T01:30:00Z"),
        ("更新：3个小时前", "2026-11-21T23:30:00Z"), ("Yesterday, 14:05", "2026-11-21T14:05:00Z"),
        ("今天 23:00", "2026-11-22"), ("1주 전", "2026-11-15"), ("just two words", None), ("3 comments ago", None),
        ("It opened its books 3 hours ago", None), ("5 min read", None), ("今日の天気", None), ("午前", None),
        ("Jane Doe / TODAY", None), ("Today, we open the books", None), ("10H ago", "2026-11-21T16:30:00Z"),
    ],
)  # fmt: skip
def test_what_counts_from_now_is_told_from_prose(text: str, expected: str | None) -> None:
    assert ago.read(text, datetime(2026, 11, 22, 2, 30, tzinfo=UTC)) == expected


def test_chinese_and_korean_lists() -> None:
    chinese = front(
        '<a href="/c/2026-11-22/doc-abc123.shtml">交易所向审计师公开账簿</a>',
        '<a href="/c/2026-11-22/doc-abc124.shtml">监管机构要求第二份报告</a>',
        '<a href="/finance/">财经</a>',
        lang="zh-Hans",
    )
    korean = front(
        '<a href="/news/articleView.html?idxno=170001">거래소, 회계법인에 장부 공개</a>',
        '<a href="/news/articleView.html?idxno=170002">규제당국, 두 번째 보고서 요구</a>',
        '<a href="/news/articleList.html?sc_section_code=S1N1">전체기사 더보기</a>',
        lang="ko",
    )
    assert [path for path, _ in found(chinese)] == [
        "c/2026-11-22/doc-abc123.shtml",
        "c/2026-11-22/doc-abc124.shtml",
    ]
    assert [path for path, _ in found(korean)] == [
        f"news/articleView.html?idxno={n}" for n in (170001, 170002)
    ]


def test_what_was_learned_decides_where_the_form_does_not() -> None:
    body = front('<a href="/plain/title">Plain words</a>', '<a href="/plain/other">Other words</a>')
    assert found(body) == []
    outcomes = [(f"{HERE}plain/{name}", True) for name in "abcdefghijkl"]
    assert [path for path, _ in found(body, patterns=learn(outcomes))] == ["plain/title", "plain/other"]


def test_a_page_inside_of_a_form_or_of_something_called_a_menu_is_read() -> None:
    for frame in ("<form>{}</form>", "<div class='menu-page'>{}</div>"):
        body = front(*map(link, range(1, 8))).replace(b"<main>", frame.split("{}")[0].encode() + b"<main>")
        assert len(found(body)) == 7


def test_of_a_card_the_headline_is_taken() -> None:
    card = """<a href="/news/1234"><span class="label">Economy</span><h3><span>Live</span> Auditors see the <b>order</b> books</h3>
    <p>Lisbon</p><span class="when">3 hours ago</span></a>"""
    flat = """<a href="/news/1235"><p>서울</p><div class="t">거래소, <em>회계법인</em>에 장부 공개</div><span class="by">연합 · 3일 전</span></a>"""
    assert [title for _, title in found(front(card, flat))] == [
        "Live Auditors see the order books",
        "거래소, 회계법인에 장부 공개",
    ]


def test_other_sites_and_other_kinds_of_links_are_passed_over() -> None:
    body = front(
        '<a href="https://elsewhere.example/news/1234">Report 1234: auditors see the order books in Lisbon</a>',
        '<a href="javascript:show(1234)">Report 1235: auditors see the order books in Lisbon</a>',
        '<a href="#top">Report 1236: auditors see the order books in Lisbon</a>',
        '<a href="/files/report-1237-auditors-lisbon.pdf">Report 1237: auditors see the order books in Lisbon</a>',
        '<a href="//sport.news.example/news/1238">Report 1238: auditors see the order books in Lisbon</a>',
    )
    assert [path for path, _ in found(body)] == ["https://sport.news.example/news/1238".removeprefix(HERE)]


def test_a_body_that_is_no_page_has_its_reason() -> None:
    for body, reason in ((b'{"a": 1}', "not_html"), (b"  ", "empty"), (b"<rss><a/></rss>", "not_html")):
        with pytest.raises(InputError) as refused:
            read_section(body, url=HERE)
        assert refused.value.reason == reason


def test_the_next_page_is_found_by_rel_or_by_words() -> None:
    def next_of(end: str) -> str | None:
        section: Section = read_section(front(link(1), end=end), url=HERE)
        return section.next_url

    assert next_of('<a href="/p/2">次へ</a>') == f"{HERE}p/2"
    assert next_of('<a href="/p/2">下一页 &gt;</a>') == f"{HERE}p/2"
    assert next_of('<a rel="next" href="/p/3">3</a>') == f"{HERE}p/3"
    assert next_of('<a href="https://elsewhere.example/p/2">Next</a>') is None
    assert next_of('<a href="/p/2">Next steps for Lisbon</a>') is None
