"""What a run came to: the numbers that are printed, and the exit code they mean. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pressclip.models import FeedEntry
from storage.records import SourceResult

SIGNALLED = 128  # a shell's convention: 130 for SIGINT, 143 for SIGTERM


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one address that somebody named."""

    url: str
    outcome: str  # new, updated, unchanged, worse, rejected, failed, gone, denied
    id: int | None = None  # of the article in the store
    title: str | None = None
    reason: str | None = None  # why there is no article


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one run did."""

    started_at: str
    finished_at: str
    results: tuple[SourceResult, ...]  # one a source; source None for one-off URLs
    mistakes: tuple[str, ...] = ()  # in sources.toml, one line each
    found: Mapping[str, tuple[FeedEntry, ...]] = field(default_factory=dict)  # by a dry run: what is new
    signal: int | None = None  # that ended the run early
    bugs: int = 0  # exceptions of our own; each stands in the log

    def total(self, count: str) -> int:
        """Add up one count (`new`, `updated`, `unchanged`, `skipped`, `failed`, `waiting`) over the sources."""
        return sum(getattr(result, count) for result in self.results)

    @property
    def exit_code(self) -> int:
        """What the command ends with: see the README's table.

        >>> quiet = SourceResult(source="a", poll="unchanged")
        >>> dead = SourceResult(source="b", poll="failed", poll_reason="timeout")
        >>> def code(*results):
        ...     return Report(started_at="", finished_at="", results=results).exit_code
        >>> code(quiet), code(quiet, dead), code(dead), code()
        (0, 1, 3, 0)
        """
        if self.signal is not None:
            return SIGNALLED + self.signal
        polls = [result.poll for result in self.results if result.poll not in {None, "not_due"}]
        done = any(self.total(count) for count in ("new", "updated", "unchanged"))
        if polls and not done and all(poll == "failed" for poll in polls):
            return 3
        return 1 if "failed" in polls or self.total("failed") or self.mistakes or self.bugs else 0
