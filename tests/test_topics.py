"""Topics: which words make one, where words begin and end, what a user adds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import topics
from pipelines.extract import clean
from pressclip.models import Care, Page, TopicWords
from pressclip.source_tables import SHIPPED_TOPICS

FILLER = "The council met on Monday to talk about the old bridge over the river and its new lamps. "


def test_the_topics_that_sources_toml_may_name_are_those_that_ship() -> None:
    assert topics.SHIPPED == SHIPPED_TOPICS
    assert [topic.name for topic in topics.shipped()] == [*SHIPPED_TOPICS]


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Bitcoin falls below $60,000", ("crypto",)),
        ("NFTs are back", ("crypto",)),
        ("ビットコインが急落、6万ドル割れ", ("crypto",)),
        ("ﾋﾞｯﾄｺｲﾝ急落", ("crypto",)),
        ("比特币跌破六万美元", ("crypto",)),
        ("以太幣價格上漲", ("crypto",)),
        ("비트코인은 왜 떨어졌나", ("crypto",)),
        ("OpenAI ships a new model", ("ai",)),
        ("生成AIの新サービス", ("ai",)),
        ("ＡＩモデルを公開", ("ai",)),
        ("人工智能竞赛", ("ai",)),
        ("人工智慧的未來", ("ai",)),
        ("AI가 바꾸는 일터", ("ai",)),
        ("Crypto exchange trades by AI", ("crypto", "ai")),
        ("He said the method was fair", ()),
        ("J'ai mangé du pain", ()),
        ("The ripple effect of a closed bank", ()),
        ("A token of thanks for the night shift", ()),
        ("コインランドリーで火事", ()),
        ("", ()),
    ],
)
def test_headlines(title: str, found: tuple[str, ...]) -> None:
    assert topics.found(title, "") == found


def test_a_mention_makes_no_topic() -> None:
    body = FILLER * 12 + "One shop even takes bitcoin. " + FILLER * 12
    assert topics.found("Old bridge gets new lamps", body) == ()


def test_a_text_that_begins_with_a_topic_and_stays_with_it_is_about_it() -> None:
    body = (
        "Miners of bitcoin sold more coins than they made. The price of BTC fell. " + FILLER + "Bitcoin " * 3
    )
    assert topics.found("What the numbers of the week say", body) == ("crypto",)


def test_weak_words_alone_make_no_topic() -> None:
    assert topics.found("The agent had no token", "A model of an exchange. The agent lost the wallet.") == ()


def test_a_user_adds_topics_and_words() -> None:
    own = (
        TopicWords(name="gaming", words=("Nintendo", "任天堂"), exclude=("Nintendo Labo",)),
        TopicWords(name="crypto", words=("Tea Coin",)),
    )
    assert topics.found("任天堂が新型機", "", own) == ("gaming",)
    assert topics.found("Nintendo Labo for cats", "", own) == ()
    assert topics.found("Tea coin rises", "", own) == ("crypto",)
    assert topics.found("Tea coin rises", "") == ()


def test_the_labels_of_a_source_stand_before_what_was_found() -> None:
    sentences = (
        "<p>The price of bitcoin fell on Monday, and miners sold what they had made in a year.</p>" * 4
    )
    page = Page(
        url="https://a.example/1", final_url="https://a.example/1", fetched_at="2026-11-22T12:00:00Z",
        body=f"<html><body><article><h1>Bitcoin falls</h1>{sentences}</article></body></html>".encode(),
        topics=("money", "crypto"), care=Care(topics=(TopicWords(name="mining", words=("miners",)),)),
    )  # fmt: skip
    assert clean(page).topics == ("money", "crypto", "mining")


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_has_topics(title: str, body: str) -> None:
    assert set(topics.found(title, body)) <= set(SHIPPED_TOPICS)
    assert set(topics.found(title, body)) <= topics.hinted(title, body)


@given(
    st.sampled_from(["AI", "Bitcoin", "仮想通貨", "비트코인", "LLM"]),
    st.text(max_size=40),
    st.text(max_size=40),
)
def test_a_word_that_is_found_stands_alone(word: str, before: str, after: str) -> None:
    assert topics.holds(f"{before} {word} {after}", word)
