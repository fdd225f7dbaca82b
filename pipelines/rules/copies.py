"""What is there once more: in one piece, or for another screen."""

from pipelines.rules.case import Case

REPEATED = 30  # units from which a block is looked for in the others ...
LONGEST_FEW = 20  # ... if it is one of the longest: what repeats several others is longer than they
COPIED = 2  # lines in the same order that are no accident
PART = 8  # ... which must be longer than this


def repeated(case: Case, keep: set[int]) -> set[int]:
    """A block that says in one line what several others say: a copy for machines, a summary in one piece."""
    blocks = case.blocks
    texts = {i: blocks[i].bare for i in sorted(keep) if blocks[i].units >= PART}
    gone: set[int] = set()
    long = [i for i in texts if blocks[i].units >= REPEATED]
    for i in sorted(long, key=lambda i: -len(texts[i]))[:LONGEST_FEW]:
        text = texts[i]
        others = "".join(other for j, other in texts.items() if j != i and len(other) < 0.8 * len(text))
        spots = [text[k : k + 24] for k in range(0, max(1, len(text) - 24), max(24, len(text) // 12))]
        if sum(spot in others for spot in spots) >= 0.8 * len(spots):
            gone.add(i)
    return keep - gone


def copies(case: Case, keep: set[int]) -> set[int]:
    """Lines that directly repeat those before them: the same part once more, for another screen or for printing."""
    order = [i for i in sorted(keep) if case.blocks[i].units >= PART]
    lines = [case.blocks[i].bare for i in order]
    first: dict[str, int] = {}
    gone: set[int] = set()
    at = 0
    while at < len(lines):
        before = first.setdefault(lines[at], at)
        run = 0
        while (
            before < at
            and at + run < len(lines)
            and before + run < at
            and lines[at + run] == lines[before + run]
        ):
            run += 1
        units = sum(case.blocks[i].units for i in order[at : at + run])
        if COPIED <= run >= at - before - 1 and units >= REPEATED:
            gone.update(order[at : at + run])
        at += max(1, run)
    # What is gone may have stood between two more.
    return copies(case, keep - gone) if gone else keep
