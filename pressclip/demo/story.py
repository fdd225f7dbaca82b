"""The stories of the demo site: a file of articles/ -> Story.

A file is a TOML head between two lines of ``+++`` and a body of blocks separated by blank lines. A block is a
paragraph on one line, ``## heading``, ``- list``, ``1. list``, ``> quote``, ``| table |`` or ``![image](caption)``.
"""

import re
import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

FOLDER = Path(__file__).parent / "articles"

BlockKind = Literal["p", "h2", "ul", "ol", "quote", "table", "figure"]
Layout = Literal["broadsheet", "soup", "breaks", "cards", "blog"]
RelatedForm = Literal["links", "paragraphs", "breaks", "items", "cards"]

_MARKS: dict[BlockKind, re.Pattern[str]] = {
    "h2": re.compile(r"## "),
    "ul": re.compile(r"- "),
    "ol": re.compile(r"\d+\. "),
    "quote": re.compile(r"> "),
    "table": re.compile(r"^\|\s*|\s*\|$"),
}


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a story."""

    kind: BlockKind
    lines: tuple[str, ...]  # a text, the items, the rows (cells divided by ``|``), or image name and caption


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An article as its author wrote it, and how its page is built."""

    title: str
    authors: tuple[str, ...]
    published: datetime
    updated: datetime | None = None
    lang: str
    topic: str
    tags: tuple[str, ...]
    summary: str
    path: str
    layout: Layout
    description: Literal[
        "json-ld", "meta", "none"
    ]  # where the page describes itself, beside its visible text
    related: RelatedForm
    encoding: str = "utf-8"
    blocks: tuple[Block, ...]

    @property
    def modified(self) -> datetime:
        """When the page last changed."""
        return self.updated or self.published


def load() -> tuple[Story, ...]:
    """Read all stories, the newest first."""
    stories = [parse(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.md"))]
    return tuple(sorted(stories, key=lambda story: story.published, reverse=True))


def parse(text: str) -> Story:
    """Read one story."""
    _, head, body = text.split("+++\n", 2)
    blocks = [_block(chunk) for chunk in body.strip().split("\n\n")]
    return msgspec.convert({**tomllib.loads(head), "blocks": blocks}, Story)


def cells(row: str) -> list[str]:
    """Divide a row of a table.

    >>> cells("誤りの種類 | 件数")
    ['誤りの種類', '件数']
    """
    return [cell.strip() for cell in row.split("|")]


def _block(chunk: str) -> Block:
    r"""Read one block.

    >>> _block("- one\n- two")
    Block(kind='ul', lines=('one', 'two'))
    >>> _block("| a | b |\n|---|---|\n| 1 | 2 |").lines
    ('a | b', '1 | 2')
    >>> _block("![shio](残高の画面)").lines
    ('shio', '残高の画面')
    """
    if figure := re.fullmatch(r"!\[(.*)\]\((.*)\)", chunk):
        return Block("figure", (figure[1], figure[2]))
    for kind, mark in _MARKS.items():
        if mark.match(chunk):
            lines = (mark.sub("", line) for line in chunk.splitlines() if not re.fullmatch(r"[|-]+", line))
            return Block(kind, tuple(lines))
    return Block("p", (chunk,))
