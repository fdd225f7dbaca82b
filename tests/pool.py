"""A worker pool for as long as a test uses it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pipelines.workers import Workers

T = TypeVar("T")


def with_workers(deadline: float, use: Callable[[Workers], Awaitable[T]], *, count: int = 1) -> T:
    """Use a pool, then end it; `deadline` in seconds."""

    async def run() -> T:
        workers = Workers(count, deadline)
        try:
            return await use(workers)
        finally:
            workers.close()

    return asyncio.run(run())
