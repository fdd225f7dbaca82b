"""The one writer: polls, the frontier, saving; each on a real file."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sql import rows

from pressclip.models import Article, Clipping, FeedEntry, Fingerprints, Page, Poll, Queued, Source
from storage import frontier, reading
from storage.records import PollResult, Selection, SourceResult
from storage.store import Store

NOW = "2026-11-22T10:00:00Z"
LATER = "2026-11-22T11:00:00Z"
LONG_AGO = "2026-11-01T00:00:00Z"
TEXT = "ビットコインの価格は今日も上がった。\n\n規制は来年からである。" * 10


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "news.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path) as opened:
        yield opened


def item(number: int, **changes: object) -> FeedEntry:
    url = f"https://example.com/{number}"
    entry = FeedEntry(guid=f"guid-{number}", url=url, url_key=f"example.com/{number}", title=f"記事{number}")
    return replace(entry, **changes)  # type: ignore[arg-type]  # the tests name fields of FeedEntry only


def poll(*entries: FeedEntry, **changes: object) -> Poll:
    base = Poll(
        source="coin", url="https://example.com/feed", asked_at=NOW, outcome="changed", status=200,
        etag='W/"1"', last_modified="Sun, 22 Nov 2026 09:59:59 GMT", body_hash="b1", entries=entries,
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]  # the tests name fields of Poll only


def article(number: int = 1, **changes: object) -> Article:
    base = Article(
        url=f"https://example.com/{number}", url_key=f"example.com/{number}", title=f"記事{number}", text=TEXT,
        markdown=TEXT, fetched_at=NOW, content_hash=f"hash-{number}", source="coin", authors=("山田太郎", "Kim"),
        topics=("crypto",), lang="ja", published_at="2026-11-21T08:00:00Z", origins={"title": "json-ld"},
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]  # the tests name fields of Article only


def page(number: int = 1, **changes: object) -> Page:
    url = f"https://example.com/{number}"
    base = Page(
        url=url, final_url=url, body=f"<html>{number}".encode(), fetched_at=NOW, source="coin", etag='"p1"'
    )
    return replace(base, **changes)  # type: ignore[arg-type]  # the tests name fields of Page only


def done(queued: Queued, **changes: object) -> Clipping:
    number = int(queued.url.rsplit("/", 1)[1])
    base = Clipping(
        url=queued.url, source=queued.source, state="done", entry_id=queued.entry_id, page=page(number),
        article=article(number),
    )  # fmt: skip
    return replace(base, **changes)  # type: ignore[arg-type]  # the tests name fields of Clipping only


class TestPolls:
    def test_validators_state_and_entries_are_there_together(self, store: Store) -> None:
        assert store.state("coin") is None
        result = store.record_poll(poll(item(1), item(2)), next_poll_at=LATER)
        state = store.state("coin")
        assert result == PollResult(new=2)
        assert state is not None
        assert (state.url, state.etag, state.last_modified) == (
            "https://example.com/feed", 'W/"1"', "Sun, 22 Nov 2026 09:59:59 GMT",
        )  # fmt: skip
        assert (state.last_asked_at, state.last_ok_at, state.last_new_at, state.next_poll_at) == (
            NOW,
            NOW,
            NOW,
            LATER,
        )

    def test_p05_validators_survive_a_restart(self, path: Path) -> None:
        with Store.open(path) as store:
            store.record_poll(poll(), next_poll_at=LATER)
        with Store.open(path) as store:
            state = store.state("coin")
        assert state is not None
        assert state.etag == 'W/"1"'

    def test_p08_an_equal_body_brings_new_validators(self, store: Store) -> None:
        store.record_poll(poll(item(1)), next_poll_at=LATER)
        again = poll(item(2), outcome="unchanged", etag='W/"2"', asked_at=LATER)
        assert store.record_poll(again, next_poll_at=LATER) == PollResult()
        state = store.state("coin")
        assert state is not None
        assert (state.etag, state.last_ok_at, state.last_new_at) == ('W/"2"', LATER, NOW)

    def test_p09_a_200_without_validators_clears_them(self, store: Store) -> None:
        store.record_poll(poll(), next_poll_at=LATER)
        store.record_poll(poll(etag=None, last_modified=None), next_poll_at=LATER)
        state = store.state("coin")
        assert state is not None
        assert (state.etag, state.last_modified) == (None, None)

    def test_a_failure_counts_and_leaves_the_rest(self, store: Store) -> None:
        store.record_poll(poll(item(1)), next_poll_at=LATER)
        failed = poll(
            outcome="failed", status=503, reason="http_503", etag=None, last_modified=None, body_hash=None
        )
        for _ in range(2):
            store.record_poll(replace(failed, asked_at=LATER), next_poll_at=LATER)
        state = store.state("coin")
        assert state is not None
        assert (state.failures, state.last_reason, state.etag, state.body_hash) == (
            2,
            "http_503",
            'W/"1"',
            "b1",
        )
        assert (state.last_asked_at, state.last_ok_at) == (LATER, NOW)
        assert len(store.due(NOW, source="coin")) == 1
        store.record_poll(poll(item(1)), next_poll_at=LATER)
        healed = store.state("coin")
        assert healed is not None
        assert (healed.failures, healed.last_reason) == (0, None)

    def test_a_feed_without_items_deletes_nothing(self, store: Store) -> None:
        store.record_poll(poll(item(1), item(2)), next_poll_at=LATER)
        store.record_poll(poll(), next_poll_at=LATER)
        assert len(store.due(NOW, source="coin")) == 2

    def test_mirroring_keeps_what_polling_learned_and_no_secret(self, store: Store, path: Path) -> None:
        source = Source(
            name="coin", kind="feed", url="https://example.com/feed", headers=(("Authorization", "s3cret"),)
        )
        store.mirror([source])
        store.record_poll(poll(), next_poll_at=LATER)
        store.mirror([replace(source, url="https://example.com/other", topics=("ai",))])
        state = store.state("coin")
        assert state is not None
        assert (state.url, state.etag) == ("https://example.com/feed", 'W/"1"')
        assert rows(path, "SELECT url, topics FROM sources") == [("https://example.com/other", '["ai"]')]
        assert "s3cret" not in str(rows(path, "SELECT * FROM sources"))


class TestFrontier:
    def test_known_items_are_not_queued_again(self, store: Store) -> None:
        store.record_poll(poll(item(1)), next_poll_at=LATER)
        assert store.record_poll(poll(item(1), item(2)), next_poll_at=LATER) == PollResult(new=1, known=1)

    def test_x09_a_link_under_a_new_guid_is_one_entry(self, store: Store) -> None:
        store.record_poll(poll(item(1)), next_poll_at=LATER)
        assert store.record_poll(poll(item(1, guid="other")), next_poll_at=LATER) == PollResult(known=1)

    def test_x08_a_guid_twice_is_one_entry(self, store: Store) -> None:
        twice = poll(item(1), item(2, guid="guid-1"))
        assert store.record_poll(twice, next_poll_at=LATER) == PollResult(new=1, known=1)
        assert store.record_poll(twice, next_poll_at=LATER) == PollResult(known=2)

    def test_an_article_in_two_feeds_is_fetched_once(self, store: Store) -> None:
        store.record_poll(poll(item(1)), next_poll_at=LATER)
        other = poll(
            item(1, guid="x", updated_raw="yesterday"), source="gold", url="https://example.com/gold"
        )
        assert store.record_poll(other, next_poll_at=LATER) == PollResult(known=1)
        assert store.due(NOW, source="gold") == []

    def test_two_sources_may_use_the_same_guid(self, store: Store) -> None:
        store.record_poll(poll(item(1)), next_poll_at=LATER)
        other = poll(item(2, guid="guid-1"), source="gold")
        assert store.record_poll(other, next_poll_at=LATER) == PollResult(new=1)

    def test_newest_first_and_a_date_of_the_future_is_not_newer_than_today(self, store: Store) -> None:
        store.record_poll(
            poll(item(4, published_at=LONG_AGO), asked_at="2026-11-20T00:00:00Z"), next_poll_at=LATER
        )
        items = (
            item(1, published_at="2026-11-20"), item(2, published_at="2041-01-01T00:00:00Z"),
            item(3, published_at="2026-11-21T00:00:00Z"),
        )  # fmt: skip
        store.record_poll(poll(*items), next_poll_at=LATER)
        assert [queued.url[-1] for queued in store.due(NOW, source="coin")] == ["2", "3", "1", "4"]
        assert [queued.url[-1] for queued in store.due(NOW, source="coin", limit=1)] == ["2"]

    def test_an_entry_comes_back_as_it_was(self, store: Store) -> None:
        rich = item(1, authors=("山田",), tags=("a", "b"), content="<p>全文</p>", published_at=NOW)
        store.record_poll(poll(rich), next_poll_at=LATER)
        [queued] = store.due(NOW, source="coin")
        assert (queued.entry, queued.source, queued.attempts) == (rich, "coin", 0)

    def test_failed_and_denied_come_back_in_time_and_gone_never(self, store: Store) -> None:
        store.record_poll(poll(*map(item, range(5))), next_poll_at=LATER)
        by_number = {queued.entry.guid[-1]: queued for queued in store.due(NOW, source="coin")}
        blank = {"page": None, "article": None}
        store.save([
            done(by_number["0"], state="failed", reason="timeout", retry_at=LATER, tried_at=NOW, **blank),
            done(by_number["1"], state="denied", reason="robots", retry_at="2026-11-29T10:00:00Z", **blank),
            done(by_number["2"], state="gone", reason="http_404", **blank),
            done(by_number["3"], state="failed", reason="worker_died", **blank),
            done(by_number["4"], state="waiting", **blank),
        ])  # fmt: skip

        def due(now: str) -> set[tuple[str, int]]:
            return {(queued.entry.guid[-1], queued.attempts) for queued in store.due(now, source="coin")}

        assert due(NOW) == {("4", 0)}
        assert due(LATER) == {("4", 0), ("0", 1)}
        assert due("2026-12-31T00:00:00Z") == {("4", 0), ("0", 1), ("1", 1)}

    def test_bad_addresses_are_written_down_and_never_due(self, store: Store, path: Path) -> None:
        bad = item(1, url=None, url_key=None, problem="bad_url: javascript:alert(1)")
        assert store.record_poll(poll(bad), next_poll_at=LATER) == PollResult(bad_url=1)
        assert store.record_poll(poll(bad), next_poll_at=LATER) == PollResult(known=1)
        assert store.due(NOW, source="coin") == []
        assert rows(path, "SELECT state, reason FROM entries") == [
            ("bad_url", "bad_url: javascript:alert(1)")
        ]
        assert store.record_poll(poll(item(1)), next_poll_at=LATER) == PollResult(updated=1)
        assert [queued.url for queued in store.due(NOW, source="coin")] == ["https://example.com/1"]

    def test_a_feed_of_bad_addresses_fills_no_store(self, store: Store, path: Path) -> None:
        for first in (0, 1000, 2000):
            bad = [item(first + number, url=None, url_key=None, problem="no_url") for number in range(150)]
            assert store.record_poll(poll(*bad, item(first + 500)), next_poll_at=LATER).bad_url == 150
        assert rows(path, "SELECT state, count(*) FROM entries GROUP BY state") == [
            ("bad_url", frontier.MOST_BAD),
            ("waiting", 3),
        ]

    def test_unseen_says_what_a_poll_would_queue_and_writes_nothing(self, store: Store) -> None:
        store.record_poll(poll(item(1)), next_poll_at=LATER)
        assert store.unseen("coin", [item(1), item(2)]) == [item(2)]
        assert len(store.due(NOW, source="coin")) == 1


class TestUpdates:
    """P54: an article is fetched once for each update that its feed claims."""

    FIRST = item(1, updated_at="2026-11-22T08:00:00Z", updated_raw="08:00")
    SECOND = item(1, updated_at="2026-11-22T09:00:00Z", updated_raw="09:00")

    def settle(self, store: Store, entry: FeedEntry) -> None:
        store.record_poll(poll(entry), next_poll_at=LATER)
        store.save([done(queued) for queued in store.due(NOW, source="coin")])

    def test_p54_an_update_is_fetched_once(self, store: Store) -> None:
        self.settle(store, self.FIRST)
        assert store.record_poll(poll(self.SECOND), next_poll_at=LATER) == PollResult(updated=1)
        [queued] = store.due(NOW, source="coin")
        assert (queued.entry, queued.attempts) == (self.SECOND, 0)
        store.save([done(queued)])
        assert store.record_poll(poll(self.SECOND), next_poll_at=LATER) == PollResult(known=1)

    def test_an_older_or_missing_date_is_no_update(self, store: Store) -> None:
        self.settle(store, self.SECOND)
        gone = item(1)
        assert store.record_poll(poll(self.FIRST), next_poll_at=LATER) == PollResult(known=1)
        assert store.record_poll(poll(gone), next_poll_at=LATER) == PollResult(known=1)

    def test_a_date_that_cannot_be_read_counts_when_it_changes(self, store: Store) -> None:
        self.settle(store, item(1, updated_raw="きのう"))
        assert store.record_poll(poll(item(1, updated_raw="きょう")), next_poll_at=LATER) == PollResult(
            updated=1
        )

    def test_two_items_with_one_address_do_not_take_turns(self, store: Store) -> None:
        self.settle(store, self.SECOND)
        both = poll(self.FIRST, replace(self.SECOND, guid="other"))
        assert store.record_poll(both, next_poll_at=LATER) == PollResult(known=1)

    def test_another_feed_cannot_have_it_fetched_again(self, store: Store) -> None:
        self.settle(store, self.FIRST)
        assert store.record_poll(poll(self.SECOND, source="gold"), next_poll_at=LATER) == PollResult(known=1)

    def test_gone_stays_gone(self, store: Store) -> None:
        store.record_poll(poll(self.FIRST), next_poll_at=LATER)
        [queued] = store.due(NOW, source="coin")
        store.save([done(queued, state="gone", page=None, article=None)])
        assert store.record_poll(poll(self.SECOND), next_poll_at=LATER) == PollResult(known=1)

    items = st.builds(
        lambda key, guid, updated: FeedEntry(
            guid=f"g{guid}", url=f"https://e.com/{key}" if key else None, url_key=f"e.com/{key}" if key else None,
            updated_at=updated and f"2026-11-2{updated}", updated_raw=updated and f"raw{updated}",
        ),
        st.integers(0, 3), st.integers(0, 3), st.none() | st.integers(1, 9),
    )  # fmt: skip

    @settings(max_examples=60)
    @given(st.lists(st.tuples(st.sampled_from(["a", "b"]), st.lists(items, max_size=5)), max_size=5))
    def test_whatever_feeds_say_the_same_body_again_brings_no_second_fetch(
        self, tmp_path_factory: pytest.TempPathFactory, polls: list[tuple[str, list[FeedEntry]]]
    ) -> None:
        path = tmp_path_factory.mktemp("polls") / "news.db"
        with Store.open(path) as store:
            for source, entries in polls:
                for _ in range(2):
                    store.record_poll(poll(*entries, source=source), next_poll_at=LATER)
                    for queued in store.due(NOW, source=source):
                        store.save([done(queued, page=None, article=None)])
                again = store.record_poll(poll(*entries, source=source), next_poll_at=LATER)
                assert (again.new, again.updated, again.bad_url) == (0, 0, 0)
        keys = rows(path, "SELECT url_key FROM entries WHERE url_key IS NOT NULL")
        assert len(keys) == len(set(keys))


class TestOneOffs:
    def test_they_are_queued_and_known_ones_again(self, store: Store) -> None:
        [first] = store.queue([item(1)], NOW)
        assert (first.source, first.url) == (None, "https://example.com/1")
        store.save([done(first)])
        assert store.due(NOW, source=None) == []
        [again] = store.queue([item(1)], NOW)
        assert (again.entry_id, again.attempts) == (first.entry_id, 0)
        assert store.due(NOW, source=None) == [again]

    def test_what_a_source_brought_stays_with_it(self, store: Store) -> None:
        store.record_poll(poll(item(1, tags=("x",))), next_poll_at=LATER)
        [queued] = store.queue([item(1, guid="https://example.com/1")], NOW)
        assert (queued.source, queued.entry.tags) == ("coin", ("x",))

    def test_one_without_an_address_is_only_written_down(self, store: Store, path: Path) -> None:
        assert store.queue([item(1, url=None, url_key=None, problem="bad_url: ftp://x")], NOW) == []
        assert rows(path, "SELECT state, reason FROM entries") == [("bad_url", "bad_url: ftp://x")]


class TestSaving:
    def queued(self, store: Store, *numbers: int) -> list[Queued]:
        store.record_poll(poll(*map(item, numbers)), next_poll_at=LATER)
        return sorted(store.due(NOW, source="coin"), key=lambda queued: queued.url)

    def test_article_page_and_entry_are_there_together(self, store: Store, path: Path) -> None:
        [queued] = self.queued(store, 1)
        [result] = store.save([done(queued)])
        assert (result.outcome, result.article_id) == ("new", 1)
        with reading.opened(path) as db:
            stored = reading.get_article(db, 1)
            assert stored is not None
            assert stored.article == article(1)
            assert reading.get_page(db, 1) == page(1)
        assert rows(path, "SELECT state, attempts, article_id, last_tried_at FROM entries") == [
            ("done", 1, 1, NOW)
        ]
        assert rows(path, "SELECT entry_id, article_id FROM pages") == [(queued.entry_id, 1)]

    def test_the_same_article_twice_in_a_batch_is_one_row(self, store: Store, path: Path) -> None:
        first, second = self.queued(store, 1, 2)
        same = done(second, article=article(1))
        assert [result.outcome for result in store.save([done(first), same])] == ["new", "unchanged"]
        assert rows(path, "SELECT count(*) FROM articles") == [(1,)]
        assert rows(path, "SELECT DISTINCT article_id FROM entries") == [(1,)]

    def test_a_changed_article_keeps_the_version_before(self, store: Store, path: Path) -> None:
        [queued] = self.queued(store, 1)
        store.save([done(queued)])
        changed = article(1, text=TEXT + "追記。", content_hash="other", fetched_at=LATER, title="新しい題")
        [result] = store.save([done(queued, article=changed, page=page(1, body=b"2", fetched_at=LATER))])
        assert (result.outcome, result.article_id) == ("updated", 1)
        assert rows(
            path, "SELECT why, title, text, content_hash, fetched_at, page_id, recorded_at FROM revisions"
        ) == [("replaced", "記事1", TEXT, "hash-1", NOW, 1, LATER)]
        assert rows(path, "SELECT title, content_hash, page_id FROM articles") == [("新しい題", "other", 2)]
        assert rows(path, "SELECT count(*) FROM pages") == [(2,)]

    def test_e04_a_worse_text_never_replaces_a_better_one(self, store: Store, path: Path) -> None:
        [queued] = self.queued(store, 1)
        store.save([done(queued)])
        poor = article(1, text=TEXT[: len(TEXT) // 2 - 1], content_hash="poor", fetched_at=LATER)
        for _ in range(2):
            [result] = store.save([done(queued, article=poor, page=page(1, body=b"poor"))])
            assert (result.outcome, result.article_id) == ("worse", 1)
        assert rows(path, "SELECT why, content_hash, page_id FROM revisions") == [("worse", "poor", 2)]
        assert rows(path, "SELECT content_hash, text, page_id FROM articles") == [("hash-1", TEXT, 1)]

    def test_half_the_length_is_still_an_update(self, store: Store) -> None:
        [queued] = self.queued(store, 1)
        store.save([done(queued)])
        half = article(1, text=TEXT[: len(TEXT) // 2], content_hash="half")
        assert store.save([done(queued, article=half)])[0].outcome == "updated"

    def test_an_unchanged_article_only_renews_its_page(self, store: Store, path: Path) -> None:
        [queued] = self.queued(store, 1)
        store.save([done(queued)])
        again = article(1, title="ほかの題", fetched_at=LATER)
        renewed = page(1, fetched_at=LATER, etag='"p2"')
        [result] = store.save([done(queued, article=again, page=renewed)])
        assert result.outcome == "unchanged"
        assert rows(path, "SELECT title, fetched_at FROM articles") == [("記事1", NOW)]
        assert rows(path, "SELECT fetched_at, etag FROM pages") == [(LATER, '"p2"')]
        assert rows(path, "SELECT count(*) FROM revisions") == [(0,)]

    def test_a_304_leaves_the_article(self, store: Store, path: Path) -> None:
        [queued] = self.queued(store, 1)
        store.save([done(queued)])
        [result] = store.save([done(queued, article=None, page=None, tried_at=LATER)])
        assert result.outcome == "unchanged"
        assert rows(path, "SELECT state, article_id, last_tried_at FROM entries") == [("done", 1, LATER)]

    def test_a_one_off_loses_nothing_that_the_feed_knew(self, store: Store, path: Path) -> None:
        [queued] = self.queued(store, 1)
        store.save([done(queued)])
        bare = article(
            1, content_hash="x", source=None, topics=(), authors=("Kim",), published_at=None, origins={}
        )
        assert (
            store.save([Clipping(url=bare.url, source=None, state="done", article=bare)])[0].outcome
            == "updated"
        )
        with reading.opened(path) as db:
            stored = reading.get_article(db, 1)
        assert stored is not None
        assert (stored.article.source, stored.article.topics, stored.article.published_at, stored.article.authors) == (
            "coin", ("crypto",), "2026-11-21T08:00:00Z", ("Kim",),
        )  # fmt: skip

    def test_a_rejected_page_is_kept_and_a_refusal_is_not(self, store: Store, path: Path) -> None:
        first, second = self.queued(store, 1, 2)
        results = store.save([
            done(first, state="rejected", article=None, reason="list: 40 links"),
            done(second, state="gone", article=None, page=page(2, status=404), reason="http_404"),
        ])  # fmt: skip
        assert [result.outcome for result in results] == ["rejected", "gone"]
        assert rows(path, "SELECT url, article_id FROM pages") == [("https://example.com/1", None)]
        assert rows(path, "SELECT state, reason FROM entries ORDER BY id") == [
            ("rejected", "list: 40 links"), ("gone", "http_404"),
        ]  # fmt: skip

    def test_articles_of_one_second_and_of_the_future_have_places_of_their_own(
        self, store: Store, path: Path
    ) -> None:
        clippings = [
            Clipping(url=f"u{number}", source=None, state="done", article=article(number, published_at=day))
            for number, day in enumerate(
                ["2026-11-21", "2026-11-21", "2041-01-01", None, "nonsense", "0001-01-01"]
            )
        ]
        store.save(clippings)
        with reading.opened(path) as db:
            newest_first = [stored.id for stored in reading.find_articles(db, Selection())]
        assert newest_first == [5, 4, 3, 2, 1, 6]

    def test_a_batch_is_one_segment_of_the_index(self, store: Store, path: Path) -> None:
        days = {
            number: f"2026-11-{25 - number:02}" for number in range(1, 9)
        }  # not in the order of the index
        store.save(
            [
                done(
                    queued,
                    article=article(number, published_at=days[number]),
                    fingerprints=Fingerprints(site="example.com", blocks=(number,)),
                )
                for number, queued in enumerate(self.queued(store, *days), 1)
            ]
        )
        assert rows(path, "SELECT count(DISTINCT segid) FROM articles_fts_idx") == [(1,)]
        assert len(store.search("規制")) == len(days)

    def test_a_batch_is_all_or_nothing(self, store: Store, path: Path) -> None:
        first, second = self.queued(store, 1, 2)
        broken = done(second, article=article(2, fetched_at="not a time"))
        with pytest.raises(ValueError, match="not a time"):
            store.save([done(first), broken])
        assert rows(path, "SELECT count(*) FROM articles") == [(0,)]
        assert rows(path, "SELECT DISTINCT state FROM entries") == [("waiting",)]
        assert store.save([done(first)])[0].outcome == "new"


class TestRuns:
    def test_a_run_is_written_down_with_its_sources(self, store: Store, path: Path) -> None:
        number = store.begin_run("crawl", NOW)
        results = [
            SourceResult(source="coin", poll="changed", new=2, failed=1, reasons={"timeout": 1}),
            SourceResult(source=None, new=1, skipped=1, reasons={"list: 40 links": 1}),
        ]
        store.end_run(number, LATER, "ok", results)
        assert rows(
            path, "SELECT command, started_at, finished_at, outcome, new, skipped, failed FROM runs"
        ) == [("crawl", NOW, LATER, "ok", 3, 1, 1)]
        assert rows(path, "SELECT source, poll, new, reasons FROM run_sources") == [
            ("coin", "changed", 2, '{"timeout":1}'), (None, None, 1, '{"list: 40 links":1}'),
        ]  # fmt: skip

    def test_a_run_that_was_killed_is_known_as_such(self, store: Store, path: Path) -> None:
        store.begin_run("crawl", NOW)
        store.begin_run("crawl", LATER)
        assert rows(path, "SELECT outcome, finished_at FROM runs") == [("killed", None), (None, None)]
