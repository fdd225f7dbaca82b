"""What is no text of the article, wherever it stands: captions, what opens above the page, lines that point away."""

import re

from pipelines.blocks import Block
from pipelines.cues import told
from pipelines.lines import link_share
from pipelines.render import heading, nearest
from pipelines.rules.case import TOO_LITTLE, Case, around

SAYING = 60  # units: a longer line is prose that happens to say so
CREDITED = 30  # units: a longer line tells more than what its picture shows
ALL = 0.9  # share of a line from which all of it is linked
SHOUTED = 4  # units: what is shorter may be an abbreviation
CAPITALS = 0.9  # of the letters: of ``McKAY ON THE AMAs`` nearly all, of ``AIとは何か`` few
DIALOGS = frozenset({"dialog", "alertdialog"})
_OVERLAY = re.compile(r"\bpopup|\bmodal|tooltip|lightbox|\blayer_(?:body|head)|\bdialog\b")
#: What a template or an embedding left behind: ``{{banner}}``, ``[button ...]``.
_LEFTOVER = re.compile(r"^(?:\{\{.*\}\}|\[/?[a-z_-]+(?: [^\]]*=.*)?\])$", re.IGNORECASE | re.DOTALL)
#: What stands before the title of another text: ``READ: ...``, ``WATCH | ...``; in what language does not matter.
_LABEL = re.compile(r"^\W{0,3}([^\W\d][^:：|｜]{2,30}?)\s?[:：|｜]")
#: A photographer's line, or one that ends in his name: ``Photo: ...``, ``写真＝...``.
_CREDIT = re.compile(
    r"(?:^|[\s|(\[.!?”\"])(?:Photos?|PHOTO|Photographs?|Foto|FOTO|Bild|Crédit photo|Immagine|Fotografía)"
    r"(?:\s+(?:[Cc]redits?|[Cc]ourtesy|[Ss]ource))?(?:\s*[:：]\s*|\s+(?:by|courtesy of|credit)\s*:?\s+)[^.!?。]{1,60}[.)\]]*$"
    r"|^\W*(?:Images?|Pictures?)(?:\s+(?:[Cc]redits?|[Cc]ourtesy|[Ss]ource))?(?:\s*:\s*|\s+by\s+)[^.!?]{1,60}\W*$"
    r"|(?:\((?:AP|Reuters|REUTERS|AFP|EPA|Getty|iStock|Shutterstock)(?:\s?/\s?[^()]{1,40})?\)|Getty Images)\)?$"
    r"|^\W*(?:写真|写真提供|画像|图片|圖片|图片来源|圖片來源|사진|사진 ?제공)\s?[＝=:：／/][^。]{1,30}$"
)
_POINTER = re.compile(r"^\s*(?:👉|▶|►|☞|➡|🔗|>>|»|→)")


def captions(case: Case, keep: set[int]) -> set[int]:
    """What is written below pictures, and who took them, unless it is most of what there is."""
    blocks = case.blocks
    below = {
        i
        for i in keep
        if any(box.tag == "figcaption" for box in around(blocks[i].box, 4))
        or (blocks[i].units <= CREDITED and _CREDIT.search(blocks[i].text))
    }
    units = sum(blocks[i].units for i in below)
    return keep - below if units < sum(blocks[i].units for i in keep) / 2 else keep


def overlays(case: Case, keep: set[int]) -> set[int]:
    """What opens above the page on a click, and dialogs, however long: consents are longer than many an article."""
    blocks = case.blocks
    total = sum(blocks[i].units for i in keep)
    boxes_of = {i: around(blocks[i].box, 4) for i in keep}
    above = {
        box
        for box in {box for boxes in boxes_of.values() for box in boxes}
        if box.units < total / 2 and _OVERLAY.search(box.names.lower())
    }
    boxes = {box for i in keep for box in blocks[i].box.chain()}
    dialogs = {box for box in boxes if "dialog" in box.names and box.element.get("role") in DIALOGS}
    below = {i for i in keep if above.isdisjoint(boxes_of[i])}
    beside = {i for i in below if dialogs.isdisjoint(blocks[i].box.chain())} if dialogs else below
    return beside if sum(blocks[i].units for i in beside) >= TOO_LITTLE else below


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
    if linked and (
        _POINTER.match(block.text)
        or (group == "list" and strength == 2)  # noqa: PLR2004 -- a label
        or (linked > 0.5 and _labelled(block))  # noqa: PLR2004 -- half
    ):
        return True
    # A whole line of linked capitals announces another text, in the middle of this one.
    if linked > ALL and block.units >= SHOUTED and _shouts(block.text) and not heading(block):
        return True
    if linked > 0.4 and strength == 3 and group in {"widget", "call", "ad"}:  # noqa: PLR2004 -- the whole line
        return True
    return _LEFTOVER.match(block.text) is not None or told(line)


def _labelled(block: Block) -> bool:
    """Whether a label in capitals stands before a linked title, unless in a list or table, where names do."""
    label = _LABEL.match(block.text)
    if label is None or not _shouts(label[1]) or nearest(block.box, ("li", "td", "th")) is not None:
        return False
    before = block.pieces[0]
    return before.href is None and label[1] in before.text and "://" not in block.text


def _shouts(text: str) -> bool:
    """Whether it is written in capitals."""
    letters = [letter for letter in text if letter.isalpha()]
    return sum(map(str.isupper, letters)) > CAPITALS * len(letters)
