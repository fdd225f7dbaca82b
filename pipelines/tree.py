"""A page's bytes as an lxml tree, parsed once for all that follows."""

import re

from lxml import etree, html

from pipelines.charset import decode
from pressclip.errors import InputError
from pressclip.models import Page

#: Longer pages are cut here: no article is that long, and the tree of 50 MB needs a gigabyte.
LONGEST = 12_000_000  # characters

_TAG = re.compile(
    r"<\s*(?:!doctype|html|head|body|div|p|article|span|table|h1|title|meta|a|br)\b", re.IGNORECASE
)
#: The first element that says what a document is; feeds and sitemaps have tags like `title` and `a` in them, too.
_ROOT = re.compile(
    r"<(rss|feed|rdf:rdf|urlset|sitemapindex|opml|html|head|body|!doctype\s+html)\b", re.IGNORECASE
)
_NO_PAGES = frozenset({"rss", "feed", "rdf:rdf", "urlset", "sitemapindex", "opml"})
#: Control characters that no tree may hold; tab, newline and carriage return stay.
_CONTROL = bytes(range(1, 9)) + b"\x0b\x0c" + bytes(range(14, 32)) + b"\x7f"
_SPACED = bytes.maketrans(_CONTROL, b" " * len(_CONTROL))
_NO_CHARACTERS = ("\ufffe".encode(), "\uffff".encode())
#: libxml2 drops what follows an early end of the body; browsers read on.
_EARLY_END = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)


def parse(page: Page) -> html.HtmlElement:
    """The tree of `page`, comments and processing instructions left out.

    Raises:
        InputError: ``empty`` (nothing but white space), ``not_html`` (an image, JSON, plain text ...).
    """
    if not page.body.strip(b"\x00 \t\r\n"):
        message = f"{page.final_url}: the page is empty"
        raise InputError(reason="empty", message=message)
    text = decode(page.body, page.content_type)[:LONGEST]
    root = _ROOT.search(text[:2000])
    if root and root[1].lower() in _NO_PAGES:
        raise InputError(
            reason="not_html", message=f"{page.final_url}: a feed or sitemap (<{root[1]}>), not a page"
        )
    tree = _fromstring(_sound(_EARLY_END.sub("", text))) if _TAG.search(text[:100_000]) else None
    if tree is None:
        message = f"{page.final_url}: no HTML in {len(page.body)} bytes"
        raise InputError(reason="not_html", message=message)
    return tree


def _sound(text: str) -> bytes:
    """As UTF-8, without lone surrogates and what no tree may hold."""
    data = text.encode("utf-8", "ignore").translate(_SPACED)
    for character in _NO_CHARACTERS:
        data = data.replace(character, b" ")
    return data


def _fromstring(data: bytes) -> html.HtmlElement | None:
    # Our own parser for each page: parsers keep errors and ids of earlier pages.
    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, default_doctype=False
    )
    # lxml.html would ask Python for the class of each element it meets.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=html.HtmlElement))
    try:
        return html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
