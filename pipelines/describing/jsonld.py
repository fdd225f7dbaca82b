"""JSON-LD, read once a page and without trust: broken JSON, comments around it, deep and huge documents."""

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from pipelines.describing.wording import fold, likeness, plain

Node = Mapping[str, Any]

_LONGEST = 1_500_000  # characters of one script
_MOST_NODES = 3_000
_DEEPEST = 12
_WRAPPING = re.compile(
    r"^\s*(?://)?\s*(?:<!--|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?://)?\s*(?:-->|\]\]>|/\*\s*\]\]>\s*\*/)\s*;?\s*$"
)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
_ARTICLE = re.compile(
    r"(?:Article|BlogPosting|Posting|Report|Review|Recipe|OpinionPiece|HowTo|LiveBlog|Column)$", re.IGNORECASE
)
_PAGE = frozenset({"WebPage", "ItemPage", "VideoObject", "CreativeWork", "Book", "QAPage"})
_NEAR_ENOUGH = 0.6  # likeness of a headline that tells this page's article from a teaser's


@dataclass(frozen=True, slots=True)
class LinkedData:
    """The nodes of a page's JSON-LD, in the order they stand, and those that others refer to by ``@id``."""

    nodes: tuple[Node, ...] = ()
    by_id: Mapping[str, Node] = field(default_factory=dict)

    def resolve(self, value: object) -> object:
        """Follow one reference: ``{"@id": x}`` stands for the node of that name."""
        if isinstance(value, dict) and "@id" in value and not (value.keys() - {"@id", "@type"}):
            return self.by_id.get(str(value["@id"]), value)
        return value


def read(tree: HtmlElement) -> LinkedData:
    """All JSON-LD of a page; what cannot be read is left out."""
    nodes: list[Node] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            for document in documents(script.text or ""):
                nodes.extend(_walk(document))
                if len(nodes) > _MOST_NODES:
                    break
    nodes = nodes[:_MOST_NODES]
    by_id: dict[str, Node] = {}
    for node in nodes:
        name = node.get("@id")
        if isinstance(name, str) and len(node) > len(by_id.get(name, {})):
            by_id[name] = node
    return LinkedData(tuple(nodes), by_id)


def documents(text: str) -> list[object]:
    r"""The JSON documents of one script element, mended where the faults are the usual ones.

    >>> documents('<!-- {"name": "two\nlines",} -->')
    [{'name': 'two\nlines'}]
    >>> documents('{"a": 1}{"b": 2};')
    [{'a': 1}, {'b': 2}]
    >>> documents("{nothing}")
    []
    """
    if len(text) > _LONGEST:
        return []
    text = _WRAPPING.sub("", text).strip()
    for attempt in (text, _TRAILING_COMMA.sub(r"\1", text), html.unescape(text)):
        found = _decode(attempt)
        if found:
            return found
    return []


def _decode(text: str) -> list[object]:
    decoder, found, at = json.JSONDecoder(strict=False), [], 0
    while at < len(text):
        if text[at] in " \t\r\n;,":
            at += 1
            continue
        try:
            document, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        found.append(document)
    return found


def _walk(document: object) -> Iterator[Node]:
    """Every node with a type or a name of its own, outer before inner."""
    waiting: list[tuple[object, int]] = [(document, 0)]
    seen = 0
    while waiting and seen < _MOST_NODES:
        value, depth = waiting.pop(0)
        seen += 1
        if isinstance(value, dict):
            if "@type" in value or "@id" in value:
                yield value
            inner: list[object] = list(value.values())
        elif isinstance(value, list):
            inner = value
        else:
            continue
        if depth < _DEEPEST:
            waiting.extend((item, depth + 1) for item in inner if isinstance(item, (dict, list)))


def types(node: Node) -> tuple[str, ...]:
    """Its types, without the vocabulary's address.

    >>> types({"@type": ["http://schema.org/NewsArticle", "Thing"]})
    ('NewsArticle', 'Thing')
    """
    value = node.get("@type")
    names = value if isinstance(value, list) else [value]
    return tuple(re.split(r"[/:#]", name)[-1] for name in names if isinstance(name, str))


def article(linked: LinkedData, url: str, titles: tuple[str, ...]) -> Node | None:
    """The node that speaks of this page: its URL or its headline fits, else the first that is one alone.

    Args:
        linked: the page's JSON-LD.
        url: of the page.
        titles: what the page's other voices call it.
    """
    folded = [fold(title) for title in titles if title]
    best: tuple[int, Node] | None = None
    candidates = [node for node in linked.nodes if any(_ARTICLE.search(name) for name in types(node))]
    stories = [
        node for node in candidates if headline(node) or node.get("datePublished") or node.get("author")
    ]
    for node in stories:
        score = (
            4 * _same_address(node, url) + 3 * _same_headline(node, folded) + bool(node.get("datePublished"))
        )
        if best is None or score > best[0]:
            best = (score, node)
    if best and (best[0] >= 3 or len(stories) == 1):  # noqa: PLR2004 - a headline or an address fits
        return best[1]
    if best and stories[0] is linked.nodes[0]:
        return stories[0]
    for node in linked.nodes:
        if _PAGE.intersection(types(node)) and (_same_address(node, url) or _same_headline(node, folded)):
            return node
    return None


def headline(node: Node) -> str:
    """What a node calls itself."""
    for key in ("headline", "name", "title"):
        line = plain(node.get(key))
        if line:
            return line
    return ""


def _same_headline(node: Node, folded: list[str]) -> bool:
    own = fold(headline(node))
    return bool(own) and any(
        own in title or title in own or likeness(own, title) >= _NEAR_ENOUGH for title in folded if title
    )


def _same_address(node: Node, url: str) -> bool:
    main = node.get("mainEntityOfPage")
    claims = [node.get("url"), node.get("@id"), main.get("@id") if isinstance(main, dict) else main]
    wanted = _path(url)
    return bool(wanted.strip("/")) and any(
        isinstance(claim, str) and _path(claim) == wanted for claim in claims
    )


def _path(url: str) -> str:
    try:
        return unquote(urlsplit(url).path).rstrip("/")
    except ValueError:
        return ""
