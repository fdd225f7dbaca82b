"""Stores of any size for bench/growth.py: what a crawl writes of each article, but for the bytes of its raw page.

Articles, their places in the full text, entries and pages go through the store's own writer; what is counted or looked up by
fingerprints is random numbers of the right shape and number, and is written by hand, sorted: a writer takes an hour for a million.
"""

import random
import sqlite3
import struct
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from search_store import SOURCES, Pool, articles
from story_costs import random_sketch

from pipelines.sites import site
from pipelines.sitewide import fingerprint
from pressclip.models import Article, Clipping, FeedEntry, Page, Source
from storage.sketches import WEEK
from storage.store import Store
from storage.text import to_json

BATCH = 1000
OWN = 10  # blocks of an article that no other has
FORMS = 5  # blocks that a site has in its articles, two of them in each
REJECTED = 50  # one page in so many is no article
SOURCE_NAMES = [f"source-{place}" for place in range(1, SOURCES + 1)]


def fill(path: Path, pool: Pool, size: int) -> None:
    """Make a store of so many articles."""
    with Store.open(path) as store:
        store.mirror([Source(name=name, kind="feed", url=feed(name)) for name in SOURCE_NAMES])
        for batch in _batches(articles(pool, size)):
            store.save([_clipping(one) for one in batch])
        conn = store._conn  # noqa: SLF001 - see above
        for step in (_entries, _sketches, _blocks):
            conn.execute("BEGIN")
            step(conn, random.Random(size))
            conn.execute("COMMIT")
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def feed(source: str) -> str:
    """Address of a source's feed."""
    return f"https://{source}.example/feed.xml"


def _batches(made: Iterable[Article]) -> Iterator[list[Article]]:
    made = iter(made)
    while batch := list(islice(made, BATCH)):
        yield batch


def _clipping(article: Article) -> Clipping:
    page = Page(
        url=article.url, final_url=article.url, body=article.url.encode(), fetched_at=article.fetched_at,
        content_type="text/html; charset=utf-8", source=article.source,
    )  # fmt: skip
    return Clipping(url=article.url, source=article.source, state="done", page=page, article=article)


def _entries(conn: sqlite3.Connection, _: random.Random) -> None:
    """Enter the articles in the frontier, with a summary as feeds have it; some pages turned out to be no articles."""
    bare = to_json(FeedEntry(guid="", url=""))
    conn.execute(
        "INSERT INTO entries (source, guid, url, url_key, entry, dated_at, state, first_seen_at, last_tried_at, article_id)"
        " SELECT source, url, url, url_key, json_set(?, '$.guid', url, '$.url', url, '$.title', title, '$.summary',"
        " substr(text, 1, 200)), published_at, 'done', fetched_at, fetched_at, id FROM articles ORDER BY id",
        [bare],
    )
    conn.execute("UPDATE pages SET entry_id = article_id")
    conn.execute(
        "INSERT INTO entries (source, guid, url, url_key, entry, dated_at, state, reason, first_seen_at, last_tried_at)"
        " SELECT source, 'no ' || url, url || '/no', url_key || '/no', ?1, dated_at, 'rejected', 'list: made for a bench',"
        " first_seen_at, last_tried_at FROM entries WHERE id % ?2 = 0",
        [bare, REJECTED],
    )
    conn.execute(
        "INSERT INTO pages (entry_id, source, url, final_url, status, fetched_at, body_hash, body) SELECT id, source, url, url,"
        " 200, last_tried_at, '', zeroblob(1) FROM entries WHERE state = 'rejected' ORDER BY id"
    )


def _sketches(conn: sqlite3.Connection, dice: random.Random) -> None:
    """Give each article a sketch that is like no other's; one in ten shares a passage."""
    rows = conn.execute("SELECT id, sort_key / 1000000 AS moment FROM articles ORDER BY sort_key").fetchall()
    for week, of_week in groupby(rows, key=lambda row: int(row["moment"]) // WEEK):
        keys: list[tuple[int, int, int]] = []
        made: list[tuple[int, int, bytes]] = []
        for number, moment in of_week:
            sketch, passages = random_sketch(dice)
            made.append((number, moment, sketch))
            keys += [(week, passage, number) for passage in passages]
        conn.executemany("INSERT INTO sketches VALUES (?, ?, ?)", made)
        conn.executemany("INSERT INTO story_keys VALUES (?, ?, ?)", sorted(keys))


def _blocks(conn: sqlite3.Connection, dice: random.Random) -> None:
    """Give each article its fingerprints, and each site blocks of its own that stand in its articles."""
    rows = conn.execute("SELECT url, id FROM articles ORDER BY source").fetchall()
    for host, of_site in groupby(rows, key=lambda row: site(row["url"])):
        first = fingerprint(host, "") >> 48 << 48  # all blocks of a site stand together
        forms = [first | dice.getrandbits(48) for _ in range(FORMS)]
        places: list[tuple[int, int, int]] = []
        kept: list[tuple[Any, ...]] = []
        for _, number in of_site:
            own = [first | dice.getrandbits(48) for _ in range(OWN)]
            blocks = [*own, *dice.sample(forms, 2)]
            places += [(block, blocks[0], number) for block in blocks]
            kept.append((number, host, struct.pack(f"<{len(blocks)}q", *blocks)))
        conn.executemany("INSERT INTO site_articles VALUES (?, ?, ?, 'weighed')", kept)
        conn.executemany("INSERT INTO site_blocks VALUES (?, ?, ?)", sorted(places))
        conn.executemany("INSERT INTO site_common VALUES (?, ?)", [(form, host) for form in forms])
