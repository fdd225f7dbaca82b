"""Articles made from what a feed carries: its full text stands in for a page that is not asked for, or can't be had.

It becomes a small page of its own, so that the same cleaner reads it, now and whenever stored pages are cleaned again.
"""

import html
import re
from dataclasses import replace

from pressclip.models import FeedEntry, Page

_MARK = b"<!doctype html><!-- pressclip: from the feed -->"
#: A feed's text that stands in for a page has so many characters at least: less is a teaser.
LEAST, LEAST_WIDE = 900, 300
# These would end the element that holds the text. No `<` inside: else unclosed ones cost the square of their number.
_FRAME = re.compile(r"</?(?:html|head|body|main|article)\b[^<>]*>", re.IGNORECASE)


def page_of(entry: FeedEntry, url: str, fetched_at: str) -> Page:
    """Make the page of an entry: its content, else its summary.

    >>> entry = FeedEntry(guid="1", url=None, title="Tea & cake", summary="It rained.")
    >>> page_of(entry, "https://a.example/1", "2026-11-22T12:00:00Z").body[-59:]
    b'<article><h1>Tea &amp; cake</h1><p>It rained.</p></article>'
    """
    title = html.escape(entry.title or "")
    lang = f' lang="{html.escape(entry.lang)}"' if entry.lang else ""
    body = (
        f'<html{lang}><head><meta charset="utf-8"><title>{title}</title></head><body>'
        f"<article><h1>{title}</h1>{_text(entry)}</article>"
    )
    return Page(
        url=url,
        final_url=url,
        body=_MARK + body.encode("utf-8", "replace"),
        content_type="text/html; charset=utf-8",
        fetched_at=fetched_at,
        entry=entry,
    )


def instead(page: Page) -> Page:
    """Make the page of an entry in the place of the one that was served, and for the same source."""
    if page.entry is None:
        return page
    made = page_of(page.entry, page.url, page.fetched_at)
    return replace(
        page, final_url=page.url, body=made.body, content_type=made.content_type, parts=(), keep=(), drop=()
    )


def is_fed(page: Page) -> bool:
    """Whether a page was made here."""
    return page.body.startswith(_MARK)


def is_rich(entry: FeedEntry | None) -> bool:
    """Whether a feed carries so much of an article that it can stand in for its page.

    >>> is_rich(FeedEntry(guid="1", url=None, content="<p>" + "Rain fell again. " * 60 + "</p>"))
    True
    >>> is_rich(FeedEntry(guid="1", url=None, content="<p>Read more on our site.</p>"))
    False
    """
    if entry is None or not entry.content:
        return False
    text = html.unescape(re.sub(r"<[^<>]*>", " ", entry.content))
    wide = (len(text.encode("utf-8", "replace")) - len(text)) // 2
    return len(text) >= LEAST or wide >= LEAST_WIDE


def _text(entry: FeedEntry) -> str:
    if entry.content:
        return _FRAME.sub("", entry.content)
    paragraphs = (line for line in (entry.summary or "").splitlines() if line.strip())
    return "".join(f"<p>{html.escape(line)}</p>" for line in paragraphs)
