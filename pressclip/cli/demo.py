"""The command that shows what pressclip does, without a network: our own small news site on loopback."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pressclip.cli.context import Given, pass_given
from pressclip.errors import PressclipError, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from pressclip.demo import Site, Truth

SHOWN = "ja"  # the language of the article that is shown before and after cleaning
QUESTION = "仮想通貨"


@click.command()
@pass_given
def demo(given: Given) -> None:
    """Crawl a small news site of our own, twice, and show what came of it.

    It is served on loopback: no request leaves the machine. The store is demo.db, made anew each time, or a new
    file that --db names.

    \b
    Example:
      pressclip demo
    """
    import tempfile

    from rich.console import Console

    from pressclip.demo import serve

    console = Console()
    given = replace(given, db=_own_store(given))
    with serve() as site, tempfile.TemporaryDirectory(prefix="pressclip-demo-") as folder:
        sources = Path(folder) / "sources.toml"
        sources.write_text(site.sources_toml(), encoding="utf-8")
        console.rule("1. A first crawl: four feeds in four languages, all articles are new")
        codes = [_crawl(console, given, sources, site)]
        console.rule("2. Once more: no feed has changed, no article is fetched again")
        codes.append(_crawl(console, given, sources, site))
        console.rule("3. One page, before and after")
        _before_and_after(console, given, next(truth for truth in site.truth if truth.lang == SHOWN))
        console.rule(f"4. A search for {QUESTION}")
        _search(console, given)
    program = "pressclip" if sys.argv[0].endswith("__main__.py") else sys.argv[0]
    click.echo(f"The store is {given.db}. Go on with:\n  {program} --db {given.db} list")
    sys.exit(max(codes))


def _own_store(given: Given) -> Path:
    """Choose the file: invented news must not stand among a user's own."""
    if not given.db_is_default:
        if given.db.exists():
            raise UsageError(f"{given.db} exists: the demo wants a store of its own, name a new file")
        return given.db
    db = Path("demo.db")
    for suffix in ("", "-wal", "-shm"):
        Path(f"{db}{suffix}").unlink(missing_ok=True)
    return db


def _crawl(console: "Console", given: Given, sources: Path, site: "Site") -> int:
    from http import HTTPStatus

    from pressclip import api
    from pressclip.cli import reports

    asked_before = len(site.log)
    report = api.crawl(db=given.db, sources=sources, force=True)  # the second one is not due yet
    reports.print_table(report)
    asked = site.log[asked_before:]
    unchanged = sum(status == HTTPStatus.NOT_MODIFIED for _, _, status in asked)
    console.print(f"{len(asked)} requests, {unchanged} of them answered “not modified”\n", highlight=False)
    return report.exit_code


def _before_and_after(console: "Console", given: Given, truth: "Truth") -> None:
    from rich.panel import Panel
    from rich.table import Table
    from rich.text import Text

    from pressclip.demo.truth import texts
    from storage.reading import get_article, get_page, opened

    with opened(given.db) as db:
        stored = get_article(db, truth.url)
        served = get_page(db, stored.id) if stored else None
    if stored is None or served is None:
        raise PressclipError(f"the demo's article {truth.url} is not in {given.db}")
    page = Text("\n").join(
        Text(line, style="dim" if line in truth.boilerplate else "") for line in texts(served.body.decode())
    )
    article = Text(f"{stored.article.title}\n", style="bold")
    article.append(f"{', '.join(stored.article.authors)}  {stored.article.published_at}\n\n", style="cyan")
    article.append(stored.article.text, style="not bold")
    side_by_side = Table.grid(expand=True)
    side_by_side.add_column(ratio=1, overflow="fold")
    side_by_side.add_column(ratio=1, overflow="fold")
    side_by_side.add_row(Panel(page, title="as served"), Panel(article, title="as stored"))
    console.print(side_by_side)


def _search(console: "Console", given: Given) -> None:
    from storage.reading import opened
    from storage.search import search

    with opened(given.db) as db:
        for hit in search(db, QUESTION):
            console.print(f"#{hit.id}  {hit.article.title}", style="bold", markup=False, highlight=False)
            console.print(f"    {hit.snippet}", markup=False, highlight=False)
    console.print()
