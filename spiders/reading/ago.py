"""Dates that count from the reader's moment, as lists of articles have them: 3 hours ago, 2時間前, 3시간 전, 昨天 14:05."""

import re
from datetime import UTC, datetime, timedelta

from pressclip import dates
from spiders.clock import stamp

_LONGEST = 60  # characters: longer texts are prose
_UNITS = {
    **dict.fromkeys(("second", "sec", "s", "秒", "秒钟", "秒鐘", "초"), timedelta(seconds=1)),
    **dict.fromkeys(("minute", "min", "m", "分", "分钟", "分鐘", "분"), timedelta(minutes=1)),
    **dict.fromkeys(
        ("hour", "hr", "h", "時間", "小时", "小時", "个小时", "個小時", "시간"), timedelta(hours=1)
    ),
    **dict.fromkeys(("day", "d", "日", "天", "일"), timedelta(days=1)),
    **dict.fromkeys(("week", "wk", "w", "週間", "周", "週", "주"), timedelta(weeks=1)),
}
_DAYS = {
    **dict.fromkeys(("today", "今日", "今天", "오늘"), 0),
    **dict.fromkeys(("yesterday", "昨日", "昨天", "어제"), 1),
    **dict.fromkeys(("一昨日", "前天", "그저께"), 2),
}
#: Without a time, these are names and labels more often.
_BARE = frozenset(("today", "今日", "今天", "오늘"))
#: Such a date shares its line with a label, a section or a name at the most.
_PARTS = re.compile(r"\s*[·・•|/,、｜]\s*|\s+[–—-]\s+")
_LABEL = re.compile(
    r"(?:(?:last )?updated|posted|published|about|更新|公開|配信|約|约|약)\s?[:：]?\s*", re.IGNORECASE
)
_AGO = re.compile(r"(\d{1,3}|an?|one)\s*([^\W\d_]+?)s?\s*(?:ago|前|전)", re.IGNORECASE)
_DAY = re.compile(
    rf"({'|'.join(_DAYS)})(?:,|\s+at)?\s*(\D{{0,4}}\d{{1,2}}[:時时點点시].{{0,12}})?", re.IGNORECASE
)


def says(text: str) -> bool:
    """Tell whether a short text holds such a date.

    >>> says("Markets · 3 hours ago"), says("It opened its books 3 hours ago"), says("22 Nov 2026")
    (True, False, False)
    """
    return read(text, datetime(2000, 1, 1, tzinfo=UTC)) is not None


def read(text: str, now: datetime) -> str | None:
    """Read such a date as UTC ISO 8601, or as a bare day where it says no more; None: it is none.

    Args:
        text: as written.
        now: when it was had, by the clock of those whom it was written for.

    >>> from datetime import timezone
    >>> tokyo = datetime(2026, 11, 22, 9, 30, tzinfo=timezone(timedelta(hours=9)))
    >>> read("2時間前", tokyo), read("3 days ago", tokyo), read("昨日 23:05", tokyo)
    ('2026-11-21T22:30:00Z', '2026-11-19', '2026-11-21T14:05:00Z')
    """
    if len(text) > _LONGEST:
        return None
    for part in (text.strip(), *_PARTS.split(text.strip())):
        said = _LABEL.sub("", part, count=1) if _LABEL.match(part) else part
        if date := _since(said, now) or _on(said, now):
            return date
    return None


def _since(text: str, now: datetime) -> str | None:
    """So many hours ago."""
    found = _AGO.fullmatch(text)
    unit = _UNITS.get(found[2].lower()) if found else None
    if found is None or unit is None:
        return None
    moment = now - unit * (int(found[1]) if found[1].isdecimal() else 1)
    return moment.date().isoformat() if unit >= timedelta(days=1) else stamp(moment)


def _on(text: str, now: datetime) -> str | None:
    """Yesterday at a time; a time that has not come yet is not believed."""
    found = _DAY.fullmatch(text)
    if found is None or (found[2] is None and found[1].lower() in _BARE):
        return None
    day = (now - timedelta(days=_DAYS[found[1].lower()])).date().isoformat()
    said = dates.parse(f"{day} {found[2] or ''}", default_zone=now.tzinfo or UTC)
    return said if said and said <= stamp(now) else day
