"""The entry point for pages that list articles: their bytes -> a Section, or a reason why there is none.

bytes -> tree -> candidates (anchors) -> scores -> entries
                                patterns --^
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean
from urllib.parse import urlsplit

from lxml import etree, html

from pipelines import tree as trees
from pipelines.blocks import units
from pipelines.describing.datelines import in_url
from pressclip import dates
from pressclip.errors import InputError
from pressclip.models import FeedEntry, Page
from spiders.reading import entries, links, texts
from spiders.reading.addresses import is_listing, pattern, same_site
from spiders.reading.anchors import MORE, Candidate, candidates
from spiders.reading.feed import RawEntry, Words
from spiders.reading.patterns import Patterns

MOST = 200  # entries of one page: more are an archive or a site map
ENOUGH = 1.5  # score from which an address is taken for an article's
_A_LIST = 3  # items of one path, addresses of one pattern
_TELLING, _LONG, _SHORT = 8.0, 12.0, 4.0  # units of a headline
_LABEL = 60  # characters of a text that may be a date
_YEAR = re.compile(r"(?:19|20)\d\d|令和")
_PLAIN = 2.5  # merit from which an address names an article by itself
_MONTH = re.compile(r"/(?:19|20)\d\d/?(?:0[1-9]|1[0-2])/.")
_STEP_NUMBER = re.compile(r"\d{4,}")
_SLUG = re.compile(r"[^\W_]+(?:[-_][^\W_]+){3,}")
_PAGE_FILE = re.compile(r"\.(?:s?html?|cms|php|aspx?)$", re.IGNORECASE)
_NEXT = re.compile(
    r"(?:next(?: page)?|older(?: posts| entries| stories)?|次(?:へ|のページ|の?\d+件)|次|下一页|下一頁|下页|后页|다음(?: 페이지)?"
    r"|weiter|nächste(?: seite)?|suivante?|siguiente|следующая|далее)?\s*[»›>→]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One page that lists articles, read."""

    title: str | None = None
    lang: str | None = None
    hub: str | None = None  # WebSub, absolute http(s)
    entries: tuple[FeedEntry, ...] = ()  # in the page's order
    next_url: str | None = None  # the page that goes on with the list
    problems: tuple[str, ...] = ()


def read_section(
    body: bytes,
    *,
    url: str,
    content_type: str | None = None,
    lang: str | None = None,
    homes: Sequence[str] = (),
    selectors: Sequence[str] = (),
    patterns: Patterns | None = None,
) -> Section:
    """Find the articles that a page links to. Pure: no file, no network, no clock.

    Args:
        body: as it was served.
        url: where it was had (after redirects).
        content_type: its header.
        lang: what its articles are written in, unless it says.
        homes: addresses of the sites whose pages it may list; none: its own.
        selectors: CSS: links in what these select are the articles, and no others; nothing is guessed then.
        patterns: what addresses of this site turned out to be.

    Raises:
        InputError: ``not_html``, ``empty``; ``no_links`` where selectors select nothing.
    """
    tree = trees.parse(Page(url=url, final_url=url, body=body, content_type=content_type, fetched_at=""))
    etree.strip_elements(tree, "script", "style", "template", with_tail=False)
    own_lang = texts.language(tree.get("lang"))
    found = [
        candidate for candidate in candidates(tree, url)
        if any(same_site(candidate.url, home) for home in (homes or (url,)))
    ]  # fmt: skip
    if selectors:
        chosen = _selected(tree, found, selectors, url)
    else:
        scores = scored(found, patterns or Patterns())
        chosen = [candidate for candidate in found if scores[candidate.url_key] >= ENOUGH]
    problems = [f"too_many_links: {len(chosen)}, the first {MOST} are read"] if len(chosen) > MOST else []
    listed = (_entry(candidate, url, own_lang, texts.language(lang)) for candidate in chosen[:MOST])
    return Section(
        title=_title(tree),
        lang=own_lang,
        hub=_related(tree, "hub", url),
        entries=entries.once(entry for entry in listed if entry)[0],
        next_url=_next(tree, url),
        problems=tuple(problems),
    )


def scored(found: Sequence[Candidate], patterns: Patterns) -> Mapping[str, float]:
    """How much is to be said for each candidate, by its key: its own merits, and those of its like."""
    own = {one.url_key: _merits(one) for one in found}
    by_path = _means((one.headline.path, own[one.url_key]) for one in found)
    by_pattern = _means((pattern(one.url), own[one.url_key]) for one in found)
    return {
        one.url_key: -99.0
        if is_listing(one.url) or patterns.excludes(one.url)
        else own[one.url_key]
        + 0.5 * by_path.get(one.headline.path, 0.0)
        + 0.5 * by_pattern.get(pattern(one.url), 0.0)
        + 1.5 * patterns.weight(one.url)
        for one in found
    }


def _means(merits: Iterable[tuple[str, float]]) -> dict[str, float]:
    """What the members of each group have on average; too few are no group."""
    groups: dict[str, list[float]] = defaultdict(list)
    for name, merit in merits:
        groups[name].append(merit)
    return {name: max(-2.0, min(2.0, mean(group))) for name, group in groups.items() if len(group) >= _A_LIST}


def _merits(one: Candidate) -> float:
    """What a candidate has on its own; a place in a menu counts less against an address that names an article."""
    address = _address_merits(one.url)
    in_menu = all(spot.in_menu for spot in one.spots)
    return address + _words_merits(one) - (0.0 if not in_menu else 1.0 if address >= _PLAIN else 2.5)


def _address_merits(url: str) -> float:
    """What an address says for itself."""
    parts = urlsplit(url)
    steps = [step for step in parts.path.split("/") if step]
    merit = 0.0
    if in_url(url):
        merit += 2.0
    elif _MONTH.search(parts.path):
        merit += 1.0
    if _STEP_NUMBER.search(steps[-1] if steps else "") or _STEP_NUMBER.search(parts.query):
        merit += 1.5
    if any(_SLUG.search(step) for step in steps[-2:]):
        merit += 1.5
    if steps and _PAGE_FILE.search(steps[-1]):
        merit += 0.5
    if not any(map(str.isdigit, parts.path + parts.query)) and not any(
        "-" in step or "_" in step for step in steps
    ):
        merit -= 1.5
    if len(steps) < 2 and not parts.query:  # noqa: PLR2004 - one step is a section more often than an article
        merit -= 0.5
    return merit


def _words_merits(one: Candidate) -> float:
    """What the words and the place of its links say for a candidate."""
    spot = one.headline
    length = units(spot.text)
    merit = 2.0 if length >= _LONG else 1.0 if length >= _TELLING else 0.0 if length >= _SHORT else -1.5
    if MORE.fullmatch(spot.text):
        merit -= 1.5
    if spot.in_heading:
        merit += 1.0
    if any(_date(each.stamps, each.said) for each in one.spots):
        merit += 1.0
    if any(each.has_image for each in one.spots):
        merit += 0.3
    return merit


def _date(stamps: Sequence[str], said: Sequence[str]) -> str | None:
    """The date of an item: what machines read, else a short text with a year in it."""
    for raw in stamps:
        if dates.parse(raw):
            return raw
    return next(
        (text for text in said if len(text) <= _LABEL and _YEAR.search(text) and dates.parse(text)), None
    )


def _entry(one: Candidate, base: str, lang: str | None, expected_lang: str | None) -> FeedEntry | None:
    """An entry whose title is the link's text, and whose date stands near it."""
    title = one.headline.text
    tells = units(title) >= _SHORT and not MORE.fullmatch(title)
    raw = RawEntry(
        guid=one.url,
        link=one.url,
        title=Words(title, is_html=False) if tells else None,
        published=next((raw for each in one.spots if (raw := _date(each.stamps, each.said))), None),
    )
    return entries.finish(raw, base=base, lang=lang, expected_lang=expected_lang)


def _selected(
    tree: html.HtmlElement, found: Sequence[Candidate], selectors: Sequence[str], url: str
) -> list[Candidate]:
    """The candidates whose links the selectors select, or stand in what they select."""
    from pipelines.identity import url_key

    chosen = {
        url_key(target)
        for selector in selectors
        for element in tree.cssselect(selector)
        for anchor in element.iter("a")
        if (target := links.resolve(anchor.get("href"), url).url)
    }
    if not chosen:
        raise InputError("no_links", f"nothing is selected by {', '.join(selectors)}")
    return [one for one in found if one.url_key in chosen]


def _title(tree: html.HtmlElement) -> str | None:
    title = tree.find(".//title")
    return texts.line(Words(title.text_content(), is_html=False)) if title is not None else None


def _related(tree: html.HtmlElement, rel: str, url: str) -> str | None:
    """The target of a link element."""
    for node in tree.iter("link"):
        if rel in (node.get("rel") or "").lower().split():
            return links.resolve(node.get("href"), url).url
    return None


def _next(tree: html.HtmlElement, url: str) -> str | None:
    """The page that goes on with the list: by rel, else by the words of its link."""
    if named := _related(tree, "next", url):
        return named if same_site(named, url) and named != url else None
    for anchor in tree.iter("a"):
        words = " ".join(anchor.text_content().split())
        if "next" in (anchor.get("rel") or "").lower().split() or (words and _NEXT.fullmatch(words)):
            target = links.resolve(anchor.get("href"), url).url
            if target and target != url and same_site(target, url):
                return target
    return None
