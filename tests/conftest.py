"""What many tests need: a server on loopback, and the real command line in an empty folder."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from loopback import CommandLine, Server, serving
from timeline import Child, Timeline

settings.register_profile("untimed", deadline=None)  # a deadline would time this machine, not our code
settings.load_profile("untimed")


@pytest.fixture
def server() -> Iterator[Server]:
    """Serve on loopback until the test ends."""
    with serving() as site:
        yield site


@pytest.fixture
def pressclip(tmp_path: Path) -> CommandLine:
    """Run the real command line in an empty folder."""

    def run(*arguments: str, text: str = "", **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "pressclip", *arguments], cwd=tmp_path, input=text, capture_output=True,
            encoding="utf-8", check=False, timeout=120,
            env={**os.environ, "PYTHONUTF8": "1", "COLUMNS": "200", **environment},
        )  # fmt: skip

    return run


@pytest.fixture(scope="session")
def crawler() -> Iterator[Child]:
    """Start the process in which timelines crawl."""
    child = Child()
    yield child
    child.close()


@pytest.fixture
def timeline(crawler: Child, tmp_path: Path) -> Timeline:
    """Crawl the test's folder at moments that it chooses."""
    return Timeline(crawler, tmp_path)


@pytest.fixture
def browser() -> str:
    """Find Chromium; skip where there is none, unless this machine promised one."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        assert "PRESSCLIP_BROWSER" not in os.environ, (
            "PRESSCLIP_BROWSER is set, but Chromium is not installed"
        )
        pytest.skip("needs Chromium")
    return found


@pytest.fixture
def wire() -> Iterator[Server]:
    """Serve on a second address of loopback, which has a public name too (`Server.public`)."""
    with serving("127.0.0.2") as site:
        yield site
