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
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from pipelines.turns import Turns
from pressclip.errors import InputError

T = TypeVar("T")

MEMORY = 2 * 1024**3  # bytes of address space a worker; far above any real page, far below a small server
MOST_DEATHS = 2  # of workers that one call ran in
IN_HAND = 2  # calls of a worker: it runs one, the next lies in its pipe and begins without a word from here
LOOK = 1.0  # seconds between two looks whether a worker's pool still works
GRACE = 5.0  # seconds beyond its deadline after which a call ends its process itself
SLOW = 2.0  # seconds after which a call gives up its place; a usual page takes a fiftieth of it
SLOW_NICE = 15  # then, a tenth of what a worker (5) gets where both want the same processor
START = 60.0  # seconds that a process may take to start, on a machine that is busy
GARBAGE = 20_000  # objects that are made between two looks for circles of them that nobody holds
RECYCLE = 2000  # tasks of a worker before a fresh one takes its place: C libraries leak


class _MovedError(Exception):
    """A call waited behind one that takes long, or that ended its worker: another worker shall have it."""


@dataclass(slots=True, eq=False)
class _Place:
    """The right to be in a worker's hand."""

    turns: Turns
    behind: bool
    began: float = field(default_factory=time.monotonic)
    given_up: bool = False

    def give_back(self) -> None:
        """Let another call have it."""
        self.turns.spent(time.monotonic() - self.began, behind=self.behind)
        self.turns.give_back()


@dataclass(slots=True, eq=False)
class _Worker:
    """A process."""

    pool: ProcessPool
    calls: list[_Place] = field(default_factory=list)  # in hand, the one that runs first
    slow: bool = False  # what runs takes long: nothing waits behind it, and nothing comes after it
    over: bool = False  # it was ended, and whose doing that was is settled


class Workers:
    """At most `count` processes, each with one call at a time, which must end within `deadline` seconds.

    A process starts with the first call that finds none free, so a run that finds nothing new does not pay for any. Each is
    a pool of its own: what several share (a pipe, a lock) is spoilt for all when one is killed while it uses it. When all
    work, each takes a second call in hand: it must not stand still until this process, which stores a batch, answers it.
    """

    def __init__(self, count: int, deadline: float) -> None:
        self._count, self._deadline = count, deadline
        self._loop: asyncio.AbstractEventLoop | None = None
        self._turns = Turns(count * IN_HAND)
        self._workers: list[_Worker] = []

    def start(self) -> None:
        """Start the processes before the first call, so that they import while its page is on its way."""
        while len(self._workers) < self._count:
            self._workers.append(_Worker(_begun()))

    @property
    def busy(self) -> bool:
        """Whether any of them has a call in hand."""
        return any(worker.calls for worker in self._workers)

    @property
    def crowded(self) -> bool:
        """Whether a call waits for a worker that was not made `behind` the others."""
        return self._turns.crowded

    async def call(self, function: Callable[..., T], *args: Any, behind: bool = False, **kwargs: Any) -> T:
        """Call `function` in a worker, and in another if that dies: it may have been somebody else's doing.

        It and its arguments are pickled. What is called `behind` the others waits for them, see `pipelines.turns`.

        Raises:
            InputError: `deadline`, `memory` or `worker_died`; other exceptions are the function's own.
        """
        deaths = 0
        async with self._place(behind=behind) as place:
            while True:
                began = time.monotonic()
                try:
                    with self._worker(place) as worker:
                        result: T = await self._settled(worker, place, function, args, kwargs)
                except TimeoutError:
                    if time.monotonic() - began < self._deadline * 0.9:
                        continue  # only the clock leapt, by which pebble measures: a laptop woke up
                    raise InputError("deadline", f"took longer than {self._deadline:g} s") from None
                except MemoryError:
                    raise InputError("memory", f"took more than {MEMORY >> 20} MiB") from None
                except _MovedError:
                    continue
                except (ProcessExpired, BrokenProcessPool) as died:
                    deaths += 1
                    if deaths >= MOST_DEATHS:
                        raise InputError("worker_died", f"{deaths} processes died of it ({died})") from None
                else:
                    return result

    def _bound(self) -> Turns:
        """What bounds the calls: of this event loop, for cleaning again after a crawl runs in one of its own."""
        if self._loop is not (loop := asyncio.get_running_loop()):
            self._loop, self._turns = loop, Turns(self._count * IN_HAND)
        return self._turns

    @asynccontextmanager
    async def _place(self, *, behind: bool) -> AsyncIterator[_Place]:
        """Wait for one of the places; whoever takes long gives it up before the end."""
        turns = self._bound()
        await turns.take(behind=behind)
        place = _Place(turns, behind)
        try:
            yield place
        finally:
            if not place.given_up:
                place.give_back()

    def _give_way(self, worker: _Worker, place: _Place) -> None:
        """Let another process work beside one that takes long, and before it: a few bad pages must not hold up all others."""
        if sum(each.slow for each in self._workers) >= self._count:
            return
        worker.slow = place.given_up = True
        # pebble tells nobody which process it is.
        for process in tuple(worker.pool._pool_manager.worker_manager.workers):  # noqa: SLF001 - see above
            with suppress(OSError):  # it has just ended
                os.setpriority(os.PRIO_PROCESS, process, SLOW_NICE)
        place.give_back()

    @contextmanager
    def _worker(self, place: _Place) -> Iterator[_Worker]:
        """Lend a worker; one that died (maybe in the middle of a word), has its call left open or was slowed down is ended."""
        worker = self._chosen()
        worker.calls.append(place)
        try:
            yield worker
        except (ProcessExpired, BrokenProcessPool, asyncio.CancelledError):
            self._end(worker)
            raise
        finally:
            worker.calls.remove(place)
            if place.given_up:
                self._end(worker)

    def _chosen(self) -> _Worker:
        """Choose the worker with the fewest calls in hand; as long as there may be more of them, an idle one or a new one."""
        for worker in self._workers[:]:
            if not worker.calls and not worker.pool.active:
                self._end(worker)  # its process died while it was idle
        usable = [worker for worker in self._workers if not worker.slow and worker.pool.active]
        chosen = min(usable, key=lambda worker: len(worker.calls), default=None)
        if chosen is None or (chosen.calls and len(usable) < self._count):
            chosen = _Worker(_begun())
            self._workers.append(chosen)
        return chosen

    def _end(self, worker: _Worker) -> None:
        """End a worker of which nothing more is wanted, beside the event loop: it waits for its own threads."""
        if worker.over:
            return
        worker.over = True
        self._workers.remove(worker)
        worker.pool.stop()  # type: ignore[no-untyped-call] # pebble types only its edges
        threading.Thread(target=worker.pool.join, daemon=True).start()

    async def _settled(
        self,
        worker: _Worker,
        place: _Place,
        function: Callable[..., T],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> T:
        """Make a call; a pool that gave up, or says nothing any more, may leave it open for ever."""
        try:
            call = worker.pool.schedule(
                _ended_anyhow, args=(self._deadline + GRACE, function, args, kwargs), timeout=self._deadline
            )
        except RuntimeError:  # it gave up just now
            raise BrokenProcessPool("it died before it was called") from None
        wrapped: asyncio.Future[T] = asyncio.wrap_future(call)
        patience, worked = START + self._deadline, 0.0
        while not wrapped.done() and worker.pool.active and patience > 0:
            await asyncio.wait({wrapped}, timeout=LOOK)
            patience -= LOOK if worker.calls[0] is place else 0.0
            worked += LOOK if call.running() else 0.0
            if worked >= SLOW and not place.given_up:
                self._give_way(worker, place)
            if worker.slow and not place.given_up:
                break
        try:
            if wrapped.done() and not (worker.over and _died(wrapped)):
                return wrapped.result()
        finally:
            call.cancel()  # type: ignore[no-untyped-call] # as above; it only waits, or is done
            # They hold the exception that holds this frame: a circle in which whole bodies would stay.
            del call, wrapped
        if worker.over or worker.slow:
            raise _MovedError
        raise BrokenProcessPool("it says nothing any more")

    def close(self) -> None:
        """End the processes; what they had in hand stays queued in the store."""
        workers, self._workers = self._workers, []
        for worker in workers:
            worker.over = True
            worker.pool.stop()  # type: ignore[no-untyped-call] # as above
        for worker in workers:
            worker.pool.join()


def _died(settled: asyncio.Future[Any]) -> bool:
    """Whether a call failed because its process did; TypeError is what a pipe says that is closed while a page goes into it."""
    return isinstance(settled.exception(), ProcessExpired | BrokenProcessPool | TypeError)


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
    os.nice(5)  # the parent must keep answering the network, and start itself, while pages are cleaned
    import pipelines.extract  # noqa: F401 - a second of imports is not the first page's fault

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Ended at its deadline by the kernel: a handler in Python would wait for the C code that hangs, and all workers with it.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # A page makes ten thousand objects and hardly a circle: looking for circles after each 700 takes 3 % of its time.
    gc.freeze()
    gc.set_threshold(GARBAGE)
