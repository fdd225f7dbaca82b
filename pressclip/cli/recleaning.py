"""The command that cleans stored pages again."""

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from pressclip.cli.context import Given, pass_given
from pressclip.cli.filters import Moment
from pressclip.cli.terminal import safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pressclip.recleaning import Progress

_WORDS = {
    "unchanged": "unchanged",
    "updated": "updated (the old text is a revision)",
    "fields": "updated in other fields (date, authors, Markdown ...)",
    "worse": "much shorter now: kept as suspect revisions, the articles stay",
    "rejected": "would be no articles now: they stay as they are",
    "new": "newly accepted",
}
_SHOWN = 50  # changes that are listed; --json has all


@click.command()
@click.option("--source", metavar="NAME", help="Only pages that this source led to.")
@click.option(
    "--since", type=Moment(), metavar="WHEN", help="Only pages fetched since: 2026-11-22, or 7d, 12h (UTC)."
)
@click.option("--dry-run", is_flag=True, help="Show what would change, store nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what changed as JSON.")
@pass_given
def reclean(given: Given, source: str | None, since: str | None, dry_run: bool, as_json: bool) -> None:
    """Clean the stored pages again with today's rules; nothing is fetched.

    Texts that change become revisions, see `pressclip show ID --history`. A run that was cut short goes on where it
    stood when the same command is given again, unless the rules have changed since.

    \b
    Example:
      pressclip reclean --dry-run
      pressclip reclean --source coindesk --since 30d
    """
    from pressclip import recleaning
    from pressclip.report import SIGNALLED
    from storage.recleaning import Wanted

    with _bar(given, as_json) as watch:
        progress, signal = recleaning.run(
            given.db,
            Wanted(source=source, since=since),
            configuration_file=given.sources,
            dry_run=dry_run,
            watch=watch,
        )
    if as_json:
        _print_json(progress, dry_run=dry_run)
    elif given.verbosity > 0 or dry_run or (given.verbosity == 0 and sys.stdout.isatty()):
        _print(progress, dry_run=dry_run)
    sys.exit(SIGNALLED + signal if signal else 0)


def _print_json(progress: "Progress", *, dry_run: bool) -> None:
    from pressclip.cli import tables

    counts = {word: progress.counts[word] for word in _WORDS}
    tables.print_json(
        {"dry_run": dry_run, "pages": progress.total, "skipped": progress.skipped, "counts": counts,
         "changes": progress.changes}
    )  # fmt: skip


def _print(progress: "Progress", *, dry_run: bool) -> None:
    from pressclip.cli import tables

    rows = [
        (one.outcome, str(one.article_id or ""), f"{one.before} → {one.after}", one.reason or one.title or "")
        for one in progress.changes[:_SHOWN]
    ]
    if rows:
        tables.print_rows(("change", "id", "characters", "title"), rows, wide="title")
    if len(progress.changes) > _SHOWN:
        click.echo(f"… and {len(progress.changes) - _SHOWN} more; --json has all")
    if progress.skipped:
        click.echo(f"{progress.skipped} pages were done by the run before, which was cut short")
    click.echo(f"{progress.total} pages{' (dry run: nothing was written)' if dry_run else ''}")
    for word, meaning in _WORDS.items():
        if progress.counts[word]:
            click.echo(safe(f"  {progress.counts[word]} {meaning}"))


@contextmanager
def _bar(given: Given, as_json: bool) -> "Iterator[Callable[[Progress], None] | None]":
    """Show a line that moves, on a terminal only."""
    if as_json or given.verbosity or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("pages"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("pages", total=None)
        yield lambda done: bar.update(task, completed=done.counts.total(), total=done.total)
