"""What the other modules ask of a page's tree: the elements that describe it, and its text in chunks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from pipelines.describing.wording import plain, tidy

_ASKED = ("meta", "link", "title", "h1", "time")
_NAMING = ("property", "name", "itemprop", "http-equiv")  # attributes of <meta> that say what it is
_UNREAD = frozenset({"script", "style", "noscript", "svg", "template", "select", "rt", "rp"})
_UNSEEN = frozenset({"script", "style", "noscript", "title", "option", "rt"})
_MOST = 60  # elements of one kind that are kept
_START = 12  # characters of a headline that tell where it stands
_MOST_CHUNKS = 200  # of one element
_SEEN = f"[normalize-space() and not({' or '.join(f'parent::{tag}' for tag in sorted(_UNSEEN))})]"
# Not `//text()`: that takes square time where one element has very many children.
_VISIBLE = etree.XPath(f"/descendant::text(){_SEEN}", smart_strings=False)
_PRECEDING = etree.XPath(f"count(preceding::text(){_SEEN})")

#: What somebody says, and who: a JSON-LD node, a meta's name, an element; two empty strings where nobody does.
Claim = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Markup:
    """The elements that describe a page.

    `metas` maps a lower-cased name, property or itemprop to the contents given for it, in order, never empty.
    """

    root: HtmlElement
    metas: Mapping[str, tuple[str, ...]]
    links: tuple[tuple[str, str], ...]  # (rel, href)
    title: str
    headings: tuple[HtmlElement, ...]  # h1, in order
    times: tuple[HtmlElement, ...]

    def meta(self, *names: str) -> Claim:
        """The first content among metas of these names, and the name that gave it; two empty strings if none."""
        for name in names:
            if values := self.metas.get(name):
                return values[0], name
        return "", ""

    def link(self, rel: str) -> str:
        """The address of the first link of that relation, or an empty string."""
        return next((href for name, href in self.links if rel in name.split()), "")


def read(tree: HtmlElement) -> Markup:
    """Gather the describing elements of a tree."""
    metas: dict[str, tuple[str, ...]] = {}
    links: list[tuple[str, str]] = []
    titles: list[str] = []
    headings: list[HtmlElement] = []
    times: list[HtmlElement] = []
    for element in tree.iter(*_ASKED):
        match element.tag:
            case "meta":
                _note(element, metas)
            case "link":
                if (href := tidy(element.get("href"))) and (rel := (element.get("rel") or "").lower()):
                    links.append((rel, href))
            case "title":
                if all(parent.tag != "svg" for parent in element.iterancestors()):
                    titles.append(words(element))
            case "h1":
                headings.append(element)
            case _:
                times.append(element)
    title = next((line for line in titles if line), "")
    return Markup(tree, metas, tuple(links), title, tuple(headings[:_MOST]), tuple(times[:_MOST]))


def _note(element: HtmlElement, metas: dict[str, tuple[str, ...]]) -> None:
    # Some archives have saved `content` as `value`.
    content = plain(element.get("content") or element.get("value"))
    if not content:
        return
    for attribute in _NAMING:
        name = (element.get(attribute) or "").strip().lower()
        if name and len(metas.get(name, ())) < _MOST:
            metas[name] = (*metas.get(name, ()), content)


def words(element: HtmlElement) -> str:
    """The text of an element on one line, without scripts, styles and the reading aids of ruby."""
    return tidy("".join(_texts(element)))


def chunks(element: HtmlElement) -> list[str]:
    """The same, one string for each text node that is not blank."""
    return [line for text in _texts(element) if (line := tidy(text))]


def visible(tree: HtmlElement) -> list[str]:
    """The text nodes of a page that a reader may see, as they stand, none of them blank."""
    return [str(text) for text in _VISIBLE(tree)]


def place_of(markup: Markup, lines: Sequence[str], title: str) -> int:
    """Which of the visible lines is the headline: of several that begin like it a heading; the first where none does."""
    start = title[:_START]
    places = [place for place, line in enumerate(lines) if start and line.lstrip().startswith(start)]
    if len(places) > 1:
        for heading in markup.headings:
            if start in words(heading):
                return min(int(_PRECEDING(heading)), len(lines) - 1)
    return places[0] if places else 0


def around(markup: Markup, title: str, after: int) -> tuple[list[str], int]:
    """The visible lines up to so many after the heading that shows the title, and which is its first; none without one."""
    start = title[:_START]
    heading = next((h for h in markup.headings if start and start in words(h)), None)
    lines: list[str] = []
    if heading is None:
        return lines, 0
    place = None
    for event, element in etree.iterwalk(markup.root, events=("start", "end")):
        if place is None and element is heading:
            place = len(lines)
        text = element.tail if event == "end" else None if element.tag in _UNSEEN else element.text
        if text and not text.isspace():
            lines.append(text)
        if place is not None and len(lines) > place + after:
            break
    return lines, place or 0


def _texts(element: HtmlElement) -> Iterator[str]:
    count = 0
    stack: list[HtmlElement | str] = [element]
    while stack and count < _MOST_CHUNKS:
        item = stack.pop()
        if isinstance(item, str):
            count += 1
            yield item
            continue
        if not isinstance(item.tag, str) or item.tag in _UNREAD:
            continue
        if item.tag == "br":
            yield " "
        inner: list[HtmlElement | str] = [item.text] if item.text else []
        for child in item:
            inner.append(child)
            if child.tail:
                inner.append(child.tail)
        stack.extend(reversed(inner))
