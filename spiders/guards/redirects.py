"""How redirects are followed: few hops, http(s) only, and a source's own headers stay with its host."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.downloadermiddlewares.redirect import RedirectMiddleware

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response


class RedirectGuard(RedirectMiddleware):
    """Scrapy's redirects, but for three things it leaves to its users.

    A hop to another host, or down from https, loses every header of the source (`meta["source_headers"]`), not
    only cookies and authorization; it leaves the place of the first host in the queue; and no Referer is made.
    """

    def handle_referer(self, request: "Request", response: "Response") -> None:  # noqa: ARG002 - Scrapy's interface
        """Send no Referer, whatever a `Referrer-Policy` header asks for."""
        request.headers.pop("Referer", None)

    def _engine_started(self) -> None:
        """Without a Referer there is no middleware to look for, nor to warn about."""

    def _build_redirect_request(
        self, source_request: "Request", response: "Response", *, url: str, **kwargs: Any
    ) -> "Request":
        request = super()._build_redirect_request(source_request, response, url=url, **kwargs)
        before, after = urlsplit(source_request.url), urlsplit(request.url)
        if after.netloc.lower() != before.netloc.lower() or (before.scheme, after.scheme) == (
            "https",
            "http",
        ):
            for name in request.meta.pop("source_headers", ()):
                request.headers.pop(name, None)
        request.meta.pop("download_slot", None)
        return request
