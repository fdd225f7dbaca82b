"""From probabilities to the blocks that stay: a threshold, then rules for what no threshold can see.

Each rule looks at the blocks that stay so far and says which stay after it; none looks at a host. They run in the
order of `RULES`, at the end.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.blocks import Block, Box
from pipelines.cues import told
from pipelines.facts import Facts
from pipelines.lines import link_share
from pipelines.places import PURPOSES
from pipelines.render import data_table, heading, nearest
from pipelines.runs import likely_run

#: A block stays from here on: above one half, a line of another's weighs more than a line lost, and within a run lines come back ...
LIKELY = 0.64
#: ... or, where hardly anything would stay, from this share of the page's best block.
RESCUE = 0.7
LIKELY_IN_RUN = 0.12  # a line among others that stay, if they outweigh its doubt
LIKELY_TABLE = 0.15  # a table between lines that stay is rarely furniture
MOST_OF_A_LIST = 0.5  # of its units
TOO_LITTLE = 25  # units
TITLE_LIKE = 40  # units: no headline is longer
LONGEST_LIST = 300  # lines under one heading
MOST_LISTED = 2  # times the text above: a longer list is what the article is about
SAYING = 60  # units: a longer line is prose that happens to say so
ALL = 0.9  # share of a line from which all of it is linked
SHOUTED = 4  # units: what is shorter may be an abbreviation
MOST_TRAILING = 3  # more headings in a row are a list of points
REPEATED = 30  # units from which a block is looked for in the others ...
LONGEST_FEW = 20  # ... if it is one of the longest: what repeats several others is longer than they
COPIED = 2  # lines in the same order that are no accident
PART = 8  # ... which must be longer than this
DIALOGS = frozenset({"dialog", "alertdialog"})
NOTE = 5  # units from which a footnote is more than its sign

_NOTES = re.compile(r"footnote|\bfn[:_-]?\w*\d|endnote|twitter-tweet|\btweet\b|bluesky-embed")
_CAPTION = re.compile(PURPOSES["caption"])
_OVERLAY = re.compile(r"\bpopup|\bmodal|tooltip|lightbox|\blayer_(?:body|head)|\bdialog\b")
_SIGNED = re.compile(
    r"^\W*(?:\S{1,20}\s?=\s?)?(?:[가-힣]{2,4} ?){1,3}(?:기자|특파원)\W*(?:\S+@\S+)?$"
    r"|^\W*(?:[^\s。、]{2,12}[=＝／/])?[^\s。、]{2,8}(?:記者|编辑|記者報導)\W*$"
    r"|^\W*[记記]者[^\s。、]{2,12}[/／╱][^\s。]{2,6}[报報][导導道]\W*$"
    r"|^[（(][^\s。（()）]{2,4}\s?(?:编译|編譯|撰稿|编辑|編輯)[）)]$"
    r"|^(?:[\w.]{4,30}\s+)?(?:19|20)\d\d年\d{1,2}月\d{1,2}日\s*\d{1,2}:\d\d(?::\d\d)?(?:\s*[来來]源\s*[:：].{1,16})?$"
    r"|^(?:[Bb]y|BY) (?:[A-Z][\w.'’-]+ ?){2,4}$"
)
#: What a template or an embedding left behind: ``{{banner}}``, ``[button ...]``.
_LEFTOVER = re.compile(r"^(?:\{\{.*\}\}|\[/?[a-z_-]+(?: [^\]]*=.*)?\])$", re.IGNORECASE | re.DOTALL)
_POINTER = re.compile(r"^\s*(?:👉|▶|►|☞|➡|🔗|>>|»|→)")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a block stays, and which rule said so last; ``judge`` where no rule had a say."""

    kept: bool
    by: str


def cut(blocks: Sequence[Block], probabilities: Sequence[float], facts: Facts) -> list[Block]:
    """The blocks of the article."""
    decided = verdicts(blocks, probabilities, facts)
    return [block for block, verdict in zip(blocks, decided, strict=True) if verdict.kept]


def verdicts(blocks: Sequence[Block], probabilities: Sequence[float], facts: Facts) -> list[Verdict]:
    """What becomes of each block, and why."""
    case = Case(blocks, probabilities, facts)
    keep = {i for i, p in enumerate(probabilities) if p >= LIKELY}
    by = dict.fromkeys(range(len(blocks)), "judge")
    for rule in RULES:
        after = rule(case, keep)
        by |= dict.fromkeys(keep ^ after, rule.__name__)
        keep = after
    return [Verdict(i in keep, by[i]) for i in range(len(blocks))]


@dataclass(frozen=True, slots=True)
class Case:
    """What a rule may look at, beside the indices of the blocks that stay so far."""

    blocks: Sequence[Block]
    probabilities: Sequence[float]
    facts: Facts


def rescued(case: Case, keep: set[int]) -> set[int]:
    """Where next to nothing would stay: the best that there is."""
    if sum(case.blocks[i].units for i in keep) >= TOO_LITTLE:
        return keep
    best = max(case.probabilities)
    return {i for i, p in enumerate(case.probabilities) if p >= min(LIKELY, best * RESCUE)}


def runs(case: Case, keep: set[int]) -> set[int]:
    """A line in doubt among lines that stay, but no caption, cue or link: a text seldom stops and goes on."""
    blocks = case.blocks
    return keep | {
        i
        for i in likely_run(blocks, case.probabilities) - keep
        if case.probabilities[i] >= LIKELY_IN_RUN
        and blocks[i].cue[0] in {None, "list"}  # lists that are announced have a rule of their own
        and link_share(blocks[i]) < 0.5  # noqa: PLR2004 -- half
        and not any(_CAPTION.search(box.names.lower()) for box in _around(blocks[i].box, 1))
    }


def whole_tables(case: Case, keep: set[int]) -> set[int]:
    """A table of data stays or goes as a whole."""
    blocks = case.blocks
    cells: dict[Box, list[int]] = {}
    for i, block in enumerate(blocks):
        if (table := data_table(block)) is not None:
            cells.setdefault(table, []).append(i)
    for indices in cells.values():
        weight = sum(blocks[i].units for i in indices)
        mean = sum(case.probabilities[i] * blocks[i].units for i in indices) / weight
        inside = bool(keep) and min(keep) < indices[0] and max(keep) > indices[-1]
        keep = keep | set(indices) if mean >= (LIKELY_TABLE if inside else LIKELY) else keep - set(indices)
    return keep


def whole_lists(case: Case, keep: set[int]) -> set[int]:
    """A list of which most stays, stays as a whole: ten habits are not six."""
    blocks = case.blocks
    items: dict[Box, list[int]] = {}
    for i, block in enumerate(blocks):
        if (
            (at := nearest(block.box, ("li", "td", "article"))) is not None
            and at.tag == "li"
            and at.parent is not None
        ):
            items.setdefault(at.parent, []).append(i)
    for indices in items.values():
        weight = sum(blocks[i].units for i in indices)
        stays = sum(blocks[i].units for i in indices if i in keep)
        if MOST_OF_A_LIST * weight <= stays < weight and all(link_share(blocks[i]) < 0.5 for i in indices):  # noqa: PLR2004 -- half
            keep = keep | set(indices)
    return keep


def captions(case: Case, keep: set[int]) -> set[int]:
    """What is written below pictures, unless it is most of what there is."""
    blocks = case.blocks
    below = {i for i in keep if any(box.tag == "figcaption" for box in _around(blocks[i].box, 4))}
    units = sum(blocks[i].units for i in below)
    return keep - below if units < sum(blocks[i].units for i in keep) / 2 else keep


def notes(case: Case, keep: set[int]) -> set[int]:
    """Footnotes and embedded posts belong to the text in which they stand."""
    blocks = case.blocks
    if not keep:
        return keep
    homes = {box for i in keep for box in _around(blocks[i].box, 3)}
    return keep | {
        i
        for i, block in enumerate(blocks)
        if i not in keep
        and i > min(keep)
        and block.units >= NOTE
        and not homes.isdisjoint(_around(block.box, 5))
        and any(_NOTES.search(box.names) for box in _around(block.box, 3))
    }


def overlays(case: Case, keep: set[int]) -> set[int]:
    """What opens above the page on a click, and dialogs, however long: consents are longer than many an article."""
    blocks = case.blocks
    total = sum(blocks[i].units for i in keep)
    around = {i: _around(blocks[i].box, 4) for i in keep}
    above = {
        box
        for box in {box for boxes in around.values() for box in boxes}
        if box.units < total / 2 and _OVERLAY.search(box.names.lower())
    }
    boxes = {box for i in keep for box in blocks[i].box.chain()}
    dialogs = {box for box in boxes if "dialog" in box.names and box.element.get("role") in DIALOGS}
    below = {i for i in keep if above.isdisjoint(around[i])}
    beside = {i for i in below if dialogs.isdisjoint(blocks[i].box.chain())} if dialogs else below
    return beside if sum(blocks[i].units for i in beside) >= TOO_LITTLE else below


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


def announced_lists(case: Case, keep: set[int]) -> set[int]:
    """A heading such as 関連記事 and the titles under it, linked or not; a section of sentences stays.

    Below the first sentence the heading counts though it is gone already: what stands under it is a list all the
    same, unless it is what the article is about: far longer than all that stands above.
    """
    blocks = case.blocks
    gone: set[int] = set()
    start = min((i for i in keep if _is_prose(blocks[i])), default=len(blocks))
    above = 0.0  # units of what stays before the block
    for i, block in enumerate(blocks):
        above += blocks[i - 1].units if i - 1 in keep and i - 1 not in gone else 0.0
        if block.units > TITLE_LIKE or i in gone or not (i in keep or i > start):
            continue
        group, strength = block.cue
        if group == "list" and strength == 3:  # noqa: PLR2004 -- the whole line
            run = _titles_below(blocks, i)
            ends = run.stop >= len(blocks) or not _is_prose(blocks[run.stop])
            listed = sum(blocks[j].units for j in keep.intersection(run))
            if (len(run) > 1 or ends) and listed < MOST_LISTED * above:
                gone.update(run)
    return keep - gone


def _titles_below(blocks: Sequence[Block], i: int) -> range:
    """The block at `i` and the lines after it that may be titles."""
    stop = i + 1
    while stop < min(len(blocks), i + LONGEST_LIST):
        below = blocks[stop]
        if (
            _is_prose(below)
            or below.units > TITLE_LIKE
            or (heading(below) and heading(below) <= heading(blocks[i]))
        ):
            break
        stop += 1
    return range(i, stop)


def _is_prose(block: Block) -> bool:
    return block.prose and link_share(block) < 0.5  # noqa: PLR2004 -- half


def signatures(case: Case, keep: set[int]) -> set[int]:
    """Who wrote it and when, above the first sentence or below the last: they have fields of their own."""
    blocks = case.blocks
    order = sorted(keep)
    gone: set[int] = set()
    for side in (order, order[::-1]):
        for i in side:
            if _is_prose(blocks[i]) or blocks[i].units > TITLE_LIKE:
                break
            if _signed(blocks[i]):
                gone.add(i)
    return keep - gone


def _signed(block: Block) -> bool:
    group, strength = block.cue
    return (group == "person" and strength == 2) or _SIGNED.match(block.text) is not None  # noqa: PLR2004 -- a label


def disclaimers(case: Case, keep: set[int]) -> set[int]:
    """What says of itself that it is about the law, however long, after the text."""
    blocks = case.blocks
    gone: set[int] = set()
    for i in sorted(keep, reverse=True):
        group, strength = blocks[i].cue
        if group != "legal" or strength < 2:  # noqa: PLR2004 -- a label
            break
        gone.add(i)
    return keep - gone if len(gone) < len(keep) else keep


def asides(case: Case, keep: set[int]) -> set[int]:
    """Single lines that point away or speak of the site: Read more: ..., rights, calls to subscribe."""
    return {i for i in keep if not _aside(case.blocks[i])}


def _aside(block: Block) -> bool:
    line = block.bare
    if block.text.startswith('{"') and block.text.endswith("}") and block.box.tag != "pre":
        return True  # settings of a script, however long
    if block.units > SAYING or not line:
        return False
    group, strength = block.cue
    linked = link_share(block)
    if linked and (_POINTER.match(block.text) or (group == "list" and strength == 2)):  # noqa: PLR2004 -- a label
        return True
    # A whole line of linked capitals announces another text, in the middle of this one.
    if linked > ALL and block.units >= SHOUTED and block.text.isupper() and not heading(block):
        return True
    if linked > 0.4 and strength == 3 and group in {"widget", "call", "ad"}:  # noqa: PLR2004 -- the whole line
        return True
    return _LEFTOVER.match(block.text) is not None or told(line)


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


def _around(box: Box, levels: int) -> list[Box]:
    """A box and up to `levels` around it."""
    found = [box]
    while levels and box.parent is not None:
        box, levels = box.parent, levels - 1
        found.append(box)
    return found


#: In this order: what comes back first, then what goes.
RULES = (
    rescued,
    runs,
    whole_tables,
    whole_lists,
    captions,
    notes,
    overlays,
    repeated,
    copies,
    announced_lists,
    asides,
    disclaimers,
    signatures,
    leading_titles,
    trailing_headings,
)
