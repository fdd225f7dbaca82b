"""The store in a browser: a real Datasette, a real Chromium."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlsplit

import memory
import pytest
from full_store import fill
from loopback import CommandLine
from playwright.sync_api import sync_playwright

from pressclip.models import Article, Clipping
from storage.store import Store

HOSTILE = "<script>window.ran = 1</script><img src=x onerror='window.ran = 2'> 仮想通貨の規制"


def _hostile() -> Article:
    """An article whose every field would like to run."""
    return Article(
        url="javascript:window.ran=3", url_key="hostile.example/1", title=HOSTILE, text=f"仮想通貨\n\n{HOSTILE}",
        markdown=f"仮想通貨 {HOSTILE}\n\n[悪いリンク](javascript:window.ran=4) <svg onload='window.ran=5'>",
        fetched_at="2026-11-22T12:00:00Z", published_at="2026-11-22T12:00:00Z", content_hash="x", lang='ja"><script>',
        authors=("<b onmouseover=alert(1)>",), topics=('"><script>window.ran=6</script>',), source="<i>wire</i>",
    )  # fmt: skip


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """Serve a store with one hostile article; the address."""
    with serving(tmp_path / "news.db") as address:
        yield address


@contextmanager
def serving(path: Path) -> Iterator[str]:
    """Fill a store and serve it; the address."""
    fill(path)
    with Store.open(path) as store:
        store.save([Clipping(url="https://hostile.example/1", source=None, state="done", article=_hostile())])
    process = subprocess.Popen(
        [sys.executable, "-m", "pressclip", "--db", path.name, "serve", "--port", "0"], cwd=path.parent, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, encoding="utf-8", env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert process.stdout is not None
    yield process.stdout.readline().split()[0]
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=30)
    assert "Traceback" not in output


def _status(address: str, **headers: str) -> int:
    """Ask with a real client; the answer's status."""
    parts = urlsplit(address)
    connection = HTTPConnection(parts.netloc, timeout=30)
    connection.request("GET", f"{parts.path}?{parts.query}", headers=headers)
    status = connection.getresponse().status
    connection.close()
    return status


def test_e08_a_person_searches_and_reads_and_nothing_of_an_article_runs(browser: str, served: str) -> None:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, chromium_sandbox=False)
        page = chromium.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(served)
        page.fill("input[name=_search]", "仮想通貨 since:2026-11-22")
        page.press("input[name=_search]", "Enter")
        page.wait_for_selector(".clip-articles")
        assert page.locator(".clip-articles .title").all_inner_texts() == [HOSTILE]
        assert page.evaluate("window.ran") is None
        page.click(".clip-articles .title")
        page.wait_for_selector("article h1")
        assert page.inner_text("h1") == HOSTILE
        assert "悪いリンク" in page.inner_text("article")
        assert page.locator("article a[href^=javascript], footer a[href^=javascript]").count() == 0
        assert page.evaluate("window.ran") is None
        page.goto(f"{served}news/articles?_sort_desc=sort_key")
        assert page.evaluate("window.ran") is None
        assert all(url.startswith(served) for url in asked)
        chromium.close()


def test_the_front_page_shows_days_and_questions_that_have_answers(browser: str, served: str) -> None:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, chromium_sandbox=False)
        page = chromium.new_page()
        page.goto(served)
        assert page.locator("svg.clip-days rect").count() == 30
        questions = page.locator(".content a[href*='/news/']").evaluate_all(
            "links => links.map(link => link.href)"
        )
        assert len(questions) >= 5
        for question in questions:
            answer = page.goto(question)
            assert answer is not None
            assert answer.status == 200, question
        chromium.close()


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM articles",
        "WITH x AS (SELECT 1) DELETE FROM articles",
        "SELECT load_extension('x')",
        "SELECT * FROM pragma_journal_mode('delete')",
        "SELECT fts3_tokenizer('x')",
    ],
)
def test_s12_no_statement_writes_or_loads(served: str, sql: str) -> None:
    assert _status(f"{served}news.json?sql={quote(sql)}") == 400


SEARCH = quote(
    "SELECT count(*) AS n FROM articles_fts JOIN articles ON sort_key = articles_fts.rowid, json_each(topics)"
    " WHERE articles_fts MATCH search_match('規制 -lang:en') AND json_each.value = 'crypto'"
)


def test_s12_an_answer_of_huge_values_takes_no_memory(served: str) -> None:
    (server,) = (
        child
        for child in memory.children_of(os.getpid())
        if b"\0serve\0" in Path(f"/proc/{child}/cmdline").read_bytes()
    )
    for sql in (
        "SELECT zeroblob(900000000)",
        "SELECT hex(zeroblob(400000000))",
        "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 900) SELECT zeroblob(30000000 + x) FROM c",
        "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT group_concat(printf('%1000d', x)) FROM c",
    ):
        for form in ("", ".json"):
            assert _status(f"{served}news{form}?sql={quote(sql)}") == 400, sql
    assert memory.peak(server) < 400 * 2**20


def test_sql_in_the_browser_speaks_the_query_language_and_reads_json(served: str) -> None:
    assert _status(f"{served}news.json?sql={SEARCH}") == 200


def test_a_file_named_like_datasettes_own_is_a_store_as_any(tmp_path: Path) -> None:
    with serving(tmp_path / "_news.db") as address:
        assert _status(f"{address}_news.json?sql={SEARCH}") == 200


def test_only_our_own_name_is_answered_to(served: str) -> None:
    assert _status(served, Host="attacker.example") == 403
    assert _status(served, Host="localhost:80") == 200


def test_a_port_that_is_taken_is_one_clear_line(pressclip: CommandLine, served: str, tmp_path: Path) -> None:
    port = served.rstrip("/").rpartition(":")[2]
    done = pressclip("serve", "--port", port)
    assert done.returncode == 2
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
