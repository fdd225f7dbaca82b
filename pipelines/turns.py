"""Turns at something of which there are few: in the order of coming, but for those who stand behind the others."""

import asyncio
from collections import deque

SHARE = 0.05  # of the time, which those behind have although others wait: nobody waits for ever


def behind_is_next(*, others: int, behind: int, spent_others: float, spent_behind: float) -> bool:
    """Whether the next turn goes to those behind, of whom as many wait as `behind` says; seconds spent so far.

    >>> behind_is_next(others=0, behind=1, spent_others=0.0, spent_behind=9.0)
    True
    >>> behind_is_next(others=5, behind=1, spent_others=9.0, spent_behind=1.0)
    False
    >>> behind_is_next(others=5, behind=1, spent_others=100.0, spent_behind=1.0)
    True
    """
    return behind > 0 and (others == 0 or spent_behind < SHARE * spent_others)


class Turns:
    """`count` places, of one event loop."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._others: deque[asyncio.Future[None]] = deque()
        self._behind: deque[asyncio.Future[None]] = deque()
        self._spent = {False: 0.0, True: 0.0}  # seconds, of those behind: True

    @property
    def crowded(self) -> bool:
        """Whether somebody waits who does not stand behind."""
        return bool(self._others)

    async def take(self, *, behind: bool) -> None:
        """Wait for a place."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue = self._behind if behind else self._others
        queue.append(turn)
        self._fill()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                queue.remove(turn)
            else:  # it came at the same moment
                self.give_back()
            raise

    def give_back(self) -> None:
        """Let the next one have the place."""
        self._free += 1
        self._fill()

    def spent(self, seconds: float, *, behind: bool) -> None:
        """Take in how long somebody had a place."""
        self._spent[behind] += seconds

    def _fill(self) -> None:
        while self._free and (self._others or self._behind):
            first = behind_is_next(
                others=len(self._others), behind=len(self._behind),
                spent_others=self._spent[False], spent_behind=self._spent[True],
            )  # fmt: skip
            self._free -= 1
            (self._behind if first else self._others).popleft().set_result(None)
