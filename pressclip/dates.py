"""What a date string says, in the habits of feeds and pages: RFC 822, ISO 8601, Japanese, Chinese, Korean, prose.

    normalise (NFKC) -> find the day -> find the time near it -> find the zone beside that -> UTC

Nothing is guessed: what cannot be believed (30 February, the year 10000, an unset clock's 1970, ``3/4/2024``,
a month without a day) is None, and the caller keeps the raw string. No third-party parser: they take a
millisecond and more a date, and read half of these wrongly without saying so.
"""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import NamedTuple

from pressclip.date_words import AMERICAN_ZONES, ERAS, MONTHS, ZONE_WORDS, ZONES

#: Longer texts are prose, not a date with its label.
_MAX_LENGTH = 160
#: Outside of these an article's date is a typing error or a placeholder (0001, 1601, 1899, 9999).
_YEARS = range(1900, 2100)
_EPOCH_DAY = date(1970, 1, 1)

_CHINA = timedelta(hours=8)
_MAX_OFFSET = 14 * 60

_WORD = r"[^\W\d_]+"
_ORDINAL = r"(?:st|nd|rd|th|er|º|ª|\.)?"
_DAY_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<!\d)(?P<y>\d{4})\s?年\s?(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})(?!\d)\s?[日号號]?",
        rf"(?P<era>{'|'.join(ERAS)})\s?(?P<y>\d{{1,3}}|元)\s?年\s?(?P<m>\d{{1,2}})\s?月\s?(?P<d>\d{{1,2}})(?!\d)\s?日?",
        r"(?<!\d)(?P<y>\d{4})\s?년\s?(?P<m>\d{1,2})\s?월\s?(?P<d>\d{1,2})(?!\d)\s?일?",
        r"(?<![\d.,:/-])(?P<y>\d{4})(?P<s>\s?[-/.]\s?)(?P<m>\d{1,2})\s?[-/.]\s?(?P<d>\d{1,2})(?!\d)(?:\.(?!\d))?",
        rf"(?<!\d)(?P<y>\d{{4}})[\s/-]+(?P<name>{_WORD})\.?[\s/-]+(?P<d>\d{{1,2}})(?!\d)",
        rf"(?<!\d)(?P<d>\d{{1,2}}){_ORDINAL}[\s,/-]*(?:de\s+)?(?P<name>{_WORD})\.?[\s,/-]*(?:del?\s+)?(?P<y>\d{{4}}|\d\d(?=\s+\d))(?!\d)",
        rf"(?P<name>{_WORD})\.?[\s-]+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s,-]+(?P<y>\d{{4}})(?!\d)",
        r"(?<![\d.,:/-])(?P<a>\d{1,2})(?P<s>[-/.])(?P<b>\d{1,2})[-/.](?P<y>\d{4})(?!\d)",
    )
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?)?(?!\d)", re.IGNORECASE)
_YEAR_LAST = re.compile(
    rf"({_WORD}\.?\s+\d{{1,2}})\s+(\d{{1,2}}:\d\d(?::\d\d)?(?:\s+[A-Z+-][\w:+-]*)?)\s+(\d{{4}})(?!\d)"
)
_EPOCH = re.compile(r"(\d{9,10})(?:\.\d*)?|(\d{10})\d{3}")
_AM = ("午前", "上午", "凌晨", "오전", "am", "a.m.", "a.m")
_PM = ("午後", "下午", "오후", "pm", "p.m.", "p.m")
_HALF = r"午前|午後|上午|下午|凌晨|오전|오후|\b[ap]\.?m\b\.?"
#: Parts of the day that do not say which half of it: the clock beside them is not believed.
_VAGUE = re.compile("早上|晚上|中午|傍晚|深夜|夜間|아침|저녁|새벽|밤")
_TIME = re.compile(
    rf"(?P<before>{_HALF})?\s?(?<![\d:])(?P<h>\d{{1,2}})(?:"
    r"\s?[:h]\s?(?P<min>\d\d)(?:\s?:\s?(?P<sec>\d\d)(?:[.,]\d+)?)?(?!\d)"
    r"|\s?[時时點点시]\s?(?:(?P<kmin>\d{1,2})\s?[分분]?|(?P<khalf>半))?(?:\s?(?P<ksec>\d{1,2})\s?[秒초])?"
    r"|(?=\s?[ap]\.?m\b))"
    r"\s?(?P<after>[ap]\.?m\b\.?)?",
    re.IGNORECASE,
)
_OFFSET = re.compile(
    r"\s*\(?(?:GMT|UTC|UT)?\s?(?P<sign>[+\u2212-])\s?(?P<h>\d{1,2}):?(?P<m>\d\d)?(?![\d/.:-])"
)
_NAMED = re.compile(r"\s*(?:Uhr\s*)?[(\[]?(?P<name>[A-Z]{1,5})\b")
_HAN = re.compile(r"[\u4e00-\u9fff]")


def parse(raw: str | None, *, default_zone: tzinfo = UTC) -> str | None:
    """Read a date as UTC ISO 8601 to the second, or as a bare day where the text has no time; None: not believed.

    >>> parse("Sun, 22 Nov 2026 19:57:31 JST")
    '2026-11-22T10:57:31Z'
    >>> parse("令和6年3月25日")
    '2024-03-25'
    >>> parse("March 25, 2024 3:10 PM ET")
    '2024-03-25T19:10:00Z'
    >>> parse("2024-02-30") is None
    True
    """
    reading = _read(raw, default_zone)
    if reading is None:
        return None
    if reading.instant is None:
        return reading.day.isoformat()
    return reading.instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def local_day(raw: str | None) -> str | None:
    """Read the calendar day as it is written, before any conversion to UTC.

    >>> local_day("2024-03-25T02:00:00+09:00")
    '2024-03-25'
    """
    reading = _read(raw, UTC)
    return reading.day.isoformat() if reading else None


class _Reading(NamedTuple):
    """What the text says: the day as written, and the instant where time and zone are known."""

    day: date
    instant: datetime | None


def _read(raw: str | None, default_zone: tzinfo) -> _Reading | None:
    """Find day, time and zone; None where there is no day, or day or time are impossible."""
    if not raw or len(raw) > _MAX_LENGTH:
        return None
    text = " ".join(unicodedata.normalize("NFKC", raw).split())
    if epoch := _EPOCH.fullmatch(text):
        instant = datetime.fromtimestamp(int(epoch[1] or epoch[2]), UTC)
        return _Reading(instant.date(), instant) if instant.year in _YEARS else None
    if compact := _COMPACT.match(text):
        year, month, day_of_month, *clock = compact.groups()
        digits = ":".join(part for part in clock if part)
        text = f"{year}-{month}-{day_of_month} {digits}{text[compact.end() :]}"
    text = _YEAR_LAST.sub(r"\1 \3 \2", text)
    found = _find_day(text)
    if found is None:
        return None
    match, day = found
    if day.year not in _YEARS or day == _EPOCH_DAY:
        return None
    after = text[match.end() :]
    for pattern in _DAY_PATTERNS:  # a second date has its own time
        after = pattern.split(after, maxsplit=1)[0]
    for place in (after, text[: match.start()]):
        if time := _TIME.search(place):
            return _with_time(day, time, place, text, default_zone)
    return _Reading(day, None)


def _find_day(text: str) -> tuple[re.Match[str], date] | None:
    """Find the first believable day of the text and where it stands."""
    for pattern in _DAY_PATTERNS:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            if "name" in parts and parts["name"].casefold() not in MONTHS:
                continue
            day = _day(parts)
            return (match, day) if day else None
    return None


def _day(parts: dict[str, str]) -> date | None:
    """Make a day of what a pattern matched; None: impossible, or day and month cannot be told apart."""
    year = 1 if parts["y"] == "元" else int(parts["y"])
    if "era" in parts:
        year += ERAS[parts["era"]]
    elif len(parts["y"]) == 2:  # noqa: PLR2004 - RFC 822's two digits, as RFC 2822 reads them
        year += 2000 if year < 69 else 1900  # noqa: PLR2004 - the pivot of POSIX and email.utils
    if "a" in parts:
        pair = _day_and_month(int(parts["a"]), int(parts["b"]), day_first=parts["s"] == ".")
        if pair is None:
            return None
        day, month = pair
    else:
        day = int(parts["d"])
        month = MONTHS[parts["name"].casefold()] if "name" in parts else int(parts["m"])
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day_and_month(first: int, second: int, *, day_first: bool) -> tuple[int, int] | None:
    """Tell day from month where the numbers or the dots of the European habit do."""
    if day_first or first > 12 or first == second:  # noqa: PLR2004 - months of a year
        return first, second
    return (second, first) if second > 12 else None  # noqa: PLR2004


def _with_time(
    day: date, time: re.Match[str], place: str, text: str, default_zone: tzinfo
) -> _Reading | None:
    """Make an instant of day, time and zone; only the day where the instant cannot be known, None: impossible."""
    if _VAGUE.search(place):
        return _Reading(day, None)
    moment = _moment(day, time)
    if moment is None:
        return None
    zone = _zone(moment, place[time.end() :], text, default_zone)
    if zone is None:
        return _Reading(day, None)
    instant = moment.replace(tzinfo=zone).astimezone(UTC)
    return None if instant.date() == _EPOCH_DAY else _Reading(day, instant)


def _moment(day: date, match: re.Match[str]) -> datetime | None:
    """Put a clock's reading on a day: 12 a.m., 24:00 and the leap second included."""
    hour = int(match["h"])
    half = (match["before"] or match["after"] or "").casefold()
    if half in _PM and hour < 12:  # noqa: PLR2004
        hour += 12
    elif half in _AM and hour == 12:  # noqa: PLR2004
        hour = 0
    minute = 30 if match["khalf"] else int(match["min"] or match["kmin"] or 0)
    second = min(int(match["sec"] or match["ksec"] or 0), 60)
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the zone is not known yet
    if minute > 59 or hour > 24 or (hour == 24 and minute + second):  # noqa: PLR2004
        return None
    return midnight + timedelta(hours=hour, minutes=minute, seconds=min(second, 59))


def _zone(moment: datetime, after_time: str, text: str, default_zone: tzinfo) -> tzinfo | None:
    """Find the zone beside the time; None: one is named that nobody knows."""
    for word, minutes in ZONE_WORDS.items():
        if word in text:
            return _offset(minutes)
    if offset := _OFFSET.match(after_time):
        minutes = int(offset["h"]) * 60 + int(offset["m"] or 0)
        return _offset(minutes if offset["sign"] == "+" else -minutes) if minutes <= _MAX_OFFSET else None
    named = _NAMED.match(after_time)
    if named is None:
        return default_zone
    name = named["name"]
    if name == "CST" and (_HAN.search(text) or moment.replace(tzinfo=default_zone).utcoffset() == _CHINA):
        return timezone(_CHINA)
    if name in AMERICAN_ZONES:
        return _offset(AMERICAN_ZONES[name] + (60 if _american_summer(moment) else 0))
    return _offset(ZONES[name]) if name in ZONES else None


def _american_summer(moment: datetime) -> bool:
    """Whether the United States keep summer time: since 2007 from 2nd Sunday of March to 1st of November."""
    year = moment.year
    begin, end = (
        (_sunday(year, 3, 8), _sunday(year, 11, 1))
        if year >= 2007  # noqa: PLR2004 - the Energy Policy Act of 2005
        else (_sunday(year, 4, 1), _sunday(year, 10, 25))
    )
    return begin <= moment < end


def _sunday(year: int, month: int, first: int) -> datetime:
    """Two o'clock of the first Sunday on or after a day."""
    start = datetime(year, month, first, 2)  # noqa: DTZ001 - local time by definition
    return start + timedelta(days=(6 - start.weekday()) % 7)


def _offset(minutes: int) -> tzinfo:
    return timezone(timedelta(minutes=minutes))
