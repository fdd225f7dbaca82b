"""The health of sources for Prometheus, as a file that its node exporter picks up."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

from pressclip.errors import UsageError

if TYPE_CHECKING:
    from pressclip.health import Verdict
    from storage.health import SourceHealth

_MOMENTS = {
    "last_asked_at": "When the source was last polled.",
    "last_ok_at": "When the source last answered with a feed, or that nothing changed.",
    "last_new_at": "When the source last had a new entry.",
    "next_poll_at": "When the source may be polled next.",
}


def write(
    path: Path, judged: "Sequence[tuple[SourceHealth, Verdict]]", *, articles: int, entries: Mapping[str, int]
) -> None:
    """Write the textfile in one step: whoever reads it meets the old or the new one, never half of one.

    Raises:
        UsageError: it cannot be written there.
    """
    registry = CollectorRegistry()
    gauges = {
        name: Gauge(
            f"pressclip_source_{name.removesuffix('_at')}_timestamp_seconds",
            doc,
            ["source"],
            registry=registry,
        )
        for name, doc in _MOMENTS.items()
    }
    failures = Gauge("pressclip_source_failures", "Failed polls in a row.", ["source"], registry=registry)
    waiting = Gauge("pressclip_source_waiting", "Entries still to be fetched.", ["source"], registry=registry)
    state = Gauge(
        "pressclip_source_state",
        "1 for the word that describes the source.",
        ["source", "state"],
        registry=registry,
    )
    for source, verdict in judged:
        for name, gauge in gauges.items():
            if moment := getattr(source, name):
                gauge.labels(source.name).set(datetime.fromisoformat(moment).timestamp())
        failures.labels(source.name).set(source.failures)
        waiting.labels(source.name).set(source.waiting)
        state.labels(source.name, verdict.word).set(1)
    Gauge("pressclip_articles", "Articles in the store.", registry=registry).set(articles)
    by_state = Gauge("pressclip_entries", "Entries in the store, by state.", ["state"], registry=registry)
    for word, count in entries.items():
        by_state.labels(word).set(count)
    try:
        write_to_textfile(str(path), registry)
    except OSError as error:
        raise UsageError(f"{path}: the metrics cannot be written: {error.strerror or error}") from None
