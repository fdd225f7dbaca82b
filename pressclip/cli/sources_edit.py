"""The commands that edit the list of sources: sources remove, enable, disable."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from pressclip.cli.context import Given, pass_given
from pressclip.errors import UsageError

NEW_LIST = (
    "{path} is new: from now on it is what is read, and the built-in catalogue is not (docs/sources.md)"
)


def complete(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Offer the names of sources to a shell."""
    from pressclip.sources import read

    root = ctx.find_root().params.get("sources")
    return [source.name for source in read(root).sources if source.name.startswith(incomplete)]


_names = click.argument("names", nargs=-1, required=True, metavar="NAME...", shell_complete=complete)


@click.command()
@_names
@pass_given
def remove(given: Given, names: tuple[str, ...]) -> None:
    """Take sources out of sources.toml. Their articles stay in the store.

    \b
    Example:
      pressclip sources remove example-news
    """
    from pressclip import source_file
    from pressclip.rewriting import rewrite

    path = listed(given)
    rewrite(path, lambda text: source_file.remove(text, names))
    for name in dict.fromkeys(names):
        click.echo(f"removed {name} from {path}; {_kept(given.db, name)}")


@click.command()
@_names
@pass_given
def enable(given: Given, names: tuple[str, ...]) -> None:
    """Read sources again that were disabled.

    \b
    Example:
      pressclip sources enable example-news
    """
    _switch(given, names, on=True)


@click.command()
@_names
@pass_given
def disable(given: Given, names: tuple[str, ...]) -> None:
    """Leave sources in sources.toml, but read them only when they are named. Their articles stay in the store.

    \b
    Example:
      pressclip sources disable example-news
    """
    _switch(given, names, on=False)


def listed(given: Given) -> Path:
    """Find the list that may be edited: the one that is named, or the one that is here.

    Raises:
        UsageError: only the built-in catalogue is there.
    """
    path = place(given)
    if not path.exists():
        raise UsageError(
            f"{path} is not there, and the built-in catalogue cannot be edited: make a list of your own with "
            "`pressclip sources add URL`, or import the catalogue's: docs/sources.md says how"
        )
    return path


def place(given: Given) -> Path:
    """Say where the list is, or would be made."""
    from pressclip.sources import DEFAULT_FILE

    return given.sources or DEFAULT_FILE


def is_new(given: Given) -> bool:
    """Tell whether an edit would make the list."""
    return not place(given).exists()


def tables(given: Given) -> list[dict[str, Any]]:
    """Read the sources of the list as TOML has them, good or not; none if it is new.

    Raises:
        UsageError: it cannot be read.
    """
    from pressclip import source_file

    found: list[dict[str, Any]] = []

    def look(text: str) -> str:
        found.extend(source_file.tables(text))
        return text

    write(given, look, dry_run=True)
    return found


def write(given: Given, change: Callable[[str], str], *, dry_run: bool = False) -> None:
    """Change the list, made where it is missing; a dry run only sees whether that could be done.

    Raises:
        UsageError: `change` said so, or the file cannot be written.
    """
    from pressclip import source_file
    from pressclip.rewriting import read, rewrite

    if dry_run:
        change(source_file.HEAD if is_new(given) else read(place(given)))
    else:
        rewrite(place(given), change, start=source_file.HEAD)


def _switch(given: Given, names: tuple[str, ...], *, on: bool) -> None:
    from pressclip import source_file
    from pressclip.rewriting import rewrite

    path = listed(given)
    changed = rewrite(path, lambda text: source_file.switch(text, names, on=on))
    word = "enabled" if on else "disabled"
    for name in dict.fromkeys(names):
        click.echo(f"{word} {name} in {path}" if changed else f"{name} is {word} in {path} already")


def _kept(db: Path, name: str) -> str:
    """Say what stays of a source."""
    from storage.reading import count_articles, opened
    from storage.records import Selection

    if not db.exists():
        return "nothing of it is stored"
    with opened(db) as store:
        count = count_articles(store, Selection(source=name))
    return (
        f"{count} {'article' if count == 1 else 'articles'} of it {'stays' if count == 1 else 'stay'} in {db}"
    )
