"""Which of the documents that a source's own leads to are asked now. Pure.

The sitemaps of an index, and the next pages of a list: each is a small source of its own, with its validators.
One whose claim (the date in the index, the state of the page before) is as it was when it was read is not asked.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pressclip.models import Document, Poll
from spiders.polling.answers import GONE

A_RUN = 20  # documents of one source that are asked in one run; those that wait longest come next time
DEEPEST = 3  # indexes within indexes
GIVE_UP = 3  # failures in a row, after which a day passes between two attempts
PAUSE = timedelta(days=1)
MISSING = 404
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_LONGEST_DAY = timedelta(hours=36)  # until it is over everywhere


def due(known: Mapping[str, Document], *, now: datetime, asked: frozenset[str]) -> list[Document]:
    """List the documents that are to be asked, the newest claim first, as far as the run's share goes.

    Args:
        known: all documents of the source, by address.
        now: the clock.
        asked: what was asked in this run.
    """
    if len(asked) >= A_RUN:
        return []
    waiting = [each for each in known.values() if each.url not in asked and _is_due(each, now)]
    return sorted(waiting, key=lambda each: each.claim or "", reverse=True)[: A_RUN - len(asked)]


def _is_due(each: Document, now: datetime) -> bool:
    if not each.listed or each.depth == 0:
        return False
    if each.claim is not None and each.claim == each.read_claim and not _may_mean_later(each):
        return False
    if each.failures >= GIVE_UP and each.asked_at:
        return now - datetime.fromisoformat(each.asked_at) >= PAUSE
    return True


def _may_mean_later(each: Document) -> bool:
    """Whether a claim that is only a day may stand for a change after the document was read on that day.

    >>> day = Document(url="https://a.example/1.xml", claim="2026-11-22", asked_at="2026-11-22T09:00:00Z")
    >>> _may_mean_later(day), _may_mean_later(replace(day, asked_at="2026-11-23T13:00:00Z"))
    (True, False)
    """
    if not each.claim or not _DAY.fullmatch(each.claim) or not each.asked_at:
        return False
    day = datetime.fromisoformat(each.claim).replace(tzinfo=UTC)
    return datetime.fromisoformat(each.asked_at) < day + _LONGEST_DAY


def named(
    known: Mapping[str, Document], parent: Document, children: Iterable[tuple[str, str | None]]
) -> tuple[Document, ...]:
    """Take in what a document names now: addresses and claims; what it named before and doesn't now is dropped.

    >>> index = Document(url="https://a.example/index.xml")
    >>> first = named({}, index, [("https://a.example/1.xml", "2026-11-22")])
    >>> first[0].depth, first[0].parent
    (1, 'https://a.example/index.xml')
    >>> [each.listed for each in named({first[0].url: first[0]}, index, [])]
    [False]
    """
    found: dict[str, Document] = {}
    if parent.depth < DEEPEST:
        for url, claim in children:
            before = known.get(url)
            if before and before.depth <= parent.depth and before.parent != parent.url:
                continue  # it stands above, or beside: an index that lists itself leads nowhere
            fresh = before or Document(url=url)
            moved_on = claim != fresh.claim
            found[url] = replace(
                fresh, parent=parent.url, depth=parent.depth + 1, listed=True, claim=claim,
                failures=0 if moved_on else fresh.failures,
            )  # fmt: skip
    gone = [
        replace(each, listed=False)
        for each in known.values()
        if each.parent == parent.url and each.listed and each.url not in found
    ]
    return (*found.values(), *gone)


def forgotten(document: Document) -> Document:
    """Take a document for unread: what was read of it was chosen by other keys."""
    return replace(document, read_claim=None, etag=None, last_modified=None, body_hash=None)


def after(document: Document, poll: Poll, *, seen: bytes | None = None) -> Document:
    """Take in what asking a document gave; `seen` None: nothing was read."""
    if poll.outcome == "failed":
        failures = GIVE_UP if poll.status in {MISSING, GONE} else document.failures + 1
        return replace(document, asked_at=poll.asked_at, failures=failures, reason=poll.reason)
    came_from_here = poll.url == document.url  # validators go only to the address that they came from
    return replace(
        document, asked_at=poll.asked_at, failures=0, reason=None, read_claim=document.claim,
        etag=poll.etag if came_from_here else None,
        last_modified=poll.last_modified if came_from_here else None, body_hash=poll.body_hash,
        seen=document.seen if seen is None else seen,
    )  # fmt: skip
