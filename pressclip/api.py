"""What Python programs call. A run is made in a process of its own, so that a program can ask for one as often as it likes.

The command line makes its runs in its own process: `pressclip.crawling`.
"""

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from pressclip.errors import PressclipError
from pressclip.report import Outcome, Report

if TYPE_CHECKING:
    import sqlite3

    from storage.records import Stored
    from storage.store import Store


def open_store(path: str | os.PathLike[str]) -> "Store":
    """Open (or make) a store for reading and writing; a context manager.

    Raises:
        StoreError: it cannot be used; the message says why.
    """
    from storage.store import Store

    return Store.open(Path(path))


def find_article(conn: "sqlite3.Connection", name: str) -> "Stored | None":
    """Find an article by what a person says: its number, or any address that leads to it."""
    from storage import reading

    if name.isascii() and name.isdecimal():
        return reading.get_article(conn, int(name[:20]))  # SQLite's numbers have 19 digits
    from pipelines.identity import url_key

    return reading.get_article(conn, name) or reading.get_article(conn, url_key(name))


def crawl(
    names: Sequence[str] = (),
    *,
    db: str | os.PathLike[str] = "news.db",
    sources: str | os.PathLike[str] | None = None,
    limit: int | None = None,
    max_time: float | None = None,
    force: bool = False,
) -> Report:
    """Poll the sources, fetch what is new, store it.

    Args:
        names: of sources; none: all that are enabled.
        db: the store.
        sources: a sources.toml; None: as the command line finds it.
        limit: articles to fetch at the most.
        max_time: seconds after which nothing more is asked for.
        force: poll whatever the schedule says.

    Raises:
        PressclipError: the run could not be made; `exit_code` says which kind. A run in which only some sources
            failed returns: look at its `exit_code`.
    """
    flags = [
        *(["--limit", str(limit)] if limit is not None else []),
        *(["--max-time", str(max_time)] if max_time is not None else []),
        *(["--force"] if force else []),
    ]
    return msgspec.convert(_in_a_process(["crawl", *flags, *names], db=db, sources=sources), Report)


def ingest(
    urls: Iterable[str],
    *,
    db: str | os.PathLike[str] = "news.db",
    sources: str | os.PathLike[str] | None = None,
) -> list[Outcome]:
    """Fetch, clean and store single pages; says what became of each.

    Raises:
        PressclipError: the run could not be made; `exit_code` says which kind.
    """
    answer = _in_a_process(["add", "-"], db=db, sources=sources, text="\n".join(urls))
    return msgspec.convert(answer, list[Outcome])


def _in_a_process(
    arguments: Sequence[str],
    *,
    db: str | os.PathLike[str],
    sources: str | os.PathLike[str] | None,
    text: str = "",
) -> object:
    command = [sys.executable, "-m", "pressclip", "--db", os.fspath(db)]
    command += ["--sources", os.fspath(sources)] if sources is not None else []
    done = subprocess.run(  # noqa: S603 - our own command line
        [*command, *arguments, "--json"],
        input=text,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if not done.stdout:
        error = PressclipError(
            done.stderr.strip().removeprefix("pressclip: ") or f"ended with {done.returncode}"
        )
        error.exit_code = done.returncode  # type: ignore[misc] # the child's, whatever class it had there
        raise error
    return msgspec.json.decode(done.stdout)
