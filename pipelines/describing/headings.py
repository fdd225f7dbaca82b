"""Which h1 of a page is its headline: the one nearest to what the page calls itself elsewhere."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from pipelines.describing.markup import Markup, chunks, words
from pipelines.describing.sitenames import bare, main_part, parts_of
from pipelines.describing.wording import fold, likeness

_LONGEST = 400  # characters; a longer h1 wraps a whole page
#: Folded characters; shorter lines stand in others by chance.
SHORTEST = 8
_ALIKE = 0.5  # likeness at which a heading is another wording of the headline
_BARS = 2  # in a heading: it shows the way from the site's home
_BREADCRUMB = re.compile(r"[|｜〉»>_]\s*$")
# How publishers call the line over a headline that they put inside its element.
_KICKER = re.compile(
    r"kicker|(?:over|roof|top)line|dachzeile|(?:top|super)title|spitzmarke|eyebrow|topic-label", re.IGNORECASE
)
_SLUG = re.compile(r"[^/]*[a-z]+(?:[-_][a-z0-9]+){3,}[^/]*", re.IGNORECASE)


def heading(markup: Markup, url: str, voices: list[str], names: frozenset[str]) -> str:
    """The h1 nearest to what the page calls itself elsewhere; one that is a link to another page only where no other is near."""
    own = [element for element in markup.headings if not _leads_home(element)]
    here = [element for element in own if not _leads_elsewhere(element, url)]
    for elements in (here, own):
        best, score = _nearest(elements, markup.title, [fold(voice) for voice in voices], _slug(url), names)
        if best is not None and score >= _ALIKE:
            line = bare(words(best), names)
            line = main_part(line) if line.count(" | ") >= _BARS else line
            rest = _without_kicker(best, line)
            return rest if rest != line else _core(line, chunks(best), voices)
    only = bare(words(own[0]), names) if len(own) == 1 else ""
    return only if not voices and fold(only) not in names else ""


def _nearest(
    elements: list[HtmlElement], title: str, voices: list[str], slug: str, names: frozenset[str]
) -> tuple[HtmlElement | None, float]:
    """The heading that is most like a voice, and how much; voices and slug are folded."""
    best, best_score = None, 0.0
    for element in elements:
        line = bare(words(element), names)
        heading = fold(line)
        if not heading or heading in names or len(line) > _LONGEST or _is_tail(heading, parts_of(title)):
            continue
        score = max((_nearness(heading, other) for other in (*voices, slug)), default=0.0)
        if score > best_score:
            best, best_score = element, score
    return best, best_score


def _nearness(heading: str, other: str) -> float:
    score = likeness(heading, other)
    if len(heading) >= SHORTEST and len(other) >= SHORTEST and (heading in other or other in heading):
        score = max(score, (1 + score) / 2)
    return score


def _slug(url: str) -> str:
    """The words of an address, folded, where its last parts are made of words."""
    return max((fold(match) for match in _SLUG.findall(unquote(path_of(url)))), key=len, default="")


def _without_kicker(element: HtmlElement, line: str) -> str:
    """A heading without the first line inside it where that is marked as a kicker; one that a colon joins stays."""
    for inner in element.iterdescendants():
        kicker = words(inner) if _KICKER.search(inner.get("class") or "") else ""
        rest = line.removeprefix(kicker).lstrip()
        if kicker and line.startswith(kicker) and not kicker.endswith((":", "：")) and rest[:1] not in ":：":
            return rest.lstrip(" -–—|") if len(fold(rest)) >= SHORTEST else line
    return line


def _core(line: str, parts: list[str], voices: list[str]) -> str:
    """A heading without the kicker, date or byline inside it, where another voice is exactly the rest."""
    heading = fold(line)
    for voice in voices:
        core = fold(voice)
        if (
            core == heading
            and voice.count(" ") > line.count(" ")
            and "".join(voice.split()) == "".join(line.split())
        ):
            return voice  # the heading's parts stand on lines of their own
        if len(core) < SHORTEST or len(core) >= len(heading):
            continue
        for cut in range(1, len(parts)):
            if core in {fold("".join(parts[:cut])), fold("".join(parts[cut:]))}:
                return voice
        if line.endswith(voice) and _BREADCRUMB.search(line.removesuffix(voice)):
            return voice
    return line


def _is_tail(heading: str, parts: list[str]) -> bool:
    """Whether a heading begins with what ends a title, and not with its beginning: the site's name with its motto."""
    if not parts:
        return False
    first, last = fold(parts[0]), fold(parts[-1])
    return len(last) >= SHORTEST and heading.startswith(last) and heading != last and first not in heading


def _leads_home(element: HtmlElement) -> bool:
    """Whether a heading is the site's own name: it links to the home page."""
    return any(_is_home(anchor.get("href")) for anchor in _anchors(element))


def _leads_elsewhere(element: HtmlElement, url: str) -> bool:
    """Whether a heading is a link to another page than its own, as those of teasers are."""
    return any(path_of(anchor.get("href")) not in {"", path_of(url)} for anchor in _anchors(element))


def _anchors(element: HtmlElement) -> Iterator[HtmlElement]:
    """The links in a heading, and those around it."""
    yield from element.iter("a")
    yield from element.iterancestors("a")


def _is_home(href: str | None) -> bool:
    try:
        parts = urlsplit(href or "-")
    except ValueError:
        return False
    return not (parts.path.strip("/") or parts.query or parts.fragment)


def path_of(href: str | None) -> str:
    """The path of an address, without the slashes around it."""
    try:
        return urlsplit(href or "").path.strip("/")
    except ValueError:
        return ""
