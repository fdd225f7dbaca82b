"""How well copies are told from look-alikes, and at what cost: `python bench/stories.py [--data FOLDER] [--sizes N ...]`.

With a data set (pages/ID.html.gz, truth.jsonl) it cleans the pages, makes pairs of them, and prints for several
thresholds which share of the copies is found and how many other pairs are taken for copies; the line marked * is what
pressclip uses. A pair counts as found only if the look-up by passages finds it too. Then the real pages are compared
with one another. Last it places articles in stores of several sizes: CPU and clock an article must not grow.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

from story_costs import per_article, per_text
from story_pairs import Document, Pair, documents, pairs

from pipelines.sketch import sketch
from pressclip import likeness
from pressclip.models import Sketch

THRESHOLDS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
Sketched = tuple[Pair, Sketch, Sketch]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path)
    parser.add_argument("--sizes", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    options = parser.parse_args()
    if options.data:
        found = documents(options.data)
        quality(found)
        real(found)
        print("\nsketching".ljust(34), "texts", "ms of CPU", sep="  ")
        for label, count, milliseconds in per_text([(one.title, one.text) for one in found]):
            print(f"{label:33}  {count:5}  {milliseconds:9.2f}")
    if options.sizes:
        print(
            "\n  articles  placing: ms of CPU   clock   look-up: ms of CPU   list --stories: ms   bytes an article"
        )
    for size in options.sizes:
        cpu, clock, look_up, listing, stored = per_article(size)
        print(
            f"{size:10,}  {cpu:18.3f}  {clock:6.3f}  {look_up:19.3f}  {listing:19.1f}  {stored:17}",
            flush=True,
        )


def quality(found: Sequence[Document]) -> None:
    """Print the table of thresholds."""
    made = [(pair, sketch(*pair.one), sketch(*pair.two)) for pair in pairs(list(found))]
    langs = Counter(one.lang for one in found).most_common(8)
    print(
        f"{len(found)} articles ({', '.join(f'{lang} {count}' for lang, count in langs)} ...), {len(made)} pairs"
    )
    used = likeness.ALIKE
    kinds = list(dict.fromkeys(pair.kind for pair, _, _ in made))
    print("\nalike  ", *(f"{kind:>14}" for kind in (*kinds, "precision")))
    for threshold in sorted({*THRESHOLDS, used}):
        likeness.ALIKE = threshold
        _line(f"{threshold:.2f} {'*' if threshold == used else ' '}", made, kinds)
    likeness.ALIKE = used
    _line("ja zh ko", [one for one in made if one[0].lang in {"ja", "zh", "ko"}], kinds)
    _line("pairs  ", made, kinds, counted=True)


def _line(label: str, made: Sequence[Sketched], kinds: Sequence[str], *, counted: bool = False) -> None:
    taken: Counter[str] = Counter()
    total = Counter(pair.kind for pair, _, _ in made)
    right = wrong = 0
    for pair, one, two in made:
        if is_found(one, two):
            taken[pair.kind] += 1
            right, wrong = right + pair.same, wrong + (not pair.same)
    cells = [str(total[kind]) if counted else f"{taken[kind] / max(1, total[kind]):.3f}" for kind in kinds]
    print(
        label,
        *(f"{cell:>14}" for cell in cells),
        f"{'' if counted else f'{right / (right + wrong):.3f}':>14}",
    )


def is_found(one: Sketch, two: Sketch) -> bool:
    """Whether the store would make one story of them: looked up, and the same text."""
    return not set(one.keys).isdisjoint(two.keys) and likeness.same_text(one, two)


def real(found: Sequence[Document]) -> None:
    """Print which of the real articles are copies of one another."""
    made = [(document, sketch(document.title, document.text)) for document in found]
    by_passage: defaultdict[int, list[int]] = defaultdict(list)
    for place, (_, one) in enumerate(made):
        for passage in one.keys:
            by_passage[passage].append(place)
    close = {pair for places in by_passage.values() for pair in combinations(places, 2)}
    print(f"\nreal pages: {len(close)} pairs share a passage, of which these are copies")
    for first, second in sorted(close):
        (here, one), (there, two) = made[first], made[second]
        if likeness.same_text(one, two):
            alike, inside = likeness.likeness(one, two)
            print(
                f"  alike {alike:.2f}, inside {inside:.2f}  {here.name} {here.title[:50]} | {there.name} {there.title[:50]}"
            )


if __name__ == "__main__":
    main()
