"""What one run knows of the documents that its sources' own lead to: as the store had it, and what was learned since."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from pressclip.models import Document, Poll, Source, SourceKind
from spiders.kinds import Found, Kind
from spiders.polling import documents

if TYPE_CHECKING:
    from storage.records import SourceState
    from storage.store import Store


class Documents:
    """The documents of a run's sources; a run that writes nothing keeps them for itself."""

    def __init__(
        self, store: "Store | None", kinds: Mapping[SourceKind, Kind], *, now: Callable[[], datetime]
    ) -> None:
        self._store, self._kinds, self._now = store, kinds, now
        self._known: dict[str, dict[str, Document]] = {}  # by source, by address
        self._asked: dict[str, set[str]] = {}  # by source, without its own

    def of(self, source: Source) -> dict[str, Document]:
        """Give all that are known of a source; as unread, where the keys that decide what is read have changed."""
        if source.name not in self._known:
            stored = self._store.documents(source.name) if self._store else []
            wanted = self._kinds[source.kind].reading(source)
            if any(each.depth == 0 and each.read_claim != wanted for each in stored):
                stored = [documents.forgotten(each) for each in stored]
            self._known[source.name] = {each.url: each for each in stored}
        return self._known[source.name]

    def own(self, source: Source) -> Document:
        """Give the source's own; its claim is how it is to be read."""
        known = self.of(source).get(source.url) or Document(url=source.url)
        return replace(known, claim=self._kinds[source.kind].reading(source))

    def remembered(self, own: Document, known: "SourceState | None") -> "SourceState | None":
        """What the last good answer of a source left, if its own document was read as it is to be read now."""
        return known if own.claim in (None, own.read_claim) else None

    def next(self, source: Source) -> Document | None:
        """Choose the next that is to be asked, and count it as asked; None: that was all."""
        asked = self._asked.setdefault(source.name, set())
        due = documents.due(self.of(source), now=self._now(), asked=frozenset(asked))
        if not due:
            return None
        asked.add(due[0].url)
        return due[0]

    def after(self, source: Source, document: Document, poll: Poll, found: Found | None) -> Poll:
        """Take in what asking a document gave, and send it on its way to the store with the poll."""
        if document.depth == 0 and (document.claim is None or found is None):
            return poll
        known = self.of(source)
        learned = [documents.after(document, poll, seen=found.seen if found else None)]
        if found is not None:
            learned += documents.named({**known, document.url: document}, document, found.children)
        known.update({each.url: each for each in learned})
        return replace(poll, documents=tuple(learned))
