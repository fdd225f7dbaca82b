"""sources.toml -> Configuration: how to crawl, and what.

    load ── bytes ── tomllib ── [crawl]    -> CrawlSettings     a mistake here: UsageError
                             ├─ [store]    -> StoreSettings     the same
                             └─ [[source]] -> Source, ...       a mistake here: one line, the others still run

A mistake is one line that names file, line and key: ``sources.toml:12: [[source]] "x": unknown key "intervall"``.
"""

import os
import re
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pressclip import care_keys, files, retention
from pressclip.errors import UsageError
from pressclip.models import KINDS, Care, Source, TopicWords
from pressclip.source_tables import (
    CARE_KEYS,
    CRAWL_KEYS,
    SOURCE_KEYS,
    STORE_KEYS,
    TABLES,
    Mistake,
    contradictions,
    sentence,
    shown,
    unknown,
    unknown_topics,
    values_of,
)
from pressclip.toml_lines import Lines

DEFAULT_FILE = Path("sources.toml")
BUILT_IN = "built-in catalogue"
CATALOGUE = Path(__file__).parent / "catalogue" / "sources.toml"


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
            if name not in TABLES and not isinstance(value, list):
                raise _unusable(self.origin, self.line(name), unknown(name, TABLES))
        values, mistakes = values_of(self.tables.get("crawl", {}), CRAWL_KEYS)
        for wrong in mistakes:
            line = self.line("crawl", 0, wrong.key)
            raise _unusable(self.origin, line, f"[crawl]: {wrong.text}")
        return CrawlSettings(**values)

    def store(self) -> retention.StoreSettings:
        values, mistakes = values_of(self.tables.get("store", {}), STORE_KEYS)
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
                raise _unusable(self.origin, line, f"[topics.{shown(name)}]: {sentence(error)}") from None
        return tuple(found)

    def sources(
        self, allowed: tuple[str, ...], topics: tuple[TopicWords, ...]
    ) -> tuple[tuple[Source, ...], tuple[str, ...]]:
        wrong = [(self.line(name), unknown(name, TABLES)) for name in self.tables if name not in TABLES]
        tables = self.tables.get("source", [])
        if not isinstance(tables, list):
            wrong.append((self.line("source"), "write [[source]], with two brackets on each side"))
            tables = []
        sources: list[Source] = []
        taken: dict[str, int] = {}  # names and URLs, and the number of the source that has them
        for number, table in enumerate(tables):
            values, mistakes = values_of(table, SOURCE_KEYS)
            mistakes = mistakes or [*contradictions(values, allowed), *unknown_topics(values, topics)]
            for key in ("name", *KINDS):
                if (first := taken.get(values.get(key, ""))) is not None:
                    line = self.line("source", first)
                    mistakes.append(Mistake(key, f'"{key}": the source at line {line} has the same'))
            label = f'"{values["name"]}"' if "name" in values else f"number {number + 1}"
            for key, text in mistakes:
                wrong.append((self.line("source", number, key), f"[[source]] {label}: {text}"))
            if not mistakes:
                kind = next(kind for kind in KINDS if kind in values)
                care = Care(topics=topics, **{key: values.pop(key) for key in CARE_KEYS if key in values})
                sources.append(Source(kind=kind, url=values.pop(kind), care=care, **values))
                taken |= {sources[-1].name: number, sources[-1].url: number}
        return tuple(sources), tuple(f"{self.origin}:{line}: {text}" for line, text in sorted(wrong))


def _unusable(origin: str, line: int, reason: str) -> UsageError:
    return UsageError(f"{origin}:{line}: {reason}")


def _text(path: Path, origin: str) -> str:
    try:
        body = files.whole(path)
    except OSError as error:
        message = f"{origin}: cannot be read: {error.strerror}"
        raise UsageError(message) from None
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        raise _unusable(origin, line, "not UTF-8: save the file as UTF-8") from None
