"""XML as people write it -> XML that a strict parser reads: what is not allowed there goes, or is spelled out.

feedparser's second, forgiving parser is ten times slower and reads less; few feeds need it after this.
"""

import html
import re
from html.entities import name2codepoint
from typing import NamedTuple

from spiders.reading.limits import refuse_excess
from spiders.reading.sniffing import Root
from spiders.reading.texts import allowed

#: Feeds that go on after this are archives; the newest stand first by custom. 5,000 take four seconds.
MAX_ENTRIES = 5_000
_ITEM = re.compile(r"<(?:\w+:)?(?:item|entry)(?=[\s>])", re.IGNORECASE)
_CDATA = "<![CDATA["
_AMPERSAND = re.compile(r"&(?:(?P<number>#(?:\d{1,9}|[xX][0-9a-fA-F]{1,8}));|(?P<name>\w{1,32});)?")
_KEPT = frozenset(("lt", "gt", "amp", "quot", "apos"))


class Mended(NamedTuple):
    """A document in UTF-8 that begins with its root, and what had to be left out."""

    body: bytes
    problems: tuple[str, ...]


def mend(text: str, root: Root) -> Mended:
    """Make a document of a feed's text, without document type: no entity of its own, so no bomb, no file, no host.

    Raises:
        InputError: ``too_large``.
    """
    text = allowed(text[root.start :])
    problems = []
    starts = [match.start() for match in _ITEM.finditer(text)]
    if len(starts) > MAX_ENTRIES:
        problems.append(f"too_many_entries: {len(starts)}, the first {MAX_ENTRIES} are read")
        text = text[: starts[MAX_ENTRIES]] + _closing(text[: starts[0]])
    pieces = _cdata_apart(text)
    refuse_excess(text, sum(piece.count("<") for piece in pieces[::2]))
    pieces[::2] = [_AMPERSAND.sub(_reference, piece) for piece in pieces[::2]]
    # The line break keeps feedparser's search for an encoding out of the document.
    return Mended(b'<?xml version="1.0" encoding="utf-8"?>\n' + "".join(pieces).encode(), tuple(problems))


def spelled_out(text: str) -> str:
    """Take out what XML forbids, and spell out references, but within CDATA sections.

    >>> spelled_out("<loc>/?a=1&b=2&nbsp;</loc>")
    '<loc>/?a=1&amp;b=2&#160;</loc>'
    """
    pieces = _cdata_apart(allowed(text))
    pieces[::2] = [_AMPERSAND.sub(_reference, piece) for piece in pieces[::2]]
    return "".join(pieces)


def _closing(head: str) -> str:
    """End tags for what is open before the first item."""
    names = re.findall(r"<((?:\w+:)?(?:rss|rdf|feed|channel))[\s>]", head, re.IGNORECASE)
    still_open = [name for name in names if f"</{name}>" not in head]
    return "".join(f"</{name}>" for name in reversed(still_open))


def _cdata_apart(text: str) -> list[str]:
    """Split so that every second piece is a CDATA section."""
    pieces, position = [], 0
    while (start := text.find(_CDATA, position)) >= 0 and (end := text.find("]]>", start)) >= 0:
        pieces += [text[position:start], text[start : end + 3]]
        position = end + 3
    return [*pieces, text[position:]]


def _reference(match: re.Match[str]) -> str:
    """Spell out HTML's entities, drop characters that are none, escape the ampersand that begins nothing."""
    if match["number"]:
        character = allowed(html.unescape(match[0]))
        return f"&#{ord(character)};" if character and character != "\ufffd" else ""
    if match["name"] in _KEPT:
        return match[0]
    if match["name"] in name2codepoint:
        return f"&#{name2codepoint[match['name']]};"
    return "&amp;" + match[0][1:]
