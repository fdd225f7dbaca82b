"""E12: whatever text a page or a feed holds, it can be stored, and comes back as it was."""

import sqlite3
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pressclip.models import Article, Clipping, FeedEntry, Page, Poll
from storage import fulltext, reading
from storage.exporting.jsonl import jsonl
from storage.exporting.notes import markdown
from storage.exporting.spreadsheet import csv_lines
from storage.store import Store
from storage.text import storable

NOW = "2026-11-22T10:00:00Z"

# All of Unicode, and more often what makes trouble: lone surrogates, NUL, controls, marks, far planes.
text = st.text(
    st.characters() | st.sampled_from("\0\ud800\udfff\x1b\x9b\u202e\u200b゙が仮𠮷😀\U0010ffff\"'\\\n")
)
words = st.lists(text, max_size=3).map(tuple)
# Each once, as the pipeline makes them, also when stored: what a version lacks is added to what the one before had.
labels = st.lists(text, max_size=3, unique_by=storable).map(tuple)
articles = st.builds(
    Article, url=text, url_key=text, title=text, text=text, markdown=text, fetched_at=st.just(NOW), content_hash=text,
    canonical_url=st.none() | text, source=st.none() | text, authors=words, published_at=st.none() | text,
    published_raw=st.none() | text, lang=st.none() | text, topics=labels, tags=words, summary=st.none() | text,
    image_url=st.none() | text, site_name=st.none() | text, origins=st.dictionaries(text, text, max_size=3),
)  # fmt: skip
entries = st.builds(
    FeedEntry, guid=text, url=text.filter(bool), url_key=text.filter(bool), title=st.none() | text,
    content=st.none() | text, authors=words, published_raw=st.none() | text, updated_raw=st.none() | text, tags=words,
)  # fmt: skip


def held(value: Any) -> Any:
    """What can be held of a value: text without lone surrogates and NUL."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, tuple):
        return tuple(map(held, value))
    return {held(key): held(item) for key, item in value.items()} if isinstance(value, dict) else value


Record = TypeVar("Record", Article, FeedEntry)


def storable_record(record: Record) -> Record:
    return replace(record, **{field.name: held(getattr(record, field.name)) for field in fields(record)})


def words_of_index(path: Path, *, fresh: bool) -> list[tuple[object, ...]]:
    """All words of the index and where they stand: of the one there is, or of one made anew from the articles."""
    conn = sqlite3.connect(path)
    conn.execute("BEGIN")  # ends without a commit: nothing of this stays
    if fresh:
        fulltext.rebuild(conn)
    conn.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab (main, articles_fts, instance)")
    words = conn.execute("SELECT * FROM temp.vocabulary ORDER BY 1, 2, 3, 4").fetchall()
    conn.close()
    return words


@settings(max_examples=60)
@given(article=articles)
@example(
    article=Article(
        url="u", url_key="u", title="\ud800", text="\0", markdown="", fetched_at=NOW, content_hash="h"
    )
)
def test_an_article_comes_back_and_can_be_exported(
    tmp_path_factory: pytest.TempPathFactory, article: Article
) -> None:
    path = tmp_path_factory.mktemp("article") / "news.db"
    page = Page(
        url=article.url, final_url=article.url, body=b"\xff\0", fetched_at=NOW, content_type=article.title
    )
    clipping = Clipping(
        url=article.url, source=article.source, state="done", page=page, article=article, reason=article.title
    )
    changed = replace(
        article, content_hash="changed", title=article.title + "後", text=article.text + "後 after"
    )
    with Store.open(path) as store:
        assert store.save([clipping])[0].outcome == "new"
        assert store.save([replace(clipping, article=changed)])[0].outcome == "updated"
    assert words_of_index(path, fresh=False) == words_of_index(path, fresh=True)
    with reading.opened(path) as db:
        stored = reading.get_article(db, 1)
        assert stored is not None
        assert stored.article == storable_record(changed)
        back = reading.get_page(db, 1)
        assert back is not None
        assert back.body == b"\xff\0"
    for line in (*jsonl([stored]), *csv_lines([stored]), markdown(stored)):
        line.encode()


@settings(max_examples=60)
@given(entry=entries)
def test_a_feed_entry_comes_back(tmp_path_factory: pytest.TempPathFactory, entry: FeedEntry) -> None:
    path = tmp_path_factory.mktemp("entry") / "news.db"
    poll = Poll(
        source="coin", url=entry.guid, asked_at=NOW, outcome="changed", etag=entry.guid, title=entry.title,
        entries=(entry,), problems=entry.tags,
    )  # fmt: skip
    with Store.open(path) as store:
        assert store.record_poll(poll, next_poll_at=NOW).new == 1
        assert store.record_poll(poll, next_poll_at=NOW).known == 1
        [queued] = store.due(NOW, source="coin")
        assert queued.entry == storable_record(entry)
        assert queued.url == storable(entry.url or "")
        state = store.state("coin")
        assert state is not None
        assert state.etag == storable(entry.guid)


def test_a_very_long_text_is_stored_whole(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    body = "長い本文。" * 400_000
    article = Article(
        url="u",
        url_key="u",
        title="t" * 1_000_000,
        text=body,
        markdown=body,
        fetched_at=NOW,
        content_hash="h",
    )
    with Store.open(path) as store:
        store.save([Clipping(url="u", source=None, state="done", article=article)])
    with reading.opened(path) as db:
        stored = reading.get_article(db, "u")
        assert stored is not None
        assert stored.article == article
