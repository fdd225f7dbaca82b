"""The command that tells how the sources are doing."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pressclip.cli.context import Given, pass_given

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pressclip.health import Verdict
    from storage.health import SourceHealth

_COLUMNS = ("source", "state", "ok", "new", "by day", "next", "why")
_COLOURS = {"gone": "red", "failing": "red", "silent": "yellow", "new": "cyan", "off": "dim"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--metrics",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write a Prometheus textfile, and no table.",
)
@pass_given
def status(given: Given, as_json: bool, metrics: Path | None) -> None:
    """Show how each source is doing, the sick ones first.

    It is a table on a terminal, else lines with tabs. ok and new: how long ago it last answered well, and last had something new. by day: articles published on each of
    the last 14 days. next: how long until it may be polled.

    \b
    Example:
      pressclip status
      pressclip status --metrics /var/lib/node_exporter/pressclip.prom
    """
    from pressclip.health import WORDS, verdict
    from storage import reading
    from storage.health import source_health

    if metrics is not None:
        given.spare(metrics)
    now = datetime.now(UTC).replace(microsecond=0)
    with reading.opened(given.db) as db:
        sources = source_health(db, now.isoformat())
        counts = reading.counts(db) if metrics is not None else None
    judged = [(source, verdict(source, now)) for source in sources]
    judged.sort(key=lambda pair: WORDS.index(pair[1].word))
    if metrics is not None and counts is not None:
        from pressclip.metrics import write

        write(metrics, judged, articles=counts.articles, entries=counts.entries)
    if as_json:
        _print_json(judged)
    elif metrics is None:
        _print_table(judged, now)


def _print_json(judged: "Sequence[tuple[SourceHealth, Verdict]]") -> None:
    import msgspec

    from pressclip.cli.tables import print_json
    from pressclip.redaction import redacted

    print_json(
        [
            {
                **{
                    name: redacted(value) if isinstance(value, str) else value
                    for name, value in msgspec.to_builtins(source).items()
                },
                "state": verdict.word,
                "why": verdict.why,
            }
            for source, verdict in judged
        ]
    )


def _print_table(judged: "Sequence[tuple[SourceHealth, Verdict]]", now: datetime) -> None:
    from pressclip.cli.tables import print_rows

    colours = [_COLOURS.get(verdict.word) for _, verdict in judged]
    print_rows(
        _COLUMNS, (_row(source, verdict, now) for source, verdict in judged), wide="why", styles=colours
    )


def _row(source: "SourceHealth", verdict: "Verdict", now: datetime) -> tuple[str, ...]:
    from pressclip.health import sparkline

    return (
        source.name,
        verdict.word,
        _ago(source.last_ok_at, now),
        _ago(source.last_new_at, now),
        sparkline(source.per_day),
        _ahead(source.next_poll_at, now),
        verdict.why,
    )


def _ago(moment: str | None, now: datetime) -> str:
    from pressclip.health import span

    return span(now - datetime.fromisoformat(moment)) if moment else "never"


def _ahead(moment: str | None, now: datetime) -> str:
    from pressclip.health import span

    if moment is None:
        return "now"
    left = datetime.fromisoformat(moment) - now
    return span(left) if left.total_seconds() > 0 else "now"
