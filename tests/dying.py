"""Processes that die as by kill -9 at a chosen moment of their work with SQLite."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


def die(nth: int, statement: str | None = "COMMIT", *, after: bool = False) -> None:
    """Arrange this process's death: from now on, before the `nth` such statement (None: any) that SQLite runs.

    With `after`, it lives until the statement that follows.
    """
    connect = sqlite3.connect

    def traced(text: str) -> None:
        nonlocal nth
        met = text == (statement or text)
        if nth == 0 or (met and nth == 1 and not after):
            os.kill(os.getpid(), signal.SIGKILL)
        nth -= met

    def watched(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        conn: sqlite3.Connection = connect(*args, **kwargs)
        conn.set_trace_callback(traced)
        return conn

    sqlite3.connect = watched  # type: ignore[assignment]  # it stands for the overloads


def run(script: str, *args: object) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own, with the project and these modules at hand; it may die."""
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, args)],
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done
