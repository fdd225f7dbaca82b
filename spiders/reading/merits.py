"""How much is to be said for a link of a page to lead to an article: its own merits, and those of its like. Pure.

The address (a day, a number, a headline in it), the words of the link (as many as a headline has), its place (a
heading, an item with a date, a menu), its neighbours (links of one list, addresses of one pattern), and what
addresses of this pattern turned out to be.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import mean
from urllib.parse import urlsplit

from pipelines.blocks import units
from pipelines.describing.datelines import in_url
from pressclip import dates
from spiders.reading import ago
from spiders.reading.addresses import is_listing, pattern
from spiders.reading.anchors import MORE, Candidate
from spiders.reading.patterns import Patterns

ENOUGH = 1.5  # merit from which an address is taken for an article's
NEVER = -99.0
SHORT = 4.0  # units of words from which a link may be a headline
#: Units, and what so many words are worth: a headline has many, a number or a name of a month is none.
_BY_LENGTH = ((12.0, 2.0), (8.0, 1.0), (SHORT, 0.0), (1.5, -1.5))
_A_LIST = 3  # items of one path, addresses of one pattern
_OF_A_GROUP = 0.5  # share of its like's mean merit that a candidate gets, bounded
_BOUND = 2.0
_LEARNED, _MOST_LEARNED = (
    2.0,
    5.0,
)  # weight of what was learned; a dozen articles outweigh all that may be missing
_NAMES_ONE = 2.5  # merit from which an address names an article by itself
_LABEL = 60  # characters of a text that may be a date
_YEAR = re.compile(r"(?:19|20)\d\d|令和")
_MONTH = re.compile(r"/(?:19|20)\d\d/?(?:0[1-9]|1[0-2])/.")
_NUMBER = re.compile(r"\d{4,}")
_SLUG = re.compile(r"[^\W_]+(?:[-_][^\W_]+){3,}")
_PAGE_FILE = re.compile(r"\.(?:s?html?|cms|php|aspx?)$", re.IGNORECASE)


def merits(found: Sequence[Candidate], patterns: Patterns) -> Mapping[str, float]:
    """Weigh the candidates of a page, by their keys."""
    own = {one.url_key: _own(one) for one in found}
    by_path = _means((one.headline.path, own[one.url_key]) for one in found)
    by_pattern = _means((pattern(one.url), own[one.url_key]) for one in found)
    return {
        one.url_key: NEVER
        if is_listing(one.url) or patterns.excludes(one.url)
        else own[one.url_key]
        + _OF_A_GROUP * by_path.get(one.headline.path, 0.0)
        + _OF_A_GROUP * by_pattern.get(pattern(one.url), 0.0)
        + _bounded(_LEARNED * patterns.weight(one.url), _MOST_LEARNED)
        for one in found
    }


def _means(merits: Iterable[tuple[str, float]]) -> dict[str, float]:
    """What the members of each group have on average; too few are no group."""
    groups: dict[str, list[float]] = defaultdict(list)
    for name, merit in merits:
        groups[name].append(merit)
    return {name: _bounded(mean(group), _BOUND) for name, group in groups.items() if len(group) >= _A_LIST}


def _bounded(value: float, most: float) -> float:
    return max(-most, min(most, value))


def _own(one: Candidate) -> float:
    """What a candidate has on its own; a menu says less against an address that names an article."""
    address = _of_address(one.url)
    menu = (1.0 if address >= _NAMES_ONE else 2.5) if all(spot.in_menu for spot in one.spots) else 0.0
    return address + _of_words(one) - menu


def _of_address(url: str) -> float:
    """What an address says for itself."""
    parts = urlsplit(url)
    steps = [step for step in parts.path.split("/") if step] or [""]
    merit = 2.0 if in_url(url) else 1.0 if _MONTH.search(parts.path) else 0.0
    if _NUMBER.search(steps[-1]) or _NUMBER.search(parts.query):
        merit += 1.5
    elif steps[-1].isdigit():
        merit += 1.0
    if any(_SLUG.search(step) for step in steps[-2:]):
        merit += 1.5
    if _PAGE_FILE.search(steps[-1]):
        merit += 0.5
    if not any(
        c.isdigit() or c in "-_" for c in parts.path + parts.query
    ):  # words alone are a section more often
        merit -= 1.5
    return merit - (0.5 if len(steps) == 1 and not parts.query else 0.0)


def _of_words(one: Candidate) -> float:
    """What the words and the places of its links say for a candidate."""
    spot = one.headline
    length = units(spot.text)
    merit = next((merit for least, merit in _BY_LENGTH if length >= least), -3.0)
    merit -= 1.5 if MORE.fullmatch(spot.text) else 0.0
    merit += 1.0 if spot.in_heading else 0.0
    merit += 1.0 if date_of(one) else 0.0
    return merit + (0.3 if any(each.has_image for each in one.spots) else 0.0)


def date_of(one: Candidate) -> str | None:
    """The date that stands near a link, as written: what machines read, else a short text with a year, or so many hours ago."""
    for spot in one.spots:
        for raw in spot.stamps:
            if dates.parse(raw):
                return raw
        for text in spot.said:
            if (len(text) <= _LABEL and _YEAR.search(text) and dates.parse(text)) or ago.says(text):
                return text
    return None
