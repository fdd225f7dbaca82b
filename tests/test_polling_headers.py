"""Polling: whatever headers, robots.txt and feeds say, a decision comes out, and it is within bounds."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from newsroom import NOON

from pressclip.models import FeedEntry, Poll, Source
from spiders.guards.robots import kept_delay
from spiders.polling import freshness, http_dates, retry_after, robots
from spiders.polling.answers import Answer, judge
from spiders.polling.conclusions import FeedClaims, conclude
from storage.records import SourceState

MONTH, ROUNDING = timedelta(days=31), timedelta(days=8)  # skipDays may move a poll by days

texts = st.text(max_size=40)
numbers = st.integers(-(10**30), 10**30).map(str)
dates = st.datetimes().map(lambda moment: moment.strftime("%a, %d %b %Y %H:%M:%S GMT"))
values = st.one_of(texts, numbers, dates)
headers = st.dictionaries(
    st.sampled_from(["cache-control", "age", "expires", "date", "etag", "last-modified", "retry-after"]),
    st.one_of(values, numbers.map("max-age={}".format)),
)


@given(values, values)
def test_any_header_gives_a_number_within_bounds_or_none(value: str, date: str) -> None:
    http_dates.parse(value)
    seconds = retry_after.seconds(value, date=date, now=NOON)
    assert seconds is None or 0 < seconds <= retry_after.LONGEST


@given(headers)
def test_any_headers_have_a_lifetime_that_is_no_less_than_none(said: dict[str, str]) -> None:
    lifetime = freshness.lifetime(said, now=NOON)
    assert lifetime is None or lifetime >= 0


@given(
    st.sampled_from([200, 226, 304, 403, 404, 410, 429, 500, 503, 999]),
    headers,
    st.integers(0, 60),
    st.builds(
        FeedClaims,
        ttl=st.none() | st.integers(0, 9_999_999),
        skip_hours=st.lists(st.integers(0, 23)).map(tuple),
        skip_days=st.lists(st.sampled_from(["sunday", "monday", "friday"])).map(tuple),
        update_period=st.sampled_from([None, "hourly", "daily", "weekly", "monthly", "yearly"]),
        update_frequency=st.none() | st.integers(1, 9_999_999),
    ),
    st.lists(
        st.datetimes(datetime.fromisoformat("1000-01-01")).map("{:%Y-%m-%dT%H:%M:%SZ}".format), max_size=8
    ),
)
def test_the_next_poll_is_never_early_and_never_never(
    status: int, said: dict[str, str], failures: int, claims: FeedClaims, stamps: list[str]
) -> None:
    source = Source(name="a", kind="feed", url="https://a.example/feed", interval=900)
    known = SourceState(url=source.url, etag='"1"', failures=failures)
    wait = retry_after.seconds(said.get("retry-after"), date=said.get("date"), now=NOON)
    answer = Answer(status=status, url=source.url, headers=said, was_conditional=True, retry_after=wait)
    asked = Poll(source="a", url=source.url, asked_at="2026-11-22T12:00:00Z", outcome="failed")
    poll = judge(asked, answer, known)
    entries = tuple(FeedEntry(guid=stamp, url=None, published_at=stamp) for stamp in stamps)
    if poll.outcome == "changed":
        poll = Poll(
            source="a",
            url=source.url,
            asked_at=asked.asked_at,
            outcome="changed",
            entries=entries,
            status=status,
        )
    conclusion = conclude(source, known, poll, asked_at=NOON, answered_at=NOON, answer=answer, claims=claims)
    pause = conclusion.next_poll_at - NOON
    assert timedelta(seconds=max(900, wait or 0)) <= pause <= MONTH + ROUNDING
    assert bool(conclusion.learned.off_at) == (status == 410)


@given(
    st.binary(max_size=400)
    | st.text(max_size=200).map(lambda text: f"User-agent: *\nCrawl-delay:{text}".encode())
)
def test_any_robots_txt_gives_rules(body: bytes) -> None:
    state = robots.after(None, site="https://a.example", status=200, body=body, now=NOON)
    rules = robots.rules(state, now=NOON)
    assert rules is not None
    rules.can_fetch("https://a.example/雪/1?a=b", robots.PRODUCT)
    assert 0 <= kept_delay("https://a.example", rules) <= robots.MAX_DELAY
