"""Language, canonical address and what else a page links to."""

import pytest
from lxml import html

from pipelines.describe import describe

URL = "https://news.example.com/a/1?utm_source=feed"


@pytest.mark.parametrize(
    ("page", "text", "lang"),
    [
        ('<html lang="en">', "ビットコインは月曜日に上昇した。", "ja"),
        ('<html lang="en">', "비트코인은 월요일에 올랐다.", "ko"),
        ('<html lang="zh-CN">', "比特币价格周一上涨。", "zh-Hans"),
        ('<html lang="zh">', "比特幣價格週一上漲，這是今年的最高點。", "zh-Hant"),
        ('<html lang="zh-TW">', "中文", "zh-Hant"),
        ('<html lang="ja">', "阪神新監督決定", "ja"),
        ('<html lang="en-US">', "Prices rose on Monday.", "en"),
        (
            '<html xml:lang="fr_FR" xmlns="http://www.w3.org/1999/xhtml">',
            "Les prix ont augmenté lundi.",
            "fr",
        ),
        ("<html><head><meta property='og:locale' content='de_DE'></head>", "", "de"),
        ("<html>", "Die Preise sind am Montag gestiegen, und zwar deutlich mehr als erwartet.", "de"),
        (
            '<html lang="en">',
            "Die Preise sind am Montag gestiegen, und zwar deutlich mehr als erwartet. " * 5,
            "de",
        ),
        ('<html lang="utf-8">', "", None),
        ("<html>", "", None),
    ],
)
def test_language(page: str, text: str, lang: str | None) -> None:
    tree = html.document_fromstring(f"{page}<body><p>x</p></body></html>")
    assert describe(tree, url=URL, text=text).lang == lang


def test_the_source_knows_its_language() -> None:
    tree = html.document_fromstring("<p>123</p>")
    told = describe(tree, url=URL, lang="ja", text="123")
    assert (told.lang, told.origins["lang"]) == ("ja", "source")


@pytest.mark.parametrize(
    ("claimed", "believed"),
    [
        ("https://news.example.com/a/1", "https://news.example.com/a/1"),
        ("/a/1", "https://news.example.com/a/1"),
        ("https://www.news.example.com/a/1", "https://www.news.example.com/a/1"),
        ("https://other.example/a/1", None),
        ("https://news.example.com/", None),
        ("https://news.example.com", None),
        ("javascript:alert(1)", None),
        ("http://[", None),
        ("", None),
    ],
)
def test_canonical_address(claimed: str, believed: str | None) -> None:
    tree = html.document_fromstring(f'<head><link rel="canonical" href="{claimed}"></head><p>x</p>')
    assert describe(tree, url=URL).canonical_url == believed
