"""Stories on the command line: one line each, with who else carried them."""

import sys
from typing import TYPE_CHECKING, Any

import click

from pressclip.cli import tables
from pressclip.cli.terminal import safe

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from storage.records import Copy, Selection, Story

_COLUMNS = ("id", "newest", "sources", "lang", "title", "also at", "url")
_TO_THE_MINUTE = len("2026-11-22T10:57")


def print_stories(db: "sqlite3.Connection", selection: "Selection", *, as_json: bool) -> None:
    """Print the stories of which an article is chosen, newest first."""
    from storage import coverage

    found = coverage.find_stories(db, selection)
    if as_json:
        tables.print_json([_summary(story) for story in found])
        return
    on_terminal = sys.stdout.isatty()
    shown = _COLUMNS[:-1] if on_terminal else _COLUMNS
    rows = [_row(story)[: len(shown)] for story in found]
    tables.print_rows(shown, rows, wide="title")
    if on_terminal and not rows:
        click.echo("no articles", err=True)


def also_at_line(copies: "Sequence[Copy]") -> str:
    """Name the copies of an article in one line; empty: there are none."""
    return f"also at: {', '.join(f'{safe(copy.source)} #{copy.id}' for copy in copies)}\n" if copies else ""


def _summary(story: "Story") -> dict[str, Any]:
    import msgspec

    return {
        **tables.summary(story.lead),
        "newest_at": story.newest_at,
        "sources": list(story.sources),
        "copies": msgspec.to_builtins(story.copies),
    }


def _row(story: "Story") -> tuple[str, ...]:
    article = story.lead.article
    newest = story.newest_at[:_TO_THE_MINUTE].replace("T", " ")
    others = ", ".join(story.sources[1:])
    return (
        str(story.lead.id), newest, str(max(1, len(story.sources))), article.lang or "", article.title, others,
        article.url,
    )  # fmt: skip
