"""Addresses a page gives: its own canonical one, and its lead image."""

from urllib.parse import urljoin, urlsplit

from pipelines.describing.jsonld import Node
from pipelines.describing.markup import Claim, Markup
from pressclip.models import FeedEntry

_LONGEST = 4_000  # characters; longer addresses are data in disguise


def absolute(raw: str, base: str) -> str | None:
    """An absolute http(s) address, or None.

    >>> absolute("/a.jpg", "https://example.com/x/")
    'https://example.com/a.jpg'
    >>> absolute("data:image/png;base64,xyz", "https://example.com/") is None
    True
    """
    raw = raw.strip()
    if not raw or len(raw) > _LONGEST:
        return None
    try:
        address = urljoin(base, raw)
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return None
    return address if usable and not any(mark.isspace() for mark in address) else None


def canonical(raw: str, url: str) -> str | None:
    """The canonical address where it is believable: the same site, and no home page for an article.

    >>> canonical("https://www.example.com/a?id=1", "https://example.com/a?id=1&utm_source=x")
    'https://www.example.com/a?id=1'
    >>> canonical("https://other.example/a", "https://example.com/a") is None
    True
    >>> canonical("https://example.com/", "https://example.com/a") is None
    True
    """
    address = absolute(raw, url)
    if address is None:
        return None
    claimed, asked = urlsplit(address), urlsplit(url)
    if _site(claimed.hostname) != _site(asked.hostname):
        return None
    if not claimed.path.strip("/") and not claimed.query and (asked.path.strip("/") or asked.query):
        return None
    return address


def canonical_of(markup: Markup, url: str) -> Claim:
    """The page's canonical address where one of its voices is believable, and which."""
    for raw, origin in ((markup.link("canonical"), "link"), markup.meta("og:url")):
        if raw and (address := canonical(raw, url)):
            return address, origin
    return "", ""


def image(markup: Markup, node: Node | None, url: str, entry: FeedEntry) -> Claim:
    """The lead image as an absolute address, and who named it."""
    social = markup.meta(
        "og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src"
    )
    value = node.get("image") if node else None
    if isinstance(value, list):
        value = value[0] if value else None
    named = value.get("url") if isinstance(value, dict) else value
    for raw, origin in (social, (named, "json-ld"), (entry.image_url, "feed")):
        if isinstance(raw, str) and (address := absolute(raw, url)):
            return address, origin
    return "", ""


def _site(host: str | None) -> str:
    """A host without the labels under which sites keep their mobile and AMP copies."""
    labels = (host or "").split(".")
    while len(labels) > 2 and labels[0] in {"www", "m", "amp", "mobile", "sp"}:  # noqa: PLR2004 - name and suffix
        labels = labels[1:]
    return ".".join(labels)
