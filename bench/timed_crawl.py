"""`pressclip` with a stopwatch on its store, for bench/speed.py: how much of the crawl's own CPU is storing.

python bench/timed_crawl.py --quiet crawl

Writes seconds of CPU to storing.json in the folder that it is started in.
"""

import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from pressclip.cli import main
from storage.store import Store

#: What a crawl asks of its store that costs time.
ASKED = ("record_poll", "save", "weigh", "write_back", "mirror", "begin_run", "end_run")

spent = 0.0


def timed(method: Callable[..., Any]) -> Callable[..., Any]:
    """Add what a call costs to what was spent."""

    @wraps(method)
    def call(*args: Any, **kwargs: Any) -> Any:
        global spent  # noqa: PLW0603 - one stopwatch a process
        began = time.thread_time()
        try:
            return method(*args, **kwargs)
        finally:
            spent += time.thread_time() - began

    return call


if __name__ == "__main__":
    for name in ASKED:
        setattr(Store, name, timed(getattr(Store, name)))
    try:
        main()
    finally:
        Path("storing.json").write_text(f"{spent}\n", encoding="utf-8")
