"""What trying a source brought is its first poll: it is stored, so that nothing is asked for twice."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pressclip import sources
from pressclip.models import Clipping, Source
from pressclip.report import Report
from spiders import clock
from spiders.polling.conclusions import conclude
from storage.lock import hold
from storage.records import SourceResult
from storage.store import Store

if TYPE_CHECKING:
    from spiders.notebook import Notebook, Tried

WAIT = 60.0  # seconds for a crawl that is going on


def store(
    found: "Sequence[tuple[Source, Tried]]",
    notebook: "Notebook",
    clippings: Sequence[Clipping],
    *,
    db: Path,
    configuration_file: Path | None,
) -> Report:
    """Store the polls of new sources, as sources.toml has them now, and the articles that were looked at.

    Raises:
        LockedError, StoreError: the store cannot be written.
    """
    configuration = sources.read(configuration_file)
    started_at = clock.stamp(clock.now())
    results = []
    with hold(db, wait=WAIT), Store.open(db) as opened:
        opened.mirror(configuration.sources)
        run_id = opened.begin_run("sources add", started_at)
        for rules in notebook.robots:
            opened.keep_robots(rules)
        for source, tried in found:
            results.append(_store_one(opened, source, tried, notebook, clippings))
        finished_at = clock.stamp(clock.now())
        opened.end_run(run_id, finished_at, "ok", results)
    return Report(started_at=started_at, finished_at=finished_at, results=tuple(results))


def _store_one(
    opened: Store, source: Source, tried: "Tried", notebook: "Notebook", clippings: Sequence[Clipping]
) -> SourceResult:
    conclusion = conclude(
        source,
        opened.state(source.name),
        tried.poll,
        asked_at=tried.asked_at,
        answered_at=tried.answered_at,
        answer=tried.answer,
        claims=tried.claims,
    )
    poll = replace(tried.poll, source=source.name)
    opened.record_poll(poll, next_poll_at=clock.stamp(conclusion.next_poll_at), learned=conclusion.learned)
    for further in notebook.documents(tried.source.name):
        opened.record_document(replace(further, source=source.name))
    waiting = {one.url: one for one in opened.due(clock.stamp(clock.now()), source=source.name)}
    looked_at = [
        _renamed(one, source, waiting[one.url].entry_id)
        for one in clippings
        if one.source == tried.source.name and one.url in waiting
    ]
    saved = opened.save(looked_at)
    new = sum(result.outcome == "new" for result in saved)
    return SourceResult(source=source.name, poll=poll.outcome, new=new, waiting=len(waiting) - len(looked_at))


def _renamed(clipping: Clipping, source: Source, entry_id: int | None) -> Clipping:
    """Give a clipping the name that its source got meanwhile."""
    page, article = clipping.page, clipping.article
    return replace(
        clipping,
        source=source.name,
        entry_id=entry_id,
        page=replace(page, source=source.name) if page else None,
        article=replace(article, source=source.name) if article else None,
    )
