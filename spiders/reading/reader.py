"""The entry point: the bytes of an answer -> a Feed, or a reason why there is none."""

import re
from zoneinfo import ZoneInfo

from pressclip import dates
from spiders.reading import dialects, encodings, entries, json_feed, links, mending, sniffing, texts
from spiders.reading.feed import Feed, RawFeed

_NUMBER = re.compile(r"\d{1,7}")
_PERIODS = frozenset(("hourly", "daily", "weekly", "monthly", "yearly"))


def read_feed(
    body: bytes,
    *,
    url: str,
    content_type: str | None = None,
    lang: str | None = None,
    timezone: str | None = None,
) -> Feed:
    """Read a feed of any format.

    `url` is where it was had (after redirects), `lang` what its readers expect, `timezone` that of dates without one.
    The header's media type is not believed, its charset is one witness. Pure: no file, no network, no clock.

    Raises:
        InputError: ``not_a_feed`` (the message says what it looks like), ``parse_error``, ``too_large``.
    """
    sniffing.refuse_bytes(body)
    decoded = encodings.decode(body, content_type=content_type, lang=lang)
    if sniffing.is_json(decoded.text):
        raw = json_feed.read(decoded.text.strip())
    else:
        root = sniffing.find_root(decoded.text)
        raw = dialects.read(mending.mend(decoded.text, root), root.name)
    zone = ZoneInfo(timezone) if timezone else None
    return _finish(raw, url, (texts.language(lang), zone), decoded.problem)


def _finish(
    raw: RawFeed, url: str, expected: tuple[str | None, ZoneInfo | None], decoding_problem: str | None
) -> Feed:
    """Judge a raw feed and all its entries; `expected` are their language and their zone."""
    lang, (expected_lang, zone) = texts.language(raw.lang), expected
    found = [
        entries.finish(entry, base=url, lang=lang, expected_lang=expected_lang, zone=zone)
        for entry in raw.entries
    ]
    kept, duplicates = entries.once(entry for entry in found if entry)
    empty = found.count(None)
    problems = (decoding_problem, *raw.problems, f"empty_entry: {empty}" if empty else None, duplicates)
    frequency = _number(raw.update_frequency)
    period = (raw.update_period or "").strip().lower()
    return Feed(
        format=raw.format,
        version=raw.version,
        title=texts.line(raw.title),
        link=links.resolve(raw.link, url).url,
        lang=lang,
        hub=links.resolve(raw.hub, url).url,
        self_url=links.resolve(raw.self_url, url).url,
        ttl=_number(raw.ttl),
        skip_hours=raw.skip_hours,
        skip_days=raw.skip_days,
        update_period=period if period in _PERIODS else None,
        update_frequency=frequency or None,
        update_base=dates.parse(raw.update_base),
        entries=kept,
        problems=tuple(problem for problem in problems if problem),
    )


def _number(raw: str | None) -> int | None:
    """A whole number of at most seven digits, or None."""
    text = (raw or "").strip()
    return int(text) if _NUMBER.fullmatch(text) else None
