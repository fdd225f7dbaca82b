"""Text as pages hand it over: whitespace, entities, and the folding under which two wordings are the same."""

import html
import re
import unicodedata

_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b\u2060\ufeff\ud800-\udfff]+"
)  # no text, whatever put them there
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_NO_WORD = re.compile(r"[\W_]+")
_LONGEST = 5_000  # characters that are looked at; no headline, byline or description is longer


def tidy(raw: object) -> str:
    r"""One line of text, NFC, without the spaces around it; anything but a string gives an empty one.

    >>> tidy(" Two\n  lines ")
    'Two lines'
    >>> tidy(None)
    ''
    """
    if not isinstance(raw, str):
        return ""
    line = " ".join(raw[:_LONGEST].split())
    if line.isascii() and line.isprintable():
        return line
    return unicodedata.normalize("NFC", _UNSEEN.sub("", line)).strip()


def plain(raw: object) -> str:
    """The same for attribute values and JSON, where publishers leave entities and tags: decoded once.

    >>> plain("Tom &amp; Jerry: <em>again</em>")
    'Tom & Jerry: again'
    """
    line = tidy(raw)
    if "&" in line and _ENTITY.search(line):
        line = html.unescape(line)
    if "<" in line:
        line = _TAG.sub("", line)
    return tidy(line)


def fold(line: str) -> str:
    """What is compared: NFKC, no case, no punctuation, no spaces.

    >>> fold("Ｂｉｔｃｏｉｎ: 10% up!") == fold("bitcoin 10 up")
    True
    """
    return _NO_WORD.sub("", unicodedata.normalize("NFKC", line).casefold())


def likeness(one: str, other: str) -> float:
    """How alike two folded lines are: Dice's coefficient over character pairs, 0 to 1.

    >>> likeness("bitcoin", "bitcoin"), likeness("bitcoin", "ether")
    (1.0, 0.0)
    """
    if one == other:
        return 1.0 if one else 0.0
    pairs, others = ({line[i : i + 2] for i in range(len(line) - 1)} for line in (one, other))
    if not pairs or not others:
        return 0.0
    return 2 * len(pairs & others) / (len(pairs) + len(others))
