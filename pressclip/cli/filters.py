"""The options that choose articles, shared by list, search and export."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

import click

_AGO = re.compile(r"(\d{1,5})([mhdw])", re.ASCII)
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Moment(click.ParamType[str]):
    """A day, a moment, or how long ago; becomes UTC ISO 8601."""

    name = "date"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read what was typed, or end with a usage error."""
        if ago := _AGO.fullmatch(value):
            moment = datetime.now(UTC) - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
            return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        try:
            moment = datetime.fromisoformat(value)
            if len(value) == len("2026-11-22"):
                return value
            zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return zoned.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        except (ValueError, OverflowError):
            self.fail(
                f"{value!r} is no date; write 2026-11-22, 2026-11-22T08:00Z, or 7d for seven days ago",
                param,
                ctx,
            )


_OPTIONS = (
    click.option("--source", metavar="NAME", help="Only articles of this source."),
    click.option("--lang", metavar="CODE", help="Only this language, such as ja; zh finds zh-Hant too."),
    click.option("--topic", metavar="TOPIC", help="Only this topic."),
    click.option(
        "--since", type=Moment(), metavar="WHEN", help="Published since: 2026-11-22, or 7d, 12h (UTC)."
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
