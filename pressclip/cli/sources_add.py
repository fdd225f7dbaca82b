"""The command that adds a source: sources add."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from pressclip.cli.context import Given, pass_given
from pressclip.cli.terminal import safe
from pressclip.errors import InputError, StoreError, UsageError
from pressclip.redaction import redacted

if TYPE_CHECKING:
    from collections.abc import Callable

    from pressclip.adding import New, Wanted
    from pressclip.models import Clipping
    from pressclip.trial_report import TrialReport
    from spiders.notebook import Notebook, Tried


@click.command()
@click.argument("url")
@click.option("--name", help="Its name in commands and tables; without it one is made from the site's.")
@click.option(
    "--topic", "topics", multiple=True, metavar="TOPIC", help="Each of its articles gets this topic."
)
@click.option("--lang", help="What its articles are written in: ja, ko, en, zh-Hans, zh-Hant ...")
@click.option(
    "--as", "kind", type=click.Choice(["feed", "sitemap", "page"]), help="Read it as this, whatever else is offered."
)  # fmt: skip
@click.option(
    "--pick", "picked", multiple=True, type=click.IntRange(min=1), metavar="N", help="Take the Nth offer."
)
@click.option("--all", "everything", is_flag=True, help="Take all feeds of articles that are offered.")
@click.option("--guess", is_flag=True, help="Where nothing is declared, ask for feeds at usual paths.")
@click.option(
    "--articles", type=click.IntRange(0, 20), default=3, show_default=True, help="How many to preview."
)
@click.option("-y", "--yes", is_flag=True, help="Ask nothing.")
@click.option("--dry-run", is_flag=True, help="Show what would be added, change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found and added as JSON; ask nothing.")
@pass_given
def add(given: Given, /, url: str, **flags: Any) -> None:
    """Find what may be read at an address, show it, and add it to sources.toml.

    URL is a feed, a sitemap, or any page of a site: its feeds are those that the page declares. On a terminal you
    choose, see three articles as they come out, and confirm; in a pipe what was found is written at once. What was
    fetched is stored: the next crawl does not ask for it again.

    \b
    Example:
      pressclip sources add https://news.example.org/
      pressclip sources add https://news.example.org/feed.xml --topic crypto --yes
    """
    from pressclip.cli.asking import someone_is_there
    from pressclip.cli.sources_edit import NEW_LIST, is_new, place, tables, write
    from pressclip.cli.tables import print_json
    from pressclip.cli.trials import print_report
    from pressclip.source_file import add as appended

    wanted = _wanted(url, flags)
    existing = tables(given)
    _refuse_known(wanted, existing, as_what_else=flags["kind"] is not None)
    ask = someone_is_there() and not (flags["yes"] or flags["as_json"])
    new, notebook, clippings = _found(given, wanted, flags, ask=ask)
    if not flags["as_json"]:
        for one in new:
            print_report(one.report, name=one.name)
    names = " and ".join(f'"{one.name}"' for one in new)
    path, fresh, written = place(given), is_new(given), not flags["dry_run"]
    if written and ask and not click.confirm(f"Add {names} to {path}?", default=True, err=True):
        click.echo("nothing was changed", err=True)
        return
    write(given, lambda text: appended(text, [one.table for one in new]), dry_run=not written)
    if written:
        _keep(given, new, notebook, clippings)
    if flags["as_json"]:
        print_json({"file": str(path), "written": written, "sources": [{"table": one.table, "found": one.report} for one in new]})  # fmt: skip
    else:
        click.echo(f"{'added' if written else 'would add'} {names} to {path}")
        if fresh and written:
            click.echo(NEW_LIST.format(path=path))


def _wanted(url: str, flags: dict[str, Any]) -> "Wanted":
    """Check what was asked for as sources.toml is checked.

    Raises:
        UsageError: an address, a name, a topic or a language is none.
    """
    from pressclip import source_keys
    from pressclip.adding import Wanted

    def checked(label: str, reader: "Callable[[object], Any]", value: object) -> Any:
        try:
            return reader(value)
        except ValueError as error:
            raise UsageError(f"{label} {error}") from None

    lang, name = flags["lang"], flags["name"]
    return Wanted(
        url=checked(redacted(url), source_keys.url, url if "://" in url else f"https://{url}"),
        name=checked("--name", source_keys.name, name) if name else None,
        topics=checked("--topic", source_keys.texts, list(flags["topics"])),
        lang=checked("--lang", source_keys.language, lang) if lang else None,
    )


def _refuse_known(wanted: "Wanted", existing: Sequence[dict[str, Any]], *, as_what_else: bool) -> None:
    """Refuse what is there before anything is asked for; a page may lead to a sitemap yet.

    Raises:
        UsageError: the address or the name is taken.
    """
    from pressclip.adding import addresses

    known = addresses(existing)
    if wanted.url in known and not as_what_else:
        raise UsageError(f'{wanted.url} is there already, as the source "{known[wanted.url]}"')
    if wanted.name in known.values():
        raise UsageError(f'a source is called "{wanted.name}" already: choose another --name')


def _found(
    given: Given, wanted: "Wanted", flags: dict[str, Any], *, ask: bool
) -> "tuple[list[New], Notebook, list[Clipping]]":
    """Try the address, and name what it gave.

    Raises:
        UsageError: a choice is needed and nobody is there to choose; or all that was found is there already.
        InputError: nothing was found; the message says why.
    """
    from pressclip import crawling, trial_report
    from pressclip.adding import addresses, new_sources
    from pressclip.cli.choices import chooser
    from pressclip.cli.sources_edit import is_new, place, tables
    from pressclip.sources import CATALOGUE
    from spiders import clock
    from spiders.notebook import Ask

    if sys.stderr.isatty() and not flags["as_json"]:
        click.echo(safe(redacted(f"asking {wanted.url} ...")), err=True)
    report, notebook, clippings = crawling.run_trials(
        [
            Ask(
                url=wanted.url,
                kind=flags["kind"],
                lang=wanted.lang,
                topics=wanted.topics,
                guess=flags["guess"],
            )
        ],
        db=given.db,
        configuration_file=CATALOGUE if is_new(given) else place(given),
        articles=flags["articles"],
        choose=chooser(
            picked=flags["picked"], everything=flags["everything"], ask=ask, known=addresses(tables(given))
        ),
        log_level=given.log_level,
    )
    if report.signal is not None or report.bugs:
        sys.exit(report.exit_code)
    found: list[tuple[Tried, TrialReport]] = [
        (tried, trial_report.report(tried, notebook, clippings, now=clock.now())) for tried in notebook.tried
    ]
    new = new_sources(found, wanted, tables(given))
    if new:
        return new, notebook, clippings
    reasons = [*notebook.failed.values(), *(one.reason for _, one in found if one.reason)]
    if not reasons:
        raise UsageError(
            f"what {wanted.url} leads to is there already: {', '.join(one.url for _, one in found)}"
        )
    raise InputError(reasons[0].partition(":")[0], f"{wanted.url}: {reasons[0]}")


def _keep(given: Given, new: "Sequence[New]", notebook: "Notebook", clippings: "Sequence[Clipping]") -> None:
    """Store what was fetched; a store that cannot be written costs one more request later, no more."""
    from pressclip import first_import
    from pressclip.cli.sources_edit import place
    from pressclip.sources import read

    known = {source.name: source for source in read(place(given)).sources}
    found = [(known[one.name], one.tried) for one in new if one.name in known]
    try:
        first_import.store(found, notebook, clippings, db=given.db, configuration_file=place(given))
    except StoreError as error:
        click.echo(f"pressclip: {error}; what was fetched now is fetched again by the next crawl", err=True)
