"""One raw item -> one FeedEntry: its identity, its address, its texts and dates, and what is wrong with them."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from pipelines.identity import url_key
from pressclip import dates
from pressclip.models import FeedEntry
from spiders.reading import ago, links, texts
from spiders.reading.feed import RawEntry, Words

_MAX_GUID = 512  # bytes; a longer one is an article in the wrong place
_MAX_NAMES = 64  # authors, tags
_MAX_RAW_DATE = 200
#: Where a feed names no zone, its readers' clock is meant.
_ZONES = {
    "ja": timezone(timedelta(hours=9)),
    "ko": timezone(timedelta(hours=9)),
    "zh": timezone(timedelta(hours=8)),
}


def finish(
    raw: RawEntry,
    *,
    base: str,
    lang: str | None,
    expected_lang: str | None,
    zone: tzinfo | None = None,
    now: datetime | None = None,
) -> FeedEntry | None:
    """Judge one item of the feed at `base` in `lang`, or what is expected of it. None: there is nothing in it.

    Dates that name no zone are of `zone`, else of the language's; "3 hours ago" counts from `now`, if that is given.
    """
    title, summary = texts.line(raw.title), texts.paragraphs(raw.summary)
    content = texts.clean(raw.content).strip() or None if raw.content else None
    link = links.resolve(raw.link, base)
    claims = (
        title,
        summary,
        content,
        raw.link,
        raw.published,
        raw.updated,
        raw.image,
        *raw.authors,
        *raw.tags,
    )
    guid = _guid(raw.guid) or link.url
    if not guid and not any(claims):
        return None
    own_lang = texts.language(raw.lang) or lang
    zone = zone or _ZONES.get((own_lang or expected_lang or "")[:2], UTC)
    published, updated = _date(raw.published), _date(raw.updated)
    return FeedEntry(
        guid=guid or _digest(str(claim) for claim in claims),
        url=link.url,
        url_key=url_key(link.url) if link.url else None,
        title=title,
        summary=summary,
        content=content,
        authors=_names(raw.authors),
        published_at=dates.parse(published, default_zone=zone)
        or (ago.read(published, now.astimezone(zone)) if published and now else None),
        published_raw=published,
        updated_at=dates.parse(updated, default_zone=zone),
        updated_raw=updated,
        lang=own_lang,
        tags=_names(raw.tags),
        image_url=links.resolve(raw.image, base).url,
        problem=link.problem or (None if link.url else "no_url"),
    )


def once(entries: Iterable[FeedEntry]) -> tuple[tuple[FeedEntry, ...], str | None]:
    """Keep one entry a guid, the last, in the place of the first; say how many guids were given again."""
    kept: dict[str, FeedEntry] = {}
    again: list[str] = []
    for entry in entries:
        if entry.guid in kept:
            again.append(entry.guid)
        kept[entry.guid] = entry
    return tuple(kept.values()), f"duplicate_guid: {len(again)}, such as {again[0][:80]}" if again else None


def _guid(raw: str | None) -> str | None:
    """A guid fit for a key: clean, and hashed where it is no identifier but a text."""
    guid = " ".join(texts.clean(raw or "").split())
    return guid if len(guid.encode()) <= _MAX_GUID else _digest((guid,))


def _digest(parts: Iterable[str]) -> str:
    return "sha256:" + hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()


def _date(raw: str | None) -> str | None:
    """A date as claimed, on one line."""
    return " ".join(texts.clean(raw or "").split())[:_MAX_RAW_DATE] or None


def _names(words: Iterable[Words]) -> tuple[str, ...]:
    names = (texts.line(word) for word in words)
    return tuple(dict.fromkeys(name for name in names if name))[:_MAX_NAMES]
