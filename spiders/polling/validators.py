"""What to send so that an unchanged feed costs nothing: the server's own validators, byte for byte."""

from typing import Protocol


class Validators(Protocol):
    """What the last answer of an address gave us to send back."""

    @property
    def url(self) -> str | None:
        """The address that the validators came from."""

    @property
    def etag(self) -> str | None:
        """Its ETag, with its quotes and its ``W/``."""

    @property
    def last_modified(self) -> str | None:
        """Its Last-Modified, never re-formatted."""


def conditional(stored: Validators | None, url: str) -> dict[str, str]:
    """Make the headers for asking `url` again; none on a first request, nor after the address changed."""
    if stored is None or stored.url != url:
        return {}
    headers = {"If-None-Match": stored.etag, "If-Modified-Since": stored.last_modified}
    return {name: value for name, value in headers.items() if value}
