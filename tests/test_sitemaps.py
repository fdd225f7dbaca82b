"""Sitemaps as sources: what of them is news, indexes and their children, hostile ones."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import newsroom
import pytest
from loopback import HANG_UP, Asked, Reply, Server
from timeline import Timeline

from pressclip.errors import InputError
from pressclip.models import Document, Poll
from spiders.polling import documents
from spiders.reading.places import Child, Place
from spiders.reading.sitemaps import MAX_BODY, MAX_PLACES, read_sitemap
from spiders.reading.window import A_DAY, FIRST_UNDATED, MOST_UNDATED, Window, choose, choose_children
from storage import reading
from storage.health import source_health

HERE = "https://a.example/sitemap.xml"
NOON = newsroom.NOON
HOUR = 60  # minutes


def urlset(*places: str) -> bytes:
    """Make a sitemap of `<url>` elements."""
    named = (
        'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    )
    return f"<?xml version='1.0' encoding='UTF-8'?><urlset {named}>{''.join(places)}</urlset>".encode()


def place(url: str, lastmod: str = "", news: str = "") -> str:
    stamp = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    return f"<url><loc>{url}</loc>{stamp}{news}</url>"


def index(**children: str) -> bytes:
    """Make an index of sitemaps at these addresses, each with its lastmod."""
    listed = "".join(
        f"<sitemap><loc>{url}</loc>{f'<lastmod>{lastmod}</lastmod>' if lastmod else ''}</sitemap>"
        for url, lastmod in children.items()
    )
    return (
        f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</sitemapindex>'.encode()
    )


def window(**known: bytes) -> Window:
    return Window(now=NOON, since=NOON - timedelta(days=7), **known)


def publish(server: Server, *numbers: int) -> None:
    for number in numbers:
        server.replies[f"/news/{number}"] = Reply(
            newsroom.article(number), headers={"Content-Type": newsroom.HTML}
        )


def with_etag(body: bytes) -> Reply:
    return Reply(body, headers={"ETag": '"1"', "Content-Type": "application/xml"})


def conditional(body: bytes) -> Callable[[Asked], Reply]:
    """Answer 304 to whoever has this body already."""

    def answer(asked: Asked) -> Reply:
        known = asked.headers.get("if-none-match") == '"1"'
        return Reply(b"", 304, {"ETag": '"1"'}) if known else with_etag(body)

    return answer


def test_a_news_sitemap_is_polled_like_a_feed(server: Server, timeline: Timeline) -> None:
    news = (
        "<news:news><news:publication><news:name>Wire</news:name><news:language>en</news:language></news:publication>"
        "<news:publication_date>2026-11-22T10:00:00+09:00</news:publication_date>"
        "<news:title>Report 1 &amp; more</news:title><news:keywords>coins, courts</news:keywords></news:news>"
    )
    body = urlset(place(f"{server.base}/news/1", news=news))
    server.replies["/sitemap.xml"] = conditional(body)
    publish(server, 1)
    newsroom.subscribe(timeline.folder, f"{server.base}/sitemap.xml", kind="sitemap")
    result = timeline.crawl()["results"]["wire0"]
    assert (result["poll"], result["new"]) == ("changed", 1)
    assert timeline.rows("SELECT title, published_at, tags, lang FROM articles") == [
        ("Report 1", "2026-11-22T01:00:00Z", '["coins","courts"]', "en")
    ]
    server.log.clear()
    assert timeline.crawl(minutes=25 * HOUR)["results"]["wire0"]["poll"] == "unchanged"
    assert server.paths() == ["/sitemap.xml"]


def test_what_is_older_than_the_horizon_is_not_fetched(server: Server, timeline: Timeline) -> None:
    server.replies["/sitemap.xml"] = conditional(
        urlset(
            place(f"{server.base}/news/1", "2026-11-21T00:00:00Z"),
            place(f"{server.base}/news/2", "2026-11-10"),
            place(f"{server.base}/2026/11/20/report-from-the-port"),
            place(f"{server.base}/2020/01/01/report-from-long-ago"),
        )
    )
    newsroom.subscribe(timeline.folder, f"{server.base}/sitemap.xml", kind="sitemap")
    timeline.crawl()
    assert {path for path in server.paths() if path != "/sitemap.xml"} == {
        "/news/1",
        "/2026/11/20/report-from-the-port",
    }
    newsroom.subscribe(timeline.folder, f"{server.base}/sitemap.xml", kind="sitemap", keys='horizon = "30d"')
    timeline.crawl(minutes=25 * HOUR)
    assert server.count("/news/2") == 1
    server.log.clear()
    assert timeline.crawl(minutes=50 * HOUR)["results"]["wire0"]["poll"] == "unchanged"


def test_a_pause_of_ours_does_not_lose_what_was_published_meanwhile(
    server: Server, timeline: Timeline
) -> None:
    server.replies["/sitemap.xml"] = Reply(urlset(place(f"{server.base}/news/1", "2026-11-22T09:00:00Z")))
    newsroom.subscribe(timeline.folder, f"{server.base}/sitemap.xml", kind="sitemap", keys='horizon = "1d"')
    timeline.crawl()
    server.replies["/sitemap.xml"] = Reply(urlset(place(f"{server.base}/news/2", "2026-11-23T09:00:00Z")))
    timeline.crawl(minutes=10 * 24 * HOUR)
    assert server.count("/news/2") == 1


def test_of_addresses_without_dates_the_newest_are_taken_and_then_what_is_new(
    server: Server, timeline: Timeline
) -> None:
    count = FIRST_UNDATED + 10
    listed = [place(f"{server.base}/news/{10_000 + n}") for n in range(count)]
    server.replies["/sitemap.xml"] = Reply(urlset(*listed))
    newsroom.subscribe(timeline.folder, f"{server.base}/sitemap.xml", kind="sitemap")
    timeline.crawl()
    numbers = {int(url.rpartition("/")[2]) for (url,) in timeline.rows("SELECT url FROM entries")}
    assert numbers == set(range(10_000 + count - FIRST_UNDATED, 10_000 + count))
    [(problems,)] = timeline.rows("SELECT problems FROM sources")
    assert f"undated: {count} addresses" in problems
    server.replies["/sitemap.xml"] = Reply(urlset(place(f"{server.base}/news/9"), *listed))
    server.log.clear()
    timeline.crawl(minutes=2 * HOUR)
    assert server.count("/news/9") == 1
    assert timeline.rows("SELECT count(*) FROM entries") == [(FIRST_UNDATED + 1,)]


def test_children_of_an_index_are_asked_newest_first_and_only_when_they_changed(
    server: Server, timeline: Timeline
) -> None:
    one, two, three, old = (f"{server.base}/s/{name}.xml" for name in ("one", "two", "three", "old"))
    lastmods = {one: "2026-11-20T00:00:00Z", two: "2026-11-22T00:00:00Z", three: "", old: "2026-01-01"}
    server.replies["/sitemap.xml"] = with_etag(index(**{f"{server.base}/sitemap.xml": "", **lastmods}))
    for number, name in enumerate(("one", "two", "three")):
        body = urlset(place(f"{server.base}/news/{number}", "2026-11-20T00:00:00Z"))
        server.replies[f"/s/{name}.xml"] = conditional(gzip.compress(body) if name == "two" else body)
    publish(server, 0, 1, 2)
    newsroom.subscribe(timeline.folder, f"{server.base}/sitemap.xml", kind="sitemap")
    assert timeline.crawl()["results"]["wire0"]["new"] == 3
    assert server.paths()[:4] == ["/sitemap.xml", "/s/two.xml", "/s/one.xml", "/s/three.xml"]
    server.log.clear()
    timeline.crawl(minutes=2 * HOUR)
    assert server.paths() == ["/sitemap.xml", "/s/three.xml"]
    assert server.log[1].headers["if-none-match"] == '"1"'
    server.replies["/sitemap.xml"] = with_etag(index(**(lastmods | {one: "2026-11-22T15:00:00Z"})))
    server.log.clear()
    timeline.crawl(minutes=4 * HOUR)
    assert server.paths() == ["/sitemap.xml", "/s/one.xml", "/s/three.xml"]


def test_a_child_that_failed_is_asked_again_though_the_index_did_not_change(
    server: Server, timeline: Timeline
) -> None:
    child = f"{server.base}/child.xml"
    server.replies["/sitemap.xml"] = conditional(index(**{child: "2026-11-22T00:00:00Z"}))
    server.replies["/child.xml"] = Reply(b"", 500)
    publish(server, 1)
    newsroom.subscribe(timeline.folder, f"{server.base}/sitemap.xml", kind="sitemap")
    result = timeline.crawl()["results"]["wire0"]
    assert (result["poll"], result["poll_reason"]) == ("changed", f"http_500 ({child})")
    with reading.opened(timeline.folder / "news.db") as db:
        [known] = source_health(db, "2026-11-22T12:00:00Z")
    assert (known.documents_failing, known.documents_reason) == (1, "http_500")
    server.replies["/child.xml"] = Reply(urlset(place(f"{server.base}/news/1", "2026-11-22T00:00:00Z")))
    result = timeline.crawl(minutes=2 * HOUR)["results"]["wire0"]
    assert (result["poll"], result["new"]) == ("unchanged", 1)
    server.log.clear()
    timeline.crawl(minutes=4 * HOUR)
    assert server.paths() == ["/sitemap.xml"]


def test_a_source_with_a_new_address_forgets_what_the_old_one_led_to(
    server: Server, timeline: Timeline
) -> None:
    server.replies["/old.xml"] = Reply(index(**{f"{server.base}/child.xml": ""}))
    server.replies["/new.xml"] = Reply(urlset())
    newsroom.subscribe(timeline.folder, f"{server.base}/old.xml", kind="sitemap")
    timeline.crawl()
    newsroom.subscribe(timeline.folder, f"{server.base}/new.xml", kind="sitemap")
    server.log.clear()
    timeline.crawl(minutes=2 * HOUR)
    assert server.paths() == ["/new.xml"]
    assert timeline.rows("SELECT url, depth FROM documents") == [(f"{server.base}/new.xml", 0)]


def test_a_site_that_moved_for_good_may_list_its_new_addresses(
    server: Server, wire: Server, timeline: Timeline
) -> None:
    server.replies["/sitemap.xml"] = Reply(b"", 301, {"Location": f"{wire.base}/sitemap.xml"})
    newsroom.subscribe(timeline.folder, f"{server.base}/sitemap.xml", kind="sitemap")
    publish(wire, 0, 1, 2, 3)
    for day in range(4):
        listed = [place(f"{wire.base}/news/{n}", f"2026-11-{20 + n}") for n in range(day + 1)]
        wire.replies["/sitemap.xml"] = Reply(urlset(*listed))
        new = timeline.crawl(minutes=day * 25 * HOUR)["results"]["wire0"]["new"]
        assert new == (0 if day < 3 else 4)


def test_an_article_whose_lastmod_moved_on_is_asked_again_and_a_list_is_not(
    server: Server, timeline: Timeline
) -> None:
    paths = ("/news/1", "/markets/")
    server.replies["/sitemap.xml"] = Reply(
        urlset(*(place(server.base + path, "2026-11-22T09:00:00Z") for path in paths))
    )
    publish(server, 1)
    teasers = "".join(f'<li><a href="/news/{n}">Report {n} of the whole series</a></li>' for n in range(30))
    server.replies["/markets/"] = Reply(f"<html><body><ul>{teasers}</ul></body></html>".encode())
    newsroom.subscribe(timeline.folder, f"{server.base}/sitemap.xml", kind="sitemap")
    result = timeline.crawl()["results"]["wire0"]
    assert (result["new"], result["reasons"]) == (1, {"list": 1})
    server.replies["/sitemap.xml"] = Reply(
        urlset(*(place(server.base + path, "2026-11-22T13:00:00Z") for path in paths))
    )
    server.log.clear()
    assert timeline.crawl(minutes=2 * HOUR)["results"]["wire0"]["unchanged"] == 1
    assert server.paths() == ["/sitemap.xml", "/news/1"]


def test_a_sitemap_in_which_nothing_happens_any_more_is_asked_once_a_day(
    server: Server, timeline: Timeline
) -> None:
    server.replies["/sitemap.xml"] = Reply(urlset(place(f"{server.base}/news/1", "2026-08-01")))
    newsroom.subscribe(timeline.folder, f"{server.base}/sitemap.xml", kind="sitemap")
    timeline.crawl(minutes=-3 * 24 * HOUR)
    timeline.crawl()
    assert timeline.due() == 24 * HOUR
    assert server.paths() == ["/sitemap.xml"] * 2


def test_robots_txt_names_sitemaps(server: Server, timeline: Timeline) -> None:
    server.replies["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /private\nSitemap: /one.txt\n")
    server.replies["/one.txt"] = Reply(f"{server.base}/news/1\n{server.base}/tag/coins\n".encode())
    publish(server, 1)
    newsroom.subscribe(timeline.folder, f"{server.base}/robots.txt", kind="sitemap")
    assert timeline.crawl()["results"]["wire0"]["new"] == 1
    assert server.count("/tag/coins") == 0


def test_a_sitemap_that_is_gone_is_retired_and_one_that_is_none_has_its_reason(
    server: Server, timeline: Timeline
) -> None:
    server.replies["/sitemap.xml"] = Reply(newsroom.feed(server.base, range(1)))
    newsroom.subscribe(timeline.folder, f"{server.base}/sitemap.xml", kind="sitemap")
    report = timeline.crawl()
    assert (report["exit_code"], report["results"]["wire0"]["poll_reason"]) == (
        3,
        "not_a_sitemap: looks like a feed",
    )
    server.replies["/sitemap.xml"] = Reply(b"", 410)
    timeline.crawl("wire0", minutes=24 * HOUR)
    server.log.clear()
    timeline.crawl(minutes=48 * HOUR)
    assert server.log == []


def test_no_connection_goes_to_a_private_address(server: Server, wire: Server, timeline: Timeline) -> None:
    hidden = f"{wire.base}/news/1"
    server.replies["/sitemap.xml"] = Reply(
        urlset(
            place(hidden), place("http://127.0.0.3/x-y-z-1"), place("http://169.254.169.254/latest/meta-1234")
        )
    )
    server.replies["/index.xml"] = Reply(index(**{f"{wire.base}/sitemap.xml": "", "file:///etc/passwd": ""}))
    newsroom.subscribe(
        timeline.folder, f"{server.base}/sitemap.xml", f"{server.base}/index.xml", kind="sitemap",
        keys=f'homepage = "{wire.base}/"', crawl='allow_hosts = ["127.0.0.1"]',
    )  # fmt: skip
    text = (timeline.folder / "sources.toml").read_text(encoding="utf-8")
    (timeline.folder / "sources.toml").write_text(
        text.replace('allow_hosts = ["127.0.0.0/8"]\n', ""), encoding="utf-8"
    )
    results = timeline.crawl()["results"]
    assert wire.log == []
    assert timeline.rows("SELECT url, state, reason FROM entries") == [
        (hidden, "failed", "blocked_address: 127.0.0.2 is 127.0.0.2")
    ]
    assert (
        results["wire1"]["poll_reason"]
        == f"blocked_address: 127.0.0.2 is 127.0.0.2 ({wire.base}/sitemap.xml)"
    )


def test_a_connection_that_is_cut_leaves_no_validators(server: Server, timeline: Timeline) -> None:
    server.replies["/sitemap.xml"] = Reply(b"", HANG_UP)
    newsroom.subscribe(timeline.folder, f"{server.base}/sitemap.xml", kind="sitemap")
    assert timeline.crawl()["results"]["wire0"]["poll"] == "failed"
    assert timeline.rows("SELECT etag, body_hash FROM sources") == [(None, None)]


def test_entities_are_not_expanded_and_nothing_is_opened() -> None:
    bomb = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    body = (
        f'<!DOCTYPE u [<!ENTITY a "lol">{bomb}<!ENTITY f SYSTEM "file:///etc/passwd">]><urlset>'
        "<url><loc>https://a.example/news/1?x=&m;&f;</loc></url></urlset>"
    )
    [entry] = read_sitemap(body.encode(), url=HERE).entries
    assert entry.url == "https://a.example/news/1?x=&m;&f;"


def test_a_bomb_of_gzip_is_refused() -> None:
    packed = gzip.compress(b"<urlset>" + b" " * (MAX_BODY + 1))
    with pytest.raises(InputError) as refused:
        read_sitemap(packed, url=HERE)
    assert refused.value.reason == "too_large"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not_a_sitemap"),
        (b"<html><body>Not here</body></html>", "not_a_sitemap"),
        (b"User-agent: *\nDisallow: /", "not_a_sitemap"),
        (b"Welcome", "not_a_sitemap"),
        (b"\x1f\x8bnot gzip", "not_a_sitemap"),
        (b"<urlset>" + b"<url/>" * 3_000_001, "too_large"),
        (b"<urlset>" + b"<url>" * 1_000, "parse_error"),
    ],
)
def test_what_is_no_sitemap_has_its_reason(body: bytes, reason: str) -> None:
    with pytest.raises(InputError) as refused:
        read_sitemap(body, url=HERE)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "body",
    [
        "<urlset><url><loc><![CDATA[ https://a.example/news/1?a=1&b=2 ]]></loc></url></urlset>",
        "<urlset>\n<urlset><url><loc>\n  https://a.example/news/1?a=1&amp;b=2\n</loc></url></urlset></urlset>",
        '<s:urlset xmlns:s="http://www.google.com/schemas/sitemap/0.84"><s:url><s:loc>/news/1?a=1&b=2</s:loc></s:url></s:urlset>',
        "\ufeff\n<!-- made by hand --><URLSET><url><loc>https://a.example/news/1?a=1&b=2</loc></url></URLSET>",
        "\ufeffhttps://a.example/news/1?a=1&b=2\r\n\r\nnot an address\r\n",
    ],
)
def test_sitemaps_as_people_write_them(body: str) -> None:
    [entry] = read_sitemap(body.encode(), url=HERE).entries
    assert entry.url == "https://a.example/news/1?a=1&b=2"


def test_news_of_a_namespace_that_nobody_declared() -> None:
    body = (
        "<urlset><url><loc>https://a.example/news/1</loc><image:image><image:loc>/1.jpg</image:loc><image:title>No</image:title>"
        "</image:image><news:news><news:publication_date>2026-11-22</news:publication_date><news:title>Coins &amp; courts</news:title>"
        "</news:news></url></urlset>"
    )
    [entry] = read_sitemap(body.encode(), url=HERE).entries
    assert (entry.title, entry.published_at) == ("Coins & courts", "2026-11-22")
    assert entry.image_url == "https://a.example/1.jpg"


def test_no_more_than_the_protocol_allows_is_read() -> None:
    body = "\n".join(f"https://a.example/news/{n}" for n in range(MAX_PLACES + 1)).encode()
    sitemap = read_sitemap(body, url=HERE, window=window())
    assert (sitemap.listed, len(sitemap.entries)) == (MAX_PLACES, FIRST_UNDATED)
    assert sitemap.problems[0] == f"too_many_urls: {MAX_PLACES + 1}, the first {MAX_PLACES} are read"


def test_what_is_broken_off_is_read_so_far() -> None:
    body = urlset(place("https://a.example/news/1"), place("https://a.example/news/2"))[:-30]
    sitemap = read_sitemap(body, url=HERE)
    assert [entry.url for entry in sitemap.entries] == ["https://a.example/news/1"]
    assert sitemap.problems


def test_pages_of_other_sites_are_refused_unless_they_are_the_homepage_s() -> None:
    body = urlset(place("https://news.a.example/n/1"), place("https://b.example/n/2"))
    sitemap = read_sitemap(body, url=HERE)
    assert [entry.url for entry in sitemap.entries] == ["https://news.a.example/n/1"]
    assert sitemap.problems == ("other_site: 1 addresses, such as https://b.example/n/2",)
    kept = read_sitemap(body, url=HERE, homes=("https://b.example/",))
    assert [entry.url for entry in kept.entries] == ["https://b.example/n/2"]


def test_an_index_leads_neither_to_itself_nor_elsewhere() -> None:
    body = index(**{HERE: "", "https://a.example/b.xml": "2026-11-22", "https://b.example/c.xml": ""})
    found = read_sitemap(body, url=HERE)
    assert found.children == (Child("https://a.example/b.xml", "2026-11-22"),)
    assert found.problems == ("other_site: 1 addresses, such as https://b.example/c.xml",)


def test_indexes_that_list_each_other_end() -> None:
    top = Document(url=HERE)
    known = {top.url: top}
    for depth in range(1, 10):
        parent = max(known.values(), key=lambda each: each.depth)
        fresh = documents.named(known, parent, [(HERE, None), (f"https://a.example/{depth}.xml", None)])
        known |= {each.url: each for each in fresh}
    assert len(known) == 1 + documents.DEEPEST
    assert len(documents.due(known, now=NOON, asked=frozenset())) == documents.DEEPEST


def test_a_run_asks_for_so_many_children_and_gives_failing_ones_a_day() -> None:
    known = {
        each.url: each
        for each in documents.named(
            {},
            Document(url=HERE),
            [(f"https://a.example/{n}.xml", f"2026-11-22T00:00:{n % 60:02d}Z") for n in range(50)],
        )
    }
    first = documents.due(known, now=NOON, asked=frozenset())
    assert len(first) == documents.A_RUN
    assert documents.due(known, now=NOON, asked=frozenset(each.url for each in first)) == []
    failing = Document(
        url="https://a.example/1.xml", depth=1, claim="x", failures=3, asked_at="2026-11-22T11:00:00Z"
    )
    assert documents.due({failing.url: failing}, now=NOON, asked=frozenset()) == []
    assert documents.due({failing.url: failing}, now=NOON + timedelta(days=1), asked=frozenset()) == [failing]


def test_validators_of_a_document_go_only_where_they_came_from() -> None:
    document = Document(url=HERE, depth=1)
    poll = Poll(
        source="a", url=HERE, asked_at="2026-11-22T12:00:00Z", outcome="changed", etag='"1"', body_hash="x"
    )
    assert documents.after(document, poll).etag == '"1"'
    moved = documents.after(document, replace(poll, url="https://b.example/sitemap.xml"))
    assert (moved.etag, moved.body_hash) == (None, "x")


def test_dates_of_the_future_are_none() -> None:
    places = [Place(f"https://a.example/news/{n}", "2041-01-01T00:00:00Z") for n in range(3)]
    chosen = choose(places, window())
    assert (len(chosen.places), chosen.newest_at) == (3, None)
    assert not choose(places, window(seen=chosen.seen)).places


def test_a_lastmod_that_all_share_says_nothing() -> None:
    places = [Place(f"https://a.example/news/{n}", "2026-11-22T11:59:00Z") for n in range(300)]
    chosen = choose(places, window())
    assert len(chosen.places) == FIRST_UNDATED
    later = [each._replace(lastmod="2026-11-22T12:59:00Z") for each in places]
    assert not choose(later, window(seen=chosen.seen)).places


def test_the_new_of_one_body_are_bounded() -> None:
    start = datetime(2026, 11, 20, tzinfo=UTC)
    dated = [
        Place(f"https://a.example/news/{n}", (start + timedelta(seconds=n)).isoformat()) for n in range(2_000)
    ]
    chosen = choose(dated, window())
    assert len(chosen.places) == 7 * A_DAY
    assert chosen.places[0] == dated[-1]
    undated = [Place(f"https://a.example/news/{n}") for n in range(500)]
    assert len(choose(undated, window(seen=b"")).places) == MOST_UNDATED


def test_addresses_that_move_to_the_next_sitemap_are_not_new() -> None:
    places = [Place(f"https://a.example/news/{n}") for n in range(5)]
    first = choose(places, window())
    assert not choose(places, window(others=first.seen)).places


def test_of_many_children_without_dates_both_ends_are_followed() -> None:
    children = [Child(f"https://a.example/sitemap-{10_000 + n}.xml") for n in range(100)]
    followed, problems = choose_children(children, window())
    numbers = sorted(int(child.url[-9:-4]) - 10_000 for child in followed)
    assert numbers == [0, 1, 2, 3, 4, 95, 96, 97, 98, 99]
    assert problems
