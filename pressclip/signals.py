"""Work on the event loop without Scrapy, until it is done or a signal ends it."""

import asyncio
import signal
from collections.abc import Coroutine

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def until_signal(work: Coroutine[object, object, None]) -> int | None:
    """Do this work to its end, or until a signal: then its number is returned; what was committed stays."""
    signals: list[int] = []

    async def run() -> None:
        task, loop = asyncio.ensure_future(work), asyncio.get_running_loop()

        def stop(number: int) -> None:
            signals.append(number)
            task.cancel()

        for number in STOPPING:
            loop.add_signal_handler(number, stop, int(number))
        try:
            await task
        except asyncio.CancelledError:
            if not signals:
                raise

    asyncio.run(run())
    return signals[0] if signals else None
