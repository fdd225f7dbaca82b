"""The headline, without the site's name: the page's voices compared, the one on the page itself preferred."""

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from pipelines.describing.markup import Markup, chunks, words
from pipelines.describing.wording import fold, likeness, plain

_CJK = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
# What stands between a headline and the name of the site or section.
_STRONG = re.compile(
    rf"\s*(?:[|｜¦»«›‹〉]|::|_+|＿)\s*|(?<!\w)(?:--+|——)\s*|(?<={_CJK})(?:--+|——)|\s+[•·~/]\s+"
)
_WEAK = re.compile(
    rf"\s+[-–—―‐−‒:：]+\s+|\s+[:：]+\s*|[:：]\s+|(?<={_CJK}|[”」』》）)!！?？\]】])[-–－—](?={_CJK}|[《【])"
)
_BRACKETED = re.compile(r"\s*(?:【([^【】]{1,40})】|\(([^()]{1,40})\)|（([^（）]{1,40})）)\s*$")
_LONGEST = 400  # characters; a longer h1 wraps a whole page
_SHORTEST = 8  # folded characters; shorter ones stand in other lines by chance
_ALIKE = 0.5  # likeness at which a heading is another wording of the headline
# What stands between them where nobody tells the site's name: a colon is too often the headline's own.
_GUESSED = re.compile(rf"\s+[-–—―‐−‒]+\s+|(?<={_CJK}|[”」』》）)!！?？\]】])[-–－—](?={_CJK}|[《【])")
_EDGE = re.compile(rf"\s*[-_|｜–—－＿,，〉»(（]|\s(?={_CJK})")
_EDGE_BEFORE = re.compile(rf"[-_|｜–—－＿,，〉»)）:：]\s*$|(?<={_CJK})\s$")
_HAN = re.compile(_CJK)
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
    names = frozenset(folded for site in sites if (folded := fold(site)))
    social, key = markup.meta("og:title", "twitter:title", "dc.title", "title")
    claims = ((social, key), (headline, "json-ld"), (plain(fed), "feed"), (markup.title, "title"))
    voices = [
        (line, origin) for raw, origin in claims if (line := bare(raw, names)) and fold(line) not in names
    ]
    heading = _heading(markup, [line for line, _ in voices], _slug(url), names)
    if heading:
        return heading, "h1"
    if not voices:
        return markup.title, "title" if markup.title else ""
    line, origin = voices[0]
    if origin in {"json-ld", "feed"}:
        return line, origin
    shown = _shown(markup.root, line)
    return (shown, "text") if shown else (_longest_part(line), origin)


def bare(line: str, names: frozenset[str]) -> str:
    """A title without the site's name at its end or start.

    >>> bare("Coins rise | The Daily Coin", frozenset({"thedailycoin"}))
    'Coins rise'
    >>> bare("日銀が利上げ：朝の新聞", frozenset({"朝の新聞"}))
    '日銀が利上げ'
    >>> bare("Coins rise - and fall", frozenset({"thedailycoin"}))
    'Coins rise - and fall'
    """
    for _ in range(4):
        shorter = _without_bracket(_without_end(_without_start(line, names), names), names)
        if shorter == line:
            break
        line = shorter
    return line


def _cuts(line: str) -> list[tuple[int, int]]:
    spans = [match.span() for pattern in (_STRONG, _WEAK) for match in pattern.finditer(line)]
    return sorted(spans)


def _without_end(line: str, names: frozenset[str]) -> str:
    for start, end in _cuts(line):
        if start and fold(line[end:]) in names:
            return line[:start].rstrip()
    for mark in "：:-|":
        head, found, tail = line.rpartition(mark)
        if found and head.strip() and fold(tail) in names:
            return head.rstrip()
    return line


def _without_start(line: str, names: frozenset[str]) -> str:
    for start, end in reversed(_cuts(line)):
        if line[end:].strip() and fold(line[:start]) in names:
            return line[end:].lstrip()
    return line


def _without_bracket(line: str, names: frozenset[str]) -> str:
    match = _BRACKETED.search(line)
    if match and match.start() and fold("".join(group or "" for group in match.groups())) in names:
        return line[: match.start()].rstrip()
    return line


def _slug(url: str) -> str:
    """The words of an address, folded, where its last parts are made of words."""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return ""
    return max((fold(match) for match in _SLUG.findall(path)), key=len, default="")


def _heading(markup: Markup, voices: list[str], slug: str, names: frozenset[str]) -> str:
    """The h1 nearest to what the page calls itself elsewhere."""
    folded = [fold(voice) for voice in voices]
    best, best_score = "", 0.0
    own = [element for element in markup.headings if not _leads_home(element)]
    for element in own:
        line = bare(words(element), names)
        heading = fold(line)
        if not heading or heading in names or len(line) > _LONGEST:
            continue
        score = max((_nearness(heading, other) for other in (*folded, slug)), default=0.0)
        if score > best_score:
            best, best_score = _core(line, chunks(element), voices), score
    if best_score >= _ALIKE:
        return best
    only = bare(words(own[0]), names) if len(own) == 1 else ""
    return only if not voices and fold(only) not in names else ""


def _nearness(heading: str, other: str) -> float:
    score = likeness(heading, other)
    if len(heading) >= _SHORTEST and len(other) >= _SHORTEST and (heading in other or other in heading):
        score = max(score, (1 + score) / 2)
    return score


def _core(line: str, parts: list[str], voices: list[str]) -> str:
    """A heading without the kicker, date or byline inside it, where another voice is exactly the rest."""
    heading = fold(line)
    for voice in voices:
        core = fold(voice)
        if len(core) < _SHORTEST or len(core) >= len(heading):
            continue
        for cut in range(1, len(parts)):
            if core in {fold("".join(parts[:cut])), fold("".join(parts[cut:]))}:
                return voice
        if line.endswith(voice) and _STRONG.search(line[: -len(voice)][-3:]):
            return voice
    return line


def _leads_home(element: HtmlElement) -> bool:
    """Whether a heading is the site's own name: it links to the home page."""
    anchors = [*element.iter("a"), *(parent for parent in element.iterancestors("a"))]
    return any(not (urlsplit_path(anchor.get("href") or "-")) for anchor in anchors)


def urlsplit_path(href: str) -> str:
    """The path of an address without its slashes; an unreadable one has itself for a path."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return href
    return parts.path.strip("/") + parts.query + parts.fragment


def _shown(root: HtmlElement, line: str) -> str:
    """The longest text on the page that is a title's beginning or end, cut at a word."""
    best = ""
    for element in root.iter("h2", "h3", "h4", "b", "strong", "p", "div", "td", "span", "font", "dt", "a"):
        text = element.text.strip() if element.text else ""
        if text == line:
            return line
        if len(best) < len(text) < len(line) and text in line and _cut_well(line, text):
            best = text
    return best if len(fold(best)) >= max(_SHORTEST, len(fold(line)) * 0.4) else ""


def _cut_well(line: str, text: str) -> bool:
    if line.startswith(text):
        return bool(_EDGE.match(line[len(text) :]))
    return line.endswith(text) and bool(_EDGE_BEFORE.search(line[: -len(text)]))


def _longest_part(line: str) -> str:
    """What is left of a title when nobody tells the site's name: its longest part.

    >>> _longest_part("Third Monday is Blue Monday | TopNews")
    'Third Monday is Blue Monday'
    >>> _longest_part("烟花爆竹两成半不合格-某某新闻网")
    '烟花爆竹两成半不合格'
    >>> _longest_part("Coins rise - and fall again")
    'Coins rise - and fall again'
    """
    parts = [part for part in _STRONG.split(line) if part.strip()]
    line = max(parts, key=lambda part: len(fold(part)), default=line)
    while match := next(reversed(list(_GUESSED.finditer(line))), None):
        if match.start() and len(fold(line[match.end() :])) < len(fold(line[: match.start()])):
            line = line[: match.start()]
        else:
            break
    first = _GUESSED.search(line)
    if first and _HAN.search(line) and len(fold(line[: first.start()])) < len(fold(line[first.end() :])):
        line = line[first.end() :]
    return line.strip()


def site_labels(url: str) -> tuple[str, ...]:
    """The names an address gives its site: the host, and its labels that are no public suffix.

    >>> site_labels("https://www.dailycoin.co.jp/a")
    ('www.dailycoin.co.jp', 'dailycoin.co.jp', 'dailycoin')
    """
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ()
    short = host.removeprefix("www.")
    labels = [label for label in short.split(".")[:-1] if len(label) > 3]  # noqa: PLR2004 - shorter: co, com
    return tuple(dict.fromkeys(name for name in (host, short, *labels) if name))
