"""The command that cleans one page and stores nothing."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pressclip.cli.context import Given, pass_given
from pressclip.errors import InputError

if TYPE_CHECKING:
    from pressclip.models import Article

NO_ADDRESS = "https://page.invalid/"  # links in a page from nowhere still need a base to be resolved against


@click.command()
@click.argument("page", metavar="FILE|URL|-")
@click.option(
    "--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text", show_default=True
)
@click.option("--url", help="Where a FILE or standard input came from.")
@pass_given
def extract(given: Given, page: str, form: str, url: str | None) -> None:
    """Clean one page and print it; nothing is stored.

    \b
    Example:
      pressclip extract https://example.org/news/1 --format markdown
      pressclip extract saved.html --url https://example.org/news/1
    """
    from pressclip.cli.terminal import safe

    article = _fetched(given, page) if page.startswith(("http://", "https://")) else _read(page, url)
    shown = _shown(article, form)
    click.echo(safe(shown, keep="\n\t") if sys.stdout.isatty() else shown)
    if article.kind != "article":
        raise InputError(article.kind, f"{page}: not an article ({article.kind}: {article.kind_reason})")


def _read(page: str, url: str | None) -> "Article":
    from pressclip import api

    if page == "-":
        return api.extract(sys.stdin.buffer.read(), url or NO_ADDRESS)
    path = Path(page)
    try:
        body = path.read_bytes()
    except OSError as error:
        raise click.UsageError(
            f"{page}: {error.strerror}; give a file, an http(s) address, or - for standard input"
        ) from None
    return api.extract(body, url or NO_ADDRESS)


def _fetched(given: Given, url: str) -> "Article":
    from pressclip import api

    report, clippings, _ = api.run_urls(
        [url], db=None, configuration_file=given.sources, log_level=given.log_level
    )
    if report.signal is not None:
        sys.exit(report.exit_code)
    clipping = clippings[0]
    if clipping.article is None:
        raise InputError(clipping.reason or "failed", f"{url}: {clipping.reason}")
    return clipping.article


def _shown(article: "Article", form: str) -> str:
    import msgspec

    if form == "json":
        return msgspec.json.format(msgspec.json.encode(article), indent=2).decode()
    if form == "markdown":
        return f"# {article.title}\n\n{article.markdown}"
    return article.text
