"""What an article was before: the list of its versions, and what changed since."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from loopback import CommandLine

from pressclip.differences import difference, sentences
from pressclip.models import Article, Clipping, Page
from storage.store import Store

FIRST = (
    "取引所は火曜日、板情報を公開すると発表した。価格は前日比３％高となった。\n\n次の会議は来週に開かれる。"
)
SECOND = "取引所は火曜日、板情報を公開すると発表した。価格は前日比５％高となった。\n\n次の会議は来週に開かれる。関係者は歓迎した。"


def version(number: int, text: str, title: str = "板情報の公開") -> Clipping:
    url = "https://wire.example/1"
    at = f"2026-11-2{number}T10:00:00Z"
    return Clipping(
        url=url, source=None, state="done", page=Page(url=url, final_url=url, body=text.encode(), fetched_at=at),
        article=Article(
            url=url, url_key="wire.example/1", title=title, text=text, markdown=text, content_hash=f"{title}{text}",
            fetched_at=at,
        ),
    )  # fmt: skip


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    with Store.open(tmp_path / "news.db") as store:
        store.save([version(1, FIRST, "速報\x1b[2J")])
        store.save([version(2, FIRST)])
        store.save([version(3, SECOND)])
        store.save([version(4, "短い。")])
    return tmp_path


def test_history_lists_when_why_how_long_and_the_title(changed: Path, pressclip: CommandLine) -> None:
    lines = pressclip("show", "1", "--history").stdout.splitlines()
    assert [line.split("\t") for line in lines] == [
        ["1", "2026-11-22 10:00", "the page changed", str(len(FIRST)), "速報\\x1b[2J"],
        ["2", "2026-11-23 10:00", "the page changed", str(len(FIRST)), "板情報の公開"],
        ["3", "2026-11-24 10:00", "suspect: much shorter", "3", "板情報の公開"],
        ["current", "2026-11-23 10:00", "", str(len(SECOND)), "板情報の公開"],
    ]


def test_diff_shows_the_sentences_that_changed(changed: Path, pressclip: CommandLine) -> None:
    shown = pressclip("show", "1", "--diff", "2").stdout.splitlines()
    assert shown[2:] == [
        "… 1 the same",
        "  取引所は火曜日、板情報を公開すると発表した。",
        "- 価格は前日比３％高となった。",
        "+ 価格は前日比５％高となった。",
        "  次の会議は来週に開かれる。",
        "+ 関係者は歓迎した。",
    ]
    assert pressclip("show", "1", "--diff", "1").stdout.splitlines()[2:4] == [
        "- 速報\\x1b[2J",
        "+ 板情報の公開",
    ]
    assert "revision 3" in pressclip("show", "1", "--diff").stdout  # the last one


def test_a_revision_that_is_not_there_is_named(changed: Path, pressclip: CommandLine) -> None:
    missing = pressclip("show", "1", "--diff", "9")
    assert (missing.returncode, missing.stderr) == (1, "pressclip: article 1 has no revision 9: it has 3\n")


def test_an_article_that_never_changed_says_so(tmp_path: Path, pressclip: CommandLine) -> None:
    with Store.open(tmp_path / "news.db") as store:
        store.save([version(1, FIRST)])
    assert "it never changed" in pressclip("show", "1", "--diff").stderr
    assert pressclip("show", "1", "--history").stdout.startswith("current\t")


@pytest.mark.parametrize(
    ("old", "new", "gone", "come"),
    [
        ("前日比３％高となった。", "前日比５％高となった。", ["３"], ["５"]),
        ("비트코인은 삼 퍼센트 올랐다.", "비트코인은 오 퍼센트 올랐다.", ["삼"], ["오"]),
        ("Prices rose three percent on Monday.", "Prices rose five percent on Monday.", ["three"], ["five"]),
        ("All of it changed at once.", "価格は上がった。", [], []),
    ],
)
def test_what_changed_within_a_sentence_is_marked(
    old: str, new: str, gone: list[str], come: list[str]
) -> None:
    before, after = difference(old, new)
    assert [text for text, changed in before.parts if changed] == gone
    assert [text for text, changed in after.parts if changed] == come


@given(st.text("ab。. \n「」！", max_size=60), st.text("ab。. \n「」！", max_size=60))
def test_a_difference_holds_both_texts(old: str, new: str) -> None:
    lines = difference(old, new, context=1000)
    if sentences(old) == sentences(new):
        assert not any(line.kind in "-+" for line in lines)
        return
    assert [line.text for line in lines if line.kind in "- "] == sentences(old)
    assert [line.text for line in lines if line.kind in "+ "] == sentences(new)
