"""A run in which nothing is due: what cron starts most of the time. It ends without Scrapy, and leaves what every run leaves."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import newsroom
import pytest
from loopback import CommandLine
from sql import rows

from pipelines.workers import Workers
from pressclip import sources
from pressclip.models import Article, Clipping, FeedEntry, Fingerprints, Poll
from spiders import agenda
from spiders.agenda import ArticleDue, Due, PollDue
from spiders.clock import stamp
from spiders.run import Options, Run
from storage.records import HostState, Learned
from storage.store import Store

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FEED, OTHER = "https://wire.example/feed", "https://quiet.example/feed"
HEAVY = ("scrapy", "twisted", "trafilatura", "lxml", "feedparser", "sqlite_utils", "rich")
AT_REST = ("--quiet", "crawl", "--json")
# Nothing is due until then; a crawl of today comes long before.
IN_A_LONG_TIME = "2999-01-01T00:00:00Z"
# What `pressclip.crawling` does when there is something to do.
THROUGH_SCRAPY = """
import logging
from pathlib import Path
from pressclip import sources
from pressclip.cli.reports import as_json
from pressclip.reactor import drive
from pressclip.report import Report
from spiders.run import Options, Run

run = Run.begin(sources.load(), db=Path("news.db"), command="crawl", options=Options())
bugs = drive("sources", run, log_level="ERROR")
assert not logging.getLogger("spiders").isEnabledFor(logging.INFO)  # a record of each page, for nobody
report = Report(started_at=run.stamp(), finished_at=run.stamp(), results=tuple(run.results()), bugs=bugs)
run.end("ok")
print(as_json(report))
"""


@pytest.fixture(autouse=True)
def at_rest(tmp_path: Path) -> None:
    """Two sources that were polled; the next poll is in a long time."""
    newsroom.subscribe(tmp_path, FEED, OTHER)
    with Store.open(tmp_path / "news.db") as store:
        store.mirror(sources.load(tmp_path / "sources.toml").sources)
    for name, url in (("wire0", FEED), ("wire1", OTHER)):
        polled(tmp_path, name, url)


def polled(
    folder: Path, name: str = "wire0", url: str = FEED, *, again: str = IN_A_LONG_TIME,
    learned: Learned | None = None, entries: tuple[FeedEntry, ...] = (),
) -> None:  # fmt: skip
    poll = Poll(source=name, url=url, asked_at=stamp(NOW), outcome="changed", status=200, entries=entries)
    with Store.open(folder / "news.db") as store:
        store.record_poll(poll, next_poll_at=again, learned=learned)


def entry(number: int) -> FeedEntry:
    url = f"https://wire.example/{number}"
    return FeedEntry(guid=url, url=url, url_key=url, title=f"Report {number}")


def imported(done: "subprocess.CompletedProcess[str]") -> set[str]:
    """Read what was imported off what PYTHONPROFILEIMPORTTIME prints."""
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


def test_nothing_heavy_is_imported(pressclip: CommandLine, tmp_path: Path) -> None:
    done = pressclip("crawl", PYTHONPROFILEIMPORTTIME="1")
    assert (done.returncode, done.stdout) == (0, "")
    assert {"spiders", "sqlite3"} <= imported(done)
    assert imported(done).isdisjoint(HEAVY)
    # Something to do: a source that nobody was asked for, at an address that is never reached.
    newsroom.subscribe(tmp_path, FEED, OTHER, "http://10.0.0.1/feed")
    assert {"scrapy", "twisted"} <= imported(pressclip("crawl", PYTHONPROFILEIMPORTTIME="1"))


def test_the_report_and_the_rows_are_those_of_a_run_through_scrapy(
    pressclip: CommandLine, tmp_path: Path
) -> None:
    polled(tmp_path, learned=Learned(off_at=stamp(NOW)))
    quiet = json.loads(pressclip(*AT_REST).stdout)
    script = subprocess.run(
        [sys.executable, "-c", THROUGH_SCRAPY], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    full = json.loads(script.stdout)
    times = ("started_at", "finished_at")
    assert {**quiet, **dict.fromkeys(times)} == {**full, **dict.fromkeys(times)}
    assert [result["poll"] for result in quiet["results"]] == ["not_due", "not_due"]
    assert quiet["results"][0]["poll_reason"] == "off: it answered 410 on 2026-11-22"
    first, second = rows(
        tmp_path / "news.db", "SELECT command, outcome, new, failed, waiting, done_to FROM runs ORDER BY id"
    )
    assert first == second == ("crawl", "ok", 0, 0, 0, 0)
    assert quiet["started_at"] <= quiet["finished_at"]
    assert rows(tmp_path / "news.db", "SELECT started_at, finished_at FROM runs ORDER BY id LIMIT 1") == [
        (quiet["started_at"], quiet["finished_at"])
    ]


def test_a_source_that_only_rested_leaves_no_row(pressclip: CommandLine, tmp_path: Path) -> None:
    polled(tmp_path, learned=Learned(off_at=stamp(NOW)))
    pressclip(*AT_REST)
    assert rows(tmp_path / "news.db", "SELECT source, poll FROM run_sources") == [("wire0", "not_due")]


def test_old_runs_go_as_the_settings_say(pressclip: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    file.write_text('[store]\nkeep_runs = "30d"\n' + file.read_text())
    pressclip(*AT_REST)
    rows(tmp_path / "news.db", "UPDATE runs SET started_at = '2020-01-01T00:00:00Z'")
    pressclip(*AT_REST)
    pressclip(*AT_REST)
    assert rows(tmp_path / "news.db", "SELECT count(*), min(started_at) > '2026' FROM runs") == [(2, 1)]


def test_what_a_run_that_was_killed_learned_of_sites_is_weighed(
    pressclip: CommandLine, tmp_path: Path
) -> None:
    url = "https://wire.example/1"
    article = Article(
        url=url, url_key=url, title="Report 1", text="Words", markdown="Words", fetched_at=stamp(NOW), content_hash="1"
    )  # fmt: skip
    with Store.open(tmp_path / "news.db") as store:
        known = Fingerprints("wire.example", (1, 2))
        store.save([Clipping(url=url, source=None, state="done", article=article, fingerprints=known)])
    assert rows(tmp_path / "news.db", "SELECT state FROM site_articles") == [("new",)]
    done = pressclip(*AT_REST, PYTHONPROFILEIMPORTTIME="1")
    assert rows(tmp_path / "news.db", "SELECT state FROM site_articles") == [("weighed",)]
    assert imported(done).isdisjoint(HEAVY)


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Any]:
    """Begin runs in the folder, one after the other, at noon; each gives its agenda and its tallies."""
    workers = Workers(1, 20.0)
    configuration = sources.load(tmp_path / "sources.toml")

    def run(**options: Any) -> tuple[list[Due], dict[str | None, tuple[Any, ...]]]:
        begun = Run.begin(
            configuration, db=tmp_path / "news.db", command="crawl", options=Options(**options),
            now=lambda: NOW, workers=workers,
        )  # fmt: skip
        due = list(agenda.of(begun))
        begun.end("ok")
        return due, {
            name: (tally.poll, tally.poll_reason, tally.counts["waiting"])
            for name, tally in begun.tallies.items()
        }

    yield run
    workers.close()


def test_what_is_due_in_a_moment_is_on_the_agenda(runs: Any, tmp_path: Path) -> None:
    assert runs() == ([], {"wire0": ("not_due", None, 0), "wire1": ("not_due", None, 0)})
    polled(tmp_path, again=stamp(NOW + timedelta(seconds=4)))
    [due], _ = runs()
    assert (due.source.name, due.at) == ("wire0", NOW + timedelta(seconds=4))


def test_an_article_that_waits_is_on_the_agenda_when_its_time_has_come(runs: Any, tmp_path: Path) -> None:
    polled(tmp_path, entries=(entry(1), entry(2), entry(3)))
    rows(
        tmp_path / "news.db",
        "UPDATE entries SET state = 'failed', retry_at = ? WHERE url LIKE '%/1'",
        stamp(NOW + timedelta(minutes=1)),
    )
    rows(tmp_path / "news.db", "UPDATE entries SET state = 'done' WHERE url LIKE '%/2'")
    [due], tallies = runs()
    assert isinstance(due, ArticleDue)
    assert (due.queued.url, due.source and due.source.name) == ("https://wire.example/3", "wire0")
    assert runs(limit=0) == ([], {**tallies, "wire0": ("not_due", None, 1)})


def test_a_one_off_addition_that_waits_is_on_the_agenda(runs: Any, tmp_path: Path) -> None:
    with Store.open(tmp_path / "news.db") as store:
        store.queue([entry(1)], stamp(NOW))
    [due], _ = runs()
    assert isinstance(due, ArticleDue)
    assert due.source is None


def test_a_host_that_rests_puts_nothing_on_the_agenda(runs: Any, tmp_path: Path) -> None:
    polled(tmp_path, again=stamp(NOW), entries=(entry(1),))
    with Store.open(tmp_path / "news.db") as store:
        store.keep_host(
            HostState(host="wire.example", rests=1, rest_until="2026-11-22T13:00:00Z", rest_reason="http_429")
        )
    why = "host_rests: http_429 until 2026-11-22T13:00:00Z"
    assert runs() == ([], {"wire0": ("not_due", why, 1), "wire1": ("not_due", None, 0)})
    forced, _ = runs(names=("wire0",), force=True)
    assert [type(due) for due in forced] == [PollDue]


def test_a_source_that_moved_is_asked_for_rest_at_its_new_address(runs: Any, tmp_path: Path) -> None:
    polled(tmp_path, again=stamp(NOW), learned=Learned(moved_to="https://new.example/feed"))
    with Store.open(tmp_path / "news.db") as store:
        store.keep_host(
            HostState(
                host="new.example", rests=1, rest_until="2026-11-22T13:00:00Z", rest_reason="challenged"
            )
        )
    due, tallies = runs()
    assert due == []
    assert tallies["wire0"][1].startswith("host_rests: challenged")
