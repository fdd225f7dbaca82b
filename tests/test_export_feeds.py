"""Exports for feed readers: what a strict reader and our own make of them; nothing in them runs."""

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace

import feedparser
import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from pressclip.models import Article
from spiders.reading import read_feed
from storage.exporting.atom import atom
from storage.exporting.feed import Feed, newest
from storage.exporting.html import to_html
from storage.exporting.json_feed import json_feed
from storage.records import Stored

PLAIN = Article(
    url="https://example.com/記事/1?a=1&b=2", url_key="example.com/1", title="仮想通貨 & <規制>", text="一段落。\n\n二段落。",
    markdown="## 見出し\n\n一段落 <b>。\n\n[二段落](https://example.com/2)。", fetched_at="2026-11-22T10:00:00Z",
    content_hash="h", authors=("山田太郎", "Kim & Co"), topics=("crypto",), tags=("規制", "crypto"), lang="ja",
    published_at="2026-11-21", summary="要約 <i>", site_name="例の新聞", image_url="https://example.com/i.jpg",
)  # fmt: skip
FEED = Feed(title="仮想通貨 & co", updated="2026-11-22T10:00:00Z", url="https://me.example/feed?a=1&b=2")
#: E08: what would run if anything of an article were taken for markup.
SCRIPTS = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "]]><script>alert(1)</script>",
    "[a](javascript:alert(1))", "<a href='javascript:alert(1)'>a</a>", "<javascript:alert(1)>", "![a](data:text/html,x)",
    "&lt;script&gt;alert(1)&lt;/script&gt;", '" onmouseover="alert(1)', "[a]: javascript:alert(1)\n\n[a]",
    '[a](https://e.example/"onclick=alert(1))', "<iframe src=//e.example>", "</content><script>alert(1)</script>",
)  # fmt: skip
ATOM = "{http://www.w3.org/2005/Atom}"


def stored(number: int = 1, **changes: object) -> Stored:
    return Stored(id=number, article=replace(PLAIN, **changes))  # type: ignore[arg-type]  # fields of Article only


def written(form: str, *articles: Stored, feed: Feed = FEED) -> bytes:
    return "".join((atom if form == "atom" else json_feed)(articles, feed)).encode()


def contents(form: str, body: bytes) -> list[str]:
    """Read the HTML of each entry with a parser that forgives nothing."""
    if form == "atom":
        return [element.text or "" for element in ElementTree.fromstring(body).iter(f"{ATOM}content")]
    return [item["content_html"] for item in json.loads(body)["items"]]


def test_atom_says_what_rfc_4287_asks_for() -> None:
    root = ElementTree.fromstring(written("atom", stored(1), stored(2, url_key="example.com/2", authors=())))
    assert root.tag == f"{ATOM}feed"
    for needed in ("id", "title", "updated"):
        assert len(root.findall(f"{ATOM}{needed}")) == 1
    assert [link.attrib for link in root.findall(f"{ATOM}link")] == [
        {"rel": "self", "type": "application/atom+xml", "href": "https://me.example/feed?a=1&b=2"}
    ]
    entries = root.findall(f"{ATOM}entry")
    for entry in entries:
        for needed in ("id", "title", "updated", "published", "content", "source"):
            assert len(entry.findall(f"{ATOM}{needed}")) == 1
        assert entry.findall(f"{ATOM}author")
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", entry.findtext(f"{ATOM}id") or "")
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 2
    assert entries[1].findtext(f"{ATOM}author/{ATOM}name") == "例の新聞"


def test_feedparser_reads_it_all_back() -> None:
    read = feedparser.parse(io.BytesIO(written("atom", stored())))
    assert not read.bozo
    assert (read.version, read.feed.title, read.feed.id) == (
        "atom10", "仮想通貨 & co", "https://me.example/feed?a=1&b=2",
    )  # fmt: skip
    [entry] = read.entries
    assert entry.title == "仮想通貨 & <規制>"
    assert entry.link == "https://example.com/記事/1?a=1&b=2"
    assert [author.name for author in entry.authors] == ["山田太郎", "Kim & Co"]
    assert [tag.term for tag in entry.tags] == ["crypto", "規制"]
    assert (entry.published, entry.updated) == ("2026-11-21T00:00:00Z", "2026-11-22T10:00:00Z")
    assert entry.source.title == "例の新聞"
    assert entry.content[0].language == "ja"
    assert entry.content[0].value.startswith("<h2>見出し</h2>\n<p>一段落 &lt;b&gt;。</p>")


@pytest.mark.parametrize("form", ["atom", "json-feed"])
def test_our_own_reader_reads_it_back(form: str) -> None:
    feed = read_feed(written(form, stored()), url="https://me.example/feed")
    [entry] = feed.entries
    assert (feed.title, entry.title) == ("仮想通貨 & co", "仮想通貨 & <規制>")
    assert entry.url == "https://example.com/%E8%A8%98%E4%BA%8B/1?a=1&b=2"
    assert entry.authors == ("山田太郎", "Kim & Co")
    assert (entry.published_at, entry.updated_at) == ("2026-11-21T00:00:00Z", "2026-11-22T10:00:00Z")
    assert entry.content == to_html(PLAIN.markdown).strip()


def test_json_feed_says_what_version_1_1_asks_for() -> None:
    read = json.loads(written("json-feed", stored()))
    assert read["version"] == "https://jsonfeed.org/version/1.1"
    [item] = read["items"]
    assert item.pop("id").startswith("urn:uuid:")
    assert item == {
        "url": "https://example.com/記事/1?a=1&b=2", "title": "仮想通貨 & <規制>", "content_html": to_html(PLAIN.markdown),
        "summary": "要約 <i>", "image": "https://example.com/i.jpg", "date_published": "2026-11-21T00:00:00Z",
        "date_modified": "2026-11-22T10:00:00Z", "authors": [{"name": "山田太郎"}, {"name": "Kim & Co"}],
        "tags": ["crypto", "規制"], "language": "ja",
    }  # fmt: skip


@pytest.mark.parametrize("form", ["atom", "json-feed"])
def test_an_empty_feed_is_a_feed(form: str) -> None:
    read = read_feed(written(form, feed=Feed(title="none", updated=newest([]))), url="https://me.example/")
    assert (read.title, read.entries) == ("none", ())


@pytest.mark.parametrize("form", ["atom", "json-feed"])
def test_the_same_article_is_the_same_entry_in_every_store_and_version(form: str) -> None:
    def ids(*articles: Stored) -> set[str]:
        body = written(form, *articles).decode()
        return set(re.findall("urn:uuid:[0-9a-f-]{36}", body))

    assert ids(stored(1)) == ids(stored(7, title="other", url="https://m.example.com/1?utm_source=x"))
    assert ids(stored(1)) != ids(stored(1, url_key="example.com/2"))


def test_a_date_in_the_future_stays_on_top_of_nothing() -> None:
    [item] = json.loads(written("json-feed", stored(published_at="2041-01-01")))["items"]
    assert item["date_published"] == "2026-11-22T10:00:00Z"


@pytest.mark.parametrize("form", ["atom", "json-feed"])
@pytest.mark.parametrize("script", SCRIPTS)
def test_e08_nothing_of_an_article_runs(form: str, script: str) -> None:
    article = stored(
        title=script, text=script, markdown=f"{script}\n\n    {script}\n\n- {script}\n\n> {script}", summary=script,
        authors=(script,), tags=(script,), topics=(script,), site_name=script, url=f"https://e.example/{script}",
        image_url=f"javascript:{script}",
    )  # fmt: skip
    body = written(form, article)
    [content] = contents(form, body)
    for element in lxml_html.fragment_fromstring(content, create_parent=True).iter():
        assert element.tag in {"div", "p", "a", "pre", "code", "ul", "li", "blockquote", "h1", "h2"}
        assert set(element.attrib) <= {"href"}
        assert element.get("href", "https://").startswith("https://")
    assert b"<script" not in body or form == "json-feed"  # a JSON string is no markup


#: All of Unicode, and more often what XML and JSON cannot hold.
text = st.text(
    st.characters() | st.sampled_from("\0\x0b\x1b\ud800\udfff\ufffe\uffff<>&\"'`[]()\n"), max_size=60
)


@given(title=text, body=text, name=text, url=text, lang=text, day=text)
def test_whatever_an_article_holds_the_feed_is_whole(
    title: str, body: str, name: str, url: str, lang: str, day: str
) -> None:
    article = stored(
        title=title, text=body, markdown=body, authors=(name,), topics=(name,), lang=lang, published_at=day,
        url=f"https://e.example/{url}", url_key=url, site_name=name, summary=body, image_url=url,
    )  # fmt: skip
    feed = Feed(title=title, updated=newest([article]), url=url)
    assert len(contents("atom", written("atom", article, stored(), feed=feed))) == 2
    assert len(contents("json-feed", written("json-feed", article, stored(), feed=feed))) == 2


def test_feeds_take_one_article_at_a_time() -> None:
    taken: list[int] = []

    def endless() -> Iterator[Stored]:
        while True:
            taken.append(1)
            yield stored(len(taken))

    for form in (atom, json_feed):
        taken.clear()
        parts = form(endless(), FEED)
        while not taken:
            next(parts)
        next(parts)
        assert len(taken) <= 2
