"""OPML: lists of subscriptions as other readers write them. Folders become topics. Pure; nothing is fetched.

bytes -- encodings -- mending -- outlines -+- Subscription
                                           +- Refused, with the reason
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import ParseError

from pressclip import source_keys, source_names
from pressclip.errors import InputError
from spiders.reading import encodings, mending, sniffing, texts
from spiders.reading.feed import Words
from spiders.reading.sniffing import Root

#: Where our own attributes stand: what OPML has no word for.
OURS = "urn:pressclip"
_NAME = f"{OURS} name"
MAX_FEEDS = 10_000
MAX_DEPTH = 32  # folders in folders; more is no list that somebody keeps
MAX_TOPICS = 8
_ROOT = re.compile(r"<(?:\w+:)?opml\b", re.IGNORECASE)
_SHOWN = 120  # characters of what was refused
#: Types that are no feeds, but stand in OPML files.
_OTHER = frozenset(("link", "include", "song", "howto", "blogpost", "tweet", "photo", "redirect"))
#: Folders that hold everything.
_NO_TOPICS = frozenset(("subscriptions", "feeds", "rss", "root", "all", "uncategorized"))
#: What some programs put HTML into, quotes and all.
_DESCRIPTION = re.compile(
    rb"""\sdescription\s*=\s*"[^\0]{0,4000}?"(?=\s+(?:text|title|type|xmlUrl|htmlUrl|language|version|category)\s*="""
    rb"""|\s*/?>\s*<)""",
    re.IGNORECASE,
)
_FEED_SCHEME = re.compile(r"feed:(?://)?(?=https?:)|feed(?=://)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One feed of a list."""

    url: str
    title: str | None = None
    homepage: str | None = None
    lang: str | None = None
    topics: tuple[str, ...] = ()
    name: str | None = None  # where pressclip wrote the list
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """One outline that is no subscription."""

    label: str  # its title, else its address
    reason: str  # ``bad_url: ...``, ``no_address``, ``not_a_feed: link``, ``too_deep``


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriptions:
    """A list as read."""

    title: str | None = None
    found: tuple[Subscription, ...] = ()
    refused: tuple[Refused, ...] = ()
    problems: tuple[str, ...] = ()  # what could be read only in part


@dataclass(slots=True)
class _Outline:
    attributes: dict[str, str]
    folders: tuple[str, ...]
    depth: int
    children: bool
    asleep: bool  # commented out, or in a folder that is
    above: list[Any] = field(default_factory=list)


def read_opml(body: bytes) -> Subscriptions:
    """Read a list of subscriptions.

    Raises:
        InputError: ``not_opml``, ``parse_error``, ``too_large``.
    """
    sniffing.refuse_bytes(body)
    decoded = encodings.decode(body)
    root = _ROOT.search(decoded.text)
    if root is None:
        raise InputError("not_opml", "is no OPML: there is no <opml> in it")
    mended = mending.mend(decoded.text, Root(root.start(), "opml"))
    tree, problem = _tree(mended.body)
    found: list[Subscription] = []
    refused: list[Refused] = []
    for outline in _outlines(tree):
        if len(found) + len(refused) >= MAX_FEEDS:
            problem = f"too_many_feeds: the first {MAX_FEEDS} are read"
            break
        read = _subscription(outline)
        if isinstance(read, Subscription):
            found.append(read)
        elif read is not None:
            refused.append(read)
    head = next((each.text for each in tree.iter() if _local(each.tag) == "title" and each.text), None)
    return Subscriptions(
        title=_line(head),
        found=tuple(found),
        refused=tuple(refused),
        problems=tuple(each for each in (decoded.problem, *mended.problems, problem) if each),
    )


def _tree(body: bytes) -> tuple[Any, str | None]:
    """Parse strictly, then without what is broken most often, then as far as it goes."""
    from defusedxml import ElementTree
    from lxml import etree

    problem = ""
    for tried in (body, _DESCRIPTION.sub(b"", body)):
        try:
            return ElementTree.fromstring(tried), problem or None
        except ParseError as error:
            problem = problem or f"xml: {error}"
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    tree = etree.fromstring(tried, parser)
    if tree is None:
        raise InputError("parse_error", f"cannot be read: {problem}")
    return tree, problem


def _outlines(tree: Any) -> Iterator[_Outline]:
    """Walk through the outlines in order, without recursion: lists come a thousand deep."""
    stack: list[tuple[Any, tuple[str, ...], int, bool]] = [(tree, (), 0, False)]
    while stack:
        node, folders, depth, asleep = stack.pop()
        is_outline = _local(node.tag) == "outline"
        if is_outline:
            attributes = {_key(key): value for key, value in node.attrib.items()}
            outline = _Outline(
                attributes, folders, depth, len(node) > 0,
                asleep or attributes.get("iscomment", "").lower() == "true",
            )  # fmt: skip
            yield outline
            depth, asleep = depth + 1, outline.asleep
            if not outline.attributes.get("xmlurl") and depth <= MAX_DEPTH + 1:
                folders = (*folders, *filter(None, [_label(attributes)]))
        stack.extend((child, folders, depth, asleep) for child in reversed(node))


def _subscription(outline: _Outline) -> Subscription | Refused | None:
    """Read one outline; None: a folder, or words."""
    attributes = outline.attributes
    label = _label(attributes)
    address = _FEED_SCHEME.sub(
        lambda match: "" if match[0].endswith((":", "//")) else "http", attributes.get("xmlurl", "").strip()
    )
    kind = attributes.get("type", "").lower()
    shown = (label or address or attributes.get("url", "") or attributes.get("htmlurl", ""))[:_SHOWN]
    if not address:
        if outline.children or (
            kind not in _OTHER and not {"url", "htmlurl"} & attributes.keys() and kind != "rss"
        ):
            return None
        return Refused(label=shown, reason=f"not_a_feed: {kind}" if kind in _OTHER else "no_address")
    if outline.depth > MAX_DEPTH:
        return Refused(label=shown, reason="too_deep")
    try:
        url = source_keys.url(address)
    except ValueError as error:
        return Refused(label=shown, reason=f"bad_url: {error}")
    return Subscription(
        url=url,
        title=label,
        homepage=_valid(source_keys.url, attributes.get("htmlurl")),
        lang=_valid(source_keys.language, texts.language(attributes.get("language"))),
        topics=_topics(outline),
        name=_valid(source_keys.name, attributes.get(_NAME)),
        enabled=not outline.asleep,
    )


def _topics(outline: _Outline) -> tuple[str, ...]:
    """Folders from the outermost in, then categories: ``/news/tech,politics``; others' in small letters, as ours are."""
    categories = re.split(r"[,/]", outline.attributes.get("category", ""))
    words = (_valid(source_keys.text, _line(word)) for word in (*outline.folders, *categories))
    named = tuple(dict.fromkeys(word for word in words if word))
    if _NAME in outline.attributes:
        return named
    return tuple(dict.fromkeys(word.lower() for word in named if word.lower() not in _NO_TOPICS))[:MAX_TOPICS]


def _label(attributes: dict[str, str]) -> str | None:
    """Give its name: the text, which readers show; an address is none."""
    lines = (_line(attributes.get(key)) for key in ("text", "title"))
    return next((line for line in lines if line and not line.startswith(("http://", "https://"))), None)


def _line(text: str | None) -> str | None:
    """One line that sources.toml takes."""
    return source_names.printable(texts.line(Words(text, is_html=False))) if text else None


def _valid(reader: Any, value: str | None) -> str | None:
    try:
        return str(reader(value)) if value else None
    except ValueError:
        return None


def _key(raw: Any) -> str:
    """Name an attribute as we look for it: the standard's in small letters, others with their namespace."""
    namespace, _, name = str(raw).rpartition("}")
    return f"{namespace[1:]} {name}" if namespace else name.lower()


def _local(tag: Any) -> str:
    return str(tag).rpartition("}")[2].lower() if isinstance(tag, str) else ""
