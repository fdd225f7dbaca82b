"""New sources from a trial: each with its name, its table for sources.toml, and what was had of it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pressclip import source_names, trial_report
from pressclip.errors import UsageError
from pressclip.models import KINDS
from pressclip.trial_report import TrialReport

if TYPE_CHECKING:
    from spiders.notebook import Tried


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody asked to be added."""

    url: str
    name: str | None = None
    topics: tuple[str, ...] = ()
    lang: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """One source to be added."""

    table: Mapping[str, Any]
    report: TrialReport
    tried: "Tried"

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.table["name"])


def new_sources(
    found: "Iterable[tuple[Tried, TrialReport]]", wanted: Wanted, existing: Sequence[Mapping[str, Any]]
) -> list[New]:
    """Name what was found; what sources.toml has already, or what cannot be read, is no new source.

    Raises:
        UsageError: a name was given for several sources.
    """
    taken = {str(table.get("name", "")) for table in existing}
    there = set(addresses(existing))
    made: list[New] = []
    for tried, report in found:
        url = report.moved_to or report.url
        if report.reason or url in there:
            continue
        if wanted.name and made:
            raise UsageError("--name is for one source, and several were chosen")
        name = wanted.name or source_names.unique(report.title, url, taken)
        table = trial_report.table(report, name=name, topics=wanted.topics, lang=wanted.lang)
        made.append(New(table=table, report=report, tried=tried))
        taken.add(name)
        there.add(url)
    return made


def addresses(tables: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Map the addresses of sources to their names."""
    return {
        str(table[kind]): str(table.get("name", "")) for table in tables for kind in KINDS if kind in table
    }
