"""What sources.toml decides of a crawl, as Scrapy settings."""

from typing import TYPE_CHECKING, Any

from pressclip.version import VERSION

if TYPE_CHECKING:
    from pressclip.sources import CrawlSettings


def user_agent(contact: str | None) -> str:
    """Name ourselves, and whom to ask, in the User-Agent.

    >>> user_agent("https://example.org/bot")
    'pressclip/... (+https://example.org/bot)'
    """
    return f"pressclip/{VERSION}" + (f" (+{contact})" if contact else "")


def crawl_settings(crawl: "CrawlSettings") -> dict[str, Any]:
    """Lay the `[crawl]` table over `pressclip.settings`."""
    return {
        "USER_AGENT": user_agent(crawl.contact),
        "DOWNLOAD_DELAY": crawl.delay,
        "DOWNLOAD_TIMEOUT": crawl.timeout,
        "DOWNLOAD_MAXSIZE": crawl.max_page,
        "PRESSCLIP_ALLOW_HOSTS": list(crawl.allow_hosts),
        "PRESSCLIP_WORKERS": crawl.workers,
        "PRESSCLIP_DEADLINE": crawl.deadline,
    }
