"""The entry point for pages that list articles: their bytes -> a Section, or a reason why there is none.

bytes -> tree -> candidates (anchors) -> merits -> entries
                              patterns ----^
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree, html

from pipelines import tree as trees
from pipelines.blocks import units
from pressclip.errors import InputError
from pressclip.models import FeedEntry, Page
from spiders.reading import entries, links, texts
from spiders.reading.addresses import same_site
from spiders.reading.anchors import MORE, Candidate, candidates
from spiders.reading.feed import RawEntry, Words
from spiders.reading.merits import ENOUGH, SHORT, date_of, merits
from spiders.reading.patterns import Patterns

MOST = 200  # entries of one page: more are an archive or a site map
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


def read_section(  # noqa: PLR0913 - all by name
    body: bytes,
    *,
    url: str,
    content_type: str | None = None,
    lang: str | None = None,
    homes: Sequence[str] = (),
    selectors: Sequence[str] = (),
    patterns: Patterns | None = None,
    now: datetime | None = None,
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
        now: when it was had: what "3 hours ago" counts from; None: such dates are not read.

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
        weighed = merits(found, patterns or Patterns())
        chosen = [candidate for candidate in found if weighed[candidate.url_key] >= ENOUGH]
    problems = [f"too_many_links: {len(chosen)}, the first {MOST} are read"] if len(chosen) > MOST else []
    listed = (_entry(candidate, url, own_lang, texts.language(lang), now) for candidate in chosen[:MOST])
    return Section(
        title=_title(tree),
        lang=own_lang,
        hub=_related(tree, "hub", url),
        entries=entries.once(entry for entry in listed if entry)[0],
        next_url=_next(tree, url),
        problems=tuple(problems),
    )


def _entry(
    one: Candidate, base: str, lang: str | None, expected_lang: str | None, now: datetime | None
) -> FeedEntry | None:
    """An entry whose title is the link's text, and whose date stands near it."""
    title = one.headline.text
    tells = units(title) >= SHORT and not MORE.fullmatch(title)
    raw = RawEntry(
        guid=one.url,
        link=one.url,
        title=Words(title, is_html=False) if tells else None,
        published=date_of(one),
    )
    return entries.finish(raw, base=base, lang=lang, expected_lang=expected_lang, now=now)


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
