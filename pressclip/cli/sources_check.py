"""The command that tries sources: sources check."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from pressclip.cli.context import Given, pass_given
from pressclip.cli.sources_edit import complete
from pressclip.errors import UsageError

if TYPE_CHECKING:
    from pressclip.models import Source
    from pressclip.sources import Configuration
    from pressclip.trial_report import TrialReport

EVERY_ONE_FAILED = 3


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=complete)
@click.option("--offline", is_flag=True, help="Only read the file; ask no site.")
@click.option(
    "--articles", type=click.IntRange(0, 20), default=1, show_default=True, help="How many to clean of each."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@pass_given
def check(given: Given, names: tuple[str, ...], offline: bool, articles: int, as_json: bool) -> None:
    """Find mistakes in sources.toml, then try each source.

    What does it give, how does an article come out? Nothing is stored. Without a NAME all that are enabled are
    tried. Ends with 0 if all is well, 1 if a source failed or is left out by a mistake, 2 if nothing can be read,
    3 if every source failed.

    \b
    Example:
      pressclip sources check
      pressclip sources check example-news --articles 3
      pressclip sources check --offline
    """
    from pressclip.cli.trials import print_report, print_table
    from pressclip.sources import read

    configuration = read(given.sources)
    reports = [] if offline else _tried(given, _chosen(configuration, names), articles, quiet=as_json)
    if as_json:
        _print_json(configuration, reports)
    else:
        for mistake in configuration.mistakes:
            click.echo(mistake)
        if len(reports) == 1 and len(names) == 1 and not reports[0].reason:
            print_report(reports[0], name=names[0])
        elif reports:
            print_table(reports)
        click.echo(_counts(configuration, reports))
    sys.exit(_exit_code(configuration, reports))


def _chosen(configuration: "Configuration", names: Sequence[str]) -> "list[Source]":
    """Choose the sources that are named, else the enabled ones.

    Raises:
        UsageError: there is no source of that name.
    """
    import difflib

    known = {source.name: source for source in configuration.sources}
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=3)
            hint = f"did you mean {' or '.join(near)}?" if near else "see `pressclip sources list`"
            raise UsageError(f"no source is called {name!r} in {configuration.origin}: {hint}")
    return [known[name] for name in dict.fromkeys(names)] or [one for one in known.values() if one.enabled]


def _tried(given: Given, chosen: "Sequence[Source]", articles: int, *, quiet: bool) -> "list[TrialReport]":
    """Try sources; the reports come in their order, without secrets that addresses may hold."""
    from dataclasses import replace

    from pressclip import crawling, trial_report
    from pressclip.cli.crawling import progress
    from pressclip.redaction import redacted
    from spiders import clock
    from spiders.notebook import Ask

    if not chosen:
        return []
    with progress(given, quiet=quiet) as watch:
        run, notebook, clippings = crawling.run_trials(
            [Ask(url=source.url, source=source) for source in chosen],
            db=given.db, configuration_file=given.sources, articles=articles, log_level=given.log_level, watch=watch,
        )  # fmt: skip
    if run.signal is not None:
        sys.exit(run.exit_code)
    now = clock.now()
    found = {
        one.source.name: trial_report.report(one, notebook, clippings, now=now) for one in notebook.tried
    }
    put_off = {result.source: result.poll_reason for result in run.results}
    reports = [
        found.get(source.name)
        or trial_report.failure(
            source.url, notebook.failed.get(source.url) or put_off.get(source.name) or "not asked", source=source.name
        )
        for source in chosen
    ]  # fmt: skip
    return [
        replace(each, url=redacted(each.url), moved_to=each.moved_to and redacted(each.moved_to)) for each in reports
    ]  # fmt: skip


def _print_json(configuration: "Configuration", reports: "Sequence[TrialReport]") -> None:
    from pressclip.cli.tables import print_json

    answer: dict[str, Any] = {
        "file": configuration.origin,
        "sources": len(configuration.sources),
        "enabled": sum(source.enabled for source in configuration.sources),
        "mistakes": configuration.mistakes,
        "tried": reports,
    }
    print_json(answer)


def _counts(configuration: "Configuration", reports: "Sequence[TrialReport]") -> str:
    enabled = sum(source.enabled for source in configuration.sources)
    read = (
        f"{len(configuration.sources)} sources ({enabled} enabled), mistakes: {len(configuration.mistakes)}"
    )
    failed = sum(one.reason is not None for one in reports)
    tried = f"; {len(reports)} tried, {failed} failed" if reports else ""
    return f"{configuration.origin}: {read}{tried}"


def _exit_code(configuration: "Configuration", reports: "Sequence[TrialReport]") -> int:
    """Say what the command ends with.

    An article that could not be had is no failure of its source: it shows in the table.
    """
    if not configuration.sources:
        return 2
    failed = [one for one in reports if one.reason]
    if failed and len(failed) == len(reports):
        return EVERY_ONE_FAILED
    return 1 if failed or configuration.mistakes else 0
