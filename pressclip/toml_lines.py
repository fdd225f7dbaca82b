"""Where a key stands in a TOML file: tomllib says what a file means, not on which line."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'"
    r"|#[^\n]*"
    r"|[\[\]{}\n]"
    r"|[^\"'#\[\]{}\n]+",
    re.DOTALL,
)
_PART = r'(?:"[^"]*"|\'[^\']*\'|[\w-]+)'
_HEADER = re.compile(rf"(\[\[?)\s*({_PART})(?:\s*\.\s*({_PART}))?")
_KEY = re.compile(_PART)


class Statement(NamedTuple):
    """One header or assignment, the lines (from 1) it begins and ends on, and its text without comments."""

    first: int
    last: int
    text: str


class Lines:
    r"""Line numbers of the tables and keys of a valid TOML text.

    Tables are named by their first name and, for ``[[arrays]]``, by their number from 0.

    >>> lines = Lines("[crawl]\n# [[source]]\n[[source]]\nname = '''\nfeed = 1'''\nfeed = 'x'\n")
    >>> lines.find("source", 0), lines.find("source", 0, "feed"), lines.find("crawl")
    (3, 6, 1)

    What has no line of its own (an inline table) has that of the nearest thing around it:

    >>> Lines('\nsource = [\n{name = "x"}]').find("source", 0, "name")
    2
    """

    def __init__(self, text: str) -> None:
        self._lines: dict[tuple[str, int, str], int] = {}
        table, number = "", 0
        counts: dict[str, int] = {}
        for line, _, statement in statements(text):
            if header := _HEADER.match(statement):
                brackets, table, key = header[1], _plain(header[2]), _plain(header[3] or "")
                if brackets == "[[" and not key:
                    counts[table] = counts.get(table, -1) + 1
                number = counts.get(table, 0)
                self._lines.setdefault((table, number, key), line)
            elif found := _KEY.match(statement):
                self._lines.setdefault((table, number, _plain(found[0])), line)

    def find(self, table: str, number: int = 0, key: str = "") -> int:
        """Return the line (from 1) of a key, else of its table, else of the whole."""
        places = (table, number, key), (table, number, ""), ("", 0, table)
        return next((self._lines[place] for place in places if place in self._lines), 1)


def _plain(key: str) -> str:
    return key.strip("\"'")


def statements(text: str) -> Iterator[Statement]:
    r"""Yield each header or assignment; a value may run over many lines, and empty lines have an empty text.

    >>> [tuple(statement) for statement in statements("a = [ # one\n 1]\n[b]")]
    [(1, 2, 'a = [ \n 1]'), (3, 3, '[b]')]
    """
    line = start = 1
    depth = 0
    parts: list[str] = []
    for piece in [*_TOKEN.findall(text), "\n"]:
        if piece in {"[", "{"}:
            depth += 1
        elif piece in {"]", "}"}:
            depth -= 1
        if piece == "\n" and depth == 0:
            yield Statement(start, line, "".join(parts).strip())
            parts = []
            start = line + 1
        elif not piece.startswith("#"):
            parts.append(piece)
        line += piece.count("\n")
