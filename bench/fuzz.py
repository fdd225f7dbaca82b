"""Attacks every parser with mutated real input: nothing may raise past its boundary, hang, or end the process.

    python bench/fuzz.py [--seconds 60] [--seed N] [--jobs N] [--only NAME] [--corpus FOLDER ...]

The corpus is every feed and page below the folders (default: ../shared/feeds and ../shared/quality/dev where they are, else
tests/data). Mutations know what they cut: tags, attributes, entities, declarations, numbers, lines and headers are doubled, dropped,
swapped, and spliced in from other inputs. Each job is a process: one that dies or hangs is found out, its input kept in a file, and
the rest goes on. Prints executions, the slowest and what broke; ends with 1 if anything did.
"""

import argparse
import gzip
import json
import logging
import multiprocessing
import multiprocessing.pool
import os
import random
import re
import signal
import sqlite3
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from fuzz_targets import targets
from processes import cpu

from pressclip.errors import PressclipError

DEADLINE = 20.0  # seconds that one input may take: what a worker gets for a page
LARGEST = 300_000  # bytes of an input: larger ones are few, and slow everything down
ENOUGH = 1500  # inputs of each kind that are kept

_WORDS = [
    r"<", r">", r"&", r"]]>", r"<![CDATA[", r"<!--", r"-->", '"', r"'", r"</", r"/>", r"<?", r"?>", r"&#xD800;",
    r"&#0;", r"&amp;amp;", r"&lol;", r"<!DOCTYPE", r"<!ENTITY", r"%", r"encoding='utf-16'", r"xmlns:a='b'", r"{",
    r"}", r"[", r"]", r"null", r"NaN", r"1e999", r"-0", r"\u0000", r"<rss", r"<feed", r"<urlset", r"<sitemapindex",
    r"<opml", r"<outline", r"<item", r"<entry", r"<link", r"<guid", r"<title", r"<body", r"<script", r"<style",
    r"<table", r"<td", r"colspan=9007199254740991", r"<svg", r"<math", r"<template", r"<noscript", r"<iframe",
    r"<br>", r"<ruby>", r"<rt>", r"<base", r"href=", r"<meta", r"charset=", r"javascript:", r"data:",
    r"file:///etc/passwd", r"http://[::1", r"http://127.0.0.1", r"//x", r"??", r"#", r"%00", r"%ff", r"2026-02-30",
    r"0000-00-00", r"9999999999999999999", r":", r";", r",", r"NEAR(", r"*", r"^", r"AND", r"OR", r"NOT", r"lang:",
    r"source:", r"since:", r"until:7d", r"--", r"/*", r";", r"'", r")", r"UNION", r"SELECT", r"日本", r"仮想通貨", r"ｶﾞ",
    r"１２３", r"令和8年", r"🙂",
]  # fmt: skip
TOKENS = [
    *(word.encode() for word in _WORDS), b"\x00", b"\xff\xfe", b"\x1b$B", b"\x1b[2J", b"\r\n\r\n", b"\xe3\x81", b"\xe2\x80\xae", b"\x82\xa0",
]  # fmt: skip
_PIECE = re.compile(rb"<[^<>]{0,300}>|&[#\w]{1,12};|\"[^\"\n]{0,80}\"|\d+|[^<>&\s]+|\s+")


def mutate(dice: random.Random, body: bytes, other: bytes) -> bytes:
    """Change a few pieces of an input."""
    pieces = _PIECE.findall(body)
    if not pieces:
        return body + dice.choice(TOKENS)
    spare = _PIECE.findall(other[:20_000]) or [b""]
    for _ in range(dice.choice((1, 1, 2, 3, 5, 9, 30))):
        place = dice.randrange(len(pieces))
        end = min(len(pieces), place + dice.choice((1, 1, 2, 5, 20)))
        pieces[place:end] = dice.choice(
            (
                [],
                pieces[place:end] * 2,
                [dice.choice(TOKENS)],
                [*pieces[place:end], dice.choice(TOKENS)],
                [dice.choice(spare)],
                spare[dice.randrange(len(spare)) :][: dice.randrange(1, 40)],
                [bytes(dice.randrange(256) for _ in range(dice.randrange(1, 6)))],
                pieces[place:end] * dice.choice((3, 20, 400)),
                [pieces[dice.randrange(len(pieces))]],
            )
        ) or [b""]  # fmt: skip
    whole = b"".join(pieces)[: 2 * LARGEST]
    return whole[: dice.randrange(len(whole) + 1)] if dice.randrange(10) == 0 else whole


def corpus(folders: Sequence[Path]) -> tuple[list[bytes], list[bytes], list[bytes]]:
    """Read feeds, pages and OPML files."""
    feeds: list[bytes] = []
    pages: list[bytes] = []
    opml: list[bytes] = []
    paths = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    random.Random(1).shuffle(paths)
    for path in paths:
        body = path.read_bytes()
        with suppress(OSError, EOFError):
            body = gzip.decompress(body) if path.suffix == ".gz" else body
        head = body[:2000].lower()
        kind = (
            opml
            if b"<opml" in head
            else pages
            if b"<html" in head or path.suffix in {".html", ".gz"}
            else feeds
        )
        if 0 < len(body) <= LARGEST and len(kind) < ENOUGH:
            kind.append(body)
    return (
        feeds or [b"<rss/>"],
        pages or [b"<p>text"],
        opml or [b"<opml version='2.0'><body><outline xmlUrl='http://a.example/f'/></body></opml>"],
    )


def attack(
    wire: Connection, folders: Sequence[Path], db: Path, seed: int, seconds: float, only: str | None
) -> None:
    """Run in a process of its own: tell each input before it is tried, and at the end what was done."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    dice = random.Random(seed)
    chosen = [target for target in targets(*corpus(folders), db) if only in {None, target.name}]
    weights = [target.weight for target in chosen]
    done: Counter[str] = Counter()
    slowest: dict[str, float] = {}
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        [target] = dice.choices(chosen, weights)
        body = mutate(dice, dice.choice(target.seeds), dice.choice(target.seeds))
        wire.send_bytes(target.name.encode().ljust(20) + body)
        began = time.perf_counter()
        try:
            target.run(body)
        except (PressclipError, sqlite3.DataError):
            pass
        except Exception as error:  # noqa: BLE001 - it is what is looked for
            wire.send_bytes(
                f"!{target.name}: {type(error).__name__}: {error}"[:500].encode("utf-8", "replace")
            )
        slowest[target.name] = max(slowest.get(target.name, 0), time.perf_counter() - began)
        done[target.name] += 1
    wire.send_bytes(b"=" + json.dumps([done, slowest]).encode())


def watched(
    job: int, args: argparse.Namespace, folders: Sequence[Path], db: Path
) -> tuple[Counter[str], dict[str, float], list[str]]:
    """Run one attacker to its end; one that dies or hangs is replaced."""
    until = time.monotonic() + args.seconds
    done: Counter[str] = Counter()
    slowest: dict[str, float] = {}
    broken: list[str] = []
    attempt = 0
    while (left := until - time.monotonic()) > 1:
        attempt += 1
        near, far = multiprocessing.Pipe(duplex=False)
        arguments = (far, folders, db, args.seed + 1000 * job + attempt, left, args.only)
        process = multiprocessing.get_context("fork").Process(target=attack, args=arguments)
        process.start()
        far.close()
        last, tried = b"", 0
        try:
            while _says_something(near, process.pid or 0, DEADLINE + (60 if not tried else 0)):
                told = near.recv_bytes()
                if told[:1] == b"=":
                    counts, times = json.loads(told[1:])
                    done.update(counts)
                    slowest |= {name: max(value, slowest.get(name, 0)) for name, value in times.items()}
                    break
                if told[:1] == b"!":
                    broken.append(_kept(told[1:].decode(), last))
                else:
                    last, tried = told, tried + 1
            else:
                broken.append(_kept(f"{last[:20].decode().strip()}: took longer than {DEADLINE:g} s", last))
                done["before a hang"] += tried
        except EOFError:
            broken.append(_kept(f"{last[:20].decode().strip()}: the process died", last))
            done["before a death"] += tried
        process.kill()
        process.join()
    return done, slowest, broken


def _says_something(near: Connection, process: int, patience: float) -> bool:
    """Wait for a word of an attacker; one that is hardly given the processor does not hang yet."""
    used = cpu(process)
    for _ in range(10):
        if near.poll(patience):
            return True
        if cpu(process) - used >= DEADLINE:
            return False
    return False


def _kept(what: str, last: bytes) -> str:
    """Keep an input that broke something; where it is."""
    path = Path(tempfile.gettempdir(), f"pressclip-fuzz-{os.getpid()}-{time.time_ns()}")
    path.write_bytes(last[20:])
    return f"{what}  [{path}]"


def main() -> int:
    """Attack, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--only")
    parser.add_argument("--corpus", type=Path, nargs="*", default=[])
    args = parser.parse_args()
    shared = [Path("../shared/feeds"), Path("../shared/quality/dev/pages")]
    folders = args.corpus or [folder for folder in shared if folder.exists()] or [Path("tests/data")]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with tempfile.TemporaryDirectory() as place:
        sys.path.insert(0, "tests")
        from full_store import fill

        db = Path(place, "news.db")
        fill(db)
        with multiprocessing.pool.ThreadPool(args.jobs) as pool:
            results = pool.map(lambda job: watched(job, args, folders, db), range(args.jobs))
    done = sum((counts for counts, _, _ in results), Counter[str]())
    broken = [line for _, _, lines in results for line in lines]
    print(f"seed {args.seed}: {sum(done.values()):,} executions")
    for name, count in done.most_common():
        longest = max((times.get(name, 0) for _, times, _ in results), default=0)
        print(f"  {name}: {count:,}, the slowest {longest:.2f} s")
    for line, count in Counter(re.sub(r"  \[.*", "", line) for line in broken).most_common():
        print(f"BROKEN {count} x {line}  {next(one for one in broken if one.startswith(line))[len(line) :]}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
