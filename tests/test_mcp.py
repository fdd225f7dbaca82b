"""The tools for language models, through the official client and a process of their own."""

import asyncio
import json
import sqlite3
import sys
from pathlib import Path
from typing import Any

import pytest
from full_store import fill
from loopback import CommandLine
from mcp import Client, StdioServerParameters

from pressclip.model_tools import Tools
from storage.queries import WHOLE_ADDRESSES


def _ask(db: Path, *calls: tuple[str, dict[str, Any]]) -> list[Any]:
    """Call tools one after another; what each gave, or the text of its error."""

    async def talk() -> list[Any]:
        command = StdioServerParameters(
            command=sys.executable, args=["-m", "pressclip", "--db", str(db), "mcp"]
        )
        answers: list[Any] = []
        async with Client(command) as client:
            for name, arguments in calls:
                result = await client.call_tool(name, arguments)
                [content, *_] = result.content
                answers.append(getattr(content, "text", "") if result.is_error else json.loads(content.text))  # type: ignore[union-attr] # our tools answer with text
            answers.append(list((await client.list_tools()).tools))
        return answers

    return asyncio.run(talk())


@pytest.fixture
def db(tmp_path: Path) -> Path:
    fill(tmp_path / "news.db")
    return tmp_path / "news.db"


def test_a_model_searches_reads_lists_and_asks_in_sql(db: Path) -> None:
    conn = sqlite3.connect(db)
    [(number, title, text)] = conn.execute(
        "SELECT id, title, text FROM articles ORDER BY id LIMIT 1"
    ).fetchall()
    conn.close()
    found, article, recent, stories, counted, tools = _ask(
        db,
        ("search_articles", {"query": f'"{title}" OR 存在しない', "limit": 3}),
        ("get_article", {"id_or_url": str(number)}),
        ("recent_articles", {"since": "2000-01-01", "limit": 500}),
        ("list_stories", {"since": "2000-01-01", "limit": 2}),
        ("query_sql", {"sql": "SELECT count(*) AS n FROM articles"}),
    )
    assert title in [hit["title"] for hit in found["articles"]]
    assert (article["text"], article["next_start"]) == (text, None)
    assert counted == {"columns": ["n"], "rows": [[len(recent["articles"])]], "truncated": False}
    assert len(stories["stories"]) == 2
    assert {tool.name: tool.annotations.read_only_hint for tool in tools} == dict.fromkeys(
        ("search_articles", "get_article", "recent_articles", "list_stories", "query_sql"), True
    )


def test_s12_a_model_cannot_write_and_learns_what_was_wrong(db: Path) -> None:
    deleted, endless, missing, undated, noted, _ = _ask(
        db,
        ("query_sql", {"sql": "DELETE FROM articles"}),
        (
            "query_sql",
            {"sql": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"},
        ),
        ("get_article", {"id_or_url": "https://nowhere.example/1"}),
        ("recent_articles", {"since": "whenever"}),
        ("search_articles", {"query": "source:nobody"}),
    )
    assert "it may only read" in deleted
    assert "stopped after 5 seconds" in endless
    assert "no article https://nowhere.example/1" in missing
    assert "'whenever' is no date" in undated
    assert noted["articles"] == []
    assert "no source is called nobody" in noted["notes"][0]
    conn = sqlite3.connect(db)
    assert conn.execute("SELECT count(*) FROM articles").fetchone()[0] > 0
    conn.close()


def test_s12_no_answer_floods_a_model(db: Path) -> None:
    answer = Tools(db).query_sql("SELECT printf('%5000000d', 1), 'short', zeroblob(9)")
    [[text, *others]] = answer["rows"]
    assert (len(text) < 20_100, text.endswith("(5000000 characters)"), others) == (
        True,
        True,
        ["short", "9 bytes"],
    )


def test_c06_sql_of_a_model_reads_no_address_that_can_hold_a_key(db: Path) -> None:
    conn = sqlite3.connect(db)
    known = {
        f"{table}.{column[1]}"
        for (table,) in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        for column in conn.execute(f"PRAGMA table_info({table})").fetchall()
    }
    for column in sorted(WHOLE_ADDRESSES & known):
        table, _, name = column.partition(".")
        conn.execute(f'UPDATE OR IGNORE {table} SET {name} = \'{{"a": "s3cret"}}\' WHERE true')  # noqa: S608 - names of our own
    conn.commit()
    conn.close()
    assert known >= WHOLE_ADDRESSES
    tools = Tools(db)
    for column in sorted(WHOLE_ADDRESSES):
        table, _, name = column.partition(".")
        for sql in (
            f"SELECT {name}, hex({name}), {name} LIKE 's%' FROM {table} AS renamed",  # noqa: S608 - the same
            f"WITH t (x) AS (SELECT {name} FROM {table}) SELECT group_concat(x) FROM t",  # noqa: S608 - the same
            f"SELECT * FROM {table} WHERE {name} GLOB '*s3cret*'",  # noqa: S608 - the same
        ):
            assert "s3cret" not in str(answer := tools.query_sql(sql))
            assert b"s3cret".hex().upper() not in str(answer)
    assert tools.query_sql("SELECT url FROM articles WHERE url IS NOT NULL")["rows"]


def test_s05_a_store_that_is_not_there_ends_it_at_once(pressclip: CommandLine) -> None:
    done = pressclip("mcp")
    assert (done.returncode, done.stdout) == (4, "")
    assert "news.db does not exist" in done.stderr
