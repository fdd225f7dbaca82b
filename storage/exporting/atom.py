"""Articles as an Atom feed (RFC 4287), full text, for any feed reader."""

import re
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape, quoteattr

from pressclip.version import VERSION
from storage.exporting import feed
from storage.exporting.feed import Feed
from storage.exporting.html import to_html
from storage.records import Stored

#: BCP 47, as far as XML insists on it.
_LANG = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")


def atom(articles: Iterable[Stored], given: Feed) -> Iterator[str]:
    """Write the feed, an entry at a time."""
    yield '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
    yield _element("id", given.id)
    yield _element("title", given.title)
    if url := feed.link(given.url):
        yield f"<link{_attributes(rel='self', type='application/atom+xml', href=url)}/>\n"
    yield _element("updated", given.updated)
    yield f'<generator version="{VERSION}">pressclip</generator>\n'
    for stored in articles:
        yield _entry(stored)
    yield "</feed>\n"


def _entry(stored: Stored) -> str:
    article = stored.article
    site, front = feed.site(article)
    lang = article.lang if article.lang and _LANG.fullmatch(article.lang) else None
    url = feed.link(article.url)
    parts = [
        f"<entry{_attributes(**{'xml:lang': lang})}>\n",
        _element("id", feed.entry_id(article)),
        _element("title", article.title or article.url, type="text"),
        f"<link{_attributes(rel='alternate', type='text/html', href=url)}/>\n" if url else "",
        _element("published", feed.published(article)),
        _element("updated", feed.updated(article)),
        *(f"<author>{_element('name', name)}</author>\n" for name in _authors(article.authors, site)),
        *(f"<category{_attributes(term=term)}/>\n" for term in feed.categories(article)),
        _element("summary", article.summary, type="text") if article.summary else "",
        _element("content", to_html(article.markdown or article.text), type="html"),
        "<source>\n",
        _element("id", front or feed.entry_id(article)),
        _element("title", site),
        _element("updated", feed.updated(article)),
        f"<link{_attributes(rel='alternate', href=front)}/>\n" if front else "",
        "</source>\n</entry>\n",
    ]
    return "".join(parts)


def _authors(names: tuple[str, ...], site: str) -> list[str]:
    """Name the people, or else the site: an entry of Atom must have somebody."""
    return [name for name in names if name.strip()] or [site]


def _element(name: str, text: str, **attributes: str) -> str:
    return f"<{name}{_attributes(**attributes)}>{escape(feed.xml_text(text))}</{name}>\n"


def _attributes(**attributes: str | None) -> str:
    given = ((name, value) for name, value in attributes.items() if value is not None)
    return "".join(f" {name}={quoteattr(feed.xml_text(value))}" for name, value in given)
