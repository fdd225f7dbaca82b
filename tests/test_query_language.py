"""What can be typed into a search, and what it means; on a real store, for the index has the last word."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pressclip.models import Article, Clipping
from storage import reading
from storage.queries import run_sql
from storage.query_language import Query, parse
from storage.records import Selection
from storage.search import hits, search, unknown_sources
from storage.store import Store

NOW = datetime(2026, 11, 22, 10, 57, 31, tzinfo=UTC)
WORDS = ("gold", "仮想", "비트", "price", "AI", "規制")


@dataclass(frozen=True)
class Row:
    """An article of the store that is asked here."""

    id: int
    text: str
    lang: str
    source: str
    topics: tuple[str, ...]
    day: str

    def has(self, item: str) -> bool:
        """Tell whether the article has a word or a facet, looked up by hand."""
        name, _, value = item.partition(":")
        if name == "lang":
            return self.lang == value or self.lang.startswith(f"{value}-")
        if name == "source":
            return self.source == value
        if name == "topic":
            return value in self.topics
        return item in self.text


def rows() -> list[Row]:
    """Make an article for each set of words, so that every combination has one."""
    langs, sources, topics = ("ja", "en", "zh-Hant", "zh"), ("coin-post", "Coin"), ((), ("ai",), ("ai", "金"))
    return [
        Row(
            id=number + 1, text=" ".join(word for bit, word in enumerate(WORDS) if number >> bit & 1) or "nothing",
            lang=langs[number % 4], source=sources[number % 5 % 2], topics=topics[number % 3],
            day=f"2026-11-{number % 22 + 1:02}",
        )
        for number in range(2 ** len(WORDS))
    ]  # fmt: skip


ROWS = rows()


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("query") / "news.db"
    with Store.open(path) as store:
        store.save([
            Clipping(
                url=f"https://example.com/{row.id}", source=row.source, state="done",
                article=Article(
                    url=f"https://example.com/{row.id}", url_key=f"example.com/{row.id}", title="題",
                    text=row.text, markdown="", fetched_at="2026-11-22T10:00:00Z", content_hash=str(row.id),
                    lang=row.lang, source=row.source, topics=row.topics, published_at=f"{row.day}T00:00:00Z",
                ),
            )
            for row in ROWS
        ])  # fmt: skip
    with reading.opened(path) as opened:
        yield opened


def found(db: sqlite3.Connection, typed: str) -> set[int]:
    return {hit.id for hit in hits(db, parse(typed, NOW), Selection(limit=100))}


def where(*items: str) -> set[int]:
    """Find by hand what has all of these, and none of those with a minus."""
    return {
        row.id
        for row in ROWS
        if all(not row.has(item[1:]) if item.startswith("-") else row.has(item) for item in items)
    }


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("gold 仮想", where("gold", "仮想")),
        ("gold -仮想", where("gold", "-仮想")),
        ("-gold -仮想", where("-gold", "-仮想")),
        ("gold OR 仮想", where("gold") | where("仮想")),
        ("gold OR 仮想 price", where("gold", "price") | where("仮想", "price")),
        ("price gold OR 仮想 OR 비트 規制", where("price", "規制") - where("-gold", "-仮想", "-비트")),
        ("gold ＯＲ 仮想", where("gold") | where("仮想")),
        ("gold|仮想", where("gold") | where("仮想")),
        ("gold ｜ 仮想", where("gold") | where("仮想")),
        ("gold || 仮想", where("gold") | where("仮想")),
        ("(gold OR 仮想) price", where("gold", "price") | where("仮想", "price")),
        ("gold OR -仮想", where("gold") | where("-仮想")),
        ("gold AND 仮想", where("gold", "仮想")),
        ("gold or 仮想", set()),
        ("gold OR", set()),
        ("OR", set()),
        ("gold |", where("gold")),
        ("gold OR since:2026-11-10 仮想", {row.id for row in ROWS if row.day >= "2026-11-10"} & where("gold", "仮想")),
        ('-"gold 仮想" gold', where("gold", "-仮想")),
        ("lang:ja", where("lang:ja")),
        ("lang:zh", where("lang:zh")),
        ("lang:ZH-hant", where("lang:zh-Hant")),
        ("ｌａｎｇ：ｊａ　gold", where("lang:ja", "gold")),
        ("-lang:ja gold", where("-lang:ja", "gold")),
        ("lang:ja OR lang:en topic:ai", where("lang:ja", "topic:ai") | where("lang:en", "topic:ai")),
        ('topic:"金"', where("topic:金")),
        ("topic:AI -topic:金", where("topic:ai", "-topic:金")),
        ("source:coin-post", where("source:coin-post")),
        ("source:“Coin” gold", where("source:Coin", "gold")),
        ("source:coin", set()),
        ("lang:", set()),
        ("title:gold", set()),
        ("since:2026-11-20", {row.id for row in ROWS if row.day >= "2026-11-20"}),
        ("since:2d", {row.id for row in ROWS if row.day >= "2026-11-21"}),
        ("since:today", {row.id for row in ROWS if row.day == "2026-11-22"}),
        ("until:2026-11-02 gold", {row.id for row in ROWS if row.day <= "2026-11-02"} & where("gold")),
        ("-since:2026-11-02", {row.id for row in ROWS if row.day < "2026-11-02"}),
        ("since:yesterday until:yesterday", {row.id for row in ROWS if row.day == "2026-11-21"}),
        ("gold since:soon", where("gold")),
    ],
)  # fmt: skip
def test_s10_what_is_typed_means_what_is_documented(
    db: sqlite3.Connection, typed: str, expected: set[int]
) -> None:
    assert found(db, typed) == expected


ITEMS = st.sampled_from([*WORDS, "lang:ja", "lang:zh", "topic:ai", "source:coin-post"])
GROUPS = st.lists(st.lists(st.tuples(st.booleans(), ITEMS), min_size=1, max_size=3), min_size=1, max_size=4)


@given(groups=GROUPS, bar=st.sampled_from([" OR ", "|", " ｜ ", " ＯＲ "]))
def test_s10_any_combination_finds_what_it_says(
    db: sqlite3.Connection, groups: Sequence[Sequence[tuple[bool, str]]], bar: str
) -> None:
    typed = " ".join(bar.join(("-" if minus else "") + item for minus, item in group) for group in groups)
    assert found(db, typed) == {
        row.id
        for row in ROWS
        if all(any(row.has(item) is not minus for minus, item in group) for group in groups)
    }


SIGNS = st.text("\"'*-−^(){}[]:;|+.,= \0\ud800　ＯＲ：金gold仮想NEARORANDNOTlangsincefacetstitle<>😀")


@given(
    typed=st.text() | SIGNS | st.lists(SIGNS | ITEMS | st.just("since:")).map("".join), ranked=st.booleans()
)
def test_s10_nothing_that_can_be_typed_is_an_error(
    db: sqlite3.Connection, typed: str, *, ranked: bool
) -> None:
    for hit in search(db, typed, Selection(limit=3), ranked=ranked):
        assert all(0 <= start < end <= len(hit.snippet) for start, end in hit.marks)
        assert all(0 <= start < end <= len(hit.article.title) for start, end in hit.title_marks)
    assert unknown_sources(db, parse(typed, NOW).sources) is not None


ATTACKS = [
    "'; DROP TABLE articles; --",
    '"; DROP TABLE articles; --',
    "x' OR '1'='1",
    '" OR facets : "all=all',
    "]; ATTACH 'x' AS y; --",
    "{title} : gold NEAR(a b) ^gold gold* facets:all",
    "gold') UNION SELECT 1 --",
    "rank = 'bm25(0)'",
]  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_s11_nothing_that_is_typed_is_run(db: sqlite3.Connection, attack: str) -> None:
    before = db.execute("SELECT count(*), sum(length(text)) FROM articles").fetchone()[:]
    for typed in (
        attack,
        f'"{attack}"',
        *(f'{field}:"{attack}"' for field in ("source", "lang", "topic", "since")),
    ):
        assert search(db, typed) == []
    for selection in (Selection(source=attack), Selection(lang=attack), Selection(topic=attack)):
        assert list(reading.find_articles(db, selection)) == []
        assert search(db, "-nothing", selection, ranked=True) == []
    unknown_sources(db, [attack])
    assert run_sql(db, f"SELECT search_match('{attack.replace(chr(39), chr(39) * 2)}')").rows[0][0]
    assert db.execute("SELECT count(*), sum(length(text)) FROM articles").fetchone()[:] == before


def test_what_was_not_understood_is_said(db: sqlite3.Connection) -> None:
    [since, until] = parse("gold since:soon until:2026-13-01", NOW).notes
    assert since.startswith("since:soon is no date and was left out; write 2026-11-22, ")
    assert until.startswith("until:2026-13-01 is no date and was left out; write ")
    assert parse("since:soon", NOW).match == ""
    for long in ("gold " * 200, '"' + "gold " * 200, "仮想" * 65, "x" * 4001, "lang:ja " * 129):
        [note] = parse(long, NOW).notes
        assert note.startswith("only the first 128 words were looked for")
    assert found(db, "gold " * 200) == where("gold")
    assert parse("", NOW) == parse(' "" - | * ', NOW) == Query()


def test_s10_a_long_passage_is_found_and_costs_no_more_than_its_beginning(tmp_path: Path) -> None:
    passage = "仮想通貨の規制が日本で強まると各国の金融当局は述べた。The price of gold rose. " * 20
    with Store.open(tmp_path / "news.db") as store:
        store.save([
            Clipping(
                url="u", source=None, state="done",
                article=Article(
                    url="u", url_key="u", title="", text=f"前{passage}後", markdown="", content_hash="",
                    fetched_at="2026-11-22T10:00:00Z",
                ),
            )
        ])  # fmt: skip
        for typed in (f'"{passage}"', passage):
            assert [hit.id for hit in store.search(typed)] == [1]
        assert store.search(f'"{passage[1:20]}外{passage}"') == []
        assert parse("の" * 4000, NOW).match.count("の") == 128


def test_sources_that_nobody_knows_are_named_with_near_ones(db: sqlite3.Connection) -> None:
    assert unknown_sources(db, ["Coin", "coin-post"]) == []
    assert unknown_sources(db, ["coinpost", "coinpost", "zzz"]) == [
        "no source is called coinpost; near names: coin-post, Coin",
        "no source is called zzz; `pressclip status` shows all",
    ]


def test_sql_can_ask_what_a_search_asks(db: sqlite3.Connection) -> None:
    sql = (
        "SELECT articles.id FROM articles_fts CROSS JOIN articles ON sort_key = articles_fts.rowid"
        " WHERE articles_fts MATCH search_match({0}) AND articles_fts.rowid >= search_first({0})"
        " AND articles_fts.rowid < search_end({0})"
    )
    typed = "規制 -価格 lang:ja since:2026-11-05 until:2026-11-20"
    answer = run_sql(db, sql.format(f"'{typed}'"))
    assert {row[0] for row in answer.rows} == found(db, typed) != set()
    assert run_sql(db, sql.format("''")).rows == run_sql(db, sql.format("NULL")).rows == ()


def test_all_that_a_search_finds_can_be_walked_through_and_counted(db: sqlite3.Connection) -> None:
    query = parse("gold -仮想 until:2026-11-20", NOW)
    expected = [hit.id for hit in hits(db, query, Selection(limit=100))]
    assert [stored.id for stored in reading.find_articles(db, Selection(), query)] == expected
    assert reading.count_articles(db, Selection(), query) == len(expected) > 0
    assert reading.count_articles(db, Selection(lang="ja", since="2026-11-05")) == len(
        [row for row in ROWS if row.lang == "ja" and row.day >= "2026-11-05"]
    )
