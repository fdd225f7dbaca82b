"""Phrases that stand before or in what is not the article: 関連記事, Read next, 무단 전재, ...

They live in `cues/<language>.txt`, a phrase a line under the name of its group. Matching ignores case, width,
white space and punctuation; the page's language plays no part, since pages mix them.
"""

import re
import unicodedata
from functools import cache
from importlib import resources
from typing import Literal

Group = Literal["list", "call", "widget", "comments", "person", "legal", "ad"]
GROUPS: tuple[Group, ...] = ("list", "call", "widget", "comments", "person", "legal", "ad")

_NOISE = re.compile(r"[\W_]+")
_LABEL = re.compile(r"^\W*(\w[^:：\]】◀|]{1,40}?)\s*[:：\]】◀|]")
_LONG = 8  # letters from which a phrase counts at the beginning of a line; half of it in CJK


def bare(text: str) -> str:
    """Letters and digits, folded: what two writings of a phrase have in common.

    >>> bare("【関連記事】"), bare("Ｒｅａｄ next:"), bare("▶ 관련 기사 ◀")
    ('関連記事', 'readnext', '관련기사')
    """
    return _NOISE.sub("", text if text.isascii() else unicodedata.normalize("NFKC", text)).lower()


def cue(line: str, bare_line: str) -> tuple[Group | None, int]:
    """The group of a short line's phrase: 3 the line is the phrase, 2 a label before more, 1 begins or says it.

    >>> [cue(line, bare(line)) for line in ("Read next", "関連記事：三つの理由", "It rains")]
    [('list', 3), ('list', 2), (None, 0)]
    """
    phrases, lengths, sayings = _phrases()
    bare_line = bare_line.strip("0123456789")
    if group := phrases.get(bare_line):
        return group, 3
    if (label := _LABEL.match(line)) and (group := phrases.get(bare(label[1]))):
        return group, 2
    for length in lengths:
        if length >= len(bare_line):
            break
        if group := phrases.get(bare_line[:length]):
            if length >= _LONG or (length * 2 >= _LONG and not bare_line[:length].isascii()):
                return group, 1
    for saying in sayings:
        if saying in bare_line:
            return "legal", 1
    return None, 0


@cache
def _phrases() -> tuple[dict[str, Group], tuple[int, ...], tuple[str, ...]]:
    phrases: dict[str, Group] = {}
    for file in sorted(resources.files("pipelines").joinpath("cues").iterdir(), key=lambda f: f.name):
        group: Group = "list"
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith("["):
                group = line.strip("[]")  # type: ignore[assignment]  # GROUPS is checked by a test
            elif line.strip():
                phrases.setdefault(bare(line), group)
    lengths = tuple(sorted({len(p) for p in phrases if len(p) * 2 >= _LONG}))
    legal = tuple(p for p, g in phrases.items() if g == "legal" and len(p) * (1 if p.isascii() else 2) >= 10)
    return phrases, lengths, legal
