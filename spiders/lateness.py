"""How late an event loop comes to what is due: whether the crawling process has more to do than it can."""

import asyncio
from collections.abc import Callable

STEP = 0.05  # seconds between two looks
WEIGHT = 0.2  # of a look in the mean, so that one batch of the store does not decide
LATE = 0.01  # seconds in the mean, from which on a process is busy; one that waits for answers is at a tenth of it


class Lateness:
    """Looks at the running loop from `start` to `stop`, and calls `looked` each time."""

    def __init__(self, looked: Callable[[], None]) -> None:
        self._looked = looked
        self._mean = 0.0  # seconds
        self._next: asyncio.TimerHandle | None = None

    @property
    def is_busy(self) -> bool:
        """Whether the loop is late."""
        return self._mean > LATE

    def start(self) -> None:
        """Look from now on; does nothing where it does so already."""
        if self._next is None:
            self._look_again()

    def stop(self) -> None:
        """Look no longer."""
        if self._next:
            self._next.cancel()
            self._next = None

    def _look_again(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time() + STEP
        self._next = loop.call_at(due, self._look, due)

    def _look(self, due: float) -> None:
        late = asyncio.get_running_loop().time() - due
        self._mean += WEIGHT * (late - self._mean)
        self._look_again()
        self._looked()
