"""The head of an answer is bounded: a server that sends headers without end is hung up on at once.

Each line of a head passes through Python several times: twenty thousand short ones take this process half a second.
"""

from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.exceptions import DownloadCancelledError, DownloadFailedError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.defer import Deferred
    from twisted.internet.interfaces import IAddress
    from twisted.web._newclient import Request as TwistedRequest
    from twisted.web.iweb import IResponse

MOST_LINES = 1000  # of a head; browsers take no more than a few thousand, sites send under a hundred
LARGEST = 256 * 1024  # bytes of a head, as browsers have it


class HeadTooLargeError(Exception):
    """A head has too many lines, or bytes."""


class _Parser(_LenientHTTPClientParser):
    _lines = _size = 0

    def lineReceived(self, line: bytes) -> None:  # noqa: N802 - the name is Twisted's
        """Take a line of the head."""
        self._lines += 1
        self._size += len(line)
        if self._lines > MOST_LINES or self._size > LARGEST:
            raise HeadTooLargeError
        super().lineReceived(line)


class _Protocol(_LenientHTTP11ClientProtocol):
    def request(self, request: "TwistedRequest") -> "Deferred[IResponse]":
        """Make a request, and have its answer read by our parser: in the way that Scrapy puts in its own."""
        answer = super().request(request)
        self._parser.__class__ = _Parser
        return answer


class _Factory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, _: "IAddress | None") -> _Protocol:  # noqa: N802 - as above
        """Speak to one more server."""
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call] # Twisted has no types here


class HeadGuard(HTTP11DownloadHandler):
    """Download handler: Scrapy's, with a bound on heads."""

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        self._pool._factory = _Factory  # noqa: SLF001 - where Scrapy puts its own

    async def download_request(self, request: "Request") -> "Response":
        """Fetch; a head that is too large is told as a body that is."""
        try:
            return await super().download_request(request)
        except DownloadFailedError as error:
            if any(reason.check(HeadTooLargeError) for reason in getattr(error.__cause__, "reasons", ())):
                raise DownloadCancelledError("its head is too large") from None
            raise
