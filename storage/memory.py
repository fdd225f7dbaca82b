"""What a run can recall of its store: reads, each by itself; nothing here writes."""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from pressclip.models import Clipping, Document, FeedEntry, Queued
from pressclip.retention import Retention
from storage import connection, frontier, polling, pruning, reading, recleaning, runs, search, sites, sketches
from storage.records import Hit, HostState, RobotsState, Selection, SourceState, Stored

LATELY = 3  # runs in which articles were in trouble


class Memory:
    """The store, open for reading. Errors of SQLite that can be expected come out as StoreError."""

    def __init__(self, path: Path, conn: sqlite3.Connection) -> None:
        self.path = path
        self._conn = conn
        self._conn.row_factory = sqlite3.Row

    def close(self) -> None:
        """Close the file; what was committed is in it."""
        self._conn.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def began_before(self, run_id: int) -> str | None:
        """Recall when the run before this one began (UTC); None: there was none."""
        with connection.explained(self.path):
            return runs.began_before(self._conn, run_id)

    def state(self, source: str) -> SourceState | None:
        """Recall how polling a source went; None: it was never mirrored nor polled."""
        with connection.explained(self.path):
            return polling.state(self._conn, source)

    def documents(self, source: str) -> list[Document]:
        """Recall what the document of a source leads to, itself included."""
        with connection.explained(self.path):
            return polling.documents(self._conn, source)

    def outcomes(self, source: str, limit: int) -> list[tuple[str, bool]]:
        """List addresses of a source's newest entries that were fetched, and whether their pages were articles."""
        with connection.explained(self.path):
            return polling.outcomes(self._conn, source, limit)

    def troubles(self) -> tuple[list[str], list[tuple[str, dict[str, int]]]]:
        """Name the sources whose last poll failed; and what went wrong with articles lately, see `polling.mishaps`."""
        with connection.explained(self.path):
            return polling.failing(self._conn), polling.mishaps(self._conn, LATELY)

    def host(self, name: str) -> HostState | None:
        """Recall a public host; None: nothing is known of it."""
        with connection.explained(self.path):
            return polling.host(self._conn, name)

    def robots(self, site: str) -> RobotsState | None:
        """Recall a site's robots.txt; None: it was never asked for."""
        with connection.explained(self.path):
            return polling.robots(self._conn, site)

    def unseen(self, source: str | None, entries: Sequence[FeedEntry]) -> list[FeedEntry]:
        """Choose the items that `record_poll` would queue; writes nothing."""
        with connection.explained(self.path):
            verdicts = frontier.judge(self._conn, entries, source)
        return [item for item, _, verdict in verdicts if verdict in ("new", "updated") and not item.left_out]

    def articles(self, selection: Selection | None = None) -> Iterator[Stored]:
        """Walk through the articles of a selection, newest first; see `storage.reading.find_articles`."""
        with connection.explained(self.path):
            yield from reading.find_articles(self._conn, selection or Selection())

    def article(self, name: int | str) -> Stored | None:
        """Find an article by its number or its address."""
        with connection.explained(self.path):
            return reading.get_article(self._conn, name)

    def search(self, words: str, selection: Selection | None = None, *, ranked: bool = False) -> list[Hit]:
        """Find articles by what a person types, newest or best first; see `storage.search.search`."""
        with connection.explained(self.path):
            return search.search(self._conn, words, selection, ranked=ranked)

    def due(self, now: str, *, source: str | None, limit: int | None = None) -> list[Queued]:
        """List the entries of a source (None: the one-off additions) that may be fetched now, newest first."""
        with connection.explained(self.path):
            return frontier.due(self._conn, now, source, limit)

    def common(self, site: str) -> frozenset[int]:
        """Recall the blocks that a site repeats, as fingerprints."""
        with connection.explained(self.path):
            return sites.common(self._conn, site)

    def stale(self, limit: int) -> list[recleaning.Kept]:
        """Read pages of articles that must be cleaned again, because of what their site repeats."""
        with connection.explained(self.path):
            return recleaning.stale(self._conn, limit)

    def unsketched(self, limit: int) -> list[tuple[int, str, str]]:
        """List articles of the last weeks that have no sketch: number, title and text."""
        with connection.explained(self.path):
            return sketches.missing(self._conn, limit)

    def done_to(self, command: str) -> int:
        """Find the page at which a run of this command was cut short, if the last one was; else 0."""
        with connection.explained(self.path):
            return runs.done_to(self._conn, command)

    def count_pages(self, wanted: recleaning.Wanted, after: int) -> int:
        """Count the stored pages that can be cleaned again, from a page's number on."""
        with connection.explained(self.path):
            return recleaning.count(self._conn, wanted, after)

    def pages_after(self, wanted: recleaning.Wanted, after: int, limit: int) -> list[recleaning.Kept]:
        """Read stored pages in the order of their numbers."""
        with connection.explained(self.path):
            return recleaning.pages(self._conn, wanted, after, limit)

    def compare(self, kept: recleaning.Kept, clipping: Clipping) -> recleaning.Change:
        """Say what `write_back` would do with a page that was cleaned again."""
        with connection.explained(self.path):
            return recleaning.outcome(self._conn, kept, clipping)

    def prunable(self, wanted: Retention) -> list[pruning.Share]:
        """Count what `prune` would let go."""
        with connection.explained(self.path):
            return pruning.plan(self._conn, wanted)

    def free(self) -> int:
        """Count the bytes inside the file that hold nothing: later rows are written there."""
        with connection.explained(self.path):
            return pruning.free(self._conn)
