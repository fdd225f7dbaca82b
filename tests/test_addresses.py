"""One article under several addresses is one row; what pages claim of each other is believed where the texts agree."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import newsroom
import pytest

from pipelines.shell import clean, judged
from pressclip.models import Clipping, FeedEntry, Page, Poll
from storage.records import SaveResult
from storage.store import Store

NOON = "2026-11-22T12:00:00Z"
SITE = "https://wire.example"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "news.db") as opened:
        yield opened


def fetched(
    url: str,
    number: int = 1,
    *,
    canonical: str | None = None,
    edit: tuple[str, str] = ("", ""),
    source: str = "wire",
) -> Clipping:
    """Clean a real page of an article, as it stands at an address."""
    body = newsroom.article(number).decode().replace(*edit)
    if canonical:
        body = body.replace("</head>", f'<link rel="canonical" href="{canonical}"></head>')
    page = Page(
        url=url, final_url=url, body=body.encode(), fetched_at=NOON, content_type=newsroom.HTML, source=source
    )
    return judged(Clipping(url=url, source=source, state="done", page=page), clean(page, frozenset()))


def save(store: Store, clipping: Clipping) -> SaveResult:
    [result] = store.save([clipping])
    return result


def addresses(store: Store) -> list[str]:
    return [stored.article.url for stored in store.articles()]


def test_e13_a_copy_that_names_the_article_is_no_new_one(store: Store) -> None:
    first = save(store, fetched(f"{SITE}/news/1"))
    for address in ("/print/1", "/news/1.html?view=all", "/print/1"):
        copy = fetched(SITE + address, canonical=f"{SITE}/news/1", edit=("Osaka", "Osaka (Japan)"))
        assert save(store, copy) == SaveResult(outcome="unchanged", article_id=first.article_id)
    assert addresses(store) == [f"{SITE}/news/1"]
    found = store.article("wire.example/print/1")
    assert found is not None
    assert (found.id, "(Japan)" in found.article.text) == (first.article_id, False)


def test_e13_the_address_that_copies_name_becomes_the_articles_own(store: Store) -> None:
    first = save(
        store, fetched(f"{SITE}/print/1", canonical=f"{SITE}/news/1", edit=("in Lisbon", "in  Lisbon, PT"))
    )
    second = save(store, fetched(f"{SITE}/amphtml/1", canonical=f"{SITE}/news/1"))
    real = save(store, fetched(f"{SITE}/news/1", canonical=f"{SITE}/news/1", source="other"))
    again = save(store, fetched(f"{SITE}/print/1", canonical=f"{SITE}/news/1"))
    assert {first.article_id, second.article_id, real.article_id, again.article_id} == {1}
    assert [first.outcome, second.outcome, real.outcome, again.outcome] == [
        "new",
        "unchanged",
        "updated",
        "unchanged",
    ]
    assert addresses(store) == [f"{SITE}/news/1"]
    found = store.article("wire.example/print/1")
    assert found is not None
    assert (found.article.source, found.article.url_key) == ("wire", "wire.example/news/1")
    assert "PT" not in found.article.text


def test_e13_the_same_text_at_the_address_that_copies_name_makes_no_revision(store: Store) -> None:
    save(store, fetched(f"{SITE}/print/1", canonical=f"{SITE}/news/1"))
    dated = fetched(f"{SITE}/news/1")
    assert dated.article is not None
    dated = replace(dated, article=replace(dated.article, published_at="2026-11-20"))
    assert save(store, dated) == SaveResult(outcome="unchanged", article_id=1)
    [stored] = store.articles()
    assert (stored.article.url, stored.article.published_at) == (f"{SITE}/news/1", "2026-11-20")
    assert store.search("Osaka")[0].id == 1
    assert store._conn.execute("SELECT count(*) FROM revisions").fetchone()[0] == 0


def test_e13_two_pages_that_name_each_other_are_one_article(store: Store) -> None:
    one = fetched(f"{SITE}/a/1", canonical=f"{SITE}/b/1")
    two = fetched(f"{SITE}/b/1", canonical=f"{SITE}/a/1")
    outcomes = [save(store, clipping).outcome for clipping in (one, two, one, two)]
    assert outcomes == ["new", "unchanged", "unchanged", "unchanged"]
    assert addresses(store) == [f"{SITE}/a/1"]


@pytest.mark.parametrize(
    "canonical", [f"{SITE}/", f"{SITE}/news/1", "https://other.example/news/1", "/news/?page=1"]
)
def test_e13_an_address_that_all_pages_name_does_not_make_them_one(store: Store, canonical: str) -> None:
    for number in (1, 2, 3):
        assert save(store, fetched(f"{SITE}/news/{number}", number, canonical=canonical)).outcome == "new"
    assert len(addresses(store)) == 3


def test_e13_an_address_with_marks_of_the_way_is_the_same_address(store: Store) -> None:
    save(store, fetched(f"{SITE}/news/1", canonical=f"{SITE}/news/1?utm_source=canonical"))
    assert save(store, fetched(f"{SITE}/news/1?utm_source=rss")).outcome == "unchanged"
    assert addresses(store) == [f"{SITE}/news/1"]


def test_a_poor_copy_at_the_articles_own_address_does_not_take_its_place(store: Store) -> None:
    save(store, fetched(f"{SITE}/print/1", canonical=f"{SITE}/news/1"))
    teaser = fetched(f"{SITE}/news/1")
    assert teaser.article is not None
    short = replace(teaser.article, text=teaser.article.text[:120], content_hash="other")
    assert save(store, replace(teaser, article=short)).outcome == "worse"
    assert addresses(store) == [f"{SITE}/print/1"]


def test_x09_a_feed_that_gives_new_guids_and_new_redirects_at_each_poll_has_one_article(store: Store) -> None:
    for time in range(3):
        link = f"https://click.example/{time}"
        entry = FeedEntry(guid=f"guid-{time}", url=link, url_key=f"click.example/{time}")
        poll = Poll(source="wire", url=f"{SITE}/feed", asked_at=NOON, outcome="changed", entries=(entry,))
        store.record_poll(poll, next_poll_at=NOON)
        [queued] = store.due(NOON, source="wire")
        clipping = fetched(f"{SITE}/news/1")
        page = replace(clipping.page, url=link) if clipping.page else None
        result = save(store, replace(clipping, url=link, entry_id=queued.entry_id, page=page))
        assert (result.outcome, result.article_id) == ("unchanged" if time else "new", 1)
    assert addresses(store) == [f"{SITE}/news/1"]
