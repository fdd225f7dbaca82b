"""The command line with a component that raises, named in the settings as any component is: `faulty.py PLACE crawl`."""

import sys
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request
from scrapy.http import Response

from pressclip import settings


class Process:
    def process_item(self, item: Any) -> Any:
        if item.url.endswith("/news/1"):
            raise ZeroDivisionError("a bug in a pipeline")
        return item


class Open(Process):
    def open_spider(self) -> None:
        raise ZeroDivisionError("a bug before the crawl")


class Close:
    def process_item(self, item: Any) -> Any:
        return item

    def close_spider(self) -> None:
        raise ZeroDivisionError("a bug after the crawl")


class Callback:
    def process_spider_input(self, response: Response) -> None:
        if response.url.endswith("/news/1"):
            raise ZeroDivisionError("a bug where an answer is read")


class Start:
    async def process_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        async for one in start:
            yield one
            raise ZeroDivisionError("a bug where sources are listed")


class Download:
    def process_request(self, request: Request) -> None:
        if request.url.endswith("/news/1"):
            raise ZeroDivisionError("a bug where a page is asked for")


PLACES: dict[str, tuple[str, type]] = {
    "process": ("ITEM_PIPELINES", Process),
    "open": ("ITEM_PIPELINES", Open),
    "close": ("ITEM_PIPELINES", Close),
    "callback": ("SPIDER_MIDDLEWARES", Callback),
    "start": ("SPIDER_MIDDLEWARES", Start),
    "download": ("DOWNLOADER_MIDDLEWARES", Download),
}

if __name__ == "__main__":  # the workers begin by reading this file too
    setting, component = PLACES[sys.argv.pop(1)]
    setattr(settings, setting, {**getattr(settings, setting, {}), component: 700})
    from pressclip.cli import main

    main()
