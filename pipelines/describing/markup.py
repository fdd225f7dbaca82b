"""What the other modules ask of a page's tree, gathered in one pass over few kinds of element."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml.html import HtmlElement

from pipelines.describing.wording import plain, tidy

_ASKED = ("meta", "link", "title", "h1", "time")
_UNREAD = frozenset({"script", "style", "noscript", "svg", "template", "button", "select"})
_MOST = 60  # elements of one kind that are kept
_LONGEST_TEXT = 20_000


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

    def meta(self, *names: str) -> tuple[str, str]:
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
                content = plain(element.get("content"))
                if not content:
                    continue
                for attribute in ("property", "name", "itemprop", "http-equiv"):
                    name = (element.get(attribute) or "").strip().lower()
                    if name and len(metas.get(name, ())) < _MOST:
                        metas[name] = (*metas.get(name, ()), content)
            case "link":
                if (href := tidy(element.get("href"))) and (rel := (element.get("rel") or "").lower()):
                    links.append((rel, href))
            case "title":
                if not any(parent.tag == "svg" for parent in element.iterancestors()):
                    titles.append(words(element))
            case "h1":
                headings.append(element)
            case _:
                times.append(element)
    title = next((line for line in titles if line), "")
    return Markup(tree, metas, tuple(links), title, tuple(headings[:_MOST]), tuple(times[:_MOST]))


def words(element: HtmlElement) -> str:
    """The text of an element on one line, without scripts, styles and buttons."""
    return tidy("".join(_texts(element)))


def _texts(element: HtmlElement) -> Iterator[str]:
    length = 0
    stack: list[HtmlElement | str] = [element]
    while stack and length < _LONGEST_TEXT:
        item = stack.pop()
        if isinstance(item, str):
            length += len(item)
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
