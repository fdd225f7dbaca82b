"""The worker pool: real processes, real deadlines, real deaths."""

import asyncio
import os
import time
from collections.abc import Callable
from typing import Any

import pytest

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


def with_workers(deadline: float, use: Callable[[Workers], Any]) -> Any:
    async def run() -> Any:
        workers = Workers(1, deadline)
        try:
            return await use(workers)
        finally:
            workers.close()

    return asyncio.run(run())


def failure(deadline: float, function: Callable[..., object], *args: object) -> InputError:
    async def use(workers: Workers) -> InputError:
        with pytest.raises(InputError) as caught:
            await workers.call(function, *args)
        # Whatever happened, the next call finds a worker.
        assert await workers.call(nap, 0.0)
        return caught.value

    found: InputError = with_workers(deadline, use)
    return found


def test_a_call_runs_in_another_process() -> None:
    assert with_workers(10, lambda workers: workers.call(nap, 0.0)) != os.getpid()


def test_a_call_that_takes_too_long_is_ended() -> None:
    assert failure(1.0, nap, 600).reason == "deadline"


def test_a_worker_that_dies_is_replaced() -> None:
    assert failure(10, die, 9).reason == "worker_died"


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
