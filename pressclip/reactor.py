"""One Scrapy crawl in this process, from start to end: the event loop, and what stops it before its end."""

import asyncio
import logging
import signal
import threading
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

if TYPE_CHECKING:
    from spiders.run import Run

GRACE = 5.0  # seconds that pages on the way get after a signal; what is not here by then stays queued
FINISH = 15.0  # the same when the time of a run is over: nobody waits at a terminal
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Mishaps(logging.Handler):
    """Counts what went wrong in the crawl as such: Scrapy says it in the log, and nowhere else."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.count = 0
        self.bugs = 0  # of them in the steps that an item takes

    def emit(self, _: logging.LogRecord) -> None:
        """Count one."""
        self.count += 1

    def note(self) -> None:
        """Count an exception in the steps that an item takes."""
        self.bugs += 1


def hardened(log_level: str) -> Settings:
    """Load our settings by module: away from scrapy.cfg, Scrapy's own look-up yields no pipelines, and cron runs elsewhere."""
    settings = Settings()
    settings.setmodule("pressclip.settings", priority="project")
    settings.set("LOG_LEVEL", log_level, priority="cmdline")
    return settings


def drive(spider: str, run: "Run", *, log_level: str, **arguments: Any) -> int:
    """Run one spider to its end; a second call in one process is refused by the reactor.

    A first signal ends the crawl within `GRACE` seconds, a second at once; `run.signal` says which it was. When
    `run.options.max_time` is over it ends within `FINISH` seconds.

    Returns:
        How many exceptions of our own code were logged on the way.
    """
    # Scrapy makes the deprecated names of this module by reading the source of all that is on the stack: here it is short.
    import_module("scrapy.core.downloader.contextfactory")
    process = AsyncCrawlerProcess(hardened(log_level))
    _hush(log_level)
    _let_threads_go()
    crawler = process.create_crawler(spider)
    engine, mishaps = logging.getLogger("scrapy.core.engine"), _Mishaps()

    def hush() -> None:
        """Once more: a crawl that takes its settings lets all records through again."""
        _hush(log_level)

    crawler.signals.connect(hush, signal=signals.engine_started)
    crawler.signals.connect(mishaps.note, signal=signals.item_error)
    engine.addHandler(mishaps)
    task = process.crawl(crawler, run=run, **arguments)
    loop = asyncio.get_event_loop()
    ending: list[asyncio.Task[None]] = []

    def cut() -> None:
        """Leave what is on its way; the loop itself stops, for the reactor's own stop would wait for it."""
        logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # of tasks that are left: we know
        loop.stop()

    def stop(number: int) -> None:
        if run.signal is not None:
            cut()
            return
        run.signal = number
        run.over.set()
        ending.append(loop.create_task(crawler.engine.close_spider_async(reason="signal")))
        loop.call_later(GRACE, cut)

    def finish() -> None:
        """No request more; those not made answer so by themselves, and keep their places."""
        run.over.set()
        loop.call_later(FINISH, cut)

    if run.options.max_time is not None:
        loop.call_later(run.options.max_time, finish)
    for number in STOPPING:
        loop.add_signal_handler(number, stop, int(number))
    process.start(install_signal_handlers=False)
    for number in STOPPING:
        loop.remove_signal_handler(number)  # whoever asks a question afterwards can be interrupted
    if task.done() and not task.cancelled() and (error := task.exception()):
        raise error
    engine.removeHandler(mishaps)
    return max(mishaps.count, mishaps.bugs + int(crawler.stats.get_value("spider_exceptions/count", 0)))


def _hush(log_level: str) -> None:
    """Have no record made that nobody sees: Scrapy's process lets all through to its handler, a few for each answer.

    And let -v say what pressclip does, not what Scrapy is made of.
    """
    logging.getLogger().setLevel(log_level)
    for noisy in ("scrapy", "twisted", "asyncio"):
        logging.getLogger(noisy).setLevel("WARNING" if log_level == "INFO" else log_level)


def _let_threads_go() -> None:
    """Make the reactor's threads (they look names up) daemons: a run that is cut short must not wait for them."""
    from twisted.internet import reactor

    pool: Any = reactor
    pool.getThreadPool().threadFactory = partial(threading.Thread, daemon=True)
