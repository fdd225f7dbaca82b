"""Dates that a reader sees, or that a page's scripts carry, where no data tells them."""

import re
from collections.abc import Sequence
from datetime import date
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipelines.describing.datings import UPDATING, Calendar
from pipelines.describing.wording import tidy
from pressclip import dates

_IN_URL = re.compile(r"(?:^|[/_=-])((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?![0-9])")
_IN_URL_DAY_FIRST = re.compile(r"(?:^|[/_=-])(\d\d[.-]\d\d[.-](?:19|20)\d\d)(?![0-9])")
_IN_URL_NAMED = re.compile(r"/((?:19|20)\d\d/[a-z]{3,9}/\d\d?)(?=/)")
_VALUE = re.compile(r"""[:=]\s*["']((?:19|20)\d\d[-/.]\d\d?[-/.]\d\d?[^"']{0,20})["']""")
_KEY = re.compile(
    r"""(?:\b|_)(?:pub_?(?:lish(?:ed)?)?_?(?:time|date|at|on)|ptime|date_?published|first_?publish(?:ed)?(?:_?(?:date|time|at))?
    |news_?time|issue_?date)["']?\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
_WORD = r"[^\W\d_]{3,10}"
#: A day of this century or the last, as many languages write it.
DAY = (
    r"(?:(?:19|20)\d\d\s*(?:[-/.]|年|년)\s*\d{1,2}\s*(?:[-/.]|月|월)\s*\d{1,2}(?!\d)(?:\s*[日일号])?"
    r"|(?:令和|平成)\s*(?:\d{1,2}|元)\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th|er|º)?\.?[\s/-]+(?:de\s+)?{_WORD}\.?,?[\s/-]+(?:de\s+)?(?:19|20)\d\d\b"
    rf"|\b{_WORD}\.?[\s-]+\d{{1,2}}(?:st|nd|rd|th)?,?[\s-]+(?:19|20)\d\d\b"
    r"|\b\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d\b)"
)
_CLOCK = (
    r"(?:[\s,T・]*(?:[（(]\w+[)）])?\s*(?:at|um|à|午前|午後|上午|下午|오전|오후)?\s*\d{1,2}(?:[:：]\d\d(?:[:：]\d\d)?|時\d{1,2}分?|시\s?\d{1,2}분?)"
    r"(?:\s?[ap]\.?m\b\.?)?(?:\s?(?:[A-Z]{2,4}\b|[+-]\d\d:?\d\d))?)?"
)
_DATE = re.compile(DAY + _CLOCK + r"(?![日にのはがをで])")
#: What every date with a year in it has.
YEAR = re.compile(r"(?:19|20)\d\d|令和|平成")
_OTHERS = re.compile(
    r"©|\(c\)|copyright|all rights|次の|前の|上一篇|下一篇|이전|다음|\bnext\b|previous|\bborn\b|expires|deadline",
    re.IGNORECASE,
)
_PUBLISHING = re.compile(
    r"publi|posted|(?<!up)date(?!d)|created|erstellt|veröffentlicht|公開|掲載|配信|投稿|発表|日付|发布|發布|发表|時間|时间|日期|입력|등록|작성|승인|опублик",
    re.IGNORECASE,
)
_AFTER, _BEFORE = 40, 12  # chunks after and before the headline whose dates are believed to be the article's
_BESIDE = 6  # chunks on both sides that are looked at first, the nearest first
_FAR, _LABELLED = 400, 50  # chunks after it, and characters of one, whose date is believed if need be
_LONGEST = 120  # characters of a chunk; longer ones are sentences, which speak of other days
_SCRIPT = 300_000  # characters of one script that are searched
_REDATED = 2  # days; a page that was mended a day later is not published anew
AROUND = 20  # chunks after the headline in which the day that data claims would be shown
_ABOVE, _ALONE = 2, 15  # chunks above a headline, and characters around a date that stands alone
_LABEL = 30  # characters of a chunk that may be the label of the next


def shown(lines: Sequence[str], headline: int, calendar: Calendar) -> tuple[str, str]:
    """The date that a reader sees beside the headline, and that of an update; empty strings where there is none.

    Args:
        lines: the page's visible text, one chunk each.
        headline: which of them is the headline.
        calendar: reads the dates.

    >>> shown(["見出し", "公開日：2024年3月25日 10:30", "更新日：2024年3月26日"], 0, Calendar())
    ('2024年3月25日 10:30', '2024年3月26日')
    >>> shown(["Headline", "Updated", "March 5, 2024", "© 2026 Us"], 0, Calendar())
    ('', 'March 5, 2024')
    """
    first = last = ""
    near = (
        headline,
        *(place for step in range(1, _BESIDE) for place in (headline + step, headline - step)),
        *range(headline + _BESIDE, headline + _AFTER),
        *range(headline - _BESIDE, headline - _BEFORE, -1),
    )
    for place in near:
        for raw, updating in _dates_at(lines, place, calendar):
            if updating:
                last = last or raw
            else:
                first = first or raw
        if first and (last or place > headline + _BESIDE):
            break
    return first, last


def _dates_at(lines: Sequence[str], place: int, calendar: Calendar) -> list[tuple[str, bool]]:
    """The dates of one chunk, and whether each is called an update."""
    if not 0 <= place < len(lines) or not YEAR.search(lines[place]):
        return []
    line = tidy(lines[place])
    if len(line) > _LONGEST or _OTHERS.search(line):
        return []
    before = tidy(lines[place - 1]) if place and len(lines[place - 1]) < _LABEL else ""
    found: list[tuple[str, bool]] = []
    end = 0
    for match in _DATE.finditer(line):
        own, end = line[end : match.start()], match.end()
        label = own if own.strip(" :：|") else before + own
        if calendar.read(match.group()):
            found.append((match.group(), bool(UPDATING.search(label) and not _PUBLISHING.search(label))))
    return found


def is_redated(first: str, last: str) -> bool:
    """Whether data claims an update so long after the publication that the page may show only that.

    >>> (
    ...     is_redated("2024-03-25", "2024-05-01"),
    ...     is_redated("2024-03-25", "2024-03-26"),
    ...     is_redated("", "2024-05-01"),
    ... )
    (True, False, False)
    """
    published, updated = dates.local_day(first), dates.local_day(last)
    return bool(published and updated) and _days(str(published), str(updated)) >= _REDATED


def _days(one: str, other: str) -> int:
    return (date.fromisoformat(other) - date.fromisoformat(one)).days


def redated(lines: Sequence[str], headline: int, first: str, last: str, calendar: Calendar) -> str:
    """The day of the update as the page shows it, where it shows that as its only date and does not say updated.

    >>> redated(["Headline", "May 1, 2024"], 0, "2024-03-25", "2024-05-01", Calendar())
    'May 1, 2024'
    >>> redated(["Headline", "Updated May 1, 2024"], 0, "2024-03-25", "2024-05-01", Calendar())
    ''
    """
    published, updated = dates.local_day(first), dates.local_day(last)
    found = ""
    for place in range(headline - _BEFORE, headline + _AFTER):
        for raw, updating in _dates_at(lines, place, calendar):
            day = dates.local_day(raw)
            if day == published or (updating and day == updated):
                return ""
            if day == updated:
                found = found or raw
    return found


def beside(lines: Sequence[str], headline: int, first: str, last: str, calendar: Calendar) -> str:
    """The day that a page shows right beside its headline as its publication, where data claims another.

    Data often tells when a page was moved to another system. A day before or after is the same one in another zone;
    one above the headline that is later than the data's may be today's.

    >>> beside(["Headline", "By Ann Lee", "Dec 30, 2013"], 0, "2024-08-07T12:01:51Z", "", Calendar())
    'Dec 30, 2013'
    >>> beside(["Headline", "Dec 30, 2013", "Updated: Aug 7, 2024"], 0, "2024-08-07", "", Calendar())
    ''
    """
    published, updated = dates.local_day(first), dates.local_day(last)
    found = ""
    for place in range(headline - _BESIDE, headline + AROUND):
        for raw, updating in _dates_at(lines, place, calendar):
            day = str(dates.local_day(raw))
            if day in {published, updated} or updating:
                return ""
            near = (
                headline - _ABOVE <= place < headline + _BESIDE
                and len(tidy(lines[place])) < len(raw) + _ALONE
            )
            if (
                published
                and near
                and (place > headline or day < published)
                and abs(_days(published, day)) >= _REDATED
            ):
                found = found or raw
    return found


def anywhere(lines: Sequence[str], headline: int, calendar: Calendar) -> str:
    """The first date after the headline that stands alone or behind a short label, or an empty string."""
    for place in range(headline, min(headline + _FAR, len(lines))):
        if len(lines[place]) < _LABELLED:
            for raw, _ in _dates_at(lines, place, calendar):
                return raw
    return ""


def embedded(root: HtmlElement, calendar: Calendar) -> str:
    """The publication that a page's scripts carry as data, as written; an empty string if none does."""
    for script in root.iter("script"):
        text = (script.text or "")[:_SCRIPT]
        for match in _VALUE.finditer(text):
            key = text[max(0, match.start() - _LABEL) : match.start()]
            if _KEY.search(key) and calendar.read(match[1]):
                return match[1]
    return ""


def in_url(url: str) -> str:
    """The day in an address, or an empty string.

    >>> (
    ...     in_url("https://example.com/2024/03/25/coins"),
    ...     in_url("https://example.com/a/20240325-x"),
    ...     in_url("/2024/march/25/coins"),
    ...     in_url("/a/25-03-2024-x"),
    ...     in_url("/03-04-2024"),
    ... )
    ('2024-03-25', '2024-03-25', '2024-03-25', '2024-03-25', '')
    """
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    if match := _IN_URL.search(path):
        return "-".join(match.groups())
    match = _IN_URL_DAY_FIRST.search(path) or _IN_URL_NAMED.search(path)
    return (match and dates.local_day(match[1])) or ""
