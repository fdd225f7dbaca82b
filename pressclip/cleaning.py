"""One page that is already here -> its article: no network, no store, and little to import."""

from typing import TYPE_CHECKING

from pressclip.models import Article, Page

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from pipelines.explain import BlockVerdict


def extract(html: bytes | str, url: str) -> Article:
    """Clean one page.

    Args:
        html: the page; bytes are decoded as a browser would.
        url: where it came from: links are resolved against it.

    Raises:
        InputError: there is no text in it at all. What is no article comes back with its `kind`.
    """
    return clean(page(html, url))


def page(html: bytes | str, url: str) -> Page:
    """Make the record of a page that is already here."""
    from spiders import clock

    body, content_type = (
        (html, None) if isinstance(html, bytes) else (html.encode(), "text/html; charset=utf-8")
    )
    return Page(
        url=url, final_url=url, body=body, content_type=content_type, fetched_at=clock.stamp(clock.now())
    )


def clean(page: Page) -> Article:
    """Clean a page record; see `extract`."""
    from pipelines import extract

    return extract.clean(page)


def explain(page: Page, common: "AbstractSet[int]" = frozenset()) -> "list[BlockVerdict]":
    """Say of each block of a page whether it stays, and what decided.

    Args:
        page: the page.
        common: fingerprints of the blocks that its site repeats, where a store knows the site.
    """
    from pipelines import explain

    return explain.explain(page, common)
