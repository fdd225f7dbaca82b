"""The commands as people type them: one-off pages, help, errors, Python's door to the same."""

import json
import subprocess
import sys
from pathlib import Path

import click
import newsroom
import pytest
from loopback import CommandLine, Reply, Server

import pressclip as package
from pressclip.cli import cli
from pressclip.errors import PressclipError

JAPANESE = "雪国の町で、雪の冷たさを使う発電所が動き始めた。" * 6


def groups(command: click.Command, path: str) -> "list[tuple[str, click.Command]]":
    subs = getattr(command, "commands", {})
    return [(path, command), *(pair for name, sub in subs.items() for pair in groups(sub, f"{path} {name}"))]


@pytest.mark.parametrize(("path", "command"), groups(cli, "pressclip"))
def test_every_command_helps_with_an_example(path: str, command: click.Command) -> None:
    text = command.get_help(click.Context(command, info_name=path))
    assert "Example:" in text
    assert "pressclip" in text.partition("Example:")[2]


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom pressclip.cli import cli\ncli.main(['--help'], standalone_mode=False)\n"
        "sys.stderr.write(' '.join({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {
        "scrapy",
        "twisted",
        "trafilatura",
        "lxml",
        "feedparser",
        "rich",
        "sqlite_utils",
        "multiprocessing",
    }
    assert heavy & set(done.stderr.split()) == set()


def test_extract_prints_clean_text_and_stores_nothing(pressclip: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(newsroom.article(7))
    done = pressclip("extract", "page.html")
    assert done.returncode == 0, done.stderr
    assert newsroom.PARAGRAPHS[0] in done.stdout
    assert "Markets" not in done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["page.html"]


def test_extract_reads_standard_input_and_writes_json(pressclip: CommandLine) -> None:
    html = f'<html lang="ja"><head><title>雪の発電所</title></head><body><h1>雪の発電所</h1><p>{JAPANESE}</p></body></html>'
    done = pressclip("extract", "-", "--format", "json", "--url", "https://example.org/1", text=html)
    article = json.loads(done.stdout)
    assert (article["title"], article["lang"], article["url"]) == (
        "雪の発電所",
        "ja",
        "https://example.org/1",
    )
    assert JAPANESE in article["text"]


def test_extract_fetches_a_url(server: Server, pressclip: CommandLine, tmp_path: Path) -> None:
    newsroom.publish(server, 1)
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    done = pressclip("extract", f"{server.base}/news/0", "--format", "markdown")
    assert done.stdout.startswith("# Report 0\n"), done.stderr
    assert not (tmp_path / "news.db").exists()


def test_add_says_what_became_of_each_url(server: Server, pressclip: CommandLine, tmp_path: Path) -> None:
    newsroom.publish(server, 2)
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    done = pressclip("add", "-", "--json", text=f"{server.base}/news/0\n\n{server.base}/news/none\n")
    assert done.returncode == 1, "whoever names an address wants its article"
    outcomes = {
        one["url"].rpartition("/")[2]: (one["outcome"], one["reason"]) for one in json.loads(done.stdout)
    }
    assert outcomes == {"0": ("new", None), "none": ("gone", "http_404")}
    again = pressclip("add", f"{server.base}/news/0")
    assert again.stdout.startswith("unchanged #1  ")
    assert again.returncode == 0


def test_add_takes_a_page_from_a_file(pressclip: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(newsroom.article(7))
    done = pressclip("add", "--html", "page.html", "--url", "https://example.org/7", "--json")
    assert [(one["outcome"], one["id"]) for one in json.loads(done.stdout)] == [("new", 1)]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["add", "ftp://example.org/1"], 2, "http://"),
        (["add"], 2, "no address"),
        (["add", "--html", "page.html"], 2, "belong together"),
        (["extract", "nothing.html"], 2, "nothing.html"),
        (["crawl", "nobody"], 2, "nobody"),
        (["--sources", "none.toml", "crawl"], 2, "none.toml"),
        (["--db", "no/such/folder/news.db", "crawl"], 4, "no/such/folder"),
        (["nonsense"], 2, "nonsense"),
    ],
)
def test_a_mistake_is_told_in_words_and_by_the_exit_code(
    pressclip: CommandLine, tmp_path: Path, arguments: list[str], code: int, words: str
) -> None:
    (tmp_path / "page.html").write_bytes(newsroom.article(7))
    done = pressclip(*arguments)
    assert done.returncode == code
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_feed_is_no_page(pressclip: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_bytes(newsroom.feed("https://wire.example", range(9)))
    done = pressclip("extract", "feed.xml")
    assert (done.returncode, done.stdout) == (1, "")
    assert "a feed or sitemap" in done.stderr


def test_extract_explains_what_it_keeps_and_cuts(pressclip: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(newsroom.article(7))
    verdicts = json.loads(pressclip("extract", "page.html", "--explain", "--format", "json").stdout)
    kept = {verdict["text"]: verdict["kept"] for verdict in verdicts}
    assert kept[f"{newsroom.PARAGRAPHS[0]} This is report number 7 of the series."]
    assert not kept["© Small Wire"]
    assert all(verdict["by"] for verdict in verdicts)


def test_extract_explains_text_that_stood_in_the_data(pressclip: CommandLine, tmp_path: Path) -> None:
    data = json.dumps({"articleBody": "\n".join(newsroom.PARAGRAPHS * 2)})
    (tmp_path / "page.html").write_text(
        f"<p>Close</p><script type='application/ld+json'>{data}</script>", encoding="utf-8"
    )
    shown = pressclip("extract", "page.html", "--explain").stdout
    assert shown.count("data") >= len(newsroom.PARAGRAPHS)
    assert newsroom.PARAGRAPHS[0] in " ".join(shown.split())


def test_a_sources_selectors_override_all_judging(
    server: Server, pressclip: CommandLine, tmp_path: Path
) -> None:
    newsroom.publish(server, 1)
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    with (tmp_path / "sources.toml").open("a") as file:
        file.write('keep = ["article p", "footer"]\ndrop = ["article p:nth-of-type(2)"]\n')
    pressclip("crawl")
    text = json.loads(pressclip("show", "1", "--format", "json").stdout)["text"]
    first, _, third = (f"{words} This is report number 0 of the series." for words in newsroom.PARAGRAPHS)
    assert text.split("\n\n") == [first, third, "© Small Wire"]


def test_python_programs_crawl_and_ingest_as_often_as_they_like(server: Server, tmp_path: Path) -> None:
    newsroom.publish(server, 2)
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    db, sources = tmp_path / "news.db", tmp_path / "sources.toml"
    assert package.crawl(db=db, sources=sources).total("new") == 2
    assert package.crawl(db=db, sources=sources, force=True).total("new") == 0
    server.replies["/extra"] = Reply(newsroom.article(9), headers={"Content-Type": newsroom.HTML})
    assert [one.outcome for one in package.ingest([f"{server.base}/extra"], db=db, sources=sources)] == [
        "new"
    ]
    with pytest.raises(PressclipError, match="nobody"):
        package.crawl(["nobody"], db=db, sources=sources)


def test_the_demo_crawls_its_own_site_twice_and_shows_it(pressclip: CommandLine, tmp_path: Path) -> None:
    for _ in range(2):
        done = pressclip("demo")
        assert done.returncode == 0, done.stderr
        assert "17 requests, 0 of them answered" in done.stdout
        assert "4 requests, 4 of them answered" in done.stdout
    assert pressclip("--db", "demo.db", "list").stdout.count("\n") == 12
    assert pressclip("--db", "demo.db", "demo").returncode == 2
    assert not (tmp_path / "news.db").exists()


def test_a_store_can_be_opened_from_python(tmp_path: Path) -> None:
    with package.open_store(tmp_path / "news.db") as store:
        assert store.state("nobody") is None
        assert list(store.articles()) == store.search("anything") == []


def test_a_program_reads_what_it_stored(server: Server, tmp_path: Path) -> None:
    newsroom.publish(server, 3)
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    package.crawl(db=tmp_path / "news.db", sources=tmp_path / "sources.toml")
    with package.open_store(tmp_path / "news.db") as store:
        titles = [stored.article.title for stored in store.articles(package.Selection(limit=2))]
        assert titles == ["Report 2", "Report 1"]
        assert [hit.article.title for hit in store.search('"report number 1"')] == ["Report 1"]
        found = store.article(f"{server.base}/news/0")
        assert found is not None
        assert found.article.title == "Report 0"


def test_an_article_comes_from_bytes_or_text_alike() -> None:
    html = newsroom.article(3)
    from_bytes = package.extract(html, "https://example.org/3")
    from_text = package.extract(html.decode(), "https://example.org/3")
    assert (from_bytes.title, from_bytes.text) == (from_text.title, from_text.text)
