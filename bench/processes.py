"""What processes hold and use, from the kernel's own books. A process that is gone holds nothing."""

import os
from contextlib import suppress
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")


def status(process: int) -> dict[str, str]:
    """Read what the kernel tells of a process: `VmHWM`, `Threads`, `State` ...; empty: it is gone."""
    with suppress(OSError):
        lines = (_PROC / str(process) / "status").read_text(encoding="ascii", errors="replace").splitlines()
        return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return {}


def peak(process: int) -> int:
    """Bytes that a process held at the most."""
    return int(status(process).get("VmHWM", "0").split()[0]) * 1024


def cpu(process: int) -> float:
    """Seconds of CPU that a process has used, its children left out."""
    return sum(_ticks(process)[:2]) / _TICKS


def tree_cpu(root: int) -> float:
    """Seconds of CPU that a process and all below it have used, with those that have ended."""
    return sum(sum(_ticks(process)) for process in tree(root)) / _TICKS


def children(process: int) -> list[int]:
    """Name the processes that one started."""
    found = []
    with suppress(OSError):
        for task in (_PROC / str(process) / "task").iterdir():
            with suppress(OSError):
                found += [int(child) for child in (task / "children").read_text(encoding="ascii").split()]
    return found


def tree(root: int) -> list[int]:
    """Name a process and all below it."""
    return [root, *(each for child in children(root) for each in tree(child))]


def workers(parent: int) -> list[int]:
    """Name the worker processes of a crawl."""
    return [child for child in children(parent) if "spawn_main" in command(child)]


def command(process: int) -> str:
    """Give the command line of a process; empty: it is gone."""
    with suppress(OSError):
        return (_PROC / str(process) / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    return ""


def tree_memory(root: int) -> int:
    """Give the memory that a process and all below it hold now, in MB; what they share is counted once."""
    return sum(_proportional(number) for number in tree(root)) // 1024


def _ticks(process: int) -> list[int]:
    """Give the time of a process: its own, the kernel's for it, and both of its children that have ended."""
    with suppress(OSError):
        fields = (_PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
        return list(map(int, fields[11:15]))
    return []


def _proportional(process: int) -> int:
    """Kilobytes of one process, its share of what several map."""
    with suppress(OSError):
        for line in (_PROC / str(process) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
