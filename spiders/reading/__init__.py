"""Bytes -> entries: RSS, Atom, RDF, CDF, JSON Feed, sitemaps, pages that list articles; their encodings and dates. Pure.

bytes -> encodings -> sniffing -> mending -> dialects (feedparser) -+-> entries (texts, links, dates) -> Feed
                         |                                          |
                         +--------------> json_feed ----------------+
"""

from spiders.reading.feed import Feed
from spiders.reading.reader import read_feed

__all__ = ["Feed", "read_feed"]
