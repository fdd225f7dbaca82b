"""The one writer. Each method is one transaction; none is held open over the network or over parsing.

mirror ─ record_poll ─ due ─(fetch, clean)─ save ─ weigh ─ stale ─(clean)─ write_back
             queue ─────┘                            pages_after ──┘
"""

import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from pressclip.models import Clipping, Document, FeedEntry, Poll, Queued, Sketch, Source
from pressclip.retention import Retention
from storage import (
    clippings,
    connection,
    doctor,
    frontier,
    fulltext,
    importing,
    leaps,
    mending,
    polling,
    pruning,
    reading,
    recleaning,
    search,
    sites,
    sketches,
    stories,
)
from storage.records import (
    Hit,
    HostState,
    Learned,
    PollResult,
    RobotsState,
    SaveResult,
    Selection,
    SourceResult,
    SourceState,
    Stored,
)
from storage.text import storable, to_json

_COUNTS = ("new", "updated", "unchanged", "skipped", "failed", "waiting")


class Store:
    """The store, open for writing. Errors of SQLite that can be expected come out as StoreError."""

    def __init__(self, path: Path, conn: sqlite3.Connection) -> None:
        self.path = path
        self._conn = conn
        self._conn.row_factory = sqlite3.Row

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

    def close(self) -> None:
        """Close the file; what was committed is in it."""
        self._conn.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

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
            leaps.heal(conn, started_at)
            conn.execute("UPDATE runs SET outcome = 'killed' WHERE finished_at IS NULL AND outcome IS NULL")
            cursor = conn.execute(
                "INSERT INTO runs (command, started_at) VALUES (?, ?)", [storable(command), started_at]
            )
        return int(cursor.lastrowid or 0)

    def began_before(self, run_id: int) -> str | None:
        """Recall when the run before this one began (UTC); None: there was none."""
        with connection.explained(self.path):
            row = self._conn.execute(
                "SELECT started_at FROM runs WHERE id < ? ORDER BY id DESC LIMIT 1", [run_id]
            ).fetchone()
        return row["started_at"] if row else None

    def end_run(self, run_id: int, finished_at: str, outcome: str, results: Sequence[SourceResult]) -> None:
        """Write down how a run ended, in all and for each source that had not simply rested."""
        totals = [sum(getattr(result, name) for result in results) for name in _COUNTS]
        with self._transaction() as conn:
            conn.execute(
                "UPDATE runs SET finished_at = ?, outcome = ?, new = ?, updated = ?, unchanged = ?, skipped = ?,"
                " failed = ?, waiting = ? WHERE id = ?",
                [finished_at, outcome, *totals, run_id],
            )
            conn.executemany(
                "INSERT INTO run_sources (run_id, source, poll, poll_reason, new, updated, unchanged, skipped, failed,"
                " waiting, reasons) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    [
                        run_id,
                        result.source,
                        result.poll,
                        result.poll_reason and storable(result.poll_reason),
                        *(getattr(result, name) for name in _COUNTS),
                        to_json(dict(result.reasons)),
                    ]
                    for result in results
                    if not result.rested
                ],
            )

    def mirror(self, sources: Sequence[Source]) -> None:
        """Copy what sources.toml says of these sources (not their headers: they hold secrets)."""
        with self._transaction() as conn:
            polling.mirror(conn, sources)

    def state(self, source: str) -> SourceState | None:
        """Recall how polling a source went; None: it was never mirrored nor polled."""
        with connection.explained(self.path):
            return polling.state(self._conn, source)

    def documents(self, source: str) -> list[Document]:
        """Recall what the document of a source leads to, itself included."""
        with connection.explained(self.path):
            return polling.documents(self._conn, source)

    def record_document(self, poll: Poll) -> PollResult:
        """Write down what asking one of a source's further documents gave: its state and its entries commit together."""
        with self._transaction() as conn:
            polling.keep_documents(conn, poll.source, poll.documents)
            result = PollResult()
            if poll.outcome == "changed":
                result = frontier.note(conn, poll.entries, poll.source, poll.asked_at)
            if result.new:
                conn.execute(
                    "UPDATE sources SET last_new_at = ? WHERE name = ?", [poll.asked_at, poll.source]
                )
        return result

    def outcomes(self, source: str, limit: int) -> list[tuple[str, bool]]:
        """List addresses of a source's newest entries that were fetched, and whether their pages were articles."""
        with connection.explained(self.path):
            return polling.outcomes(self._conn, source, limit)

    def host(self, name: str) -> HostState | None:
        """Recall a public host; None: nothing is known of it."""
        with connection.explained(self.path):
            return polling.host(self._conn, name)

    def keep_host(self, known: HostState) -> None:
        """Write down what is known of a host."""
        with self._transaction() as conn:
            polling.keep_host(conn, known)

    def robots(self, site: str) -> RobotsState | None:
        """Recall a site's robots.txt; None: it was never asked for."""
        with connection.explained(self.path):
            return polling.robots(self._conn, site)

    def keep_robots(self, known: RobotsState) -> None:
        """Write down what a robots.txt said."""
        with self._transaction() as conn:
            polling.keep_robots(conn, known)

    def unseen(self, source: str | None, entries: Sequence[FeedEntry]) -> list[FeedEntry]:
        """Choose the items that `record_poll` would queue; writes nothing."""
        with connection.explained(self.path):
            verdicts = frontier.judge(self._conn, entries, source)
        return [item for item, _, verdict in verdicts if verdict in ("new", "updated") and not item.left_out]

    def record_poll(self, poll: Poll, *, next_poll_at: str, learned: Learned | None = None) -> PollResult:
        """Write down a poll: validators, state, what it taught and entries commit together.

        Changed and unchanged answers replace the validators by those of `poll`, absent ones included; a failure
        leaves validators and entries as they are and counts.
        """
        with self._transaction() as conn:
            if learned:
                polling.learn(conn, poll.source, learned, poll.asked_at)
            polling.keep_documents(conn, poll.source, poll.documents)
            conn.execute(
                "INSERT INTO sources (name, kind, url) VALUES (?, 'feed', ?) ON CONFLICT (name) DO NOTHING",
                [poll.source, storable(poll.url)],
            )
            conn.execute(
                "UPDATE sources SET last_asked_at = ?, next_poll_at = ?, last_status = ? WHERE name = ?",
                [poll.asked_at, next_poll_at, poll.status, poll.source],
            )
            if poll.outcome == "failed":
                conn.execute(
                    "UPDATE sources SET failures = failures + 1, last_reason = ? WHERE name = ?",
                    [poll.reason and storable(poll.reason), poll.source],
                )
                return PollResult()
            result = PollResult()
            if poll.outcome == "changed":
                result = frontier.note(conn, poll.entries, poll.source, poll.asked_at)
                conn.execute(
                    "UPDATE sources SET feed_title = coalesce(?, feed_title), problems = ?,"
                    " last_new_at = iif(?, ?, last_new_at) WHERE name = ?",
                    [
                        poll.title and storable(poll.title),
                        to_json(poll.problems),
                        result.new > 0,
                        poll.asked_at,
                        poll.source,
                    ],
                )
            conn.execute(
                "UPDATE sources SET asked_url = ?, etag = ?, last_modified = ?, body_hash = ?, last_ok_at = ?,"
                " failures = 0, last_reason = NULL WHERE name = ?",
                [
                    storable(poll.url),
                    poll.etag and storable(poll.etag),
                    poll.last_modified and storable(poll.last_modified),
                    poll.body_hash,
                    poll.asked_at,
                    poll.source,
                ],
            )
        return result

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
            conn.execute("UPDATE runs SET done_to = ? WHERE id = ?", [done_to, run_id])
        return results

    def common(self, site: str) -> frozenset[int]:
        """Recall the blocks that a site repeats, as fingerprints."""
        with connection.explained(self.path):
            return sites.common(self._conn, site)

    def weigh(self, enough: Callable[[int], int]) -> int:
        """Count the blocks of articles that are new; return how many articles must be cleaned again for it."""
        with self._transaction() as conn:
            return sites.weigh(conn, enough)

    def stale(self, limit: int) -> list[recleaning.Kept]:
        """Read pages of articles that must be cleaned again, because of what their site repeats."""
        with connection.explained(self.path):
            return recleaning.stale(self._conn, limit)

    def unsketched(self, limit: int) -> list[tuple[int, str, str]]:
        """List articles of the last weeks that have no sketch: number, title and text."""
        with connection.explained(self.path):
            return sketches.missing(self._conn, limit)

    def sketch(self, made: Sequence[tuple[int, Sketch]]) -> None:
        """Put articles into the stories that their texts belong to."""
        with self._transaction() as conn:
            for number, of_text in made:
                stories.place(conn, number, of_text)

    def done_to(self, command: str) -> int:
        """Find the page at which a run of this command was cut short, if the last one was; else 0."""
        with connection.explained(self.path):
            last = self._conn.execute(
                "SELECT done_to, outcome FROM runs WHERE command = ? ORDER BY id DESC LIMIT 1",
                [storable(command)],
            ).fetchone()
        return int(last["done_to"]) if last and last["outcome"] in (None, "killed", "interrupted") else 0

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

    def write_back(
        self, batch: Sequence[tuple[recleaning.Kept, Clipping]], at: str, run_id: int, done_to: int = 0
    ) -> list[recleaning.Change]:
        """Write what cleaning pages again gave, and how far the run has come, all in one transaction."""
        with self._articles() as (conn, index):
            changes = [recleaning.write(conn, kept, clipping, at, index) for kept, clipping in batch]
            conn.execute("UPDATE runs SET done_to = max(done_to, ?) WHERE id = ?", [done_to, run_id])
        return changes

    def prunable(self, wanted: Retention) -> list[pruning.Share]:
        """Count what `prune` would let go."""
        with connection.explained(self.path):
            return pruning.plan(self._conn, wanted)

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

    def free(self) -> int:
        """Count the bytes inside the file that hold nothing: later rows are written there."""
        with connection.explained(self.path):
            return pruning.free(self._conn)

    def vacuum(self) -> int:
        """Give what is free inside the file back to the disk; return how many bytes that was.

        Raises:
            StoreError: there is not enough room to do it: the file is written anew.
        """
        with connection.explained(self.path):
            return pruning.vacuum(self._conn, self.path)
