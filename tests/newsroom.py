"""A few small pages and feeds of our own, for tests that crawl."""

from datetime import UTC, datetime
from pathlib import Path

from loopback import Reply, Server

PARAGRAPHS = (
    "The exchange said on Tuesday that it would open its order books to auditors in Lisbon and Osaka.",
    "Three engineers spent the summer rewriting the matching engine, which now settles in under a second.",
    "Regulators asked for a second report by March, and the company promised to publish it in full.",
)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)  # a Sunday
FEED = "application/rss+xml; charset=utf-8"
HTML = "text/html; charset=utf-8"


def article(number: int, title: str | None = None) -> bytes:
    """Make an article page with a menu and a footer around it; each number has its own words."""
    body = "".join(f"<p>{text} This is report number {number} of the series.</p>" for text in PARAGRAPHS)
    return (
        f'<!doctype html><html lang="en"><head><title>{title or f"Report {number}"} | Small Wire</title></head><body>'
        f'<nav><a href="/">Home</a> <a href="/markets">Markets</a></nav><article><h1>{title or f"Report {number}"}</h1>'
        f"{body}</article><footer>© Small Wire</footer></body></html>"
    ).encode()


def feed(base: str, numbers: range, *, updated: str = "") -> bytes:
    """Make an RSS feed of those articles, the highest number the newest."""
    items = "".join(
        f"<item><title>Report {n}</title><link>{base}/news/{n}</link><guid>{base}/news/{n}</guid>"
        f"<pubDate>Sun, 22 Nov 2026 {n // 60 % 24:02d}:{n % 60:02d}:00 GMT</pubDate>{updated}</item>"
        for n in numbers
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Small Wire</title>'
        f"<link>{base}/</link><description/>{items}</channel></rss>"
    ).encode()


def publish(server: Server, count: int) -> None:
    """Put a feed at /feed.xml and its articles at /news/N on a server."""
    server.replies["/feed.xml"] = Reply(
        feed(server.base, range(count)), headers={"Content-Type": FEED, "ETag": '"1"'}
    )
    for number in range(count):
        server.replies[f"/news/{number}"] = Reply(article(number), headers={"Content-Type": HTML})


def subscribe(folder: Path, *urls: str, kind: str = "feed", crawl: str = "", keys: str = "") -> None:
    """Write a sources.toml for sources on loopback, without a gap between requests."""
    tables = "".join(
        f'\n[[source]]\nname = "wire{n}"\n{kind} = "{url}"\nlang = "en"\n{keys}\n'
        for n, url in enumerate(urls)
    )
    settings = f'[crawl]\nallow_hosts = ["127.0.0.0/8"]\ndelay = 0\nworkers = 1\n{crawl}\n'
    (folder / "sources.toml").write_text(settings + tables, encoding="utf-8")
