"""The commands that bring lists of subscriptions in and out: sources import, sources export."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pressclip import files
from pressclip.cli.context import Given, pass_given
from pressclip.errors import InputError, UsageError
from pressclip.redaction import redacted

if TYPE_CHECKING:
    from pressclip.subscriptions import Plan
    from spiders.reading.opml import Subscriptions


@click.command("import")
@click.argument("file", metavar="FILE.opml")
@click.option("--topic", "topics", multiple=True, metavar="TOPIC", help="Give all of them this topic too.")
@click.option("--dry-run", is_flag=True, help="Show what would be added, change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what was added, and what was not, as JSON.")
@pass_given
def import_(given: Given, file: str, topics: tuple[str, ...], dry_run: bool, as_json: bool) -> None:
    """Add the feeds of an OPML file to sources.toml; folders become topics.

    `-` reads standard input. Nothing is fetched. Feeds that are there already are left alone; what cannot be added
    is named with its reason.

    \b
    Example:
      pressclip sources import subscriptions.opml
      pressclip sources import - --dry-run < subscriptions.opml
    """
    from dataclasses import replace

    from pressclip import source_file, source_keys
    from pressclip.cli.sources_edit import is_new, place, write
    from pressclip.subscriptions import plan
    from spiders.reading.opml import read_opml

    try:
        read = read_opml(_body(file))
    except InputError as error:
        raise InputError(error.reason, f"{file}: {error}") from None
    try:
        own = source_keys.texts(list(topics))
    except ValueError as error:
        raise UsageError(f"--topic {error}") from None
    found = [replace(each, topics=tuple(dict.fromkeys([*own, *each.topics]))) for each in read.found]
    added: list[Plan] = []

    def change(text: str) -> str:
        added[:] = [plan(found, source_file.tables(text))]
        return source_file.add(text, added[0].tables)

    fresh = is_new(given)
    write(given, change, dry_run=dry_run)
    _report(read, added[0], path=place(given), fresh=fresh and not dry_run, as_json=as_json, dry_run=dry_run)
    sys.exit(1 if read.refused else 0)


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--all", "everything", is_flag=True, help="Disabled sources too, as comments.")
@pass_given
def export(given: Given, file: Path | None, everything: bool) -> None:
    """Write the feeds as OPML, which other readers import: to FILE, else to standard output.

    Without a sources.toml these are the built-in catalogue's. Sitemaps and pages are left out: other readers would
    take them for feeds.

    \b
    Example:
      pressclip sources export subscriptions.opml
      pressclip sources export | pressclip --sources mine.toml sources import -
    """
    from pressclip.rewriting import rewrite
    from pressclip.sources import load
    from pressclip.subscriptions import opml

    if file is not None:
        given.spare(file)
    configuration = load(given.sources)
    wanted = [source for source in configuration.sources if source.enabled or everything]
    feeds = [source for source in wanted if source.kind == "feed"]
    text = opml(feeds, title="pressclip")
    if file is None:
        sys.stdout.buffer.write(text.encode())
    else:
        rewrite(file, lambda _: text, start="")
        click.echo(f"{len(feeds)} feeds written to {file}")
    for mistake in configuration.mistakes:
        click.echo(mistake, err=True)
    if secret := sum(redacted(source.url) != source.url for source in feeds):
        click.echo(f"{secret} of the addresses hold a secret: keep this list to yourself", err=True)
    if len(feeds) < len(wanted):
        click.echo(f"{len(wanted) - len(feeds)} sources are no feeds, and left out", err=True)


def _body(file: str) -> bytes:
    try:
        return files.bounded(sys.stdin.buffer) if file == "-" else files.whole(Path(file))
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}; give an OPML file, or - for standard input") from None


def _report(
    read: "Subscriptions", plan: "Plan", *, path: Path, fresh: bool, as_json: bool, dry_run: bool
) -> None:
    """Say what was added, and what was not and why."""
    from pressclip.cli.sources_edit import NEW_LIST
    from pressclip.cli.tables import print_json, print_rows
    from pressclip.cli.terminal import safe

    if as_json:
        print_json(
            {
                "file": str(path),
                "added": plan.tables,
                "duplicates": plan.duplicates,
                "refused": read.refused,
                "problems": read.problems,
                "dry_run": dry_run,
            }
        )
        return
    if dry_run and plan.tables:
        rows = [(one["name"], ", ".join(one.get("topics", ())), one["feed"]) for one in plan.tables]
        print_rows(("name", "topics", "address"), rows)
    for refused in read.refused:
        click.echo(safe(f"left out: {refused.label or '(no name)'}: {refused.reason}"), err=True)
    for problem in read.problems:
        click.echo(safe(f"read only in part: {problem}"), err=True)
    counts = f"{len(plan.duplicates)} there already, {len(read.refused)} left out"
    click.echo(f"{len(plan.tables)} sources {'would be ' * dry_run}added to {path}; {counts}")
    if fresh:
        click.echo(NEW_LIST.format(path=path))
