"""The built-in catalogue: what it promises, and that it loads."""

import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pressclip import sources
from pressclip.models import Source

ROOT = Path(__file__).parent.parent
LANGUAGES = {"en", "ja", "zh-Hans", "zh-Hant", "ko"}


@pytest.fixture(scope="module")
def catalogue() -> sources.Configuration:
    return sources.read(sources.CATALOGUE)


@pytest.fixture(scope="module")
def enabled(catalogue: sources.Configuration) -> list[Source]:
    return [source for source in catalogue.sources if source.enabled]


def test_it_is_what_is_read_where_there_is_no_file(
    catalogue: sources.Configuration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    built_in = sources.load()
    assert (built_in.sources, built_in.origin) == (catalogue.sources, "built-in catalogue")


def test_it_has_no_mistake(catalogue: sources.Configuration) -> None:
    assert catalogue.mistakes == ()
    assert catalogue.crawl == sources.CrawlSettings()


def test_a_hundred_feeds_on_crypto_and_ai_in_the_four_languages(enabled: list[Source]) -> None:
    counts = Counter((source.lang, *source.topics) for source in enabled)
    assert sum(counts.values()) >= 100
    assert {lang for lang, _ in counts} == LANGUAGES
    assert {topic for _, topic in counts} == {"crypto", "ai"}
    assert counts["en", "crypto"] >= 35
    assert counts["en", "ai"] >= 30
    assert counts["ja", "crypto"] >= 8
    assert counts["ja", "ai"] >= 5
    assert counts["zh-Hans", "crypto"] >= 7
    assert counts["zh-Hans", "ai"] >= 3
    assert counts["zh-Hant", "crypto"] >= 3
    assert counts["ko", "crypto"] >= 4
    assert counts["ko", "ai"] >= 2


def test_addresses_are_public_and_encrypted(catalogue: sources.Configuration) -> None:
    for source in catalogue.sources:
        assert source.kind == "feed"
        assert source.homepage is not None
        for url in (source.url, source.homepage):
            assert url.startswith("https://"), source.name
            assert "." in (urlsplit(url).hostname or "")


def test_names_are_short_ascii_words(catalogue: sources.Configuration) -> None:
    for source in catalogue.sources:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", source.name), source.name
        assert source.title


def test_each_disabled_source_says_why() -> None:
    lines = sources.CATALOGUE.read_text(encoding="utf-8").splitlines()
    disabled = [line for line in lines if line.startswith("enabled")]
    assert disabled
    assert all(re.fullmatch(r"enabled = false # \S.+", line) for line in disabled)


def test_the_example_has_no_mistake() -> None:
    example = sources.load(ROOT / "sources.toml")
    assert example.mistakes == ()
    assert len(example.sources) == 3
