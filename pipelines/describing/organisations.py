"""Desks, agencies and publishers told from people."""

import re
from collections.abc import Iterable

from pipelines.describing.wording import fold

_WORDS = re.compile(
    r"\b(?:staff|team|editors?|editorial|newsroom|desk|news|press|agency|inc|llc|ltd|gmbh|ag|media|magazine|online|redaktion|redacci[oó]n"
    r"|r[eé]daction|redazione|redactie|redakcja|reuters|afp|dpa|apa|sda|ansa|efe|associated press|bloomberg|times|journal|post|gazette|center"
    r"|centre|institute|university|association|foundation|company|corporation|group|studios?|contributors?|correspondents?|community|club|blog)\b"
    r"|\.(?:com|net|org|de|co|jp|cn|kr|tr|io|tv)\b"
    r"|編集部|編集室|新聞|通信|放送|オンライン|ニュース|株式会社|事務局|協会|共同$|時事$|社説|プレス|公式|運営|広報|編輯部|编辑部"
    r"|网$|網$|报$|報$|社$|新闻|新聞|频道|頻道|科技$|中心$|日报|晚报|时报|台$|公司|支部|综合|뉴스|신문|일보|방송|통신|닷컴|블로그|편집부|경제$|미디어|저널|팀$",
    re.IGNORECASE,
)


_HANGUL = re.compile(r"[가-힣\s]+")
_SURNAMES = frozenset(
    "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구나민진지엄채원천방공현함변염여추도소석선설마길연위표명기반"
    "라왕금옥육인맹제모탁국어은편용봉사부가복태목형피두감음빈동온호범좌팽승간상시갈단견당"
)
_LONGEST_KOREAN = 4  # syllables of a Korean name


def is_organisation(name: str, sites: Iterable[str]) -> bool:
    """Whether a name is a desk's, an agency's or the site's own rather than a person's.

    >>> [
    ...     is_organisation(name, ["The Coin"])
    ...     for name in ("Ann Lee", "The Coin", "News Desk", "山田太郎", "ウェブ編集部")
    ... ]
    [False, True, True, False, True]
    """
    folded = fold(name)
    if _HANGUL.fullmatch(name) and (folded[0] not in _SURNAMES or len(folded) > _LONGEST_KOREAN):
        return True
    return bool(_WORDS.search(name)) or any(folded == fold(site) for site in sites)
