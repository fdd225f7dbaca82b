"""Whether a source is well, in a word and a reason. Pure: what the store knows, and the clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Literal

from pressclip.redaction import redacted
from storage.health import SourceHealth

#: The sick ones first: the order of the table.
Word = Literal["gone", "failing", "silent", "new", "well", "off"]
WORDS: tuple[Word, ...] = ("gone", "failing", "silent", "new", "well", "off")

ENOUGH = 5  # articles before a source has a rhythm
PATIENCE = 8  # times its usual gap; news has weekends and holidays
SHORTEST_SILENCE = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How a source is: a word to count by, and words to read."""

    word: Word
    why: str = ""


def verdict(source: SourceHealth, now: datetime) -> Verdict:
    """Judge one source."""
    if not source.enabled:
        return Verdict(word="off", why="disabled in sources.toml")
    if source.off_at is not None:
        return Verdict(
            word="gone", why="http_410: the publisher removed it; poll again with `crawl NAME --force`"
        )
    if source.failures:
        times = f", {source.failures} times in a row" if source.failures > 1 else ""
        return Verdict(word="failing", why=f"{source.last_reason or 'failed'}{times}")
    if source.last_asked_at is None:
        return Verdict(word="new", why="never asked yet")
    seen = datetime.fromisoformat(source.last_new_at) if source.last_new_at else None
    quiet = silence(source.recent, now, seen)
    if quiet is not None:
        usual, since = quiet
        return Verdict(
            word="silent", why=f"answers, but nothing new for {span(since)}; usually every {span(usual)}"
        )
    return Verdict(word="well", why="; ".join(filter(None, (_move(source), _documents(source)))))


def _move(source: SourceHealth) -> str:
    if source.moving_to is not None:
        return f"seems to move to {redacted(source.moving_to)} ({source.moving_runs} polls said so)"
    if source.moved_to is not None:
        return f"moved for good to {redacted(source.moved_to)}: write that address into sources.toml"
    return ""


def _documents(source: SourceHealth) -> str:
    """What the source's own document leads to, where that fails: the rest of it is read all the same."""
    if not source.documents_failing:
        return ""
    return f"could not have {source.documents_failing} of the sitemaps or pages that it leads to: {source.documents_reason}"


def silence(
    recent: Sequence[int], now: datetime, last_new: datetime | None = None
) -> tuple[timedelta, timedelta] | None:
    """Tell a source that has been quiet much longer than is its way: (usual gap, silence), or None.

    Args:
        recent: moments of its newest articles, seconds since 1970, newest first.
        now: the clock.
        last_new: when an entry was last new to us; the first import of an old feed is news.

    >>> noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    >>> hourly = [int(noon.timestamp()) - 3600 * n for n in range(20)]
    >>> silence(hourly, noon), silence(hourly, noon + timedelta(days=1))
    (None, None)
    >>> silence(hourly, noon + timedelta(days=3))
    (datetime.timedelta(seconds=3600), datetime.timedelta(days=3))
    """
    if len(recent) < ENOUGH:
        return None
    usual = timedelta(seconds=median(after - before for after, before in pairwise(recent)))
    newest = datetime.fromtimestamp(recent[0], UTC)
    since = now - max(newest, last_new or newest)
    return (usual, since) if since > max(PATIENCE * usual, SHORTEST_SILENCE) else None


def span(length: timedelta) -> str:
    """Say a span of time shortly.

    >>> [span(timedelta(seconds=n)) for n in (20, 300, 7200, 200_000)]
    ['1 min', '5 min', '2 h', '2 d']
    """
    seconds = int(length.total_seconds())
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= size * (2 if unit == "d" else 1):
            return f"{seconds // size} {unit}"
    return "1 min"


def sparkline(counts: Sequence[int]) -> str:
    """Draw counts as a row of bars; nothing is a dot, so that a gap is seen.

    >>> sparkline([0, 1, 4, 8, 0])
    '·▁▄█·'
    """
    bars = "▁▂▃▄▅▆▇█"
    top = max(counts, default=0)
    return "".join(bars[(count * len(bars) - 1) // top] if count else "·" for count in counts)
