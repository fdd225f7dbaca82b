"""What a kind of source knows that polling does not: how its body is asked for, and read."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from pressclip.models import Document, FeedEntry, Source
from spiders.polling import validators
from spiders.polling.answers import Answer
from spiders.polling.conclusions import FeedClaims
from spiders.polling.validators import Stored, Validators

if TYPE_CHECKING:
    from spiders.run import Run
    from storage.records import SourceState


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked, and answered with a body that is new."""

    source: Source
    answer: Answer
    document: Document  # of the source; depth 0: its own
    documents: Mapping[str, Document]  # all that are known, by address
    known: "SourceState | None"

    @property
    def who(self) -> tuple[str, str]:
        """Whose answer it is: the source and the address, as `Run.behind` takes them."""
        return self.source.name, self.answer.url

    @property
    def homes(self) -> tuple[str, ...]:
        """Addresses of the sites whose articles the source may list; one it moved to for good is one of them."""
        moved_to = self.known.learned.moved_to if self.known else None
        return tuple(home for home in (self.source.url, self.source.homepage, moved_to) if home)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a body was read as."""

    entries: tuple[FeedEntry, ...] = ()
    title: str | None = None
    problems: tuple[str, ...] = ()
    claims: FeedClaims = field(default_factory=FeedClaims)
    children: tuple[
        tuple[str, str | None], ...
    ] = ()  # documents that it leads to, and when each last changed
    seen: bytes | None = None  # see `Document`


class Kind(ABC):
    """One kind of source, for one run."""

    accept: ClassVar[str]
    #: Whether it is a page for people: robots.txt has a say, and it may need a browser.
    is_page: ClassVar[bool] = False

    def __init__(self, run: "Run") -> None:
        self.run = run

    @property
    @abstractmethod
    def largest(self) -> int:
        """Bytes of the largest body that is taken."""

    @abstractmethod
    async def read(self, asked: Asked) -> Found:
        """Read a body, in a worker: it is what strangers serve.

        Raises:
            InputError: it is not what it should be.
        """

    def reading(self, source: Source) -> str | None:  # noqa: ARG002 - of kinds that have such keys
        """Name the keys of a source that decide what is read of it: when they change, it is read anew."""
        return None

    def validators(self, stored: Stored | None) -> Validators:
        """Make the validators of a document from what its last answer left."""
        if stored is None:
            return Validators()
        return validators.of_page(stored.url, stored.etag, stored.last_modified)
