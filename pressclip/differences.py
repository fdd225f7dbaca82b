"""What changed between two texts, sentence by sentence: a Japanese paragraph is one line, and says little as one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

_SENTENCE = re.compile(r"[^\n]*?(?:[。！？]+[」』）】]*|[.!?…]+[\"'”’)]*(?=\s)|$|(?=\n))", re.MULTILINE)
#: Words of scripts that write spaces, and single characters of those that do not.
_TOKEN = re.compile(r"[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+|.", re.DOTALL)
_ALIKE = 0.4  # sentences with less in common are other sentences
_LONGEST = 2000  # tokens that are compared one by one


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence: as it was (`-`), as it is (`+`), the same (` `), or many of these left out (`…`)."""

    kind: Literal["-", "+", " ", "…"]
    parts: tuple[tuple[str, bool], ...]  # text, and whether just this is what changed

    @property
    def text(self) -> str:
        """The whole sentence."""
        return "".join(text for text, _ in self.parts)


def sentences(text: str) -> list[str]:
    r"""Cut a text into its sentences.

    >>> sentences("規制を「見直す。」と述べた。次は来週。\n\nIt rose 3.5 percent. Then it fell")
    ['規制を「見直す。」', 'と述べた。', '次は来週。', 'It rose 3.5 percent.', 'Then it fell']
    """
    return [cut for match in _SENTENCE.findall(text) if (cut := match.strip())]


def difference(old: str, new: str, *, context: int = 1) -> list[Line]:
    """Compare two texts; around each change so many sentences that are the same.

    >>> for line in difference("前日比３％高。次は来週。終わり。", "前日比５％高。次は来週。終わり。"):
    ...     print(line.kind, line.text, [text for text, changed in line.parts if changed])
    - 前日比３％高。 ['３']
    + 前日比５％高。 ['５']
      次は来週。 []
    … 1 []
    """
    before, after = sentences(old), sentences(new)
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    lines: list[Line] = []
    for place, (tag, i, j, k, m) in enumerate(codes):
        if tag == "equal":
            same = before[i:j]
            lines += _context(same, context if place else 0, context if place < len(codes) - 1 else 0)
        else:
            lines += _changed(before[i:j], after[k:m])
    return lines


def _context(same: Sequence[str], head: int, tail: int) -> Iterator[Line]:
    left = len(same) - head - tail
    shown = [Line(" ", ((sentence, False),)) for sentence in same]
    if left <= 0:
        yield from shown
        return
    yield from shown[:head]
    yield Line("…", ((str(left), False),))
    yield from shown[len(shown) - tail :]


def _changed(before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    pairs = [_marked(old or "", new or "") for old, new in zip_longest(before, after)]
    yield from (Line("-", parts) for parts, _ in pairs[: len(before)])
    yield from (Line("+", parts) for _, parts in pairs[: len(after)])


_Parts = tuple[tuple[str, bool], ...]


def _marked(old: str, new: str) -> tuple[_Parts, _Parts]:
    """Mark in two sentences what one does not share with the other; nothing, where they are not alike."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    plain = ((old, False),), ((new, False),)
    if len(before) + len(after) > _LONGEST:
        return plain
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return plain
    codes = matcher.get_opcodes()
    return (
        tuple(("".join(before[i:j]), tag != "equal") for tag, i, j, _, _ in codes if j > i),
        tuple(("".join(after[k:m]), tag != "equal") for tag, _, _, k, m in codes if m > k),
    )
