"""Which article an address means, and which words are the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.identity import content_hash, url_key
from pipelines.trackers import TRACKERS

SAME = [
    "https://example.com/news/1?id=5&p=2",
    "http://example.com/news/1?id=5&p=2",
    "HTTPS://WWW.Example.COM:443/news/1?id=5&p=2",
    "http://example.com:80/news/1/?p=2&id=5",
    "//m.example.com/news/1?id=5&p=2#comments",
    "https://amp.example.com/news/1/amp/?id=5&p=2",
    "https://example.com/news/1?id=5&p=2&amp=1",
    "https://example.com/news/1?utm_source=rss&id=5&p=2&utm_medium=feed",
    "https://example.com/news/1?id=5&fbclid=IwAR0&p=2&ref=twitter",
    "https://example.com/./news/x/../1?id=5&p=2&",
    "https://example.com/news/1;jsessionid=0A1B?id=5&p=2",
    " https://user:secret@example.com/news/1?id=5&p=2\n",
]
DIFFERENT = [
    "https://example.com/",
    "https://example.com/?p=12",
    "https://example.com/?p=13",
    "https://example.com/?id=12",
    "https://example.com/?article=12",
    "https://example.com/?page=12",
    "https://example.com/news?ref=12",
    "https://example.com/news?source=reuters",
    "https://example.com/news?from=2024",
    "https://example.com/News",
    "https://example.com/news",
    "https://example.com/camp",
    "https://example.com:8080/news",
    "https://blog.example.com/news",
    "https://example.com/#!/news/1",
    "https://example.com/#/news/2",
]


def test_what_says_how_the_reader_came_is_no_part_of_the_key() -> None:
    assert {url_key(url) for url in SAME} == {"example.com/news/1?id=5&p=2"}


def test_what_chooses_an_article_stays() -> None:
    assert len({url_key(url) for url in DIFFERENT}) == len(DIFFERENT)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://例え.jp/記事/１?x=あ", "http://xn--r8jz45g.jp/%E8%A8%98%E4%BA%8B/%EF%BC%91?x=%e3%81%82"),
        ("https://example.com/a b", "https://example.com/a%20b"),
        ("https://example.com/%7euser", "https://example.com/~user"),
    ],
)
def test_one_address_written_two_ways(one: str, other: str) -> None:
    assert url_key(one) == url_key(other)


def test_a_host_of_two_labels_keeps_them() -> None:
    assert url_key("https://amp.dev/about") == "amp.dev/about"
    assert url_key("https://m.co/x") == "m.co/x"


@pytest.mark.parametrize(
    "garbage",
    [
        "",
        " ",
        "javascript:alert(1)",
        "http://[::1",
        "http://a:99999/",
        "\ud800",
        "http://",
        "mailto:a@b.c",
        "?",
        "a" * 100_000,
    ],
)
def test_garbage_gives_a_garbage_key(garbage: str) -> None:
    key = url_key(garbage)
    assert url_key(key) == key
    key.encode()


paths = st.text("abcあ/-_.~%20é;=+", max_size=20)
queries = st.lists(
    st.tuples(st.text("abcxyz", min_size=1, max_size=3), st.text("01aあ &%+", max_size=5)), max_size=3
)


@given(paths, queries)
def test_a_key_is_its_own_key(path: str, query: list[tuple[str, str]]) -> None:
    key = url_key(f"https://www.example.com/{path}?{'&'.join(f'{name}={value}' for name, value in query)}")
    assert url_key(key) == key


@given(st.text())
def test_any_text_has_a_stable_key(text: str) -> None:
    key = url_key(text)
    assert url_key(key) == key


@given(
    paths,
    st.lists(st.sampled_from([*sorted(TRACKERS), "utm_source", "UTM_Medium", "mtm_x"]), max_size=3),
    st.text("abc1", max_size=4),
)
def test_trackers_change_nothing(path: str, trackers: list[str], value: str) -> None:
    tracked = "".join(f"&{name}={value}" for name in trackers)
    assert url_key(f"https://example.com/{path}?id=7{tracked}") == url_key(f"https://example.com/{path}?id=7")


def test_a_hash_folds_case_width_and_space() -> None:
    assert content_hash("ビットコイン", "ＡＩ  は\n\n続く") == content_hash("ﾋﾞｯﾄｺｲﾝ", "ai は 続く ")
    assert content_hash("Straße", "x") == content_hash("STRASSE", "X")
    assert content_hash("か\u3099", "") == content_hash("が", "")


def test_a_hash_keeps_title_and_text_apart() -> None:
    assert content_hash("a", "b c") != content_hash("a b", "c")
    assert content_hash("a", "") != content_hash("", "a")
    assert len(content_hash("\ud800", "\udfff")) == 64
