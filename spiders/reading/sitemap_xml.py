"""The XML of sitemaps -> places. Without document type, so no entity of its own: no bomb, no file, no host."""

import io
from collections.abc import Sequence
from typing import NamedTuple

from lxml import etree

from pressclip.errors import InputError
from spiders.reading.limits import MAX_REFERENCES
from spiders.reading.mending import spelled_out
from spiders.reading.places import Place

#: Roots that are read, and the element that each repeats.
ROOTS = {"urlset": "url", "sitemapindex": "sitemap"}
_PLACES = ("{*}url", "{*}sitemap")
_MAX_MARKUP = 3_000_000  # tags; the fullest real sitemaps have half of it, as much as this takes four seconds
_MAX_TEXT = 8_192  # characters of a title, an address; longer ones are none
#: Elements below `url` that say something of the article, by what they say.
_SAID = {
    "loc": "loc",
    "lastmod": "lastmod",
    "title": "title",
    "publication_date": "published",
    "language": "lang",
    "keywords": "keywords",
}


class Read(NamedTuple):
    """The places of one document, and what of it could not be read."""

    places: Sequence[Place]
    problems: Sequence[str]


def read(text: str, most: int) -> Read:
    """Read a document that begins with its root; broken XML is read as far as it goes.

    Args:
        text: the document.
        most: places that are read.

    Raises:
        InputError: ``too_large``; ``parse_error`` where nothing can be read.
    """
    if (markup := text.count("<")) > _MAX_MARKUP or (markup := text.count("&")) > MAX_REFERENCES:
        raise InputError("too_large", f"{markup} tags or references are more than any sitemap has")
    places: list[Place] = []
    problems: list[str] = []
    body = io.BytesIO(
        b'<?xml version="1.0" encoding="utf-8"?>' + spelled_out(text).encode("utf-8", "replace")
    )
    walker = etree.iterparse(
        body, events=("end",), tag=_PLACES, recover=True, resolve_entities=False, no_network=True,
        load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        for _, element in walker:
            if len(places) == most:
                problems.append(f"too_many_urls: the first {most} are read")
                break
            if place := _place(element):
                places.append(place)
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:  # what was read is not kept
                del parent[0]
    except etree.XMLSyntaxError as error:
        problems.append(f"xml: {str(error)[:160]}")
    if not problems and (errors := walker.error_log):
        problems.append(f"xml: {str(errors[0].message)[:160]}")
    if problems and not places:
        raise InputError("parse_error", problems[0])
    return Read(places, problems)


def _place(element: etree._Element) -> Place | None:
    """What is said of one address; None: no address is there."""
    said: dict[str, str] = {}
    for node in element.iter():
        # The namespace, or the prefix of one that is not declared.
        space, name = str(node.tag).replace("}", ":").rpartition(":")[::2]
        if name == "loc" and "image" in space:
            name = "image"
        elif (name == "title" and "news" not in space) or (name == "loc" and node.getparent() is not element):
            continue
        key = _SAID.get(name, name if name == "image" else None)
        if key and node.text and len(node.text) <= _MAX_TEXT:
            said.setdefault(key, " ".join(node.text.split()))
    return Place(**said) if said.get("loc") else None
