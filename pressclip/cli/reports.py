"""How reports look: a table for people, JSON for programs, a few lines for a cron mail."""

from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from pressclip.cli.tables import json_text
from pressclip.cli.terminal import safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pressclip.report import Outcome, Report
    from spiders.run import Run
    from storage.records import SourceResult

COUNTS = ("new", "updated", "unchanged", "skipped", "failed", "waiting")
MOST_NAMES = 5  # of sources in one line of a cron mail
_POLLS = {"changed": "changed", "unchanged": "unchanged", "not_due": "not due", "failed": "failed", None: ""}


def as_json(report: "Report") -> str:
    """Write a report for programs."""
    return json_text(
        {
            **msgspec.to_builtins(report),
            "totals": {count: report.total(count) for count in COUNTS},
            "exit_code": report.exit_code,
        }
    )


def outcomes_json(outcomes: "Sequence[Outcome]") -> str:
    """Write what became of each address for programs."""
    return json_text(outcomes)


def outcome_lines(outcomes: "Sequence[Outcome]") -> str:
    """Write what became of each address, a line each."""
    return "\n".join(
        safe(f"{one.outcome}{f' #{one.id}' if one.id else ''}  {one.title or one.reason or ''}  {one.url}")
        for one in outcomes
    )


def why(result: "SourceResult") -> str:
    """Say in a few words what went wrong for a source, or was left out.

    The feed's own trouble comes first, then the articles', the most frequent first.
    """
    reasons = [f"{reason} ×{count}" if count > 1 else reason for reason, count in _frequent(result)]
    return "; ".join([*([result.poll_reason] if result.poll_reason else []), *reasons])


def print_table(report: "Report") -> None:
    """Print a report as a table: a row a source, failures first in colour, totals last."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    for mistake in report.mistakes:
        console.print(safe(mistake), style="yellow", markup=False)
    table = Table(box=None, header_style="bold", pad_edge=False, show_footer=True)
    table.add_column("source", footer="total", overflow="fold")
    table.add_column("feed")
    # Zeros alone tell nothing, and take the room of the reasons.
    shown = [count for count in COUNTS if count in {"new", "failed"} or report.total(count)]
    for count in shown:
        table.add_column(count, justify="right", footer=str(report.total(count)))
    table.add_column("why", overflow="fold", ratio=1)
    for result in report.results:
        bad = result.poll == "failed" or result.failed
        counts = [str(getattr(result, count) or "·") for count in shown]
        name = safe(result.source or "(single pages)")
        # As Text: what a server said must not be read as markup.
        row = (name, _POLLS[result.poll], *counts, safe(why(result)))
        table.add_row(*map(Text, row), style="red" if bad else None)
    console.print(table)


def complaint(report: "Report") -> str:
    """Say what failed in a few plain lines."""
    failed = [result for result in report.results if result.poll == "failed" or result.failed]
    ended = "interrupted after" if report.signal is not None else "finished,"
    head = (
        f"pressclip: {ended} {report.total('new')} new, {len(failed)} of {len(report.results)} sources with failures"
        f" ({report.started_at})"
    )
    lines = [safe(f"  {names}: {reason}") for reason, names in _grouped(failed)]
    bugs = [f"  {report.bugs} errors of pressclip itself, see above"] if report.bugs else []
    return "\n".join([head, *(safe(f"  {mistake}") for mistake in report.mistakes), *lines, *bugs])


@contextmanager
def progress() -> "Iterator[Callable[[Run], None]]":
    """Show how far a run is, in one line on standard error that goes away at the end."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        feeds = bar.add_task("feeds", total=None)
        articles = bar.add_task("articles", total=None)

        def watch(run: "Run") -> None:
            polled = sum(tally.poll is not None for tally in run.tallies.values())
            bar.update(feeds, completed=polled, total=len(run.sources()))
            done = sum(result.new + result.updated + result.unchanged + result.skipped + result.failed
                       for result in run.results())  # fmt: skip
            bar.update(articles, completed=done, total=run.fetches)

        yield watch


def print_found(report: "Report") -> None:
    """Print what a dry run found, a line an entry: source, date, title, address."""
    from pressclip.cli.tables import print_rows
    from pressclip.redaction import redacted

    rows = [
        (source, entry.published_at or entry.updated_at or "", entry.title or "", redacted(entry.url or ""))
        for source, entries in report.found.items()
        for entry in entries
    ]
    print_rows(("source", "date", "title", "address"), rows)


def _grouped(failed: "Sequence[SourceResult]") -> list[tuple[str, str]]:
    """Say once what befell many: a line a reason, with the names of the sources or their number."""
    by_reason: dict[str, list[str]] = {}
    for result in failed:
        by_reason.setdefault(why(result), []).append(result.source or "(single pages)")
    return [
        (reason, ", ".join(names) if len(names) <= MOST_NAMES else f"{len(names)} sources")
        for reason, names in by_reason.items()
    ]


def _frequent(result: "SourceResult") -> list[tuple[str, int]]:
    return sorted(result.reasons.items(), key=lambda pair: -pair[1])
