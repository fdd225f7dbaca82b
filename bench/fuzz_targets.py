"""The parsers that bench/fuzz.py attacks, and what each of them usually reads."""

import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from pipelines import explain, extract, identity, topics
from pressclip import dates, sources
from pressclip.models import Page
from spiders.guards.addresses import is_public
from spiders.polling import freshness, http_dates, link_header, retry_after, robots
from spiders.reading import discovery, opml, read_feed, sections, sitemaps
from spiders.reading.archives import har, http, saved, warc
from spiders.reading.archives.records import Limits
from storage import connection, moments, queries, query_language, search
from storage.exporting.html import to_html
from storage.records import RobotsState

NOW = datetime(2026, 11, 22, tzinfo=UTC)
STAMP = "2026-11-22T00:00:00Z"
ADDRESS = "https://a.example/news/1"
LIMITS = Limits(now=STAMP, size=10_000_000)

TOML = (
    b'[crawl]\ndelay = 1\n[[source]]\nname = "a"\nfeed = "https://a.example/f"\nlang = "ja"\nkeep = ["p"]\ntopics = ["x"]\n'
    b'interval = "1h"\n[topics.x]\nwords = ["y"]\n'
)
SITEMAPS = (
    b"<urlset><url><loc>https://a.example/1</loc><lastmod>2026-11-20</lastmod></url></urlset>",
    b"<sitemapindex><sitemap><loc>https://a.example/s.xml</loc></sitemap></sitemapindex>",
    b"https://a.example/1\nhttps://a.example/2\n",
    b"User-agent: *\nSitemap: https://a.example/s.xml\n",
)
TYPED = (
    '仮想通貨 OR "price of" -x lang:ja since:7d'.encode(),
    b"NEAR(a b) * ^ title:",
    b"a" * 50,
)
SQL = (
    b"SELECT title, count(*) FROM articles, json_each(topics) WHERE lang = 'ja' GROUP BY 1",
    b"SELECT * FROM articles_fts WHERE articles_fts MATCH search_match('a') AND rowid > search_first('a')",
    b"WITH x AS (SELECT 1) SELECT * FROM x",
)
DATES = (
    b"Sun, 22 Nov 2026 10:00:00 GMT",
    b"2026-11-22T10:00:00+09:00",
    "令和8年11月22日 午後3時".encode(),
    "2026년 11월 22일".encode(),
    b"7d",
    b"1795348800",
)
RESPONSE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<p>ab\r\n0\r\n\r\n"
)
RECORD = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/1\r\nWARC-Date: 2026-11-22T00:00:00Z\r\n"
    b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
) % (len(RESPONSE), RESPONSE)
HAR = (
    b'{"log": {"entries": [{"startedDateTime": "2026-11-22T00:00:00Z", "request": {"url": "https://a.example/1"},'
    b' "response": {"status": 200, "content": {"mimeType": "text/html", "text": "<p>a"}}}]}}'
)


@dataclass(frozen=True, slots=True)
class Target:
    """One parser, what it reads, and how often it has its turn among the others."""

    name: str
    run: Callable[[bytes], object]
    seeds: Sequence[bytes]
    weight: int


def text(body: bytes) -> str:
    """Read bytes as text; now and then with lone surrogates."""
    return body.decode("utf-8", "surrogateescape" if len(body) % 2 else "replace")


def page(body: bytes) -> Page:
    """Make a page of bytes."""
    return Page(url=ADDRESS, final_url=ADDRESS, body=body, fetched_at=STAMP)


def clean(body: bytes) -> None:
    """Clean a page; what comes out must be storable and showable."""
    found = extract.clean(page(body))
    json.dumps([found.title, found.text]).encode()
    to_html(found.markdown)


def headers(body: bytes) -> None:
    """Read bytes as the value of each header that we look at."""
    value = text(body)
    retry_after.seconds(value, date=value, now=NOW)
    http_dates.parse(value)
    freshness.lifetime({"cache-control": value, "expires": value, "age": value, "date": value}, now=NOW)
    link_header.target(value, "hub", ADDRESS)


def dated(body: bytes) -> None:
    """Read bytes as a date of a feed, and as one of the command line."""
    dates.parse(text(body))
    with suppress(ValueError, OverflowError):  # which the command line tells as a date that is none
        moments.read(text(body), NOW)


def robotic(body: bytes) -> None:
    """Read bytes as a robots.txt."""
    state = RobotsState(
        site=ADDRESS, asked_at=STAMP, next_at=STAMP, status=200, body=body.decode("utf-8", "replace")
    )
    if rules := robots.rules(state, now=NOW):
        rules.can_fetch(ADDRESS, "pressclip")
        robots.delay(rules)


def addressed(body: bytes) -> None:
    """Read bytes as an address."""
    identity.url_key(text(body))
    is_public(text(body))


class Asked:
    """A real store, and a file of settings, that inputs are tried on."""

    def __init__(self, db: Path) -> None:
        self._conn = connection.open_readonly(db)
        self._settings = db.with_name(f"{os.getpid()}.toml")

    def search(self, body: bytes) -> None:
        """Search for bytes."""
        search.search(self._conn, text(body))

    def sql(self, body: bytes) -> None:
        """Run bytes as SQL."""
        queries.run_sql(self._conn, text(body), seconds=2)

    def toml(self, body: bytes) -> None:
        """Read bytes as sources.toml."""
        self._settings.write_bytes(body)
        sources.read(self._settings)


def targets(feeds: Sequence[bytes], pages: Sequence[bytes], lists: Sequence[bytes], db: Path) -> list[Target]:
    """All parsers; cheap ones have many turns."""
    asked = Asked(db)
    return [
        Target("feeds", lambda body: read_feed(body, url=ADDRESS, lang="ja"), feeds, 6),
        Target("pages", clean, pages, 2),
        Target("explain", lambda body: explain.explain(page(body)), pages, 1),
        Target("sections", lambda body: sections.read_section(body, url=ADDRESS), pages, 1),
        Target("discovery", lambda body: discovery.offers(body, url=ADDRESS), pages, 2),
        Target("sitemaps", lambda body: sitemaps.read_sitemap(body, url=ADDRESS), SITEMAPS, 30),
        Target("opml", opml.read_opml, lists, 3),
        Target("toml", asked.toml, [TOML], 10),
        Target("search", asked.search, TYPED, 60),
        Target("search words", lambda body: query_language.parse(text(body)), TYPED, 60),
        Target("sql", asked.sql, SQL, 20),
        Target("headers", headers, [b"120", b"max-age=60", b'<https://a.example/h>; rel="hub"', *DATES], 60),
        Target("dates", dated, DATES, 60),
        Target("robots", robotic, [b"User-agent: *\nDisallow: /a*\nAllow: /b$\nCrawl-delay: 3\n"], 20),
        Target("addresses", addressed, [ADDRESS.encode(), b"http://[::ffff:7f00:1]:80/a?utm_source=b#c"], 60),
        Target("warc", lambda body: [*warc.read_warc(BytesIO(body), 0, LIMITS)], [RECORD * 3], 10),
        Target("http", http.read_http, [RESPONSE], 20),
        Target("har", lambda body: [*har.read_har(body, 0, LIMITS)], [HAR], 10),
        Target("saved pages", lambda body: saved.read_saved(body, STAMP, LIMITS), pages, 2),
        Target("topics", lambda body: topics.found(text(body[:200]), text(body[:5000])), pages, 20),
        Target("markdown", lambda body: to_html(text(body[:5000])), pages, 5),
    ]
