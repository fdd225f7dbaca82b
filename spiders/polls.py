"""The spider that polls sources of any kind, then fetches the articles they name.

source ── conditional request ── answer ── judged ── read in a worker ── recorded ──┬── further documents, one by one
                                                                                   └── articles
"""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request

from pressclip.errors import InputError
from pressclip.models import Clipping, Document, Poll, Source, SourceKind
from pressclip.redaction import redacted
from spiders import agenda, belongings, clock, failures, rules
from spiders.agenda import Due, PollDue
from spiders.articles import ArticleSpider, was_conditional
from spiders.documents import Documents
from spiders.headers import as_text
from spiders.kinds import Asked, Found, Kind
from spiders.polling import link_header
from spiders.polling.answers import Answer, Remembered, judge
from spiders.polling.conclusions import FeedClaims, conclude
from spiders.refusals import NotAskedError

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from spiders.polling.validators import Stored
    from storage.records import SourceState


class PollSpider(ArticleSpider):
    """Polls each source that is due, then fetches the articles that are new there; subclasses say which kinds."""

    kinds: ClassVar[Mapping[SourceKind, type[Kind]]]

    def __init__(self, *, due: Iterable[Due] | None = None, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._agenda = agenda.of(self.run, self.kinds) if due is None else due
        self._states: dict[str, SourceState | None] = {}  # by source
        self._kinds = {name: kind(self.run) for name, kind in self.kinds.items()}
        self._documents = Documents(self.run.store, self._kinds, now=self.run.now)

    async def start(self) -> AsyncIterator[Any]:
        """Do what is on the run's agenda."""
        for due in self._agenda:
            if isinstance(due, PollDue):
                yield self.poll_request(due.source, due.known, due.at)
            else:
                yield self.article_or_request(due.queued, due.source)

    def poll_request(self, source: Source, known: "SourceState | None", due_at: datetime) -> Request:
        """Make the conditional request for a source, at the address it has moved to."""
        self._states[source.name] = known
        url = agenda.address(source, known)
        asked = Poll(source=source.name, url=url, asked_at=self.run.stamp(), outcome="failed")
        remembered = self._documents.remembered(self._documents.own(source), known)
        request = self._request_for(
            source, url, remembered,
            callback=self.parse_poll,
            errback=partial(self.poll_failed, source=source, asked=asked),
            cb_kwargs={"source": source, "asked": asked},
        )  # fmt: skip
        request.meta["not_before"] = due_at if due_at > self.run.now() else None
        return request

    async def parse_poll(self, response: "Response", source: Source, asked: Poll) -> AsyncIterator[Any]:
        """Record what the source gave, then ask for what it leads to."""
        answer, own = answer_of(response), self._documents.own(source)
        remembered = self._documents.remembered(own, self._known(source))
        poll, found = await self._judged(asked, answer, source, own, remembered)
        poll = self._knowing(source, own, poll, found)
        claims = _with_header(found.claims, answer) if found else None
        for request in self._recorded(source, poll, response.meta, answer, claims):
            yield request

    def poll_failed(self, failure: "Failure", *, source: Source, asked: Poll) -> Iterator[Request | Clipping]:
        """Record why the source could not be had; what waits from earlier polls is fetched all the same."""
        if isinstance(failure.value, NotAskedError):
            self.run.tally(source.name).put_off(failure.value.reason)
            yield from self.article_requests(source)
            return
        _, reason = failures.of_exception(failure.value)
        meta = failure.request.meta  # type: ignore[attr-defined] # Scrapy adds it
        yield from self._recorded(source, replace(asked, reason=reason), meta)

    async def parse_document(
        self, response: "Response", source: Source, document: Document, asked: Poll
    ) -> AsyncIterator[Any]:
        """Record what one of a source's further documents gave, then ask for the next."""
        poll, found = await self._judged(asked, answer_of(response), source, document, document)
        self.run.record_document(self._knowing(source, document, poll, found))
        for request in self._next(source):
            yield request

    def document_failed(
        self, failure: "Failure", *, source: Source, document: Document, asked: Poll
    ) -> Iterator[Request | Clipping]:
        """Record why a further document could not be had, and go on; what was not asked for keeps its place."""
        if isinstance(failure.value, NotAskedError):
            yield from self.article_requests(source)
            return
        poll = replace(asked, reason=failures.of_exception(failure.value)[1])
        self.run.record_document(self._knowing(source, document, poll, None))
        yield from self._next(source)

    async def _judged(
        self,
        asked: Poll,
        answer: Answer,
        source: Source,
        document: Document,
        remembered: "Remembered | None",
    ) -> tuple[Poll, Found | None]:
        """Judge an answer, and read what is new."""
        poll = judge(asked, answer, remembered)
        if poll.outcome != "changed":
            return poll, None
        try:
            found = await self._kinds[source.kind].read(
                Asked(
                    source=source, answer=answer, document=document,
                    documents=self._documents.of(source), known=self._known(source),
                )
            )  # fmt: skip
            if wants := rules.of(source):
                # In a worker too: a pattern can take for ever on what a stranger wrote.
                behind = self.run.behind(source.name, answer.url)
                wanted = await self.run.workers.call(rules.judged, found.entries, wants, behind=behind)
                found = replace(found, entries=wanted)
        except InputError as error:
            return replace(poll, outcome="failed", reason=redacted(f"{error.reason}: {error}")), None
        return replace(poll, title=found.title, entries=found.entries, problems=found.problems), found

    def _knowing(self, source: Source, document: Document, poll: Poll, found: Found | None) -> Poll:
        """Take in what asking a document gave, so that it is stored with the poll."""
        return self._documents.after(source, document, poll, found)

    def _recorded(
        self,
        source: Source,
        poll: Poll,
        meta: dict[str, Any],
        answer: Answer | None = None,
        claims: FeedClaims | None = None,
    ) -> Iterator[Request | Clipping]:
        """Commit a poll, and when the next one may be; then ask for what it led to."""
        now = self.run.now()
        asked_at = meta.get("sent_at", now)
        poll = replace(poll, asked_at=clock.stamp(asked_at))
        conclusion = conclude(
            source,
            self._known(source),
            poll,
            asked_at=asked_at,
            answered_at=max(asked_at, meta.get("answered_at", now)),
            answer=answer,
            claims=claims,
        )
        self.run.record(poll, next_poll_at=conclusion.next_poll_at, learned=conclusion.learned)
        self._states.pop(source.name, None)
        if poll.outcome == "failed":
            yield from self.article_requests(source)
        else:
            yield from self._next(source)

    def _next(self, source: Source) -> Iterator[Request | Clipping]:
        """Ask for the next of a source's further documents; after the last for its articles."""
        document = self._documents.next(source)
        if document is None:
            yield from self.article_requests(source)
            return
        poll = Poll(source=source.name, url=document.url, asked_at=self.run.stamp(), outcome="failed")
        yield self._request_for(
            source, document.url, document,
            callback=self.parse_document,
            errback=partial(self.document_failed, source=source, document=document, asked=poll),
            cb_kwargs={"source": source, "document": document, "asked": poll},
        )  # fmt: skip

    def _request_for(self, source: Source, url: str, remembered: "Stored | None", **answered: Any) -> Request:
        """Make the conditional request for a document of a source."""
        kind = self._kinds[source.kind]
        carried = belongings.of(source, url)
        stored, through = kind.validators(remembered), {}
        if kind.is_page and source.render:
            from spiders import rendering  # needs the extra

            stored, through = kind.validators(None), rendering.meta(source.name)
        return Request(
            url,
            headers={"Accept": kind.accept, **stored.at(url), **carried.headers},
            priority=10,  # a poll before the articles of other sources: its host waits less
            meta={
                **carried.meta,
                **through,
                "validators": stored,
                "behind": self.run.behind(source.name, url),
                "forced": self.run.options.force,
                "download_maxsize": kind.largest,
                "dont_obey_robotstxt": not kind.is_page,
            },
            **answered,
        )

    def _known(self, source: Source) -> "SourceState | None":
        """What is known of a source: read once before its poll is recorded, and anew after that."""
        if source.name not in self._states:
            self._states[source.name] = self.run.store.state(source.name) if self.run.store else None
        return self._states[source.name]


def answer_of(response: "Response") -> Answer:
    """Take from Scrapy's response what polling needs."""
    return Answer(
        status=response.status,
        url=response.url,
        body=response.body,
        headers=as_text(response.headers),
        was_conditional=was_conditional(response),
        asked_for_delta=bool(response.request and "A-IM" in response.request.headers),
        hops=tuple(
            zip(
                response.meta.get("redirect_urls", ()), response.meta.get("redirect_reasons", ()), strict=True
            )
        ),
        retry_after=response.meta.get("retry_after"),
    )


def _with_header(claims: FeedClaims, answer: Answer) -> FeedClaims:
    """What a body claims, completed by the links that its answer's header names."""
    said = answer.headers.get("link")
    hub, topic = (link_header.target(said, rel, answer.url) for rel in ("hub", "self"))
    return replace(claims, hub=claims.hub or hub, hub_topic=claims.hub_topic or topic)
