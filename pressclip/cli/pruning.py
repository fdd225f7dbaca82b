"""The command that lets go of what is not to be kept."""

from typing import TYPE_CHECKING

import click

from pressclip.cli.care import bar, megabytes, seen
from pressclip.cli.context import Given, pass_given
from pressclip.cli.filters import Moment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pressclip.retention import Keep
    from storage.pruning import Share


class Kept(click.ParamType["Keep"]):
    """How old something may get, or with `sized` how much of it there may be."""

    name = "keep"

    def __init__(self, *, sized: bool = False) -> None:
        self._sized = sized

    def convert(
        self, value: "str | Keep", param: click.Parameter | None, ctx: click.Context | None
    ) -> "Keep":
        """Read what was typed, or end with a usage error."""
        from pressclip import retention

        if isinstance(value, retention.Keep):
            return value
        try:
            return (retention.age_or_size if self._sized else retention.age)(value)
        except ValueError as error:
            self.fail(f"{value!r} {error}", param, ctx)


@click.command()
@click.option(
    "--keep-pages",
    type=Kept(sized=True),
    metavar="AGE|SIZE",
    help="Raw pages that stay: 90d, or 2GB of the newest.",
)
@click.option(
    "--keep-rejected", type=Kept(), metavar="AGE", help="The same, for pages that gave no article: 30d."
)
@click.option("--keep-runs", type=Kept(), metavar="AGE", help="How long the log of runs is kept: 1y.")
@click.option(
    "--articles-before",
    type=Moment(),
    metavar="WHEN",
    help="Articles from before a day go, with all that belongs to them: 2024-01-01, or 104w.",
)
@click.option("--yes", is_flag=True, help="Do it; without this, only say what would go.")
@click.option(
    "--vacuum", is_flag=True, help="With --yes: give the space back to the disk (the file is written anew)."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_given
def prune(
    given: Given,
    /,
    articles_before: str | None,
    yes: bool,
    vacuum: bool,
    as_json: bool,
    **keeps: "Keep | None",
) -> None:
    """Let go of raw pages, old runs and, if you say so, old articles.

    What the options do not say is as the table [store] of sources.toml has it; without either, everything stays.
    Articles whose raw page goes stay as they are, and cannot be cleaned again. Articles that go do not come back with
    the next crawl.

    \b
    Example:
      pressclip prune --keep-pages 90d
      pressclip prune --articles-before 2024-01-01 --yes --vacuum
    """
    import dataclasses
    from datetime import UTC, datetime

    from pressclip import sources
    from pressclip.retention import retention
    from storage import pruning, reading
    from storage.lock import hold
    from storage.store import Store

    chosen = {name: keep for name, keep in keeps.items() if keep}
    settings = dataclasses.replace(sources.read(given.sources).store, **chosen)
    wanted = retention(settings, datetime.now(UTC), articles_before=articles_before)
    free, given_back = 0, 0
    if yes:
        with hold(given.db), Store.open(given.db, create=False) as store, bar(given, "pruning") as watch:
            done = Counted(watch, sum(share.rows for share in store.prunable(wanted)))
            shares = store.prune(wanted, watch=done.add)
            given_back = store.vacuum() if vacuum else 0
            free = store.free()
    else:
        with reading.opened(given.db) as db:
            shares = pruning.plan(db, wanted)
    if as_json:
        from pressclip.cli import tables

        tables.print_json({"dry_run": not yes, "gone": shares, "given_back": given_back, "free_inside": free})
    elif seen(given) or not yes:
        _print_shares(shares, dry_run=not yes)
        if given_back:
            click.echo(f"{megabytes(given_back)} were given back to the disk")
        elif yes and free:
            click.echo(
                f"{megabytes(free)} are free inside the file, for later articles; --vacuum gives them back"
            )


def _print_shares(shares: "Sequence[Share]", *, dry_run: bool) -> None:
    if not shares:
        click.echo("nothing is to go: see `pressclip prune --help` for what can be chosen")
        return
    from pressclip.cli import tables

    rows = [(share.kind, f"{share.rows:,}", megabytes(share.size) if share.size else "") for share in shares]
    tables.print_rows(("what", "rows", "of raw pages"), rows)
    if dry_run:
        click.echo("nothing was deleted; --yes does it")


class Counted:
    """Adds up what is done, for a bar."""

    def __init__(self, watch: "Callable[[int, int], None] | None", total: int) -> None:
        self._watch, self._done, self._total = watch, 0, total

    def add(self, share: "Share") -> None:
        """Count what went with one transaction."""
        self._done += share.rows
        if self._watch:
            self._watch(self._done, self._total)
