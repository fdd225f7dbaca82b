"""What stories cost: sketching a text, and placing an article in stores of several sizes."""

import os
import random
import sqlite3
import struct
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from pipelines.sketch import KEYS, sketch
from pressclip.likeness import FIGURES, GRAMS
from pressclip.models import Sketch
from storage import coverage, sketches, stories
from storage.records import Selection
from storage.store import Store

NOW = 1_795_348_800  # 2026-11-22T12:00:00Z
YEAR = 365 * sketches.DAY
#: Articles placed in each store, in batches as a crawl's; one in ten is a copy of a stored one.
PLACED, BATCH = 2_000, 32
#: Passages that sites repeat in many articles; one article in ten has one of them.
FORMS = [7_000 + number for number in range(50)]


def per_text(texts: Sequence[tuple[str, str]]) -> list[tuple[str, int, float]]:
    """Measure sketching: (which texts, how many, milliseconds of CPU each), by their length."""
    bounds = (0, 1_000, 3_000, 6_000, 10**9)
    rows = []
    for low, high in pairwise(bounds):
        chosen = [text for text in texts if low <= len(text[1]) < high]
        label = f"{low:,} to {high:,} characters" if high < 10**9 else f"{low:,} characters and more"
        if chosen:
            rows.append((label, len(chosen), min(_sketching(chosen) for _ in range(3))))
    return [*rows, ("all", len(texts), min(_sketching(texts) for _ in range(3)))]


def _sketching(texts: Sequence[tuple[str, str]]) -> float:
    began = time.process_time()
    for title, text in texts:
        sketch(title, text)
    return (time.process_time() - began) * 1000 / len(texts)


def per_article(size: int) -> tuple[float, float, float, float, int]:
    """Fill a store with sketches spread over a year, then place articles of the last week.

    Returns:
        Milliseconds of CPU and of the clock a placed article; of CPU for one look-up; of the clock for
        `list --stories`; bytes of the tables an article.
    """
    dice = random.Random(size)
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "news.db") as store:
        conn = store._conn  # noqa: SLF001 - a bench fills the tables by hand, for a million takes too long otherwise
        _fill(conn, size, dice)
        path = Path(folder) / "news.db"
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        stored = path.stat().st_size
        fresh = [_fresh(conn, size, number, dice) for number in range(PLACED)]
        conn.execute("BEGIN")
        for number, (moment, _) in enumerate(fresh, size + 1):
            _article(conn, number, moment)
        conn.execute("COMMIT")
        cpu, clock = time.process_time(), time.perf_counter()
        for first in range(0, PLACED, BATCH):
            conn.execute("BEGIN IMMEDIATE")
            for number, (_, made) in enumerate(fresh[first : first + BATCH], size + first + 1):
                stories.place(conn, number, made)
            conn.execute("COMMIT")
        cpu, clock = time.process_time() - cpu, time.perf_counter() - clock
        kept = sketches.read(conn, list(range(size + 1, size + PLACED + 1)))
        began = time.process_time()
        for one in kept:
            sketches.copies(conn, one)
        look_up = time.process_time() - began
        began = time.perf_counter()
        assert len(list(coverage.find_stories(conn, Selection(limit=50)))) == 50  # noqa: S101, PLR2004 - what is measured must happen
        listing = (time.perf_counter() - began) * 1000
    return cpu * 1000 / PLACED, clock * 1000 / PLACED, look_up * 1000 / PLACED, listing, stored // size


def _fill(conn: sqlite3.Connection, size: int, dice: random.Random) -> None:
    conn.execute("BEGIN")
    keys = []
    for number in range(1, size + 1):
        moment = NOW - YEAR + YEAR * number // size
        made, passages = random_sketch(dice)
        _article(conn, number, moment)
        conn.execute("INSERT INTO sketches VALUES (?, ?, ?)", [number, moment, made])
        keys += [(moment // sketches.WEEK, passage, number) for passage in passages]
    conn.executemany("INSERT INTO story_keys VALUES (?, ?, ?)", sorted(keys))
    conn.execute("COMMIT")


def random_sketch(dice: random.Random) -> tuple[bytes, list[int]]:
    """Make the sketch of a text that is like no other, as it is stored, and its passages."""
    passages = sorted(struct.unpack(f"<{KEYS}I", os.urandom(4 * KEYS)))
    if dice.random() < 0.1:  # noqa: PLR2004 - see FORMS
        passages[-1] = dice.choice(FORMS)
    head = struct.pack("<3I", 2000, GRAMS, FIGURES // 2)
    return head + os.urandom(4 * (GRAMS + FIGURES // 2)) + struct.pack(f"<{KEYS}I", *passages), passages


def _article(conn: sqlite3.Connection, number: int, moment: int) -> None:
    conn.execute(
        "INSERT INTO articles (id, url, url_key, title, text, markdown, fetched_at, content_hash, sort_key)"
        " VALUES (?1, ?1, ?1, 'A title of common length, for the list', '', '', '2026-11-22T12:00:00Z', '', ?2)",
        [number, moment * 1_000_000 + number % 1_000_000],
    )


def _fresh(conn: sqlite3.Connection, size: int, number: int, dice: random.Random) -> tuple[int, Sketch]:
    moment = NOW + number
    if number % 10 == 0:
        last = sketches.read(conn, [size - dice.randrange(max(1, size // 60))])
        return moment, last[0].sketch
    numbers = list(_numbers(random_sketch(dice)[0]))
    figures = GRAMS + FIGURES // 2
    return moment, Sketch(
        total=2000,
        grams=tuple(sorted(numbers[:GRAMS])),
        figures=tuple(sorted(numbers[GRAMS:figures])),
        keys=tuple(numbers[figures:]),
    )


def _numbers(packed: bytes) -> Iterator[int]:
    return (number for [number] in struct.iter_unpack("<I", packed[12:]))
