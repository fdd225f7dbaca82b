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
    found = {at}
    shapes: set[str] = set()  # of the boxes around the lines of answers
    number = 0
    i = at + 1
    while i < len(blocks) and _is_question(blocks[i]):
        answer = _answer(case, i)
        if not any(blocks[j].prose for j in answer):
            break
        number += 1
        after = answer[-1] + 1
        if after == len(blocks) or not _is_question(blocks[after]):  # the last may be followed by anything
            answer = answer[:1] + [j for j in answer[1:] if _shape(blocks[j]) in shapes]
        shapes.update(_shape(blocks[j]) for j in answer)
        found |= {i, *answer}
        i = after
    return found if number >= FEWEST else set()


def _answer(case: Case, question: int) -> list[int]:
    """Indices of the lines between a question and the next."""
    blocks = case.blocks
    found: list[int] = []
    for i in range(question + 1, len(blocks)):
        if _is_question(blocks[i]):
            break
        if blocks[i].units < LEAST_ANSWER:
            continue
        if not _answers(case, i):
            break
        found.append(i)
    return found


def _shape(block: Block) -> str:
    around = block.box.parent or block.box
    return f"{around.tag} {around.names}"


def _answers(case: Case, i: int) -> bool:
    block = case.blocks[i]
    return (
        case.probabilities[i] >= LIKELY_ANSWER
        and not heading(block)
        and block.cue[0] is None
        and link_share(block) < 0.5  # noqa: PLR2004 -- half
    )
