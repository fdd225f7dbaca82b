"""The line of a text where a search matched, and which parts of it matched."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from storage.words import RUN_TOGETHER, fold, index_text, is_word

_BEFORE, _LENGTH = 30, 160  # characters
_PART, _OVERLAP = 2000, 300  # characters that are folded at once; longer matches are not looked for
_ACCENTED = re.compile("[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]")
_ACCENTS = re.compile("(?<=[\0-\x7f])[\u0300-\u036f]+")
# A character and the marks on it.
_CLUSTER = re.compile(r".[\u0300-\u036f\u3099\u309a\uff9e\uff9f]*", re.DOTALL)
_RUN_TOGETHER = re.compile(f"[{RUN_TOGETHER}]")
_GAP = r"[\W_]*"
_NO_WORD_BEFORE = rf"(?<![^\W{RUN_TOGETHER}])"
_NO_WORD_AFTER = rf"(?![^\W{RUN_TOGETHER}])"


def snippet(text: str, terms: Sequence[str]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Cut a line around the first match; without one, the beginning of the text.

    Args:
        text: an article's text.
        terms: words and phrases of the query, folded.

    Returns:
        the line, and start and end of each match in it.

    >>> snippet("価格は上がった。ﾋﾞｯﾄｺｲﾝは強い。", ["ビットコイン"])
    ('価格は上がった。ﾋﾞｯﾄｺｲﾝは強い。', ((8, 15),))
    """
    pattern = _any(tuple(terms))
    start = _first(pattern, text) if terms else 0
    begin = max(0, start - _BEFORE)
    line = " ".join(text[begin : begin + _LENGTH].split())
    line = f"{'…' if begin else ''}{line}{'…' if begin + _LENGTH < len(text) else ''}"
    return line, tuple(_matches(pattern, line))


def marks(line: str, terms: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Find start and end of each match in a line; see `snippet`.

    >>> marks("ﾋﾞｯﾄｺｲﾝ and Gold", ["gold"])
    ((12, 16),)
    """
    return tuple(_matches(_any(tuple(terms)), line))


@lru_cache(maxsize=64)
def _any(terms: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(_pattern, terms)) or r"(?!)")


def _pattern(term: str) -> str:
    """Match what the index matches: its words in a row, whatever stands between that is no word."""
    words = [word for word in index_text(_folded(term)[0]).split() if any(map(is_word, word))]
    return _GAP.join(map(_word_pattern, words)) or r"(?!)"


def _word_pattern(word: str) -> str:
    """Match a word of the index: one written with spaces around it not inside a longer one."""
    escaped = re.escape(word)
    if word.isalnum() and not _RUN_TOGETHER.match(word):
        return f"{_NO_WORD_BEFORE}{escaped}{_NO_WORD_AFTER}"
    return escaped


def _first(pattern: re.Pattern[str], text: str) -> int:
    """Find where the first match begins; 0 without one. Folding is slow, so most texts are spared it."""
    lower = text.lower()
    match = pattern.search(lower) if len(lower) == len(text) else None
    if match:
        return match.start()
    for start in range(0, len(text), _PART):
        part = text[start : start + _PART + _OVERLAP]
        if pattern.search(_bare(part)) and (matches := _matches(pattern, part)):
            return start + matches[0][0]
    return 0


def _bare(text: str) -> str:
    """Fold as `_folded` does, quickly, and say nothing of places."""
    plain = fold(text).lower()
    if not _ACCENTED.search(plain):
        return plain
    return unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", plain)))


def _matches(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    """Find all matches; positions are those of `text` as it is written."""
    folded, places = _folded(text)
    return [
        (places[match.start()][0], places[match.end() - 1][1])
        for match in pattern.finditer(folded)
        if match.end() > match.start()
    ]


def _folded(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Fold width, case and accents, and say for each character of the result where in `text` it came from."""
    folded: list[str] = []
    places: list[tuple[int, int]] = []
    for match in _CLUSTER.finditer(text):
        plain = _plain(match[0])
        folded.append(plain)
        places += [match.span()] * len(plain)
    return "".join(folded), places


@lru_cache(maxsize=20_000)
def _plain(cluster: str) -> str:
    plain = fold(cluster).lower()
    if plain.isascii():
        return plain
    bare = "".join(one for one in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(one))
    return bare if bare[:1].isascii() else plain
