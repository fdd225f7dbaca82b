"""What `clean` promises for any bytes at all."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from pipelines import voices
from pipelines.blocks import MOST, blocks_of
from pipelines.extract import clean
from pipelines.features import NAMES
from pipelines.judge import model
from pipelines.kind import kind_of
from pressclip.errors import InputError
from pressclip.models import Article, Page

URL = "https://site.example/news/9"
PROSE = "The bookshop on the harbour began to accept bitcoin this month, and the owner is content with it. "


def cleaned(body: bytes | str, content_type: str | None = None) -> Article:
    raw = body.encode() if isinstance(body, str) else body
    return clean(
        Page(url=URL, final_url=URL, body=raw, content_type=content_type, fetched_at="2026-11-21T00:00:00Z")
    )


def reason(body: bytes | str) -> str:
    with pytest.raises(InputError) as caught:
        cleaned(body)
    return caught.value.reason


@pytest.mark.parametrize("body", [b"", b" \n\t ", b"\x00\x00"])
def test_nothing_is_empty(body: bytes) -> None:
    assert reason(body) == "empty"


@pytest.mark.parametrize("body", [b"\x89PNG\r\n\x1a\n" + bytes(range(256)), b'{"a": 1}', b"just words"])
def test_what_is_no_html_is_named(body: bytes) -> None:
    assert reason(body) == "not_html"


def test_a_page_without_text_is_named() -> None:
    assert reason("<html><body><img src='a.png'></body></html>") == "no_text"


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=300))
def test_no_bytes_raise_anything_else(noise: bytes) -> None:
    for body in (
        noise,
        b"<html><body><p>" + noise + b"</p><div " + noise + b"><p>" + PROSE.encode() + b"</p>",
    ):
        try:
            cleaned(body)
        except InputError as error:
            assert error.reason in {"empty", "not_html", "no_text"}  # noqa: PT017 -- either outcome is right


def test_the_result_depends_on_the_page_alone() -> None:
    pages = [f"<article><h1>Number {n}</h1><p>{PROSE * (n + 1)}</p></article>" for n in range(6)]
    once = [cleaned(page) for page in pages]
    order = list(range(6))
    random.Random(4).shuffle(order)
    again = {n: cleaned(pages[n]) for n in order}
    assert [again[n] for n in range(6)] == once


def test_text_after_an_early_end_of_the_body_is_read() -> None:
    page = f"<html><body><header>Menu</header></body></html><article><p>{PROSE * 3}</p></article>"
    assert "began to accept bitcoin" in cleaned(page).text


@pytest.mark.parametrize("line", ["<p>a</p>", "<tr><td>1<td>2", "a<br>"])
def test_a_page_of_endless_lines_is_read_as_far_as_any_article_goes(line: str) -> None:
    page = f"<body><article><p>{PROSE * 5}</p></article><table><tr><td>{line * (MOST + 10)}"
    assert len(blocks_of(html.document_fromstring(page))) == MOST
    assert "began to accept bitcoin" in cleaned(page).text


@pytest.mark.parametrize("noise", ["<", "<!-- a ", "<div>", "<b>", "<p class='"])
def test_markup_without_end_leaves_what_stands_before_it(noise: str) -> None:
    page = f"<body><article><p>{PROSE * 5}</p></article>{noise * 100_000}"
    assert "began to accept bitcoin" in cleaned(page).text


def test_an_unclosed_button_does_not_swallow_the_article() -> None:
    page = f"<body><header><button>Menu<main><article><p>{PROSE * 3}</p></article></main></body>"
    assert "began to accept bitcoin" in cleaned(page).text


def test_a_long_copy_for_machines_is_not_a_second_article() -> None:
    sentences = [
        f"Sentence number {n} tells of shop {n} and what it sold on day {n} of the month." for n in range(8)
    ]
    page = (
        f"<article>{''.join(f'<p>{s}</p>' for s in sentences)}</article>"
        f"<div itemprop='articleBody'>{' '.join(sentences)}</div>"
    )
    assert cleaned(page).text.count("Sentence number 3") == 1


def test_a_table_of_data_stays_a_table() -> None:
    rows = "".join(f"<tr><td>{year}</td><td>{year % 7}</td></tr>" for year in range(2019, 2026))
    page = f"<article><p>{PROSE * 3}</p><table><tr><th>Year</th><th>Shops</th></tr>{rows}</table><p>{PROSE * 2}</p></article>"
    assert "| Year | Shops |\n| --- | --- |\n| 2019 | 3 |" in cleaned(page).markdown


def test_text_that_only_a_program_would_show_is_found() -> None:
    post = json.dumps(
        {"props": {"pageProps": {"post": {"title": "One", "body": f"<p>{PROSE * 3}</p><p>{PROSE * 2}</p>"}}}}
    )
    page = f"<body><div id=__next></div><script id=__NEXT_DATA__ type=application/json>{post}</script></body>"
    article = cleaned(page)
    assert article.kind == "article"
    assert article.text.count("began to accept bitcoin") == 5


@pytest.mark.parametrize("titles", [2, 4, 6])
def test_a_brief_keeps_its_sentences_and_loses_the_related_list(titles: int) -> None:
    brief = "大手銀行は二十日、海外送金に使うステーブルコインの実証を来月から始めると発表した。対象は東南アジアの三つの国で、企業の貿易決済に使う。"
    related = "".join(f"<li>暗号資産の基礎を学ぶ第{n}回</li>" for n in range(titles))
    page = f"<article><h1>大手銀行、実証を開始</h1><p>{brief}</p><p>あわせて読みたい</p><ul>{related}</ul></article>"
    assert cleaned(page).text == brief


def test_a_wall_for_others_makes_no_brief_a_stub() -> None:
    brief = "大手銀行は二十日、海外送金に使うステーブルコインの実証を来月から始めると発表した。対象は東南アジアの三つの国だ。"
    login = "<form>ログイン<input type=password></form><p>会員限定記事</p>"
    article = cleaned(f"<header>{login}</header><article><h1>実証を開始</h1><p>{brief}</p></article>")
    assert (article.kind, article.text) == ("article", brief)


def test_an_article_without_a_sentence_is_no_list_of_the_cards_below_it() -> None:
    winners = "".join(
        f"<h2>Bookshop of the year in town number {n}</h2><ul><li>The harbour bookshop<li>The old bookshop on the hill<li>Paper and Sons</ul>"
        for n in range(12)
    )
    cards = "".join(f"<article><a href=/{n}>Another story, number {n}</a></article>" for n in range(8))
    tree = html.document_fromstring(f"<main>{winners}</main><section>{cards}</section>")
    blocks = blocks_of(tree)
    told = [block for block in blocks if all(box.tag != "section" for box in block.box.chain())]
    assert kind_of(tree, blocks, told) == ("article", None)
    assert kind_of(tree, blocks, told[:4])[0] == "list"
    assert kind_of(tree, blocks, [block for block in blocks if block not in told] * 9)[0] == "list"


def test_only_links_to_the_web_stay_links() -> None:
    page = f"<article><p>{PROSE * 3}See <a href='javascript:alert(1)'>this</a> and <a href='/b c'>that</a>.</p></article>"
    markdown = cleaned(page).markdown
    assert "javascript" not in markdown
    assert "[that](https://site.example/b%20c)" in markdown


@pytest.mark.parametrize("declared", ["gb2312", "shift_jis", "euc-kr", "iso-8859-1"])
def test_utf_8_is_seen_through_any_declaration(declared: str) -> None:
    body = (
        f"<meta charset='{declared}'><article><p>{'書店は今月、店頭での支払いを広げた。' * 8}</p></article>"
    )
    assert "店頭での支払い" in cleaned(body, f"text/html; charset={declared}").text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp932", "書店は①階で、㈱灯台の本を髙く積んでいる。"),
        ("euc_jp", "書店は今月、店頭での支払いを広げたという。"),
        ("cp949", "서점은 이번 달부터 결제를 받기 시작했다. 똠방각하도 왔다."),
        ("big5hkscs", "海邊小鎮的書店本月開始接受比特幣付款，老闆說這是第一次。"),
        ("gb18030", "海边小镇的书店本月开始接受比特币付款，老板说这是第一次。"),
        ("iso2022_jp_2", "書店は今月、店頭での支払いを広げたという。"),
        ("utf-16", "書店は今月、店頭での支払いを広げたという。"),
    ],
)
def test_undeclared_encodings_are_found(encoding: str, text: str) -> None:
    body = f"<html><body><article><p>{text * 5}</p></article></body></html>".encode(encoding)
    assert text in cleaned(body).text


def test_unbalanced_markup_is_read_to_its_end() -> None:
    page = "<div>" * 200 + f"<p>{PROSE * 4}</p>" + "<<<<" * 2000 + "<!-- never closed"
    assert "began to accept bitcoin" in cleaned(page).text


def test_markup_deeper_than_any_page_does_no_harm() -> None:
    assert reason("<div>" * 100_000 + "deep") in {"no_text", "not_html"}


def test_the_judge_was_trained_on_the_features_of_today() -> None:
    assert model().features == NAMES


def test_a_second_voice_is_heard_in_doubt_only_and_moves_what_is_open() -> None:
    paragraphs = "".join(
        f"<p>港町の朝市では、{n}番目の店が夜明け前から魚を並べ、人々が列を作っている。</p>" for n in range(8)
    )
    tree = html.document_fromstring(
        f"<html><body><article><h1>朝市</h1>{paragraphs}</article><footer><p>著作権は港町新聞にあります。</p></footer></body></html>"
    )
    blocks = blocks_of(tree)
    sure = [0.99 if "番目" in block.text else 0.01 for block in blocks]
    assert voices.heard(tree, "https://a.example/1", blocks, sure) == sure
    open_ = [0.5] * len(blocks)
    moved = voices.heard(tree, "https://a.example/1", blocks, open_)
    assert all(
        (now > 0.5) == ("番目" in block.text or "朝市" in block.text)
        for block, now in zip(blocks, moved, strict=True)
    )
    assert voices.doubt(blocks, open_) > voices.DOUBTFUL > voices.doubt(blocks, sure)
