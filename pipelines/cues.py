"""Phrases that stand before or in what is not the article: 関連記事, Read next, 무단 전재, ...

They live in `cues/<language>.txt`, a phrase a line under the name of its group. Matching ignores case, width,
white space and punctuation; the page's language plays no part, since pages mix them.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Literal, cast

import ahocorasick

Group = Literal["list", "call", "widget", "comments", "person", "legal", "ad"]
GROUPS: tuple[Group, ...] = ("list", "call", "widget", "comments", "person", "legal", "ad")

#: Section of phrases that count wherever they stand in a short line.
TOLD = "told"
#: Section of phrases of small print: two in one block make it that, however long it is.
SMALL = "small print"
#: Section of phrases in headings of questions and their answers.
QUESTIONS = "questions"

_NOISE = re.compile(r"[\W_]+")
#: The same for characters of ASCII, in one step.
_ASCII = {code: chr(code).lower() if chr(code).isalnum() else None for code in range(128)}
_ASCII_WORDS = {**_ASCII, ord(" "): " "}
_LABEL = re.compile(r"^\W*(\w[^:：\]】◀|]{1,40}?)\s*[:：\]】◀|]")
_SPACED = re.compile(r"\W*[^\W\u2e80-\uffff]")
_LONG = 8  # letters from which a phrase counts at the beginning of a line; half of it in CJK


def bare(text: str) -> str:
    """Letters and digits, folded: what two writings of a phrase have in common.

    >>> bare("【関連記事】"), bare("Ｒｅａｄ next:"), bare("▶ 관련 기사 ◀")
    ('関連記事', 'readnext', '관련기사')
    """
    if text.isascii():
        return text.translate(_ASCII)
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)).lower()


def cue(line: str, bare_line: str) -> tuple[Group | None, int]:
    """The group of a short line's phrase: 3 the line is the phrase, 2 a label before more, 1 begins or says it.

    >>> [cue(line, bare(line)) for line in ("Read next", "関連記事：三つの理由", "It rains")]
    [('list', 3), ('list', 2), (None, 0)]
    """
    phrases, lengths, _ = _phrases()
    bare_line = bare_line.strip("0123456789")
    if group := phrases.get(bare_line):
        return group, 3
    if (label := _LABEL.match(line)) and (group := phrases.get(bare(label[1]))):
        return group, 2
    for start in _starts(line, bare_line, lengths):
        if group := phrases.get(start):
            return group, 1
    return None, 0


def _starts(line: str, bare_line: str, lengths: tuple[int, ...]) -> Iterator[str]:
    """Beginnings of a line that may be a phrase: at the ends of words, where it has words."""
    if _SPACED.match(line):
        start = ""
        first = line.split(maxsplit=6)[:6]
        for word in (
            " ".join(first).translate(_ASCII_WORDS).split(" ") if line.isascii() else map(bare, first)
        ):
            start += word
            if len(start) >= _LONG:
                yield start
    else:
        yield from (bare_line[:length] for length in lengths if length < len(bare_line))


def told(bare_line: str) -> bool:
    """Whether a line says of itself that it is none of the article: 無断転載を禁じます, Story continues below.

    >>> told(bare("記事の無断転載を禁じます。")), told(bare("転載の歴史について書く。"))
    (True, False)
    """
    return next(_found(TOLD).iter(bare_line), None) is not None


def small_print(bare_text: str) -> int:
    """How many phrases about what its publisher answers for are in a text of any length, overlapping ones once.

    >>> notice = (
    ...     "Past performance is no guarantee of future results. This is for informational purposes only."
    ... )
    >>> small_print(bare(notice)), small_print(bare("Past performance, she said, had misled the fund."))
    (3, 1)
    """
    phrases: set[str] = set()
    behind = -1  # where the phrase before ends
    for end, phrase in _found(SMALL).iter(bare_text):
        if end - len(phrase) >= behind:
            phrases.add(phrase)
            behind = end
    return len(phrases)


def asking(bare_line: str) -> bool:
    """Whether a heading announces questions and their answers.

    >>> asking(bare("Solar panels: FAQs")), asking(bare("よくあるご質問")), asking(bare("Asked about it"))
    (True, True, False)
    """
    return next(_found(QUESTIONS).iter(bare_line), None) is not None


@cache
def _found(section: str) -> ahocorasick.Automaton:
    """Finds all of a section's phrases in one step over a text."""
    automaton = ahocorasick.Automaton()
    for phrase in _phrases()[2][section]:
        automaton.add_word(phrase, phrase)
    automaton.make_automaton()
    return automaton


@cache
def _phrases() -> tuple[dict[str, Group], tuple[int, ...], dict[str, dict[str, None]]]:
    """Phrases by group, the lengths that beginnings may have in scripts without spaces, what counts anywhere."""
    phrases: dict[str, Group] = {}
    anywhere: dict[str, dict[str, None]] = {TOLD: {}, SMALL: {}, QUESTIONS: {}}
    for file in sorted(resources.files("pipelines").joinpath("cues").iterdir(), key=lambda f: f.name):
        section = ""
        for line in file.read_text(encoding="utf-8").splitlines():
            phrase = bare(line)
            if line.startswith("["):
                section = line.strip("[]")
            elif section in anywhere:
                anywhere[section][phrase] = None
            elif len(phrase) > 1:
                phrases.setdefault(phrase, cast("Group", section))
    lengths = tuple(sorted({len(p) for p in phrases if len(p) * 2 >= _LONG and not p.isascii()}))
    return phrases, lengths, anywhere
