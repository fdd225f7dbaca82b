"""The bytes of a feed as text: each codec under each false flag."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.reading.encodings import decode

JAPANESE = "ビットコインの価格は本日、過去最高値を更新した①。市場関係者によると、㈱による大量の買いが背景にあるという。"
CHINESE = "据报道，比特币价格今日突破新高，市场分析师认为这与机构投资者的大量买入有关。该公司的发言人表示，这是新的开始。"
TAIWANESE = "據報導，比特幣價格今日突破新高，市場分析師認為這與機構投資者的大量買入有關。該公司的發言人表示，這是新的開始。"
KOREAN = "비트코인 가격이 오늘 사상 최고치를 경신했다. 시장 전문가들은 기관 투자자들의 대규모 매수가 배경이라고 분석했다."
GERMAN = "Größe und Maß für Äpfel, schöne Grüße, „übergroß“ – Café"
FLAGS = [
    "",
    "utf-8",
    "shift_jis",
    "euc-jp",
    "gb2312",
    "gbk",
    "big5",
    "euc-kr",
    "iso-8859-1",
    "rot13",
    "idna",
    "x-unknown",
]
TEXTS = [
    (JAPANESE, "cp932"),
    (JAPANESE, "euc_jis_2004"),
    (CHINESE, "gb18030"),
    (TAIWANESE, "big5hkscs"),
    (KOREAN, "cp949"),
    (JAPANESE, "utf-8"),
    (KOREAN, "utf-16"),
    (CHINESE, "utf-16-le"),
    (JAPANESE, "utf-16-be"),
    (GERMAN, "utf-32"),
    (JAPANESE, "utf-8-sig"),
    (GERMAN, "cp1252"),
]


@pytest.mark.parametrize("flag", FLAGS)
@pytest.mark.parametrize(("text", "codec"), TEXTS)
def test_running_text_is_read_under_any_flag(text: str, codec: str, flag: str) -> None:
    body = f"<rss><channel><title>{text}</title></channel></rss>".encode(codec)
    decoded = decode(body, content_type=f"text/xml; charset={flag}")
    assert decoded.text == f"<rss><channel><title>{text}</title></channel></rss>"
    assert decoded.problem is None


@pytest.mark.parametrize(
    ("codec", "flag"),
    [
        ("cp932", "x-sjis"),
        ("cp949", "ks_c_5601-1987"),
        ("cp1251", "windows-1251"),
        ("koi8-r", "KOI8-R"),
        ("latin-1", "us-ascii"),
    ],
)
def test_a_short_text_is_read_as_declared(codec: str, flag: str) -> None:
    text = {"cp932": "速報", "cp949": "속보", "latin-1": "Café"}.get(codec, "Новость")
    body = f'<?xml version="1.0" encoding="{flag}"?><rss>{text}</rss>'.encode(codec)
    assert decode(body).text.endswith(f"<rss>{text}</rss>")


def test_a_short_undeclared_text_is_read_as_expected() -> None:
    assert decode("<t>速報</t>".encode("cp932"), lang="ja").text == "<t>速報</t>"
    assert decode("<t>속보</t>".encode("cp949"), lang="ko").text == "<t>속보</t>"


def test_iso_2022_jp_is_not_taken_for_ascii() -> None:
    assert decode("<t>速報ｱｲｳ</t>".encode("iso2022_jp_ext")).text == "<t>速報ｱｲｳ</t>"


def test_one_bad_byte_costs_one_character() -> None:
    utf_8 = JAPANESE.encode()
    decoded = decode(utf_8[:32] + utf_8[33:], content_type="text/xml; charset=utf-8")
    assert decoded.codec == "utf-8"
    assert decoded.text == JAPANESE[:10] + "\ufffd" + JAPANESE[11:]
    assert decoded.problem == "encoding: 1 characters are not utf-8"
    shift_jis = (JAPANESE * 20).encode("cp932") + b"\x81<" + "続く".encode("cp932")
    assert decode(shift_jis, content_type="text/xml; charset=shift_jis").text == JAPANESE * 20 + "\ufffd<続く"


@given(
    st.binary(max_size=200),
    st.text(max_size=20),
    st.none() | st.sampled_from(["ja", "zh-TW", "ko", "en", "xx"]),
)
def test_any_bytes_have_a_text(body: bytes, charset: str, lang: str | None) -> None:
    decode(body, content_type=f"text/xml; charset={charset}", lang=lang).text.encode()
