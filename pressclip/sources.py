"""sources.toml -> Configuration: how to crawl, and what.

    load ── bytes ── tomllib ── [crawl]    -> CrawlSettings     a mistake here: UsageError
                             ├─ [store]    -> StoreSettings     the same
                             └─ [[source]] -> Source, ...       a mistake here: one line, the others still run

A mistake is one line that names file, line and key: ``sources.toml:12: [[source]] "x": unknown key "intervall"``.
"""

import difflib
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from pressclip import care_keys, retention
from pressclip import source_keys as keys
from pressclip.errors import UsageError
from pressclip.models import Care, Source, SourceKind, TopicWords
from pressclip.toml_lines import Lines

DEFAULT_FILE = Path("sources.toml")
BUILT_IN = "built-in catalogue"
CATALOGUE = Path(__file__).parent / "catalogue" / "sources.toml"
#: Topics whose words ship with the package (pipelines/topics).
SHIPPED_TOPICS = ("crypto", "ai")
MIN_INTERVAL = 300  # seconds: nobody's public feed is asked more often

KINDS: tuple[SourceKind, ...] = ("feed", "sitemap", "page")


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlSettings:
    """The ``[crawl]`` table: what holds for all sources. Times in seconds, sizes in bytes."""

    contact: str | None = None  # URL or mail address, sent in User-Agent
    delay: float = 2.0  # between two requests to one host
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)  # processes that extract
    allow_hosts: tuple[str, ...] = ()  # names, addresses, networks reachable although private
    timeout: float = 60.0  # one request in all
    deadline: float = 20.0  # one extraction
    max_page: int = 16 * 2**20
    max_feed: int = 8 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """A sources.toml as read; what is wrong in it stands in `mistakes`, one line each."""

    crawl: CrawlSettings
    sources: tuple[Source, ...]  # disabled ones too
    mistakes: tuple[str, ...]
    origin: str  # path of the file, or "built-in catalogue"
    topics: tuple[TopicWords, ...] = ()  # that the file defines, beside those of the package
    store: retention.StoreSettings = field(default_factory=retention.StoreSettings)


_Readers = Mapping[str, Callable[[object], Any]]

_TABLES = ("crawl", "source", "store", "topics")
_CRAWL_KEYS: _Readers = {
    "contact": keys.contact,
    "delay": keys.number(float, 0, 3600),
    "workers": keys.number(int, 1, 256),
    "allow_hosts": keys.hosts,
    "timeout": keys.number(float, 0.1, 3600),
    "deadline": keys.number(float, 0.1, 3600),
    "max_page": keys.number(int, 1024, 2**30),
    "max_feed": keys.number(int, 1024, 2**30),
}
_STORE_KEYS: _Readers = {
    "keep_pages": retention.age_or_size,
    "keep_rejected": retention.age,
    "keep_runs": retention.age,
}
_SOURCE_KEYS: _Readers = {
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
_CARE_KEYS = ("languages", "only_topics", "timezone")


def load(path: Path | None = None) -> Configuration:
    """Read a sources.toml; without `path` the one in the working directory, else the built-in catalogue.

    Raises:
        UsageError: the file cannot be read or is no TOML, ``[crawl]`` or ``[store]`` is wrong, or no source is left.
    """
    configuration = read(path)
    if not configuration.sources:
        mistakes = configuration.mistakes or (f"{configuration.origin}:1: no [[source]] is there",)
        raise UsageError(mistakes[0] + "; no source is left to read")
    return configuration


def read(path: Path | None = None) -> Configuration:
    """Read as `load` does, but let a file without any good source pass, so that all its mistakes can be shown.

    Raises:
        UsageError: the file cannot be read or is no TOML, or ``[crawl]`` is wrong.
    """
    if path is None and DEFAULT_FILE.is_file():
        path = DEFAULT_FILE
    origin = BUILT_IN if path is None else str(path)
    document = _Document(origin, _text(CATALOGUE if path is None else path, origin))
    crawl, topics = document.crawl(), document.topics()
    sources, mistakes = document.sources(crawl.allow_hosts, topics)
    return Configuration(
        crawl=crawl, sources=sources, mistakes=mistakes, origin=origin, topics=topics, store=document.store()
    )


class _Mistake(NamedTuple):
    key: str  # empty: the table itself is wrong
    text: str


class _Document:
    """A TOML text and what it says; line numbers are looked up only where there is a mistake to report."""

    def __init__(self, origin: str, text: str) -> None:
        self.origin = origin
        self.text = text
        try:
            self.tables = tomllib.loads(text)
        except RecursionError:
            raise _unusable(origin, 1, "nested too deeply") from None
        except ValueError as error:  # also for numbers of thousands of digits
            place = re.search(r"\(at line (\d+), column \d+\)$", str(error))
            line = int(place[1]) if place else text.count("\n") + 1
            raise _unusable(origin, line, str(error).partition(" (at ")[0]) from None

    @cached_property
    def lines(self) -> Lines:
        return Lines(self.text)

    def line(self, table: str, number: int = 0, key: str = "") -> int:
        return self.lines.find(table, number, key)

    def crawl(self) -> CrawlSettings:
        for name, value in self.tables.items():
            if name not in _TABLES and not isinstance(value, list):
                raise _unusable(self.origin, self.line(name), _unknown(name, _TABLES))
        values, mistakes = _values(self.tables.get("crawl", {}), _CRAWL_KEYS)
        for wrong in mistakes:
            line = self.line("crawl", 0, wrong.key)
            raise _unusable(self.origin, line, f"[crawl]: {wrong.text}")
        return CrawlSettings(**values)

    def store(self) -> retention.StoreSettings:
        values, mistakes = _values(self.tables.get("store", {}), _STORE_KEYS)
        for wrong in mistakes:
            raise _unusable(self.origin, self.line("store", 0, wrong.key), f"[store]: {wrong.text}")
        return retention.StoreSettings(**values)

    def topics(self) -> tuple[TopicWords, ...]:
        tables = self.tables.get("topics", {})
        if not isinstance(tables, dict):
            raise _unusable(
                self.origin, self.line("topics"), "write [topics.NAME], with one bracket each side"
            )
        found: list[TopicWords] = []
        for name, table in tables.items():
            try:
                found.append(care_keys.topic_words(name, table))
            except ValueError as error:
                line = self.line("topics", 0, name)
                raise _unusable(self.origin, line, f"[topics.{_shown(name)}]: {_sentence(error)}") from None
        return tuple(found)

    def sources(
        self, allowed: tuple[str, ...], topics: tuple[TopicWords, ...]
    ) -> tuple[tuple[Source, ...], tuple[str, ...]]:
        wrong = [(self.line(name), _unknown(name, _TABLES)) for name in self.tables if name not in _TABLES]
        tables = self.tables.get("source", [])
        if not isinstance(tables, list):
            wrong.append((self.line("source"), "write [[source]], with two brackets on each side"))
            tables = []
        sources: list[Source] = []
        taken: dict[str, int] = {}  # names and URLs, and the number of the source that has them
        for number, table in enumerate(tables):
            values, mistakes = _values(table, _SOURCE_KEYS)
            mistakes = mistakes or [*_contradictions(values, allowed), *_unknown_topics(values, topics)]
            for key in ("name", *KINDS):
                if (first := taken.get(values.get(key, ""))) is not None:
                    line = self.line("source", first)
                    mistakes.append(_Mistake(key, f'"{key}": the source at line {line} has the same'))
            label = f'"{values["name"]}"' if "name" in values else f"number {number + 1}"
            for key, text in mistakes:
                wrong.append((self.line("source", number, key), f"[[source]] {label}: {text}"))
            if not mistakes:
                kind = next(kind for kind in KINDS if kind in values)
                care = Care(topics=topics, **{key: values.pop(key) for key in _CARE_KEYS if key in values})
                sources.append(Source(kind=kind, url=values.pop(kind), care=care, **values))
                taken |= {sources[-1].name: number, sources[-1].url: number}
        return tuple(sources), tuple(f"{self.origin}:{line}: {text}" for line, text in sorted(wrong))


def _unusable(origin: str, line: int, reason: str) -> UsageError:
    return UsageError(f"{origin}:{line}: {reason}")


def _text(path: Path, origin: str) -> str:
    try:
        body = path.read_bytes()
    except OSError as error:
        message = f"{origin}: cannot be read: {error.strerror}"
        raise UsageError(message) from None
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        raise _unusable(origin, line, "not UTF-8: save the file as UTF-8") from None


def _values(table: object, readers: _Readers) -> tuple[dict[str, Any], list[_Mistake]]:
    """Read each key of a table by its reader; return what is good, and what is not."""
    if not isinstance(table, dict):
        return {}, [_Mistake("", "must be a table")]
    values: dict[str, Any] = {}
    mistakes: list[_Mistake] = []
    for key, raw in table.items():
        if key not in readers:
            mistakes.append(_Mistake(key, _unknown(key, readers)))
            continue
        try:
            values[key] = readers[key](raw)
        except ValueError as error:
            mistakes.append(_Mistake(key, f'"{key}": {_sentence(error)}'))
    return values, mistakes


def _contradictions(values: Mapping[str, Any], allowed: tuple[str, ...]) -> Iterator[_Mistake]:
    """Yield what is wrong between the keys of one source."""
    if "name" not in values:
        yield _Mistake("", 'the key "name" is missing')
    for key in ("headers", "cookies", "auth", "proxy", "insecure"):
        if values.get("render") and values.get(key):
            yield _Mistake(
                "render", f'"render": a browser would use "{key}" for any host; leave one of them out'
            )
    names = {name.lower() for name, _ in values.get("headers", ())}
    for key, header in (("auth", "authorization"), ("cookies", "cookie")):
        if key in values and header in names:
            yield _Mistake(key, f'"{key}": "headers" says the same already')
    for key, kind in _KEYS_OF_A_KIND.items():
        if key in values and kind not in values:
            yield _Mistake(key, f'"{key}": means something only beside "{kind}"')
    addresses = [values[kind] for kind in KINDS if kind in values]
    if len(addresses) != 1:
        yield _Mistake("", 'exactly one of "feed", "sitemap" and "page" is needed')
    elif values.get("interval", MIN_INTERVAL) < MIN_INTERVAL and not keys.is_allowed(
        urlsplit(addresses[0]).hostname or "", allowed
    ):
        yield _Mistake("interval", f'"interval": {MIN_INTERVAL // 60} minutes at least for a public site')


def _unknown_topics(values: Mapping[str, Any], topics: tuple[TopicWords, ...]) -> Iterator[_Mistake]:
    """Yield the topics that no article can have: nothing would be kept."""
    known = {*SHIPPED_TOPICS, *(topic.name for topic in topics), *values.get("topics", ())}
    for name in values.get("only_topics", ()):
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            meant = f'did you mean "{near[0]}"?' if near else f"define it in [topics.{name}]"
            yield _Mistake("only_topics", f'"only_topics": no topic is called "{name}" ({meant})')


def _sentence(error: ValueError) -> str:
    """Put msgspec's wording ("Expected `str`, got `int` - at `$[0]`") in line with ours."""
    words = str(error).partition(" - at ")[0].replace("`", "")
    return words[:1].lower() + words[1:]


def _unknown(key: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    return f'unknown key "{_shown(key)}"' + (f' (did you mean "{near[0]}"?)' if near else "")


def _shown(key: str) -> str:
    """Escape what a terminal would obey, and cut what would fill it."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in key[:80])
