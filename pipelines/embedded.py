"""The article's text where a page holds it as data only, for a program to show: JSON-LD, ``__NEXT_DATA__``."""

import json
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

from pipelines.blocks import Block, blocks_of
from pipelines.lines import link_share

#: Keys under which programs keep the text of an article.
KEYS = frozenset({"articleBody", "body", "bodyHtml", "content", "contentHtml", "html", "text"})
LEAST = 60  # units: shorter texts are descriptions
DEEPEST = 40  # levels of data that are looked through


def embedded_blocks(tree: html.HtmlElement) -> list[Block]:
    """The blocks of the longest text in the page's data, none where there is no text worth the name.

    >>> body = "<p>" + "A sentence of some length ends here. " * 20 + "</p>"
    >>> data = json.dumps({"props": {"post": {"title": "One", "content": body}}})
    >>> page = html.fromstring(f"<body><script type='application/json'>{data}</script></body>")
    >>> [len(block.text) for block in embedded_blocks(page)]
    [739]
    """
    texts = [
        text
        for script in tree.iter("script")
        if "json" in (script.get("type") or "")
        for text in _texts(script)
    ]
    longest = max(texts, key=len, default="")
    try:
        fragment = html.fragment_fromstring(_paragraphs(longest), create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError):
        return []
    blocks = [block for block in blocks_of(fragment) if link_share(block) < 0.8]  # noqa: PLR2004 -- no menus
    return blocks if sum(block.units for block in blocks) >= LEAST else []


def _texts(script: html.HtmlElement) -> Iterator[str]:
    try:
        data = json.loads(script.text or "", strict=False)
    except (ValueError, RecursionError):
        return
    level: list[Any] = [data]
    for _ in range(DEEPEST):
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                yield from (text for key, text in value.items() if key in KEYS and isinstance(text, str))
                below.extend(value.values())
            elif isinstance(value, list):
                below.extend(value)
        level = [value for value in below if isinstance(value, dict | list)]


def _paragraphs(text: str) -> str:
    """Text that is no HTML, with its line ends as such."""
    return text if "</" in text else "".join(f"<p>{line}</p>" for line in text.splitlines())
