"""The demo site over real HTTP: what it serves, and that its truth is the whole truth."""

import json
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from lxml import html

from pressclip import sources
from pressclip.demo import Site, serve, story
from pressclip.demo.truth import texts

CODECS = {"shift_jis": "cp932", "euc-kr": "euc_kr", "utf-8": "utf-8"}


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serve() as running:
        yield running


def fetch(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers (names in lower case) and body."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with urlopen(Request(url, headers=named), timeout=10) as answer:  # noqa: S310 - loopback
            return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
    except HTTPError as answer:
        with answer:
            return answer.code, {k.lower(): v for k, v in answer.headers.items()}, answer.read()


def page(url: str) -> str:
    """Return a page, decoded as it declares itself in its head."""
    _, headers, body = fetch(url)
    declared = html.document_fromstring(body).xpath("string(//meta/@charset)")
    assert "charset" not in headers["content-type"] or declared == "utf-8"
    return body.decode(CODECS[declared])


def folded(text: str) -> str:
    return "".join(text.split())


def test_a_dozen_articles_in_four_languages(site: Site) -> None:
    languages = Counter(truth.lang for truth in site.truth)
    assert languages == {"en": 4, "ja": 4, "zh-Hans": 1, "zh-Hant": 1, "ko": 2}
    assert {truth.topic for truth in site.truth} == {"crypto", "ai"}
    assert all(len(truth.body) >= 5 for truth in site.truth)


def test_every_structure_and_form_is_there() -> None:
    stories = story.load()
    assert {each.layout for each in stories} == {"broadsheet", "soup", "breaks", "cards", "blog"}
    assert {each.related for each in stories} == {"links", "paragraphs", "breaks", "items", "cards"}
    assert {each.description for each in stories} == {"json-ld", "meta", "none"}
    assert {each.encoding for each in stories} == {"utf-8", "shift_jis", "euc-kr"}
    kinds = {block.kind for each in stories for block in each.blocks}
    assert kinds == {"p", "h2", "ul", "ol", "quote", "table", "figure"}


def test_each_page_is_its_article_and_its_boilerplate_and_nothing_else(site: Site) -> None:
    for truth in site.truth:
        shown = [folded(text) for text in texts(page(truth.url))]
        known = {folded(text) for text in (truth.title, *truth.body, *truth.boilerplate)}
        assert set(shown) - known == set(), truth.url
        assert known - set(shown) == set(), truth.url
        in_order = iter(shown)
        assert all(folded(part) in in_order for part in truth.body), truth.url


def test_truth_tells_what_is_missing_and_what_leaked(site: Site) -> None:
    truth = next(truth for truth in site.truth if truth.url.endswith("shio.html"))
    clean = "\n\n".join(truth.body)
    assert truth.missing(clean) == truth.leaks(clean) == ()
    assert truth.missing("\n\n".join(truth.body[1:])) == truth.body[:1]
    assert truth.leaks(clean + "\n\nこちらもいかがですか？\n\n免責事項") == (
        "免責事項",
        "こちらもいかがですか？",
    )
    assert truth.leaks(clean + "\n\n- 電子通貨") == ("電子通貨",)  # a keyword that the text has as well


def test_pages_that_describe_themselves(site: Site) -> None:
    stories = {each.title: each for each in story.load()}
    for truth in site.truth:
        tree = html.document_fromstring(page(truth.url))
        match stories[truth.title].description:
            case "json-ld":
                data = json.loads(tree.xpath("string(//script[@type='application/ld+json'])"))
                assert data["headline"] == truth.title
                assert [author["name"] for author in data["author"]] == list(truth.authors)
            case "meta":
                assert tree.xpath("//meta[@name='author']/@content") == list(truth.authors)
                assert tree.xpath("//meta[@property='article:published_time']")
            case "none":
                assert tree.xpath("//meta/@content | //script | /html/@lang") == []


def test_feeds_list_every_article_once(site: Site) -> None:
    assert list(site.feeds) == ["lantern-en", "lantern-ja", "lantern-zh", "lantern-ko"]
    listed = Counter[str]()
    for name, url in site.feeds.items():
        status, headers, body = fetch(url)
        assert status == 200
        if "json" in headers["content-type"]:
            entries = [item["url"] for item in json.loads(body)["items"]]
        else:
            entries = [truth.url for truth in site.truth if truth.url.replace("&", "&amp;").encode() in body]
            text = body.decode("cp932" if b"Shift_JIS" in body else "utf-8").split("?>", 1)[1]
            ET.fromstring(text)  # noqa: S314 - our own feed; that it is well-formed
        assert sorted(entries) == sorted(truth.url for truth in site.truth if truth.source == name)
        listed.update(entries)
    assert set(listed.values()) == {1}
    assert len(listed) == len(site.truth) == 12


def test_the_rdf_feed_is_shift_jis_with_a_character_of_windows(site: Site) -> None:
    _, headers, body = fetch(site.feeds["lantern-ja"])
    assert body.startswith(b'<?xml version="1.0" encoding="Shift_JIS"?>')
    assert "charset" not in headers["content-type"]
    assert "㈱雪室農園" in body.decode("cp932")
    with pytest.raises(UnicodeDecodeError):
        body.decode("shift_jis")


def test_every_address_answers(site: Site) -> None:
    for path in site.answers:
        status, headers, body = fetch(site.base + path)
        assert (status, int(headers["content-length"])) == (200, len(body))
    assert b"Disallow: /search" in fetch(f"{site.base}/robots.txt")[2]
    assert fetch(f"{site.base}/images/shio.svg")[1]["content-type"] == "image/svg+xml"
    assert fetch(f"{site.base}/archive/1.html")[0] == 404


def test_who_has_the_newest_copy_is_told_so(site: Site) -> None:
    for url in (site.feeds["lantern-ja"], site.truth[0].url):
        _, headers, _ = fetch(url)
        etag, modified = headers["etag"], headers["last-modified"]
        status, again, body = fetch(url, If_None_Match=f'"other", W/{etag}')
        assert (status, again["etag"], body) == (304, etag, b"")
        assert fetch(url, If_Modified_Since=modified)[0] == 304
        earlier = format_datetime(parsedate_to_datetime(modified).replace(year=2020), usegmt=True)
        assert fetch(url, If_Modified_Since=earlier)[0] == 200
        assert fetch(url, If_Modified_Since="yesterday")[0] == 200
        assert fetch(url, If_None_Match='"other"', If_Modified_Since=modified)[0] == 200


def test_the_log_has_every_request() -> None:
    with serve() as site:
        url = site.feeds["lantern-en"]
        _, headers, _ = fetch(url)
        fetch(url, If_None_Match=headers["etag"])
        fetch(f"{site.base}/nothing")
        assert site.log == [
            ("GET", "/feeds/rss.xml", 200),
            ("GET", "/feeds/rss.xml", 304),
            ("GET", "/nothing", 404),
        ]


def test_its_sources_toml_says_the_same_as_its_sources(site: Site, tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(site.sources_toml(), encoding="utf-8")
    configuration = sources.load(path)
    assert configuration.mistakes == ()
    assert configuration.sources == site.sources
    assert configuration.crawl.allow_hosts == ("127.0.0.1",)
    assert configuration.crawl.delay == 0
