"""The commands that look after the store: copies, and what is wrong."""

import sys
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pressclip.cli.context import Given, pass_given

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
@pass_given
def backup(given: Given, file: Path, force: bool) -> None:
    """Copy the store to FILE while it is in use; the copy is checked before it gets its name.

    To go back to it: stop what writes, move the store and the files beside it (-wal, -shm) away, copy FILE to its
    place.

    \b
    Example:
      pressclip backup news-2026-11-22.db
      pressclip backup --force /mnt/backup/news.db
    """
    from storage import backup as copies
    from storage.connection import explained, open_readonly

    with (
        explained(given.db),
        closing(open_readonly(given.db, older=True)) as db,
        bar(given, "copying") as watch,
    ):
        copied = copies.copy(db, file, replace=force, watch=watch)
    if seen(given):
        click.echo(
            f"{copied.path}: {copied.articles} articles, {copied.pages} raw pages, {megabytes(copied.size)}"
        )


def megabytes(size: int) -> str:
    """Write a size in bytes for people.

    >>> megabytes(12_345_678), megabytes(2_000)
    ('12.3 MB', '0.0 MB')
    """
    return f"{size / 1e6:,.1f} MB"


def seen(given: Given) -> bool:
    """Whether somebody looks: on a terminal, or by -v; never in cron."""
    return given.verbosity > 0 or (given.verbosity == 0 and sys.stdout.isatty())


@contextmanager
def bar(given: Given, what: str) -> "Iterator[Callable[[int, int], None] | None]":
    """Show a line that moves, on a terminal only; what is yielded takes how much is done, and of how much."""
    if given.verbosity or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn(what), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
