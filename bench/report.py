"""Writes docs/performance.md and docs/performance.svg from what the benches left in bench/figures/.

python bench/report.py
"""

import json
from pathlib import Path

import matplotlib as mpl
from figures import FOLDER, Figure

mpl.use("svg")
from matplotlib import pyplot as plt

DOCS = Path(__file__).parent.parent / "docs"
ORDER = ("speed", "cleaning", "idle", "start", "growth", "hosts", "load")
HEAD = """\
# Performance

Each figure is measured against a named baseline in the same run, in turn; the table gives the median of all rounds, and the
least and the most. `make bench-report` writes this page from bench/figures/*.json, which the benches write.

![Each figure that has a goal, as a share of it](performance.svg)
"""


def main() -> None:
    """Write the page and its picture."""
    pages = {
        name: json.loads(path.read_text(encoding="utf-8"))
        for name in ORDER
        if (path := FOLDER / f"{name}.json").exists()
    }
    parts = [HEAD, *(_section(page) for page in pages.values())]
    (DOCS / "performance.md").write_text("\n".join(parts), encoding="utf-8")
    _draw([Figure(**one) for page in pages.values() for one in page["figures"] if one["goal"] is not None])


def _section(page: dict[str, object]) -> str:
    figures = [Figure(**one) for one in page["figures"]]  # type: ignore[attr-defined] # JSON of ours
    lines = [
        f"## {page['title']}", "", f"`{page['command']}`, {page['at']}, {page['machine']}.", "",
        *([str(page["note"]), ""] if page.get("note") else []),
        "| figure | median | least to most | over | goal |", "|---|---|---|---|---|",
    ]  # fmt: skip
    for one in figures:
        goal = (
            ""
            if one.goal is None
            else f"{'≥' if one.at_least else '≤'} {one.goal:g} {'✓' if one.met else '✗'}"
        )
        lines.append(
            f"| {one.what} | {one.value:.3g} {one.unit} | {one.least:.3g} to {one.most:.3g} | {one.baseline} | {goal} |"
        )
    return "\n".join([*lines, ""])


def _draw(figures: list[Figure]) -> None:
    """Draw how near each figure is to its goal: 1 is the goal, more is better."""
    # Letters stay letters: whoever shows the picture has fonts for all of them.
    mpl.rcParams |= {"svg.hashsalt": "pressclip", "svg.fonttype": "none", "font.size": 9}
    shares = [
        one.value / one.goal if one.at_least else one.goal / one.value
        for one in figures
        if one.goal and one.value
    ]
    labels = [
        f"{one.what}{f' / {one.baseline}' if one.baseline else ''}"
        for one in figures
        if one.goal and one.value
    ]
    shown = [min(share, 4.0) for share in shares]
    picture, axes = plt.subplots(figsize=(9, 0.34 * len(labels) + 0.9), layout="constrained")
    colours = ["#4a7db5" if share >= 1 else "#c0662d" for share in shares]
    axes.barh(labels[::-1], shown[::-1], color=colours[::-1])
    axes.axvline(1, color="#333", linewidth=1)
    axes.set_xlabel("times as good as the goal (cut at 4)")
    axes.spines[["top", "right"]].set_visible(False)
    picture.savefig(DOCS / "performance.svg", metadata={"Date": None})


if __name__ == "__main__":
    main()
