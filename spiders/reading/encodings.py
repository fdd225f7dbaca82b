"""The bytes of a feed as text, whatever header and declaration say of them.

    byte order mark -> UTF-16 by its NULs -> ISO-2022-JP by its escapes -> strict UTF-8
    -> what is declared or expected, by strict trial of the superset -> UTF-8 with accidents -> the least bad

UTF-8 comes first: other encodings hardly ever pass for it. All others are believed only if the text they give
is familiar: Big5 also decodes as GB 18030, into nonsense.
"""

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

from pipelines.charset import BOMS, SAMPLE, SUPERSETS, TRIALS, familiar

#: How the first character of XML or JSON looks without a mark; JSON in UTF-32 does not occur.
_WIDE = (
    (re.compile(rb"\s?<\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0<"), "utf-32-be"),
    (re.compile(rb"[\s<{]\0\S\0"), "utf-16-le"),
    (re.compile(rb"\0[\s<{]\0\S"), "utf-16-be"),
)
_DECLARATION = re.compile(rb"""\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']\s*([\w.:-]{2,40})""")
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_JIS_ESCAPE = re.compile(rb"\x1b\$[@B]|\x1b\(I")
#: Single-byte encodings that may be believed by name; other names (``rot13``, ``zip``) are Python's, not text's.
_SINGLE_BYTE = re.compile(
    r"(?:iso-?8859-?|windows-?|cp-?)\d{1,4}|koi8-?[rtu]|mac-?(?:roman|cyrillic)|tis-?620"
)
#: Stricter relatives first; what the superset cannot read, its successor may.
_SUCCESSORS = {"big5hkscs": "cp950", "cp1252": "latin-1"}
_EXPECTED = {"ja": ("cp932", "euc_jis_2004"), "ko": ("cp949",), "zh": ("gb18030", "big5hkscs")}
_ENOUGH = 12  # characters beyond ASCII from which their frequency says something
_FAMILIAR = 0.1  # share of frequent characters: 0.17 to 0.5 in running text, near 0 in nonsense


class Decoded(NamedTuple):
    """The text, the codec that read it, and what had to be given up."""

    text: str
    codec: str
    problem: str | None = None


def decode(body: bytes, *, content_type: str | None = None, lang: str | None = None) -> Decoded:
    """Decode a feed; bytes that no reading explains become U+FFFD and a problem. Never raises.

    >>> decode("①㈱の記事".encode("cp932"), content_type="text/xml; charset=Shift_JIS").text
    '①㈱の記事'
    >>> decode("비트코인".encode(), content_type="text/xml; charset=euc-kr").codec
    'utf-8'
    """
    declared = list(dict.fromkeys(_declared(body, content_type)))
    for mark, codec in BOMS:
        if body.startswith(mark):
            body = body[len(mark) :]
            if codec != "utf-8":
                return _read(body, codec)
            declared = ["utf-8"]
            break
    for pattern, codec in _WIDE:
        if pattern.match(body):
            return _read(body, codec)
    if body.isascii() and _JIS_ESCAPE.search(body):
        return _read(body, "iso2022_jp_ext")
    if (text := _strictly(body, "utf-8")) is not None:
        return Decoded(text, "utf-8")
    return _legacy(body, declared, _EXPECTED.get((lang or "")[:2].lower(), ()))


def _declared(body: bytes, content_type: str | None) -> Iterator[str]:
    """Codecs that header and declaration name, as their supersets; names we don't know are passed over."""
    names = [match[1] for match in (_HEADER.search(content_type or ""),) if match]
    names += [match[1].decode("ascii", "replace") for match in (_DECLARATION.match(body[:1000]),) if match]
    for name in names:
        label = name.lower()
        codec = SUPERSETS.get(label, label)
        if codec in TRIALS:
            yield codec
        elif codec.replace("_", "-") in {"utf-8", "utf8"}:
            yield "utf-8"
        elif _SINGLE_BYTE.fullmatch(codec):
            try:
                yield codecs.lookup(codec).name
            except LookupError:
                continue


def _legacy(body: bytes, declared: list[str], expected: tuple[str, ...]) -> Decoded:
    """Choose among the encodings before UTF-8, UTF-8 with accidents included."""
    damaged = _read(body, "utf-8")
    bad = damaged.text.count("\ufffd")
    if (
        _foreign(damaged.text) - bad > 2 * bad
    ):  # well-formed for the most part: accidents, not another encoding
        return damaged
    shares = {codec: familiar(body[:SAMPLE], codec) for codec in TRIALS}
    best = max(shares, key=lambda codec: (shares[codec], codec in expected))
    for codec in (*declared, *expected):
        reading = _read(body, codec)
        if codec == "utf-8" or (reading.problem and codec not in TRIALS):
            continue
        short = _foreign(reading.text) < _ENOUGH and not reading.problem
        if short or (shares[codec] >= shares[best] / 2 > 0 if codec in TRIALS else shares[best] < _FAMILIAR):
            return reading
    return _read(body, best if shares[best] >= _FAMILIAR else "cp1252")


def _foreign(text: str) -> int:
    """How many characters are not ASCII."""
    return len(text) - len(text.encode("ascii", "ignore"))


def _strictly(body: bytes, codec: str) -> str | None:
    try:
        return body.decode(codec)
    except UnicodeDecodeError:
        return None


def _read(body: bytes, codec: str) -> Decoded:
    """Decode by a codec or its successor, or give up what they cannot read."""
    for name in (codec, _SUCCESSORS.get(codec)):
        if name and (text := _strictly(body, name)) is not None:
            return Decoded(text, name)
    text = body.decode(codec, "replace")
    return Decoded(text, codec, f"encoding: {text.count(chr(0xFFFD))} characters are not {codec}")
