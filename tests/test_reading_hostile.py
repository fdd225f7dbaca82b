"""Bodies that mean harm or are no feeds: each is read within bounds, or refused with a named reason."""

from pathlib import Path

import memory
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pressclip.errors import InputError
from spiders.reading import Feed, read_feed
from spiders.reading.limits import MAX_MARKUP
from spiders.reading.links import MAX_URL, resolve
from spiders.reading.mending import MAX_ENTRIES
from spiders.reading.sniffing import MAX_BODY

BODIES = [
    next(case.glob("feed.*")).read_bytes()
    for case in sorted((Path(__file__).parent / "data" / "feeds").iterdir())
]


def read(body: bytes | str) -> Feed:
    return read_feed(body if isinstance(body, bytes) else body.encode(), url="https://feeds.example/feed")


def rss(items: str, doctype: str = "") -> str:
    return (
        f'<?xml version="1.0"?>{doctype}<rss version="2.0"><channel><title>t</title>{items}</channel></rss>'
    )


def reason(body: bytes | str) -> str:
    with pytest.raises(InputError) as caught:
        read(body)
    return f"{caught.value.reason}: {caught.value}"


@pytest.mark.parametrize(
    ("body", "looks_like"),
    [
        (b"", "an empty body"),
        (b" \n\r\n", "an empty body"),
        (b"<!DOCTYPE html><html><body>Please log in</body></html>", "an HTML page"),
        (b"<p>Service unavailable", "an HTML page"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a PNG image"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"\x1f\x8b\x08\0\0", "gzip data"),
        (b"not found", "plain text"),
        (b'{"error": "rate limited"}', "JSON that is no JSON Feed"),
        (b"[1, 2]", "a JSON array"),
        (
            b'{"version": "https://jsonfeed.org/version/99", "items": []}',
            "JSON Feed of an unknown version, 99",
        ),
        (b"<opml version='2.0'><body/></opml>", "OPML"),
        (b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'/>", "a sitemap"),
        (b"<Error><Code>AccessDenied</Code></Error>", "an XML error message"),
        (b"<note><to>you</to></note>", "XML of another kind, <note>"),
        (b"/etc/passwd", "plain text"),
        (b"file:///etc/passwd", "plain text"),
    ],
)
def test_what_is_no_feed_says_what_it_looks_like(body: bytes, looks_like: str) -> None:
    assert reason(body) == f"not_a_feed: looks like {looks_like}"


def test_a_path_as_body_reads_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "feed.xml"
    secret.write_text(rss("<item><title>secret</title></item>"))
    assert reason(str(secret)).startswith("not_a_feed")


def test_billion_laughs_stay_quiet() -> None:
    laughs = "".join(f'<!ENTITY lol{n} "{f"&lol{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE rss [<!ENTITY lol0 "lol">\n{laughs}]>'
    memory.forget()
    before = memory.peak()
    (entry,) = read(rss("<item><title>&lol9; after</title></item>", doctype)).entries
    assert entry.title == "&lol9; after"
    assert memory.peak() - before < 100 * 2**20


def test_quadratic_blow_up_does_not_happen() -> None:
    doctype = f'<!DOCTYPE rss [<!ENTITY a "{"a" * 50_000}">]>'
    (entry,) = read(
        rss(f"<item><title>x</title><description>{'&a;' * 5_000}</description></item>", doctype)
    ).entries
    assert len(entry.summary or "") < 50_000


def test_external_entities_are_not_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hunter2")
    doctype = (
        f'<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd" [<!ENTITY s SYSTEM "{secret.as_uri()}">'
        '<!ENTITY % p SYSTEM "http://127.0.0.1:9/p.dtd"> %p;]>'
    )
    feed = read(rss("<item><title>a&s;b</title></item>", doctype))
    assert "hunter2" not in repr(feed)
    assert feed.entries[0].title == "a&s;b"


def test_what_feedparser_trips_over_is_read() -> None:
    feed = read(
        rss(
            "<item><title>a&#1114112;&#55296;&#x1F;&#0;b</title></item>",
            '<!DOCTYPE r [<!ENTITY p "C:\\data">]>',
        )
    )
    assert feed.entries[0].title == "ab"
    gml = (
        '<item xmlns:gml="http://www.opengis.net/gml" xmlns:georss="http://www.georss.org/georss"><title>a</title>'
        '<georss:where><gml:Point srsName="abc"><gml:pos>1 2</gml:pos></gml:Point></georss:where></item>'
    )
    assert read(rss(gml)).entries[0].title == "a"


def test_too_many_entries_are_cut_after_the_first() -> None:
    items = "".join(f"<item><guid>{n}</guid></item>" for n in range(MAX_ENTRIES + 3))
    feed = read(rss(items))
    assert len(feed.entries) == MAX_ENTRIES
    assert feed.problems == (f"too_many_entries: {MAX_ENTRIES + 3}, the first {MAX_ENTRIES} are read",)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b" " * (MAX_BODY + 1), id="body"),
        pytest.param(rss("<a>" * MAX_MARKUP), id="nesting"),
        pytest.param(rss("<item>" + "<category>a</category>" * 2_000 + "</item>"), id="topics"),
        pytest.param(rss(f"<item><author>{'a' * 300_000}@</author></item>"), id="author"),
        pytest.param(rss(f"<item><media:keywords>{'1,' * 4_000}</media:keywords></item>"), id="keywords"),
        pytest.param(rss("&" * 3_000_000), id="references"),
    ],
)
def test_what_no_feed_needs_is_refused(body: bytes | str) -> None:
    assert reason(body).startswith("too_large: ")


def test_a_huge_attribute_and_a_huge_guid_are_read() -> None:
    attribute = f'<item><title a="{"x" * 5_000_000}">t</title><guid>{"g" * 100_000}</guid></item>'
    (entry,) = read(rss(attribute)).entries
    assert entry.title == "t"
    assert entry.guid.startswith("sha256:")


@pytest.mark.parametrize(
    "body",
    [
        b'{"version": "https://jsonfeed.org/version/1.1", "items": [',
        b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": NaN}]}',
        b'{"version": "https://jsonfeed.org/version/1.1", "items": ' + b"[" * 100_000,
        b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": ' + b"9" * 100_000 + b"}]}",
        b"<rss version='2.0'><cha",
    ],
)
def test_broken_beyond_reading_is_a_parse_error(body: bytes) -> None:
    assert reason(body).startswith("parse_error: ")


def test_a_later_poll_finds_the_same_entry_without_a_guid() -> None:
    item = "<item><title>速報</title><description>本文</description></item>"
    (first,), (second,) = read(rss(item)).entries, read(rss(f"<ttl>5</ttl>{item}")).entries
    assert first.guid == second.guid
    assert first.guid.startswith("sha256:")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a/1", "https://news.example/x/a/1"),
        ("//cdn.example/1", "https://cdn.example/1"),
        ("?id=5", "https://news.example/x/feed?id=5"),
        ("www.other.example/1", "https://www.other.example/1"),
        ("https://例え.テスト/記事", "https://xn--r8jz45g.xn--zckzah/%E8%A8%98%E4%BA%8B"),
        ("https://news.example/a b\n  c", "https://news.example/a%20bc"),
        ("https://news.example/😀?q=あ", "https://news.example/%F0%9F%98%80?q=%E3%81%82"),
        ("https://news.example/?a=1&amp;b=2&#45;3", "https://news.example/?a=1&b=2-3"),
        ("HTTP://News.Example/1", "http://news.example/1"),
        ("http://[::1]/", "http://[::1]/"),  # the guards, not the reader, say what may be reached
    ],
)
def test_links_are_absolute_and_safe(raw: str, expected: str) -> None:
    assert resolve(raw, "https://news.example/x/feed") == (expected, None)


@pytest.mark.parametrize(
    "raw",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " java\tscript:alert(1)",
        "data:text/html,<script>",
        "mailto:a@b.example",
        "ftp://a.example/",
        "file:///etc/passwd",
        "http://",
        "http:///",
        "http://[::1",
        "http://a.example:99999/",
        "http://a b.example/",
        "https://" + "a" * 100_000,
        f"https://a.example/{'x' * MAX_URL}",
    ],
)
def test_links_that_lead_nowhere_are_named_not_kept(raw: str) -> None:
    url, problem = resolve(raw, "https://news.example/feed")
    assert url is None
    assert problem is not None
    assert problem.startswith("bad_url: ")
    assert len(problem) < 120


def test_controls_never_reach_the_record() -> None:
    feed = read(
        rss("<item><title>a\x1b[2J\x07&#x1b;&#155;b\u0000\ufffe</title><guid>\x1b]8;;g</guid></item>")
    )
    assert feed.entries[0].title == "a[2J›b"
    assert feed.entries[0].guid == "]8;;g"


TOKENS = (
    rb"""< > & ]]> <![CDATA[ <!-- " <item> </rss> &#xD800; <!DOCTYPE <?xml ?> encoding='utf-16' xmlns:a='b' <gml:pos> { NaN"""
).split()
BYTES = [b"\0", b"\xff\xfe", b"\x1b$B", b"\x82\xa0", b"\xe3\x81"]


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A feed of the cases, cut and pasted."""
    body = bytearray(draw(st.sampled_from(BODIES)))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(body)))
        end = start + draw(st.integers(0, 40))
        body[start:end] = draw(
            st.sampled_from(TOKENS + BYTES) | st.binary(max_size=6) | st.just(bytes(body[end : end + 200]))
        )
    return bytes(body)


def check(body: bytes, content_type: str | None) -> None:
    """Read a body; anything but a feed or a named refusal fails the test."""
    try:
        feed = read_feed(body, url="https://feeds.example/feed", content_type=content_type, lang="ja")
    except InputError as error:
        outcome = error.reason
    else:
        repr(feed).encode()
        outcome = "read" if all(len(entry.guid.encode()) <= 512 for entry in feed.entries) else "long guid"
    assert outcome in {"read", "not_a_feed", "parse_error", "too_large"}


@given(mutated(), st.sampled_from([None, "text/xml; charset=shift_jis", "text/html; charset=rot13"]))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_mutation_raises_past_its_border(body: bytes, content_type: str | None) -> None:
    check(body, content_type)


@given(st.binary(max_size=300))
def test_no_bytes_raise_past_the_border(body: bytes) -> None:
    check(body, None)
