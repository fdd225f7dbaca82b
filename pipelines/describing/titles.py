"""The headline, without the site's name: the page's voices compared, the one on the page itself preferred."""

import re
from collections.abc import Iterable
from urllib.parse import unquote

from lxml.html import HtmlElement

from pipelines.describing.headings import SHORTEST, heading, path_of
from pipelines.describing.markup import Claim, Markup, words
from pipelines.describing.sitenames import bare, main_part, parts_of
from pipelines.describing.wording import fold, plain

_CJK = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
_SHORT_SLUG = 6  # the same of an address's last part
_LARGE = 0.4  # of a title: the least that can be its headline
_SHOWING = ("h2", "h3", "h4", "b", "strong", "p", "div", "td", "span", "font", "dt", "a")
_AFTER = re.compile(rf"\s*[-_|｜–—－＿,，〉»(（]|\s(?={_CJK})")
_BEFORE = re.compile(rf"[-_|｜–—－＿,，〉»)）:：]\s*$|(?<={_CJK})\s$")
_SECTION = re.compile(
    r"\s*[|｜]\s*(?:Opinion|Commentary|Editorial|Column|Letters?|Meinung|Kommentar|社説|コラム|오피니언|사설)$"
)
_OPENING, _CLOSING = "([{（［｛「『【《〈〔 ", ")]}）］｝」』】》〉〕 "


def title(markup: Markup, url: str, headline: str, sites: Iterable[str], fed: str) -> Claim:
    """The page's headline and where it came from; two empty strings if nobody names it.

    Args:
        markup: of the page.
        url: of the page; words in it are a witness.
        headline: JSON-LD's, or an empty string.
        sites: names the site goes by.
        fed: the feed entry's title, or an empty string.
    """
    line, origin = _title(markup, url, headline, sites, fed)
    return without_strays(_SECTION.sub("", line)), origin


def without_strays(line: str) -> str:
    """A title without closing brackets at its beginning and opening ones at its end, which belong to other lines.

    >>> without_strays("》年節食品抽查「旅用護理包」【"), without_strays("[Update] Coins (and more)")
    ('年節食品抽查「旅用護理包」', '[Update] Coins (and more)')
    """
    return line.lstrip(_CLOSING).rstrip(_OPENING)


def _title(markup: Markup, url: str, headline: str, sites: Iterable[str], fed: str) -> Claim:
    names = frozenset(folded for site in sites if (folded := fold(site)))
    claims = (
        markup.meta("og:title", "twitter:title"),
        (headline, "json-ld"),
        (plain(fed), "feed"),
        (markup.title, "title"),
        *((value, "title") for name in ("dc.title", "title") for value in markup.metas.get(name, ())[:1]),
    )
    voices = [(line, who) for raw, who in claims if (line := bare(raw, names)) and fold(line) not in names]
    best = heading(markup, url, [line for line, _ in voices], names)
    if best:
        rest = _beside(markup, best, voices[0][0]) if len(voices) == 1 else ""
        return (rest, "title") if rest else (best, "h1")
    if not voices:
        return markup.title, "title" if markup.title else ""
    return _without_heading(markup, url, voices)


def _without_heading(markup: Markup, url: str, voices: list[Claim]) -> Claim:
    """What a page without a headline among its headings is called."""
    lines = [line for line, _ in voices]
    line, origin = voices[0]
    if part := _addressed(lines, url):
        return part, "url"
    if part := _shared(lines):
        return part, origin
    if origin in {"json-ld", "feed"}:
        return line, origin
    shown = _shown(markup.root, line)
    return (shown, "text") if shown else (main_part(line), origin)


def _shared(voices: list[str]) -> str:
    """The one part that two titles have in common where both say more."""
    first, *others = (
        {fold(part): part.strip() for part in parts_of(voice)} for voice in dict.fromkeys(voices)
    )
    shared = [part for part in first if any(part in other for other in others)]
    return first[shared[0]] if len(shared) == 1 and len(shared[0]) >= SHORTEST else ""


def _addressed(voices: list[str], url: str) -> str:
    """The part of a title that is the address's last part, word by word."""
    last = fold(re.sub(r"\.[a-z]{3,5}$", "", unquote(path_of(url)).rpartition("/")[2]))
    parts = (part for line in voices for part in parts_of(line) if part != line)
    return next((part.strip() for part in parts if len(last) >= _SHORT_SLUG and fold(part) == last), "")


def _beside(markup: Markup, heading: str, line: str) -> str:
    """What a title says beside a heading that is only the site's name, where the page shows it after that."""
    for rest in (line.removeprefix(heading), line.removesuffix(heading)):
        text = rest.strip(" |｜-–—_:：»«>")
        if rest != line and len(text) > len(heading) and _follows(markup.root, heading, text):
            return text
    return ""


def _follows(root: HtmlElement, heading: str, text: str) -> bool:
    """Whether a page shows a text, and shows it after that heading: what stands above a headline is the site's."""
    for element in root.iter("h1", *_SHOWING):
        if element.text and element.text.strip() == text:
            return False
        if element.tag == "h1" and heading in words(element):
            break
    return _shown(root, text) == text


def _shown(root: HtmlElement, line: str) -> str:
    """The longest text on the page that is a title's beginning or end, cut at a separator."""
    best, main = "", main_part(line)
    for element in root.iter(*_SHOWING):
        text = element.text.strip() if element.text else ""
        if text == main:
            return main
        if text == line:
            best = line
        elif len(best) < len(text) < len(line) and text in line and _cut_well(line, text):
            best = text
    return best if len(fold(best)) >= max(SHORTEST, len(fold(line)) * _LARGE) else ""


def _cut_well(line: str, text: str) -> bool:
    if line.startswith(text):
        return bool(_AFTER.match(line[len(text) :]))
    return line.endswith(text) and bool(_BEFORE.search(line[: -len(text)]))
