"""Which entries of a source are wanted: its rules, judged on what its feed says, before any page is asked for. Pure.

keep_entries, drop_entries ─┐
languages ──────────────────┼── left_out ── a reason, or None: it is fetched
only_topics ────────────────┘
"""

import re
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from pipelines import topics
from pipelines.choosing import speaks
from pipelines.describing.languages import language
from pressclip.care_keys import is_pattern
from pressclip.errors import InputError
from pressclip.models import Care, FeedEntry, Source

#: Characters of an entry that rules see.
LONGEST = 2_000
#: Seconds of CPU that the patterns of a source may take for a whole feed.
PATIENCE = 2.0
#: Characters of an entry that tell its language, or that it is on no topic; of a shorter one the page is asked.
TELLING, TELLING_WIDE = 240, 80
#: Languages that a headline in their own script is enough to know.
_OF_ONE_SCRIPT = frozenset({"ja", "ko"})


@dataclass(frozen=True, slots=True)
class Rules:
    """What a source wants."""

    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()  # labels that its articles have anyway
    care: Care = field(default_factory=Care)

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.keep or self.drop or self.care.languages or self.care.only_topics)


def of(source: Source) -> Rules:
    """Give the rules of a source."""
    return Rules(source.keep_entries, source.drop_entries, source.topics, source.care)


def judged(entries: Iterable[FeedEntry], rules: Rules) -> tuple[FeedEntry, ...]:
    """Mark the entries that are left out.

    Raises:
        InputError: ``slow_rule``: a pattern takes too long. For the main thread of a worker: it sets a timer.
    """
    with _limited(PATIENCE):
        return tuple(replace(entry, left_out=left_out(entry, rules)) for entry in entries)


def left_out(entry: FeedEntry, rules: Rules) -> str | None:
    """Say why an entry is left out.

    >>> left_out(FeedEntry(guid="1", url=None, title="Sponsored: tea"), Rules(drop=("sponsored",)))
    'rule: drop_entries "sponsored"'
    >>> left_out(FeedEntry(guid="1", url=None, title="Tea"), Rules(keep=("coffee", "/^te+a/")))
    >>> left_out(FeedEntry(guid="1", url=None, title="Tea"), Rules(keep=("coffee",)))
    'rule: none of keep_entries'
    """
    if word := next((rule for rule in rules.drop if _holds(entry, rule)), None):
        return f'rule: drop_entries "{word}"'
    # Of an entry without a word (sitemaps give addresses) only patterns can tell.
    speaks_up = entry.title or entry.tags or entry.summary or any(map(is_pattern, rules.keep))
    if rules.keep and speaks_up and not any(_holds(entry, rule) for rule in rules.keep):
        return "rule: none of keep_entries"
    return _foreign(entry, rules.care) or _off_topic(entry, rules)


def _holds(entry: FeedEntry, rule: str) -> bool:
    """Whether a word is in what an entry says, or a pattern in that or in its address.

    >>> one = FeedEntry(guid="1", url="https://a.example/video/1", title="Ｂitcoin rises", tags=("Ad: tea",))
    >>> [_holds(one, rule) for rule in ("bitcoin", "video", "/^ad:/", "/[/]video[/]/")]
    [True, False, True, True]
    """
    words = [entry.title or "", *entry.tags, entry.summary or ""]
    if is_pattern(rule):
        text = "\n".join([entry.url or "", *words])[:LONGEST]
        return re.search(rule[1:-1], text, re.IGNORECASE | re.MULTILINE) is not None
    return topics.holds("\n".join(words)[:LONGEST], rule)


def _foreign(entry: FeedEntry, care: Care) -> str | None:
    """Name the language of an entry that says enough to be known by, if none of it is wanted."""
    text = f"{entry.title or ''}\n{entry.summary or ''}"
    if not care.languages:
        return None
    spoken, teller = language(text, ((entry.lang or "", "feed"),))
    if not _tells(text) and (spoken not in _OF_ONE_SCRIPT or teller != "script"):
        return None
    return None if not spoken or speaks(spoken, care.languages) else f"language: {spoken}"


def _off_topic(entry: FeedEntry, rules: Rules) -> str | None:
    """Say that an entry that says enough has not a word of the topics that are wanted."""
    wanted, text = rules.care.only_topics, entry.summary or ""
    if not wanted or set(wanted) & set(rules.topics) or not _tells(text):
        return None
    tags = " ".join(entry.tags)
    hinted = topics.hinted(entry.title or "", f"{tags}\n{text}", rules.care.topics)
    return None if hinted & set(wanted) else f"topic: none of {', '.join(wanted)}"


def _tells(text: str) -> bool:
    wide = sum(character >= "\u1100" for character in text)
    return len(text) >= TELLING or wide >= TELLING_WIDE


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    """End what takes more CPU: the regular expressions of Python look at signals while they search."""

    def stop(*_: object) -> None:
        raise InputError("slow_rule", "a pattern in keep_entries or drop_entries takes too long")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
