"""The demo site on loopback: ``with serve() as site`` answers real HTTP at ``site.base`` until the block ends."""

import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

from pressclip.demo import feeds, furniture, pages, story, truth
from pressclip.models import Source

ROBOTS = b"User-agent: *\nDisallow: /search\nDisallow: /login\n"
IMAGE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><rect width="16" height="9" fill="#c96"/></svg>\n'

# Source, languages, path, media type and writer of each feed.
_FEEDS = (
    ("lantern-en", ("en",), "/feeds/rss.xml", "application/rss+xml; charset=utf-8", feeds.rss),
    ("lantern-ja", ("ja",), "/feeds/index.rdf", "application/xml", feeds.rdf),
    ("lantern-zh", ("zh-Hans", "zh-Hant"), "/feeds/atom.xml", "application/atom+xml", feeds.atom),
    ("lantern-ko", ("ko",), "/feeds/feed.json", "application/feed+json", feeds.json_feed),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one path answers."""

    body: bytes
    content_type: str
    modified: datetime

    @property
    def etag(self) -> str:
        """A validator that changes with the body."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A running site; `log` grows with each request."""

    base: str  # such as http://127.0.0.1:40123
    sources: tuple[Source, ...]  # one for each feed; they may be polled at any interval
    truth: tuple[truth.Truth, ...]  # one for each article
    answers: Mapping[str, Answer]  # by path
    log: list[tuple[str, str, int]] = field(default_factory=list)  # method, path, status

    @property
    def feeds(self) -> dict[str, str]:
        """Addresses of the feeds, by the name of their source."""
        return {source.name: source.url for source in self.sources}

    def sources_toml(self) -> str:
        """Return a sources.toml that reads this site, without waiting between two requests."""
        head = '[crawl]\nallow_hosts = ["127.0.0.1"]\ndelay = 0\n'
        return head + "".join(_table(source) for source in self.sources)


@contextmanager
def serve() -> Iterator[Site]:
    """Serve the site on 127.0.0.1, on a port that is free."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.site = build(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server.site
        finally:
            server.shutdown()
            thread.join()


def build(base: str) -> Site:
    """Make all pages and feeds of a site that will answer at an address."""
    stories = story.load()
    urls = {each.path: base + quote(each.path, safe="/?=&") for each in stories}
    newest = max(each.modified for each in stories)
    answers = {
        "/": Answer(_front_page(stories, urls), "text/html; charset=utf-8", newest),
        "/robots.txt": Answer(ROBOTS, "text/plain; charset=utf-8", newest),
    }
    sources, truths = [], []
    for name, languages, path, content_type, write in _FEEDS:
        mine = [each for each in stories if each.lang in languages]
        items = [feeds.Item(each, urls[each.path]) for each in mine]
        body = write(items, furniture.words()[languages[0]], base)
        answers[path] = Answer(body, content_type, max(each.modified for each in mine))
        lang = languages[0] if len(languages) == 1 else None
        sources.append(
            Source(name=name, kind="feed", url=base + path, lang=lang, topics=("crypto", "ai"), interval=0)
        )
        for each in mine:
            around = _surroundings(each, mine, urls, base)
            pieces = pages.build(each, around)
            answers[urls[each.path].removeprefix(base)] = Answer(
                pages.encode(each, pieces), _content_type(each), each.modified
            )
            truths.append(
                truth.describe(
                    each,
                    pieces,
                    url=around.url,
                    source=name,
                    image_url=around.image_url,
                    site_name=around.words.site,
                )
            )
    return Site(base=base, sources=tuple(sources), truth=tuple(truths), answers=answers)


def _table(source: Source) -> str:
    lang = f'lang = "{source.lang}"\n' if source.lang else ""
    topics = ", ".join(f'"{topic}"' for topic in source.topics)
    return (
        f'\n[[source]]\nname = "{source.name}"\nfeed = "{source.url}"\n{lang}'
        f"topics = [{topics}]\ninterval = {source.interval}\n"
    )


def _content_type(each: story.Story) -> str:
    """Return the header of a page: pages in an old encoding declare it only in their head, as such sites do."""
    return "text/html; charset=utf-8" if each.encoding == "utf-8" else "text/html"


def _surroundings(
    each: story.Story, mine: list[story.Story], urls: Mapping[str, str], base: str
) -> pages.Surroundings:
    words = furniture.words()[each.lang]
    others = [
        (other.title, urls[other.path]) for other in mine if other is not each and other.lang == each.lang
    ]
    teasers = [(title, f"{base}/archive/{number}.html") for number, title in enumerate(words.teasers, 1)]
    image = next((block.lines[0] for block in each.blocks if block.kind == "figure"), "lead")
    return pages.Surroundings(
        base=base,
        words=words,
        url=urls[each.path],
        image_url=f"{base}/images/{image}.svg",
        others=[*others, *teasers],
    )


def _front_page(stories: tuple[story.Story, ...], urls: Mapping[str, str]) -> bytes:
    links = furniture.items(furniture.anchors([(each.title, urls[each.path])]) for each in stories)
    title = "Lantern Wire: the demo site of pressclip"
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><h1>{title}</h1>{links}</body></html>\n"
    ).encode()


class _Server(ThreadingHTTPServer):
    request_queue_size = 64  # the default of 5 makes a burst of connections wait for a second
    site: Site


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = "Lantern"

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def _answer(self) -> None:
        site = self.server.site
        answer = site.answers.get(self.path)
        if answer is None and self.path.startswith("/images/"):
            answer = Answer(IMAGE, "image/svg+xml", datetime(2026, 1, 1, tzinfo=UTC))
        status = HTTPStatus.OK if answer else HTTPStatus.NOT_FOUND
        if answer and self._knows(answer):
            status = HTTPStatus.NOT_MODIFIED
        site.log.append((self.command, self.path, int(status)))
        body = answer.body if answer else b"Not found\n"
        self.send_response(status)
        self.send_header("Content-Type", answer.content_type if answer else "text/plain")
        if answer:
            self.send_header("ETag", answer.etag)
            self.send_header("Last-Modified", format_datetime(answer.modified.astimezone(UTC), usegmt=True))
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != HTTPStatus.NOT_MODIFIED and self.command == "GET":
            self.wfile.write(body)

    def _knows(self, answer: Answer) -> bool:
        """Tell whether the asker's copy is the newest (RFC 9110, 13.2.2: an entity tag outweighs a date)."""
        if tags := self.headers.get("If-None-Match"):
            return any(tag.strip().removeprefix("W/") in {"*", answer.etag} for tag in tags.split(","))
        if since := self.headers.get("If-Modified-Since"):
            try:
                return parsedate_to_datetime(since) >= answer.modified.replace(microsecond=0)
            except (ValueError, TypeError):  # no date, or one without a zone
                return False
        return False

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named so by the base class
        """Say nothing: the log is kept in `Site.log`."""
