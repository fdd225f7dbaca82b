"""Which sources and hosts go after the others in one run: those that were in trouble the last time, or are now.

They are asked all the same; but while others wait for a worker only a few of them at a time (`spiders.queues`), and their pages wait
behind the others' (`pipelines.turns`).
"""

from functools import cached_property
from typing import TYPE_CHECKING

from spiders.polling import trouble

if TYPE_CHECKING:
    from spiders.hosts import Hosts
    from storage.store import Store


class Troubles:
    """What the store remembers of the sources, and what a run learns of them and of hosts."""

    def __init__(self, store: "Store | None", hosts: "Hosts") -> None:
        self._store, self._hosts = store, hosts

    def behind(self, source: str | None, url: str) -> bool:
        """Whether what concerns a source at an address comes after the others."""
        return source in self._sources or self._hosts.in_trouble(url)

    def note(self, source: str | None, url: str, reason: str | None, size: int = 0) -> None:
        """Take in why something could not be had, or read though it has so many bytes; what cost nothing is no trouble."""
        if not trouble.is_costly(reason, size):
            return
        self._hosts.note_trouble(url)
        if source:
            self._sources.add(source)

    @cached_property
    def _sources(self) -> set[str]:
        return trouble.remembered(*self._store.troubles()) if self._store else set()
