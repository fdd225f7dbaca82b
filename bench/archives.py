"""Importing a web archive beside plain trafilatura over the same records: records a second, memory, outcomes.

    bench/archives.py FOLDER [--records N] [--chunks N]

FOLDER holds truth.jsonl and pages/ID.html.gz, as bench/quality.py wants it. The pages are written into WARC files,
again and again under other addresses, each with a sentence of its own. Both sides take the chunks in turn, each in
fresh processes, as many as there are cores: whatever else this machine does meets both alike. trafilatura's side only
extracts; the import also judges, describes, stores, indexes, and compares with what the store has.
"""

import argparse
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from urllib.parse import urlsplit

from dataset import body_of, truths_of
from fastwarc.warc import ArchiveIterator, WarcRecordType
from processes import peak, tree

from pressclip.models import Page
from storage.exporting.warc import warc_records

CORES = os.cpu_count() or 1


@dataclass(slots=True)
class Side:
    """What one side took so far; seconds of wall and of CPU, bytes."""

    records: int = 0
    wall: float = 0.0
    cpu: float = 0.0
    parent: int = 0
    worker: int = 0

    def line(self, name: str) -> str:
        """Write it as a line of the table."""
        return (
            f"| {name} | {self.records} | {self.records / self.wall:.1f} | {self.cpu / self.records * 1000:.1f}"
            f" | {self.parent >> 20} | {self.worker >> 20} |"
        )


def pages(folder: Path) -> Iterator[Page]:
    """Give the pages of a folder, round after round, each round under hosts of its own."""
    known = truths_of(folder)
    for turn in count():
        for one in known:
            body = body_of(folder, one["id"])
            address = urlsplit(one.get("url") or f"https://unknown.example/{one['id']}")
            host = (address.hostname or "unknown").replace(".", "-")
            url = f"https://{host}.round{turn}.example/{address.path.lstrip('/')}?id={one['id']}"
            sentence = f"<p>This is what the bench calls {one['id']} of round {turn}.</p>".encode()
            yield Page(
                url=url, final_url=url, body=body.replace(b"</p>", b"</p>" + sentence, 1), fetched_at="2026-11-01T00:00:00Z",
                content_type="text/html",
            )  # fmt: skip


def by_import(archive: Path, db: Path, side: Side) -> dict[str, int]:
    """Import a chunk; give the counts of its outcomes."""
    command = [sys.executable, "-m", "pressclip", "--db", str(db), "import", str(archive), "--json"]
    before, begun = _spent(), time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:
        while child.poll() is None:
            parent, *below = map(peak, tree(child.pid))
            side.parent, side.worker = max(side.parent, parent), max([side.worker, *below])
            time.sleep(0.2)
        report = json.loads(child.communicate()[0])
    side.wall += time.monotonic() - begun
    side.cpu += _spent() - before
    side.records += report["records"]
    return {**report["counts"], **report["reasons"]}


def by_trafilatura(archive: Path, side: Side) -> None:
    """Extract a chunk with trafilatura alone."""
    before, begun = _spent(), time.monotonic()
    context = multiprocessing.get_context("spawn")
    with context.Pool(CORES, initializer=os.nice, initargs=(5,)) as pool:  # our workers yield as much
        workers = [process.pid or 0 for process in multiprocessing.active_children()]
        for _ in pool.imap_unordered(extract, _records(archive), chunksize=4):
            side.records += 1
        side.worker = max([side.worker, *map(peak, workers)])
        pool.close()
        pool.join()
    side.parent = max(side.parent, peak(os.getpid()))
    side.wall += time.monotonic() - begun
    side.cpu += _spent() - before


def extract(record: tuple[bytes, str]) -> bool:
    """Extract one page, with metadata, as trafilatura does by default."""
    import trafilatura

    return trafilatura.bare_extraction(record[0], url=record[1], with_metadata=True) is not None


def _records(archive: Path) -> Iterator[tuple[bytes, str]]:
    for record in ArchiveIterator(str(archive), record_types=WarcRecordType.response):
        yield record.reader.read(), record.headers["WARC-Target-URI"]


def _spent() -> float:
    """Seconds of CPU of all processes that this one waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _table(ours: Side, theirs: Side, totals: dict[str, int]) -> str:
    lines = [
        "", "| | records | records/s | CPU ms a record | parent, MiB | largest worker, MiB |", "|---|---|---|---|---|---|",
        ours.line("pressclip import"), theirs.line("trafilatura alone"), "",
        ", ".join(f"{value} {name}" for name, value in totals.items() if value),
    ]  # fmt: skip
    return "\n".join(lines)


def main() -> None:
    """Run both sides, print the table after each chunk."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--chunks", type=int, default=20)
    parser.add_argument("--db", type=Path, help="keep the store here")
    given = parser.parse_args()
    ours, theirs, totals = Side(), Side(), dict[str, int]()
    with tempfile.TemporaryDirectory() as scratch:
        found, db = pages(given.folder), given.db or Path(scratch) / "news.db"
        for number in range(given.chunks):
            archive = Path(scratch) / f"{number}.warc.gz"
            with archive.open("wb") as file:
                file.writelines(warc_records(islice(found, given.records // given.chunks)))
            for name, value in by_import(archive, db, ours).items():
                totals[name] = totals.get(name, 0) + value
            by_trafilatura(archive, theirs)
            archive.unlink()
            print(_table(ours, theirs, totals), flush=True)  # so far: the last one counts


if __name__ == "__main__":
    main()
