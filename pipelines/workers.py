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
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from pressclip.errors import InputError

T = TypeVar("T")

MEMORY = 2 * 1024**3  # bytes of address space a worker; far above any real page, far below a small server
MOST_DEATHS = 2  # of workers that had one call in hand
LOOK = 1.0  # seconds between two looks whether a worker's pool still works
GRACE = 5.0  # seconds beyond its deadline after which a call ends its process itself
SLOW = 2.0  # seconds after which a call gives up its place; a usual page takes a fiftieth of it
SLOW_NICE = 15  # then, a tenth of what a worker (5) gets where both want the same processor
START = 60.0  # seconds that a process may take to start, on a machine that is busy
GARBAGE = 20_000  # objects that are made between two looks for circles of them that nobody holds
RECYCLE = 2000  # tasks of a worker before a fresh one takes its place: C libraries leak


@dataclass(slots=True)
class _Place:
    """The right to keep a processor busy."""

    given_up: bool = False


class Workers:
    """At most `count` processes, each with one call at a time, which must end within `deadline` seconds.

    A process starts with the first call that finds none free, so a run that finds nothing new does not pay for any. Each is
    a pool of its own: what several share (a pipe, a lock) is spoilt for all when one is killed while it uses it.
    """

    def __init__(self, count: int, deadline: float) -> None:
        self._count, self._deadline = count, deadline
        self._loop: asyncio.AbstractEventLoop | None = None
        self._places = asyncio.Semaphore(count)
        self._free: list[ProcessPool] = []
        self._busy: set[ProcessPool] = set()
        self._slow = 0  # calls that gave up their place

    def start(self) -> None:
        """Start the processes before the first call, so that they import while its page is on its way."""
        while len(self._free) + len(self._busy) < self._count:
            self._free.append(_begun())

    async def call(self, function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Call `function` in a worker, and in another if that dies: it may have been somebody else's doing.

        It and its arguments are pickled.

        Raises:
            InputError: `deadline`, `memory` or `worker_died`; other exceptions are the function's own.
        """
        deaths = 0
        async with self._place() as place:
            while True:
                try:
                    with self._worker(place) as worker:
                        result: T = await self._settled(worker, place, function, args, kwargs)
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

    def _bound(self) -> asyncio.Semaphore:
        """What bounds the calls: of this event loop, for cleaning again after a crawl runs in one of its own."""
        if self._loop is not (loop := asyncio.get_running_loop()):
            self._loop, self._places = loop, asyncio.Semaphore(self._count)
        return self._places

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[_Place]:
        """Wait for one of the `count` places; whoever takes long gives it up before the end."""
        await self._bound().acquire()
        place = _Place()
        try:
            yield place
        finally:
            if place.given_up:
                self._slow -= 1
            else:
                self._places.release()

    def _give_way(self, place: _Place, worker: int) -> None:
        """Let another process work beside one that takes long, and before it: a few bad pages must not hold up all others."""
        if self._slow >= self._count:
            return
        self._slow += 1
        place.given_up = True
        with suppress(OSError):  # it has just ended
            os.setpriority(os.PRIO_PROCESS, worker, SLOW_NICE)
        self._places.release()

    @contextmanager
    def _worker(self, place: _Place) -> Iterator[ProcessPool]:
        """Lend a free worker; one that died (maybe in the middle of a word) or has its call left open does not come back."""
        while self._free and not self._free[-1].active:
            _end(self._free.pop())  # its process died while it was idle
        worker = self._free.pop() if self._free else _begun()
        self._busy.add(worker)
        try:
            yield worker
        except (ProcessExpired, BrokenProcessPool, asyncio.CancelledError):
            _end(worker)
            raise
        except BaseException:
            self._come_back(worker, place)
            raise
        else:
            self._come_back(worker, place)
        finally:
            self._busy.discard(worker)

    def _come_back(self, worker: ProcessPool, place: _Place) -> None:
        """Keep a worker for the next call, unless it was slowed down: that cannot be undone."""
        if place.given_up:
            _end(worker)
        else:
            self._free.append(worker)

    async def _settled(
        self,
        worker: ProcessPool,
        place: _Place,
        function: Callable[..., T],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> T:
        """Make a call; a pool that gave up, or says nothing any more, may leave it open for ever."""
        try:
            call = worker.schedule(
                _ended_anyhow, args=(self._deadline + GRACE, function, args, kwargs), timeout=self._deadline
            )
        except RuntimeError:  # it gave up just now
            raise BrokenProcessPool("it died before it was called") from None
        wrapped = asyncio.wrap_future(call)
        patience, worked = START + self._deadline, 0.0
        while not wrapped.done() and worker.active and patience > 0:
            await asyncio.wait({wrapped}, timeout=LOOK)
            patience -= LOOK
            worked += LOOK if call.running() else 0.0
            if worked >= SLOW and not place.given_up:
                # pebble tells nobody which process it is.
                for process in tuple(worker._pool_manager.worker_manager.workers):  # noqa: SLF001 - see above
                    self._give_way(place, process)
        del call
        try:
            if wrapped.done():
                result: T = wrapped.result()
                return result
        finally:
            # It holds the exception that holds this frame: a circle in which whole bodies would stay.
            del wrapped
        raise BrokenProcessPool("it says nothing any more")

    def close(self) -> None:
        """End the processes; what they had in hand stays queued in the store."""
        workers = [*self._free, *self._busy]
        self._free, self._busy = [], set()
        for worker in workers:
            worker.stop()  # type: ignore[no-untyped-call] # pebble types only its edges
        for worker in workers:
            worker.join()


def _begun() -> ProcessPool:
    """Start a worker."""
    worker = ProcessPool(
        max_workers=1,
        max_tasks=RECYCLE,
        initializer=_prepare,
        # A fork would carry the reactor, its sockets and SQLite's handles into the child.
        context=multiprocessing.get_context("spawn"),
    )
    _ = worker.active  # it starts when it is asked
    return worker


def _end(worker: ProcessPool) -> None:
    """End a worker of which nothing more is wanted, beside the event loop: it waits for its own threads."""
    worker.stop()  # type: ignore[no-untyped-call] # as above
    threading.Thread(target=worker.join, daemon=True).start()


def _ended_anyhow(
    seconds: float, function: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> T:
    """Make a call that the kernel ends, process and all: whoever should end it at its deadline may have been killed."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return function(*args, **kwargs)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


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
