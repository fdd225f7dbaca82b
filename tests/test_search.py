"""Searching: complete in every script, newest first, and never an error, whatever is typed. Reading lists too."""

import random
import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pressclip.errors import InputError, UsageError
from pressclip.models import Article, Clipping
from storage import reading
from storage.queries import run_sql
from storage.records import Selection
from storage.search import search
from storage.store import Store

SEED = 20261122
JA = [
    "仮想通貨",
    "規制",
    "ビットコイン",
    "価格",
    "上昇",
    "の",
    "は",
    "。",
    "、",
    "ＡＩ",
    "ﾋﾞｯﾄｺｲﾝ",
    "金",
    "、BTCは",
]
ZH = ["比特币", "监管", "價格", "上涨", "的", "，", "。", "人工智能", "加密貨幣", "金"]
KO = ["비트코인", "가격이", " ", "규제", "상승", ". ", "인공지능 ", "비트", "의 "]
EN = [
    "Bitcoin ",
    "price ",
    "AI ",
    "regulation, ",
    "café ",
    "don't ",
    "gold ",
    "e-mail ",
    "BTC ",
    "$100 ",
    "🚀 ",
    "gold-backed ",
]
QUERIES = [
    "仮想", "仮想通貨", "規制", "金", "通", "ビットコイン", "コイン", "AI", "ai", "BTC", "比特", "监管", "價格", "人工智能", "비트", "가격",
    "비트코인", "규제", "bitcoin", "PRICE", "gold", "regulation", "cafe", "café", "🚀", "$100", "mail",
]  # fmt: skip


def article(number: int, title: str, text: str, **more: object) -> Clipping:
    url = f"https://example.com/{number}"
    made = Article(
        url=url, url_key=f"example.com/{number}", title=title, text=text, markdown=text, content_hash=str(number),
        fetched_at="2026-11-22T10:00:00Z", published_at=f"2026-11-{number % 20 + 1:02}T00:00:00Z",
    )  # fmt: skip
    made = replace(made, **more)  # type: ignore[arg-type]  # the tests name fields of Article only
    return Clipping(url=url, source=None, state="done", article=made)


def folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).lower()
    return unicodedata.normalize(
        "NFC", re.sub("([a-z])[\u0300-\u036f]", r"\1", unicodedata.normalize("NFD", plain))
    )


def oracle(query: str) -> re.Pattern[str]:
    """What the query means, written without an index: Latin words stand alone, others may be inside."""
    word = re.escape(folded(query))
    return re.compile(rf"(?<![a-z0-9]){word}(?![a-z0-9])" if word.isascii() else word)


@pytest.fixture(scope="module")
def documents() -> dict[int, str]:
    dice = random.Random(SEED)
    return {
        number: "".join(dice.choices(dice.choice([JA, ZH, KO, EN, JA + EN]), k=dice.randint(1, 12)))
        for number in range(1, 1001)
    }


@pytest.fixture(scope="module")
def db(documents: dict[int, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path = tmp_path_factory.mktemp("search") / "news.db"
    with Store.open(path) as store:
        # Every third article said something else before, at another time: the index must have forgotten that.
        store.save([
            article(number, "forgotten 仮想", "忘", content_hash="old", published_at="2026-10-01")
            for number in list(documents)[::3]
        ])  # fmt: skip
        store.save([article(number, text[:6], text) for number, text in documents.items()])
    with reading.opened(path) as opened:
        yield opened


@pytest.mark.parametrize("query", QUERIES)
def test_recall_is_complete_and_what_is_found_is_right(
    db: sqlite3.Connection, documents: dict[int, str], query: str
) -> None:
    found = {hit.article.url.rsplit("/", 1)[1] for hit in search(db, query, Selection(limit=10_000))}
    pattern = oracle(query)
    expected = {
        str(number)
        for number, text in documents.items()
        if pattern.search(folded(text)) or pattern.search(folded(text[:6]))
    }
    assert expected <= found
    assert expected, "a query that nothing matches shows nothing"
    # A phrase may reach over punctuation: 「仮想、通貨」 is found by 仮想通貨. Nothing else is found.
    without_gaps = {number: re.sub(r"[\W_]", "", folded(text)) for number, text in documents.items()}
    bare = re.sub(r"[\W_]", "", folded(query))
    assert all(bare in without_gaps[int(number)] for number in found)


def test_the_index_has_forgotten_versions_that_were_replaced(db: sqlite3.Connection) -> None:
    assert search(db, "forgotten") == []
    assert search(db, "忘") == []


def test_newest_first_and_not_more_than_asked_for(db: sqlite3.Connection) -> None:
    dates = [hit.article.published_at for hit in search(db, "gold", Selection(limit=50))]
    assert len(dates) == 50
    assert dates == sorted(dates, key=str, reverse=True)
    assert len(search(db, "gold")) == 20


@pytest.fixture
def small(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    path = tmp_path / "news.db"
    with Store.open(path) as store:
        store.save([
            article(1, "仮想通貨の規制", "日本では規制が強まる。", lang="ja", source="coin", topics=("crypto",)),
            article(2, "Gold and bitcoin", "The price of gold is up.", lang="en", source="gold", topics=("gold", "ai")),
            article(3, "比特币", "加密貨幣的價格", lang="zh-Hant", source="coin", topics=("crypto", "ai")),
            article(4, "Digital gold", "Bitcoin is no price, gold is.", lang="en", source="gold"),
        ])  # fmt: skip
    with reading.opened(path) as opened:
        yield opened


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("gold bitcoin", {2, 4}),
        ("gold -digital", {2}),
        ('"price of gold"', {2}),
        ("“price of gold”", {2}),
        ('"price of gold', {2}),
        ("価格", set()),
        ("规制", set()),
        ("規制　仮想", {1}),
        ("－規制", {2, 3, 4}),
        ("-規制 -gold", {3}),
        ("", set()),
        ("   ", set()),
        ("*", set()),
        ("gold AND bitcoin", {2, 4}),
        ("NEAR(gold", set()),
        ("title:gold", set()),
        ("g", set()),
    ],
)
def test_what_can_be_typed(small: sqlite3.Connection, typed: str, expected: set[int]) -> None:
    assert {hit.id for hit in search(small, typed)} == expected


def test_s10_nor_is_anything_too_long(db: sqlite3.Connection) -> None:
    for typed in ("gold " * 10_000, "仮想" * 10_000, "-gold " * 10_000, '"' * 10_001):
        search(db, typed)


def test_the_snippet_and_the_title_show_where_it_matched(small: sqlite3.Connection) -> None:
    [hit] = search(small, "日本 規制")
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["日本", "規制"]
    assert [hit.article.title[start:end] for start, end in hit.title_marks] == ["規制"]
    [either] = search(small, "日本 OR silver -gold")
    assert [either.snippet[start:end] for start, end in either.marks] == ["日本"]


def test_by_relevance_the_title_stands_above_the_text(small: sqlite3.Connection) -> None:
    assert [hit.id for hit in search(small, "bitcoin")] == [4, 2]
    assert [hit.id for hit in search(small, "bitcoin", ranked=True)] == [2, 4]
    assert [hit.id for hit in search(small, "bitcoin lang:en -digital", ranked=True)] == [2]
    assert [hit.id for hit in search(small, "gold", Selection(limit=1), ranked=True)] == [4]
    assert [hit.id for hit in search(small, "gold since:2026-11-04", ranked=True)] == [4]
    assert [hit.id for hit in search(small, "lang:en", ranked=True)] == [4, 2]  # no word: newest first


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("ﾋﾞｯﾄｺｲﾝは", "ビットコイン"),
        ("ビットコインは", "ﾋﾞｯﾄｺｲﾝ"),
        ("ＡＩの㈱", "ai 株"),
        ("CAFÉ", "cafe"),
        ("cafe", "café"),
        ("か\u3099す", "がす"),  # decomposed
        ("\u2068Bitcoin\u2069 up", "bitcoin"),  # marks of direction around a name
        ("price of \u2068Bitcoin\u2069 up", '"of bitcoin up"'),
        ("\u061cgold", "gold"),
        ("bit\u00adcoin", "bitcoin"),
        ("葛\U000e0100城市", "葛城市"),  # another form of the same character
        ("❤\ufe0f price", "❤"),
        ("don\u2019t", "don't"),
        ("C++とU.S.", "C++ U.S."),
        ("5\u22123=2", "5\u22123"),
        ("価格は₿100です", "₿100"),
        ("ビットコイン", "トコ"),
        ("台湾", "湾"),
        ("ㅋㅋ 대박", "ㅋㅋ"),
    ],
)
def test_width_case_accents_and_what_cannot_be_seen_do_not_matter(
    tmp_path: Path, written: str, typed: str
) -> None:
    with Store.open(tmp_path / "news.db") as store:
        store.save(
            [article(1, "", f"前 {written} 後"), article(2, written, ""), article(3, "別", "其他 other")]
        )
        found = store.search(typed)
        assert [hit.id for hit in found] == [2, 1]
        assert found[0].title_marks
        assert found[1].marks


def test_a_changed_article_is_found_by_what_it_is_now(tmp_path: Path) -> None:
    first = {"lang": "ja", "source": "coin", "topics": ("crypto", "ai")}
    then = {"lang": "zh-Hant", "source": "coin", "topics": ("gold",), "content_hash": "new"}
    with Store.open(tmp_path / "news.db") as store:
        store.save([article(1, "仮想", "通貨", **first)])
        store.save([article(1, "仮想", "通貨", **then)])
        assert [hit.id for hit in store.search("仮想 lang:zh topic:gold source:coin")] == [1]
        assert store.search("lang:ja OR topic:crypto OR topic:ai") == []
        assert len(list(store.articles(Selection(topic="gold", lang="zh")))) == 1


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(), [4, 3, 2, 1]),
        (Selection(limit=2), [4, 3]),
        (Selection(source="coin"), [3, 1]),
        (Selection(lang="zh"), [3]),
        (Selection(lang="zh-Hant"), [3]),
        (Selection(lang="z"), []),
        (Selection(topic="ai"), [3, 2]),
        (Selection(topic="a"), []),
        (Selection(since="2026-11-04"), [4, 3]),
        (Selection(until="2026-11-04"), [3, 2, 1]),
        (Selection(since="2026-11-03T00:00:00Z", until="2026-11-03"), [2]),
        (Selection(source="'; DROP TABLE articles; --"), []),
        (Selection(source="\ud800"), []),
    ],
)
def test_selections(small: sqlite3.Connection, selection: Selection, expected: list[int]) -> None:
    assert [stored.id for stored in reading.find_articles(small, selection)] == expected
    found = [hit.id for hit in search(small, "-nothing", selection)]
    assert found == expected
    both = {
        *(hit.id for hit in search(small, "gold", selection)),
        *(hit.id for hit in search(small, "-gold", selection)),
    }
    assert both == set(expected) or selection.limit is not None
    if selection.limit is None:
        assert reading.count_articles(small, selection) == len(expected)


@pytest.mark.parametrize("since", ["yesterday", "2026-13-01", "", "9999-12-31T23:59:59-23:59"])
def test_a_date_that_is_none_is_a_usage_error(small: sqlite3.Connection, since: str) -> None:
    with pytest.raises(UsageError, match="not a date"):
        reading.find_articles(small, Selection(since=since))


@pytest.mark.parametrize("name", [2, "https://example.com/2", "example.com/2"])
def test_an_article_is_found_by_its_number_or_address(small: sqlite3.Connection, name: int | str) -> None:
    stored = reading.get_article(small, name)
    assert stored is not None
    assert stored.id == 2


@pytest.mark.parametrize("name", [0, -1, 99, 10**30, "", "https://example.com/99", "\ud800"])
def test_what_is_not_there_is_not_found(small: sqlite3.Connection, name: int | str) -> None:
    assert reading.get_article(small, name) is None


def test_counts(small: sqlite3.Connection) -> None:
    counts = reading.counts(small)
    assert (counts.articles, counts.pages, counts.revisions, dict(counts.entries)) == (4, 0, 0, {})


class TestQueries:
    def test_rows_come_with_their_columns(self, small: sqlite3.Connection) -> None:
        answer = run_sql(small, "SELECT id, title AS headline FROM articles WHERE lang = 'en' ORDER BY id")
        assert answer.columns == ("id", "headline")
        assert answer.rows == ((2, "Gold and bitcoin"), (4, "Digital gold"))
        assert not answer.truncated

    def test_rows_are_limited(self, small: sqlite3.Connection) -> None:
        answer = run_sql(small, "SELECT id FROM articles", max_rows=2)
        assert (len(answer.rows), answer.truncated) == (2, True)

    def test_s12_an_answer_of_huge_values_is_cut(self, small: sqlite3.Connection) -> None:
        forever = "WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT zeroblob(60000000) FROM t"
        answer = run_sql(small, forever, max_rows=1_000_000)
        assert (len(answer.rows), answer.truncated) == (4, True)

    @pytest.mark.parametrize(
        "sql",
        [
            "DELETE FROM articles",
            "UPDATE articles SET title = ''",
            "INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')",
            "CREATE TABLE t (x)",
            "CREATE TEMP TABLE t (x)",
            "DROP TABLE articles",
            "ATTACH '/tmp/other.db' AS other",
            "VACUUM INTO '/tmp/copy.db'",
            "PRAGMA writable_schema = ON",
            "PRAGMA query_only = OFF",
            "PRAGMA user_version = 9",
            "PRAGMA journal_mode = DELETE",
            "PRAGMA wal_checkpoint",
            "SELECT load_extension('x')",
            "SELECT fts3_tokenizer('simple')",
            "BEGIN",
            "SELECT 1; DELETE FROM articles",
            "WITH x AS (SELECT 1) DELETE FROM articles",
            "EXPLAIN DELETE FROM articles",
            "SELEC 1",
            "SELECT * FROM missing",
            "SELECT zeroblob(1000000000)",
            "SELECT '\ud800' FROM missing",
        ],
    )
    def test_s12_only_what_reads_is_run(self, small: sqlite3.Connection, sql: str) -> None:
        with pytest.raises(UsageError, match="cannot be run"):
            run_sql(small, sql)
        assert reading.counts(small).articles == 4

    def test_s12_what_would_never_end_is_stopped(self, small: sqlite3.Connection) -> None:
        forever = "WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT max(n) FROM t"
        with pytest.raises(InputError, match="stopped after") as caught:
            run_sql(small, forever, seconds=0.05)
        assert caught.value.reason == "timeout"
        assert run_sql(small, "SELECT count(*) FROM articles").rows == ((4,),)

    @pytest.mark.parametrize(
        "sql", ["", "-- nothing", "PRAGMA table_info(articles)", "SELECT CAST(x'ff' AS TEXT)"]
    )
    def test_odd_queries_that_read_are_run(self, small: sqlite3.Connection, sql: str) -> None:
        assert run_sql(small, sql) is not None

    def test_the_index_can_be_asked_too(self, small: sqlite3.Connection) -> None:
        sql = "SELECT id FROM articles JOIN articles_fts ON articles_fts.rowid = sort_key WHERE articles_fts MATCH '\"規 制\"'"
        assert run_sql(small, sql).rows == ((1,),)

    def test_the_query_in_the_documentation_runs(self, small: sqlite3.Connection) -> None:
        documentation = (Path(__file__).parent.parent / "docs" / "storage.md").read_text(encoding="utf-8")
        asked, by_hand, stories = re.findall(r"```sql\n(.+?)```", documentation, re.DOTALL)
        assert run_sql(small, stories).columns == ("story_id", "sources", "min(published_at)", "title")
        for sql, without in ((asked, " -規制"), (by_hand, ' NOT "規 制"')):
            assert run_sql(small, sql).columns == ("id", "title")
            assert without in sql
            assert run_sql(small, sql.replace(without, "")).rows == ((1, "仮想通貨の規制"),)

    def test_a_word_in_the_title_counts_more(self, small: sqlite3.Connection) -> None:
        sql = (
            "SELECT id FROM articles_fts JOIN articles ON sort_key = articles_fts.rowid"
            " WHERE articles_fts MATCH 'bitcoin' ORDER BY articles_fts.rank"
        )
        assert run_sql(small, sql).rows == ((2,), (4,))

    def test_the_connection_cannot_write_in_any_other_way(self, small: sqlite3.Connection) -> None:
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            small.execute("DELETE FROM articles")
