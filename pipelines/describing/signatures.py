"""The names that a report signs itself with: beside its headline, in its first words, in its last."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from pipelines.describing.bylines import byline
from pipelines.describing.languages import is_chinese
from pipelines.describing.names import is_full_name, is_name
from pipelines.describing.organisations import is_organisation
from pipelines.describing.people import people
from pipelines.describing.surnames import CHINESE
from pipelines.describing.wording import tidy

_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_DAY = re.compile(
    r"(?:(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?|\d{1,2}(?:st|nd|rd|th)?\.?[ -][^\W\d_]{3,9}\.?,?[ -](?:19|20)\d\d"
    r"|[^\W\d_]{3,9}\.?[ -]\d{1,2}(?:st|nd|rd|th)?,?[ -](?:19|20)\d\d|\d{1,2}[./]\d{1,2}[./](?:19|20)\d\d)(?:\s+\d{1,2}:\d\d)?"
)
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
_KOREAN_AFTER = re.compile(r"(?:^|\s)(?:에디터|글)\s([가-힣]{3})$")
_NAMES = r"[\u3400-\u9fff·]{2,4}(?:[\s\u3000、,，]+[\u3400-\u9fff·]{2,3}){0,3}"
_CHINESE = (
    re.compile(
        rf"[（(【][^（(）)】]{{0,12}}?(?:记者|記者|作者|通讯员|文/)\s*[:：]?\s*({_NAMES})[^（(）)】]{{0,8}}[）)】]"
    ),
    re.compile(rf"^[^\s:：]{{0,8}}(?:记者|記者)\s*[:：]?\s+?({_NAMES})$"),
    re.compile(rf"[。！？”]\s*[（(](?:记者|記者|作者)?\s*({_NAMES})[）)]$"),
)


_NEAR, _BEFORE, _BESIDE = 60, 3, 10  # chunks in which a byline is believed, or a name beside a date
_FAR = 400  # chunks in which a report names its reporter
_LINE = 60  # characters of a byline; longer ones are sentences


def signed(lines: Sequence[str], headline: int, sites: Iterable[str]) -> tuple[str, ...]:
    """The names of people that a report itself gives, in their order; empty where it gives none.

    Args:
        lines: the page's visible text, one chunk each.
        headline: which of them is the headline.
        sites: names the site goes by; they are nobody's.

    >>> signed(["見出し", "【ソウル＝山田太郎】大統領は"], 0, ())
    ('山田太郎',)
    >>> signed(["제목", "[서울=어느뉴스]김철수 인턴 기자 = 어제"], 0, ())
    ('김철수',)
    >>> signed(["标题", "某社巴黎12月9日电（记者李明）罢工"], 0, ())
    ('李明',)
    >>> signed(["Headline", "By", "Ann Lee", "Tuesday"], 0, ())
    ('Ann Lee',)
    """
    known = tuple(sites)
    near = [tidy(line) for line in lines[headline : headline + _NEAR]]
    beside = [tidy(line) for line in lines[max(0, headline - _BEFORE) : headline + _BESIDE]]
    title = near[0] if near else ""
    candidates = chain(
        (_labelled(near, place) for place in range(len(near))),
        (names for line in lines[headline : headline + _FAR] for names in _reported(line.strip())),
        (
            _beside_date(beside, place, chinese=is_chinese(title))
            for place in range(len(beside))
            if beside[place] not in title
        ),
    )
    for names in candidates:
        if people_only := tuple(name for name in names if not is_organisation(name, known)):
            return people_only
    return ()


def _labelled(near: Sequence[str], place: int) -> tuple[str, ...]:
    """The names behind a "By" or another label, in one chunk or the next ones."""
    line = near[place]
    if _BY_CHUNK.match(line):
        names = byline(near[place : place + 6])
        return names if place < _BESIDE or all(is_full_name(name) for name in names) else ()
    match = _LABELLED.match(line) if len(line) <= _LINE else None
    return tuple(name for name in people(match[1]) if is_name(name)) if match else ()


def _beside_date(lines: Sequence[str], place: int, *, chinese: bool) -> tuple[str, ...]:
    """The name that shares a line with a date, or stands alone before or after one."""
    line = lines[place]
    if len(line) > _LINE:
        return ()
    rest = _DAY.sub("", line, count=1)
    around = (*lines[max(0, place - 1) : place], *lines[place + 1 : place + 2])
    if rest == line and not any(_DAY.search(other[:_LINE]) for other in around):
        return ()
    names = people(rest)
    return names if all(is_name(name) and is_full_name(name, chinese=chinese) for name in names) else ()


def _reported(line: str) -> Iterator[tuple[str, ...]]:
    """The reporter in the dateline, the first or the last words of a paragraph."""
    if line.isascii() or not (_CJK.search(line[:_LINE]) or _CJK.search(line[-12:])):
        return
    for pattern in (_DATELINE, _JAPANESE, _KOREAN_AFTER, _KOREAN):
        if match := pattern.search(line[:120]):
            yield people(match[1])
    for place, pattern in enumerate(_CHINESE):
        if match := pattern.search(line[-40:] if place else line[:200]):
            names = re.split(r"[\s\u3000、,，]+", match[1])
            yield tuple(name for name in names if name[0] in CHINESE)
