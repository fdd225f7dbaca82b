"""Runs in this process, once: a crawl, single pages, trials. What the command line calls.

configuration ── Run.begin ── Scrapy, if there is anything to do ── what sites repeat, settled ── [store] ── Report
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pressclip import sources
from pressclip.cleaning import page
from pressclip.errors import StoreError, UsageError
from pressclip.models import Care, Clipping, FeedEntry, Queued
from pressclip.redaction import redacted
from pressclip.report import Outcome, Report
from pressclip.retention import retention

if TYPE_CHECKING:
    from spiders.finder import Choose
    from spiders.notebook import Ask, Notebook
    from spiders.run import Options, Run
    from storage.records import SaveResult
    from storage.store import Store

ONE_OFF_WAIT = 60.0  # seconds that a one-off waits for a crawl to end: somebody sits before it


def run_crawl(
    *,
    db: Path,
    configuration_file: Path | None,
    options: "Options",
    log_level: str = "ERROR",
    watch: "Callable[[Run], None] | None" = None,
) -> Report:
    """Crawl in this process, once.

    Raises:
        UsageError, LockedError, StoreError: as `spiders.run.Run.begin`; StoreError also when the store fails midway.
    """
    from spiders.run import Run

    run = Run.begin(sources.load(configuration_file), db=db, command="crawl", options=options)
    run.watch = watch
    return _finish(run, "sources", log_level=log_level)


def run_urls(
    urls: Sequence[str],
    *,
    db: Path | None,
    configuration_file: Path | None,
    log_level: str = "ERROR",
    watch: "Callable[[Run], None] | None" = None,
) -> tuple[Report, list[Clipping], list[Outcome]]:
    """Fetch and clean single pages in this process, once; `db` None stores nothing.

    Raises:
        UsageError: an address is none.
        LockedError, StoreError: as `run_crawl`.
    """
    from spiders.run import Options, Run

    entries = [_one_off(url) for url in urls]
    configuration = sources.read(configuration_file)
    enough = replace(configuration.crawl, workers=max(1, min(configuration.crawl.workers, len(urls))))
    run = Run.begin(
        replace(configuration, crawl=enough), db=db, command="add", options=Options(), wait=ONE_OFF_WAIT
    )
    run.workers.start()
    run.watch, run.clippings = watch, []
    if run.store is None:
        queued = [
            Queued(entry_id=None, source=None, url=entry.url or "", attempts=0, entry=entry)
            for entry in entries
        ]
    else:
        queued = run.store.queue(entries, run.stamp())
    report = _finish(run, "urls", log_level=log_level, queued=tuple(queued))
    return report, [clipping for clipping, _ in run.clippings], [_outcome(*kept) for kept in run.clippings]


def run_trials(
    asks: "Sequence[Ask]",
    *,
    db: Path,
    configuration_file: Path | None,
    articles: int,
    choose: "Choose | None" = None,
    log_level: str = "ERROR",
    watch: "Callable[[Run], None] | None" = None,
) -> "tuple[Report, Notebook, list[Clipping]]":
    """Try addresses in this process, once; nothing is stored.

    Args:
        asks: what to try.
        db: the store, if there is one: hosts and sources that asked for rest get it.
        configuration_file: says how to crawl.
        articles: to fetch and clean of each source, the newest.
        choose: called where there is a choice; None: all is tried that was found.
        log_level: of the log on standard error.
        watch: called after each answer.

    Raises:
        UsageError: the configuration is wrong, or `choose` said so.
    """
    from spiders.hosts import Hosts
    from spiders.notebook import Notebook
    from spiders.run import Options, Run

    notebook = Notebook()
    run = Run.begin(sources.read(configuration_file), db=None, command="trial", options=Options(dry_run=True))
    run.watch, run.clippings = watch, []
    with _memory(db) as memory:
        if memory is not None:
            allowed = run.configuration.crawl.allow_hosts
            run.hosts = Hosts(memory, keep=False, allowed=allowed, now=run.now)
        report = _finish(
            run, "trials", log_level=log_level, asks=tuple(asks), notebook=notebook, choose=choose,
            articles=articles, memory=memory,
        )  # fmt: skip
        notebook.robots = run.hosts.learned_robots()
    return report, notebook, [clipping for clipping, _ in run.clippings]


@contextmanager
def _memory(db: Path) -> "Iterator[Store | None]":
    """Open the store for reading, without its lock; None: there is none, or it cannot be read as it is."""
    from storage.connection import open_readonly
    from storage.store import Store

    store = None
    if db.exists():
        with suppress(StoreError):
            store = Store(db, open_readonly(db))
    try:
        yield store
    finally:
        if store is not None:
            store.close()


def add_page(html: bytes, url: str, *, db: Path, configuration_file: Path | None = None) -> Outcome:
    """Clean and store one page that is already here.

    Raises:
        UsageError: `url` is no address, or the configuration, which may define topics, cannot be read.
        InputError: there is no text in the page at all.
        LockedError, StoreError: as `run_crawl`.
    """
    from pipelines.extract import clean_on_site
    from pipelines.shell import judged
    from storage.lock import hold
    from storage.store import Store

    _one_off(url)
    care = Care(topics=sources.read(configuration_file).topics)
    clipped = replace(page(html, url), care=care)
    clipping = judged(
        Clipping(url=url, source=None, state="done", page=clipped), clean_on_site(clipped, frozenset())
    )
    with hold(db, wait=ONE_OFF_WAIT), Store.open(db) as store:
        return _outcome(clipping, store.save([clipping])[0])


def _finish(run: "Run", spider: str, *, log_level: str, **arguments: Any) -> Report:
    from pressclip import recleaning

    outcome = "failed"
    try:
        bugs = _drive(spider, run, log_level=log_level, **arguments)
        recleaning.settle_run(run)
        if spider == "sources":  # not for one-off additions
            _retain(run)
        report = Report(
            started_at=run.started_at, finished_at=run.finished_at, results=tuple(run.results()),
            mistakes=run.configuration.mistakes, found=run.found, signal=run.signal, bugs=bugs,
        )  # fmt: skip
        outcome = "interrupted" if run.signal else "ok" if report.exit_code == 0 else "partial"
    finally:
        run.end(outcome if run.fatal is None else "failed")
    if run.fatal is not None:
        raise run.fatal
    return report


def _drive(spider: str, run: "Run", **arguments: Any) -> int:
    """Have Scrapy do what there is to do; a crawl with nothing on its agenda, as most of cron's are, never starts it."""
    if spider == "sources":
        from spiders import agenda

        due = agenda.of(run)
        if (first := next(due, None)) is None:
            return 0
        if agenda.brings_pages(first):
            run.workers.start()  # they import beside Scrapy
        arguments["due"] = chain((first,), due)
    from pressclip.reactor import drive

    return drive(spider, run, **arguments)


def _retain(run: "Run") -> None:
    """Let go of what [store] does not keep. Ages count from the run before: one leap of the clock costs nothing."""
    if run.store is None or run.run_id is None or run.fatal or run.signal or run.over.is_set():
        return
    if (before := run.store.began_before(run.run_id)) is not None:
        moment = min(run.now(), datetime.fromisoformat(before))
        run.store.prune(retention(run.configuration.store, moment))


def _outcome(clipping: Clipping, result: "SaveResult | None") -> Outcome:
    return Outcome(
        url=redacted(clipping.url), outcome=result.outcome if result else clipping.state, reason=clipping.reason,
        id=result.article_id if result else None, title=clipping.article.title if clipping.article else None,
    )  # fmt: skip


def _one_off(url: str) -> FeedEntry:
    from pipelines.identity import url_key

    if not url.startswith(("http://", "https://")):
        raise UsageError(f"{url!r} is no address: it must begin with http:// or https://")
    return FeedEntry(guid=url[:512], url=url, url_key=url_key(url))
