"""The headline, without the site's name: the page's voices compared, the one on the page itself preferred."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from pipelines.describing.markup import Markup, words
from pipelines.describing.wording import fold, likeness, plain

# What stands between a headline and the name of the site or section; a hyphen or colon only with a space.
_SEPARATOR = re.compile(
    r"\s*[|｜¦•«»‹›]\s*|\s+[-–—―‐:·/~_‒−]+\s+|\s*[_＿]\s*|\s*(?:--+|——+|––+)\s*|\s+[:：]\s*"
)
_BRACKETED = re.compile(r"\s*(?:【([^【】]{1,40})】|\(([^()]{1,40})\)|（([^（）]{1,40})）)\s*$")
_LONGEST = 400  # characters; a longer h1 wraps a whole page
_ALIKE = 0.5  # likeness at which a heading is another wording of the headline


def title(markup: Markup, headline: str, sites: tuple[str, ...], fed: str | None) -> tuple[str, str]:
    """The page's headline and where it came from; two empty strings if nobody names it.

    Args:
        markup: of the page.
        headline: JSON-LD's, or an empty string.
        sites: names the site goes by.
        fed: the feed entry's title.
    """
    names = frozenset(folded for site in sites if (folded := fold(site)))
    social, key = markup.meta("og:title", "twitter:title", "dc.title", "title")
    voices = [
        (bare(text, names), origin)
        for text, origin in (
            (social, key),
            (headline, "json-ld"),
            (markup.title, "title"),
            (plain(fed), "feed"),
        )
        if text
    ]
    voices = [(text, origin) for text, origin in voices if fold(text) not in names] or voices
    heading = _nearest([text for text, _ in voices], markup, names)
    if heading:
        return heading, "h1"
    return voices[0] if voices else ("", "")


def bare(line: str, names: frozenset[str]) -> str:
    """A title without the site's name at its end or start.

    >>> bare("Coins rise | The Daily Coin", frozenset({"thedailycoin"}))
    'Coins rise'
    >>> bare("日銀が利上げ：朝の新聞", frozenset({"朝の新聞"}))
    '日銀が利上げ'
    >>> bare("Coins rise - and fall", frozenset({"thedailycoin"}))
    'Coins rise - and fall'
    """
    while True:
        shorter = _without_bracket(_without_end(_without_start(line, names), names), names)
        if shorter == line:
            return line
        line = shorter


def _cuts(line: str) -> list[tuple[int, int]]:
    return [match.span() for match in _SEPARATOR.finditer(line)]


def _without_end(line: str, names: frozenset[str]) -> str:
    for start, end in _cuts(line):
        if start and _is_site(line[end:], names):
            return line[:start].rstrip()
    for mark in ("：", ":", "-", "|"):
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


def _is_site(tail: str, names: frozenset[str]) -> bool:
    folded = fold(tail)
    return folded in names


def _nearest(titles: list[str], markup: Markup, names: frozenset[str]) -> str:
    """The h1 nearest to what the page calls itself elsewhere."""
    folded = [fold(text) for text in titles]
    best, best_score = "", 0.0
    own = [text for text in _headings(markup) if fold(text) not in names]
    for text in own:
        line = bare(text, names)
        folded_line = fold(line)
        score = max((_nearness(folded_line, other) for other in folded), default=0.0)
        if score > best_score:
            best, best_score = line, score
    if best_score >= _ALIKE:
        return best
    return bare(own[0], names) if len(own) == 1 and not folded else ""


def _nearness(heading: str, other: str) -> float:
    score = likeness(heading, other)
    if len(heading) > 6 and (heading in other or other in heading):
        score = max(score, 0.5 + score / 2)
    return score


def _headings(markup: Markup) -> Iterator[str]:
    for element in markup.headings:
        text = words(element)
        if text and len(text) <= _LONGEST:
            yield text


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
    labels = [label for label in short.split(".")[:-1] if len(label) > 3]  # noqa: PLR2004 - shorter: co, com, www
    return tuple(dict.fromkeys(name for name in (host, short, *labels) if name))
