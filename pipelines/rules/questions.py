"""Questions and their answers, which end many an article: they come back with the heading that announces them."""

from pipelines.blocks import Block
from pipelines.cues import asking
from pipelines.lines import link_share
from pipelines.render import heading
from pipelines.rules.case import TITLE_LIKE, Case, is_prose

LIKELY_HEADING = 0.2  # a heading that says so below the text; less likely, they are about the site
LIKELY_ANSWER = 0.12
LEAST_ANSWER = 1  # units: less is a sign to open the answer with
FEWEST = 2  # questions


def questions(case: Case, keep: set[int]) -> set[int]:
    """The questions below a heading such as FAQ, with what answers each."""
    blocks = case.blocks
    start = min((i for i in keep if is_prose(blocks[i])), default=len(blocks))
    back: set[int] = set()
    for i in range(start + 1, len(blocks)):
        if (i in keep or case.probabilities[i] >= LIKELY_HEADING) and i not in back and _announces(blocks[i]):
            back |= _answered(case, i)
    return keep | back


def _announces(block: Block) -> bool:
    return block.units <= TITLE_LIKE and (heading(block) > 0 or not block.links) and asking(block.bare)


def _is_question(block: Block) -> bool:
    return block.text[-1] in "?？" and block.units <= TITLE_LIKE and block.cue[0] is None


def _answered(case: Case, at: int) -> set[int]:
    """The heading at `at`, the questions below it and their answers; nothing where there are too few."""
    blocks = case.blocks
    found: set[int] = set()
    number = 0
    i = at + 1
    while i < len(blocks) and _is_question(blocks[i]):
        question = i
        i += 1
        answer: set[int] = set()
        while (
            i < len(blocks)
            and not _is_question(blocks[i])
            and (blocks[i].units < LEAST_ANSWER or _answers(case, i))
        ):
            answer |= {i} if blocks[i].units >= LEAST_ANSWER else set()
            i += 1
        if not any(blocks[j].prose for j in answer):
            break
        found |= {question} | answer
        number += 1
    return {at} | found if number >= FEWEST else set()


def _answers(case: Case, i: int) -> bool:
    block = case.blocks[i]
    return (
        case.probabilities[i] >= LIKELY_ANSWER
        and not heading(block)
        and block.cue[0] is None
        and link_share(block) < 0.5  # noqa: PLR2004 -- half
    )
