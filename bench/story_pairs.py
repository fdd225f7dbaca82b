"""Pairs of texts made from real pages: copies as editors and feeds make them, and look-alikes that are other news."""

import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dataset import page_of, truths_of

from pipelines.extract import clean
from pipelines.sketch import LONGEST
from pressclip.differences import sentences
from pressclip.errors import InputError

SEED = 20261122
#: Characters of the shortest article, and of the shortest one where a character is a word.
SHORTEST, SHORTEST_WIDE = 400, 150
_WIDE = re.compile("[\u3041-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_FIGURES_OF_A_REPORT = 4

Text = tuple[str, str]  # title and text


@dataclass(frozen=True, slots=True)
class Document:
    """An article of the data set."""

    name: str
    lang: str
    title: str
    text: str  # as our cleaning leaves it
    truth: str  # as a reader wrote it down; empty where there is no such text

    @property
    def is_wide(self) -> bool:
        """Whether a character of it is a word, or nearly."""
        return len(_WIDE.findall(self.text)) > 0.3 * len(self.text)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts, and whether they are one story."""

    kind: str
    lang: str
    same: bool
    one: Text
    two: Text


def documents(data: Path) -> list[Document]:
    """Clean the pages of a data set; short ones and those that are no articles are left out."""
    found = []
    for truth in truths_of(data):
        try:
            article = clean(page_of(data, truth))
        except InputError:
            continue
        lang = (article.lang or "?").partition("-")[0]
        document = Document(truth["id"], lang, article.title, article.text, truth.get("text") or "")
        shortest = SHORTEST_WIDE if document.is_wide else SHORTEST
        if article.kind == "article" and len(article.text) >= shortest:
            found.append(document)
    return found


def pairs(found: list[Document]) -> Iterator[Pair]:
    """Make the pairs; the same ones each time."""
    dice = random.Random(SEED)
    by_lang = defaultdict(list)
    for document in found:
        by_lang[document.lang].append(document)
    for document in found:
        others = [other for other in by_lang[document.lang] if other is not document]
        other = dice.choice(others or [one for one in found if one is not document])
        here = (document.title, document.text)
        for kind, two in _copies(document, other, dice):
            yield Pair(kind, document.lang, same=True, one=here, two=two)
        for kind, two in _others(document, other, dice):
            yield Pair(kind, document.lang, same=False, one=here, two=two)


def _copies(one: Document, other: Document, dice: random.Random) -> Iterator[tuple[str, Text]]:
    title, text, paragraphs = one.title, one.text, one.text.split("\n\n")
    if len(one.truth) >= SHORTEST_WIDE:
        yield "other cleaning", (title, one.truth)
    if len(paragraphs) > 3:  # noqa: PLR2004 - of three paragraphs one is a third of the text
        left = dice.randrange(1, len(paragraphs))
        agency = "【東京共同】" if one.is_wide else "LONDON (Agency) - "
        yield "paragraph less", (title, agency + "\n\n".join(paragraphs[:left] + paragraphs[left + 1 :]))
    if len(sentences(text)) >= 8:  # noqa: PLR2004 - so that about one in seven can change
        yield "edited", (other.title, _edited(one, sentences(other.text), dice))
    yield "half", (title, text[: len(text) // 2] + "…")
    yield "teaser", (title, text[: len(text) * 3 // 10] + "…")


def _edited(one: Document, strange: list[str], dice: random.Random) -> str:
    """Leave out, replace or reword one sentence in seven."""
    written = []
    for sentence in sentences(one.text):
        change = dice.random()
        if change < 0.05:  # noqa: PLR2004 - a third of one in seven
            continue
        if change < 0.10:  # noqa: PLR2004 - the same
            written.append(dice.choice(strange))
        elif change < 0.15:  # noqa: PLR2004 - the same
            words = list(sentence) if one.is_wide else sentence.split(" ")
            for _ in range(max(1, len(words) // 6)):
                words[dice.randrange(len(words))] = "新" if one.is_wide else "another"
            written.append(("" if one.is_wide else " ").join(words))
        else:
            written.append(sentence)
    return ("" if one.is_wide else " ").join(written)


def _others(one: Document, other: Document, dice: random.Random) -> Iterator[tuple[str, Text]]:
    yield "unrelated", (other.title, other.text)
    quoting = other.text.split("\n\n")
    quotes = _quotes(one, min(len(one.text), len(other.text)) * dice.uniform(0.1, 0.4), dice)
    if len(quoting) > 1 and quotes:
        place = dice.randrange(1, len(quoting))
        yield "shared quotes", (other.title, "\n\n".join([*quoting[:place], *quotes, *quoting[place:]]))
    figures = {figure for figure in _FIGURE.findall(one.text[:LONGEST]) if len(figure) > 1}
    if len(figures) >= _FIGURES_OF_A_REPORT:
        yield "next report", (_next(one.title, dice), _next(one.text, dice))


def _quotes(one: Document, most: float, dice: random.Random) -> list[str]:
    """Choose paragraphs of so many characters at the most, in all."""
    chosen: list[str] = []
    paragraphs = one.text.split("\n\n")
    for paragraph in dice.sample(paragraphs, len(paragraphs)):
        if sum(map(len, chosen)) + len(paragraph) <= most:
            chosen.append(paragraph)
    return chosen


def _next(text: str, dice: random.Random) -> str:
    """Fill the same form with other figures."""
    return _FIGURE.sub(lambda match: re.sub(r"\d", lambda _: str(dice.randrange(10)), match[0]), text)
