"""Our own bugs, and dying workers: the run goes on as far as it can, and its exit code is honest."""

import ast
import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import newsroom
import pytest
from loopback import Asked, Reply, Server

from pipelines import judge

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    ("place", "new", "bugs"),
    [("process", 3, 1), ("close", 3, 1), ("callback", 2, 0), ("start", 3, 1), ("download", 2, 0)],
)
def test_c04_what_raises_costs_itself_and_the_exit_code(
    server: Server, tmp_path: Path, place: str, new: int, bugs: int
) -> None:
    newsroom.publish(server, 3)
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    done = faulty(tmp_path, place)
    report = json.loads(done.stdout)
    # The step that stores comes first: an item that fails behind it was committed.
    assert (done.returncode, report["totals"]["new"], report["bugs"]) == (1, new, bugs), done.stderr
    assert ("ZeroDivisionError" in done.stderr) or report["results"][0]["reasons"] == {"ZeroDivisionError": 1}
    with sqlite3.connect(tmp_path / "news.db") as conn:
        assert conn.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert conn.execute("SELECT count(*) FROM articles").fetchone() == (new,)
        assert conn.execute("SELECT outcome FROM runs").fetchall() == [("partial",)]
    conn.close()


def test_c04_a_crawl_that_cannot_begin_says_so(server: Server, tmp_path: Path) -> None:
    newsroom.publish(server, 1)
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    done = faulty(tmp_path, "open")
    assert (done.returncode, done.stdout) == (1, "")
    assert "a bug before the crawl" in done.stderr
    with sqlite3.connect(tmp_path / "news.db") as conn:
        assert conn.execute("SELECT outcome FROM runs").fetchall() == [("failed",)]
    conn.close()


def faulty(folder: Path, place: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, str(ROOT / "tests/faulty.py"), place, "crawl", "--json"],
        cwd=folder, capture_output=True, encoding="utf-8", check=False, timeout=120,
        env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip


def test_c03_a_second_signal_ends_a_run_at_once_and_nothing_is_lost(server: Server, tmp_path: Path) -> None:
    newsroom.publish(server, 2)
    over = threading.Event()

    def never(_: Asked) -> Reply:
        over.wait(60)
        return Reply(status=500)

    server.replies["/news/0"] = never
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    process = subprocess.Popen(
        [sys.executable, "-m", "pressclip", "crawl"], cwd=tmp_path, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    patience = 600
    while "/news/0" not in server.paths() and patience:
        time.sleep(0.1)
        patience -= 1
    for _ in range(2):
        process.send_signal(signal.SIGHUP)  # as a terminal that is closed, twice
        time.sleep(0.2)
    _, stderr = process.communicate(timeout=60)
    over.set()
    assert process.returncode == 129, stderr
    assert "Traceback" not in stderr
    with sqlite3.connect(tmp_path / "news.db") as conn:
        states = conn.execute("SELECT url LIKE '%/news/0', state FROM entries ORDER BY 1").fetchall()
        assert states in ([(0, "done"), (1, "waiting")], [(0, "waiting"), (1, "waiting")])
        assert conn.execute("SELECT outcome FROM runs").fetchall() == [("interrupted",)]
    conn.close()


@pytest.mark.parametrize("closed", [">&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_c03_standard_streams_may_be_closed(tmp_path: Path, closed: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f'"$0" -m pressclip list {closed}', sys.executable],
        cwd=tmp_path, capture_output=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 4  # there is no store here
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        "--sources /dev/zero crawl",
        "--sources /dev/zero sources add https://a.example/",
        "sources import /dev/zero",
        "sources import - </dev/zero",
        "extract /dev/zero",
        "extract - </dev/zero",
        "add --html /dev/stdin --url https://a.example/ </dev/zero",
    ],
)
def test_c01_what_has_no_end_is_not_read_to_it(tmp_path: Path, words: str) -> None:
    done = subprocess.run(
        # Bounded, lest this test should end the machine: 3 GB of address space.
        ["sh", "-c", f'ulimit -v 3000000; "$0" -m pressclip {words}', sys.executable],
        cwd=tmp_path, capture_output=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip
    assert (done.returncode, "File too large" in done.stderr) == (2, True), done.stderr
    assert "Traceback" not in done.stderr


def test_c07_nothing_that_runs_code_is_ever_read() -> None:
    """Pebble pickles between our own processes, over pipes that nobody else holds; the store and all files are data."""
    dangerous = {"pickle", "cPickle", "_pickle", "dill", "marshal", "shelve", "joblib", "cloudpickle", "yaml"}
    for package in ("pressclip", "spiders", "pipelines", "storage"):
        for path in (ROOT / package).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            for node in ast.walk(ast.parse(text)):
                names = (
                    [alias.name for alias in node.names]
                    if isinstance(node, ast.Import)
                    else [node.module or ""]
                    if isinstance(node, ast.ImportFrom)
                    else []
                )
                assert not dangerous & {name.partition(".")[0] for name in names}, path
                # The judge alone makes code, of the numbers of its own model: see the next test.
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and path.name != "judge.py":
                    assert node.func.id not in {"eval", "exec", "compile", "__import__"}, path
            assert "JOBDIR" not in text, path


@pytest.mark.parametrize(
    "tree", ["print()", ["print()", 0.5, 1.0, 2.0], [0, "print()", 1.0, 2.0], [0, 0.5, "print()", 2.0]]
)
def test_c07_the_judge_makes_code_of_numbers_alone(tree: object) -> None:
    with pytest.raises(ValueError, match="print"):
        judge._made_into_code([tree])


def test_c07_a_crawl_keeps_no_queue_on_disk() -> None:
    from pressclip import settings

    assert settings.SCHEDULER_MEMORY_QUEUE == "scrapy.squeues.FifoMemoryQueue"
    assert not hasattr(settings, "JOBDIR")
