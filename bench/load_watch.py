"""What a crawl holds while it runs, from the kernel's books: memory, descriptors, threads, how long its workers work at a time."""

import os
import sqlite3
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import processes

MARK = "PRESSCLIP_LOAD"  # in the environment of a crawl, and of all that it starts
STEP = 0.25  # seconds between two looks


@dataclass(slots=True)
class Watch:
    """Looks at a process and its workers until told to stop.

    Attributes:
        parent, worker: bytes held at the most, by the crawl and by one of its workers.
        descriptors, threads: of the crawl, at the most.
        longest: seconds that a worker worked without ever waiting for anything, which is less than one task.
        cpu: seconds of CPU that the crawl and its workers had used when a healthy article was last committed.
        commits: (moment, articles of healthy sources that were committed since the look before), of the monotonic clock.
    """

    process: int
    db: Path
    parent: int = 0
    worker: int = 0
    descriptors: int = 0
    threads: int = 0
    longest: float = 0.0
    cpu: float = 0.0
    commits: list[tuple[float, int]] = field(default_factory=list)
    workers: list[int] = field(default_factory=list)
    _at_work: dict[int, tuple[str, float]] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to look."""
        self._thread = threading.Thread(target=self._look_on)
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._over.set()
        if self._thread:
            self._thread.join()

    def _look_on(self) -> None:
        last, _ = committed(self.db, 0)
        while True:
            over = self._over.wait(STEP)
            with suppress(OSError, ValueError, KeyError):
                self._look()
            last, count = committed(self.db, last)
            if count:
                self.commits.append((time.monotonic(), count))
                self.cpu = processes.tree_cpu(self.process)
            if over:
                return

    def _look(self) -> None:
        self.parent = max(self.parent, processes.peak(self.process))
        self.threads = max(self.threads, int(processes.status(self.process)["Threads"]))
        self.descriptors = max(self.descriptors, len(os.listdir(f"/proc/{self.process}/fd")))  # noqa: PTH208 - names are enough
        self.workers = processes.workers(self.process)
        for pid in self.workers:
            self.worker = max(self.worker, processes.peak(pid))
            with suppress(KeyError):  # it is gone
                self._note(pid, processes.status(pid))

    def _note(self, pid: int, status: dict[str, str]) -> None:
        """Between two tasks a worker waits, if only for the next one."""
        waits, now = status["voluntary_ctxt_switches"], time.monotonic()
        before, since = self._at_work.get(pid, ("", now))
        if waits != before or status["State"].startswith("S"):
            self._at_work[pid] = (waits, now)
        else:
            self.longest = max(self.longest, now - since)


def committed(db: Path, last: int) -> tuple[int, int]:
    """Find the number of the newest article, and how many healthy ones came after `last`."""
    with suppress(sqlite3.Error):
        connection = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
        try:
            [(newest, count)] = connection.execute(
                "SELECT max(id), count(*) FILTER (WHERE source GLOB 'healthy*') FROM articles WHERE id > ?",
                [last],
            )
            return newest or last, count
        finally:
            connection.close()
    return last, 0


def left(mark: str) -> list[int]:
    """Name the processes that carry a mark."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal() and int(entry.name) != os.getpid():
            with suppress(OSError):
                if f"{MARK}={mark}".encode() in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
    return found
