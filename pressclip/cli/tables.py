"""Rows on a terminal as a table that fits it; elsewhere as lines with tabs. Everything passes `safe`."""

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

from pressclip.cli.terminal import safe, safe_json

if TYPE_CHECKING:
    from rich.text import Text

    from storage.records import Stored

#: What lists leave out of an article: the long parts, and how we came by the rest.
_LONG = frozenset({"text", "markdown", "origins", "kind", "kind_reason"})
_GAP = 2  # cells between columns
_NARROW = 20  # cells that a column may take beside the wide one


def summary(stored: "Stored") -> dict[str, Any]:
    """Name what lists show of an article, for programs."""
    import msgspec

    fields = msgspec.to_builtins(stored.article)
    return {"id": stored.id, **{name: value for name, value in fields.items() if name not in _LONG}}


def span(seconds: int) -> str:
    """Write a span of time as sources.toml has it.

    >>> span(86400), span(5400), span(3600), span(90)
    ('1d', '90m', '1h', '90s')
    """
    units = (("d", 86400), ("h", 3600), ("m", 60))
    return next(
        (f"{seconds // size}{unit}" for unit, size in units if seconds and not seconds % size), f"{seconds}s"
    )


def json_text(value: object) -> str:
    """Write JSON for programs, indented for people."""
    import msgspec

    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def print_json(value: object) -> None:
    """Print JSON for programs, indented for people, with nothing in it that a terminal would obey."""
    click.echo(safe_json(json_text(value)))


def print_rows(
    columns: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    wide: str | None = None,
    styles: Sequence[str | None] | None = None,
) -> None:
    """Print rows: a table that cuts its widest column where the terminal ends, else lines with tabs.

    Args:
        columns: their names, shown on a terminal.
        rows: as many texts as there are columns.
        wide: the column that may be cut; None: all wrap.
        styles: a colour for each row, or none.
    """
    if not sys.stdout.isatty():
        for row in rows:
            click.echo("\t".join(map(safe, row)))
        return
    from rich.cells import cell_len
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    cells = [[safe(cell) for cell in row] for row in rows]
    widths = {
        name: max(cell_len(name), min(max((cell_len(row[place]) for row in cells), default=0), _NARROW))
        for place, name in enumerate(columns)
        if wide is not None and name != wide
    }
    if wide is not None:
        widths[wide] = max(_NARROW, console.width - sum(widths.values()) - _GAP * len(widths))
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in columns:
        cut = (
            {"no_wrap": True, "overflow": "ellipsis", "width": widths[name]}
            if widths
            else {"overflow": "fold"}
        )
        table.add_column(Text(safe(name)), **cut)
    for place, row in enumerate(cells):
        table.add_row(*map(Text, row), style=styles[place] if styles else None)
    console.print(table)


def print_line(*parts: "str | Text") -> None:
    """Print one line of a terminal, cut where it ends; strings are made safe, `Text` is taken as it is."""
    from rich.console import Console
    from rich.text import Text

    line = Text(" ").join(Text(safe(part)) if isinstance(part, str) else part for part in parts)
    Console().print(line, no_wrap=True, overflow="ellipsis", crop=True)
