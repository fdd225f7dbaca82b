"""JSON-LD as publishers write it: broken, wrapped, nested, many articles on a page."""

import json

import pytest
from lxml import html

from pipelines.describing import jsonld


def read(*scripts: str) -> jsonld.LinkedData:
    page = "".join(f'<script type="application/ld+json">{script}</script>' for script in scripts)
    return jsonld.read(html.document_fromstring(f"<html><head>{page}</head><body></body></html>"))


@pytest.mark.parametrize(
    "script",
    [
        '{"@type": "NewsArticle", "headline": "Coins rise"}',
        '\n<!--\n{"@type": "NewsArticle", "headline": "Coins rise"}\n-->\n',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "Coins rise"}\n//]]>',
        '{"@type": "NewsArticle", "headline": "Coins rise",}',
        '{"@type": "NewsArticle", "headline": "Coins rise", "articleBody": "two\nlines\tand a tab"}',
        '{"@type": "NewsArticle", "headline": "Coins rise"};',
        '{"@context": "x"}{"@type": "NewsArticle", "headline": "Coins rise"}',
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;headline&quot;: &quot;Coins rise&quot;}",
        '[[{"@type": ["http://schema.org/NewsArticle"], "headline": "Coins rise"}]]',
        '{"@graph": [{"@type": "WebSite"}, {"@type": "NewsArticle", "headline": "Coins rise"}]}',
    ],
)
def test_usual_faults_are_mended(script: str) -> None:
    node = jsonld.article(read(script), "https://example.com/a", ("Coins rise",))
    assert node is not None
    assert jsonld.headline(node) == "Coins rise"


@pytest.mark.parametrize(
    "script", ["", "{", "nonsense", "null", "7", '"text"', "[" * 200_000, '{"a":' * 200_000]
)
def test_what_cannot_be_read_is_left_out(script: str) -> None:
    assert read(script).nodes == ()


def test_size_and_depth_are_bounded() -> None:
    deep: object = {"@type": "NewsArticle"}
    for _ in range(50):
        deep = {"inner": deep}
    assert read(json.dumps(deep)).nodes == ()
    wide = [{"@type": "NewsArticle", "headline": str(number)} for number in range(20_000)]
    assert len(read(json.dumps(wide)).nodes) < 4_000
    assert read(json.dumps({"@type": "NewsArticle", "headline": "x" * 2_000_000})).nodes == ()


def test_one_of_several_articles_is_this_page() -> None:
    linked = read(
        '{"@type": "NewsArticle", "headline": "Banks fall", "url": "https://example.com/banks"}',
        '{"@type": "NewsArticle", "headline": "Coins rise", "url": "https://example.com/coins"}',
    )
    by_address = jsonld.article(linked, "https://m.example.com/coins/", ())
    by_headline = jsonld.article(linked, "https://example.com/x", ("Coins rise | The Coin",))
    assert by_address is not None
    assert by_address is by_headline
    assert jsonld.headline(by_address) == "Coins rise"


def test_a_list_of_teasers_is_no_article() -> None:
    items = [
        {"@type": "ListItem", "item": {"@type": "Article", "headline": f"Story {name}"}} for name in "abc"
    ]
    linked = read(json.dumps({"@type": "ItemList", "itemListElement": items}))
    assert jsonld.article(linked, "https://example.com/coins", ("Coins rise",)) is None
