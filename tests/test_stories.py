"""Stories: copies of a text are known, whoever carries them and in whatever order they come; look-alikes are not."""

import json
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import newsroom
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from loopback import CommandLine, Server

from pipelines.sketch import sketch
from pressclip.likeness import FIGURES, GRAMS, same_text
from pressclip.models import Article, Clipping, Fingerprints, Page
from storage import coverage, reading, sketches, stories
from storage.recleaning import Wanted
from storage.records import SaveResult, Selection
from storage.store import Store

WANTED = Wanted()
NOON = "2026-11-22T12:00:00Z"
LATER = "2026-11-30T12:00:00Z"

ENGLISH = """\
The ferry company that links the two banks of the river put its fares on a public ledger last spring.

Passengers buy a token at a machine on the quay and hand it in when the boat lands on the other side.

"Nobody asked for it, but the queue is shorter than it ever was," said the harbour master, who counts them by hand.

Engineers from the university checked the software for three weeks and found one fault, which was mended overnight.

The council will vote in December on whether buses and trams should take the same tokens from the summer on.

Shopkeepers near the landing stage have begun to accept them too, although the law does not yet say how to tax that.

A second boat, built in the yard upstream, is to join the fleet once its batteries have passed the winter trials.

The mayor, a former ferryman, opposed the plan at first and now buys his own token at the machine every morning."""

JAPANESE = """\
港町の図書館が、古い貸出カードの文字を読み取る仕組みを今春から使い始めた。

司書によると、手書きの名前と日付のほとんどを機械が読み、読めないものだけを人が確かめるという。

「祖父の名前を見つけて泣いた人もいました」と館長は話す。カードは戦前のものを含め倉庫に眠っていた。

大学の研究室が無償で手伝い、学生たちは夏休みのあいだ毎日通って、かすれた文字を撮影した。

市議会では、個人の名前を公開してよいのかという質問が出た。市は存命の人の名前を伏せると答えている。

来年からは近くの二つの町の図書館も同じ仕組みを使い、三館の記録を一度に調べられるようにする計画だ。"""

KOREAN = """\
강가의 작은 도서관이 오래된 대출 카드를 기계로 읽는 일을 올봄에 시작했다.

사서는 손으로 쓴 이름과 날짜를 거의 모두 기계가 읽고, 읽지 못한 것만 사람이 확인한다고 말했다.

대학 연구실이 무료로 도왔고 학생들은 여름 방학 동안 날마다 와서 바랜 글씨를 사진으로 찍었다.

시의회에서는 이름을 공개해도 되느냐는 질문이 나왔고, 시는 살아 있는 사람의 이름은 가리겠다고 답했다.

어느 이용자는 할아버지의 이름을 찾고 울었다고 했다. 카드는 전쟁 전의 것부터 창고에 쌓여 있었다.

직원들은 처음에 일이 늘어날까 걱정했지만, 이제는 하루에 상자 세 개를 비우는 것이 즐겁다고 한다.

내년부터는 이웃한 두 마을의 도서관도 같은 장치를 쓰며 세 곳의 기록을 한꺼번에 찾을 수 있게 할 계획이다."""

TEXTS = pytest.mark.parametrize("text", [ENGLISH, JAPANESE, KOREAN], ids=["en", "ja", "ko"])

REPORT = (
    "Bitcoin traded at ${0} on {1} afternoon, {2} percent away from the day before, while ether stood at ${3}. "
    "Volume on the exchanges that we watch came to {4} billion dollars. Analysts pointed to the usual reasons: "
    "thin order books, the coming decision on rates, and profit taking after a strong month. Open interest in "
    "futures was {5} billion dollars. Support is seen at ${6}, resistance at ${7}."
)


def other_words(seed: int, count: int) -> str:
    """Write paragraphs that no other seed gives."""
    dice = random.Random(seed)
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = ["".join(dice.choices(letters, k=dice.randint(3, 9))) for _ in range(count)]
    return "\n\n".join(" ".join(words[place : place + 20]) + "." for place in range(0, count, 20))


#: Of ENGLISH. If this changes, sketches in older stores can't be compared any more: `pressclip reclean` makes new ones.
PINNED = ((14918427, 18130662, 23392432), 621, (110771174, 202504304))


class TestSketch:
    @TEXTS
    def test_it_is_the_same_in_every_process(self, text: str) -> None:
        code = "import sys; from pipelines.sketch import sketch; print(sketch('', sys.stdin.read()))"
        done = subprocess.run(
            [sys.executable, "-X", "utf8", "-c", code], input=text, capture_output=True, encoding="utf-8", check=True
        )  # fmt: skip
        assert done.stdout.strip() == repr(sketch("", text))

    def test_it_stays_what_stored_sketches_are(self) -> None:
        made = sketch("Ferry", ENGLISH)
        assert (made.grams[:3], made.total, made.keys[:2]) == PINNED

    @example("\ud800", "\udfff𠮷\ud83d" * 60)
    @example("𠮷野家", "😀👨‍👩‍👧" * 200)
    @given(st.text(), st.text(max_size=600))
    def test_no_text_is_too_strange(self, title: str, text: str) -> None:
        made = sketch(title, text)
        numbers = (*made.grams, *made.figures, *made.keys)
        assert all(0 <= number < 2**32 for number in numbers)
        assert len(made.grams) <= min(GRAMS, made.total)
        assert list(made.grams) == sorted(set(made.grams))
        assert same_text(made, made) == bool(made.grams)

    def test_a_long_text_counts_up_to_a_bound(self) -> None:
        long = other_words(1, 4000)
        assert sketch("", long) == sketch("", long + other_words(2, 4000))
        assert len(sketch("", " ".join(map(str, range(100, 999)))).figures) == FIGURES


class TestSameText:
    @TEXTS
    def test_width_case_quotes_and_spaces_do_not_count(self, text: str) -> None:
        changed = text.upper().replace('"', "”").replace("、", "､").replace(" ", "\u00a0\n")
        assert sketch("A title", text) == sketch("A TITLE", changed)

    @TEXTS
    def test_a_copy_is_known_by_another_headline_and_without_a_paragraph(self, text: str) -> None:
        paragraphs = text.split("\n\n")
        shorter = "\n\n".join(["(Agency)", *paragraphs[:2], *paragraphs[3:]])
        assert same_text(sketch("Old trade, new token", text), sketch("港から: 新しい話", shorter))

    @TEXTS
    def test_half_of_a_text_is_a_copy(self, text: str) -> None:
        whole = text + "\n\n" + other_words(3, 150)
        assert same_text(sketch("Title", whole), sketch("Title", whole[: len(whole) // 2] + "…"))

    def test_articles_that_share_quotes_are_two(self) -> None:
        quotes = "\n\n".join(ENGLISH.split("\n\n")[2:4])
        assert not same_text(sketch("Ferry", ENGLISH), sketch("Trams", quotes + other_words(4, 200)))

    def test_the_same_report_on_another_day_is_another(self) -> None:
        monday = REPORT.format("63,120", "Monday", "1.25", "3,020", "41.7", "18.35", "61,500", "65,000")
        tuesday = REPORT.format("64,870", "Tuesday", "2.77", "3,110", "39.2", "19.04", "62,250", "66,800")
        assert not same_text(sketch("Bitcoin today", monday), sketch("Bitcoin today", tuesday))
        edited = monday.replace("the usual reasons", "several reasons").replace("63,120", "63 120")
        assert same_text(sketch("Bitcoin today", monday), sketch("Crypto market report", edited))

    def test_short_news_of_one_form_are_different_news(self) -> None:
        form = "{}がアメリカの取引所に上場する。取引は来週の月曜日に始まり、入金は今日から受け付けるという。"
        assert not same_text(sketch("上場", form.format("金貨")), sketch("上場", form.format("銀貨トークン")))
        assert same_text(sketch("上場", form.format("金貨")), sketch("上場", form.format("金貨") + " (了)"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "news.db") as opened:
        yield opened


def clipping(host: str, text: str, **changes: object) -> Clipping:
    title = str(changes.pop("title", f"News of {host}"))
    url = f"https://{host}/news/1"
    article = Article(
        url=url, url_key=f"{host}/news/1", title=title, text=text, markdown=text, fetched_at=NOON,
        content_hash=f"{title}\n{text}", source=host.partition(".")[0], published_at=NOON, lang="en",
    )  # fmt: skip
    article = replace(article, **changes)  # type: ignore[arg-type] # the tests name fields of Article only
    known_by = Fingerprints(site=host, blocks=(hash(host) >> 1,), sketch=sketch(title, text))
    page = Page(
        url=url, final_url=url, body=text.encode(), fetched_at=article.fetched_at, source=article.source
    )
    return Clipping(
        url=url, source=article.source, state="done", page=page, article=article, fingerprints=known_by
    )


def save(store: Store, *clippings: Clipping) -> list[SaveResult]:
    return [result for one in clippings for result in store.save([one])]


def told(store: Store) -> set[frozenset[str]]:
    """Say which hosts' articles are one story, and check that the stories are numbered as they should be."""
    rows = store._conn.execute("SELECT id, source, story_id FROM articles").fetchall()
    parts: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        if row["story_id"] is not None:
            parts.setdefault(row["story_id"], []).append(dict(row))
    for story, members in parts.items():
        assert story == min(row["id"] for row in members)
        assert len(members) > 1
    return {frozenset(row["source"] for row in members) for members in parts.values()}


#: Each shares four fifths of its text with the next one, and three fifths with the one after that.
CHAIN = ["\n\n".join(other_words(10 + part, 40) for part in range(place, place + 10)) for place in (0, 2, 4)]


class TestStories:
    def test_copies_are_one_story_and_all_stay(self, store: Store) -> None:
        first = clipping("late.example", ENGLISH, published_at="2026-11-22T11:00:00Z")
        second = clipping(
            "early.example", ENGLISH + " Reporting by the agency.", published_at="2026-11-22T09:00:00Z"
        )
        results = save(store, first, clipping("other.example", JAPANESE), second)
        assert [result.outcome for result in results] == ["new", "new", "new"]
        assert told(store) == {frozenset({"late", "early"})}
        [alone, one] = coverage.find_stories(store._conn, Selection())
        assert (alone.lead.article.source, alone.copies, alone.sources) == ("other", (), ())
        assert one.lead.article.source == "early"
        assert one.sources == ("early", "late")
        assert one.newest_at == "2026-11-22T11:00:00Z"

    def test_the_same_text_twice_on_a_site_is_two_articles_of_one_story(self, store: Store) -> None:
        again = clipping("a.example", ENGLISH, url="https://a.example/2", url_key="a.example/2")
        save(store, clipping("a.example", ENGLISH), again)
        [story] = coverage.find_stories(store._conn, Selection())
        assert [copy.url for copy in story.copies] == ["https://a.example/news/1", "https://a.example/2"]
        assert story.sources == ("a",)

    @settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(order=st.permutations(range(7)), batch=st.integers(1, 7))
    def test_the_order_in_which_they_come_does_not_matter(
        self, tmp_path_factory: pytest.TempPathFactory, order: list[int], batch: int
    ) -> None:
        texts = [*CHAIN[:3], ENGLISH, ENGLISH.replace("ferry", "boat"), JAPANESE, KOREAN]
        clippings = [clipping(f"{place}.example", texts[place]) for place in order]
        with Store.open(tmp_path_factory.mktemp("order") / "news.db") as store:
            for place in range(0, len(clippings), batch):
                store.save(clippings[place : place + batch])
            assert told(store) == {frozenset("012"), frozenset("34")}

    def test_an_article_between_two_stories_makes_them_one_and_its_change_two_again(
        self, store: Store
    ) -> None:
        ends = [
            clipping(name, text)
            for name, text in zip(("a.example", "b.example", "d.example", "e.example"),
                                  (CHAIN[0], CHAIN[0] + " More.", CHAIN[2], CHAIN[2] + " More."), strict=True)
        ]  # fmt: skip
        save(store, *ends)
        assert told(store) == {frozenset("ab"), frozenset("de")}
        save(store, clipping("c.example", CHAIN[1]))
        assert told(store) == {frozenset("abcde")}
        [result] = save(store, clipping("c.example", other_words(99, 400)))
        assert result.outcome == "updated"
        assert told(store) == {frozenset("ab"), frozenset("de")}

    def test_the_story_keeps_its_others_when_the_one_that_it_is_named_by_leaves(self, store: Store) -> None:
        save(store, *(clipping(f"{name}.example", ENGLISH) for name in "abc"))
        save(store, clipping("a.example", JAPANESE * 2))
        assert told(store) == {frozenset("bc")}
        save(store, clipping("b.example", KOREAN * 2))
        assert told(store) == set()

    def test_a_large_story_that_loses_the_one_it_is_named_by_stays(self, store: Store) -> None:
        count = stories.MOST_DIVIDED + 3
        save(store, *(clipping(f"{number}.example", ENGLISH) for number in range(count)))
        save(store, clipping("0.example", JAPANESE * 2))
        assert told(store) == {frozenset(map(str, range(1, count)))}

    def test_a_version_that_is_too_poor_changes_no_story(self, store: Store) -> None:
        save(store, clipping("a.example", ENGLISH), clipping("b.example", ENGLISH))
        [result] = save(store, clipping("a.example", "Gone."))
        assert result.outcome == "worse"
        assert told(store) == {frozenset("ab")}

    @pytest.mark.parametrize(
        ("day", "together"), [("2026-11-29T11:00:00Z", True), ("2026-11-29T13:00:00Z", False)]
    )
    def test_a_text_that_returns_after_a_week_is_news_again(
        self, store: Store, day: str, together: bool
    ) -> None:
        save(store, clipping("a.example", ENGLISH))
        save(store, clipping("b.example", ENGLISH, published_at=day, fetched_at=LATER))
        assert bool(told(store)) == together
        # Its date turns out to be another one.
        save(
            store, clipping("b.example", ENGLISH + " Corrected.", published_at="2026-11-23", fetched_at=LATER)
        )
        assert told(store) == {frozenset("ab")}

    def test_cleaning_again_puts_articles_in_their_stories(self, store: Store) -> None:
        """As in stores of the first schema, whose articles have no sketches."""
        saved = [clipping("a.example", ENGLISH), clipping("b.example", ENGLISH)]
        save(store, *(replace(one, fingerprints=None) for one in saved))
        assert told(store) == set()
        kept = store.pages_after(WANTED, 0, 10)
        run_id = store.begin_run("reclean", NOON)
        changes = store.write_back(list(zip(kept, saved, strict=True)), NOON, run_id)
        assert [change.outcome for change in changes] == ["unchanged", "unchanged"]
        assert told(store) == {frozenset("ab")}
        better = clipping("b.example", JAPANESE * 2)
        store.write_back([(kept[1], better)], NOON, run_id)
        assert told(store) == set()

    def test_only_articles_that_can_have_copies_to_come_are_sketched_afterwards(self, store: Store) -> None:
        texts = {"a": ENGLISH, "b": ENGLISH, "c": JAPANESE, "old": ENGLISH}
        dates = {"old": "2026-11-01"}
        saved = [
            clipping(f"{name}.example", text, published_at=dates.get(name, NOON))
            for name, text in texts.items()
        ]
        save(store, *(replace(one, fingerprints=None) for one in saved))
        done = []
        while batch := store.unsketched(2):
            store.sketch([(number, sketch(title, text)) for number, title, text in batch])
            done += [number for number, _, _ in batch]
        assert sorted(done) == [1, 2, 3]
        assert told(store) == {frozenset("ab")}

    def test_an_article_that_is_deleted_leaves_its_story(self, store: Store) -> None:
        save(store, *(clipping(f"{name}.example", ENGLISH) for name in "ab"))
        with store._transaction() as conn:
            stories.forget(conn, 2)
        assert told(store) == set()
        save(store, clipping("c.example", ENGLISH))
        assert told(store) == {frozenset("ac")}

    def test_look_ups_and_lists_walk_along_indexes(self, store: Store) -> None:
        plan = store._conn.execute(f"EXPLAIN QUERY PLAN {sketches._CANDIDATES}", [1] * 9).fetchall()
        looked = [row["detail"] for row in plan if "story_keys" in row["detail"]]
        assert set(looked) == {"SEARCH story_keys USING PRIMARY KEY (week=? AND passage=?)"}
        plan = store._conn.execute(
            "EXPLAIN QUERY PLAN SELECT id FROM articles WHERE story_id = ? ORDER BY sort_key", [1]
        ).fetchall()
        assert [row["detail"] for row in plan] == [
            "SEARCH articles USING COVERING INDEX articles_story (story_id=?)",
        ]


def test_what_thousands_share_is_looked_at_in_part(store: Store) -> None:
    """A form letter: passages in common, and no two of them one text."""
    letters = [
        clipping(f"{number}.example", f"{ENGLISH}\n\n{other_words(1000 + number, 600)}")
        for number in range(150)
    ]
    store.save(letters)
    assert told(store) == set()
    [number] = store._conn.execute("SELECT id FROM articles WHERE source = '0'").fetchone()
    kept = sketches.read(store._conn, [number])[0]
    rows = store._conn.execute(
        sketches._CANDIDATES, [kept.moment // sketches.WEEK, 0, 0, *kept.sketch.keys]
    ).fetchall()
    assert len(rows) <= sketches.MOST_COMPARED


class TestCommands:
    @pytest.fixture
    def filled(self, tmp_path: Path) -> None:
        with Store.open(tmp_path / "news.db") as store:
            save(
                store,
                clipping("wire.example", ENGLISH, title="The ferry", published_at="2026-11-22T08:00:00Z"),
                clipping(
                    "post.example", ENGLISH, title="Tokens\x1b[2J afloat", published_at="2026-11-22T10:00:00Z"
                ),
                clipping("minato.example", JAPANESE, title="図書館のカード", lang="ja", source=None),
            )

    @pytest.mark.usefixtures("filled")
    def test_list_stories(self, pressclip: CommandLine) -> None:
        done = pressclip("list", "--stories")
        assert [line.split("\t") for line in done.stdout.splitlines()] == [
            ["3", "2026-11-22 12:00", "1", "ja", "図書館のカード", "", "https://minato.example/news/1"],
            ["1", "2026-11-22 10:00", "2", "en", "The ferry", "post", "https://wire.example/news/1"],
        ]

    @pytest.mark.usefixtures("filled")
    def test_filters_choose_articles_and_the_limit_counts_stories(self, pressclip: CommandLine) -> None:
        chosen = json.loads(pressclip("list", "--stories", "--json", "--source", "post").stdout)
        assert [(story["title"], story["sources"]) for story in chosen] == [("The ferry", ["wire", "post"])]
        assert [copy["id"] for copy in chosen[0]["copies"]] == [1, 2]
        newest = json.loads(pressclip("list", "--stories", "--json", "--limit", "1").stdout)
        assert [(story["title"], story["copies"]) for story in newest] == [("図書館のカード", [])]

    @pytest.mark.usefixtures("filled")
    def test_show_says_where_else_it_stands(self, pressclip: CommandLine) -> None:
        assert "\nalso at: post #2\n" in pressclip("show", "1").stdout
        assert "also at" not in pressclip("show", "3").stdout
        as_json = json.loads(pressclip("show", "1", "--format", "json").stdout)
        assert [copy["source"] for copy in as_json["also_at"]] == ["post"]


def test_the_first_crawl_after_an_upgrade_makes_the_sketches(
    server: Server, pressclip: CommandLine, tmp_path: Path
) -> None:
    newsroom.publish(server, 2)
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    for _ in range(2):
        assert pressclip("crawl", "--force").returncode == 0
        with closing(sqlite3.connect(tmp_path / "news.db")) as conn:
            assert conn.execute("SELECT count(*) FROM sketches").fetchone() == (2,)
            conn.execute("DELETE FROM sketches")  # as a store of the first schema
            conn.commit()


def test_copies_of_an_unknown_article_are_none(tmp_path: Path) -> None:
    with Store.open(tmp_path / "news.db"), reading.opened(tmp_path / "news.db") as db:
        assert coverage.copies_of(db, 7) == ()
