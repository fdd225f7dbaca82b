"""The commands about what is read: the group, and sources list."""

import sys
from typing import TYPE_CHECKING

import click

from pressclip.cli.context import Given, pass_given
from pressclip.cli.sources_add import add
from pressclip.cli.sources_check import check
from pressclip.cli.sources_edit import disable, enable, remove
from pressclip.cli.sources_opml import export, import_
from pressclip.cli.tables import json_text, span

if TYPE_CHECKING:
    from pressclip.models import Source
    from pressclip.sources import Configuration

COLUMNS = ("name", "language", "topics", "kind", "interval", "read", "address")


@click.group()
def sources() -> None:
    """Find, add, check and remove what is read: the sources in sources.toml.

    \b
    Example:
      pressclip sources add https://news.example.org/
      pressclip sources check
      pressclip sources list
    """


for command in (add, check, remove, enable, disable, import_, export):
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


def _described(source: "Source") -> dict[str, object]:
    """Return a source for programs; of headers and cookies the names only, because a value may be a secret."""
    import dataclasses

    from pressclip.redaction import HIDDEN, redacted

    described: dict[str, object] = dataclasses.asdict(source)
    care: dict[str, object] = dataclasses.asdict(source.care)
    del described["care"]
    care.pop("topics")  # the user's words, the same for every source
    return (
        described
        | care
        | {
            "url": redacted(source.url),
            "headers": [name for name, _ in source.headers],
            "cookies": [name for name, _ in source.cookies],
            "auth": source.auth and HIDDEN,
            "proxy": source.proxy and redacted(source.proxy),
        }
    )


def _row(source: "Source") -> tuple[str, ...]:
    from pressclip.redaction import redacted

    return (
        source.name,
        source.lang or "",
        ", ".join(source.topics),
        source.kind,
        span(source.interval),
        "yes" if source.enabled else "no",
        redacted(source.url),
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
