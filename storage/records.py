"""What the store answers with: frozen records that both sides of the border can import."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pressclip.models import Article, EntryState

#: What polling a source came to in one run.
PollWord = Literal["changed", "unchanged", "failed", "not_due"]

#: What saving a clipping came to. `worse`: a text under half the old length, `older`: a version from an archive, older
#: than what we have; both are kept as revisions only.
SaveOutcome = Literal["new", "updated", "unchanged", "worse", "older"] | EntryState


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What polls taught of when and where to ask a source; times are UTC ISO 8601."""

    wait_until: str | None = None  # its server asked for no request before (Retry-After)
    max_age: int | None = None  # seconds for which its last answer said to stay fresh
    ttl: int | None = None  # minutes
    period: int | None = None  # seconds, of sy:updatePeriod and sy:updateFrequency
    skip_hours: tuple[int, ...] = ()  # GMT
    skip_days: tuple[str, ...] = ()  # English, lower case
    gap: int | None = None  # seconds, the median between its entries
    newest_at: str | None = None  # date of its newest entry
    off_at: str | None = None  # when it answered 410: not polled until the user asks for it
    moved_to: str | None = None  # the address adopted after permanent redirects
    moving_to: str | None = None  # where permanent redirects lead, not adopted yet
    moving_runs: int = 0  # that agree on it
    hub: str | None = None  # WebSub
    hub_topic: str | None = None  # the address by which the hub knows the feed


@dataclass(frozen=True, slots=True, kw_only=True)
class HostState:
    """What the store remembers of a host; times are UTC ISO 8601."""

    host: str
    ok_on: str | None = None  # the last day on which it answered well
    refusals: int = 0  # answers of 403 in a row
    rests: int = 0  # rests in a row, without a good answer between
    rest_until: str | None = None  # no request before
    rest_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsState:
    """What the store remembers of a site's robots.txt; times are UTC ISO 8601."""

    site: str  # scheme, host and port
    asked_at: str
    next_at: str  # not to be asked before
    status: int | None = None  # of the last answer; None: there was none
    body: str | None = None  # what it last said; None: nothing
    failing_since: str | None = None  # no answer since


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
    learned: Learned = Learned()


@dataclass(frozen=True, slots=True, kw_only=True)
class PollResult:
    """What one poll brought: entries never seen, seen but updated since, known, and without a usable address."""

    new: int = 0
    updated: int = 0
    known: int = 0
    bad_url: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)  # of the new ones, by the kind of rule


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

    @property
    def rested(self) -> bool:
        """Whether nothing was asked of the source, and nothing is to be told of it."""
        return self == SourceResult(source=self.source, poll="not_due")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An article and its number in the store."""

    id: int
    article: Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """An article of a story, without its text."""

    id: int
    source: str  # its name; of one-off additions the host
    url: str
    title: str
    published_at: str  # when it was fetched, where nothing else is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An article and its copies in other places; most have none."""

    lead: Stored  # the earliest
    newest_at: str  # publication of the newest copy among those that were asked for
    copies: tuple[Copy, ...] = ()  # the lead included, earliest first; empty: there is no copy

    @property
    def sources(self) -> tuple[str, ...]:
        """Who carried it, each once, the earliest first."""
        return tuple(dict.fromkeys(copy.source for copy in self.copies))


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
    title_marks: tuple[tuple[int, int], ...] = ()  # the same of the title


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
