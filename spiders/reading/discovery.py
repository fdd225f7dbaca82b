"""What a page says of the feeds of its site: those it declares, else those it links to. Pure; no path is guessed here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from lxml import html

from pipelines import tree as trees
from pressclip.models import Page, SourceKind
from spiders.reading import links, texts
from spiders.reading.addresses import same_site
from spiders.reading.feed import Words

#: Feeds where many sites have them; asked for only where somebody wants that.
USUAL_PATHS = ("/feed", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/rss", "/feed.json")
MOST = 50  # offers of one page
_TYPES = {
    "application/rss+xml": "RSS",
    "application/atom+xml": "Atom",
    "application/rdf+xml": "RDF",
    "application/feed+json": "JSON Feed",
    "application/xml": "XML",
    "text/xml": "XML",
    "application/json": "JSON Feed",  # of WordPress it is something else: see `_is_api`
}
_COMMENTS = re.compile(
    r"comment|coment[aá]rio|commenti|コメント|评论|評論|留言|迴響|댓글|kom?mentar|yorum|reactie|σχόλι|комм?ентар|bình luận|replies",
    re.IGNORECASE,
)
_FEED_PATH = re.compile(
    r"(?:^|/)(?:feeds?|rss2?|atom)/?$|(?:^|/)(?:feed|rss2?|atom|index)\.(?:xml|rdf|json|rss)$|\.(?:rss|atom|rdf)$", re.IGNORECASE
)  # fmt: skip
_FEED_QUERY = re.compile(r"(?:^|&)(?:feed|format)=(?:rss2?|atom|rdf|feed)\b", re.IGNORECASE)

Witness = Literal["declared", "linked", "robots", "guessed", "itself"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One address at which a site's articles may be had."""

    kind: SourceKind
    url: str  # absolute http(s)
    witness: Witness
    title: str | None = None
    format: str | None = None  # as declared: ``RSS``, ``Atom``
    is_comments: bool = False  # of readers, no articles


def offers(body: bytes, *, url: str, content_type: str | None = None) -> tuple[Offer, ...]:
    """Find the feeds of a page: the declared ones, without any those it links to; the most fitting first.

    Feeds of comments stand last; before those of the whole site stand those that belong to the page's own section.

    Args:
        body: the page as it was served.
        url: where it was had (after redirects).
        content_type: its header.

    Raises:
        InputError: ``not_html``, ``empty``.
    """
    tree = trees.parse(Page(url=url, final_url=url, body=body, content_type=content_type, fetched_at=""))
    base = links.resolve(next(iter(tree.xpath("//base/@href")), ""), url).url or url
    found = [*_declared(tree, base)] or [*_linked(tree, base)]
    once: dict[str, Offer] = {}
    for offer in found:
        if offer.url != url:
            once.setdefault(offer.url, offer)
    return tuple(sorted(once.values(), key=lambda offer: _rank(offer, url)))[:MOST]


def _declared(tree: html.HtmlElement, base: str) -> Iterator[Offer]:
    for link in tree.iter("link"):
        relations = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        if "stylesheet" in relations or not (
            "feed" in relations or ("alternate" in relations and kind in _TYPES)
        ):
            continue
        target = links.resolve(link.get("href"), base).url
        if target and not (kind == "application/json" and _is_api(target)):
            yield _offer(target, "declared", link.get("title"), _TYPES.get(kind))


def _linked(tree: html.HtmlElement, base: str) -> Iterator[Offer]:
    for link in tree.iter("a"):
        target = links.resolve(link.get("href"), base).url
        if target is None or not same_site(target, base):  # the share button of a network
            continue
        parts = urlsplit(target)
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        if _FEED_PATH.search(parts.path) or _FEED_QUERY.search(parts.query) or kind in _TYPES:
            yield _offer(target, "linked", link.get("title") or link.text_content()[:200], _TYPES.get(kind))


def _offer(url: str, witness: Witness, title: str | None, format_: str | None) -> Offer:
    line = texts.line(Words(title, is_html=False)) if title else None
    is_comments = bool(_COMMENTS.search(line or "") or _COMMENTS.search(urlsplit(url).path))
    return Offer(kind="feed", url=url, witness=witness, title=line, format=format_, is_comments=is_comments)


def _rank(offer: Offer, page: str) -> tuple[bool, bool]:
    """Comments last; feeds below a section's own address first."""
    section = urlsplit(page).path.rstrip("/")
    return offer.is_comments, bool(section) and not urlsplit(offer.url).path.startswith(f"{section}/")


def _is_api(url: str) -> bool:
    """Whether an address of JSON is no JSON Feed: WordPress declares its API in the same words."""
    return "feed" not in urlsplit(url).path.lower()
