"""How trials look: a source and a few of its articles for somebody who decides; a table of many."""

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from pressclip.cli.tables import print_rows, span
from pressclip.cli.terminal import safe

if TYPE_CHECKING:
    from pressclip.trial_report import Glance, TrialReport

COLUMNS = ("source", "gives", "entries", "newest", "text", "articles", "notes")


def print_report(found: "TrialReport", *, name: str) -> None:
    """Print one source, with its articles as they come out."""
    click.echo(safe(f"{found.title or name}  ({name})"))
    for label, value in _facts(found):
        click.echo(safe(f"  {label:<10}{value}"))
    for article in found.articles:
        click.echo()
        for line in _lines(article):
            click.echo(safe(line))
    click.echo()


def print_table(reports: "Sequence[TrialReport]") -> None:
    """Print what many sources gave, a row each; on a terminal, failures in colour."""
    rows = [_row(each) for each in reports]
    styles = ["red" if each.reason else "yellow" if _troubles(each) else None for each in reports]
    if sys.stdout.isatty():
        print_rows(COLUMNS, rows, wide="notes", styles=styles)
    else:
        print_rows(COLUMNS, rows)


def _facts(found: "TrialReport") -> Iterator[tuple[str, str]]:
    yield (found.kind or "address"), found.moved_to or found.url
    if found.moved_to:
        yield "moved", f"for good, from {found.url}"
    yield "language", found.lang or "not known"
    left_out = f", {found.left_out} left out by rules" if found.left_out else ""
    window = f" of the last {span(found.horizon)}" if found.horizon else ""
    newest = f", newest {found.newest_at}" if found.newest_at else ""
    yield "entries", f"{found.entries}{window}{left_out}{newest}"
    if found.interval:
        often = f"; something new about every {span(_rounded(found.gap))}" if found.gap else ""
        yield "asked", f"every {span(_rounded(found.interval))} or so{often}"
    if found.full_text is not None:
        yield (
            "text",
            "in the feed; the pages are fetched all the same"
            if found.full_text
            else "summaries; the pages are fetched",
        )
    if found.hub:
        yield "hub", found.hub
    for problem in found.problems:
        yield "problem", problem


def _lines(article: "Glance") -> Iterator[str]:
    if article.reason:
        yield f"  -  {article.title or article.url}"
        yield f"     no article: {article.reason}"
        return
    about = [
        article.published_at or "no date",
        ", ".join(article.authors) or "no author",
        article.lang or "?",
    ]
    yield f"  *  {article.title}"
    yield f"     {' · '.join(about)} · {article.length} characters"
    yield f"     {article.beginning}{'…' if article.length > len(article.beginning) else ''}"


def _row(found: "TrialReport") -> tuple[str, ...]:
    good = sum(article.reason is None for article in found.articles)
    return (
        found.source or "",
        "failed" if found.reason else found.kind or "",
        str(found.entries) if not found.reason else "",
        (found.newest_at or "")[:16],
        {True: "full", False: "summary", None: ""}[found.full_text],
        f"{good} of {len(found.articles)}" if found.articles else "",
        "; ".join(_troubles(found)) or (found.articles[0].title or "" if found.articles else ""),
    )


def _troubles(found: "TrialReport") -> list[str]:
    """What somebody should know, the worst first."""
    return [
        *([found.reason] if found.reason else []),
        *(["no entries"] if not found.reason and not found.entries else []),
        *([f"moved for good to {found.moved_to}"] if found.moved_to else []),
        *dict.fromkeys(article.reason for article in found.articles if article.reason),
        *found.problems,
    ]


def _rounded(seconds: int) -> int:
    """A span as people say it: whole hours, else whole minutes.

    >>> _rounded(7000), _rounded(2000), _rounded(20)
    (7200, 1980, 60)
    """
    unit = 3600 if seconds >= 5400 else 60  # noqa: PLR2004 - an hour and a half
    return max(unit, round(seconds / unit) * unit)
