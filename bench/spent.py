"""What a command costs, watched from outside: seconds, memory, and CPU by process."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass

from processes import cpu, tree_memory

_LOOK, _WEIGH = 0.05, 2.0  # seconds between two looks at the CPU, and at the memory, which costs more


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What a run of a command took.

    Attributes:
        wall: seconds by the clock.
        memory: the most that it and its children held at once, in MB.
        parent: seconds of CPU of its first process.
        workers: seconds of CPU of the processes that this one started.
        server: seconds of CPU of the server that it asked.
    """

    wall: float
    memory: int
    parent: float
    workers: float
    server: float


def watched(command: list[str], folder: str, *, server: int) -> Spent:
    """Run a command to its end; `server` is the process that it asks for pages."""
    before, began = cpu(server), time.perf_counter()
    parent, memory, weighed = 0.0, 0, began
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    while True:
        # Read before it is waited for: what has ended has no books any more.
        parent = max(parent, cpu(process.pid))
        number, status, usage = os.wait4(process.pid, os.WNOHANG)
        if number:
            break
        if time.perf_counter() - weighed > _WEIGH:
            memory, weighed = max(memory, tree_memory(process.pid)), time.perf_counter()
        time.sleep(_LOOK)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command} ended with {process.returncode}")
    total = usage.ru_utime + usage.ru_stime  # of itself and of all children that it waited for
    return Spent(
        wall=time.perf_counter() - began, memory=memory, parent=parent, workers=max(0.0, total - parent),
        server=cpu(server) - before,
    )  # fmt: skip
