"""The commands that look after the store: copies, and what is wrong."""

import sys
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pressclip.cli.context import Given, pass_given
from pressclip.cli.terminal import safe
from pressclip.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from storage.doctor import Finding, What


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
@pass_given
def backup(given: Given, file: Path, force: bool) -> None:
    """Copy the store to FILE while it is in use, and check the copy before it gets its name.

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


@click.command()
@click.option(
    "--deep", is_flag=True, help="Also compare the index and the raw pages, word by word: takes minutes."
)
@click.option("--fix", is_flag=True, help="Mend what can be mended.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_given
def doctor(given: Given, deep: bool, fix: bool, as_json: bool) -> None:
    """Look for what is wrong with the store, and say how to mend it.

    Ends with 0 if all is well, 1 if something is to be mended, 4 if the file is damaged and a backup must be restored.

    \b
    Example:
      pressclip doctor
      pressclip doctor --deep --fix
    """
    from datetime import UTC, datetime

    from storage.doctor import examine

    now = datetime.now(UTC)
    mended: list[What] = []
    with _busy(given):
        findings = examine(given.db, now, deep=deep)
        levels = {finding.level for finding in findings}
        if fix and "fault" in levels and "damage" not in levels:
            mended = _mended(given.db, {finding.what for finding in findings})
            findings = examine(given.db, now, deep=deep)
    if as_json:
        from pressclip.cli import tables

        tables.print_json({"mended": mended, "findings": findings})
    else:
        _print_findings(given, findings, mended)
    levels = {finding.level for finding in findings}
    sys.exit(StoreError.exit_code if "damage" in levels else 1 if "fault" in levels else 0)


def _mended(db: Path, found: "set[What]") -> "list[What]":
    from storage.lock import hold
    from storage.store import Store

    migrated: list[What] = ["schema"] if "schema" in found else []  # opening it does that
    with hold(db), Store.open(db, create=False) as store:
        return [*migrated, *store.mend(found)]


def _print_findings(given: Given, findings: "Sequence[Finding]", mended: "Sequence[What]") -> None:
    for what in mended:
        click.echo(f"mended: {what}")
    for finding in findings:
        if finding.level == "note" and not seen(given):
            continue
        click.echo(safe(f"{finding.level}: {finding.what}: {finding.text}"))
        if finding.mend:
            click.echo(f"    {finding.mend}")
    if not findings and seen(given):
        click.echo(f"{given.db}: all is well")


@contextmanager
def _busy(given: Given) -> "Iterator[None]":
    """Show on a terminal that something is going on."""
    if given.verbosity or not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status("looking at the store"):
        yield


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
