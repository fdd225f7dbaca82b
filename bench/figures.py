"""What the benches measured: figures with their goals, kept as JSON in bench/figures/, drawn by bench/report.py."""

import json
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

FOLDER = Path(__file__).parent / "figures"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured figure.

    Attributes:
        what: in words.
        value: the median.
        unit: `x` for a ratio, else `ms`, `s`, `MB` ...
        least, most: of all rounds.
        baseline: what a ratio is over, in words.
        goal: the figure to reach; None: there is none.
        at_least: whether more is better.
    """

    what: str
    value: float
    unit: str
    least: float
    most: float
    baseline: str = ""
    goal: float | None = None
    at_least: bool = False

    @property
    def met(self) -> bool | None:
        """Whether the goal was reached; None: there is none."""
        if self.goal is None:
            return None
        return self.value >= self.goal if self.at_least else self.value <= self.goal


def figure(
    what: str,
    values: Sequence[float],
    unit: str,
    *,
    baseline: str = "",
    goal: float | None = None,
    at_least: bool = False,
) -> Figure:
    """Sum up the rounds of a measurement."""
    return Figure(
        what=what, value=statistics.median(values), unit=unit, least=min(values), most=max(values), baseline=baseline,
        goal=goal, at_least=at_least,
    )  # fmt: skip


def keep(name: str, title: str, figures: Sequence[Figure], *, command: str, note: str = "") -> None:
    """Print figures and write them down, with what machine and when, and what a reader must know of them."""
    for one in figures:
        goal = (
            ""
            if one.goal is None
            else f"  goal {'>=' if one.at_least else '<='} {one.goal:g}{'' if one.met else '  MISSED'}"
        )
        print(f"{one.what}: {one.value:.3g} {one.unit} ({one.least:.3g} to {one.most:.3g}){goal}", flush=True)
    told = {
        "title": title,
        "command": command,
        "note": note,
        "at": datetime.now(UTC).strftime("%Y-%m-%d"),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "figures": [asdict(one) for one in figures],
    }
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.json").write_text(
        json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
