"""Bylines: the elements that a page marks as such, and the names among their chunks of text."""

import re
from collections.abc import Sequence

from lxml import etree
from lxml.html import HtmlElement

from pipelines.describing.markup import chunks
from pipelines.describing.names import has_two_parts, is_name
from pipelines.describing.people import is_label, is_role, people
from pipelines.describing.wording import tidy

# By attribute, not by element: half the time. Limited inside the query: steps to parents and unions of many nodes
# take quadratic time.
_MARKED = etree.XPath(
    "(//@class[contains(., 'uthor') or contains(., 'yline') or contains(., 'writer') or contains(., 'eporter')"
    " or contains(., 'contributor')])[position() <= 40]"
    " | (//@rel[. = 'author'])[position() <= 40] | (//@itemprop[. = 'author'])[position() <= 40]"
)
_LINKS = etree.XPath(
    "(//a[contains(@href, '/author') or contains(@href, '/autor') or contains(@href, '/auteur')])[position() <= 20]"
)
# Where other people are named: readers who comment, authors of other articles, photographers.
_NOT_HERE = re.compile(
    r"(?:[a-z]+-)?(?:comments?|related|recommend\w*|photos?|caption|figure|popular|trending|prev\w*|next|recent)(?:$|[-_])"
    r"|(?:sidebar|widget|footer|more)(?:$|[-_])|(?:site|page|main)-footer"
)
_WHOLES = frozenset({"html", "body", "main", "article"})
_PICTURE = re.compile(r"avatar|image|photo|picture|comment|thumb|[-_]img|media(?:box|info)|licen[cs]e")
_LEVELS = 5  # an element and its ancestors that are asked where it stands
_UNCERTAIN = re.compile(
    r"bio|about|detail|desc|info|card|title|role|position|job|date|time|credit|social|share"
)
_MOST = 40  # marked elements that are looked at
_LONGEST = 160  # characters of a chunk
_ONLY_JOINT = re.compile(r"^(?:,|and|&|und|et|y|、|/|·|, and|with|,\s*and)$", re.IGNORECASE)
_JOINED = re.compile(r"(?:,|\band|&|\bund|、|\bwith)\s*$", re.IGNORECASE)
_SENTENCE = re.compile(
    r"(?!.*\b(?:by|von|par|por)\b)(?:\S+\s+){9}", re.IGNORECASE
)  # no label, and many words
_INITIALS = re.compile(r"[A-Z]{2}")  # what stands where a picture is missing


def marked(root: HtmlElement, *, sure: bool) -> tuple[str, ...]:
    """The names in the elements that are marked as an author or a byline, the surest mark first."""
    ranked: list[tuple[int, int, HtmlElement]] = []
    for place, mark in enumerate(_MARKED(root)[:_MOST]):
        element = mark.getparent()
        rank = _rank(element)
        if rank is not None:
            ranked.append((rank, place, element))
    for rank, _, element in sorted(ranked, key=lambda item: item[:2]):
        if sure and rank > 1:
            break
        names = byline(chunks(element))
        if names and (rank == 0 or not sure or all(has_two_parts(name) for name in names)):
            return names
    return () if sure else _linked(root)


def _linked(root: HtmlElement) -> tuple[str, ...]:
    """The full name in the first link to a page about an author."""
    for element in _LINKS(root):
        names = byline(chunks(element)) if _rank(element) is not None else ()
        if names and all(has_two_parts(name) for name in names):
            return names
    return ()


def _rank(element: HtmlElement) -> int | None:
    marks = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}".lower()
    if element.tag in _WHOLES or _PICTURE.search(marks):
        return None
    teaser = False
    for parent in [element, *element.iterancestors()][:_LEVELS]:
        if parent.tag in {"aside", "nav"}:
            return None
        if parent.tag not in _WHOLES and any(
            _NOT_HERE.match(mark)
            for mark in f"{parent.get('class') or ''} {parent.get('id') or ''}".lower().split()
        ):
            return None
        teaser = teaser or (parent.tag not in _WHOLES and "teaser" in (parent.get("class") or "").lower())
    if teaser:
        return 3
    if element.get("rel") == "author" or element.get("itemprop") in {"author", "name"}:
        return 0
    return 2 if _UNCERTAIN.search(marks) else 1


def byline(parts: Sequence[str]) -> tuple[str, ...]:
    """The names among the text chunks of a byline; its labels, roles and dates are left.

    >>> byline(["By", "Ann Lee", "and", "Bo Chan", "Senior Writer", "April 7, 2023"])
    ('Ann Lee', 'Bo Chan')
    >>> byline(["Share this article with your friends!"])
    ()
    """
    found: list[str] = []
    joined = False
    for part in parts[:12]:
        chunk = tidy(part)
        if _ONLY_JOINT.match(chunk) or is_label(chunk):
            joined = bool(found)
            continue
        if found and not joined:
            break
        if len(chunk) > _LONGEST or _INITIALS.fullmatch(chunk) or _SENTENCE.match(chunk):
            continue
        names = [name for name in people(chunk) if is_name(name)]
        if found and (not names or is_role(chunk)):
            break
        found += names
        joined = bool(_JOINED.search(chunk))
    return tuple(dict.fromkeys(found))
