"""A store with rows in every table, made as the commands make them.

As a script it writes such a store as SQL: `python tests/full_store.py > tests/data/schemas/N.sql`, once a release, from
a checkout of that release; test_schema.py migrates each of these files.
"""

import sqlite3
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pressclip.models import (
    Article,
    Clipping,
    Document,
    FeedEntry,
    Fingerprints,
    Page,
    Poll,
    Queued,
    Sketch,
    Source,
)
from storage.recleaning import Wanted
from storage.records import HostState, Learned, RobotsState, SourceResult
from storage.store import Store

NOW = "2026-11-22T10:00:00Z"
LATER = "2026-11-22T11:00:00Z"
COMMON = 4711  # a block that stands in all articles
TITLES = (
    "ビットコインの規制が始まる",
    "Exchange opens its books to auditors",
    "가상자산 규제 강화",
    "雪の発電所",
)
SENTENCES = (
    "規制当局は来年から新しい報告を求めると発表した。",
    "Three engineers rewrote the matching engine over the summer.",
    "금융 당국은 내년부터 새로운 보고를 요구한다고 밝혔다.",
    "雪の冷たさを使う発電所が町で動き始めた。",
)


def fill(path: Path, articles: int = 12) -> None:
    """Make a store: polls, articles in three languages, revisions of each kind, what a crawl remembers, runs.

    Article N is a day older than article N - 1; its page is N days old too. Of the entries one more is rejected with
    its page, one failed and one waits.
    """
    names = range(articles + 3)
    with Store.open(path) as store:
        store.mirror([Source(name="wire", kind="feed", url="https://wire.example/feed", topics=("crypto",))])
        run = store.begin_run("crawl", NOW)
        moved = Learned(moved_to="https://wire.example/news.xml", skip_hours=(3,))
        poll = Poll(
            source="wire", url="https://wire.example/feed", asked_at=NOW, outcome="changed", status=200, etag='"1"',
            title="Small Wire", entries=tuple(map(entry, names)), problems=("a date that is none",),
            documents=(Document(url="https://wire.example/page/2", depth=1, asked_at=NOW, seen=b"12345678"),),
        )  # fmt: skip
        store.record_poll(poll, next_poll_at=LATER, learned=moved)
        store.keep_host(HostState(host="wire.example", ok_on="2026-11-22", rests=1, rest_reason="http_429"))
        store.keep_robots(
            RobotsState(site="https://wire.example", asked_at=NOW, next_at=LATER, body="Allow: /")
        )
        queued = {int(one.url.rsplit("/", 1)[1]): one for one in store.due(NOW, source="wire")}
        store.save([done(queued[number]) for number in names[:articles]])
        rejected, failed = queued[articles], queued[articles + 1]
        refusal = {"reason": "not_an_article: a list", "page": page(articles)}
        store.save(
            [
                replace(done(rejected), state="rejected", article=None, fingerprints=None, **refusal),  # type: ignore[arg-type]  # a dict of two fields
                Clipping(
                    url=failed.url, source="wire", state="failed", entry_id=failed.entry_id, reason="timeout",
                    tried_at=NOW, retry_at=LATER,
                ),
            ]
        )  # fmt: skip
        store.save([done(queued[0], text="後の版。" + text(0), page=page(0, body=b"second"))])  # replaced
        store.save([done(queued[1], text="short", page=page(1, body=b"third"))])  # worse
        [third] = [kept for kept in store.pages_after(Wanted(), 0, 100) if kept.article_id == 3]
        again = done(queued[2], text=text(2) + "\n\n清め直した。")
        store.write_back([(third, again)], LATER, run)  # recleaned
        store.weigh(lambda _: 3)
        store.end_run(run, LATER, "ok", [SourceResult(source="wire", poll="changed", new=articles)])


def entry(number: int) -> FeedEntry:
    """Make an item of the feed."""
    return FeedEntry(
        guid=f"guid {number}", url=f"https://wire.example/{number}", url_key=f"wire.example/{number}",
        title=title(number), updated_raw="Sun, 22 Nov 2026 10:00:00 GMT", updated_at=NOW,
    )  # fmt: skip


def queued(number: int, entry_id: int | None) -> Queued:
    """Make an entry that is to be fetched (again)."""
    item = entry(number)
    return Queued(entry_id=entry_id, source="wire", url=item.url or "", attempts=0, entry=item)


def title(number: int) -> str:
    """Name an article."""
    return f"{TITLES[number % len(TITLES)]} {number}"


def text(number: int) -> str:
    """Write an article's text."""
    return "\n\n".join(f"{sentence} ({number})" for sentence in SENTENCES[number % 2 :])


def day(number: int) -> str:
    """Name the noon of a day, so many days before 22 November 2026."""
    return (datetime(2026, 11, 22, 12, tzinfo=UTC) - timedelta(days=number)).strftime("%Y-%m-%dT%H:%M:%SZ")


def page(number: int, body: bytes = b"first") -> Page:
    """Make the page of an article."""
    url = f"https://wire.example/{number}"
    html = f"<html><title>{number}</title><body>{text(number)}</body></html>".encode()
    return Page(
        url=url, final_url=url, body=html + body, fetched_at=day(number), source="wire", etag=f'"p{number}"'
    )


def done(queued: Queued, *, text: str | None = None, page: Page | None = None) -> Clipping:
    """Make what becomes of an entry whose article is had."""
    number = int(queued.url.rsplit("/", 1)[1])
    served = page or globals()["page"](number)
    body = text or globals()["text"](number)
    article = Article(
        url=queued.url, url_key=f"wire.example/{number}", title=title(number), text=body, markdown=body,
        fetched_at=served.fetched_at, published_at=day(number), content_hash=f"{number} {len(body)}", source="wire",
        authors=("山田太郎", "Kim"), topics=("crypto",), lang="ja" if number % 2 else "en", origins={"title": "og"},
    )  # fmt: skip
    return Clipping(
        url=queued.url, source="wire", state="done", entry_id=queued.entry_id, page=served, article=article,
        fingerprints=Fingerprints(
            site="wire.example", blocks=(number + 1, number + 1000, COMMON),
            sketch=sketch(number), alias=f"wire.example/{number}/amp",
        ),
    )  # fmt: skip


def sketch(number: int) -> Sketch:
    """Sketch an article: of each four, two are copies of one text."""
    place = 10_000 * (number - number % 4 // 3)
    grams = tuple(range(place, place + 128))
    return Sketch(grams=grams, total=500, keys=grams[:6])


def dump(path: Path) -> Sequence[str]:
    """Write a store as statements that make it again."""
    conn = sqlite3.connect(path)
    try:
        marks = [
            f"PRAGMA {name} = {conn.execute(f'PRAGMA {name}').fetchone()[0]};"
            for name in ("application_id", "user_version")
        ]
        # sqlite3 writes rows of an index without content as rows of nothing; what it holds is in its own tables.
        lines = [line for line in conn.iterdump() if not line.startswith('INSERT INTO "articles_fts" ')]
        return [*lines, *marks]
    finally:
        conn.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder) / "news.db", articles=4)
        sys.stdout.write("\n".join(dump(Path(folder) / "news.db")) + "\n")
