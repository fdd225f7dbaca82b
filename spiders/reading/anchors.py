"""The links of a page as candidates for articles: one for each address, with what its surroundings say of it."""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import NamedTuple

from lxml import etree, html

from pipelines.blocks import units
from pipelines.identity import url_key
from spiders.reading import links
from spiders.reading.addresses import is_listing

#: Links beyond these are no section page's.
MOST = 3_000
_LONGEST = 300  # characters of a headline; longer texts are teasers
_LEVELS = 8  # boxes around a link that may be the item it stands in
_ROUND = 4  # boxes around an item whose names tell where it stands
_ITEM_TEXT = 2_000  # characters of an item that are looked at
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
#: What a link says that leads on, to an article or to a list.
MORE = re.compile(
    r"\W*(?:.{0,30}?(?:もっと(?:見る|読む)|続きを(?:見る|読む)|一覧(?:へ|を見る)?|すべて見る|더 ?보기|전체 ?보기|更多|查看全部|全部|看更多)"
    r"|read (?:more|on)|(?:see|view|show) (?:all|more).{0,30}|more(?: in| from| on)?.{0,20}|continue reading|weiterlesen|mehr.{0,20}"
    r"|lire (?:la suite|plus)|leer más|читать далее|подробнее|view comments?|\d+ comments?|评论|我要评论|コメント(?:を見る)?)\W*",
    re.IGNORECASE,
)
_INLINE = frozenset(
    ("b", "i", "em", "strong", "font", "u", "mark", "wbr", "span", "small", "sub", "sup", "ruby", "rb", "q")
)
_MENU_TAGS = frozenset(("nav", "footer"))
_NARROW_MENU_TAGS = frozenset(("menu", "form"))  # where they are not the whole page
_MENU_ROLES = frozenset(("navigation", "contentinfo", "menu", "menubar"))
_MENU = re.compile(
    r"(?:^|[-_])(?:[gs]?nav|navi|navigation|navbar|globalnav|menu|menus|foot|footer|breadcrumbs?|topicpath|pankuzu|pager"
    r"|paging|pagination|sitemap|copyright)(?:$|[-_]|\d)",
    re.IGNORECASE,
)
_MOST_LINKS = 0.5  # share of a page's links from which an element is the page, whatever its name
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


class Spot(NamedTuple):
    """Where one link to an address stands, and its words."""

    text: str
    path: str  # tags and classes from the item upwards: equal for items of one list
    in_heading: bool
    in_menu: bool
    is_beside: bool  # in an aside
    has_image: bool
    said: tuple[str, ...]  # texts of the item beside its headline, dates among them
    stamps: tuple[str, ...]  # machine-readable dates of the item


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address of the page, and all the spots from which it is linked."""

    url: str
    url_key: str
    spots: tuple[Spot, ...]

    @property
    def headline(self) -> Spot:
        """The spot whose words are most likely the headline."""
        return max(
            self.spots, key=lambda spot: (bool(spot.text), spot.in_heading, min(units(spot.text), 20.0))
        )


def candidates(tree: html.HtmlElement, url: str) -> list[Candidate]:
    """All addresses that a page links to, but its own; in the page's order.

    Args:
        tree: the page, without scripts and style sheets.
        url: its address, after redirects.
    """
    base = next((node.get("href") for node in tree.iter("base") if node.get("href")), None)
    base = links.resolve(base, url).url or url
    own = url_key(url)
    keys: dict[html.HtmlElement, str] = {}
    urls: dict[str, str] = {}
    for anchor in tree.iter("a"):
        raw = anchor.get("href")
        if not raw or raw.startswith("#") or len(keys) >= MOST:
            continue
        resolved = links.resolve(raw, base).url
        if resolved and (key := url_key(resolved)) != own:
            keys[anchor] = key
            urls.setdefault(
                key, resolved.partition("#")[0] if "#!" not in resolved and "#/" not in resolved else resolved
            )
    # Labels, authors and the like may stand in an item; another article may not.
    telling = {anchor: key for anchor, key in keys.items() if not is_listing(urls[key])}
    below = _keys_below(telling)
    menus = _menus(keys)
    spots: dict[str, list[Spot]] = {}
    for anchor, key in keys.items():
        spots.setdefault(key, []).append(_spot(anchor, key, below, menus))
    return [Candidate(urls[key], key, tuple(found)) for key, found in spots.items()]


def _keys_below(keys: dict[html.HtmlElement, str]) -> dict[html.HtmlElement, str | None]:
    """Of each element with candidates below: the only address they lead to, None where there are several."""
    below: dict[html.HtmlElement, str | None] = {}
    for anchor, key in keys.items():
        for element in (anchor, *anchor.iterancestors()):
            if element not in below:
                below[element] = key
            elif below[element] is None:
                break
            elif below[element] != key:
                below[element] = None
    return below


def _menus(anchors: Collection[html.HtmlElement]) -> set[html.HtmlElement]:
    """The elements that are menus, footers and the like by tag, role or name."""
    counted = Counter(element for anchor in anchors for element in anchor.iterancestors())
    return {
        element
        for element, count in counted.items()
        if element.tag in _MENU_TAGS
        or element.get("role") in _MENU_ROLES
        or (
            count <= _MOST_LINKS * len(anchors)
            and (element.tag in _NARROW_MENU_TAGS or _is_named_menu(element))
        )
    }


def _spot(
    anchor: html.HtmlElement,
    key: str,
    below: dict[html.HtmlElement, str | None],
    menus: AbstractSet[html.HtmlElement],
) -> Spot:
    """What one link's surroundings say."""
    item = anchor
    above = list(anchor.iterancestors())
    for element in above[:_LEVELS]:
        if below.get(element, key) != key or element.tag in {"body", "html"}:
            break
        item = element
    heading = next((element for element in (anchor, *above[:3]) if element.tag in _HEADINGS), None)
    inner = next((element for element in anchor.iter(*_HEADINGS)), None)
    text = (_text(inner) if inner is not None else "") or _text(anchor)
    whole = _line(" ".join(anchor.itertext())[:_ITEM_TEXT])
    if MORE.fullmatch(whole):
        text = whole
    image = next((node for node in item.iter("img")), None)
    if item is not anchor and (
        not text or MORE.fullmatch(text)
    ):  # the headline stands beside a picture, or "more"
        named = next((element for element in item.iter(*_HEADINGS)), None)
        text = _text(named) if named is not None else text
    if not text and image is not None:
        text = _line(image.get("alt") or "")
    text = text or _line(anchor.get("title") or anchor.get("aria-label") or "")
    outside = [element for element in (item, *item.iterancestors()) if isinstance(element.tag, str)]
    return Spot(
        text=text[:_LONGEST],
        path=">".join(_name(element) for element in (anchor, *outside[:_ROUND])),
        in_heading=heading is not None or inner is not None,
        in_menu=any(element in menus for element in (anchor, *above)),
        is_beside=any(element.tag == "aside" for element in above),
        has_image=image is not None,
        said=tuple(_said(item, text)),
        stamps=tuple(stamp for node in item.iter("time") if (stamp := node.get("datetime"))),
    )


def _is_named_menu(element: html.HtmlElement) -> bool:
    """Whether an element's class or id calls it a menu."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return len(names) < _LONGEST and any(
        _MENU.search(name) or _MENU.search("-".join(_WORD.findall(name))) for name in names.split()
    )


def _name(element: html.HtmlElement) -> str:
    """A tag and its first class that is no number of its own."""
    names = [name for name in (element.get("class") or "").split() if not any(map(str.isdigit, name))]
    tag = str(element.tag)
    return f"{tag}.{names[0]}" if names else tag


def _said(item: html.HtmlElement, headline: str) -> Iterator[str]:
    """The short texts of an item beside its headline."""
    length = 0
    for text in item.itertext():
        line = _line(text)
        length += len(line)
        if length > _ITEM_TEXT:
            return
        if line and line != headline:
            yield line


def _text(element: html.HtmlElement) -> str:
    """The words of a link or a heading: of its parts (a label, the headline, who wrote it and when) the longest."""
    parts: list[list[str]] = [[]]
    length = 0
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if not _is_inline(node) and node is not element:
            parts.append([])
        text = node.text if event == "start" else node.tail if node is not element else None
        parts[-1].append(text or "")
        length += len(text or "")
        if length > _ITEM_TEXT:
            break
    return max((_line("".join(part)) for part in parts), key=units)


def _is_inline(node: html.HtmlElement) -> bool:
    """Whether an element is a part of a line of text; a span with a class is a part of its own."""
    return node.tag in _INLINE and not (node.tag == "span" and node.get("class"))


def _line(text: str) -> str:
    return " ".join(text.split())
