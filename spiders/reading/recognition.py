"""What an address turned out to be: a feed, a sitemap, or a page with the feeds of its site. Pure."""

from dataclasses import dataclass
from datetime import datetime

from pressclip.errors import InputError
from pressclip.models import SourceKind
from spiders.reading import discovery
from spiders.reading.feed import Feed
from spiders.reading.reader import read_feed
from spiders.reading.sections import Section, read_section
from spiders.reading.sitemaps import Sitemap, read_sitemap


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """What a body is, read as that; of the three last fields those that belong to its kind are set."""

    kind: SourceKind
    feed: Feed | None = None
    sitemap: Sitemap | None = None  # an index, a robots.txt, too
    section: Section | None = None
    offers: tuple[discovery.Offer, ...] = ()  # of a page, or of a robots.txt


def recognise(
    body: bytes,
    *,
    url: str,
    content_type: str | None = None,
    lang: str | None = None,
    now: datetime | None = None,
) -> Recognised:
    """Read a body as whatever it is; `url` is where it was had (after redirects), `now` is when.

    Raises:
        InputError: ``not_a_source`` (neither feed nor sitemap nor page), ``parse_error``, ``too_large``,
            ``not_html``, ``empty``.
    """
    try:
        found = read_feed(body, url=url, content_type=content_type, lang=lang)
        return Recognised(kind="feed", feed=found)
    except InputError as error:
        if error.reason != "not_a_feed":
            raise
        looks_like = error.message
    try:
        sitemap = read_sitemap(body, url=url, content_type=content_type, lang=lang)
    except InputError as error:
        if error.reason != "not_a_sitemap":
            raise
    else:
        named = tuple(
            discovery.Offer(kind="sitemap", url=child.url, witness="robots")
            for child in sitemap.children
            if sitemap.format == "robots"
        )
        return Recognised(kind="sitemap", sitemap=sitemap, offers=named)
    if "OPML" in looks_like:
        raise InputError(
            "not_a_source", "a list of subscriptions (OPML): `pressclip sources import` reads it"
        )
    if "HTML" not in looks_like:
        raise InputError("not_a_source", f"neither feed nor sitemap nor page: {looks_like}")
    return Recognised(
        kind="page",
        offers=discovery.offers(body, url=url, content_type=content_type),
        section=read_section(body, url=url, content_type=content_type, lang=lang, now=now),
    )
