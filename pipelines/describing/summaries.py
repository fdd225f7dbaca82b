"""What the publisher says the article is about: its summary and its tags."""

import re

from pipelines.describing.jsonld import Node
from pipelines.describing.markup import Claim, Markup
from pipelines.describing.wording import plain
from pressclip.models import FeedEntry

_SEPARATOR = re.compile(r"[,;、，；]")
_MOST, _LONGEST = 50, 80  # tags, and characters of one


def summary(markup: Markup, node: Node | None, entry: FeedEntry) -> Claim:
    """The publisher's description, the feed's where the page has none."""
    value, key = markup.meta("og:description", "description", "twitter:description", "dc.description")
    if value:
        return value, key
    claimed = plain(node.get("description")) if node else ""
    return (claimed, "json-ld") if claimed else (entry.summary or "", "feed")


def tags(markup: Markup, node: Node | None, entry: FeedEntry) -> tuple[tuple[str, ...], str]:
    """The keywords of page and feed, each once, in the order in which they are given, and who began."""
    value = node.get("keywords") if node else None
    listed = value if isinstance(value, list) else [value]
    claims: list[tuple[str, str]] = [(tag, "article:tag") for tag in markup.metas.get("article:tag", ())]
    claims += [(tag, "json-ld") for item in listed for tag in _SEPARATOR.split(plain(item))]
    for name in ("news_keywords", "keywords"):
        claims += [(tag, name) for line in markup.metas.get(name, ()) for tag in _SEPARATOR.split(line)]
    claims += [(tag, "feed") for tag in entry.tags]
    found: dict[str, Claim] = {}
    for raw, origin in claims:
        tag = raw.strip()
        if tag and len(tag) <= _LONGEST and len(found) < _MOST:
            found.setdefault(tag.casefold(), (tag, origin))
    first = next(iter(found.values()), ("", ""))[1]
    return tuple(tag for tag, _ in found.values()), first
