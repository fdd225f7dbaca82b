"""What the store answers with: frozen records that both sides of the border can import."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pressclip.models import Article, EntryState

#: What polling a source came to in one run.
PollWord = Literal["changed", "unchanged", "failed", "not_due"]

#: What saving a clipping came to. `worse`: a text under half the old length, kept as a revision only.
SaveOutcome = Literal["new", "updated", "unchanged", "worse"] | EntryState


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What the store remembers of polling one source; times are UTC ISO 8601."""

    url: str | None  # the address that the validators came from; None: nothing was read from it yet
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    last_asked_at: str | None = None
    last_ok_at: str | None = None
    last_new_at: str | None = None
    next_poll_at: str | None = None
    failures: int = 0  # in a row
    last_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PollResult:
    """What one poll brought: entries never seen, seen but updated since, known, and without a usable address."""

    new: int = 0
    updated: int = 0
    known: int = 0
    bad_url: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveResult:
    """What became of one clipping in the store."""

    outcome: SaveOutcome
    article_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceResult:
    """What one run did for one source (None: for one-off URLs); counts are of articles."""

    source: str | None
    poll: PollWord | None = None
    poll_reason: str | None = None
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0  # not an article, gone, or denied by robots.txt
    failed: int = 0
    waiting: int = 0  # left for the next run
    reasons: Mapping[str, int] = field(default_factory=dict)  # why skipped or failed -> how many


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An article and its number in the store."""

    id: int
    article: Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which articles; what is None selects all.

    Attributes:
        lang: BCP 47; ``zh`` finds ``zh-Hant`` too.
        since: first moment or day, UTC ISO 8601; an article without a date counts from when it was fetched.
        until: last moment or day, included.
        limit: how many at the most, the newest.
    """

    source: str | None = None
    lang: str | None = None
    topic: str | None = None
    since: str | None = None
    until: str | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit(Stored):
    """An article that a search found: where it matched, in one line, and which parts of that line matched."""

    snippet: str
    marks: tuple[tuple[int, int], ...] = ()  # start and end, in characters of `snippet`


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an SQL query gave."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    truncated: bool = False  # there were more rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much the store holds."""

    articles: int
    entries: Mapping[str, int]  # by state
    pages: int
    revisions: int
    sources: int
