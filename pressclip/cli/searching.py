"""The command that searches."""

import sys
from typing import TYPE_CHECKING

import click

from pressclip.cli.context import Given, pass_given
from pressclip.cli.filters import explain_sources, filters
from pressclip.cli.reading import row_of
from pressclip.cli.terminal import safe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.text import Text

    from storage.records import Selection

_MARKED = "bold yellow"


@click.command(
    # -word excludes a word, -halving too.
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]}
)
@click.argument("words", nargs=-1, required=True)
@filters(limit=20)
@click.option("--rank", "ranked", is_flag=True, help="The best first, not the newest; the title counts most.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON array.")
@pass_given
def search(given: Given, words: tuple[str, ...], selection: "Selection", ranked: bool, as_json: bool) -> None:
    """Search titles and texts, newest first.

    \b
    one two          both words, anywhere
    "one two"        this phrase (quote it once more for the shell)
    -one             not this word, phrase or field
    one OR two       either of them; binds closer than standing side by side
    lang:ja source:coindesk topic:ai
    since:7d until:2026-11-01 since:today

    Japanese, Chinese and Korean need no spaces; width, case and accents do not matter.

    \b
    Example:
      pressclip search 仮想通貨 -規制 since:30d
      pressclip search '"digital gold" bitcoin OR btc' --lang en --rank
    """
    from pressclip.cli import tables
    from storage import query_language, reading
    from storage.search import hits as find

    query = query_language.parse(" ".join(words))
    with reading.opened(given.db) as db:
        hits = find(db, query, selection, ranked=ranked)
        for note in query.notes:
            click.echo(f"pressclip: {safe(note)}", err=True)
        explain_sources(db, [*query.sources, *([selection.source] if selection.source else [])])
    if as_json:
        tables.print_json(
            [
                {
                    **tables.summary(hit),
                    "snippet": hit.snippet,
                    "marks": hit.marks,
                    "title_marks": hit.title_marks,
                }
                for hit in hits
            ]
        )
    elif sys.stdout.isatty():
        for hit in hits:
            number, published, source, lang, title, url = row_of(hit)
            facts = " · ".join(filter(None, (published, source, lang, url)))
            tables.print_line(_styled(f"#{number}", "cyan"), _marked(title, hit.title_marks, "bold"))
            tables.print_line("  ", _styled(facts, "dim"))
            tables.print_line("  ", _marked(hit.snippet, hit.marks))
        if not hits:
            click.echo("nothing found", err=True)
    else:
        tables.print_rows((), ((*row_of(hit), hit.snippet) for hit in hits))


def _styled(text: str, style: str) -> "Text":
    from rich.text import Text

    return Text(safe(text), style=style)


def _marked(line: str, marks: "Sequence[tuple[int, int]]", style: str = "") -> "Text":
    """Build a line with what matched in colour; each part is made safe by itself, so that the marks stay true."""
    from rich.text import Text

    text, place = Text(style=style), 0
    for start, end in sorted(marks):
        text.append(safe(line[place:start]))
        text.append(safe(line[max(place, start) : end]), style=_MARKED)
        place = max(place, end)
    text.append(safe(line[place:]))
    return text
