"""The one writer. Each method is one transaction; none is held open over the network or over parsing.

mirror ─ record_poll ─ due ─(fetch, clean)─ save ─ weigh ─ stale ─(clean)─ write_back
             queue ─────┘                            pages_after ──┘
"""

import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from pressclip.models import Clipping, FeedEntry, Poll, Queued, Sketch, Source
from pressclip.retention import Retention
from storage import (
    clippings,
    connection,
    doctor,
    frontier,
    fulltext,
    importing,
    mending,
    polling,
    polls,
    pruning,
    recleaning,
    runs,
    sites,
    stories,
)
from storage.memory import Memory
from storage.records import (
    HostState,
    Learned,
    PollResult,
    RobotsState,
    SaveResult,
    SourceResult,
)


class Store(Memory):
    """The store, open for writing; what can be recalled of it is its `Memory`."""

    @classmethod
    def open(cls, path: Path, *, create: bool = True, patience: float = 30.0) -> Self:
        """Open the store, made or migrated where needed.

        Args:
            path: the file.
            create: make it if it is missing.
            patience: seconds to wait for another program that writes.

        Raises:
            StoreError: one line that says what is wrong with the file and what to do.
        """
        return cls(path, connection.open_to_write(path, create=create, patience=patience))

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        # Immediate: a transaction that reads first and writes later fails when somebody wrote between.
        with connection.explained(self.path):
            self._conn.execute("BEGIN IMMEDIATE")
            try:
                yield self._conn
                self._conn.execute("COMMIT")
            except BaseException:
                if self._conn.in_transaction:  # a full disk ends it by itself
                    self._conn.execute("ROLLBACK")
                raise

    @contextmanager
    def _articles(self) -> Iterator[tuple[sqlite3.Connection, fulltext.Changes]]:
        """Write articles, all in one transaction; the index follows at its end."""
        with self._transaction() as conn:
            index = fulltext.Changes()
            yield conn, index
            index.write(conn)

    def begin_run(self, command: str, started_at: str) -> int:
        """Write down that a run begins; return its number. Runs that never ended were killed: the lock is ours."""
        with self._transaction() as conn:
            return runs.begin(conn, command, started_at)

    def end_run(self, run_id: int, finished_at: str, outcome: str, results: Sequence[SourceResult]) -> None:
        """Write down how a run ended, in all and for each source that had not simply rested."""
        with self._transaction() as conn:
            runs.end(conn, run_id, finished_at, outcome, results)

    def mirror(self, sources: Sequence[Source]) -> None:
        """Copy what sources.toml says of these sources (not their headers: they hold secrets)."""
        with self._transaction() as conn:
            polling.mirror(conn, sources)

    def record_document(self, poll: Poll) -> PollResult:
        """Write down what asking one of a source's further documents gave: its state and its entries commit together."""
        with self._transaction() as conn:
            return polls.record_document(conn, poll)

    def keep_host(self, known: HostState) -> None:
        """Write down what is known of a host."""
        with self._transaction() as conn:
            polling.keep_host(conn, known)

    def keep_robots(self, known: RobotsState) -> None:
        """Write down what a robots.txt said."""
        with self._transaction() as conn:
            polling.keep_robots(conn, known)

    def record_poll(self, poll: Poll, *, next_poll_at: str, learned: Learned | None = None) -> PollResult:
        """Write down a poll: validators, state, what it taught and entries commit together; see `storage.polls.record`."""
        with self._transaction() as conn:
            return polls.record(conn, poll, next_poll_at=next_poll_at, learned=learned)

    def queue(self, urls: Sequence[FeedEntry], now: str) -> list[Queued]:
        """Queue one-off additions; one that is known is fetched again, one without an address only written down."""
        with self._transaction() as conn:
            numbers: list[int] = []
            for item, known, verdict in frontier.judge(conn, urls, None):
                if known is None and verdict != "known":
                    number = frontier.add(conn, item, None, now)
                    numbers += [number] if verdict == "new" else []
                elif known and (known.url_key or verdict == "updated"):
                    frontier.ask_again(conn, known.id, item if verdict == "updated" else None)
                    numbers.append(known.id)
            return [frontier.queued(conn, number) for number in numbers]

    def save(self, batch: Sequence[Clipping]) -> list[SaveResult]:
        """Write what became of these entries, all in one transaction; the results are in the same order."""
        prepared = [clippings.prepare(clipping) for clipping in batch]
        with self._articles() as (conn, index):
            return [clippings.save(conn, one, index) for one in prepared]

    def take_in(self, batch: Sequence[Clipping], run_id: int, done_to: int) -> list[SaveResult]:
        """Write what became of an archive's pages, and how far the run has come, all in one transaction."""
        prepared = [clippings.prepare(clipping) for clipping in batch]
        with self._articles() as (conn, index):
            results = [importing.take_in(conn, one, index) for one in prepared]
            runs.reach(conn, run_id, done_to)
        return results

    def weigh(self, enough: Callable[[int], int]) -> int:
        """Count the blocks of articles that are new; return how many articles must be cleaned again for it."""
        with self._transaction() as conn:
            return sites.weigh(conn, enough)

    def sketch(self, made: Sequence[tuple[int, Sketch]]) -> None:
        """Put articles into the stories that their texts belong to."""
        with self._transaction() as conn:
            for number, of_text in made:
                stories.place(conn, number, of_text)

    def write_back(
        self, batch: Sequence[tuple[recleaning.Kept, Clipping]], at: str, run_id: int, done_to: int = 0
    ) -> list[recleaning.Change]:
        """Write what cleaning pages again gave, and how far the run has come, all in one transaction."""
        with self._articles() as (conn, index):
            changes = [recleaning.write(conn, kept, clipping, at, index) for kept, clipping in batch]
            runs.reach(conn, run_id, done_to)
        return changes

    def prune(
        self, wanted: Retention, *, watch: Callable[[pruning.Share], None] | None = None
    ) -> list[pruning.Share]:
        """Let go of what is not wanted any more, a bounded number of rows in a transaction; what was done stays done.

        Args:
            wanted: what may go.
            watch: called after each transaction with what it let go.
        """
        gone: dict[pruning.Kind, pruning.Share] = {}
        with connection.explained(self.path), pruning.unchecked(self._conn):
            for step in pruning.steps(wanted):
                while True:
                    with self._transaction() as conn:
                        share = step(conn)
                    if not share.rows:
                        break
                    before = gone.get(share.kind, pruning.Share(share.kind, 0))
                    gone[share.kind] = pruning.Share(
                        share.kind, before.rows + share.rows, before.size + share.size
                    )
                    if watch:
                        watch(share)
        return list(gone.values())

    def mend(self, found: Collection[doctor.What]) -> list[doctor.What]:
        """Mend what `storage.doctor` found, as far as that is possible; return what was."""
        with connection.explained(self.path):
            return list(mending.mend(self._conn, found))

    def vacuum(self) -> int:
        """Give what is free inside the file back to the disk; return how many bytes that was.

        Raises:
            StoreError: there is not enough room to do it: the file is written anew.
        """
        with connection.explained(self.path):
            return pruning.vacuum(self._conn, self.path)
