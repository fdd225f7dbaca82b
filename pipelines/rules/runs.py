"""Where a text begins and where it stops: the likeliest run of lines, where single lines are in doubt."""

import math
from collections.abc import Sequence

from pipelines.blocks import Block

BREAK = 0.5  # log-odds: what each beginning and each end of a run of lines costs
SAID = 15  # units of a line that weighs what its odds say; a longer one weighs more, a shorter one less ...
HEAVIEST = 1.5  # ... up to so many times
SUREST, TINY = 6, 1e-6  # log-odds of what is certain


def likely_run(blocks: Sequence[Block], probabilities: Sequence[float]) -> set[int]:
    """Indices of the likeliest article if it seldom stops and goes on (the path that Viterbi's algorithm finds).

    >>> from lxml import html
    >>> from pipelines.blocks import blocks_of
    >>> line = "<p>A line of about fifteen units, as they stand in any text that has some.</p>"
    >>> blocks = blocks_of(html.fromstring(f"<div>{line * 5}</div>"))
    >>> likely_run(blocks, [0.9, 0.4, 0.9, 0.4, 0.1])
    {0, 1, 2}
    """
    outside = inside = 0.0  # the best score of a reading that ends outside of the article, or in it
    steps: list[tuple[bool, bool]] = []  # whether that reading was in the article one line before
    for block, probability in zip(blocks, probabilities, strict=True):
        odds = math.log((probability + TINY) / (1 - probability + TINY))
        weight = min(HEAVIEST, math.sqrt(block.units / SAID))
        said = max(-SUREST, min(SUREST, odds)) * weight / 2
        ends, begins = inside - BREAK > outside, outside - BREAK > inside
        steps.append((ends, not begins))
        outside, inside = (
            (inside - BREAK if ends else outside) - said,
            (outside - BREAK if begins else inside) + said,
        )
    run: set[int] = set()
    within = inside > outside
    for i in range(len(steps) - 1, -1, -1):
        if within:
            run.add(i)
        within = steps[i][within]
    return run
