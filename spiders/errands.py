"""What workers read for a spider: a body that strangers serve. They need no Scrapy for it, and import none.

What reading takes is imported where it is done: the parent process never needs it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pressclip.models import FeedEntry
    from spiders.reading import Feed
    from spiders.reading.recognition import Recognised
    from spiders.reading.sections import Section
    from spiders.reading.sitemaps import Sitemap


def feed(body: bytes, **arguments: Any) -> "Feed":
    """Read a feed; see `spiders.reading.read_feed`."""
    from spiders.reading import read_feed

    return read_feed(body, **arguments)


def sitemap(body: bytes, window: dict[str, Any], **arguments: Any) -> "Sitemap":
    """Read what of a sitemap is in a window; see `spiders.reading.sitemaps.read_sitemap`."""
    from spiders.reading.sitemaps import read_sitemap
    from spiders.reading.window import Window

    return read_sitemap(body, window=Window(**window), **arguments)


def older_entries(body: bytes, *, url: str) -> "tuple[FeedEntry, ...]":
    """Read all of a sitemap."""
    from spiders.reading.sitemaps import read_sitemap

    return read_sitemap(body, url=url).entries


def section(body: bytes, outcomes: list[tuple[str, bool]], **arguments: Any) -> "Section":
    """Read a page that lists articles; `outcomes` tell which addresses of its site were some."""
    from spiders.reading.patterns import learn
    from spiders.reading.sections import read_section

    return read_section(body, patterns=learn(outcomes), **arguments)


def recognised(body: bytes, **arguments: Any) -> "Recognised":
    """Recognise a body; see `spiders.reading.recognition.recognise`."""
    from spiders.reading.recognition import recognise

    return recognise(body, **arguments)
