"""JSON Feed 1.0 and 1.1 (jsonfeed.org), which feedparser does not read."""

import html
import json
from collections.abc import Iterator
from typing import Any, NoReturn

from pressclip.errors import InputError
from spiders.reading.feed import RawEntry, RawFeed, Words
from spiders.reading.mending import MAX_ENTRIES
from spiders.reading.sniffing import not_a_feed

_VERSION = "jsonfeed.org/version/"
_VERSIONS = {"1": "json10", "1.0": "json10", "1.1": "json11"}


def read(text: str) -> RawFeed:
    """Read a JSON Feed.

    Raises:
        InputError: ``parse_error`` (invalid, NaN, too deep), ``not_a_feed`` (other JSON, a later version).
    """
    problems: list[str] = []

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        record = dict(pairs)
        if len(record) < len(pairs):
            problems.append("duplicate_key: the last one counts")
        return record

    try:
        feed = json.loads(text, object_pairs_hook=members, parse_constant=_no_constant)
    except RecursionError as error:
        raise InputError("parse_error", "JSON: nested too deep") from error
    except ValueError as error:
        raise InputError("parse_error", f"JSON: {error}"[:200]) from error
    if not isinstance(feed, dict):
        raise not_a_feed("a JSON array")
    version = _version(feed)
    items = feed.get("items")
    if not isinstance(items, list):
        problems.append("wrong_type: items is not an array")
        items = []
    if len(items) > MAX_ENTRIES:
        problems.append(f"too_many_entries: {len(items)}, the first {MAX_ENTRIES} are read")
    records = [item for item in items[:MAX_ENTRIES] if isinstance(item, dict)]
    if len(records) < len(items[:MAX_ENTRIES]):
        problems.append("wrong_type: an item is not an object")
    hubs = [hub for hub in _list(feed, "hubs") if isinstance(hub, dict)]
    return RawFeed(
        format="json",
        version=version,
        title=_words(feed, "title"),
        link=_string(feed, "home_page_url"),
        lang=_string(feed, "language"),
        hub=next((url for hub in hubs if (url := _string(hub, "url"))), None),
        self_url=_string(feed, "feed_url"),
        entries=tuple(_entry(record) for record in records),
        problems=tuple(dict.fromkeys(problems)),
    )


def _version(feed: dict[str, Any]) -> str:
    """Our name of the version; InputError for one that is not ours to read."""
    declared = feed.get("version")
    number = declared.rpartition(_VERSION)[2].strip("/ ") if isinstance(declared, str) else ""
    if number not in _VERSIONS and _VERSION not in str(declared):
        raise not_a_feed("JSON that is no JSON Feed")
    if number not in _VERSIONS:
        raise not_a_feed(f"JSON Feed of an unknown version, {number[:20]}")
    return _VERSIONS[number]


def _entry(item: dict[str, Any]) -> RawEntry:
    guid = _string(item, "id")
    text = _string(item, "content_text")
    attachments = [part for part in _list(item, "attachments") if isinstance(part, dict)]
    pictures = (
        _string(part, "url")
        for part in attachments
        if (_string(part, "mime_type") or "").startswith("image/")
    )
    authors = [author for author in (*_list(item, "authors"), item.get("author")) if isinstance(author, dict)]
    return RawEntry(
        guid=guid,
        link=_string(item, "url")
        or _string(item, "external_url")
        or (guid if guid and "://" in guid else None),
        title=_words(item, "title"),
        summary=_words(item, "summary"),
        content=_string(item, "content_html") or (text and f"<p>{html.escape(text)}</p>"),
        authors=tuple(Words(name, is_html=False) for author in authors if (name := _string(author, "name"))),
        published=_string(item, "date_published"),
        updated=_string(item, "date_modified"),
        lang=_string(item, "language"),
        tags=tuple(Words(tag, is_html=False) for tag in _list(item, "tags") if isinstance(tag, str)),
        image=_string(item, "image") or _string(item, "banner_image") or next(filter(None, pictures), None),
    )


def _string(record: dict[str, Any], key: str) -> str | None:
    """A member as a string; numbers are taken as written, as the specification asks for ids."""
    value = record.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value else None


def _words(record: dict[str, Any], key: str) -> Words | None:
    value = _string(record, key)
    return Words(value, is_html=False) if value else None


def _list(record: dict[str, Any], key: str) -> Iterator[Any]:
    value = record.get(key)
    yield from value if isinstance(value, list) else ()


def _no_constant(name: str) -> NoReturn:
    message = f"{name} is not JSON"
    raise ValueError(message)
