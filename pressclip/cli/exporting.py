"""The command that takes articles out of the store."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pressclip.cli.context import Given, pass_given
from pressclip.cli.filters import filters
from pressclip.cli.terminal import safe, safe_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.records import Selection, Stored


@click.command()
@click.option(
    "--format", "form", type=click.Choice(["jsonl", "csv", "markdown"]), required=True,
    help="markdown: with the facts of each article as YAML at its head.",
)  # fmt: skip
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE|DIR",
    help="Write here; Markdown becomes one file an article in a folder, unless it ends in .md.",
)  # fmt: skip
@filters(limit=None)
@pass_given
def export(given: Given, form: str, output: Path | None, selection: "Selection") -> None:
    """Export articles, newest first, to a file or standard output.

    \b
    Example:
      pressclip export --format jsonl --since 7d > week.jsonl
      pressclip export --format csv --topic ai -o ai.csv
      pressclip export --format markdown -o notes/
    """
    from storage import reading

    with reading.opened(given.db) as db:
        found = reading.find_articles(db, selection)
        if output is None:
            _to_stdout(found, form)
            return
        try:
            written = _to_path(found, form, output)
        except OSError as error:
            raise click.UsageError(f"cannot write {output}: {error.strerror or error}") from error
    if sys.stderr.isatty():
        click.echo(f"{written} articles in {output}", err=True)


def _to_stdout(found: "Iterator[Stored]", form: str) -> None:
    """Stream to standard output; whatever stands behind it may be a terminal, so nothing raw goes there."""
    from storage.export import STREAMS

    for part in STREAMS[form](found):
        click.echo(safe_json(part) if form == "jsonl" else safe(part, keep="\n\t"), nl=False)


def _to_path(found: "Iterator[Stored]", form: str, output: Path) -> int:
    """Write a file, or one file an article into a folder; return the number of articles."""
    from storage.export import STREAMS, write_folder

    if form == "markdown" and output.suffix != ".md":
        return write_folder(found, output)
    written = 0

    def counted() -> "Iterator[Stored]":
        nonlocal written
        for stored in found:
            written += 1
            yield stored

    with output.open("w", encoding="utf-8", newline="") as file:
        file.writelines(STREAMS[form](counted()))
    return written
