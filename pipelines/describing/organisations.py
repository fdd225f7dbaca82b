"""Desks, agencies and publishers told from people."""

import re
from collections.abc import Iterable

from pipelines.describing.surnames import CHINESE, KOREAN
from pipelines.describing.wording import fold

_WORDS = re.compile(
    r"\b(?:staff|team|editors?|editorial|newsroom|desk|\w*news|press|podcast|radio|agency|inc|llc|ltd|gmbh|ag|media|magazine|online|redaktion|redacci[oó]n"
    r"|r[eé]daction|redazione|redactie|redakcja|reuters|afp|dpa|apa|sda|ansa|efe|xinhua|kyodo|jiji|yonhap|anadolu|ritzau|associated press|bloomberg|times|journal|post|gazette|center"
    r"|centre|institute|university|association|foundation|company|corporation|group|studios?|contributors?|correspondents?|community|club|blog|agencies|\w*polizei|police|feuerwehr|\w*ministerium|ministry)\b"
    r"|\.(?:com|net|org|de|co|jp|cn|kr|tr|io|tv)\b"
    r"|編集部|編集室|新聞|通信|放送|オンライン|ニュース|株式会社|事務局|協会|共同$|時事$|社説|プレス|公式|運営|広報|編輯部|编辑部"
    r"|网$|網$|报$|報$|社$|新闻|新聞|频道|頻道|科技$|中心$|日报|晚报|时报|台$|公司|支部|综合|^[经經][济濟]|^[财財][经經]|뉴스|신문|일보|방송|통신|닷컴|블로그|편집부|경제$|미디어|저널|팀$|부$",
    re.IGNORECASE,
)


_COMPANY = re.compile(r"\b(?:inc|llc|ltd|gmbh|corp)\b\.?$|株式会社|有限公司|\(주\)", re.IGNORECASE)
_HANGUL = re.compile(r"[가-힣\s]+")
_HAN = re.compile(r"[\u3400-\u9fff·]+")
_LONGEST_NAME = 4  # characters of a Korean or Chinese name


def is_organisation(name: str, sites: Iterable[str], *, chinese: bool = False) -> bool:
    """Whether a name is a desk's, an agency's or the site's own rather than a person's.

    Args:
        name: as written.
        sites: names the site goes by.
        chinese: whether it stands on a Chinese page, where a person's name begins with a surname.

    >>> [is_organisation(name, ["The Coin"]) for name in ("Ann Lee", "The Coin", "News Desk", "山田太郎")]
    [False, True, True, False]
    >>> (
    ...     is_organisation("뉴스통", ()),
    ...     is_organisation("김철수", ()),
    ...     is_organisation("科技圈", (), chinese=True),
    ... )
    (True, False, True)
    >>> is_organisation("chinanews", ()), is_organisation("The Evening Podcast", ())
    (True, True)
    """
    folded = fold(name)
    if _HANGUL.fullmatch(name) and (folded[0] not in KOREAN or len(folded) > _LONGEST_NAME):
        return True
    if chinese and _HAN.fullmatch(name) and (folded[0] not in CHINESE or len(folded) > _LONGEST_NAME):
        return True
    return bool(_WORDS.search(name)) or any(folded == fold(site) for site in sites)


def is_company(name: str) -> bool:
    """Whether a name says of itself that it is a company's.

    >>> is_company("Media Genius Inc"), is_company("Ann Lee")
    (True, False)
    """
    return bool(_COMPANY.search(name))
