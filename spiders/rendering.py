"""Pages that need a browser: fetched by Chromium, through a way out that the address guard holds.

Only sources with `render = true` come here, and only with the extra `render`; the browser starts with their first
page. A page may take as long as any other download, and what it draws is what is cleaned and kept.
"""

import asyncio
import os
import shutil
from typing import TYPE_CHECKING, Any

from playwright.async_api import Browser, BrowserContext, Error, Page, Playwright, async_playwright
from playwright.async_api import Request as BrowserRequest
from playwright.async_api import TimeoutError as BrowserTimeoutError
from scrapy.exceptions import DownloadCancelledError, DownloadFailedError, DownloadTimeoutError
from scrapy_playwright.handler import Config, ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod

from spiders.guards.addresses import BlockedAddressError, GuardedResolver
from spiders.guards.certificates import CertificateGuard
from spiders.guards.tunnel import Tunnel
from spiders.refusals import RefusedError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = (
    "--disable-quic",  # goes round the proxy
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--proxy-bypass-list=<-loopback>",  # Chromium's own list would let pages reach this machine directly
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--max-old-space-size=512",
)
_ORNAMENTS = frozenset({"image", "media", "font"})
_CALM = 5000  # milliseconds that scripts get to fall silent after the page was loaded


def meta(source: str) -> dict[str, Any]:
    """What makes a request of a source go through the browser; each source has cookies of its own."""
    return {
        "playwright": True,
        "playwright_context": source,
        "playwright_context_kwargs": {"accept_downloads": False, "service_workers": "block"},
        "playwright_page_methods": [PageMethod(_settle)],
    }


async def _settle(page: Page) -> None:
    """Wait until the page's scripts ask for nothing more; some never stop."""
    try:
        await page.wait_for_load_state("networkidle", timeout=_CALM)
    except BrowserTimeoutError:
        return


def is_ornament(request: BrowserRequest) -> bool:
    """Tell what no text needs: it is not fetched."""
    return request.resource_type in _ORNAMENTS


async def named(
    *, playwright_request: BrowserRequest, scrapy_request_data: dict[str, Any], **_: Any
) -> dict[str, str]:
    """Send the browser's own headers under our name, and no more: it would carry others to any host."""
    ours = scrapy_request_data["headers"].to_unicode_dict()
    return {**await playwright_request.all_headers(), "user-agent": ours.get("user-agent", "pressclip")}


class TunnelledBrowser:
    """Provider of scrapy-playwright: a Chromium of this machine that reaches the network only through a tunnel."""

    def __init__(self, config: Config) -> None:  # noqa: ARG002 - the provider's interface; all of it is ours
        self._playwright: Playwright | None = None
        self.tunnel: Tunnel | None = None

    async def start(self) -> None:
        """Do nothing yet: a run in which nothing is due must not pay for a browser."""

    async def launch_browser(self) -> Browser:
        """Start tunnel and browser."""
        from twisted.internet import reactor

        resolver: object = getattr(reactor, "nameResolver", None)
        allowed = resolver.allowed if isinstance(resolver, GuardedResolver) else ()
        self.tunnel = Tunnel(allowed)
        server = await self.tunnel.open()
        self._playwright = await async_playwright().start()
        return await self._playwright.chromium.launch(
            executable_path=next(filter(None, map(shutil.which, _NAMES)), None),
            args=list(_FLAGS),
            chromium_sandbox=os.geteuid() != 0,  # it refuses to work for root
            proxy={"server": server, "username": self.tunnel.user, "password": self.tunnel.password},
            handle_sigint=False,  # the run ends the browser, not the terminal
            handle_sigterm=False,
            handle_sighup=False,
        )

    async def launch_persistent_context(self, context_kwargs: dict[str, Any]) -> BrowserContext:
        """Never asked for: no profile outlives a run."""
        raise NotImplementedError(context_kwargs)

    async def close(self) -> None:
        """End what was started."""
        if self._playwright is not None:
            await self._playwright.stop()
        if self.tunnel is not None:
            self.tunnel.close()


class BrowserHandler(CertificateGuard, ScrapyPlaywrightDownloadHandler):  # type: ignore[misc] # ships no types
    """Download handler: requests with `meta` go through the browser, all others as ever."""

    browser_provider: TunnelledBrowser

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        self._patience = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")
        self._most = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    async def download_request(self, request: "Request") -> "Response":
        """Fetch a page; the browser's errors come out as Scrapy's."""
        if not request.meta.get("playwright"):
            plain: Response = await super().download_request(request)
            return plain
        before = len(self._refused())
        try:
            async with asyncio.timeout(self._patience):
                response: Response = await super().download_request(request)
        except (TimeoutError, BrowserTimeoutError):
            raise DownloadTimeoutError(f"no page after {self._patience:g} s") from None
        except Error as error:
            raise self._translated(error, before) from error
        if not response.url.startswith(("http://", "https://")):
            raise RefusedError("bad_scheme")
        if len(response.body) > self._most:
            raise DownloadCancelledError(f"{len(response.body)} bytes")
        return response

    def _refused(self) -> list[tuple[str, str]]:
        tunnel = self.browser_provider.tunnel if hasattr(self, "browser_provider") else None
        return tunnel.refused if tunnel else []

    def _translated(self, error: Error, before: int) -> Exception:
        # A page that fails just when the tunnel refused something was led there: Chromium does not say where to.
        if led := self._refused()[before:]:
            return BlockedAddressError("blocked_address: {} is {}".format(*led[0]))
        if not hasattr(self, "browser"):
            return RefusedError("no_browser: Chromium did not start")
        return DownloadFailedError(error.message.partition("\n")[0])
