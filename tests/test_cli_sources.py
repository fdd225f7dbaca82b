"""The commands `sources list` and `sources check`."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pressclip.cli.context import Given
from pressclip.cli.sources import _print_table, sources
from pressclip.errors import UsageError
from pressclip.sources import CATALOGUE, read

GOOD = """
[[source]]
name = "あたらしい新聞"
feed = "https://news.example/[b]feed[/b].xml"
lang = "ja"
topics = ["crypto", "ai"]
interval = "90m"
headers = { Authorization = "Bearer ${FEED_TOKEN}" }

[[source]]
name = "archive"
sitemap = "https://news.example/sitemap.xml"
enabled = false
"""
BAD = '[[source]]\nname = "bad"\nfeeed = "https://bad.example/"\n'


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FEED_TOKEN", "s3cret")
    return Path("sources.toml")


def run(*words: str) -> Result:
    return CliRunner().invoke(sources, words, obj=Given(db=Path("news.db"), sources=None))


def test_list_is_lines_with_tabs_where_no_terminal_is(path: Path) -> None:
    path.write_text(GOOD, encoding="utf-8")
    result = run("list")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "あたらしい新聞\tja\tcrypto, ai\tfeed\t90m\tyes\thttps://news.example/[b]feed[/b].xml",
        "archive\t\t\tsitemap\t1h\tno\thttps://news.example/sitemap.xml",
    ]


def test_list_for_programs_shows_no_secret(path: Path) -> None:
    path.write_text(GOOD, encoding="utf-8")
    result = run("list", "--json")
    first, second = json.loads(result.stdout)
    assert (first["name"], first["topics"], first["headers"]) == (
        "あたらしい新聞",
        ["crypto", "ai"],
        ["Authorization"],
    )
    assert (second["kind"], second["enabled"]) == ("sitemap", False)
    assert "s3cret" not in result.output


def test_list_as_a_table_keeps_every_name_whole(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.write_text(GOOD, encoding="utf-8")
    _print_table(read(path))
    shown = capsys.readouterr().out
    assert "あたらしい新聞" in shown
    assert "[b]" in "".join(shown.split())
    assert "2 sources from sources.toml" in shown
    _print_table(read(CATALOGUE))
    shown = capsys.readouterr().out
    assert all(source.name in shown for source in read(CATALOGUE).sources)


def test_list_shows_what_is_good_and_complains_of_the_rest(path: Path) -> None:
    path.write_text(GOOD + BAD, encoding="utf-8")
    result = run("list")
    assert (result.exit_code, len(result.stdout.splitlines())) == (1, 2)
    assert "sources.toml:16" in result.stderr


def test_check_of_a_good_file(path: Path) -> None:
    path.write_text(GOOD, encoding="utf-8")
    result = run("check", "--offline")
    assert (result.exit_code, result.stdout) == (0, "sources.toml: 2 sources (1 enabled), mistakes: 0\n")


def test_check_prints_each_mistake_and_ends_with_1(path: Path) -> None:
    path.write_text(GOOD + BAD, encoding="utf-8")
    result = run("check", "--offline")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        'sources.toml:16: [[source]] "bad": unknown key "feeed" (did you mean "feed"?)',
        "sources.toml: 2 sources (1 enabled), mistakes: 1",
    ]
    report = json.loads(run("check", "--offline", "--json").stdout)
    assert (report["file"], report["sources"], report["enabled"], len(report["mistakes"])) == (
        "sources.toml",
        2,
        1,
        1,
    )


def test_check_ends_with_2_where_nothing_can_be_read(path: Path) -> None:
    path.write_text(BAD + BAD, encoding="utf-8")
    result = run("check", "--offline")
    assert (result.exit_code, len(result.stdout.splitlines())) == (2, 3)
    path.write_text("[crawl", encoding="utf-8")
    error = run("check", "--offline").exception
    assert isinstance(error, UsageError)  # printed, and turned into its exit code, by the command line's main
    assert error.exit_code == 2


def test_without_a_file_the_catalogue_is_listed(path: Path) -> None:
    result = run("list")
    assert not path.exists()
    assert len(result.stdout.splitlines()) == len(read(CATALOGUE).sources)
