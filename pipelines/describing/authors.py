"""Who wrote it: names as the page's voices give them, the most trustworthy voice first."""

from collections.abc import Iterable

from lxml import etree
from lxml.html import HtmlElement

from pipelines.describing.jsonld import LinkedData, Node, types
from pipelines.describing.markup import Markup, words
from pipelines.describing.people import people

_METAS = (
    "author",
    "article:author",
    "article:author_name",
    "og:article:author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "dc.contributor",
    "citation_author",
    "byl",
    "byline",
    "cxenseparse:author",
    "twitter:data1",
)
_MARKED = etree.XPath(
    "//*[@rel='author' or contains(@itemprop, 'author') or contains(@class, 'author') or contains(@class, 'Author')"
    " or contains(@class, 'byline') or contains(@class, 'Byline') or contains(@class, 'writer')"
    " or contains(@class, 'reporter')]"
)
_ASIDE = ("comment", "related", "sidebar", "recommend", "bio", "footer", "widget", "avatar", "card")
_LONGEST = 150


def authors(
    markup: Markup, linked: LinkedData, node: Node | None, fed: Iterable[str]
) -> tuple[tuple[str, ...], str]:
    """The authors' names and where they came from; an empty tuple if nobody names them."""
    if node is not None and (found := _claimed(linked, node)):
        return found, "json-ld"
    for name in _METAS:
        found = _unique(person for value in markup.metas.get(name, ()) for person in people(value))
        if found and name != "twitter:data1":
            return found, name
    if found := _marked(markup.root):
        return found, "byline"
    found = _unique(person for name in fed for person in people(name))
    return (found, "feed") if found else ((), "")


def _claimed(linked: LinkedData, node: Node) -> tuple[str, ...]:
    for key in ("author", "creator", "contributor"):
        value = node.get(key)
        claims = value if isinstance(value, list) else [value]
        found = _unique(
            person for claim in claims for name in _names(linked, claim) for person in people(name)
        )
        if found:
            return found
    return ()


def _names(linked: LinkedData, claim: object) -> tuple[object, ...]:
    claim = linked.resolve(claim)
    if isinstance(claim, dict):
        name = claim.get("name")
        if isinstance(name, list):
            return tuple(name)
        if isinstance(name, dict):
            return (name.get("name"),)
        if not name and "Person" in types(claim):
            return (f"{claim.get('givenName') or ''} {claim.get('familyName') or ''}",)
        return (name,)
    return (claim,)


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple({name.casefold().replace(" ", ""): name for name in reversed(tuple(names))}.values())[::-1]


def _marked(root: HtmlElement) -> tuple[str, ...]:
    for element in _MARKED(root)[:40]:
        marks = f"{element.get('class') or ''} {element.get('id') or ''}".lower()
        if any(word in marks for word in _ASIDE):
            continue
        text = words(element)
        if text and len(text) <= _LONGEST and (found := people(text)):
            return found
    return ()
