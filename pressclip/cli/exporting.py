"""The command that takes articles out of the store."""

import errno
import signal
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pressclip.cli.context import Given, pass_given
from pressclip.cli.extras import need
from pressclip.cli.filters import explain_sources, filters
from pressclip.cli.terminal import safe, safe_json
from pressclip.errors import PressclipError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from storage.exporting.feed import Feed
    from storage.exporting.formats import Wanted
    from storage.records import Selection, Stored

_FEEDS = ("atom", "json-feed")
_BINARY = ("parquet", "warc")
_FORMATS = ("jsonl", "csv", "markdown", *_FEEDS, *_BINARY)
_JSON = ("jsonl", "json-feed")
_IN_A_FEED = 100  # articles; readers fetch the whole file each time
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
_ENDING = (signal.SIGTERM, signal.SIGHUP)


@click.command()
@click.option(
    "--format", "form", type=click.Choice(_FORMATS), required=True,
    help="markdown: with the facts of each article as YAML at its head; atom, json-feed: full text for feed readers;"
    " parquet: for data frames; warc: the raw pages.",
)  # fmt: skip
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE|DIR",
    help="Write here, all or nothing; Markdown becomes one file an article in a folder, unless it ends in .md.",
)  # fmt: skip
@click.option("--search", "words", metavar="WORDS", help="Only what `pressclip search WORDS` finds.")
@click.option("--title", help="Name of a feed; without it, what was asked for.")
@click.option("--feed-url", metavar="URL", help="Where a feed will be found by its readers.")
@filters(limit=None)
@pass_given
def export(
    given: Given, form: str, output: Path | None, words: str | None, title: str | None, feed_url: str | None,
    selection: "Selection",
) -> None:  # fmt: skip
    """Export articles, newest first, to a file or standard output.

    A feed holds the newest 100 unless --limit says otherwise; write it again after each crawl.

    \b
    Example:
      pressclip export --format jsonl --since 7d > week.jsonl
      pressclip export --format csv --topic ai -o ai.csv
      pressclip export --format markdown -o notes/
      pressclip export --format atom --search "仮想通貨 規制" -o /srv/www/regulation.atom
      pressclip export --format warc --source coindesk -o coindesk.warc.gz
    """
    if form in _BINARY and output is None:
        raise click.UsageError(f"--format {form} is not text: name a file with -o FILE")
    if output is not None:
        given.spare(output)
    if form == "parquet":
        need("pyarrow", extra="parquet", what="--format parquet")
    if form in _FEEDS and selection.limit is None:
        selection = replace(selection, limit=_IN_A_FEED)
    from storage import reading
    from storage.exporting.feed import Feed, newest
    from storage.exporting.formats import Wanted

    wanted = Wanted(selection=selection, words=words)
    with reading.opened(given.db) as db:
        db.execute("BEGIN")  # one moment of the store, whatever is written meanwhile
        explain_sources(db, [selection.source] if selection.source else [])
        feed = Feed(title=title or _name(wanted), url=feed_url)
        if form == "atom":
            feed = replace(feed, updated=newest(wanted.articles(db)))
        if output is None:
            _to_stdout(wanted.articles(db), form, feed)
            return
        with _ending_cleanly(), _explained(output), _bar(given, wanted, db) as found:
            _to_path(found, form, feed, output, db)


def _name(wanted: "Wanted") -> str:
    """Name a feed after what it holds."""
    chosen = wanted.selection
    return " · ".join(filter(None, ("pressclip", wanted.words, chosen.topic, chosen.source, chosen.lang)))


def _to_stdout(found: "Iterator[Stored]", form: str, feed: "Feed") -> None:
    """Stream to standard output; whatever stands behind it may be a terminal, so nothing raw goes there."""
    from storage.exporting.formats import text

    for part in text(form, found, feed):
        click.echo(safe_json(part) if form in _JSON else safe(part, keep="\n\t"), nl=False)


def _to_path(
    found: "Iterator[Stored]", form: str, feed: "Feed", output: Path, db: "sqlite3.Connection"
) -> None:
    """Write a file, or one file an article into a folder."""
    from storage.exporting.files import replacing
    from storage.exporting.formats import write
    from storage.exporting.notes import write_folder

    if form == "markdown" and output.suffix != ".md":
        write_folder(found, output)
        return
    with replacing(output) as file:
        write(form, found, feed, file, db)


@contextmanager
def _explained(output: Path) -> "Iterator[None]":
    """Tell what can be mended by naming another file from a disk that is full or broken."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise PressclipError(
                f"cannot write {output}: {error.strerror}; nothing was left half written"
            ) from error
        raise click.UsageError(f"cannot write {output}: {error.strerror or error}") from error


@contextmanager
def _ending_cleanly() -> "Iterator[None]":
    """Have a signal that ends the program take the draft of the file away first, as Ctrl-C does."""
    from pressclip.report import SIGNALLED

    before = {
        number: signal.signal(number, lambda number, _: sys.exit(SIGNALLED + number)) for number in _ENDING
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _bar(given: Given, wanted: "Wanted", db: "sqlite3.Connection") -> "Iterator[Iterator[Stored]]":
    """Give the articles; on a terminal, show in a line that moves how many were written."""
    found = wanted.articles(db)
    if given.verbosity < 0 or not sys.stderr.isatty():
        yield found
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("articles"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("articles", total=wanted.count(db))

        def counted() -> "Iterator[Stored]":
            for stored in found:
                bar.advance(task)
                yield stored

        yield counted()
        written = bar.tasks[0].completed
    click.echo(f"{written:g} articles", err=True)
