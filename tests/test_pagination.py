"""Articles in several pages, and other versions of pages that hold none: put together over a real server."""

import json
from pathlib import Path

import pytest
from loopback import CommandLine, Reply, Server
from lxml import html

from pipelines.pagination import next_page, other_version

FIRST = "https://a.example/news/77.html"


def _paragraphs(page: int) -> list[str]:
    return [
        f"第{page}面の{n}段落目では、港町の朝市で売られる魚と、それを運ぶ小さな列車の話が続いている。"
        for n in range(1, 5)
    ]


def _page(page: int, links: str = "", paragraphs: list[str] | None = None) -> Reply:
    body = "".join(f"<p>{text}</p>" for text in paragraphs or _paragraphs(page))
    return Reply(
        '<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>朝市の列車</title></head><body>'
        f"<header><a href='/'>港町新聞</a></header><article><h1>朝市の列車</h1>{body}</article>"
        f"<div class='pager'>{links}</div></body></html>".encode(),
        headers={"Content-Type": "text/html; charset=utf-8"},
    )


def _pages(server: Server, path: str = "/news/77.html") -> None:
    """An article of three pages; the last one shows the way back only."""
    server.replies |= {
        path: _page(
            1, '<b>1</b> <a href="77_2.html">2</a> <a href="77_3.html">3</a> <a href="77_2.html">次へ</a>'
        ),
        "/news/77_2.html": _page(2, '<a href="77.html">1</a> <b>2</b> <a href="77_3.html">3</a>'),
        "/news/77_3.html": _page(3, '<a href="77.html">1</a> <a href="77_2.html">2</a> <b>3</b>'),
    }


def _configure(folder: Path, server: Server, path: str = "/news/77.html") -> None:
    item = f"<item><title>朝市の列車</title><link>{server.base}{path}</link></item>"
    server.replies["/feed"] = Reply(
        f"<rss version='2.0'><channel><title>x</title>{item}</channel></rss>".encode()
    )
    (folder / "sources.toml").write_text(
        f'[crawl]\nallow_hosts = ["127.0.0.1"]\ndelay = 0\n[[source]]\nname = "port"\nfeed = "{server.base}/feed"\n'
    )


def test_the_pages_of_an_article_are_put_together_and_cleaned_again_without_a_request(
    pressclip: CommandLine, server: Server, tmp_path: Path
) -> None:
    _pages(server)
    _configure(tmp_path, server)
    assert json.loads(pressclip("crawl", "--json").stdout)["totals"]["new"] == 1
    whole = "\n\n".join(text for page in (1, 2, 3) for text in _paragraphs(page))
    assert json.loads(pressclip("show", "1", "--format", "json").stdout)["text"] == whole
    assert server.paths() == ["/feed", "/news/77.html", "/news/77_2.html", "/news/77_3.html"]
    rows = pressclip(
        "query", "--format", "csv", "SELECT url, part_of, part FROM pages ORDER BY id"
    ).stdout.split()[1:]
    assert [row.rpartition("/")[2] for row in rows] == ["77.html,,1", "77_2.html,1,2", "77_3.html,1,3"]
    again = json.loads(pressclip("reclean", "--json").stdout)
    assert (again["counts"]["unchanged"], sum(again["counts"].values())) == (1, 1)
    assert len(server.log) == 5  # robots.txt too


def test_a_page_that_cannot_be_had_leaves_what_came_before_it_and_is_named(
    pressclip: CommandLine, server: Server, tmp_path: Path
) -> None:
    _pages(server)
    server.replies["/news/77_3.html"] = Reply(status=503)
    _configure(tmp_path, server)
    [result] = json.loads(pressclip("crawl", "--json").stdout)["results"]
    assert (result["new"], result["reasons"]) == (1, {"incomplete": 1})
    assert json.loads(pressclip("show", "1", "--format", "json").stdout)["text"].endswith(_paragraphs(2)[-1])


def test_pages_that_show_the_same_text_again_are_not_walked_through(
    pressclip: CommandLine, server: Server, tmp_path: Path
) -> None:
    for number in range(1, 9):
        server.replies[f"/news/77.html?page={number}"] = _page(
            1, f'<a href="?page={number + 1}">{number + 1}</a>'
        )
    server.replies["/news/77.html"] = server.replies["/news/77.html?page=1"]
    _configure(tmp_path, server)
    pressclip("crawl")
    assert json.loads(pressclip("show", "1", "--format", "json").stdout)["text"] == "\n\n".join(
        _paragraphs(1)
    )
    assert server.paths() == ["/feed", "/news/77.html", "/news/77.html?page=2"]


def test_e03_a_page_without_the_article_is_had_in_its_amp_version(
    pressclip: CommandLine, server: Server, tmp_path: Path
) -> None:
    shell = (
        '<html lang="ja"><head><link rel="amphtml" href="/amp/77.html"><title>朝市の列車</title></head><body>'
    )
    server.replies["/news/77.html"] = Reply(
        f'{shell}<div id="root"></div><script src="/a.js"></script></body>'.encode()
    )
    server.replies["/amp/77.html"] = _page(1)
    _configure(tmp_path, server)
    assert json.loads(pressclip("crawl", "--json").stdout)["totals"]["new"] == 1
    stored = json.loads(pressclip("show", "1", "--format", "json").stdout)
    assert stored["text"] == "\n\n".join(_paragraphs(1))
    assert stored["url"].endswith("/news/77.html")


@pytest.mark.parametrize(
    ("link", "url", "expected"),
    [
        ('<a href="77_2.html">2</a>', FIRST, "https://a.example/news/77_2.html"),
        ('<a href="/news/77-2.html">下一页</a>', FIRST, "https://a.example/news/77-2.html"),
        ('<link rel="next" href="?page=2">', FIRST, "https://a.example/news/77.html?page=2"),
        ('<a href="/news/77/2/">다음</a>', "https://a.example/news/77/", "https://a.example/news/77/2/"),
        ('<a href="?lang=ja&amp;page=2">2ページ目</a>', "https://a.example/77?lang=ja", "https://a.example/77?lang=ja&page=2"),
        # The next article, other pages, comments, another host, no link to read on.
        ('<link rel="next" href="/news/78.html">', FIRST, None),
        ('<a href="77_3.html">3</a>', FIRST, None),
        ('<div id="comments"><a href="?page=2">2</a></div>', FIRST, None),
        ('<a href="https://b.example/news/77_2.html">2</a>', FIRST, None),
        ('<a href="77_2.html">2024年の記録を読む</a>', FIRST, None),
        ('<a href="http://[bad/77_2.html">2</a>', FIRST, None),
    ],
)  # fmt: skip
def test_only_a_link_to_the_same_address_with_the_next_number_leads_on(
    link: str, url: str, expected: str | None
) -> None:
    tree = html.document_fromstring(f"<html><body><p>text</p>{link}</body></html>")
    assert next_page(tree, url, url, 1) == expected


def test_another_version_is_on_the_same_site() -> None:
    tree = html.document_fromstring(
        '<html><head><link rel="amphtml" href="https://b.example/x"><link rel="amphtml" href="https://amp.a.example/77">'
    )
    assert other_version(tree, FIRST) == "https://amp.a.example/77"
