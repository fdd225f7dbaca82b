"""The certificate of a server, checked unless its source says `insecure = true`."""

import logging
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory

from spiders.guards.heads import HeadGuard

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

log = logging.getLogger(__name__)


class TrustingHandler(HeadGuard):
    """Scrapy's handler, but for the certificate: any will do."""

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        # Scrapy decides for a whole crawl by a setting; its default, which checks nothing, is what we want here.
        self._contextFactory = _ScrapyClientContextFactory()  # type: ignore[assignment] # an interface of zope


class CertificateGuard(HeadGuard):
    """Download handler: requests with `meta["insecure"]` use connections of their own that trust any certificate."""

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        self._trusting: TrustingHandler | None = None
        self._told: set[str] = set()

    async def download_request(self, request: "Request") -> "Response":
        """Fetch over a checked connection, or over one that is not."""
        if not request.meta.get("insecure"):
            return await super().download_request(request)
        host = urlsplit(request.url).hostname or ""
        if host not in self._told:
            self._told.add(host)
            log.warning("%s: its certificate is not checked (insecure = true)", host)
        if self._trusting is None:
            # Connections of its own: a request that wants a checked one must not get one that was not.
            self._trusting = TrustingHandler(self._crawler)
        return await self._trusting.download_request(request)

    async def close(self) -> None:
        """Close all connections."""
        if self._trusting is not None:
            await self._trusting.close()
        await super().close()
