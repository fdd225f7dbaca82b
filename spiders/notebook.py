"""What a trial is asked, and what it finds: the records between the command line and the spider of trials."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from pressclip.models import FeedEntry, Poll, Source, SourceKind
from spiders.polling.answers import Answer
from spiders.polling.conclusions import FeedClaims
from storage.records import RobotsState


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One address to try."""

    url: str
    source: Source | None = None  # as sources.toml has it; None: somebody named the address
    kind: SourceKind | None = None  # what it is to be read as; None: whatever it is
    lang: str | None = None
    topics: tuple[str, ...] = ()
    guess: bool = False  # ask for feeds at usual paths where nothing is declared


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What asking for a source gave."""

    source: Source  # one that was just found has its address as its name
    poll: Poll
    asked_at: datetime
    answered_at: datetime
    answer: Answer | None = None  # None: there was none
    claims: FeedClaims | None = None


@dataclass(slots=True)
class Notebook:
    """What a trial run finds."""

    tried: list[Tried] = field(default_factory=list)
    read: dict[str, list[Poll]] = field(default_factory=lambda: defaultdict(list))  # by source: its answers
    further: dict[str, list[Poll]] = field(default_factory=lambda: defaultdict(list))  # as they are stored
    older: dict[str, list[FeedEntry]] = field(default_factory=lambda: defaultdict(list))  # beyond a horizon
    robots: tuple[RobotsState, ...] = ()  # what was asked for on the way
    failed: dict[str, str] = field(default_factory=dict)  # addresses that gave nothing, and why

    def entries(self, source: str) -> tuple[FeedEntry, ...]:
        """All entries of a source, from all its documents."""
        return tuple(entry for poll in self.read[source] for entry in poll.entries)

    def documents(self, source: str) -> tuple[Poll, ...]:
        """What asking for a source's further documents gave."""
        own = {tried.poll.url for tried in self.tried if tried.source.name == source}
        return tuple(poll for poll in self.further[source] if poll.url not in own)
