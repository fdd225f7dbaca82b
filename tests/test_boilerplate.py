"""The cutting rules, one by one, and the phrases they read."""

import json
from collections.abc import Callable
from dataclasses import replace
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from pipelines.blocks import Block, blocks_of
from pipelines.boilerplate import RULES, verdicts
from pipelines.cues import GROUPS, QUESTIONS, SMALL, TOLD, bare, cue
from pipelines.explain import explain
from pipelines.extract import clean
from pipelines.facts import facts_of
from pipelines.rules.case import Case
from pipelines.rules.edges import disclaimers, signatures
from pipelines.rules.furniture import asides, captions, overlays
from pipelines.rules.lists import announced_lists
from pipelines.rules.questions import questions
from pipelines.rules.rivers import rivers
from pipelines.rules.standfirsts import standfirsts
from pipelines.rules.wholes import notes, runs, whole_lists
from pipelines.sites import site
from pipelines.sitewide import fingerprint
from pressclip.models import Page

URL = "https://site.example/news/9"
SENTENCE = "書店は今月、店頭での支払いにビットコインを使えるようにしたという。"
Rule = Callable[[Case, set[int]], set[int]]


def case_of(body: str) -> Case:
    tree = html.document_fromstring(f"<html><body>{body}</body></html>")
    blocks = blocks_of(tree)
    return Case(blocks, [1.0] * len(blocks), facts_of(tree, URL))


def left(rule: Rule, body: str) -> list[str]:
    case = case_of(body)
    kept = rule(case, set(range(len(case.blocks))))
    return [case.blocks[i].text for i in sorted(kept)]


@pytest.mark.parametrize(
    "heading",
    ["こちらもいかがですか？", "▼ 関連記事", "相关阅读：", "관련기사", "Read next", "Lesen Sie auch"],
)
@pytest.mark.parametrize(
    "shape", ["<h3>{0}</h3><ul><li>{1}<li>{2}</ul>", "<p>{0}<p>{1}<p>{2}", "<p>{0}<br>{1}<br>{2}</p>"]
)
def test_a_list_goes_with_its_heading(heading: str, shape: str) -> None:
    titles = ("手数料はなぜ安いのか", "個人商店のための会計入門")
    body = f"<p>{SENTENCE}</p><p>{SENTENCE}</p>" + shape.format(heading, *titles)
    assert left(announced_lists, body) == [SENTENCE, SENTENCE]


def test_a_section_of_sentences_keeps_its_heading() -> None:
    assert left(announced_lists, f"<p>{SENTENCE}<h2>関連記事</h2><p>{SENTENCE}") == [
        SENTENCE,
        "関連記事",
        SENTENCE,
    ]


def test_an_article_that_is_a_list_stays() -> None:
    titles = "".join(f"<li>習慣その{n}：鍵を分けて置く</li>" for n in range(10))
    assert len(left(announced_lists, f"<p>{SENTENCE}</p><h2>ランキング</h2><ol>{titles}</ol>")) == 12


@pytest.mark.parametrize(
    "line",
    [
        "<p>Read more: <a href='/1'>Why fees are low</a></p>",
        "<p>👉 <a href='/1'>Learn more about fees</a></p>",
        "<p>記事・写真の無断転載を禁じます</p>",
        "<p>&lt;저작권자ⓒ 등대일보. 무단 전재 및 재배포 금지&gt;</p>",
        "<p>本文内容仅供参考，不构成投资建议。</p>",
        "<p>Article continues below</p>",
        "<p><a href='/1'>LIGHTHOUSE BOOKS TAKES BITCOIN AT THE COUNTER</a></p>",
        "<p><a href='/1'>McKAY SINGS AT THE AMAs AS A FEUD OVER OLD RECORDS GOES ON</a></p>",
        "<p>WATCH | <a href='/1'>The keeper on the last night of the old lamp</a></p>",
        "<h4>ЧИТАЙТЕ: <a href='/1'>Почему погас старый маяк</a></h4>",
        "<p>Follow me on Pinterest to see what else I read.</p>",
        "<p>Want the lamp in the morning? It comes right to your inbox.</p>",
        "<p>Diese Bücher könnten Sie auch interessieren:</p>",
    ],
)
def test_asides_go(line: str) -> None:
    assert left(asides, f"<p>{SENTENCE}</p>{line}") == [SENTENCE]


@pytest.mark.parametrize(
    "line",
    [
        "転載の歴史は長く、新聞の時代までさかのぼる。",
        "See also the table in chapter two.",
        "Related: a word of many meanings",
        "THE KEEPER OF THE LIGHTHOUSE SAYS NO",
        "WATCH: the lamp turns slowly",
    ],
)
def test_lines_that_only_look_like_asides_stay(line: str) -> None:
    assert left(asides, f"<p>{SENTENCE}</p><p>{line}</p>") == [SENTENCE, line]


@pytest.mark.parametrize(
    "line",
    [
        "<ul><li>NOAA: <a href='/1'>Tides of the northern harbours</a></li></ul>",
        "<p>NFT入門：<a href='/1'>灯台の町の電子切符はどう作られたか</a></p>",
        "<p><a href='/1'>AIとは何かを灯台の町で考える</a></p>",
        "<p>Our guide: <a href='/1'>Tides of the northern harbours</a></p>",
        "<p><a href='/1'>TIDES: what the northern harbours expect</a></p>",
        "<p>TIDES: <a href='/1'>https://tides.example/northern/harbours</a></p>",
    ],
)
def test_links_with_a_label_that_calls_nobody_stay(line: str) -> None:
    assert len(left(asides, f"<p>{SENTENCE}</p>{line}")) == 2


TEXT = f"<p>{SENTENCE * 4}</p>"
CARD = "<div class=card><h3>{0}</h3><p>{1}</p></div>"
LINKED = "<a href='/{0}'>A story of the harbour, part {0}</a>"
SUMMARY = "What the part is about is said in a sentence that stops before it has..."


def after_rivers(body: str) -> list[str]:
    """What stays after the rule where all prose stays, and no headline of a card."""
    case = case_of(body)
    keep = {i for i, block in enumerate(case.blocks) if block.prose}
    return [case.blocks[i].text for i in sorted(rivers(case, keep))]


def cards(shape: str = CARD, *, number: int = 4, headline: str = LINKED) -> str:
    return "".join(shape.format(headline.format(i), SUMMARY) for i in range(number))


@pytest.mark.parametrize(
    "shape",
    [
        CARD,
        "<article><a href=/all>News</a><h2>{0}</h2><p>{1}</p><time>Nov 20</time></article>",
        "<li>{0} - 3 hours ago<p>{1}</p></li>",
    ],
)
def test_the_summaries_of_other_stories_go(shape: str) -> None:
    text = f"<div>{TEXT}<p>{SENTENCE}</p></div>"
    assert after_rivers(f"{text}<div>{cards(shape)}</div>") == [SENTENCE * 4, SENTENCE]


def test_so_do_those_that_are_announced_beside_the_text() -> None:
    body = f"{TEXT}<h3>関連記事</h3>{cards()}<p>{SENTENCE}</p>"
    assert after_rivers(body) == [SENTENCE * 4, SENTENCE]


@pytest.mark.parametrize(
    "body",
    [
        f"{TEXT}{cards()}",  # the sections of the text
        f"<div>{TEXT}</div><div>{cards(number=3)}</div>",
        f"<div><p>{SENTENCE}</p></div><div>{cards()}</div>",  # what the page is about
        f"<div>{TEXT}</div><div>{cards(headline='Part {0} of the story')}</div>",
        f"<div>{TEXT}</div><div>{cards(headline='<a href=https://shop.example/{0}>Lamp number {0}</a>')}</div>",
        f"<div>{TEXT}</div><div>{cards(CARD.replace('{1}', '{1} ' * 20))}</div>",
    ],
)
def test_sections_that_only_look_like_cards_stay(body: str) -> None:
    case = case_of(body)
    assert len(after_rivers(body)) == sum(block.prose for block in case.blocks)


def test_cards_stay_where_one_headline_does() -> None:
    case = case_of(f"<div>{TEXT}</div><div>{cards()}</div>")
    everything = set(range(len(case.blocks)))
    assert rivers(case, everything) == everything
    assert rivers(case, everything - {1}) == everything - {1}


def test_settings_of_a_script_go_and_code_stays() -> None:
    settings = '{"layout":2,' + '"text":"Buy now",' * 30 + '"size":3}'
    body = f"<p>{SENTENCE}</p><div>{settings}</div><pre>{settings}</pre>"
    assert left(asides, body) == [SENTENCE, settings]


@pytest.mark.parametrize(
    "line",
    ["With files from the Harbour Gazette", "— Additional reporting by Jane Harbour", "Mit Agenturmaterial."],
)
def test_thanks_to_other_reporters_go_at_the_ends_only(line: str) -> None:
    assert left(signatures, f"<p>{line}</p><p>{SENTENCE}</p><p>{line}</p><p>{SENTENCE}</p><p>{line}</p>") == [
        SENTENCE,
        line,
        SENTENCE,
    ]


def test_bylines_go_at_the_ends_only() -> None:
    line = "著者：山田 花子"
    body = f"<p>{line}</p><p>{SENTENCE}</p><p>{line}</p><p>{SENTENCE}</p><p>[등대일보=김하늘 기자]</p>"
    assert left(signatures, body) == [SENTENCE, line, SENTENCE]


@pytest.mark.parametrize(
    "line",
    [
        "記者孫小明／嘉義報導",
        "（李明 编译）",
        "2024年05月01日 15:29:18　來源：某某網",
        "news.example 2024年5月1日 8:05",
    ],
)
def test_chinese_datelines_go_at_the_ends_only(line: str) -> None:
    body = f"<p>{line}</p><p>{SENTENCE}</p><p>{line}</p><p>{SENTENCE}</p><p>{line}</p>"
    assert left(signatures, body) == [SENTENCE, line, SENTENCE]


@pytest.mark.parametrize(
    "line",
    [
        "Last updated at 3:23 PM on 11th January 2024",
        "sexta-feira, 22 de outubro de 2021 às 20:13",
        "Publiziert: 03.04.2024, 12:35",
        "2024年3月25日（月）10時30分",
        "配信：令和6年3月25日",
        "입력 2024. 3. 25. 오후 3:05",
        "05/10/2024 - Publicado por: Clara Farol",
        "灯台通信・編集部 | 2024年3月25日",
    ],
)
def test_days_go_at_both_ends(line: str) -> None:
    body = f"<p>{line}</p><p>{SENTENCE}</p><p>{SENTENCE}</p><p>{line}</p>"
    assert left(signatures, body) == [SENTENCE, SENTENCE]


@pytest.mark.parametrize(
    "line", ["國際中心／綜合報導", "文/孫小明", "Reading time: 4 minutes", "読了時間：約4分"]
)
def test_labels_go_at_the_ends_only(line: str) -> None:
    body = f"<p>{line}</p><p>{SENTENCE}</p><p>{line}</p><p>{SENTENCE}</p><p>{line}</p>"
    assert left(signatures, body) == [SENTENCE, line, SENTENCE]


def test_a_day_goes_below_a_standfirst_too() -> None:
    day = "2024年3月25日"
    assert left(signatures, f"<p>{SENTENCE}</p><p>{day}</p><p>{SENTENCE}</p>") == [SENTENCE, SENTENCE]
    body = f"<p>{day}</p><p>{SENTENCE}</p><p>{day}</p><p>{SENTENCE}</p>"
    assert left(signatures, body) == [SENTENCE, day, SENTENCE]


def test_the_days_of_a_calendar_stay() -> None:
    days = [f"2024年4月{day}日" for day in (1, 2, 3)]
    lines = [text for day in days for text in (day, "灯台の朗読会")]
    assert left(signatures, "".join(f"<p>{line}</p>" for line in lines)) == lines


def test_notes_come_back_and_overlays_go() -> None:
    body = f"<div><p>{SENTENCE}</p><ol class=footnotes><li id=fn1>数字は組合の発表による。</li></ol></div>"
    case = case_of(body)
    assert notes(case, {0}) == {0, 1}
    table = "<div><table><tbody><tr><th>1<td class=footnote-text><div>数字は組合の発表による。</div></table></div>"
    assert notes(case_of(f"<div><p>{SENTENCE}</p><div><div>{table}</div></div></div>"), {0}) == {0, 2}
    widget = f"<div><div><div><div><ul><li><p class=tweet>{SENTENCE}</p></ul></div></div></div></div>"
    assert notes(case_of(f"<div><p>{SENTENCE}</p>{widget}</div>"), {0}) == {0}
    assert left(overlays, f"<p>{SENTENCE * 3}</p><div class=popup-layer><p>{SENTENCE}</p></div>") == [
        SENTENCE * 3
    ]
    consent = f"<div role=alertdialog><div>{f'<p>{SENTENCE}</p>' * 9}</div></div>"
    assert left(overlays, f"<p>{SENTENCE}</p>{consent}") == [SENTENCE]
    assert len(left(overlays, consent)) == 9


def test_captions_go_unless_there_is_little_else() -> None:
    caption = "<figure><img src=a.png><figcaption>灯台文庫の店内</figcaption></figure>"
    assert left(captions, f"<p>{SENTENCE}</p>{caption}") == [SENTENCE]
    assert left(captions, caption) == ["灯台文庫の店内"]


@pytest.mark.parametrize(
    ("line", "goes"),
    [
        ("Photo: Jane Harbour", True),
        ("Visitors in front of the shop. | Photo by Jane Harbour", True),
        ("Der Laden am Hafen (Foto: Jana Hafen)", True),
        ("The owner at the till (Reuters)", True),
        ("写真＝灯台通信", True),
        ("(사진=등대일보)", True),
        ("The museum shows a photo by Jane Harbour that nobody had seen.", False),
        ("写真は三枚ある。", False),
    ],
)
def test_who_took_a_picture_goes_without_a_figure(line: str, goes: bool) -> None:
    body = f"<p>{SENTENCE}</p><p>{line}</p><p>{SENTENCE}</p>"
    assert left(captions, body) == [SENTENCE, *([] if goes else [line]), SENTENCE]


LEAD = "書店が店頭での支払いにビットコインを使えるようにした。"
HEAD = f"<head><meta name=description content='{LEAD}'></head>"


@pytest.mark.parametrize(
    ("head", "lead", "likely", "kept"),
    [
        (HEAD, f"<p>{LEAD}</p>", 0.3, {1, 2}),
        ("", f"<p>{LEAD}</p>", 0.3, {2}),
        ("", f"<p>{LEAD}</p>", 0.5, {1, 2}),
        ("", f"<p class=photo-caption>{LEAD}</p>", 0.5, {2}),
        ("", f"<p class=standfirst>{LEAD[:-1]}</p>", 0.42, {1, 2}),
        (HEAD, f"<p>{LEAD}</p>", 0.1, {2}),
        (HEAD, f"<p><a href='/1'>{LEAD}</a></p>", 0.5, {2}),
        (HEAD, f"<p>シェア：{LEAD}</p>", 0.5, {2}),
    ],
)
def test_a_standfirst_in_doubt_comes_back(head: str, lead: str, likely: float, kept: set[int]) -> None:
    tree = html.document_fromstring(
        f"<html>{head}<body><h1>書店がビットコインに対応</h1>{lead}<p>{SENTENCE}</p></body></html>"
    )
    case = Case(blocks_of(tree), [0.1, likely, 0.9], facts_of(tree, URL))
    assert standfirsts(case, {2}) == kept
    assert standfirsts(case, kept) == kept


def test_a_standfirst_comes_back_from_below_the_headline_only() -> None:
    rest = "<p>鍵</p>" * 40
    for body, kept in (
        (f"<h1>書店がビットコインに対応</h1><p>{LEAD}</p>{rest}", {1, 42}),
        (f"<h1>書店がビットコインに対応</h1>{rest}<p>{LEAD}</p>", {42}),
        (f"<p>{LEAD}</p>{rest}<h1>書店がビットコインに対応</h1>", {42}),
    ):
        case = case_of(f"{body}<p>{SENTENCE}</p>")
        assert standfirsts(replace(case, probabilities=[0.5] * 42 + [0.9]), {42}) == kept


def test_a_standfirst_in_english_is_left_to_the_judge() -> None:
    lead = "A bookshop on the harbour takes bitcoin at the till, and it is not the only one."
    case = case_of(
        f"<h1>Bookshop takes bitcoin</h1><p>{lead}</p><p>The owner says that five people of the town used it in a week.</p>"
    )
    assert standfirsts(replace(case, probabilities=[0.1, 0.6, 0.9]), {2}) == {2}


@pytest.mark.parametrize(
    ("line", "doubt", "kept"),
    [
        ("<p>鍵は二つ。</p>", 0.4, {0, 1, 2}),
        ("<div><p>鍵は二つ。</p></div>", 0.4, {0, 1, 2}),
        ("<p>鍵は二つ。</p>", 0.1, {0, 2}),
        ("<p><a href='/1'>鍵は二つ。</a></p>", 0.4, {0, 2}),
        ("<p class=photo-credit>鍵は二つ。</p>", 0.4, {0, 2}),
        ("<p>シェアする</p>", 0.4, {0, 2}),
    ],
)
def test_a_line_in_doubt_among_lines_that_stay(line: str, doubt: float, kept: set[int]) -> None:
    case = case_of(f"<p>{SENTENCE}</p>{line}<p>{SENTENCE}</p>")
    assert runs(replace(case, probabilities=[0.9, doubt, 0.9]), {0, 2}) == kept


@pytest.mark.parametrize(
    ("heading", "kept"),
    [
        ("<h2><a href='#two'>鍵は二つ</a></h2>", {0, 1, 2}),  # its own address
        ("<div><h3><a href='/keys'>鍵は二つ</a></h3></div>", {0, 1, 2}),
        ("<ul><li><div><h3><a href='/1'>鍵は二つ</a></h3></div></ul>", {0, 2}),  # a card
        ("<h2><a href='/1'>鍵は二つ</a></h2><h2>戸は一つ</h2>", {0, 2, 3}),  # it heads nothing
    ],
)
def test_a_linked_heading_comes_back_with_its_text(heading: str, kept: set[int]) -> None:
    case = case_of(f"<p>{SENTENCE}</p>{heading}<p>{SENTENCE}</p>")
    sure = [0.9, 0.4, *[0.9] * (len(case.blocks) - 2)]
    assert runs(replace(case, probabilities=sure), set(range(len(sure))) - {1}) == kept


PAIRS = "".join(f"<h3>{q}</h3><div>{SENTENCE}</div>" for q in ("いつから使えるのか？", "誰が使うのか？"))


@pytest.mark.parametrize(
    ("heading", "doubt", "kept"),
    [
        ("よくあるご質問", 0.3, 5),
        ("Tills: FAQs", 0.3, 5),
        ("よくあるご質問", 0.1, 0),  # the site's own, below the text
        ("お問い合わせ", 0.3, 0),
    ],
)
def test_questions_come_back_with_their_answers(heading: str, doubt: float, kept: int) -> None:
    below = f"<h2>{heading}</h2>{PAIRS}<h2>編集部から</h2><p>{SENTENCE}</p>"
    case = case_of(f"<p>{SENTENCE}</p>{below}")
    told = replace(case, probabilities=[0.9, doubt, *[0.0, 0.3] * 2, 0.3, 0.3])
    assert questions(told, {0}) == set(range(1 + kept))
    assert questions(told, set()) == set()


def test_a_question_without_an_answer_or_alone_stays_away() -> None:
    asked = "<h2>FAQ</h2><h3>いつから使えるのか？</h3>"
    for below in (asked, f"{asked}<p>{SENTENCE}</p>", f"{asked}<h3>誰が使うのか？</h3><p>{SENTENCE}</p>"):
        case = case_of(f"<p>{SENTENCE}</p>{below}")
        assert questions(replace(case, probabilities=[0.9] + [0.3] * 4), {0}) == {0}


def test_a_list_of_which_most_stays_is_whole() -> None:
    case = case_of("<ol><li>紙の控えを分けて置く<li>宛先帳を使う<li>写真に撮らない</ol>")
    assert whole_lists(case, {0, 2}) == {0, 1, 2}
    assert whole_lists(case, {1}) == {1}


def test_a_long_disclaimer_goes_from_the_end_only() -> None:
    legal = f"<p>Disclaimer: {'The value of what you buy may fall as well as rise. ' * 9}</p>"
    assert left(disclaimers, f"<p>{SENTENCE}</p>{legal}") == [SENTENCE]
    assert len(left(disclaimers, f"{legal}<p>{SENTENCE}</p>")) == 2


NOTICES = (
    "Harbour Savings is a registered investment adviser; past performance says little about the years to come.",
    "本記事は情報提供を目的としたものであり、内容の正確性を保証しません。購入はご自身の判断でお願いします。",
    "凡本网注明来源的文章，版权均属本网所有；其他文章意在传递更多信息，与本网无关。",
    "이 글은 투자 권유를 목적으로 하지 않으며, 어떤 결과에도 책임을 지지 않습니다.",
    "Alle Kurse ohne Anspruch; Aktien sind mit einem Risiko verbunden, auch ein Totalverlust ist möglich.",
)


@pytest.mark.parametrize("notice", NOTICES)
def test_small_print_goes_from_the_edges_with_its_heading(notice: str) -> None:
    body = f"<p>{notice}</p><p>{SENTENCE}</p><h4>Please note</h4><p>{notice}</p>"
    assert left(disclaimers, body) == [SENTENCE]


def test_small_print_in_the_middle_goes_if_it_is_clear() -> None:
    clear = "This post has affiliate links; we earn a commission from what you buy, at no extra cost to you."
    middle = "We receive money for some links, but our opinions expressed here are our own."
    body = f"<p>{SENTENCE}</p><p>{{}}</p><p>{SENTENCE}</p>"
    assert left(disclaimers, body.format(clear)) == [SENTENCE, SENTENCE]
    assert left(disclaimers, body.format(middle)) == [SENTENCE, middle, SENTENCE]


@pytest.mark.parametrize(
    "line",
    [
        "The court found that past performance had been shown in bold, and fined the fund.",
        "協会は著作権の侵害を認め、損害賠償の支払いと無断で使った写真の削除を約束したという。",
        "法院认定其侵权，责令赔偿损失，并在网站上公开道歉。",
        "The regulator warned that an adviser who gives investment advice without a licence faces a fine.",
    ],
)
def test_reports_on_law_and_money_are_no_small_print(line: str) -> None:
    assert left(disclaimers, f"<p>{SENTENCE}</p><p>{line}</p>") == [SENTENCE, line]


def test_no_phrase_of_small_print_holds_another() -> None:
    phrases = [
        bare(line)
        for file in resources.files("pipelines").joinpath("cues").iterdir()
        for line in file.read_text(encoding="utf-8")
        .partition(f"[{SMALL}]\n")[2]
        .partition("[")[0]
        .splitlines()
    ]
    assert [(a, b) for a in phrases for b in phrases if a != b and a in b] == []
    assert len(phrases) == len(set(phrases))


FRAGMENTS = (
    f"<p>{SENTENCE}</p>",
    "<h2>関連記事</h2>",
    "<p>手数料はなぜ安いのか</p>",
    "<p>Read more: <a href='/1'>Why fees are low</a></p>",
    "<p>著者：山田 花子</p>",
    "<p>2024年3月25日</p>",
    "<p>写真＝灯台通信</p>",
    "<table><tr><td>1<td>2<tr><td>3<td>4</table>",
    "<div class=popup><p>閉じる</p></div>",
    "<ol class=footnotes><li id=fn1>数字は組合の発表による。</li></ol>",
    f"<p>{NOTICES[0]}</p>",
    "<h3><a href='#keys'>鍵は二つ</a></h3>",
    f"<h2>FAQ</h2>{PAIRS}",
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@given(parts=st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=8))
def test_a_rule_has_nothing_more_to_say_the_second_time(rule: Rule, parts: list[str]) -> None:
    case = case_of("".join(parts))
    once = rule(case, set(range(len(case.blocks))))
    assert rule(case, once) == once


def test_each_block_has_one_verdict() -> None:
    case = case_of(f"<p>{SENTENCE}</p><p>無断転載を禁じます</p>")
    assert [(v.kept, v.by) for v in verdicts(case.blocks, [0.9, 0.9], case.facts)] == [
        (True, "judge"),
        (False, "asides"),
    ]


def test_explain_agrees_with_clean() -> None:
    body = f"<html><body><nav><a href=/>Top</a></nav><article>{f'<p>{SENTENCE}</p>' * 4}<p>無断転載を禁じます</p></article>"
    page = Page(url=URL, final_url=URL, body=body.encode(), fetched_at="2026-11-21T00:00:00Z")
    told = explain(page)
    assert [v.text for v in told if v.kept] == clean(page).text.split("\n\n")
    assert "無断転載を禁じます" in [v.text for v in told if not v.kept]
    assert told[1].place.startswith("p < article")


def test_explain_names_what_the_source_chose() -> None:
    body = (
        f"<body><div id=a><p>{SENTENCE}</p></div><p class=ad>{SENTENCE}</p><p>無断転載を禁じます</p></body>"
    )
    page = Page(url=URL, final_url=URL, body=body.encode(), fetched_at="2026-11-21T00:00:00Z", keep=("#a",))
    assert [(v.text, v.kept, v.by, v.probability) for v in explain(page)] == [(SENTENCE, True, "keep", None)]
    dropped = [v.text for v in explain(replace(page, keep=(), drop=(".ad", "#a")))]
    assert dropped == ["無断転載を禁じます"]


def test_explain_shows_text_that_stood_in_the_data() -> None:
    data = json.dumps({"articleBody": "\n".join([SENTENCE * 2] * 3)}, ensure_ascii=False)
    body = f"<body><p>閉じる</p><script type='application/ld+json'>{data}</script></body>"
    page = Page(url=URL, final_url=URL, body=body.encode(), fetched_at="2026-11-21T00:00:00Z")
    told = explain(page)
    assert [v.text for v in told if v.kept] == [SENTENCE * 2] * 3
    assert {v.by for v in told if v.kept} == {"data"}
    assert told[0].text == "閉じる"


def test_explain_names_what_the_site_repeats() -> None:
    notice = "Readers of this paper may write to its editors about anything they have read here."
    body = f"<body><article><p>{SENTENCE * 4}</p><p>{notice}</p></article>"
    page = Page(url=URL, final_url=URL, body=body.encode(), fetched_at="2026-11-21T00:00:00Z")
    common = {fingerprint(site(URL), notice)}
    told = [(v.text, v.kept, v.by) for v in explain(page, common)]
    assert told == [(SENTENCE * 4, True, "judge"), (notice, False, "site")]
    assert [v.kept for v in explain(page)] == [True, True]


def test_the_phrase_files_are_in_order() -> None:
    for file in resources.files("pipelines").joinpath("cues").iterdir():
        lines = file.read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith("["), file.name
        sections = [line.strip("[]") for line in lines if line.startswith("[")]
        assert set(sections) <= {*GROUPS, TOLD, SMALL, QUESTIONS}, file.name
        assert len(sections) == len(set(sections)), file.name
        assert all(bare(line) for line in lines if line), file.name


@pytest.mark.parametrize(
    ("line", "group"),
    [("Comments (12)", "comments"), ("【PR】", "ad"), ("広告", "ad"), ("免責事項：", "legal")],
)
def test_cues_ignore_what_stands_around_them(line: str, group: str | None) -> None:
    blocks: list[Block] = case_of(f"<p>{line}</p>").blocks  # type: ignore[assignment]  # a list, seen as a sequence
    assert cue(blocks[0].text, bare(blocks[0].text))[0] == group
