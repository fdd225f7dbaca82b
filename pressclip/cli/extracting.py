"""The command that cleans one page and stores nothing."""

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pressclip import files
from pressclip.cli.context import Given, pass_given
from pressclip.errors import InputError
from pressclip.redaction import redacted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipelines.explain import BlockVerdict
    from pressclip.models import Article, Page

#: What cannot be shown, because cleaning it does not end well.
WORKER_REASONS = frozenset({"deadline", "memory", "worker_died"})

NO_ADDRESS = "about:blank"  # standard input without --url: its relative links lead nowhere


@click.command()
@click.argument("page", metavar="FILE|URL|-")
@click.option(
    "--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text", show_default=True
)
@click.option("--url", help="Where a FILE or standard input came from.")
@click.option(
    "--explain",
    is_flag=True,
    help="Show each block, kept or cut, and what decided; with --db also what its site repeats.",
)
@pass_given
def extract(given: Given, page: str, form: str, url: str | None, explain: bool) -> None:
    """Clean one page and print it; nothing is stored.

    \b
    Example:
      pressclip extract https://example.org/news/1 --format markdown
      pressclip extract saved.html --url https://example.org/news/1
      pressclip extract saved.html --explain
    """
    from pressclip import cleaning
    from pressclip.cli.terminal import safe

    remote = page.startswith(("http://", "https://"))
    source, cleaned = _fetched(given, page) if remote else (_read(page, url), None)
    if explain:
        _print_verdicts(cleaning.explain(source, _common(given, source)), form)
        return
    article = cleaned or cleaning.clean(source)  # a worker has cleaned what was fetched
    shown = _shown(article, form)
    click.echo(safe(shown, keep="\n\t") if sys.stdout.isatty() else shown)
    if article.kind != "article":
        raise InputError(article.kind, f"{page}: not an article ({article.kind}: {article.kind_reason})")


def _common(given: Given, page: "Page") -> frozenset[int]:
    """What the store that was named knows of the page's site; nobody's habits where none was named."""
    if given.db_is_default:
        return frozenset()
    from pipelines.sites import site
    from storage.connection import explained, open_readonly
    from storage.sites import common

    with explained(given.db), closing(open_readonly(given.db)) as db:
        return common(db, site(page.final_url))


def _read(page: str, url: str | None) -> "Page":
    from pressclip import cleaning

    path = Path(page)
    try:
        if page == "-":
            return cleaning.page(files.bounded(sys.stdin.buffer), url or NO_ADDRESS)
        return cleaning.page(files.whole(path), url or path.resolve().as_uri())
    except OSError as error:
        raise click.UsageError(
            f"{page}: {error.strerror}; give a file, an http(s) address, or - for standard input"
        ) from None


def _fetched(given: Given, url: str) -> "tuple[Page, Article | None]":
    from pressclip import crawling

    report, clippings, _ = crawling.run_urls(
        [url], db=None, configuration_file=given.sources, log_level=given.log_level
    )
    if report.signal is not None:
        sys.exit(report.exit_code)
    clipping = clippings[0]
    if clipping.page is None or (clipping.reason or "").partition(":")[0] in WORKER_REASONS:
        raise InputError(clipping.reason or "failed", f"{redacted(url)}: {clipping.reason}")
    return clipping.page, clipping.article


def _shown(article: "Article", form: str) -> str:
    if form == "json":
        from pressclip.cli.tables import json_text

        return json_text(article)
    if form == "markdown":
        return f"# {article.title}\n\n{article.markdown}"
    return article.text


def _print_verdicts(verdicts: "Sequence[BlockVerdict]", form: str) -> None:
    """Print a line a block: what stays plainly, what goes dim, with the rule and the judge's probability."""
    from pressclip.cli.tables import print_json, print_rows

    if form == "json":
        print_json(verdicts)
        return
    rows = (
        ("keep" if one.kept else "cut", one.by, _share(one.probability), one.place, one.text)
        for one in verdicts
    )
    styles = [None if one.kept else "dim" for one in verdicts]
    print_rows(("", "by", "judge", "place", "text"), rows, wide="text", styles=styles)


def _share(probability: float | None) -> str:
    return "" if probability is None else f"{probability:.2f}"
