"""The name of a site: who says it, what separates it from a headline, and titles without it."""

import re
from urllib.parse import urlsplit

from pipelines.describing.jsonld import LinkedData, Node, types
from pipelines.describing.markup import Claim, Markup
from pipelines.describing.wording import fold, plain

_CJK = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
# What stands between a headline and the name of a site or section, and seldom inside a headline.
_STRONG = re.compile(
    rf"\s*(?:[|｜¦»«›‹〉＿]|::)\s*|(?<=[\s{_CJK}])_+|_+(?=[\s{_CJK}])|(?<!\w)(?:--+|——)\s*|(?<=[{_CJK}])(?:--+|——)|\s+[•·~/]\s+"
)
_CJK_HYPHEN = rf"(?<=[{_CJK}”」』》）)!！?？\]】])[-–－—](?=[{_CJK}《【])"
# A hyphen stands in both places; a colon is believed only before or after a name that is known.
_HYPHEN = re.compile(rf"\s+[-–—―‐−‒]+\s+|\s[:：]\s|{_CJK_HYPHEN}")
_COLON = re.compile(r"\s*[:：]\s*")
_TIGHT = "：:-|"  # before a known name, even without spaces
_BRACKETED = re.compile(r"\s*(?:【([^【】]{1,40})】|\(([^()]{1,40})\)|（([^（）]{1,40})）)\s*$")
_WIDE = re.compile(f"[{_CJK}]")
_PUBLISHING = frozenset({"Organization", "NewsMediaOrganization", "WebSite"})
_SECTION = 8  # characters of a section's name behind the site's: 自由電子報 即時新聞
_MOST_OF = 0.6  # of the longest part: a first part as long as this is the headline


def bare(line: str, names: frozenset[str]) -> str:
    """A title without the site's name at its end or start; `names` are folded.

    >>> bare("Coins rise | The Daily Coin", frozenset({"thedailycoin"}))
    'Coins rise'
    >>> bare("日銀が利上げ：朝の新聞", frozenset({"朝の新聞"}))
    '日銀が利上げ'
    >>> bare("日銀が利上げ - 朝の新聞 速報", frozenset({"朝の新聞"}))
    '日銀が利上げ'
    >>> bare("Coins rise - and fall", frozenset({"thedailycoin"}))
    'Coins rise - and fall'
    """
    shorter = _without_bracket(_without_end(_without_start(line, names), names), names)
    return line if shorter == line else bare(shorter, names)


def _cuts(line: str) -> list[tuple[int, int]]:
    return sorted(match.span() for kind in (_STRONG, _HYPHEN, _COLON) for match in kind.finditer(line))


def _without_end(line: str, names: frozenset[str]) -> str:
    for start, end in _cuts(line):
        if line[:start].strip() and _names_site(line[end:], names):
            return line[:start].rstrip()
    for mark in _TIGHT:
        head, found, tail = line.rpartition(mark)
        if found and head.strip() and fold(tail) in names:
            return head.rstrip()
    return line


def _names_site(part: str, names: frozenset[str]) -> bool:
    """Whether a part of a title is the site's name; in Chinese and Japanese, a section's may follow it."""
    if fold(part) in names:
        return True
    name, _, section = part.strip().partition(" ")
    return _WIDE.match(name) is not None and len(section) <= _SECTION and fold(name) in names


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


def main_part(line: str) -> str:
    """What is left of a title when nobody tells the site's name: its first long part.

    >>> main_part("Third Monday is Blue Monday | TopNews")
    'Third Monday is Blue Monday'
    >>> main_part("烟花爆竹两成半不合格-某某新闻网")
    '烟花爆竹两成半不合格'
    >>> main_part("某某電子報 - 流感再奪2命 累計20死")
    '流感再奪2命 累計20死'
    >>> main_part("Coins rise - and fall again")
    'Coins rise - and fall again'
    """
    parts = [part for part in _STRONG.split(line) if part.strip()]
    longest = max((_width(part) for part in parts), default=0)
    line = next((part for part in parts if _width(part) >= longest * _MOST_OF), line)
    while (cuts := list(_HYPHEN.finditer(line))) and cuts[-1].start():
        last = cuts[-1]
        if _width(line[last.end() :]) >= _width(line[: last.start()]):
            break
        line = line[: last.start()]
    first = _HYPHEN.search(line)
    if first and _WIDE.search(line) and _width(line[: first.start()]) < _width(line[first.end() :]):
        line = line[first.end() :]
    return line.strip()


def parts_of(line: str) -> list[str]:
    """What stands between the separators of a title."""
    return [part for strong in _STRONG.split(line) for part in _HYPHEN.split(strong) if part.strip()]


def _width(part: str) -> int:
    """How much a part says: a character of Chinese, Japanese or Korean as much as two letters."""
    return len(fold(part)) + len(_WIDE.findall(part))


def site_labels(url: str) -> tuple[str, ...]:
    """The names an address gives its site: the host, and its labels that are no public suffix.

    >>> site_labels("https://www.dailycoin.co.jp/a")
    ('www.dailycoin.co.jp', 'dailycoin.co.jp', 'dailycoin')
    >>> site_labels("https://shop.dailycoin.com/a")
    ('shop.dailycoin.com', 'dailycoin.com', 'shop', 'dailycoin')
    """
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ()
    short = host.removeprefix("www.")
    parts = short.split(".")
    labels = [label for label in parts[:-1] if len(label) > 3]  # noqa: PLR2004 - shorter: co, com
    ends = [".".join(parts[start:]) for start, label in enumerate(parts[:-1]) if label in labels]
    return tuple(dict.fromkeys(name for name in (host, short, *ends, *labels) if name))


def site_name(markup: Markup, linked: LinkedData, node: Node | None) -> Claim:
    """The site's name as its page gives it, and where."""
    value, key = markup.meta("og:site_name", "application-name", "apple-mobile-web-app-title")
    if value and not value.startswith(("http:", "https:")):
        return value, key
    publisher = linked.resolve(node.get("publisher")) if node else None
    return plain(publisher.get("name")) if isinstance(publisher, dict) else "", "json-ld"


def publishers(linked: LinkedData) -> tuple[str, ...]:
    """The names of publishers, organisations and sites in a page's JSON-LD."""
    found = []
    for node in linked.nodes:
        publisher = linked.resolve(node.get("publisher"))
        if isinstance(publisher, dict):
            found.append(plain(publisher.get("name")))
        if _PUBLISHING.intersection(types(node)):
            found.append(plain(node.get("name")))
    return tuple(dict.fromkeys(name for name in found if name))
