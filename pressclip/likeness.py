"""How alike two texts are, told by their sketches (pipelines.sketch makes them); pure.

The numbers were found with pairs of real articles, `bench/stories.py`; docs/storage.md has the table.
"""

from pressclip.models import Sketch

#: Grams of four characters that a sketch keeps: what two long texts share is known to about 3 in 100.
GRAMS = 128
#: Figures that a sketch keeps.
FIGURES = 32

#: Share of their grams that copies have in common; short texts are forms more often: a new version, an appointment.
ALIKE, ALIKE_SHORT = 0.6, 0.8
#: Share of the grams of an excerpt that the whole has too.
INSIDE, INSIDE_SHORT = 0.85, 0.95
#: Grams from which on a text is long, of the shortest text that may be an excerpt, and of one that says anything.
LONG, LEAST_EXCERPT, LEAST = 200, 100, 24
#: Share of the figures of the text with fewer ones that the other has too: reports of two days differ in little else.
SAME_FIGURES = 0.65
#: Grams of the longest text that one or two figures fill in; in others these may stand in a headline or a caption.
FORM = 500
_FEW = 3
_LEAST_ALIKE = 0.25  # where less is shared, too few of the grams that are kept say how much is inside
_HIGHEST = 0xFFFFFFFF


def likeness(one: Sketch, two: Sketch) -> tuple[float, float]:
    """Estimate which share of the grams of both texts is in both, and which share of the shorter one's."""
    first, second = set(one.grams), set(two.grams)
    smallest = sorted(first | second)[:GRAMS]
    if not smallest:
        return 0.0, 0.0
    alike = len(first.intersection(smallest) & second) / len(smallest)
    inside = alike * (one.total + two.total) / (1 + alike) / min(one.total, two.total)
    return alike, min(1.0, inside)


def same_text(one: Sketch, two: Sketch) -> bool:
    """Decide whether one of two texts is a copy of the other: edited, shortened, under another headline.

    Reports that are filled in from a form (prices, weather, results) are alike too; their figures are not.

    >>> price = Sketch(grams=tuple(range(100)), total=100, figures=(1, 2, 3))
    >>> other_day = Sketch(grams=tuple(range(90)), total=90, figures=(1, 5, 6))
    >>> same_text(price, price), same_text(price, other_day)
    (True, False)
    """
    if min(len(one.grams), len(two.grams)) < LEAST:
        return bool(one.grams) and (one.grams, one.figures) == (two.grams, two.figures)
    shorter = min(one.total, two.total)
    common, fewer = _figures(one.figures, two.figures)
    if common < SAME_FIGURES * fewer and (fewer >= _FEW or shorter < FORM):
        return False
    alike, inside = likeness(one, two)
    enough, whole = (ALIKE, INSIDE) if shorter >= LONG else (ALIKE_SHORT, INSIDE_SHORT)
    return alike >= enough or (shorter >= LEAST_EXCERPT and alike >= _LEAST_ALIKE and inside >= whole)


def _figures(one: tuple[int, ...], two: tuple[int, ...]) -> tuple[int, int]:
    """How many figures two texts have in common, of how many of the one that has fewer."""
    # Where only the smallest of many were kept, those above are not known.
    known = min((kept[-1] for kept in (one, two) if len(kept) == FIGURES), default=_HIGHEST)
    first, second = ({figure for figure in kept if figure <= known} for kept in (one, two))
    return len(first & second), min(len(first), len(second))
