"""Archives as files: which of them there are, and reading their records one after the other."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pressclip.errors import UsageError
from spiders import clock
from spiders.reading.archives.har import MAX_HAR, read_har
from spiders.reading.archives.records import Limits, Record
from spiders.reading.archives.saved import read_saved

Kind = Literal["warc", "har", "page"]

_KINDS: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r"\.warc(?:\.gz|\.zst)?$", re.IGNORECASE), "warc"),
    (re.compile(r"\.har$", re.IGNORECASE), "har"),
    (re.compile(r"\.x?html?$", re.IGNORECASE), "page"),
)
#: A folder that a browser saved beside a page, named after it in the browser's language: `X_files`, `X-Dateien`.
_BESIDE = re.compile(r"[-_. ][^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Archive:
    """One file."""

    path: Path
    kind: Kind
    size: int  # bytes
    written: float  # seconds since 1970

    @property
    def identity(self) -> tuple[str, int, float]:
        """What another file, or the same one after a change, does not have."""
        return str(self.path.absolute()), self.size, self.written

    def read(self, start: int, limits: Limits) -> Iterator[Record]:
        """Read its records behind a place where an earlier reading stopped, or from 0.

        A file that cannot be read gives one record that says so.
        """
        try:
            yield from self._read(start, limits)
        except OSError as error:
            trouble = f"cannot be read: {error.strerror or error}"
            yield Record(done_to=self.size, reason="damaged", trouble=trouble)

    def _read(self, start: int, limits: Limits) -> Iterator[Record]:
        if self.kind == "warc":
            from spiders.reading.archives.warc import read_warc  # an extra

            with self.path.open("rb") as file:
                yield from read_warc(file, start, limits)
        elif self.size > (MAX_HAR if self.kind == "har" else limits.size):
            yield Record(
                done_to=self.size, reason="too_large", trouble=f"has {self.size} bytes, which is too much"
            )
        elif self.kind == "har":
            yield from read_har(self.path.read_bytes(), start, limits)
        else:
            written_at = clock.stamp(datetime.fromtimestamp(self.written, UTC))
            yield read_saved(self.path.read_bytes(), written_at, limits)


def find(paths: Iterable[Path]) -> list[Archive]:
    """List the archives that are meant: files, and all that are in folders, by name.

    Raises:
        UsageError: a file or folder cannot be read or is of no kind that is, or there is no archive.
    """
    try:
        archives = [archive for path in paths for archive in _found(path)]
    except OSError as error:
        raise UsageError(f"{error.filename}: cannot be read: {error.strerror or error}") from None
    except RecursionError:
        raise UsageError("its folders are nested too deeply to look through") from None
    if not archives:
        raise UsageError("there is no archive in it: no .warc, .warc.gz, .warc.zst, .har, .html")
    return list({archive.path: archive for archive in archives}.values())


def _found(path: Path) -> Iterator[Archive]:
    if path.is_dir():
        for inside in _inside(path):
            if (kind := _kind(inside)) is not None:
                yield _archive(inside, kind)
    elif (kind := _kind(path)) is not None:
        yield _archive(path, kind)
    else:
        raise UsageError(
            f"{path}: not an archive; it must end in .warc, .warc.gz, .warc.zst, .har, .html or .htm"
        )


def _inside(folder: Path) -> Iterator[Path]:
    """List the files of a folder and those below, but for the parts of saved pages."""
    entries = sorted(folder.iterdir())
    pages = [entry.stem for entry in entries if entry.is_file() and _kind(entry) == "page"]
    for entry in entries:
        if entry.is_file():
            yield entry
        elif (
            entry.is_dir()
            and not entry.is_symlink()
            and not any(_is_beside(entry.name, page) for page in pages)
        ):
            yield from _inside(entry)


def _is_beside(folder: str, page: str) -> bool:
    return folder.startswith(page) and bool(_BESIDE.fullmatch(folder[len(page) :]))


def _kind(path: Path) -> Kind | None:
    return next((kind for pattern, kind in _KINDS if pattern.search(path.name)), None)


def _archive(path: Path, kind: Kind) -> Archive:
    stat = path.stat()
    return Archive(path, kind, stat.st_size, stat.st_mtime)
