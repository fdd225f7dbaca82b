"""Stories -> the four feeds of the demo site: RSS 2.0, Atom 1.0, RSS 1.0 (RDF) in Shift_JIS, JSON Feed 1.1."""

import json
from collections.abc import Iterable
from datetime import UTC
from email.utils import format_datetime
from html import escape
from typing import NamedTuple

from pressclip.demo.furniture import Words
from pressclip.demo.story import Story


class Item(NamedTuple):
    """A story and its address."""

    story: Story
    url: str


def rss(items: Iterable[Item], words: Words, base: str) -> bytes:
    """Return RSS 2.0."""
    made = "".join(
        f"<item><title>{escape(story.title)}</title><link>{escape(url)}</link>"
        f'<guid isPermaLink="true">{escape(url)}</guid>'
        f"<pubDate>{format_datetime(story.published.astimezone(UTC), usegmt=True)}</pubDate>"
        + "".join(f"<dc:creator>{escape(author)}</dc:creator>" for author in story.authors)
        + "".join(f"<category>{escape(tag)}</category>" for tag in story.tags)
        + f"<description>{escape(story.summary)}</description></item>\n"
        for story, url in items
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>{escape(words.site)}</title><link>{base}/</link>"
        f"<description>{escape(words.tagline)}</description><language>en</language>\n{made}</channel></rss>\n"
    ).encode()


def atom(items: Iterable[Item], words: Words, base: str) -> bytes:
    """Return Atom 1.0; each entry names its language."""
    entries = list(items)
    made = "".join(
        f'<entry xml:lang="{story.lang}"><title>{escape(story.title)}</title><id>{escape(url)}</id>'
        f'<link rel="alternate" type="text/html" href="{escape(url)}"/>'
        f"<published>{story.published.isoformat()}</published><updated>{story.modified.isoformat()}</updated>"
        + "".join(f"<author><name>{escape(author)}</name></author>" for author in story.authors)
        + "".join(f'<category term="{escape(tag)}"/>' for tag in story.tags)
        + f"<summary>{escape(story.summary)}</summary></entry>\n"
        for story, url in entries
    )
    updated = max(story.modified for story, _ in entries).isoformat()
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f'<title>{escape(words.site)}</title><id>{base}/feeds/atom.xml</id><link href="{base}/"/>'
        f'<link rel="self" href="{base}/feeds/atom.xml"/><updated>{updated}</updated>\n{made}</feed>\n'
    ).encode()


def rdf(items: Iterable[Item], words: Words, base: str) -> bytes:
    """Return RSS 1.0 in Shift_JIS, as many Japanese sites do, with the characters that only Windows knows (㈱)."""
    entries = list(items)
    listed = "".join(f'<rdf:li rdf:resource="{escape(url)}"/>' for _, url in entries)
    made = "".join(
        f'<item rdf:about="{escape(url)}"><title>{escape(story.title)}</title><link>{escape(url)}</link>'
        f"<description>{escape(story.summary)}</description><dc:date>{story.published.isoformat()}</dc:date>"
        + "".join(f"<dc:creator>{escape(author)}</dc:creator>" for author in story.authors)
        + "".join(f"<dc:subject>{escape(tag)}</dc:subject>" for tag in story.tags)
        + "</item>\n"
        for story, url in entries
    )
    return (
        '<?xml version="1.0" encoding="Shift_JIS"?>\n'
        '<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xml:lang="ja">'
        f'<channel rdf:about="{base}/feeds/index.rdf"><title>{escape(words.site)}</title><link>{base}/</link>'
        f"<description>{escape(words.tagline)}</description>"
        f"<items><rdf:Seq>{listed}</rdf:Seq></items></channel>\n{made}</rdf:RDF>\n"
    ).encode("cp932", "xmlcharrefreplace")


def json_feed(items: Iterable[Item], words: Words, base: str) -> bytes:
    """Return JSON Feed 1.1."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": words.site,
        "description": words.tagline,
        "home_page_url": f"{base}/",
        "feed_url": f"{base}/feeds/feed.json",
        "language": "ko",
        "items": [
            {
                "id": url,
                "url": url,
                "title": story.title,
                "summary": story.summary,
                "content_text": story.blocks[0].lines[0],
                "date_published": story.published.isoformat(),
                "date_modified": story.modified.isoformat(),
                "authors": [{"name": author} for author in story.authors],
                "tags": list(story.tags),
            }
            for story, url in items
        ],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()
