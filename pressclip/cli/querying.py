"""The command that runs SQL, and only such SQL as reads."""

import csv
import sys
from typing import TYPE_CHECKING

import click

from pressclip.cli.context import Given, pass_given
from pressclip.cli.terminal import safe

if TYPE_CHECKING:
    from storage.records import Answer


@click.command()
@click.argument("sql")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True,
    help="A table becomes lines with tabs where no terminal is.",
)  # fmt: skip
@click.option(
    "--limit", type=click.IntRange(min=0), default=1000, show_default=True, help="At most so many rows."
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0),
    default=10,
    show_default=True,
    help="Stop it after so many seconds.",
)
@pass_given
def query(given: Given, sql: str, form: str, limit: int, timeout: float) -> None:
    """Run one SQL statement that reads.

    `-` takes it from standard input. docs/storage.md has the tables.

    \b
    Example:
      pressclip query "SELECT source, count(*) FROM articles GROUP BY source"
      pressclip query "SELECT title FROM articles WHERE lang = 'ja'" --format csv
    """
    from storage import queries, reading

    statement = sys.stdin.read() if sql == "-" else sql
    with reading.opened(given.db) as db:
        answer = queries.run_sql(db, statement, seconds=timeout, max_rows=limit)
    _print(answer, form)
    if answer.truncated:
        click.echo(f"only the first {limit} rows are shown; raise --limit for more", err=True)


def _print(answer: "Answer", form: str) -> None:
    from pressclip.cli import tables

    if form == "json":
        names = _told_apart(answer.columns)
        tables.print_json([dict(zip(names, row, strict=True)) for row in answer.rows])
    elif form == "csv":
        from storage.exporting.spreadsheet import csv_cell

        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(map(safe, answer.columns))
        for row in answer.rows:
            writer.writerow(
                csv_cell(safe(cell, keep="\n\t")) if isinstance(cell, str) else _sized(cell) for cell in row
            )
    else:
        tables.print_rows(answer.columns, ([_plain(cell) for cell in row] for row in answer.rows))


def _sized(cell: object) -> object:
    return f"<{len(cell)} bytes>" if isinstance(cell, bytes) else cell


def _plain(cell: object) -> str:
    return "" if cell is None else str(_sized(cell))


def _told_apart(columns: tuple[str, ...]) -> list[str]:
    """Number the names that come again: an object holds each name once.

    >>> _told_apart(("id", "title", "id"))
    ['id', 'title', 'id_2']
    """
    return [
        f"{name}_{columns[:place].count(name) + 1}" if name in columns[:place] else name
        for place, name in enumerate(columns)
    ]
