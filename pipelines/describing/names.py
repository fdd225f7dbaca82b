"""Whether a text that stands where a name is expected is one."""

import re

from pipelines.describing.surnames import CHINESE

_PARTICLES = frozenset(
    [
        "de",
        "da",
        "do",
        "dos",
        "das",
        "del",
        "della",
        "di",
        "la",
        "le",
        "van",
        "von",
        "der",
        "den",
        "ten",
        "ter",
        "bin",
        "ibn",
        "al",
        "el",
        "y",
        "e",
        "zu",
        "st",
        "of",
        "the",
    ]
)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_HANGUL = re.compile(r"[가-힣]+")
_NO_NAME = re.compile(
    r"[!?。！？:：;…%#©]|\S\s+the\b|\b(?:this|your|our|you|we|how|what|why|when|share|sign|read|more|min|ago|comments?|subscribe|follow|newsletter"
    r"|cookies?|privacy|updated|published|posted|minutes?|connect|contents|archive|menu|skip|insights|category|guides?|here|facebook|twitter|instagram|linkedin|whatsapp|youtube|email|modified|mins?|size|bio|spotlight|posts|beiträge|autoreninfo|i'm|filed|image|enlarge|as of|[ap]m|est|edt|pst|gmt|utc|güncelleme)\b|ログイン|会員|登録|一覧|記事|ランキング|コメント|关注|登录|评论|来源|구독|댓글|[摄攝]$|오전|오후|기사|원문|时间|時間|通[讯訊][员員]|[记記]者|[实實][习習]生",
    re.IGNORECASE,
)


def is_name(name: str) -> bool:
    """Whether a text that stands where a name is expected can be one.

    >>> [
    ...     is_name(text)
    ...     for text in ("Ann van der Lee", "Sign in to comment", "山田太郎", "kim", "記事一覧を見る")
    ... ]
    [True, False, True, True, False]
    """
    if _NO_NAME.search(name):
        return False
    if _CJK.search(name):
        return 2 <= len(name) <= 24  # noqa: PLR2004
    words = name.split()
    if not 1 <= len(words) <= 6:  # noqa: PLR2004
        return False
    return len(words) == 1 or all(
        word[0].isupper() or word.lower() in _PARTICLES or not word[0].isalpha() for word in words
    )


def has_two_parts(name: str) -> bool:
    """Whether a name has a first and a last part, or is written in characters."""
    return bool(_CJK.search(name)) or " " in name


def is_full_name(name: str, *, chinese: bool = False) -> bool:
    """Whether a text that nothing marks as a name is one for sure: two to four words, each with a capital."""
    if _CJK.search(name):
        surname = chinese and name[0] in CHINESE and not _KANA.search(name)
        return 2 <= len(name) <= 4 and (surname or bool(_HANGUL.fullmatch(name)))  # noqa: PLR2004
    words = name.split()
    return 2 <= len(words) <= 4 and words[0][0].isupper() and words[-1][0].isupper()  # noqa: PLR2004
