"""The command that brings archives into the store."""

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pressclip.cli.context import Given, pass_given
from pressclip.cli.extras import need
from pressclip.cli.terminal import safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pressclip.importing import Progress

_WORDS = {
    "new": "new",
    "updated": "updated (the text before is a revision)",
    "unchanged": "unchanged",
    "older": "older than what the store has: kept as revisions",
    "worse": "much shorter than what the store has: kept as suspect revisions",
    "skipped": "no articles",
}
_SHOWN = 20  # files that say not where they came from; --json has all


@click.command("import")
@click.argument(
    "files", metavar="FILE|DIR...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)
@click.option("--source", metavar="NAME", help="Label the articles as this source's.")
@click.option("--json", "as_json", is_flag=True, help="Print what became of the records as JSON.")
@pass_given
def import_(given: Given, files: tuple[Path, ...], source: str | None, as_json: bool) -> None:
    """Import web archives (WARC), saved HTML pages and HAR files; nothing is fetched.

    Of a folder all archives in it are read. What is imported twice changes nothing, and a run that was cut short goes
    on where it stood when the same command is given again.

    \b
    Example:
      pressclip import CC-NEWS-20261101000000-00001.warc.gz
      pressclip import --source saved ~/Downloads/articles/
    """
    from pressclip.report import SIGNALLED
    from spiders import archives

    found = archives.find(files)
    if any(archive.kind == "warc" for archive in found):
        need("fastwarc", extra="archives", what="WARC")
    from pressclip import importing

    with _bar(given, as_json) as watch:
        progress, signal = importing.run(
            given.db, found, source=source, configuration_file=given.sources, watch=watch
        )
    if as_json:
        _print_json(progress)
    elif given.verbosity > 0 or (given.verbosity == 0 and sys.stdout.isatty()):
        _print(progress)
    for trouble in progress.troubles:
        click.echo(f"pressclip: {safe(trouble)}", err=True)
    sys.exit(SIGNALLED + signal if signal else 1 if progress.troubles else 0)


def _print_json(progress: "Progress") -> None:
    from pressclip.cli import tables

    tables.print_json(
        {"records": progress.records, "counts": {word: progress.counts[word] for word in _WORDS},
         "reasons": dict(progress.reasons.most_common()), "troubles": progress.troubles,
         "no_address": progress.nameless, "bytes": progress.size, "done_before": progress.skipped}
    )  # fmt: skip


def _print(progress: "Progress") -> None:
    if progress.skipped:
        click.echo(f"the first {progress.skipped} bytes were done by the run before, which was cut short")
    click.echo(f"{progress.records} records")
    for word, meaning in _WORDS.items():
        if progress.counts[word]:
            click.echo(f"  {progress.counts[word]} {meaning}")
    for reason, count in progress.reasons.most_common():
        click.echo(safe(f"    {count} {reason}"))
    for name in progress.nameless[:_SHOWN]:
        click.echo(safe(f"  {name}: says not where it came from (no canonical link, no note of the browser)"))
    if len(progress.nameless) > _SHOWN:
        click.echo(f"  … and {len(progress.nameless) - _SHOWN} more; --json has all")


@contextmanager
def _bar(given: Given, as_json: bool) -> "Iterator[Callable[[Progress], None] | None]":
    """Show a line that moves, on a terminal only: how much is read, how many records a second."""
    if as_json or given.verbosity or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Line

    columns = (
        TextColumn("{task.fields[records]} records"), BarColumn(), DownloadColumn(),
        TextColumn("{task.fields[rate]:.0f} records/s"), TimeRemainingColumn(),
    )  # fmt: skip
    with Line(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("import", total=None, records=0, rate=0.0)

        def watch(done: "Progress") -> None:
            elapsed = bar.tasks[0].elapsed or 0.0
            bar.update(
                task, total=done.size, completed=done.done_to, records=done.records,
                rate=done.records / elapsed if elapsed else 0.0,
            )  # fmt: skip

        yield watch
