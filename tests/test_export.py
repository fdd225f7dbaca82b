"""Exports: what leaves the store reads back, and does nothing where it arrives."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pressclip.models import Article
from storage.exporting.feed import Feed
from storage.exporting.formats import text
from storage.exporting.jsonl import jsonl
from storage.exporting.notes import markdown, write_folder
from storage.exporting.spreadsheet import csv_lines
from storage.records import Stored

PLAIN = Article(
    url="https://example.com/1", url_key="example.com/1", title="仮想通貨の規制", text="一段落。\n\n二段落。",
    markdown="## 見出し\n\n一段落。\n\n---\n\n二段落。", fetched_at="2026-11-22T10:00:00Z", content_hash="h",
    authors=("山田太郎", "Kim"), topics=("crypto",), lang="ja", published_at="2026-11-21",
    origins={"title": "json-ld"},
)  # fmt: skip
EVIL = "a\"\n---\n| `code` | {{x}} # : [b](c) \x1b[2J \x85\u2028\u2029\ufeff\x7f \\ 'é"


def stored(number: int = 1, **changes: object) -> Stored:
    return Stored(id=number, article=replace(PLAIN, **changes))  # type: ignore[arg-type]  # fields of Article only


def front_matter(document: str) -> dict[str, object]:
    """Read the front matter back: each of its values is JSON, which YAML includes."""
    _, front, _ = re.split(r"^---$", document, maxsplit=2, flags=re.MULTILINE)
    return {
        line.partition(": ")[0]: json.loads(line.partition(": ")[2]) for line in front.strip("\n").split("\n")
    }


def test_jsonl_is_one_object_a_line_with_every_field() -> None:
    first, second = jsonl([stored(1, title=EVIL), stored(2)])
    assert first.count("\n") == second.count("\n") == 1
    back = json.loads(first)
    assert back["id"] == 1
    assert back["title"] == EVIL
    assert back["authors"] == ["山田太郎", "Kim"]
    assert back["origins"] == {"title": "json-ld"}
    assert "仮想通貨" in second


def test_csv_reads_back() -> None:
    text = "".join(csv_lines([stored(1, title=EVIL), stored(2)]))
    header, first, second = csv.reader(io.StringIO(text, newline=""))
    assert header[:3] == ["id", "url", "url_key"]
    assert dict(zip(header, first, strict=True))["title"] == EVIL
    assert dict(zip(header, second, strict=True))["authors"] == '["山田太郎","Kim"]'


@pytest.mark.parametrize(
    "title", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "＝1", "＠x"]
)
def test_e10_what_a_spreadsheet_would_run_is_text(title: str) -> None:
    _, record = csv_lines([stored(title=title)])
    [row] = csv.reader(io.StringIO(record, newline=""))
    assert row[3] == f"'{title}"


@pytest.mark.parametrize(
    "title",
    [EVIL, "---", "- item", "null", "true", "2026-11-22", "@x", "%y", "a: b", "#", "", "'", "&a *b !c |\n>"],
)
def test_e11_front_matter_reads_back(title: str) -> None:
    document = markdown(stored(title=title, authors=(title, "Kim"), published_at=None))
    front = front_matter(document)
    assert front["title"] == title
    assert front["authors"] == [title, "Kim"]
    assert "published_at" not in front
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]", document)
    assert document.endswith("---\n\n## 見出し\n\n一段落。\n\n---\n\n二段落。\n")


def test_a_text_without_markdown_is_the_body() -> None:
    assert markdown(stored(markdown="")).endswith("---\n\n一段落。\n\n二段落。\n")


def test_c02_a_folder_holds_one_file_an_article_and_nothing_outside(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    articles = [
        stored(1, title="../../x", source="../y"),
        stored(2, published_at=None),
        stored(3, published_at="../../etc"),
    ]
    assert write_folder(articles, folder) == 3
    assert sorted(path.name for path in folder.iterdir()) == ["2026-11-21-1.md", "2026-11-22-2.md", "3.md"]
    assert list(tmp_path.iterdir()) == [folder]
    assert write_folder(articles, folder) == 3


def test_exports_take_one_article_at_a_time() -> None:
    given: list[int] = []

    def endless() -> Iterator[Stored]:
        number = 0
        while True:
            number += 1
            given.append(number)
            yield stored(number)

    for form in ("jsonl", "csv", "markdown", "atom", "json-feed"):
        given.clear()
        parts = text(form, endless(), Feed(title="t"))
        while len(given) < 2:
            next(parts)
        next(parts)
        assert len(given) <= 3
