"""What a date string says, in the habits of feeds and pages."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pressclip.dates import local_day, parse

CHINA = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        # RFC 822 and what became of it
        ("Sun, 22 Nov 2026 10:57:31 GMT", "2026-11-22T10:57:31Z"),
        ("Sun, 22 Nov 2026 10:57:31 +0900", "2026-11-22T01:57:31Z"),
        ("Sun,22 Nov 2026 10:57 -0530", "2026-11-22T16:27:00Z"),
        ("Thursday, 01-Jan-04 19:48:21 GMT", "2004-01-01T19:48:21Z"),
        ("22 Nov 99 10:57:31 UT", "1999-11-22T10:57:31Z"),
        ("Mon Mar 25 10:30:00 2024", "2024-03-25T10:30:00Z"),
        ("Mon Mar 25 10:30:00 JST 2024", "2024-03-25T01:30:00Z"),
        ("Fri Nov 22 2026 10:57:31 GMT+0900 (Japan Standard Time)", "2026-11-22T01:57:31Z"),
        ("Seg, 24 Set 2018 19:42:40 -0300", "2018-09-24T22:42:40Z"),
        # ISO 8601 and its habits
        ("2026-11-22T10:57:31Z", "2026-11-22T10:57:31Z"),
        ("2026-11-22T10:57:31.123456789+09:00", "2026-11-22T01:57:31Z"),
        ("2026-11-22T10:57:31,5+0900", "2026-11-22T01:57:31Z"),
        ("2026-11-22 10:57", "2026-11-22T10:57:00Z"),
        ("2026-11-22T10:57+09", "2026-11-22T01:57:00Z"),
        ("2026-11-22T10:57:31\u221205:00", "2026-11-22T15:57:31Z"),
        ("2026-11-22", "2026-11-22"),
        ("20261122", "2026-11-22"),
        ("20261122T105731Z", "2026-11-22T10:57:31Z"),
        ("20261122105731", "2026-11-22T10:57:31Z"),
        ("2024-03-25T24:00:00Z", "2024-03-26T00:00:00Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
        # Japanese, Chinese, Korean
        ("2024年3月25日 10時30分", "2024-03-25T10:30:00Z"),
        ("２０２４年３月２５日　１０：３０", "2024-03-25T10:30:00Z"),
        ("令和6年3月25日", "2024-03-25"),
        ("令和元年5月1日(水)", "2019-05-01"),
        ("令和8年9月1日 午後3時", "2026-09-01T15:00:00Z"),
        ("2024/3/25(月) 午前0:05", "2024-03-25T00:05:00Z"),
        ("日本時間2024年3月25日10時半", "2024-03-25T01:30:00Z"),
        ("2024.03.25", "2024-03-25"),
        ("2024/03/25 10:00", "2024-03-25T10:00:00Z"),
        ("2024年3月25日 下午3:10", "2024-03-25T15:10:00Z"),
        ("2024-03-25 上午12:10 HKT", "2024-03-24T16:10:00Z"),
        ("北京时间 2024年3月25日 15:10", "2024-03-25T07:10:00Z"),
        ("民國113年3月25日", "2024-03-25"),
        ("2024년 3월 25일 오후 3:10", "2024-03-25T15:10:00Z"),
        ("2024. 3. 25. 오전 3시 5분", "2024-03-25T03:05:00Z"),
        ("入力 2024.03.25 (KST)", "2024-03-25"),
        # prose
        ("March 25, 2024 3:10 PM ET", "2024-03-25T19:10:00Z"),
        ("January 25, 2024 3:10 PM ET", "2024-01-25T20:10:00Z"),
        ("Nov. 3, 2006 12:00 p.m. PT", "2006-11-03T20:00:00Z"),
        ("Published: 10:30, 25th March 2024", "2024-03-25T10:30:00Z"),
        ("25. März 2024, 15:30 Uhr MEZ", "2024-03-25T14:30:00Z"),
        ("25 de março de 2024 às 15h30", "2024-03-25T15:30:00Z"),
        ("1er août 2024", "2024-08-01"),
        ("1 сентября 2024, 12:05", "2024-09-01T12:05:00Z"),
        ("25.03.2024", "2024-03-25"),
        ("3/25/2024 3:10:00 PM", "2024-03-25T15:10:00Z"),
        # numbers
        ("1711333800", "2024-03-25T02:30:00Z"),
        ("1711333800123", "2024-03-25T02:30:00Z"),
        # the first of two dates, with its own time
        ("公開: 2024/3/25 更新: 2024/3/26 10:00", "2024-03-25"),
        # an instant that cannot be known leaves the day
        ("2024-03-25 10:30 XQT", "2024-03-25"),
        ("2024年3月25日 晚上8:30", "2024-03-25"),
    ],
)
def test_a_date_is_read_as_it_is_written(raw: str, expected: str) -> None:
    assert parse(raw) == expected


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "",
        "   ",
        "not a date",
        "3 hours ago",
        "0000-00-00 00:00:00",
        "0001-01-01T00:00:00Z",
        "30 Feb 2024",
        "2024-02-30",
        "2023年2月29日",
        "2024-13-01",
        "10000-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "1970-01-01T00:00:00Z",
        "Thu, 01 Jan 1970 09:00:00 +0900",
        "Thu, 31 Dec 1969 19:00:00 -0500",
        "0",
        "2026",
        "2026-11",
        "3/4/2024",
        "2024-03-25T25:00:00Z",
        "2024-03-25T10:61:00Z",
        "2004-335",
        "2024-03-25 " * 100,
    ],
)
def test_what_cannot_be_believed_is_none(raw: str | None) -> None:
    assert parse(raw) is None
    if not (raw or "").startswith(("2024-03-25T", "Thu")):
        assert local_day(raw) is None


@pytest.mark.parametrize(
    ("name", "hours"),
    [
        ("JST", 9),
        ("KST", 9),
        ("HKT", 8),
        ("SGT", 8),
        ("CEST", 2),
        ("CET", 1),
        ("EST", -5),
        ("EDT", -4),
        ("PST", -8),
    ],
)
def test_zone_names_are_known(name: str, hours: int) -> None:
    expected = datetime(2026, 11, 22, 12, tzinfo=timezone(timedelta(hours=hours))).astimezone(UTC)
    assert parse(f"Sun, 22 Nov 2026 12:00:00 {name}") == expected.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_cst_is_chinas_only_where_text_or_default_say_so() -> None:
    assert parse("Mon, 25 Mar 2024 10:30:00 CST") == "2024-03-25T16:30:00Z"
    assert parse("Mon, 25 Mar 2024 10:30:00 CST", default_zone=CHINA) == "2024-03-25T02:30:00Z"
    assert parse("2024年3月25日 10:30 CST") == "2024-03-25T02:30:00Z"


def test_a_time_without_zone_is_of_the_default_zone() -> None:
    assert parse("2024-03-25 07:30", default_zone=CHINA) == "2024-03-24T23:30:00Z"
    assert parse("2024-03-25", default_zone=CHINA) == "2024-03-25"


def test_the_local_day_is_the_one_written() -> None:
    assert local_day("2024-03-25T02:00:00+09:00") == "2024-03-25"
    assert local_day("令和6年3月25日 午前2時") == "2024-03-25"


@given(st.integers(40_000_000, 4_000_000_000), st.integers(-48, 56))
def test_iso_and_rfc_822_come_back_as_they_were(seconds: int, quarters: int) -> None:
    aware = datetime.fromtimestamp(seconds, timezone(timedelta(minutes=15 * quarters)))
    expected = aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert parse(aware.isoformat()) == expected
    assert parse(aware.strftime("%a, %d %b %Y %H:%M:%S %z")) == expected
    assert parse(f"{aware:%Y}年{aware.month}月{aware.day}日 {aware:%H:%M:%S} {aware:%z}") == expected


@given(st.text(max_size=60) | st.text("0123456789-/:.年月日時分 TZ+午後PM,()令和JanST", max_size=40))
@example("元年1月1日")
@example("令和999年1月1日")
@example("2024-03-25T10:00:00+99:99")
@example("9" * 160)
def test_any_text_gives_a_date_or_none(raw: str) -> None:
    parsed = parse(raw)
    assert parsed is None or datetime.fromisoformat(parsed).year in range(1899, 2101)
    day = local_day(raw)
    assert day is None or date.fromisoformat(day).isoformat() == day
