"""How the versions of an article look: `show --history` and `show --diff`."""

from typing import TYPE_CHECKING

import click

from pressclip.cli.terminal import safe

if TYPE_CHECKING:
    import sqlite3

    from pressclip.differences import Line
    from storage.records import Stored
    from storage.revisions import Revision

_WHY = {"replaced": "the page changed", "recleaned": "cleaned anew", "worse": "suspect: much shorter"}
_TO_THE_MINUTE = len("2026-11-22T10:57")
_STYLES = {"-": "red", "+": "green", " ": "", "…": "dim"}
LATEST = 0  # the number that stands for the last revision


def print_history(db: "sqlite3.Connection", stored: "Stored") -> None:
    """List the versions of an article, the current one last: until when it stood and why, how long, its title."""
    from pressclip.cli import tables
    from storage.revisions import history

    rows = [
        (str(one.number), _minute(one.recorded_at), _WHY[one.why], str(len(one.text)), one.title)
        for one in history(db, stored.id)
    ]
    article = stored.article
    rows.append(("current", _minute(article.fetched_at), "", str(len(article.text)), article.title))
    tables.print_rows(("version", "when", "why", "characters", "title"), rows, wide="title")


def _minute(moment: str) -> str:
    return moment[:_TO_THE_MINUTE].replace("T", " ")


def print_diff(db: "sqlite3.Connection", stored: "Stored", number: int) -> None:
    """Show what changed from a revision to the current version, sentence by sentence.

    Raises:
        InputError: there is no such revision.
    """
    from pressclip.differences import difference

    old = _revision(db, stored, number)
    article = stored.article
    click.echo(f"--- revision {old.number}, fetched {old.fetched_at} ({_WHY[old.why]})")
    click.echo(f"+++ current, fetched {article.fetched_at}")
    lines = difference(f"{old.title}\n\n{old.text}", f"{article.title}\n\n{article.text}")
    if not any(line.kind in "-+" for line in lines):
        click.echo("no sentence differs")
        return
    from rich.console import Console

    console = Console(highlight=False, markup=False, soft_wrap=True)
    for line in lines:
        console.print(_styled(line))


def _revision(db: "sqlite3.Connection", stored: "Stored", number: int) -> "Revision":
    from pressclip.errors import InputError
    from storage.revisions import history

    revisions = history(db, stored.id)
    wanted = number if number != LATEST else len(revisions)
    if not 0 < wanted <= len(revisions):
        known = f"it has {len(revisions)}" if revisions else "it never changed"
        named = "revision" if number == LATEST else f"revision {number}"
        raise InputError("not_found", f"article {stored.id} has no {named}: {known}")
    return revisions[wanted - 1]


def _styled(line: "Line") -> object:
    from rich.text import Text

    if line.kind == "…":
        return Text(f"… {line.text} the same", style="dim")
    shown = Text(f"{line.kind} ", style=_STYLES[line.kind])
    for text, changed in line.parts:
        shown.append(safe(text), style="bold reverse" if changed else "")
    return shown
