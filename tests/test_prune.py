"""What may go goes, whole; the rest stays as it was, and what went does not come back."""

import json
import sqlite3
from pathlib import Path

import dying
import full_store
import newsroom
import pytest
from loopback import CommandLine, Server
from sql import rows
from test_store_roundtrip import words_of_index

from pressclip.retention import Retention
from storage import reading
from storage.store import Store

ROOT = Path(__file__).parent.parent


def check(path: Path) -> None:
    """Assert that nothing refers to what is gone, and that the index holds the articles and no more."""
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]
    assert rows(path, "PRAGMA foreign_key_check") == []
    assert words_of_index(path, fresh=False) == words_of_index(path, fresh=True)
    assert rows(path, "SELECT * FROM site_blocks WHERE article_id NOT IN (SELECT id FROM articles)") == []
    assert rows(path, "SELECT * FROM story_keys WHERE article_id NOT IN (SELECT id FROM articles)") == []
    assert rows(path, "SELECT * FROM articles WHERE story_id NOT IN (SELECT id FROM articles)") == []


@pytest.fixture
def path(tmp_path: Path) -> Path:
    full_store.fill(tmp_path / "news.db")
    return tmp_path / "news.db"


def test_nothing_goes_unless_it_is_said(path: Path, pressclip: CommandLine) -> None:
    done = pressclip("prune", "--yes")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    before = rows(path, "SELECT count(*) FROM pages UNION ALL SELECT count(*) FROM articles")
    said = pressclip("prune", "--keep-pages", "1MB", "--articles-before", "2026-11-15").stdout
    assert said == "articles\t3\t\nnothing was deleted; --yes does it\n"
    assert rows(path, "SELECT count(*) FROM pages UNION ALL SELECT count(*) FROM articles") == before


def test_old_pages_go_and_their_articles_stay(path: Path) -> None:
    before = rows(path, "SELECT id, title, text, sort_key FROM articles ORDER BY id")
    with Store.open(path) as store:
        wanted = Retention(pages_before="2026-11-18T00:00:00Z")
        [planned] = store.prunable(wanted)
        [gone] = store.prune(wanted)
        assert gone == planned
        assert store.prune(wanted) == []
    assert rows(path, "SELECT id, title, text, sort_key FROM articles ORDER BY id") == before
    assert rows(path, "SELECT id FROM articles WHERE page_id IS NULL ORDER BY id") == [
        (n,) for n in range(6, 13)
    ]
    assert rows(path, "SELECT min(fetched_at) FROM pages") == [("2026-11-18T12:00:00Z",)]
    check(path)


def test_pages_beyond_a_size_go_the_oldest_first(path: Path) -> None:
    sizes = rows(path, "SELECT fetched_at, length(body) FROM pages ORDER BY fetched_at DESC, id DESC")
    kept = sum(size for _, size in sizes[:5])
    with Store.open(path) as store:
        [planned] = store.prunable(Retention(pages_size=kept))
        assert (planned.rows, planned.size) == (len(sizes) - 5, sum(size for _, size in sizes[5:]))
        assert store.prune(Retention(pages_size=kept)) == [planned]
    assert rows(path, "SELECT sum(length(body)) FROM pages") == [(kept,)]
    check(path)


def test_all_pages_of_an_article_go_together(path: Path) -> None:
    conn = sqlite3.connect(path)
    conn.execute("UPDATE pages SET part_of = 1, part = 2 WHERE id = 12")  # the oldest continues the newest
    conn.commit()
    conn.close()
    with Store.open(path) as store:
        store.prune(Retention(pages_before="2026-11-12T00:00:00Z"))
    assert rows(path, "SELECT id FROM pages WHERE id IN (1, 12)") == []
    check(path)


def test_rejected_pages_go_and_their_entries_rest(path: Path) -> None:
    with Store.open(path) as store:
        [gone] = store.prune(Retention(rejected_before=full_store.NOW))
    assert (gone.kind, gone.rows) == ("rejected pages", 1)
    assert rows(path, "SELECT count(*) FROM pages WHERE article_id IS NULL") == [(0,)]
    assert rows(path, "SELECT count(*) FROM entries WHERE state = 'rejected'") == [(1,)]
    check(path)


def test_runs_go_with_their_rows_but_not_one_that_runs(path: Path) -> None:
    with Store.open(path) as store:
        run = store.begin_run("crawl", "2020-01-01T00:00:00Z")
        [gone] = store.prune(Retention(runs_before="2027-01-01T00:00:00Z"))
    assert (gone.kind, gone.rows) == ("runs", 1)
    assert rows(path, "SELECT id FROM runs") == [(run,)]
    assert rows(path, "SELECT * FROM run_sources") == []


def test_old_articles_go_with_all_that_belongs_to_them(path: Path) -> None:
    with Store.open(path) as store:
        assert store.search("규제")
        assert rows(path, "SELECT DISTINCT story_id FROM articles WHERE story_id IS NOT NULL") == [
            (3,),
            (7,),
            (11,),
        ]
        [gone] = store.prune(Retention(articles_before="2026-11-21"))
        assert gone.rows == 9  # of the ten that are older: the highest number is not given twice
        assert [hit.id for hit in store.search("규제")] == []
        assert [hit.id for hit in store.search("発電所")] == [1, 2, 12]
    assert rows(path, "SELECT id FROM articles ORDER BY id") == [(1,), (2,), (12,)]
    assert rows(path, "SELECT DISTINCT article_id FROM revisions") == [(1,), (2,)]
    assert rows(path, "SELECT DISTINCT article_id FROM sketches ORDER BY 1") == [(1,), (2,), (12,)]
    assert rows(path, "SELECT DISTINCT article_id FROM addresses ORDER BY 1") == [(1,), (2,), (12,)]
    assert rows(path, "SELECT * FROM articles WHERE story_id IS NOT NULL") == []  # the other copy went
    assert rows(path, "SELECT DISTINCT article_id FROM site_articles ORDER BY 1") == [(1,), (2,), (12,)]
    assert rows(path, "SELECT count(*) FROM pages WHERE article_id IS NOT NULL") == [(5,)]
    pruned = "SELECT count(*) FROM entries WHERE state = 'done' AND reason = 'pruned' AND article_id IS NULL"
    assert rows(path, pruned) == [(9,)]
    check(path)


def test_a_new_article_gets_a_number_that_none_had(path: Path) -> None:
    with Store.open(path) as store:
        store.prune(Retention(articles_before="2027-01-01"))
        waiting = store.due(full_store.NOW, source="wire")
        [saved] = store.save([full_store.done(one) for one in waiting])
    assert saved.article_id == 13


def test_what_went_does_not_come_back(server: Server, tmp_path: Path, pressclip: CommandLine) -> None:
    newsroom.publish(server, 4)
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    assert pressclip("crawl").returncode == 0
    done = pressclip("prune", "--articles-before", "2027-01-01", "--yes", "--vacuum", "--json")
    assert json.loads(done.stdout)["gone"][0]["rows"] == 3
    server.replies["/feed.xml"].headers["ETag"] = '"2"'  # type: ignore[union-attr]  # a plain reply
    asked = [server.count(f"/news/{number}") for number in range(4)]
    assert pressclip("crawl", "--force", "wire0").returncode == 0
    assert pressclip("reclean").returncode == 0
    assert [server.count(f"/news/{number}") for number in range(4)] == asked
    assert rows(tmp_path / "news.db", "SELECT count(*) FROM articles") == [(1,)]
    check(tmp_path / "news.db")


def test_a_crawl_keeps_to_what_is_configured(server: Server, tmp_path: Path, pressclip: CommandLine) -> None:
    full_store.fill(tmp_path / "news.db")
    newsroom.publish(server, 1)
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    with (tmp_path / "sources.toml").open("a", encoding="utf-8") as file:
        file.write('\n[store]\nkeep_pages = "1000d"\nkeep_rejected = "1000d"\nkeep_runs = "1000d"\n')
    conn = sqlite3.connect(tmp_path / "news.db")
    conn.execute("UPDATE pages SET fetched_at = '2020-01-01T00:00:00Z' WHERE id < 10")
    conn.execute("UPDATE runs SET started_at = '2026-11-22T00:00:00Z'")
    conn.commit()
    conn.close()
    assert pressclip("crawl").returncode == 0
    assert rows(tmp_path / "news.db", "SELECT min(id) FROM pages") == [(10,)]
    assert rows(tmp_path / "news.db", "SELECT count(*) FROM articles") == [(13,)]
    check(tmp_path / "news.db")


def test_s15_one_leap_of_the_clock_lets_nothing_go(
    server: Server, tmp_path: Path, pressclip: CommandLine
) -> None:
    newsroom.publish(server, 1)
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    with (tmp_path / "sources.toml").open("a", encoding="utf-8") as file:
        file.write('\n[store]\nkeep_pages = "30d"\n')
    full_store.fill(tmp_path / "news.db")
    conn = sqlite3.connect(
        tmp_path / "news.db"
    )  # ten years pass between two runs, for all that the clock says
    conn.execute("UPDATE pages SET fetched_at = '2016-01-01T00:00:00Z'")
    conn.execute("UPDATE runs SET started_at = '2016-01-01T00:00:00Z'")
    conn.commit()
    conn.close()
    before = rows(tmp_path / "news.db", "SELECT count(*) FROM pages")
    assert pressclip("crawl").returncode == 0
    assert rows(tmp_path / "news.db", "SELECT count(*) - 1 FROM pages") == before


def test_s14_rows_go_a_bounded_number_at_a_time(path: Path) -> None:
    conn = sqlite3.connect(path)
    conn.execute(
        "INSERT INTO pages (url, final_url, status, fetched_at, body_hash, body)"
        " WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers LIMIT 5000)"
        " SELECT 'u' || n, 'u' || n, 200, '2020-01-01T00:00:00Z', 'h', zeroblob(1000) FROM numbers"
    )
    conn.commit()
    conn.close()
    seen: list[int] = []
    with Store.open(path) as store:
        store.prune(Retention(pages_size=1_000_000), watch=lambda share: seen.append(share.rows))
        store.prune(Retention(pages_before="2021-01-01"), watch=lambda share: seen.append(share.rows))
    assert sum(seen) == 5000
    assert max(seen) <= 1000
    assert rows(path, "SELECT count(*) FROM pages") == [(15,)]
    check(path)


def test_a_wrong_word_in_the_table_is_named(tmp_path: Path, pressclip: CommandLine) -> None:
    newsroom.subscribe(tmp_path, "http://127.0.0.1:1/feed.xml")
    with (tmp_path / "sources.toml").open("a", encoding="utf-8") as file:
        file.write('\n[store]\nkeep_pages = "ninety days"\n')
    done = pressclip("crawl")
    assert done.returncode == 2
    line = len((tmp_path / "sources.toml").read_text(encoding="utf-8").splitlines())
    assert f'sources.toml:{line}: [store]: "keep_pages": must be an age such as "90d"' in done.stderr


# Prunes, and dies as by kill -9 before its Nth COMMIT.
DIES = """
import sys
from pathlib import Path
import dying
dying.die(int(sys.argv[2]))
from pressclip.retention import Retention
from storage import pruning
from storage.store import Store
pruning._ARTICLES = pruning._ROWS = 3
with Store.open(Path(sys.argv[1])) as store:
    store.prune(Retention(articles_before="2026-11-14", pages_before="2026-11-19T00:00:00Z"))
"""


def test_s01_killed_at_each_commit_and_run_again(path: Path) -> None:
    deaths, commit = 0, 2
    while True:
        child = dying.run(DIES, path, commit)
        check(path)
        if child.returncode == 0:
            break
        deaths, commit = deaths + 1, commit + 1
    assert deaths > 1
    with reading.opened(path) as db:
        assert reading.counts(db).articles == 10
    assert rows(path, "SELECT min(fetched_at) FROM pages") == [("2026-11-19T12:00:00Z",)]
