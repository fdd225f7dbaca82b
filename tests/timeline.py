"""Many crawls one after another in one process, each at a moment that the test says: a clock passed in.

`Timeline` is what tests use. Run as a script this file is the child process behind it: it reads one wish a line
(JSON: folder, at, and what `Options` takes) and writes one report a line.
"""

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sql
from newsroom import NOON

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from scrapy.crawler import AsyncCrawlerRunner

    from pipelines.workers import Workers

START = NOON


class Child:
    """The process that crawls; it serves a whole test session."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
            cwd=Path(__file__).parent.parent, env={**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": "."},
        )  # fmt: skip

    def ask(self, wish: dict[str, Any]) -> dict[str, Any]:
        """Have one crawl made."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(wish) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the crawling process died"
        report: dict[str, Any] = json.loads(answer)
        assert "crash" not in report, report["crash"]
        return report

    def close(self) -> None:
        """End the process."""
        self._process.communicate(timeout=60)


class Timeline:
    """Crawls of one folder (its sources.toml, its news.db) at chosen moments."""

    def __init__(self, child: Child, folder: Path) -> None:
        self._child, self.folder = child, folder

    def crawl(self, *names: str, minutes: float = 0, **options: Any) -> dict[str, Any]:
        """Crawl as if it were so many minutes after `START`; the report, with `results` by source."""
        at = (START + timedelta(minutes=minutes)).isoformat()
        wish = {"folder": str(self.folder), "at": at, "options": {"names": names, **options}}
        report = self._child.ask(wish)
        return {**report, "results": {result["source"]: result for result in report["results"]}}

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Ask the store."""
        return sql.rows(self.folder / "news.db", statement)

    def due(self, name: str = "wire0") -> float:
        """Minutes after `START` at which a source may be polled next."""
        [(moment,)] = self.rows(f"SELECT next_poll_at FROM sources WHERE name = '{name}'")  # noqa: S608 - a test's own
        return (datetime.fromisoformat(moment) - START).total_seconds() / 60


async def serve() -> None:
    """Answer wishes until standard input ends."""
    import asyncio

    from scrapy.crawler import AsyncCrawlerRunner

    from pipelines.workers import Workers
    from pressclip.reactor import hardened

    workers, runner = Workers(1, 20.0), AsyncCrawlerRunner(hardened("ERROR"))
    try:
        while line := await asyncio.to_thread(sys.stdin.readline):
            wish = json.loads(line)
            try:
                answer = await crawl(wish, runner, workers)
            except Exception as error:  # noqa: BLE001 - the test that wished for it fails with it
                answer = {"crash": f"{type(error).__name__}: {error}"}
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()
    finally:
        workers.close()


async def crawl(wish: dict[str, Any], runner: "AsyncCrawlerRunner", workers: "Workers") -> dict[str, Any]:
    """Make one run, as `pressclip.crawling.run_crawl` does, at a moment of the past or future."""
    import msgspec
    from scrapy import signals

    from pressclip import sources
    from pressclip.report import Report
    from spiders.run import Options, Run

    folder, moment = Path(wish["folder"]), datetime.fromisoformat(wish["at"])
    options = msgspec.convert(wish["options"], Options)
    run = Run.begin(
        sources.load(folder / "sources.toml"),
        db=folder / "news.db", command="crawl", options=options, now=lambda: moment, workers=workers,
    )  # fmt: skip
    bugs: list[object] = []
    report = None
    try:
        crawler = runner.create_crawler("sources")

        def note(failure: object) -> None:
            bugs.append(failure)

        crawler.signals.connect(note, signal=signals.item_error)
        await runner.crawl(crawler, run=run)
        raised = int(crawler.stats.get_value("spider_exceptions/count", 0))
        report = Report(
            started_at=run.stamp(), finished_at=run.stamp(), results=tuple(run.results()),
            mistakes=run.configuration.mistakes, bugs=len(bugs) + raised,
        )  # fmt: skip
    finally:
        run.end("failed" if report is None else "ok")
    assert report.bugs == 0, "our own code raised: see the log"
    built: dict[str, Any] = msgspec.to_builtins(report)
    return {**built, "exit_code": report.exit_code}


def main(work: "Callable[[], Awaitable[None]]") -> None:
    """Run `work` in a reactor with our resolver, as Scrapy's own process class would set it up."""
    from scrapy.utils.reactor import install_reactor

    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from twisted.internet import reactor as installed
    from twisted.internet.defer import Deferred

    from spiders.guards.addresses import GuardedResolver

    reactor: Any = installed
    GuardedResolver(reactor, 1000).install_on_reactor()

    def start() -> None:
        Deferred.fromCoroutine(_as_deferred(work)).addBoth(stop)

    def stop(outcome: object) -> None:
        if outcome is not None:
            sys.stderr.write(f"{outcome}\n")
        reactor.stop()

    reactor.callWhenRunning(start)
    reactor.run(installSignalHandlers=False)


async def _as_deferred(work: "Callable[[], Awaitable[None]]") -> None:
    import asyncio

    from scrapy.utils.defer import deferred_from_coro

    await deferred_from_coro(asyncio.ensure_future(work()))


if __name__ == "__main__":
    main(serve)
