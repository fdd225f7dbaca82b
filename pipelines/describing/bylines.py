"""Bylines that a reader sees: in elements marked as such, near the headline, in a report's first words."""

import re
from collections.abc import Iterable, Sequence

from lxml import etree
from lxml.html import HtmlElement

from pipelines.describing.markup import chunks
from pipelines.describing.organisations import is_organisation
from pipelines.describing.people import is_label, is_role, people
from pipelines.describing.surnames import CHINESE
from pipelines.describing.wording import tidy

# By attribute, not by element: half the time.
_MARKED = etree.XPath(
    "//@class[contains(., 'uthor') or contains(., 'yline') or contains(., 'writer') or contains(., 'eporter')"
    " or contains(., 'contributor')]/.. | //@rel[. = 'author']/.. | //@itemprop[. = 'author']/.."
)
# Where other people are named: readers who comment, authors of other articles, photographers.
_NOT_HERE = re.compile(
    r"(?:[a-z]+-)?(?:comments?|related|recommend\w*|photos?|caption|figure|popular|trending|prev\w*|next|recent)(?:$|[-_])"
    r"|(?:sidebar|widget|footer|more)(?:$|[-_])|(?:site|page|main)-footer"
)
_WHOLES = frozenset({"html", "body", "main", "article"})
_PICTURE = re.compile(r"avatar|image|photo|picture|comment|thumb")
_LEVELS = 5  # an element and its ancestors that are asked where it stands
_UNCERTAIN = re.compile(
    r"bio|about|detail|desc|info|card|title|role|position|job|date|time|credit|social|share"
)
_MOST = 40  # marked elements that are looked at
_LONGEST = 160  # characters of a chunk
_ONLY_JOINT = re.compile(r"^(?:,|and|&|und|et|y|、|/|·|, and|with|,\s*and)$", re.IGNORECASE)
_JOINED = re.compile(r"(?:,|\band|&|\bund|、|\bwith)\s*$", re.IGNORECASE)
_INITIALS = re.compile(r"[A-Z]{2}")  # what stands where a picture is missing
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
    r"[!?。！？:：;…%#]|\b(?:the|this|your|our|you|we|how|what|why|when|share|sign|read|more|min|ago|comments?|subscribe|follow|newsletter"
    r"|cookies?|privacy|updated|published|posted|minutes?|connect|contents|archive|menu|skip|facebook|twitter|instagram|linkedin|whatsapp|youtube|email|modified|mins?|size|bio|spotlight|posts|beiträge|autoreninfo|i'm)\b|ログイン|会員|登録|一覧|記事|ランキング|コメント|关注|登录|评论|来源|구독|댓글",
    re.IGNORECASE,
)
_BESIDE = 10  # chunks after the headline in which a name beside a date is believed
_DAY = re.compile(
    r"(?:(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?|\d{1,2}(?:st|nd|rd|th)?\.?[ -][^\W\d_]{3,9}\.?,?[ -](?:19|20)\d\d"
    r"|[^\W\d_]{3,9}\.?[ -]\d{1,2}(?:st|nd|rd|th)?,?[ -](?:19|20)\d\d|\d{1,2}[./]\d{1,2}[./](?:19|20)\d\d)(?:\s+\d{1,2}:\d\d)?"
)
_NEAR = 60  # chunks after the headline in which a byline is believed
_BY_CHUNK = re.compile(
    r"^(?:(?:Written |Posted |Story |Words |Reported )?[Bb]y|BY|Von|Par|Por|Text|Text:|Di)\s*:?\s*(?=[A-ZÀ-Þ]|$)"
)
_LABELLED = re.compile(
    r"^(?:【|\[|（)?\s*(?:\S{0,12}?)(?:取材・文|文・写真|写真・文|著者|筆者|執筆者?|ライター|文責|撰文|撰稿|作者|专栏作者|文|记者|TEXT|Text)"
    r"\s*[:：／/●＝=|丨｜]\s*(.{2,30}?)\s*(?:】|\]|）)?$"
)
_DATELINE = re.compile(r"^\s*[【\[［]\s*[^】\]］=＝]{1,12}[=＝]\s*([^】\]］]{2,12})[】\]］]")
_JAPANESE = re.compile(
    r"^[（(]?([\u3400-\u9fff]{1,4}[\s\u3000]?[\u3040-\u30ff\u3400-\u9fff]{1,4})\s?(?:記者|特派員)[）)]?$"
)
_KOREAN = re.compile(
    r"(?:^|[\s\]=|/·,(])([가-힣]{2,4})\s?(?:인턴|선임|수습|전문|객원|논설|온라인|스포츠)?\s?(?:기자|특파원|에디터)(?=$|[\s=|·,()\[\]@a-z])"
)
_KOREAN_AFTER = re.compile(r"(?:^|\s)(?:에디터|기자|글)\s([가-힣]{2,4})$")
_NAMES = r"[\u3400-\u9fff·]{2,4}(?:[\s\u3000、,，]+[\u3400-\u9fff·]{2,3}){0,3}"
_CHINESE = (
    re.compile(
        rf"[（(【][^（(）)】]{{0,12}}?(?:记者|記者|作者|通讯员|文/)\s*[:：]?\s*({_NAMES})[^（(）)】]{{0,8}}[）)】]"
    ),
    re.compile(rf"^[^\s:：]{{0,8}}(?:记者|記者)\s*[:：]?\s+?({_NAMES})$"),
    re.compile(rf"[。！？”]\s*[（(](?:记者|記者|作者)?\s*({_NAMES})[）)]$"),
)


def marked(root: HtmlElement, *, sure: bool) -> tuple[str, ...]:
    """The names in the elements that are marked as an author or a byline, the surest mark first."""
    ranked: list[tuple[int, int, HtmlElement]] = []
    for place, element in enumerate(_MARKED(root)[:_MOST]):
        rank = _rank(element)
        if rank is not None:
            ranked.append((rank, place, element))
    for rank, _, element in sorted(ranked, key=lambda item: item[:2]):
        if sure and rank > 1:
            break
        names = byline(chunks(element))
        if names and (rank == 0 or not sure or all(_is_full(name) for name in names)):
            return names
    return ()


def _rank(element: HtmlElement) -> int | None:
    marks = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}".lower()
    if element.tag in _WHOLES or _PICTURE.search(marks):
        return None
    teaser = False
    for parent in [element, *element.iterancestors()][:_LEVELS]:
        if parent.tag in {"aside", "nav"}:
            return None
        if parent.tag not in _WHOLES and any(
            _NOT_HERE.match(mark)
            for mark in f"{parent.get('class') or ''} {parent.get('id') or ''}".lower().split()
        ):
            return None
        teaser = teaser or (parent.tag not in _WHOLES and "teaser" in (parent.get("class") or "").lower())
    if teaser:
        return 3
    if element.get("rel") == "author" or element.get("itemprop") in {"author", "name"}:
        return 0
    return 2 if _UNCERTAIN.search(marks) else 1


def byline(parts: Sequence[str]) -> tuple[str, ...]:
    """The names among the text chunks of a byline; its labels, roles and dates are left.

    >>> byline(["By", "Ann Lee", "and", "Bo Chan", "Senior Writer", "April 7, 2023"])
    ('Ann Lee', 'Bo Chan')
    >>> byline(["Share this article with your friends!"])
    ()
    """
    found: list[str] = []
    joined = False
    for part in parts[:12]:
        chunk = tidy(part)
        if _ONLY_JOINT.match(chunk) or is_label(chunk):
            joined = bool(found)
            continue
        if found and not joined:
            break
        if len(chunk) > _LONGEST or _INITIALS.fullmatch(chunk):
            continue
        names = [name for name in people(chunk) if is_name(name)]
        if found and (not names or is_role(chunk)):
            break
        found += names
        joined = bool(_JOINED.search(chunk))
    return tuple(dict.fromkeys(found))


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


def _is_full(name: str) -> bool:
    """Whether a name has a first and a last part, or is written in characters."""
    return bool(_CJK.search(name)) or " " in name


def _is_full_name(name: str) -> bool:
    """Whether a text that nothing marks as a name is one for sure: two to four words, each with a capital."""
    if _CJK.search(name):
        chinese = name[0] in CHINESE and not _KANA.search(name)
        return 2 <= len(name) <= 4 and (chinese or bool(_HANGUL.fullmatch(name)))  # noqa: PLR2004
    words = name.split()
    return 2 <= len(words) <= 4 and words[0][0].isupper() and words[-1][0].isupper()  # noqa: PLR2004


def visible(lines: Sequence[str], sites: Iterable[str]) -> tuple[str, ...]:
    """The names of people that a report itself gives, beside its headline or in its first or last words.

    Args:
        lines: the page's visible text from its headline on, one chunk each.
        sites: names the site goes by; they are nobody's.

    >>> visible(["見出し", "【ソウル＝山田太郎】大統領は"], ())
    ('山田太郎',)
    >>> visible(["제목", "[서울=어느뉴스]김철수 인턴 기자 = 어제"], ())
    ('김철수',)
    >>> visible(["标题", "某社巴黎12月9日电（记者李明）罢工"], ())
    ('李明',)
    >>> visible(["Headline", "By", "Ann Lee", "Tuesday"], ())
    ('Ann Lee',)
    """
    known = tuple(sites)
    near = [tidy(line) for line in lines[:_NEAR]]
    for place, line in enumerate(near):
        names: tuple[str, ...] = ()
        if len(line) <= _LONGEST and _BY_CHUNK.match(line):
            names = byline(near[place : place + 6])
        elif len(line) <= 50 and (match := _LABELLED.match(line)):  # noqa: PLR2004 - a byline, no sentence
            names = tuple(name for name in people(match[1]) if is_name(name))
        names = tuple(name for name in names if not is_organisation(name, known))
        if names:
            return names
    for line in lines[:400]:
        if names := _reported(line.strip(), known):
            return names
    for place, line in enumerate(near[1:_BESIDE], start=1):
        if names := _beside_date(near[place - 1], line, near[place + 1] if place + 1 < len(near) else ""):
            names = tuple(name for name in names if not is_organisation(name, known))
            if names:
                return names
    return ()


def _beside_date(before: str, line: str, after: str) -> tuple[str, ...]:
    """The name that shares a line with a date, or stands alone before or after one."""
    if len(line) > 60:  # noqa: PLR2004 - a byline, no sentence
        return ()
    rest = _DAY.sub("", line, count=1)
    if rest == line and not (_DAY.search(before[:60]) or _DAY.search(after[:60])):
        return ()
    names = people(rest)
    return names if names and all(is_name(name) and _is_full_name(name) for name in names) else ()


def _reported(line: str, known: tuple[str, ...]) -> tuple[str, ...]:
    if not _CJK.search(line[:60]) and not _CJK.search(line[-12:]):
        return ()
    for pattern in (_DATELINE, _JAPANESE, _KOREAN, _KOREAN_AFTER):
        if match := pattern.search(line[:120]):
            names = tuple(name for name in people(match[1]) if not is_organisation(name, known))
            if names:
                return names
    for place, pattern in enumerate(_CHINESE):
        match = pattern.search(line[-40:] if place else line[:200])
        if match:
            names = tuple(name for name in re.split(r"[\s\u3000、,，]+", match[1]) if name[0] in CHINESE)
            if names and not any(is_organisation(name, known) for name in names):
                return names
    return ()
