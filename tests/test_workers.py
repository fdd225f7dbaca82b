"""The worker pool: real processes, real deadlines, real deaths."""

import asyncio
import multiprocessing
import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

import memory
import pytest
from pool import with_workers

from pipelines.shell import cleaned
from pipelines.workers import MEMORY, Workers
from pressclip.errors import InputError
from pressclip.models import Clipping, Page


def nap(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def die(code: int) -> None:
    os._exit(code)


def hog() -> int:
    return len(bytearray(MEMORY + 1))


def refuse() -> None:
    raise InputError("not_html", "it is a picture")


def crash() -> None:
    raise ZeroDivisionError("a bug of ours")


def failure(deadline: float, function: Callable[..., object], *args: object) -> InputError:
    async def use(workers: Workers) -> InputError:
        with pytest.raises(InputError) as caught:
            await workers.call(function, *args)
        # Whatever happened, the next call finds a worker.
        assert await workers.call(nap, 0.0)
        return caught.value

    return with_workers(deadline, use)


def test_a_call_runs_in_another_process() -> None:
    assert with_workers(10, lambda workers: workers.call(nap, 0.0)) != os.getpid()


@pytest.mark.parametrize("deadline", [1.0, 4.0])  # the second after it gave up its place
def test_a_call_that_takes_too_long_is_ended(deadline: float) -> None:
    assert failure(deadline, nap, 600).reason == "deadline"


def mark_and_nap(marker: Path) -> str:
    marker.touch()
    time.sleep(1.0)
    return "read"


def test_s15_a_clock_that_leaps_while_a_page_is_read_costs_no_page(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    right = time.time

    async def use(workers: Workers) -> str:
        call = asyncio.ensure_future(workers.call(mark_and_nap, tmp_path / "begun"))
        while not (tmp_path / "begun").exists():  # noqa: ASYNC110 - no event tells of a file
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.3)  # the pool has been told that it began
        monkeypatch.setattr(time, "time", lambda: right() + 3600)
        return await call

    assert with_workers(20, use) == "read"


def test_a_worker_that_dies_is_replaced() -> None:
    assert failure(10, die, 9).reason == "worker_died"


def test_a_call_in_the_hand_of_a_worker_that_dies_is_not_blamed_for_it() -> None:
    async def use(workers: Workers) -> list[object]:
        killers = [asyncio.ensure_future(workers.call(die, 9)) for _ in range(2)]
        return await asyncio.gather(
            *killers, *(workers.call(nap, 0.0) for _ in range(4)), return_exceptions=True
        )

    *killers, first, second, third, fourth = with_workers(10, use)
    assert [getattr(killer, "reason", None) for killer in killers] == ["worker_died"] * 2
    assert all(isinstance(done, int) for done in (first, second, third, fourth))


def die_once(deaths: Path) -> str:
    with deaths.open("ab") as file:
        file.write(b".")
    if deaths.stat().st_size == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return "alive"


def test_a_call_whose_worker_dies_is_made_once_more(tmp_path: Path) -> None:
    assert with_workers(10, lambda workers: workers.call(die_once, tmp_path / "deaths")) == "alive"


def die_soon() -> None:
    time.sleep(0.5)
    os._exit(9)


def test_e02_a_large_page_that_waits_behind_one_that_kills_its_worker_is_read() -> None:
    async def use(workers: Workers) -> int:
        deadly = asyncio.ensure_future(workers.call(die_soon))
        await asyncio.sleep(0)  # it comes first
        large = asyncio.ensure_future(workers.call(len, bytes(8_000_000)))  # more than the pipe holds
        with pytest.raises(InputError):
            await deadly
        return await large

    assert with_workers(10, use) == 8_000_000


@pytest.mark.parametrize("count", [1, 3])
def test_e02_workers_that_are_killed_while_they_start_lose_no_call(count: int) -> None:
    async def use(workers: Workers) -> list[int]:
        calls = [asyncio.ensure_future(workers.call(nap, 0.0)) for _ in range(20)]
        while not (started := memory.workers_of(os.getpid())):  # noqa: ASYNC110 - no event tells of a process
            await asyncio.sleep(0.01)
        for worker in started:
            os.kill(worker, signal.SIGKILL)
        return await asyncio.gather(*calls)

    assert len(with_workers(10, use, count=count)) == 20


def test_e02_workers_that_are_killed_while_they_take_large_pages_leave_no_call_open() -> None:
    async def use(workers: Workers) -> list[int | BaseException]:
        calls = [asyncio.ensure_future(workers.call(len, bytes(3_000_000))) for _ in range(60)]
        for _ in range(3):
            await asyncio.wait(calls[:20], return_when=asyncio.FIRST_COMPLETED)
            for worker in memory.workers_of(os.getpid()):
                os.kill(worker, signal.SIGKILL)
            await asyncio.wait(calls[20:], return_when=asyncio.FIRST_COMPLETED)
        return await asyncio.gather(*calls, return_exceptions=True)

    found = with_workers(10, use, count=2)
    assert {one if isinstance(one, int) else getattr(one, "reason", one) for one in found} <= {
        3_000_000,
        "worker_died",
    }


def test_calls_that_take_long_let_others_work_beside_them() -> None:
    async def use(workers: Workers) -> list[int]:
        slow = [asyncio.ensure_future(workers.call(nap, 600)) for _ in range(2)]
        quick = await asyncio.gather(*(workers.call(nap, 0.0) for _ in range(5)))
        assert not any(call.done() for call in slow)
        for call in slow:
            call.cancel()
        return quick

    assert len(with_workers(60, use, count=2)) == 5


def test_a_worker_can_be_ended_whatever_it_does() -> None:
    # By the kernel: a handler in Python would wait for the C code that hangs, and the other workers for it.
    assert with_workers(10, lambda workers: workers.call(signal.getsignal, signal.SIGTERM)) == signal.SIG_DFL


def test_s01_a_call_ends_after_its_deadline_though_the_crawl_was_killed(tmp_path: Path) -> None:
    """What hangs is C code that holds Python's lock: nothing in Python can end it."""
    crawl = multiprocessing.get_context("spawn").Process(target=hang_in_a_worker, args=(tmp_path / "hangs",))
    crawl.start()
    while not (tmp_path / "hangs").exists():
        time.sleep(0.05)
    (worker,) = memory.workers_of(crawl.pid or 0)
    crawl.kill()
    crawl.join()
    patience = 600
    while patience and Path(f"/proc/{worker}").exists():
        time.sleep(0.1)
        patience -= 1
    assert not Path(f"/proc/{worker}").exists()


def hang_in_a_worker(marker: Path) -> None:
    with_workers(1.0, lambda workers: workers.call(hang, marker))


def hang(marker: Path) -> None:
    os.kill(os.getppid(), signal.SIGSTOP)  # it cannot end this in time; killed it may be
    marker.touch()
    re.match("(a+)+$", "a" * 60 + "b")


def test_memory_is_bounded() -> None:
    assert failure(30, hog).reason == "memory"


def test_an_expected_failure_keeps_its_reason_on_the_way() -> None:
    error = failure(10, refuse)
    assert (error.reason, str(error)) == ("not_html", "it is a picture")


def test_a_bug_stays_a_bug() -> None:
    with pytest.raises(ZeroDivisionError):
        with_workers(10, lambda workers: workers.call(crash))


def test_a_page_without_text_leaves_a_rejected_clipping_with_its_bytes() -> None:
    page = Page(
        url="https://a.example/1",
        final_url="https://a.example/1",
        body=b"\x89PNG\r\n\x1a\n",
        fetched_at="2026-11-22T10:00:00Z",
    )
    clipping = Clipping(url=page.url, source=None, state="done", page=page)
    result: Clipping = with_workers(10, lambda workers: cleaned(clipping, workers))
    assert (result.state, result.article, result.page) == ("rejected", None, page)
    assert (result.reason or "").startswith("not_html")


def test_workers_go_on_in_another_event_loop() -> None:
    workers = Workers(1, 20.0)

    async def crowd() -> list[int]:
        return await asyncio.gather(*(workers.call(nap, 0.0) for _ in range(3)))

    try:
        assert len({*asyncio.run(crowd()), *asyncio.run(crowd())}) == 1
    finally:
        workers.close()
