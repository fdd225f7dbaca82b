"""What the tables of sources.toml may hold: a reader for each key, and what is wrong between keys."""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from pressclip import care_keys, retention
from pressclip import source_keys as keys
from pressclip.models import KINDS, TopicWords

#: Topics whose words ship with the package (pipelines/topics).
SHIPPED_TOPICS = ("crypto", "ai")
MIN_INTERVAL = 300  # seconds: nobody's public feed is asked more often

Readers = Mapping[str, Callable[[object], Any]]

TABLES = ("crawl", "source", "store", "topics")
CRAWL_KEYS: Readers = {
    "contact": keys.contact,
    "delay": keys.number(float, 0, 3600),
    "workers": keys.number(int, 1, 256),
    "allow_hosts": keys.hosts,
    "timeout": keys.number(float, 0.1, 3600),
    "deadline": keys.number(float, 0.1, 3600),
    "max_page": keys.number(int, 1024, 2**30),
    "max_feed": keys.number(int, 1024, 2**30),
}
STORE_KEYS: Readers = {
    "keep_pages": retention.age_or_size,
    "keep_rejected": retention.age,
    "keep_runs": retention.age,
}
SOURCE_KEYS: Readers = {
    "name": keys.name,
    **dict.fromkeys(KINDS, keys.url),
    "lang": keys.language,
    "topics": keys.texts,
    "interval": keys.seconds,
    "headers": keys.headers,
    "cookies": care_keys.cookies,
    "auth": care_keys.auth,
    "proxy": care_keys.proxy,
    "insecure": keys.flag,
    "keep_entries": care_keys.rules,
    "drop_entries": care_keys.rules,
    "languages": care_keys.languages,
    "only_topics": keys.texts,
    "full_text": keys.flag,
    "timezone": care_keys.timezone,
    "keep": keys.selectors,
    "drop": keys.selectors,
    "render": keys.browser,
    "horizon": keys.horizon,
    "depth": keys.number(int, 1, 10),
    "links": keys.selectors,
    "enabled": keys.flag,
    "title": keys.text,
    "homepage": keys.url,
}
_KEYS_OF_A_KIND = {"full_text": "feed", "horizon": "sitemap", "depth": "page", "links": "page"}
CARE_KEYS = ("languages", "only_topics", "timezone")


class Mistake(NamedTuple):
    """What is wrong with one key of a table."""

    key: str  # empty: the table itself is wrong
    text: str


def values_of(table: object, readers: Readers) -> tuple[dict[str, Any], list[Mistake]]:
    """Read each key of a table by its reader; return what is good, and what is not."""
    if not isinstance(table, dict):
        return {}, [Mistake("", "must be a table")]
    values: dict[str, Any] = {}
    mistakes: list[Mistake] = []
    for key, raw in table.items():
        if key not in readers:
            mistakes.append(Mistake(key, unknown(key, readers)))
            continue
        try:
            values[key] = readers[key](raw)
        except ValueError as error:
            mistakes.append(Mistake(key, f'"{key}": {sentence(error)}'))
    return values, mistakes


def contradictions(values: Mapping[str, Any], allowed: tuple[str, ...]) -> Iterator[Mistake]:
    """Yield what is wrong between the keys of one source."""
    if "name" not in values:
        yield Mistake("", 'the key "name" is missing')
    for key in ("headers", "cookies", "auth", "proxy", "insecure"):
        if values.get("render") and values.get(key):
            yield Mistake(
                "render", f'"render": a browser would use "{key}" for any host; leave one of them out'
            )
    names = {name.lower() for name, _ in values.get("headers", ())}
    for key, header in (("auth", "authorization"), ("cookies", "cookie")):
        if key in values and header in names:
            yield Mistake(key, f'"{key}": "headers" says the same already')
    for key, kind in _KEYS_OF_A_KIND.items():
        if key in values and kind not in values:
            yield Mistake(key, f'"{key}": means something only beside "{kind}"')
    addresses = [values[kind] for kind in KINDS if kind in values]
    if len(addresses) != 1:
        yield Mistake("", 'exactly one of "feed", "sitemap" and "page" is needed')
    elif values.get("interval", MIN_INTERVAL) < MIN_INTERVAL and not keys.is_allowed(
        urlsplit(addresses[0]).hostname or "", allowed
    ):
        yield Mistake("interval", f'"interval": {MIN_INTERVAL // 60} minutes at least for a public site')


def unknown_topics(values: Mapping[str, Any], topics: tuple[TopicWords, ...]) -> Iterator[Mistake]:
    """Yield the topics that no article can have: nothing would be kept."""
    known = {*SHIPPED_TOPICS, *(topic.name for topic in topics), *values.get("topics", ())}
    for name in values.get("only_topics", ()):
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            meant = f'did you mean "{near[0]}"?' if near else f"define it in [topics.{name}]"
            yield Mistake("only_topics", f'"only_topics": no topic is called "{name}" ({meant})')


def sentence(error: ValueError) -> str:
    """Put msgspec's wording ("Expected `str`, got `int` - at `$[0]`") in line with ours."""
    words = str(error).partition(" - at ")[0].replace("`", "")
    return words[:1].lower() + words[1:]


def unknown(key: str, known: Iterable[str]) -> str:
    """Say that nobody knows a key, and which one may have been meant."""
    near = difflib.get_close_matches(key, known, n=1)
    return f'unknown key "{shown(key)}"' + (f' (did you mean "{near[0]}"?)' if near else "")


def shown(key: str) -> str:
    """Escape what a terminal would obey, and cut what would fill it."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in key[:80])
