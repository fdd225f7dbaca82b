"""sources.toml, edited as people do: a table is added, taken out, switched on or off; every other byte stays.

text -- statements -- the lines of one [[source]] -- new text -- read again: it must say just what was wanted

Edits go by line, so that comments, order, blank lines and mistakes elsewhere in the file stay as they are.
"""

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pressclip.errors import UsageError
from pressclip.models import KINDS
from pressclip.toml_lines import Statement, statements

HEAD = """\
# What pressclip reads: one [[source]] a table. docs/sources.md explains each key;
# `pressclip sources check` finds mistakes and tries each source.
"""
_HEADER = re.compile(r"\[\[\s*(?:source|\"source\"|'source')\s*\]\]")
_WITHIN = re.compile(r"\[\[?\s*(?:source|\"source\"|'source')\s*\.")
_ENABLED = re.compile(r"""(\s*(?:enabled|"enabled"|'enabled')\s*=\s*)[^#]*?(\s*(?:#.*)?)$""")
_BY_HAND = "its sources are not written as [[source]] tables: edit it by hand"


@dataclass(frozen=True, slots=True)
class _Block:
    """The statements of one ``[[source]]``."""

    own: tuple[Statement, ...]  # its header and its keys
    within: tuple[Statement, ...]  # tables in it, such as [source.headers]

    @property
    def lines(self) -> range:
        """Their lines, from 1."""
        return range(self.own[0].first, (self.within or self.own)[-1].last + 1)


def tables(text: str) -> list[dict[str, Any]]:
    """Return the ``[[source]]`` tables as TOML has them, good or not.

    Raises:
        UsageError: the text is no TOML.
    """
    found = _parsed(text).get("source", [])
    return [table if isinstance(table, dict) else {} for table in found] if isinstance(found, list) else []


def add(text: str, new: Sequence[Mapping[str, Any]]) -> str:
    r"""Append tables.

    >>> print(add("# mine\n", [{"name": "a", "feed": "https://a.example/feed"}]), end="")
    # mine
    <BLANKLINE>
    [[source]]
    name = "a"
    feed = "https://a.example/feed"

    Raises:
        UsageError: one has the name or the address of another; or sources are no ``[[source]]`` here.
    """
    before = tables(text)
    _blocks(text)  # raises where they are written in another way
    taken: dict[str, Mapping[str, Any]] = {value: table for table in before for value in _identities(table)}
    for table in new:
        for value in _identities(table):
            if value in taken:
                raise UsageError(f'"{value}" is there already, as the source "{_name(taken[value])}"')
            taken[value] = table
    newline = _newline(text)
    head = text if not text or text.endswith("\n") else text + newline
    parts = [newline.join(["", "[[source]]", *_assignments(table), ""]) for table in new]
    return _checked(text, head + "".join(parts), [*before, *map(dict, new)])


def remove(text: str, names: Iterable[str]) -> str:
    r"""Take out the tables of these names; comments around them stay.

    >>> print(remove('# one\n\n[[source]]\nname = "a"\n\n[[source]]\nname = "b"\n', ["a"]), end="")
    # one
    <BLANKLINE>
    [[source]]
    name = "b"

    Raises:
        UsageError: there is no such source, or there are two.
    """
    before, blocks, lines = tables(text), _blocks(text), _lines(text)
    gone = _numbers(before, names)
    for number in sorted(gone, reverse=True):
        span = blocks[number].lines
        start, stop = span.start - 1, span.stop - 1
        if (start == 0 or not lines[start - 1].strip()) and stop < len(lines) and not lines[stop].strip():
            stop += 1  # of two blank lines that would meet, one stays
        del lines[start:stop]
    return _checked(text, "".join(lines), [table for n, table in enumerate(before) if n not in gone])


def switch(text: str, names: Iterable[str], *, on: bool) -> str:
    r"""Enable or disable the tables of these names.

    >>> print(switch('[[source]]\nname = "a" # x\n', ["a"], on=False), end="")
    [[source]]
    name = "a" # x
    enabled = false

    Raises:
        UsageError: there is no such source, or there are two.
    """
    before, blocks, lines = tables(text), _blocks(text), _lines(text)
    value, newline = "true" if on else "false", _newline(text)
    for number in sorted(_numbers(before, names), reverse=True):
        if before[number].get("enabled", True) is on:
            continue
        before[number]["enabled"] = on
        own = blocks[number].own
        stated = next((each for each in own if _ENABLED.match(each.text)), None)
        if stated is None:
            last = own[-1].last - 1
            if not lines[last].endswith("\n"):
                lines[last] += newline
            indent = lines[last][: len(lines[last]) - len(lines[last].lstrip())] if len(own) > 1 else ""
            lines.insert(last + 1, f"{indent}enabled = {value}{newline}")
        else:
            line = lines[stated.first - 1]
            bare = line.rstrip("\r\n")
            lines[stated.first - 1] = _ENABLED.sub(rf"\g<1>{value}\g<2>", bare) + line[len(bare) :]
    return _checked(text, "".join(lines), before)


def _blocks(text: str) -> list[_Block]:
    """Find each ``[[source]]``, in order."""
    written = [each for each in statements(text) if each.text]
    heads = [n for n, each in enumerate(written) if each.text.startswith("[")]
    blocks: list[_Block] = []
    for start, stop in pairwise([*heads, len(written)]):
        part = tuple(written[start:stop])
        if _HEADER.match(part[0].text):
            blocks.append(_Block(part, ()))
        elif _WITHIN.match(part[0].text) and blocks:
            blocks[-1] = _Block(blocks[-1].own, blocks[-1].within + part)
    if len(blocks) != len(tables(text)):
        raise UsageError(_BY_HAND)
    return blocks


def _lines(text: str) -> list[str]:
    """Split as TOML does: strings may hold other separators that Python would split at."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _numbers(known: Sequence[Mapping[str, Any]], names: Iterable[str]) -> set[int]:
    """Find sources by their names."""
    numbers = set()
    for name in names:
        places = [n for n, table in enumerate(known) if _name(table) == unicodedata.normalize("NFC", name)]
        if not places:
            near = difflib.get_close_matches(name, map(_name, known), n=3)
            hint = f" (did you mean {' or '.join(near)}?)" if near else ": see `pressclip sources list`"
            raise UsageError(f"no source is called {name!r}{hint}")
        if len(places) > 1:
            raise UsageError(f"{len(places)} sources are called {name!r}: give them different names first")
        numbers.add(places[0])
    return numbers


def _name(table: Mapping[str, Any]) -> str:
    return unicodedata.normalize("NFC", str(table.get("name", "")))


def _identities(table: Mapping[str, Any]) -> list[str]:
    """Give what no two sources share: name and address."""
    return [str(table[key]) for key in ("name", *KINDS) if key in table]


def _assignments(table: Mapping[str, Any]) -> list[str]:
    import tomlkit  # writes what TOML escapes; only edits pay for it

    return [f"{key} = {tomlkit.item(value).as_string()}" for key, value in table.items()]


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"is no TOML, so nothing in it is edited: {error}") from None


def _checked(old: str, new: str, wanted: list[dict[str, Any]]) -> str:
    """Return the new text if it says what was wanted, and says all else as before."""
    before, after = _parsed(old), _parsed(new)
    if (after.pop("source", []), after) != (wanted, {k: v for k, v in before.items() if k != "source"}):
        raise UsageError(_BY_HAND)
    return new
