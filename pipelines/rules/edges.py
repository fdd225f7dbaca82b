"""What stands above the first sentence or below the last: headlines, signatures, disclaimers."""

import re
from collections.abc import Sequence

from pipelines.blocks import Block
from pipelines.cues import small_print
from pipelines.describing.datelines import DAY, YEAR
from pipelines.render import heading
from pipelines.rules.case import TITLE_LIKE, Case, is_prose

PRINTED = 2  # phrases of small print that are no accident at an edge of the text ...
CLEARLY = 3  # ... and anywhere
MOST_TRAILING = 3  # more headings in a row are a list of points
_SIGNED = re.compile(
    r"^\W*(?:\S{1,20}\s?=\s?)?(?:[가-힣]{2,4} ?){1,3}(?:기자|특파원)\W*(?:\S+@\S+)?$"
    r"|^\W*(?:[^\s。、]{2,12}[=＝／/])?[^\s。、[]{2,8}(?:記者|编辑|記者報導)\W*$"
    r"|^\W*[记記]者[^\s。、]{2,12}[/／╱][^\s。]{2,6}[报報][导導道]\W*$"
    r"|^[【（(]?(?:[^。，、/／╱]{1,16}[/／╱]){1,2}[^\s。，/／╱的]{2,4}[报報][导導道][】）)]?$|^文(?:[/／][图圖])?[/／:：]\s?[^\s。，]{2,6}$"
    r"|^[（(][^\s。（()）]{2,4}\s?(?:编译|編譯|撰稿|编辑|編輯)[）)]$"
    r"|^(?:[\w.]{4,30}\s+)?(?:19|20)\d\d年\d{1,2}月\d{1,2}日\s*\d{1,2}:\d\d(?::\d\d)?(?:\s*[来來]源\s*[:：].{1,16})?$"
    r"|^(?:[Bb]y|BY) (?:[A-Z][\w.'’-]+ ?){2,4}$"
    r"|^\W*(?:[Ww]ith |[Aa]dditional ){1,2}(?:reporting|files) (?:by|from) .{2,80}$"
    r"|^\W*(?:[Mm]it|[Uu]nter Verwendung von) (?:Agenturmaterial|Material (?:von|der) .{2,40})\W*$"
)
MOST_DATED = 2  # lines that are a day; more are a calendar
DATED = 25  # units: a longer line tells what happened on that day
_CLOCK = (
    r"(?:\s?[（(]\w{1,9}[)）])?(?:\W{0,3}(?:at|um|à|às|om|kl|alle|午前|午後|上午|下午|오전|오후)?\W{0,2}"
    r"\d{1,2}(?:[:：.h]\d\d(?:[:：]\d\d)?|[時时시]\s?(?:\d{1,2}[分분])?)(?:\s?[ap]\.?m\b\.?|\s?Uhr)?(?:\s?[A-Z]{2,4}\b)?)?"
)
_LABEL = (
    r"(?:[^\W\d_]+(?:-[^\W\d_]+)?,?\s+|[^\d:：]{1,25}[:：]\s*"
    r"|[^\d]{0,15}(?:updated?|published|posted|publi[ée]|publicado|pubblicato|aktualisiert|veröffentlicht)[^\d]{0,6}"
    r"(?:\d{1,2}:\d\d\s?(?:[ap]\.?m\.?)?\s?(?:[A-Z]{2,4} )?(?:on )?)?)?"
)
#: A line that is a day, with what it is the day of, or that begins or ends with one, beside other facts.
_DATED = re.compile(
    rf"^\W{{0,4}}{_LABEL}{DAY}{_CLOCK}\W{{0,4}}$"
    rf"|^\W{{0,4}}{DAY}{_CLOCK}\s*[-–—|·•/](?!\d)|[-–—|·•/]\s*{DAY}{_CLOCK}\W{{0,4}}$",
    re.IGNORECASE,
)


def disclaimers(case: Case, keep: set[int]) -> set[int]:
    """What the publisher answers for and what not, however long: above the text, below it with its heading, or clearly."""
    blocks = case.blocks
    order = sorted(keep)
    printed = {i: small_print(blocks[i].bare) for i in order}
    gone = {i for i in order if printed[i] >= CLEARLY}
    for i in order:
        if printed[i] < PRINTED:
            break
        gone.add(i)
    for i in reversed(order):
        heads = i + 1 in gone and heading(blocks[i]) and not blocks[i].prose
        if not (heads or i in gone or printed[i] >= PRINTED or _disclaims(blocks[i])):
            break
        gone.add(i)
    return keep - gone if len(gone) < len(keep) else keep


def _disclaims(block: Block) -> bool:
    group, strength = block.cue
    return group == "legal" and strength >= 2  # noqa: PLR2004 -- a label


def signatures(case: Case, keep: set[int]) -> set[int]:
    """Who wrote it, when, how long it takes, above the first sentence or below the last: all but text.

    Also below a standfirst, where nothing of the kind stands above it.
    """
    blocks = case.blocks
    order = sorted(keep)
    gone: set[int] = set()
    days: set[int] = set()
    for side in (order, order[::-1]):
        for i in side:
            if is_prose(blocks[i]) or blocks[i].units > TITLE_LIKE:
                if side is order and i == order[0] and not _signed_above(blocks, i):
                    continue
                break
            if _signed(blocks[i]):
                gone.add(i)
            elif _dated(blocks[i]):
                days.add(i)
    if days and sum(_dated(blocks[i]) and not _signed(blocks[i]) for i in keep) <= MOST_DATED:
        gone |= days
    return keep - gone


def _signed_above(blocks: Sequence[Block], i: int) -> bool:
    return any(_signed(block) or _dated(block) for block in blocks[:i])


def _dated(block: Block) -> bool:
    return (
        block.units <= DATED
        and YEAR.search(block.text) is not None
        and _DATED.search(block.text) is not None
        and not heading(block)
    )


def _signed(block: Block) -> bool:
    group, strength = block.cue
    told = (group == "person" and strength == 2) or (group == "widget" and strength >= 2)  # noqa: PLR2004 -- a label
    return told or _SIGNED.match(block.text) is not None


def leading_titles(case: Case, keep: set[int]) -> set[int]:
    """The headline repeated above the text: it has a field of its own."""
    blocks = case.blocks
    gone: set[int] = set()
    for i in sorted(keep):
        titled = heading(blocks[i]) == 1 or blocks[i].bare in case.facts.bare_titles
        if not titled or blocks[i].units > TITLE_LIKE:
            break
        gone.add(i)
    return keep - gone


def trailing_headings(case: Case, keep: set[int]) -> set[int]:
    """Headings that nothing follows."""
    blocks = case.blocks
    gone: set[int] = set()
    for i in sorted(keep, reverse=True):
        if not heading(blocks[i]) or blocks[i].prose or blocks[i].units > TITLE_LIKE:
            break
        gone.add(i)
    return keep - gone if len(gone) <= MOST_TRAILING else keep
