"""The language of the text: what the page says where it can be believed, the script, then statistics."""

import re
from collections.abc import Iterable

import pycld2

from pipelines.describing.markup import Claim

_TAG = re.compile(r"^([a-zA-Z]{2,3})(?:[-_]([a-zA-Z]{4}))?(?:[-_]([a-zA-Z]{2}|\d{3}))?(?:[-_.].*)?$")
_KANA = re.compile(r"[\u3041-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7af]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LETTER = re.compile(r"[^\W\d_]")
# The same words in both scripts, character by character.
_TRADITIONAL = "這個們來為時國說會對學過還沒後發經將與實業點當種樣從開關間應聯線體動處報網產數記區黨總統議選擇變讓題問幣漲價錢銀術資訊"
_SIMPLIFIED = "这个们来为时国说会对学过还没后发经将与实业点当种样从开关间应联线体动处报网产数记区党总统议选择变让题问币涨价钱银术资讯"
_SAMPLE = 4_000  # characters that are looked at
_BRIEF = 60  # characters; a longer Japanese text has kana
_SHARE = 0.3  # of the letters: those of a script that tell its language
_KANA_SHARE = 0.05  # of the Han characters: kana that tell Japanese from Chinese with a Japanese name in it
_ENOUGH = 200  # bytes of text pycld2 needs to overrule a page's own word


def tag(raw: str) -> str:
    """A BCP 47 tag of language and, for Chinese, script; an empty string if it is none.

    >>> tag("ja_JP"), tag("en-US"), tag("zh-TW"), tag("zh-CN"), tag("utf-8")
    ('ja', 'en', 'zh-Hant', 'zh-Hans', '')
    """
    match = _TAG.match(raw.strip())
    if not match:
        return ""
    language, script, region = match[1].lower(), (match[2] or "").title(), (match[3] or "").upper()
    language = {
        "jp": "ja",
        "kr": "ko",
        "cn": "zh",
        "ua": "uk",
        "cz": "cs",
        "gr": "el",
        "in": "id",
        "iw": "he",
    }.get(language, language)
    if language != "zh":
        return language if language not in {"utf", "und", "mul", "xx"} else ""
    if script in {"Hans", "Hant"}:
        return f"zh-{script}"
    if region in {"TW", "HK", "MO"}:
        return "zh-Hant"
    return "zh-Hans" if region in {"CN", "SG"} else "zh"


def language(text: str, claims: Iterable[Claim]) -> Claim:
    """The language of a text and who said so; two empty strings if nobody can tell.

    Args:
        text: of the article, or its headline; may be empty.
        claims: what page and feed say, the most trustworthy first.

    >>> language("ビットコインが上昇した。", [("en", "html")])
    ('ja', 'script')
    >>> language("比特币价格在周一上涨，这是今年以来的最高点。", [("zh", "html")])
    ('zh-Hans', 'script')
    >>> language("", [("", "html"), ("de-AT", "feed")])
    ('de', 'feed')
    """
    claimed, origin = next(((code, who) for raw, who in claims if (code := tag(raw))), ("", ""))
    sample = text[:_SAMPLE]
    written = _by_script(sample)
    if written == "zh" and claimed == "ja" and len(sample) < _BRIEF:
        return claimed, origin  # a headline in kanji alone
    if written:
        more = len(written) > len(claimed) or not claimed.startswith(written)
        return (written, "script") if more else (claimed, origin)
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


def _by_script(sample: str) -> str:
    """Japanese, Korean or Chinese by the characters it is written in; an empty string for others."""
    letters = len(_LETTER.findall(sample))
    kana, hangul, han = (len(kind.findall(sample)) for kind in (_KANA, _HANGUL, _HAN))
    if hangul > letters * _SHARE:
        return "ko"
    if kana + han <= letters * _SHARE:
        return ""
    return "ja" if kana > han * _KANA_SHARE else _chinese(sample)


def _chinese(sample: str) -> str:
    traditional, simplified = (sum(map(sample.count, kind)) for kind in (_TRADITIONAL, _SIMPLIFIED))
    if traditional > 2 * simplified:
        return "zh-Hant"
    return "zh-Hans" if simplified > 2 * traditional else "zh"


def _detected(sample: str) -> tuple[str, bool]:
    if not sample.strip():
        return "", False
    try:
        reliable, size, found = pycld2.detect(
            sample.encode("utf-8", "ignore"), isPlainText=True, bestEffort=True
        )
    except pycld2.error:
        return "", False
    code, share = found[0][1], found[0][2]
    if code == "un":
        return "", False
    return tag(code), bool(reliable) and size >= _ENOUGH and share >= 80  # noqa: PLR2004 - percent
