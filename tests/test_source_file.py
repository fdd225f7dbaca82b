"""sources.toml is edited as people do: what was not meant stays byte for byte."""

import stat
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given as for_all
from hypothesis import strategies as st

from pressclip import source_file, source_keys, source_names
from pressclip.cli.context import Given
from pressclip.cli.sources import sources
from pressclip.errors import UsageError
from pressclip.rewriting import rewrite

FILE = """\
# my sources
[crawl]
delay = 0 # none

# --- Japanese ---
[[source]]
name = "あたらしい新聞" # the new one
feed = "https://a.example/feed"
  # indented

# --- others ---
[[source]]
  name = 'two'
  feed = "https://b.example/#[[source]]"
  keep = [
    "article", # [[source]]
  ]
[source.headers]
X-Edition = "en"
# after two

[[source]]
name = "wrong"
feeed = 7
"""
NEW = {"name": "new", "feed": "https://n.example/feed", "topics": ["ai"]}


def test_a_table_is_appended_and_all_else_stays() -> None:
    assert source_file.add(FILE, [NEW]) == FILE + (
        '\n[[source]]\nname = "new"\nfeed = "https://n.example/feed"\ntopics = ["ai"]\n'
    )


@pytest.mark.parametrize(
    "text", ["", "# only words", "[crawl]\ndelay = 1", '[[source]]\r\nname = "a"', "x.y = 1\r\n"]
)
def test_whatever_is_there_a_table_can_be_appended(text: str) -> None:
    after = source_file.add(text, [NEW])
    assert after.startswith(text)
    assert tomllib.loads(after)["source"][-1] == NEW
    assert ("\r\n" in after) == ("\r\n" in text)
    assert after.count("\n") == after.count("\r\n") or "\r\n" not in text


def test_what_toml_escapes_is_escaped() -> None:
    odd = {"name": "a", "feed": "https://n.example/?q='\"\\", "title": 'a "b" \\ \t 日本'}
    assert tomllib.loads(source_file.add("", [odd]))["source"] == [odd]


def test_a_table_goes_with_its_own_tables_and_comments_around_it_stay() -> None:
    after = source_file.remove(FILE, ["two"])
    head, tail = FILE.split("[[source]]\n  name", maxsplit=1)[0], FILE.split('X-Edition = "en"\n')[1]
    assert after == head + tail
    assert source_file.remove(FILE, ["あたらしい新聞"]).count("# --- Japanese ---\n  # indented\n") == 1
    assert source_file.tables(source_file.remove(FILE, ["two", "wrong"])) == source_file.tables(FILE)[:1]


def test_a_table_is_switched_where_its_own_keys_end() -> None:
    off = source_file.switch(FILE, ["two"], on=False)
    assert off == FILE.replace("  ]\n", "  ]\n  enabled = false\n")
    assert source_file.switch(off, ["two"], on=True) == off.replace("false", "true")
    assert source_file.switch(FILE, ["two"], on=True) == FILE
    commented = '[[source]]\nname = "a"\nenabled  =false   # for now\n'
    assert source_file.switch(commented, ["a"], on=True) == commented.replace("false", "true")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda: source_file.add(FILE, [NEW | {"name": "two"}]), '"two" is there already'),
        (lambda: source_file.add(FILE, [NEW | {"feed": "https://a.example/feed"}]), 'as the source "あたらしい新聞"'),
        (lambda: source_file.add("", [NEW, NEW]), "is there already"),
        (lambda: source_file.remove(FILE, ["tow"]), "did you mean two"),
        (lambda: source_file.remove(FILE, ["../../etc/passwd"]), "sources list"),
        (lambda: source_file.switch(FILE + FILE[FILE.index("[[") :], ["two"], on=True), "2 sources are called"),
        (lambda: source_file.add('source = [{ name = "a" }]', [NEW]), "edit it by hand"),
        (lambda: source_file.remove('source = [{ name = "a" }]', ["a"]), "are not written as"),
        (lambda: source_file.remove("[crawl", ["a"]), "is no TOML"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said(change: object, says: str) -> None:
    assert callable(change)
    with pytest.raises(UsageError, match=says):
        change()


words = st.text("ab #\"'[]={}あ\\", max_size=12)
lines = st.one_of(words.map(lambda word: f"# {word}"), st.just(""), st.just("   "))
tables = st.builds(
    lambda before, keys, within, note: (before, keys, within, note),
    st.lists(lines, max_size=3),
    st.lists(
        st.tuples(st.sampled_from(["title", "lang", "x", '"q"']), words), max_size=3, unique_by=lambda k: k[0]
    ),
    st.booleans(),
    words,
)
BASIC = str.maketrans({"\\": "\\\\", '"': '\\"'})


def written(number: int, table: tuple[list[str], list[tuple[str, str]], bool, str]) -> list[str]:
    """Write one source in one of many ways."""
    before, keys, within, note = table
    body = [f'{key} = "{value.translate(BASIC)}" # {note}' for key, value in keys]
    sub = ["[source.headers]", f'X = """{note.translate(BASIC)}', '[[source]]"""'] if within else []
    return [*before, "[[source]]", f'name = "s{number}"', *body, *sub]


@for_all(st.lists(tables, min_size=1, max_size=4), st.lists(lines, max_size=3), st.booleans(), st.data())
def test_an_edit_touches_its_own_lines_only(
    made: list[tuple[list[str], list[tuple[str, str]], bool, str]], after: list[str], crlf: bool, data: st.DataObject
) -> None:  # fmt: skip
    parts = [written(number, table) for number, table in enumerate(made)]
    newline = "\r\n" if crlf else "\n"
    text = newline.join([*(line for part in parts for line in part), "[crawl]", "delay = 1", *after, ""])
    chosen = data.draw(st.integers(0, len(made) - 1))
    name = f"s{chosen}"

    def kept(document: str) -> list[str]:
        return [line for line in document.split(newline) if line.strip()]

    own = parts[chosen][len(made[chosen][0]) :]
    others = [line for n, part in enumerate(parts) for line in (made[chosen][0] if n == chosen else part)]
    assert kept(source_file.remove(text, [name])) == kept(
        newline.join([*others, "[crawl]", "delay = 1", *after])
    )
    off = source_file.switch(text, [name], on=False)
    assert off.replace(f"enabled = false{newline}", "", 1) == text
    assert off.index("enabled = false") > text.index(own[1])
    assert source_file.add(text, [NEW]).startswith(text)
    assert tomllib.loads(source_file.add(text, [NEW]))["crawl"] == {"delay": 1}


@for_all(
    st.text(max_size=40) | st.none(),
    st.from_regex(r"https?://[a-z0-9.-]{1,120}(:8080)?/[^\s#?]{0,80}", fullmatch=True),
    st.integers(0, 3),
)
def test_c02_every_name_that_is_made_is_one(title: str | None, url: str, taken: int) -> None:
    names: set[str] = set()
    for _ in range(taken + 1):
        name = source_names.unique(title, url, names)
        assert source_keys.name(name) == name
        assert name not in names
        names.add(name)


def test_a_rewritten_file_keeps_its_mode_its_mark_and_its_link(tmp_path: Path) -> None:
    real = tmp_path / "real.toml"
    real.write_bytes(b"\xef\xbb\xbf# one\r\n")
    real.chmod(0o640)
    link = tmp_path / "sources.toml"
    link.symlink_to(real)
    assert rewrite(link, lambda text: text + "# two\r\n")
    assert real.read_bytes() == b"\xef\xbb\xbf# one\r\n# two\r\n"
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert link.is_symlink()
    assert not rewrite(link, lambda text: text)
    assert {each.name for each in tmp_path.iterdir()} == {"real.toml", "sources.toml"}


def test_a_change_that_fails_leaves_the_file(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(FILE, encoding="utf-8")
    with pytest.raises(UsageError, match=r"sources\.toml: no source is called 'x'"):
        rewrite(path, lambda text: source_file.remove(text, ["x"]))
    assert path.read_text(encoding="utf-8") == FILE
    with pytest.raises(UsageError, match="cannot be read or changed"):
        rewrite(tmp_path / "none" / "sources.toml", str.upper, start="")
    path.write_bytes(b"\xff")
    with pytest.raises(UsageError, match="not UTF-8"):
        rewrite(path, str.upper)
    assert [each.name for each in tmp_path.iterdir()] == ["sources.toml"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sources.toml").write_text(FILE, encoding="utf-8")
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(sources, words, obj=Given(db=Path("news.db"), sources=None))


def test_the_commands_say_what_they_did(folder: Path) -> None:
    assert run("disable", "two").stdout == "disabled two in sources.toml\n"
    assert run("disable", "two").stdout == "two is disabled in sources.toml already\n"
    assert "enabled = false" in (folder / "sources.toml").read_text(encoding="utf-8")
    assert run("enable", "two").stdout == "enabled two in sources.toml\n"
    result = run("remove", "two", "wrong")
    assert result.stdout.splitlines() == [
        "removed two from sources.toml; nothing of it is stored",
        "removed wrong from sources.toml; nothing of it is stored",
    ]
    assert isinstance(run("remove", "two").exception, UsageError)


def test_the_catalogue_is_not_edited(folder: Path) -> None:
    (folder / "sources.toml").unlink()
    error = run("remove", "coindesk").exception
    assert isinstance(error, UsageError)
    assert "built-in catalogue cannot be edited" in str(error)
