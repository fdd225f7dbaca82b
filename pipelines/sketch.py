"""A sketch of a text, by which its copies are known however they were edited, without keeping or reading the text.

text -> folded letters and digits -> grams of four characters -> the smallest of them by a fixed order -> Sketch

Pure; nothing depends on the process, the platform or other texts. What two sketches say is in pressclip.likeness.
"""

import re
import struct
import unicodedata
from collections.abc import Iterable, Iterator
from zlib import crc32

from pressclip.likeness import FIGURES, GRAMS
from pressclip.models import Sketch

#: Characters of a text that count; copies that differ only behind them are copies.
LONGEST = 5_000
#: Passages of a text by which its copies are looked up, and characters of one.
KEYS, PASSAGE = 6, 24
_ANCHORS = 16  # grams whose passages are considered

_WORDS = re.compile(r"\w+")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_MARKS = {ord("."): None, ord(","): None}  # 63,000.5 and 63.000,5

#: A gram's place begins with its remainder, so that which grams are small is known after one division each.
_PRIME = 1021
_SPREAD = 0x9E3779B97F4A7C15


def sketch(title: str, text: str) -> Sketch:
    """Sketch an article; case, width, white space and punctuation do not count.

    >>> one = sketch(
    ...     "Fees", "The exchange halves its fees in March, to 0.1 %, for customers in Osaka and Lisbon."
    ... )
    >>> two = sketch(
    ...     "FEES", "The  exchange halves its fees in March — to 0,1%, for customers in Osaka and Lisbon!"
    ... )
    >>> one == two
    True
    """
    folded = unicodedata.normalize("NFKC", f"{title}\n{text[:LONGEST]}").casefold()
    letters = "".join(_WORDS.findall(folded))
    sample, share = _sample(letters)
    # The order has nothing to do with language: remainders first, then bits of a product; 32 bits in all.
    places = {(gram % _PRIME) << 22 | (gram * _SPREAD >> 40) % (1 << 22): gram for gram in sample}
    smallest = sorted(places)[:GRAMS]
    return Sketch(
        grams=tuple(smallest),
        total=round(len(sample) / share),
        figures=_figures(folded),
        keys=_keys(letters, [places[place] for place in smallest[:_ANCHORS]]),
    )


def _sample(letters: str) -> tuple[set[int], float]:
    """At least `GRAMS` of the smallest grams, where there are so many, and which share of all they are."""
    count = max(1, len(letters) - 3)
    rows = list(_grams(letters))
    limit = _PRIME if count <= 2 * GRAMS else 2 * GRAMS * _PRIME // count
    while True:
        sample = {gram for row in rows for gram in row if gram % _PRIME < limit}
        if len(sample) >= GRAMS or limit >= _PRIME:
            return sample, min(1.0, limit / _PRIME)
        limit *= 2


def _grams(letters: str) -> Iterator[tuple[int, ...]]:
    """Every four characters as one number: their UTF-16, read from each of four offsets."""
    encoded = letters.encode("utf-16-le", "surrogatepass")
    for offset in range(0, min(8, len(encoded)), 2):
        count = (len(encoded) - offset) // 8
        yield struct.unpack_from(f"<{count}Q", encoded, offset)


def _figures(folded: str) -> tuple[int, ...]:
    figures = {figure.translate(_MARKS) for figure in _FIGURE.findall(folded)}
    telling = {figure for figure in figures if len(figure) > 1} or figures  # 1, 2 and 3 are in every list
    return tuple(sorted(crc32(figure.encode()) for figure in telling)[:FIGURES])


def _keys(letters: str, grams: Iterable[int]) -> tuple[int, ...]:
    """The passages that begin with these grams where they first occur, as hashes; the smallest of them."""
    starts = [letters.find(_letters_of(gram)) for gram in grams]
    passages = {letters[start : start + PASSAGE] for start in starts if start >= 0}
    return tuple(sorted(crc32(passage.encode("utf-8", "surrogatepass")) for passage in passages)[:KEYS])


def _letters_of(gram: int) -> str:
    return gram.to_bytes(8, "little").decode("utf-16-le", "surrogatepass")
