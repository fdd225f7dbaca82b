"""The names that a report signs itself with: beside its headline, in its first words, in its last."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise, takewhile

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
    r"^(?:(?:(?:This \w+(?: \w+)? was )?[Ww]ritten |Article |Posted |Story |Words |Reported )?[Bb]y|BY|Von|Par|Por|Di|(?:[Vv]erfasst|[Gg]eschrieben|(?:Eine? )?(?:Kolumne|Interview|Kommentar|Gastbeitrag)) von|Text(?=\s*(?::|$)))\s*:?\s*"
    r"(?=[A-ZÀ-Þ\u3040-\u9fff]|the [A-Z]|$)"
)
_SMALL = re.compile(r"^(?:von|par|por)(?:\s+(?=[A-ZÀ-Þ])|$)")  # within a sentence as often as not
_WRITTEN = re.compile(r"^(?:(?:This \w+(?: \w+)? was )?[Ww]ritten|Article) [Bb]y\s*:?\s*(?=[A-ZÀ-Þ]|$)")
_AUTHOR = re.compile(
    r"^(?:(?:About (?:the|our) )?(?:Authors?|AUTHORS?|authors?)|Autor(?:in|en)?|Auteure?)\s*:?$"
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
# Lazy, up to what ends a name: without that a name swallows the first character of the next word.
_HAN_NAME = r"[\u3400-\u9fff·]{2,4}?(?=[\s，,、；;:：/／╱）)】〕\]]|$|通[讯訊][员員]|[实實][习習]生|[报報][道导導]|[文图圖])"
_ROLES = r"(?:[记記]者|通[讯訊][员員]|[实實][习習]生)?"
_NAMES = rf"{_HAN_NAME}(?:[\s、,，]*{_ROLES}[\s、,，]*{_HAN_NAME}){{0,5}}"
_INITIALS = re.compile(r"[A-Z]{2,4}")
_ROLE_ALONE = re.compile(r"作者|著者|筆者|執筆者|ライター|글쓴이|저자|Author|Autor(?:in)?|Auteure?")
_HAN_WORDS = re.compile(r"[\u3400-\u9fff]{5,}")  # no Chinese name is as long
_BETWEEN = re.compile(rf"[\s、,，]+{_ROLES}[\s、,，]*|[记記]者|通[讯訊][员員]|[实實][习習]生")
_CHINESE = (
    re.compile(
        rf"[（(【〔\[][^（(）)】〕\]]{{0,12}}?(?:[记記]者|作者|通[讯訊][员員]|文/)\s*[:：]?\s*({_NAMES})[^（(）)】〕\]]{{0,8}}[）)】〕\]]"
    ),
    re.compile(rf"^[^\s:：]{{0,8}}[记記]者\s*[:：]?\s+?({_NAMES})$"),
    re.compile(rf"^\s*[记記]者\s*({_NAMES})\s*[／/╱]\s*[\u3400-\u9fff]{{2,6}}[报報][道导導]"),
    re.compile(rf"[。！？”]\s*[（(](?:[记記]者|作者)?\s*({_NAMES})[）)]$"),
)


_NEAR, _BEFORE, BESIDE = 60, 3, 10  # chunks in which a byline is believed, or a name beside a date
_APART = 6  # chunks between two authors with their pictures, at most
_FAR = 400  # chunks in which a report names its reporter
_FARTHEST = 1500  # chunks in which nobody but the author is "written by"
_SHORT = 20  # characters of a name that has a line of its own
_LINE = 60  # characters of a byline; longer ones are sentences


def signed(
    lines: Sequence[str], headline: int, sites: Iterable[str], *, desks: bool = False
) -> tuple[str, ...]:
    """The names that a report itself gives, in their order; empty where it gives none.

    Args:
        lines: the page's visible text, one chunk each.
        headline: which of them is the headline.
        sites: names the site goes by; they are no person's.
        desks: whether an organisation in a byline beside the headline counts where no person is named.

    >>> signed(["見出し", "【ソウル＝山田太郎】大統領は"], 0, ())
    ('山田太郎',)
    >>> signed(["제목", "[서울=어느뉴스]김철수 인턴 기자 = 어제"], 0, ())
    ('김철수',)
    >>> signed(["标题", "某社巴黎12月9日电（记者李明）罢工"], 0, ())
    ('李明',)
    >>> signed(["Headline", "By", "Ann Lee", "Tuesday"], 0, ())
    ('Ann Lee',)
    >>> signed(["Headline", "By the Coin Team"], 0, (), desks=True)
    ('the Coin Team',)
    """
    known = tuple(sites)
    near = [tidy(line) for line in lines[headline : headline + _NEAR]]
    beside = [tidy(line) for line in lines[max(0, headline - _BEFORE) : headline + BESIDE]]
    title = near[0] if near else ""
    chinese = is_chinese(title)
    labelled = [_labelled(near, place, chinese=chinese) for place in range(len(near))]
    candidates = chain(
        labelled,
        (names for line in lines[headline : headline + _FAR] for names in _reported(line.strip())),
        (
            _beside_date(beside, place, chinese=chinese)
            for place in range(len(beside))
            if beside[place] not in title
        ),
        (_above_label(beside, place, chinese=chinese) for place in range(len(beside) - 1)),
        (_after_small(near, place) for place in range(len(near))),
        _pictured([tidy(line) for line in lines[headline : headline + _FAR]]),
        (_credited(lines[headline : headline + _FARTHEST]),),
    )
    for names in candidates:
        if people_only := tuple(name for name in names if not is_organisation(name, known)):
            return people_only
    return next((names for names in labelled[:BESIDE] if names), ()) if desks else ()


def _pictured(lines: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The names beside initials that stand for a picture, up to the first that stands apart from the others."""
    names: list[str] = []
    last = 0
    for place, (line, name) in enumerate(pairwise(lines)):
        if not (_INITIALS.fullmatch(line) and is_full_name(name) and is_name(name)):
            continue
        if line == "".join(word[0] for word in name.split() if word[0].isupper()):
            if names and place - last > _APART:
                break
            names, last = [*names, name], place
    yield tuple(dict.fromkeys(names))


def _credited(lines: Sequence[str]) -> tuple[str, ...]:
    """Who is said to have written it far from the headline, where nobody else is said to have written anything."""
    found = set()
    for place, line in enumerate(lines):
        if _WRITTEN.match(line.lstrip()):
            names = byline(lines[place : place + 4])
            if names and all(is_full_name(name) for name in names):
                found.add(names)
    return found.pop() if len(found) == 1 else ()


def completed(lines: Sequence[str], name: str) -> str:
    """The full name of somebody whom data call by the first, where one line begins with it; else the name itself.

    >>> completed(["Headline", "Ann", "Ann Lee - writes about coins"], "Ann")
    'Ann Lee'
    >>> completed(["Ann Lee", "Ann Chan"], "Ann"), completed(["Ann went home"], "Ann")
    ('Ann', 'Ann')
    """
    begun = re.compile(
        rf"(?:\S.{{0,20}}\s(?:[Bb]y|von|par|por)\s+)?({re.escape(name)}\s[A-ZÀ-Þ][\w’'-]+)(?:$|\s*[-–—|,:]| is | ist )"
    )
    found = {match[1] for line in lines if (match := begun.match(tidy(line)))}
    return found.pop() if len(found) == 1 else name


def _above_label(lines: Sequence[str], place: int, *, chinese: bool) -> tuple[str, ...]:
    """The name that stands above what it is: 作者."""
    if not _ROLE_ALONE.fullmatch(lines[place + 1]) or len(lines[place]) > _SHORT:
        return ()
    names = people(lines[place])
    return (
        names
        if all(is_name(name) and (name.isascii() or is_full_name(name, chinese=chinese)) for name in names)
        else ()
    )


def _after_small(near: Sequence[str], place: int) -> tuple[str, ...]:
    """The full names behind a label in small letters."""
    line = near[place]
    if len(line) > _LINE or not _SMALL.match(line):
        return ()
    names = byline([_SMALL.sub("", line), *_lines(near[place + 1 : place + 4])])
    return names if all(is_full_name(name) for name in names) else ()


def _labelled(near: Sequence[str], place: int, *, chinese: bool) -> tuple[str, ...]:
    """The names behind a "By" or another label, in one chunk or the next ones, up to the first sentence."""
    line = near[place].lstrip("|│•·–- ")
    if _BY_CHUNK.match(line):
        alone = not _BY_CHUNK.sub("", line)
        names = byline([line, *_lines(near[place + 1 : place + 6])]) if alone or byline([line]) else ()
        full = tuple(name for name in names if is_full_name(name))
        return names if place < BESIDE else full if names[:1] == full[:1] else ()
    if _AUTHOR.match(line):
        names = byline(_lines(near[place + 1 : place + 4]))
        return names if all(is_full_name(name) for name in names) else ()
    match = _LABELLED.match(line) if len(line) <= _LINE else None
    names = tuple(name for name in people(match[1]) if is_name(name)) if match else ()
    return tuple(
        name for name in names if not (chinese and _HAN_WORDS.fullmatch(name)) or is_organisation(name, ())
    )


def _lines(parts: Sequence[str]) -> list[str]:
    """Those before the first that is too long for a byline."""
    return list(takewhile(lambda part: len(part) <= _LINE, parts))


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
        if match := pattern.search(line[-40:] if place == len(_CHINESE) - 1 else line[:200]):
            names = _BETWEEN.split(match[1])
            yield tuple(name for name in names if name and name[0] in CHINESE and is_name(name))
