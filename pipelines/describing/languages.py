"""The language of the text: what the page says where it can be believed, the script, then statistics."""

import re

import pycld2

_TAG = re.compile(r"^([a-zA-Z]{2,3})(?:[-_]([a-zA-Z]{4}))?(?:[-_]([a-zA-Z]{2}|\d{3}))?(?:[-_.].*)?$")
_KANA = re.compile(r"[\u3041-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LETTER = re.compile(r"[^\W\d_]")
_TRADITIONAL = frozenset(
    "這個們來為時國說會對學過還沒後發經將與實業點當種樣從開關間應聯線體動處報網產數記區黨總統議選擇變讓題問題"
)
_SIMPLIFIED = frozenset(
    "这个们来为时国说会对学过还没后发经将与实业点当种样从开关间应联线体动处报网产数记区党总统议选择变让题问题"
)
_SAMPLE = 4_000  # characters that are looked at
_ENOUGH = 200  # bytes of text pycld2 needs to overrule a page's own word


def tag(raw: str | None) -> str | None:
    """A BCP 47 tag of language and, for Chinese, script; None if it is none.

    >>> tag("ja_JP"), tag("en-US"), tag("zh-TW"), tag("zh-CN"), tag("utf-8")
    ('ja', 'en', 'zh-Hant', 'zh-Hans', None)
    """
    match = _TAG.match((raw or "").strip())
    if not match:
        return None
    language, script, region = match[1].lower(), (match[2] or "").title(), (match[3] or "").upper()
    language = {"jp": "ja", "kr": "ko", "cn": "zh", "ua": "uk", "cz": "cs", "gr": "el"}.get(
        language, language
    )
    if language != "zh":
        return language if language not in {"utf", "und", "mul", "xx"} else None
    if script in {"Hans", "Hant"}:
        return f"zh-{script}"
    if region in {"TW", "HK", "MO"}:
        return "zh-Hant"
    return "zh-Hans" if region in {"CN", "SG"} else "zh"


def language(text: str, claims: list[tuple[str | None, str]]) -> tuple[str | None, str]:
    """The language of a text and who said so.

    Args:
        text: of the article; may be empty.
        claims: what page and feed say, the most trustworthy first, as (tag, origin).

    >>> language("ビットコインが上昇した。", [("en", "html")])
    ('ja', 'script')
    >>> language("", [(None, "html"), ("de-AT", "feed")])
    ('de', 'feed')
    """
    claimed, origin = next(((code, who) for raw, who in claims if (code := tag(raw))), (None, ""))
    sample = text[:_SAMPLE]
    written = _by_script(sample)
    if written:
        if claimed and claimed.split("-")[0] == written.split("-")[0] and "-" not in written:
            return claimed, origin
        return written, "script"
    detected, sure = _detected(sample)
    if detected and (not claimed or (sure and detected != claimed.split("-")[0])):
        return detected, "text"
    return claimed, origin


def is_chinese(line: str) -> bool:
    """Whether a headline is written in Han characters alone.

    >>> is_chinese("法国罢工影响交通"), is_chinese("阪神新監督に藤川氏"), is_chinese("Coins rise")
    (True, False, False)
    """
    return bool(_HAN.search(line)) and not _KANA.search(line) and not _HANGUL.search(line)


def _by_script(sample: str) -> str | None:
    letters = len(_LETTER.findall(sample))
    if not letters:
        return None
    kana, hangul, han = (len(kind.findall(sample)) for kind in (_KANA, _HANGUL, _HAN))
    if hangul > letters * 0.3:
        return "ko"
    if kana + han > letters * 0.3:
        if kana > (kana + han) * 0.1:
            return "ja"
        if han > letters * 0.3:
            return _chinese(sample) if kana < (kana + han) * 0.02 else None
    return None


def _chinese(sample: str) -> str | None:
    traditional = sum(character in _TRADITIONAL for character in sample)
    simplified = sum(character in _SIMPLIFIED for character in sample)
    common = sum(character in _TRADITIONAL & _SIMPLIFIED for character in sample)
    if traditional - common > 2 * (simplified - common):
        return "zh-Hant"
    if simplified - common > 2 * (traditional - common):
        return "zh-Hans"
    return None


def _detected(sample: str) -> tuple[str | None, bool]:
    if not sample.strip():
        return None, False
    try:
        reliable, size, found = pycld2.detect(
            sample.encode("utf-8", "ignore"), isPlainText=True, bestEffort=True
        )
    except pycld2.error:
        return None, False
    code, share = found[0][1], found[0][2]
    if code == "un":
        return None, False
    return tag(code), bool(reliable) and size >= _ENOUGH and share >= 80  # noqa: PLR2004 - percent
