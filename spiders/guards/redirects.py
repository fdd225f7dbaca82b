"""How redirects are followed: few hops, http(s) only, and what belongs to a host stays with it."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest

from spiders.polling.validators import CONDITIONAL
from spiders.refusals import RedirectError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response


class RedirectGuard(RedirectMiddleware):
    """Scrapy's redirects, but for what it leaves to its users.

    Validators go only to the address that they came from (`meta["validators"]`). A hop to another host loses every
    header of the source (`meta["source_headers"]`), not only cookies and authorization, and its certificate is
    checked; one from https to http is refused where it would carry a secret. A hop leaves the place of the first host in the queue, and sends no Referer.
    """

    def handle_referer(self, request: "Request", response: "Response") -> None:  # noqa: ARG002 - Scrapy's interface
        """Send no Referer, whatever a `Referrer-Policy` header asks for."""
        request.headers.pop("Referer", None)

    def _engine_started(self) -> None:
        """Without a Referer there is no middleware to look for, nor to warn about."""

    def process_response(  # type: ignore[override] # without the argument `spider`, which is on its way out
        self, request: "Request", response: "Response"
    ) -> "Request | Response":
        """Follow a redirect; one to what is no address is named."""
        try:
            return super().process_response(request, response)
        except ValueError:
            raise RedirectError("redirect_nowhere") from None

    def _redirect(self, redirected: "Request", request: "Request", reason: Any) -> "Request":
        try:
            return super()._redirect(redirected, request, reason)
        except IgnoreRequest:
            raise RedirectError("redirects") from None

    def _build_redirect_request(
        self, source_request: "Request", response: "Response", *, url: str, **kwargs: Any
    ) -> "Request":
        request = super()._build_redirect_request(source_request, response, url=url, **kwargs)
        before, after = urlsplit(source_request.url), urlsplit(request.url)
        if (before.scheme, after.scheme) == ("https", "http") and (
            request.meta.get("source_headers") or (before.query and before.query in after.query)
        ):
            raise RedirectError("redirect_insecure")
        if after.netloc.lower() != before.netloc.lower():
            for name in request.meta.pop("source_headers", ()):
                request.headers.pop(name, None)
            request.meta.pop("insecure", None)
        for name in CONDITIONAL:
            request.headers.pop(name, None)
        if validators := request.meta.get("validators"):
            request.headers.update(validators.at(request.url))
        request.meta.pop("download_slot", None)
        return request
