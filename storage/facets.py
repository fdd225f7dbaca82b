"""Facets: by what articles are chosen, one word of the full-text index each (`lang=ja`).

So "the newest articles in Japanese that say 規制" is one walk through the index, however rare or common each part is.
"""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from storage.words import fold

#: What an article has facets of.
NAMES = ("source", "lang", "topic")

#: The facet that every article has: what an exclusion is taken away from.
EVERY = "all=all"

_CODED = re.compile("[^a-z0-9]")


def word(facet: str, value: str) -> str:
    """Name a facet in one word of the index; case matters in names of sources only.

    >>> word("lang", "zh-Hant"), word("topic", "AI")
    ('lang=zh+2d+hant', 'topic=ai')
    """
    folded = fold(value) if facet == "source" else fold(value).lower()
    return f"{facet}={_CODED.sub(lambda match: f'+{ord(match[0]):x}+', folded)}"


def of_row(row: Mapping[str, Any] | sqlite3.Row) -> str:
    """Write the facets of a row of `articles` as the index holds them.

    >>> of_row({"source": "coindesk", "lang": "zh-Hant", "topics": '["ai"]'})
    'all=all source=coindesk lang=zh lang=zh+2d+hant topic=ai'
    """
    return " ".join((EVERY, *_words(row)))


def _words(row: Mapping[str, Any] | sqlite3.Row) -> Iterator[str]:
    if row["source"] is not None:
        yield word("source", row["source"])
    if row["lang"]:
        parts = row["lang"].split("-")
        yield from (word("lang", "-".join(parts[: end + 1])) for end in range(len(parts)))
    for topic in msgspec.json.decode(row["topics"], type=list[str]):
        yield word("topic", topic)
