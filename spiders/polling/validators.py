"""What to send so that an unchanged feed or page costs nothing: the server's own validators, byte for byte."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

CONDITIONAL = ("If-None-Match", "If-Modified-Since", "A-IM")


@dataclass(frozen=True, slots=True)
class Validators:
    """The headers of a conditional request, and the only address that may see them."""

    url: str | None = None
    headers: Mapping[str, bytes] = field(default_factory=dict)

    def at(self, url: str) -> Mapping[str, bytes]:
        """Give the headers for a request to `url`: none, unless they came from there."""
        return self.headers if url == self.url else {}


class Stored(Protocol):
    """What the last answer of an address left."""

    @property
    def url(self) -> str | None:
        """The address that answered, after redirects."""

    @property
    def etag(self) -> str | None:
        """Its ETag, with its quotes and its ``W/``."""

    @property
    def last_modified(self) -> str | None:
        """Its Last-Modified, never re-formatted."""


def of_feed(stored: Stored | None) -> Validators:
    """Make the validators of a feed; one with an ETag may answer with only what is new (RFC 3229).

    >>> of_feed(None).at("https://a.example/feed")
    {}
    """
    if stored is None:
        return Validators()
    found = of_page(stored.url, stored.etag, stored.last_modified)
    delta = {"A-IM": b"feed"} if stored.etag else {}
    return Validators(found.url, {**found.headers, **delta})


def of_page(url: str | None, etag: str | None, last_modified: str | None) -> Validators:
    """Make the validators of an article's page.

    >>> of_page("https://a.example/1", 'W/"x"', None).at("https://a.example/1")
    {'If-None-Match': b'W/"x"'}
    >>> of_page("https://a.example/1", 'W/"x"', None).at("https://b.example/1")
    {}
    """
    headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    # Latin-1, as they were read: other bytes than ours would be other validators.
    return Validators(url, {name: value.encode("latin-1") for name, value in headers.items() if value})
