"""Pages that mean harm to whoever reads them: a worker meets its bounds or dies, the run goes on."""

import asyncio
import multiprocessing
import os
import signal
from pathlib import Path
from typing import Any, TypeVar

import memory
import newsroom
import pytest
import zstandard
from pool import with_workers

from pipelines.extract import clean
from pipelines.shell import cleaned
from pipelines.workers import MEMORY, Workers
from pressclip.errors import InputError
from pressclip.models import Clipping, FeedEntry, Page
from storage.store import Store

T = TypeVar("T")
NOON = "2026-11-22T12:00:00Z"
MIB = 2**20
COLSPAN = "<table><tr><td colspan=9007199254740991 rowspan=9007199254740991>cell</table>"

#: Regular expressions and tree builders have died of these; each is five million characters.
BAIT = {
    "brackets": "<" * 5 * MIB,
    "comments": "<!--" * (5 * MIB // 4),
    "a comment": f"<p>text<!-- {'-' * 5 * MIB}",
    "references": "&" * 5 * MIB,
    "quotes": '<p title="' * (5 * MIB // 10),
    "links": "<a href='x" * (5 * MIB // 10),
    "spaces": f"<p>a{' ' * 5 * MIB}b</p>",
    "wide spaces": "<p>a" + "\u00a0\u3000" * MIB + "b</p>",
    "depth": "<div>" * (5 * MIB // 5) + "text",
    "bold": "<b>" * (5 * MIB // 3) + "text",
    "digits": f"<p>{'2026-' * MIB}",
    "data": f'<script type="application/ld+json">{"[" * 5 * MIB}',
    "one line": f"<p>{'仮想通貨、' * MIB}",
}


def page(body: str | bytes, number: int = 0) -> Page:
    url = f"https://a.example/news/{number}"
    raw = body if isinstance(body, bytes) else body.encode()
    return Page(url=url, final_url=url, body=raw, fetched_at=NOON, content_type=newsroom.HTML)


def measured(found: Page) -> tuple[str, int]:
    """Clean a page: what it was, and the bytes that the process held at most."""
    try:
        outcome: str = clean(found).kind
    except InputError as error:
        outcome = error.reason
    return outcome, memory.peak()


def test_x16_no_bait_holds_a_worker_or_fills_its_memory() -> None:
    async def use(workers: Workers) -> dict[str, tuple[str, int]]:
        return {name: await workers.call(measured, page(text)) for name, text in BAIT.items()}

    found = with_workers(60, use)
    assert {outcome for outcome, _ in found.values()} <= {"not_html", "no_text", "thin", "article", "empty"}
    assert max(held for _, held in found.values()) < 600 * MIB


def test_e01_an_endless_table_and_an_endless_cell_stay_within_bounds() -> None:
    table = f"<h1>Table</h1><table>{'<tr><td>a</td></tr>' * 250_000}</table>"
    sentences = "".join(f"<p>{text}</p>" for text in newsroom.PARAGRAPHS)

    async def use(workers: Workers) -> list[tuple[str, int]]:
        return [
            await workers.call(measured, page(text))
            for text in (table, f"<article><h1>Cell</h1>{sentences}{COLSPAN}</article>")
        ]

    (_, held), (kind, more) = with_workers(60, use)
    assert kind == "article"
    assert max(held, more) < MEMORY / 2


def test_e01_a_page_that_takes_too_long_is_set_aside_with_its_bytes(tmp_path: Path) -> None:
    # lxml looks through all attributes of a tag for each of them.
    slow = page(b"<p " + b" ".join(b"a%d=x" % n for n in range(400_000)) + b">text")
    kept = kept_of(tmp_path, [slow, page(newsroom.article(1), 1)], deadline=4.0)
    assert kept == [("rejected", "deadline", slow.body), ("done", None, newsroom.article(1))]


class Deadly(Page):
    """A page that kills the process that reads it, as long as its file of deaths is shorter than `etag` says."""

    def __getattribute__(self, name: str) -> Any:
        if name == "body" and multiprocessing.parent_process() is not None:
            deaths = Path(str(object.__getattribute__(self, "last_modified")))
            if deaths.stat().st_size < int(object.__getattribute__(self, "etag")):
                with deaths.open("ab") as file:
                    file.write(b".")
                os.kill(os.getpid(), signal.SIGSEGV)
        return object.__getattribute__(self, name)


def deadly(folder: Path, times: int) -> Page:
    deaths = folder / f"deaths-{times}"
    deaths.touch()
    return Deadly(
        url="https://a.example/news/7", final_url="https://a.example/news/7", body=newsroom.article(7), fetched_at=NOON,
        content_type=newsroom.HTML, etag=str(times), last_modified=str(deaths),
    )  # fmt: skip


def kept_of(
    folder: Path, pages: list[Page], *, deadline: float = 60.0
) -> list[tuple[str, str | None, bytes]]:
    """Clean pages one after another and store them, as a crawl does; state, reason and stored bytes of each."""
    entries = [FeedEntry(guid=one.url, url=one.url, url_key=one.url) for one in pages]
    with Store.open(folder / "news.db") as store:
        numbers = {queued.url: queued.entry_id for queued in store.queue(entries, NOON)}
        clippings = [
            Clipping(url=one.url, source=None, state="done", page=one, entry_id=numbers[one.url])
            for one in pages
        ]

        async def use(workers: Workers) -> list[Clipping]:
            return [await cleaned(clipping, workers) for clipping in clippings]

        store.save(with_workers(deadline, use))
        rows = store._conn.execute(
            "SELECT state, reason, body FROM entries JOIN pages ON entry_id = entries.id ORDER BY entries.id"
        ).fetchall()
    return [(state, why and why.partition(":")[0], zstandard.decompress(body)) for state, why, body in rows]


def test_e02_a_page_that_kills_its_worker_once_is_an_article(tmp_path: Path) -> None:
    assert kept_of(tmp_path, [deadly(tmp_path, 1)]) == [("done", None, newsroom.article(7))]
    assert (tmp_path / "deaths-1").stat().st_size == 1


def test_e02_a_page_that_kills_two_workers_is_set_aside_with_its_bytes_and_the_next_is_read(
    tmp_path: Path,
) -> None:
    pages = [deadly(tmp_path, 99), page(newsroom.article(1), 1), page(newsroom.article(2), 2)]
    assert kept_of(tmp_path, pages) == [
        ("rejected", "worker_died", newsroom.article(7)),
        ("done", None, newsroom.article(1)),
        ("done", None, newsroom.article(2)),
    ]
    assert (tmp_path / "deaths-99").stat().st_size == 2


@pytest.mark.parametrize("count", [1, 2])
def test_e02_workers_that_die_idle_are_replaced(count: int) -> None:
    async def use(workers: Workers) -> list[str]:
        good = Clipping(
            url="https://a.example/news/1", source=None, state="done", page=page(newsroom.article(1))
        )
        found = [await cleaned(good, workers)]
        for child in memory.workers_of(os.getpid()):
            os.kill(child, signal.SIGKILL)
        found += await asyncio.gather(cleaned(good, workers), cleaned(good, workers))
        return [clipping.state for clipping in found]

    assert with_workers(60, use, count=count) == ["done"] * 3
