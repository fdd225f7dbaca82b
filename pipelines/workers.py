"""Reading and cleaning in processes of their own, off the event loop, with a deadline and a bound on memory.

Parsers can hang or blow up on what strangers serve, and a thread can be neither stopped nor bounded.
A worker that misses its deadline or dies is replaced; what did it gets a named reason.
"""

import asyncio
import gc
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from pressclip.errors import InputError

T = TypeVar("T")

MEMORY = 2 * 1024**3  # bytes of address space a worker; far above any real page, far below a small server
MOST_DEATHS = 2  # of workers that had one call in hand
SPARE = 2  # calls that the pool has beside those in hand, so that no worker waits for the next
LOOK = 1.0  # seconds between two looks whether the pool still works
START = 60.0  # seconds that processes may take to start, on a machine that is busy
GARBAGE = 20_000  # objects that are made between two looks for circles of them that nobody holds
RECYCLE = 2000  # tasks of a worker before a fresh one takes its place: C libraries leak


class Workers:
    """A pool of `count` processes; each call must end within `deadline` seconds.

    The processes start with the first call, so a run that finds nothing new does not pay for them.
    """

    def __init__(self, count: int, deadline: float) -> None:
        self._count, self._deadline = count, deadline
        self._pool: ProcessPool | None = None
        # What waits in the pool shares its fate when it gives up, as it does when a process dies with nothing in hand.
        self._places = asyncio.Semaphore(count + SPARE)

    def start(self) -> None:
        """Start the processes before the first call, so that they import while its page is on its way."""
        _ = self._running().active  # a new pool starts when it is asked

    async def call(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Call `function` in a worker, and in another if that dies: it may have been somebody else's doing.

        It and its arguments are pickled.

        Raises:
            InputError: `deadline`, `memory` or `worker_died`; other exceptions are the function's own.
        """
        deaths = 0
        async with self._places:
            while True:
                pool = self._running()
                try:
                    result: T = await self._settled(
                        pool, pool.schedule(function, args=args, kwargs=kwargs, timeout=self._deadline)
                    )
                except TimeoutError:
                    raise InputError("deadline", f"took longer than {self._deadline:g} s") from None
                except MemoryError:
                    raise InputError("memory", f"took more than {MEMORY >> 20} MiB") from None
                except (ProcessExpired, BrokenProcessPool) as died:
                    deaths += 1
                    if deaths >= MOST_DEATHS:
                        raise InputError("worker_died", f"{deaths} processes died of it ({died})") from None
                else:
                    return result

    async def _settled(self, pool: ProcessPool, future: ProcessFuture[T]) -> T:
        """Wait for a call; a pool that gave up, or says nothing any more, may leave it open for ever."""
        wrapped = asyncio.wrap_future(future)
        del future
        patience = START + self._deadline * (1 + SPARE)  # that the others in the pool can take, and this one
        while not wrapped.done() and pool.active and patience > 0:
            await asyncio.wait({wrapped}, timeout=LOOK)
            patience -= LOOK
        try:
            if wrapped.done():
                return wrapped.result()
        finally:
            # It holds the exception that holds this frame: a circle in which whole bodies would stay.
            del wrapped
        if pool is self._pool:
            self.close()
        raise BrokenProcessPool("the pool gave up")

    def _running(self) -> ProcessPool:
        if self._pool is not None and not self._pool.active:
            self.close()  # it gave up; the next one does not know
        if self._pool is None:
            self._pool = ProcessPool(
                max_workers=self._count,
                max_tasks=RECYCLE,
                initializer=_prepare,
                # A fork would carry the reactor, its sockets and SQLite's handles into the child.
                context=multiprocessing.get_context("spawn"),
            )
        return self._pool

    def close(self) -> None:
        """End the processes; what they had in hand stays queued in the store."""
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call] # pebble types only its edges
            self._pool.join()
            self._pool = None


def _prepare() -> None:
    """Set up a worker before its first deadline runs: imports, bounded memory, Ctrl-C left to the parent."""
    import pipelines.extract  # noqa: F401 - a second of imports is not the first page's fault

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Ended at its deadline by the kernel: a handler in Python would wait for the C code that hangs, and all workers with it.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.nice(5)  # the parent must keep answering the network while pages are cleaned
    # A page makes ten thousand objects and hardly a circle: looking for circles after each 700 takes 3 % of its time.
    gc.freeze()
    gc.set_threshold(GARBAGE)
