"""The commands that fetch: crawl, add."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pressclip import files
from pressclip.cli.context import Given, pass_given
from pressclip.errors import LockedError

if TYPE_CHECKING:
    from pressclip.report import Report
    from spiders.run import Run


@click.command()
@click.argument("names", nargs=-1, metavar="[SOURCE]...")
@click.option(
    "--limit", type=click.IntRange(min=0), help="Fetch at most N articles; the rest waits for the next run."
)
@click.option(
    "--max-time",
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    help="Ask for nothing more after SECONDS; the rest waits for the next run.",
)
@click.option("--force", is_flag=True, help="Poll even what is not due yet.")
@click.option("--dry-run", is_flag=True, help="Poll, show what would be fetched, store nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@pass_given
def crawl(
    given: Given,
    names: tuple[str, ...],
    limit: int | None,
    max_time: float | None,
    force: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Poll the sources, fetch what is new, store clean articles.

    Sources that are not due yet are left alone (a SOURCE that is named is polled if ten minutes have passed).
    On a terminal it shows progress and ends with a table; in cron it is silent unless something failed.

    \b
    Example:
      pressclip crawl
      pressclip crawl coindesk --limit 20
    """
    from pressclip import crawling
    from pressclip.cli import reports
    from spiders.run import Options

    options = Options(names=names, limit=limit, max_time=max_time, force=force, dry_run=dry_run)
    try:
        with progress(given, quiet=as_json) as watch:
            report = crawling.run_crawl(
                db=given.db,
                configuration_file=given.sources,
                options=options,
                log_level=given.log_level,
                watch=watch,
            )
    except LockedError as error:
        if given.verbosity >= 0:
            raise
        sys.exit(error.exit_code)  # from cron, a run that is still going on is no news
    if as_json:
        click.echo(reports.as_json(report))
    elif dry_run:
        reports.print_found(report)
    elif _seen(given):
        reports.print_table(report)
    _complain(given, report)
    sys.exit(report.exit_code)


@click.command()
@click.argument("urls", nargs=-1, metavar="[URL]...")
@click.option(
    "--html",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Take the page from a file ...",
)
@click.option("--url", help="... which came from this address.")
@click.option("--json", "as_json", is_flag=True, help="Print what became of each as JSON.")
@pass_given
def add(given: Given, urls: tuple[str, ...], html: Path | None, url: str | None, as_json: bool) -> None:
    """Fetch, clean and store single pages; `-` reads addresses from standard input.

    \b
    Example:
      pressclip add https://example.org/news/1 https://example.org/news/2
      pressclip add --html saved.html --url https://example.org/news/3
    """
    from pressclip import crawling
    from pressclip.cli import reports

    if (html is None) != (url is None):
        raise click.UsageError("--html and --url belong together")
    if html is not None and url is not None:
        if urls:
            raise click.UsageError("give addresses, or --html and --url, not both")
        try:
            body = files.whole(html)
        except OSError as error:
            raise click.UsageError(f"{html}: {error.strerror}; give a file with a page") from None
        outcomes = [crawling.add_page(body, url, db=given.db, configuration_file=given.sources)]
        exit_code = 0
    else:
        wanted = list(_addresses(urls))
        if not wanted:
            raise click.UsageError(
                "no address given: pressclip add URL ..., or - to read them from standard input"
            )
        with progress(given, quiet=as_json) as watch:
            report, _, outcomes = crawling.run_urls(
                wanted, db=given.db, configuration_file=given.sources, log_level=given.log_level, watch=watch
            )
        exit_code = report.exit_code
    click.echo(reports.outcomes_json(outcomes) if as_json else reports.outcome_lines(outcomes))
    # Whoever names an address wants its article: here a dead link is a failure.
    sys.exit(exit_code or int(any(one.reason for one in outcomes)))


def _addresses(urls: tuple[str, ...]) -> Iterator[str]:
    for url in urls:
        lines = (line.strip() for line in sys.stdin) if url == "-" else (url,)
        yield from (line for line in lines if line and not line.startswith("#"))


def _seen(given: Given) -> bool:
    """Whether somebody looks: on a terminal, or by -v; never in cron."""
    return given.verbosity >= 0 and (sys.stdout.isatty() or given.verbosity > 0)


def _complain(given: Given, report: "Report") -> None:
    """Say on standard error what failed, in a form that a cron mail shows well."""
    from pressclip.cli import reports

    if report.exit_code and (not _seen(given) or report.mistakes):
        click.echo(reports.complaint(report), err=True)


@contextmanager
def progress(given: Given, *, quiet: bool) -> "Iterator[Callable[[Run], None] | None]":
    """Show a line that moves, on a terminal only."""
    if quiet or given.verbosity or not sys.stderr.isatty():
        yield None
        return
    from pressclip.cli import reports

    with reports.progress() as watch:
        yield watch
