"""The commands that read articles: list and show."""

import sys
from typing import TYPE_CHECKING

import click

from pressclip.cli import revisions, stories
from pressclip.cli.context import Given, pass_given
from pressclip.cli.filters import explain_sources, filters
from pressclip.cli.terminal import safe

if TYPE_CHECKING:
    import sqlite3

    from storage.records import Selection, Stored

_COLUMNS = ("id", "published", "source", "lang", "title", "url")
_TO_THE_MINUTE = len("2026-11-22T10:57")


@click.command("list")
@filters(limit=50)
@click.option(
    "--stories", "as_stories", is_flag=True, help="One line a story: copies of a text in other sources."
)
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
@pass_given
def list_(given: Given, selection: "Selection", as_stories: bool, as_json: bool) -> None:
    """List articles, newest first: a table on a terminal, else lines with tabs.

    \b
    Example:
      pressclip list --topic crypto --lang ja --since 7d
      pressclip list --source coindesk --json
      pressclip list --stories --since 1d
    """
    from pressclip.cli import tables
    from storage import reading

    with reading.opened(given.db) as db:
        if as_stories:
            stories.print_stories(db, selection, as_json=as_json)
            explain_sources(db, [selection.source] if selection.source else [])
            return
        found = list(reading.find_articles(db, selection))
        explain_sources(db, [selection.source] if selection.source else [])
    if as_json:
        tables.print_json([tables.summary(stored) for stored in found])
        return
    on_terminal = sys.stdout.isatty()
    shown = _COLUMNS[:-1] if on_terminal else _COLUMNS
    tables.print_rows(shown, (row_of(stored)[: len(shown)] for stored in found), wide="title")
    if on_terminal and not found:
        click.echo("no articles", err=True)


def row_of(stored: "Stored") -> tuple[str, ...]:
    """Write what lists show of an article: number, moment, source, language, title, address."""
    article = stored.article
    published = (article.published_at or article.fetched_at)[:_TO_THE_MINUTE].replace("T", " ")
    return (str(stored.id), published, article.source or "", article.lang or "", article.title, article.url)


@click.command()
@click.argument("name", metavar="ID|URL")
@click.option(
    "--format", "form", type=click.Choice(["text", "markdown", "json", "raw"]), default="text", show_default=True,
    help="raw: the page as it was served.",
)  # fmt: skip
@click.option("--history", is_flag=True, help="List its versions: when, why, how long, title.")
@click.option(
    "--diff", type=click.IntRange(min=0), is_flag=False, flag_value=revisions.LATEST, metavar="[N]",
    help="Show what changed since revision N; without N, since the last one.",
)  # fmt: skip
@pass_given
def show(given: Given, name: str, form: str, history: bool, diff: int | None) -> None:
    """Show one article, by its number or its address.

    \b
    Example:
      pressclip show 42
      pressclip show https://example.org/news/1 --format markdown
      pressclip show 42 --format raw > page.html
      pressclip show 42 --diff
    """
    from pressclip.api import find_article
    from pressclip.cli import tables
    from pressclip.errors import InputError
    from storage import coverage, reading
    from storage.exporting import notes

    with reading.opened(given.db) as db:
        stored = find_article(db, name)
        if stored is None:
            raise InputError("not_found", f"no article {safe(name)} in {given.db}")
        if history:
            revisions.print_history(db, stored)
        elif diff is not None:
            revisions.print_diff(db, stored, diff)
        elif form == "raw":
            _write_raw(db, stored)
        elif form == "json":
            import msgspec

            also_at = msgspec.to_builtins(coverage.copies_of(db, stored.id))
            tables.print_json({"id": stored.id, **msgspec.to_builtins(stored.article), "also_at": also_at})
        elif form == "markdown":
            click.echo(safe(notes.markdown(stored), keep="\n\t"), nl=False)
        else:
            also_at = stories.also_at_line(coverage.copies_of(db, stored.id))
            click.echo(safe(_as_text(stored, also_at), keep="\n\t"))


def _write_raw(db: "sqlite3.Connection", stored: "Stored") -> None:
    from pressclip.errors import InputError
    from storage import reading

    if sys.stdout.isatty():
        raise click.UsageError(
            "a raw page is not fit for a terminal; send it to a file: --format raw > page.html"
        )
    page = reading.get_page(db, stored.id)
    if page is None:
        raise InputError("no_page", f"no raw page is kept of article {stored.id}")
    sys.stdout.buffer.write(page.body)


def _as_text(stored: "Stored", also_at: str) -> str:
    article = stored.article
    facts = (
        ", ".join(article.authors),
        article.published_at,
        article.site_name or article.source,
        article.lang,
    )
    return (
        f"{safe(article.title)}\n{' · '.join(filter(None, facts))}\n{article.url}\n{also_at}\n{article.text}"
    )
