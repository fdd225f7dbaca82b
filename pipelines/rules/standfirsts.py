"""What stands between headline and text and says what the article is about."""

import re

from pipelines.blocks import Block
from pipelines.lines import ENGLISH, link_share
from pipelines.places import PURPOSES
from pipelines.render import heading
from pipelines.rules.case import LIKELY, Case, around, is_prose

BELOW = 25  # blocks from the headline
LIKELY_TOLD = 0.2  # what the page gives as its description ...
LIKELY_NAMED = 0.4  # ... what stands in a box of that name ...
LIKELY_SAID = 0.45  # ... or a sentence, if it is under no picture
LEAST, MOST = 8, 200  # units
LINKED = 0.3  # share of a line, as in prose
FOUND = 40  # letters by which a line is found again
TOO_SHORT = 15  # letters that are found by chance
IN_ENGLISH = 0.2  # of the words: those that hold English sentences together
SAMPLE = 8_000  # characters that are looked at
_ENGLISH = frozenset(ENGLISH.split())
_NAMED = re.compile(
    r"\blead(?:-?text)?\b|lede|standfirst|dek\b|summary|excerpt|subtitle|sub-?head|strapline|chapo|vorspann|sapo|abstract"
    r"|\bintro|teaser|sommario|entradilla|bajada|subline"
)

_CAPTION = re.compile(PURPOSES["caption"])


def standfirsts(case: Case, keep: set[int]) -> set[int]:
    """What stands in doubt under the headline: what the page gives as its description, or a lead by name or by shape.

    Not in English, where papers disagree whether it belongs to the text: there the judge has the last word.
    """
    blocks = case.blocks
    first = next((i for i, p in enumerate(case.probabilities) if p >= LIKELY and is_prose(blocks[i])), 0)
    found: set[int] = set()
    headline = -BELOW
    for i in range(first):
        if _headline(case, i):
            headline = i
        elif i - headline < BELOW and i not in keep and _told(case, i):
            found.add(i)
    if not found or _in_english([blocks[i] for i in sorted(keep)]):
        return keep
    said = "\n".join(blocks[i].bare for i in sorted(keep))
    return keep | {i for i in found if blocks[i].bare[:FOUND] not in said}


def _headline(case: Case, i: int) -> bool:
    return heading(case.blocks[i]) == 1 or case.blocks[i].bare in case.facts.bare_titles


def _told(case: Case, i: int) -> bool:
    block, likely = case.blocks[i], case.probabilities[i]
    if block.cue[0] is not None or likely < LIKELY_TOLD or link_share(block) > LINKED:
        return False
    if not LEAST <= block.units <= MOST or len(block.bare) < TOO_SHORT:
        return False
    if block.bare[:FOUND] in case.facts.description:
        return not any(block.bare in title for title in case.facts.bare_titles)
    names = " ".join(box.names for box in around(block.box, 1)).lower()
    return (likely >= LIKELY_NAMED and _NAMED.search(names) is not None) or (
        likely >= LIKELY_SAID and block.prose and not _CAPTION.search(names)
    )


def _in_english(blocks: list[Block]) -> bool:
    words = " ".join(block.text for block in blocks if block.prose)[:SAMPLE].lower().split()
    return sum(word in _ENGLISH for word in words) > IN_ENGLISH * len(words)
