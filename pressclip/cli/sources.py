"""The commands about what is read: sources list, sources check."""

import sys
from typing import TYPE_CHECKING

import click

from pressclip.cli.context import Given, pass_given
from pressclip.cli.sources_edit import disable, enable, remove
from pressclip.cli.sources_opml import export, import_
from pressclip.cli.tables import json_text

if TYPE_CHECKING:
    from pressclip.models import Source
    from pressclip.sources import Configuration

COLUMNS = ("name", "language", "topics", "kind", "interval", "read", "address")


@click.group()
def sources() -> None:
    """Show what is read, and find mistakes in sources.toml.

    \b
    Example:
      pressclip sources list
      pressclip --sources mine.toml sources check
    """


for command in (remove, enable, disable, import_, export):
    sources.add_command(command)


@sources.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the sources as JSON.")
@pass_given
def list_(given: Given, as_json: bool) -> None:
    """Show all sources: a table on a terminal, else lines with tabs.

    \b
    Example:
      pressclip sources list
      pressclip sources list --json
    """
    from pressclip.sources import load

    configuration = load(given.sources)
    if as_json:
        click.echo(json_text([_described(source) for source in configuration.sources]))
    elif sys.stdout.isatty():
        _print_table(configuration)
    else:
        for source in configuration.sources:
            click.echo("\t".join(_row(source)))
    _print_mistakes(configuration, err=True)
    sys.exit(1 if configuration.mistakes else 0)


@sources.command()
@click.option("--json", "as_json", is_flag=True, help="Print the mistakes as JSON.")
@pass_given
def check(given: Given, as_json: bool) -> None:
    """Find mistakes: one line each, with file, line and key. Asks no site.

    Ends with 0 if all is well, 1 if some sources are left out, 2 if nothing can be read.

    \b
    Example:
      pressclip sources check
    """
    from pressclip.sources import read

    configuration = read(given.sources)
    enabled = sum(source.enabled for source in configuration.sources)
    if as_json:
        click.echo(
            json_text(
                {
                    "file": configuration.origin,
                    "sources": len(configuration.sources),
                    "enabled": enabled,
                    "mistakes": configuration.mistakes,
                }
            )
        )
    else:
        _print_mistakes(configuration, err=False)
        counts = f"{len(configuration.sources)} sources ({enabled} enabled), mistakes: {len(configuration.mistakes)}"
        click.echo(f"{configuration.origin}: {counts}")
    if not configuration.sources:
        sys.exit(2)
    sys.exit(1 if configuration.mistakes else 0)


def _described(source: "Source") -> dict[str, object]:
    """Return a source for programs; of its headers the names only, because a value may be a secret."""
    import dataclasses

    headers = [name for name, _ in source.headers]
    return dataclasses.asdict(source) | {"headers": headers}


def _row(source: "Source") -> tuple[str, ...]:
    return (
        source.name,
        source.lang or "",
        ", ".join(source.topics),
        source.kind,
        span(source.interval),
        "yes" if source.enabled else "no",
        source.url,
    )


def span(seconds: int) -> str:
    """Write a span of time as sources.toml has it.

    >>> span(86400), span(5400), span(3600), span(90)
    ('1d', '90m', '1h', '90s')
    """
    units = (("d", 86400), ("h", 3600), ("m", 60))
    return next(
        (f"{seconds // size}{unit}" for unit, size in units if seconds and not seconds % size), f"{seconds}s"
    )


def _print_table(configuration: "Configuration") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*COLUMNS, box=None, header_style="bold", pad_edge=False)
    table.columns[0].no_wrap = True
    table.columns[-1].overflow = "fold"
    for source in configuration.sources:
        table.add_row(*_row(source), style=None if source.enabled else "dim")
    Console(markup=False, emoji=False, highlight=False).print(table)
    click.echo(f"\n{len(configuration.sources)} sources from {configuration.origin}")


def _print_mistakes(configuration: "Configuration", *, err: bool) -> None:
    for mistake in configuration.mistakes:
        click.echo(mistake, err=err)
