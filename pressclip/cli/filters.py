"""The options that choose articles, shared by list, search and export."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from pressclip.cli.terminal import safe

if TYPE_CHECKING:
    import sqlite3


class Moment(click.ParamType[str]):
    """A day, a moment, or how long ago; becomes UTC ISO 8601."""

    name = "date"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read what was typed, or end with a usage error."""
        from storage import moments

        try:
            return moments.read(value, datetime.now(UTC))
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no date; write {moments.EXAMPLES}", param, ctx)


_OPTIONS = (
    click.option("--source", metavar="NAME", help="Only articles of this source."),
    click.option("--lang", metavar="CODE", help="Only this language, such as ja; zh finds zh-Hant too."),
    click.option("--topic", metavar="TOPIC", help="Only this topic."),
    click.option(
        "--since", type=Moment(), metavar="WHEN", help="Published since: 2026-11-22, today, or 7d, 12h (UTC)."
    ),
    click.option("--until", type=Moment(), metavar="WHEN", help="Published until, that day included."),
)


def filters(*, limit: int | None) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options that choose articles; it receives a `Selection`.

    Args:
        limit: how many articles at the most if the user does not say; None: all.
    """

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def chosen(
            *args: Any, source: str | None, lang: str | None, topic: str | None, since: str | None,
            until: str | None, limit: int | None, **others: Any,
        ) -> None:  # fmt: skip
            from storage.records import Selection

            selection = Selection(
                source=source, lang=lang, topic=topic, since=since, until=until, limit=limit
            )
            command(*args, selection=selection, **others)

        at_most = click.option(
            "--limit",
            type=click.IntRange(min=0),
            default=limit,
            show_default=True,
            help="At most so many, the newest.",
        )
        decorated: Callable[..., None] = chosen
        for option in reversed((*_OPTIONS, at_most)):
            decorated = option(decorated)
        return decorated

    return decorate


def explain_sources(db: "sqlite3.Connection", names: Sequence[str]) -> None:
    """Say of each name that the store knows no source of, which names are near: an empty answer says nothing."""
    from storage.search import unknown_sources

    for note in unknown_sources(db, names):
        click.echo(f"pressclip: {safe(note)}", err=True)
