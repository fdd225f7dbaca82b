"""What processes hold, and which are the workers of one, from the kernel's own books."""

from pathlib import Path


def peak(process: int | str = "self") -> int:
    """Bytes that a process held at most.

    Not `ru_maxrss`: a child begins with its parent's, and the tests' own process may have held more than any bound.
    """
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def forget(process: int | str = "self") -> None:
    """Count the peak from what is held now."""
    Path(f"/proc/{process}/clear_refs").write_text("5", encoding="ascii")


def children_of(parent: int) -> list[int]:
    """Name the processes that the main thread of a process started."""
    return list(map(int, Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()))


def workers_of(parent: int) -> list[int]:
    """Name the worker processes of a process."""
    return [
        child for child in children_of(parent) if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]
