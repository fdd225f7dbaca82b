"""The headline, without the site's name: the page's voices compared, the one on the page itself preferred."""

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from pipelines.describing.markup import Markup, chunks, words
from pipelines.describing.sitenames import bare, main_part, parts_of
from pipelines.describing.wording import fold, likeness, plain

_CJK = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
_LONGEST = 400  # characters; a longer h1 wraps a whole page
_SHORTEST = 8  # folded characters; shorter ones stand in other lines by chance
_SHORT_SLUG = 6  # the same of an address's last part
_ALIKE = 0.5  # likeness at which a heading is another wording of the headline
_LARGE = 0.4  # of a title: the least that can be its headline
_SHOWING = ("h2", "h3", "h4", "b", "strong", "p", "div", "td", "span", "font", "dt", "a")
_AFTER = re.compile(rf"\s*[-_|｜–—－＿,，〉»(（]|\s(?={_CJK})")
_BEFORE = re.compile(rf"[-_|｜–—－＿,，〉»)）:：]\s*$|(?<={_CJK})\s$")
_BREADCRUMB = re.compile(r"[|｜〉»>_]\s*$")
# How publishers call the line over a headline that they put inside its element.
_KICKER = re.compile(
    r"kicker|(?:over|roof|top)line|dachzeile|(?:top|super)title|spitzmarke|eyebrow|topic-label", re.IGNORECASE
)
_SECTION = re.compile(
    r"\s*[|｜]\s*(?:Opinion|Commentary|Editorial|Column|Letters?|Meinung|Kommentar|社説|コラム|오피니언|사설)$"
)
_BARS = 2  # in a heading: it shows the way from the site's home
_OPENING, _CLOSING = "([{（［｛「『【《〈〔 ", ")]}）］｝」』】》〉〕 "
_SLUG = re.compile(r"[^/]*[a-z]+(?:[-_][a-z0-9]+){3,}[^/]*", re.IGNORECASE)


def title(markup: Markup, url: str, headline: str, sites: Iterable[str], fed: str) -> tuple[str, str]:
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


def _title(markup: Markup, url: str, headline: str, sites: Iterable[str], fed: str) -> tuple[str, str]:
    names = frozenset(folded for site in sites if (folded := fold(site)))
    weak = (
        *(
            (value, "title")
            for value in (
                markup.title,
                *markup.metas.get("dc.title", ())[:1],
                *markup.metas.get("title", ())[:1],
            )
        ),
    )
    claims = (markup.meta("og:title", "twitter:title"), (headline, "json-ld"), (plain(fed), "feed"), *weak)
    voices = [(line, who) for raw, who in claims if (line := bare(raw, names)) and fold(line) not in names]
    heading = _heading(markup, url, [line for line, _ in voices], names)
    if heading and len(voices) == 1 and (rest := _beside(markup, heading, voices[0][0])):
        return rest, "title"
    if heading:
        return heading, "h1"
    if not voices:
        return markup.title, "title" if markup.title else ""
    if part := _addressed([line for line, _ in voices], url):
        return part, "url"
    if part := _shared([line for line, _ in voices]):
        return part, voices[0][1]
    line, origin = voices[0]
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
    return first[shared[0]] if len(shared) == 1 and len(shared[0]) >= _SHORTEST else ""


def _addressed(voices: list[str], url: str) -> str:
    """The part of a title that is the address's last part, word by word."""
    last = fold(re.sub(r"\.[a-z]{3,5}$", "", unquote(_path(url)).rpartition("/")[2]))
    parts = (part for line in voices for part in parts_of(line) if part != line)
    return next((part.strip() for part in parts if len(last) >= _SHORT_SLUG and fold(part) == last), "")


def _slug(url: str) -> str:
    """The words of an address, folded, where its last parts are made of words."""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return ""
    return max((fold(match) for match in _SLUG.findall(path)), key=len, default="")


def _heading(markup: Markup, url: str, voices: list[str], names: frozenset[str]) -> str:
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
    if len(heading) >= _SHORTEST and len(other) >= _SHORTEST and (heading in other or other in heading):
        score = max(score, (1 + score) / 2)
    return score


def _without_kicker(element: HtmlElement, line: str) -> str:
    """A heading without the first line inside it where that is marked as a kicker; one that a colon joins stays."""
    for inner in element.iterdescendants():
        kicker = words(inner) if _KICKER.search(inner.get("class") or "") else ""
        rest = line.removeprefix(kicker).lstrip()
        if kicker and line.startswith(kicker) and not kicker.endswith((":", "：")) and rest[:1] not in ":：":
            return rest.lstrip(" -–—|") if len(fold(rest)) >= _SHORTEST else line
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
        if len(core) < _SHORTEST or len(core) >= len(heading):
            continue
        for cut in range(1, len(parts)):
            if core in {fold("".join(parts[:cut])), fold("".join(parts[cut:]))}:
                return voice
        if line.endswith(voice) and _BREADCRUMB.search(line.removesuffix(voice)):
            return voice
    return line


def _is_tail(heading: str, parts: list[str]) -> bool:
    """Whether a heading begins with what ends a title, and not with its beginning: the site's name with its motto."""
    if len(parts) < 2:
        return False
    first, last = fold(parts[0]), fold(parts[-1])
    return len(last) >= _SHORTEST and heading.startswith(last) and heading != last and first not in heading


def _leads_home(element: HtmlElement) -> bool:
    """Whether a heading is the site's own name: it links to the home page."""
    anchors = [*element.iter("a"), *element.iterancestors("a")]
    return any(_is_home(anchor.get("href")) for anchor in anchors)


def _leads_elsewhere(element: HtmlElement, url: str) -> bool:
    """Whether a heading is a link to another page than its own, as those of teasers are."""
    anchors = [*element.iter("a"), *element.iterancestors("a")]
    return any(_path(anchor.get("href")) not in {"", _path(url)} for anchor in anchors)


def _path(href: str | None) -> str:
    try:
        return urlsplit(href or "").path.strip("/")
    except ValueError:
        return ""


def _is_home(href: str | None) -> bool:
    try:
        parts = urlsplit(href or "-")
    except ValueError:
        return False
    return not (parts.path.strip("/") or parts.query or parts.fragment)


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
    return best if len(fold(best)) >= max(_SHORTEST, len(fold(line)) * _LARGE) else ""


def _cut_well(line: str, text: str) -> bool:
    if line.startswith(text):
        return bool(_AFTER.match(line[len(text) :]))
    return line.endswith(text) and bool(_BEFORE.search(line[: -len(text)]))
