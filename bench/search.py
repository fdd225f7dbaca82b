"""How fast the store answers: `python bench/search.py [--data FOLDER] [--feeds FOLDER] [--articles N ...] [--stores DIR]`.

Makes a store of each size (or takes the one that `--stores` has kept), then asks for the commonest and for rare words,
one and two characters, phrases, with and without filters that are common, rare or never true together, newest first
and by relevance, 20 articles with their snippets. Prints milliseconds of CPU, which other work on the machine does
not change, and of the clock; rounds go through all questions in turn.
"""

import argparse
import random
import re
import sqlite3
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from search_store import NOW, SEED, SOURCES, articles, build, read_pool

from storage import reading
from storage.records import Selection
from storage.search import search

ROUNDS = 5
SAMPLE = 4000  # articles whose words are counted
#: The promises: newest first at the largest store, by relevance at 100,000 articles; milliseconds, median.
NEWEST_MS, RANKED_MS, RANKED_ARTICLES = 20.0, 300.0, 100_000
EVERYTHING = Selection()
#: Above that size, ranking is measured by these alone: it looks at all that matches, and takes its time.
RANKED_AT_ALL_SIZES = {f"ranked: {kind}" for kind in ("commonest words", "rare words", "two characters")}
_SCRIPTS = {"ja": "[\u3041-\u30ff\u4e00-\u9fff]", "zh": "[\u4e00-\u9fff]", "ko": "[\uac00-\ud7a3]"}


@dataclass(frozen=True, slots=True)
class Question:
    """Something to ask the store; `kind` is the row of the table that it counts in."""

    kind: str
    words: str | None = None  # None: list
    selection: Selection = EVERYTHING
    ranked: bool = False

    def ask(self, db: sqlite3.Connection) -> int:
        """Ask; return how many articles came."""
        if self.words is None:
            return sum(1 for _ in reading.find_articles(db, self.selection))
        return len(search(db, self.words, self.selection, ranked=self.ranked))


def main() -> int:
    """Build, ask, print; 1 if a promise is broken."""
    args = _arguments()
    pool = read_pool(args.data, args.feeds)
    print(f"sentences: {', '.join(f'{lang} {len(each)}' for lang, each in pool.items())}")
    kept = 0
    with tempfile.TemporaryDirectory() as scratch:
        for number in args.articles:
            path = (args.stores or Path(scratch)) / f"search-{number}.db"
            if not path.exists():
                seconds, characters = build(path, articles(pool, number))
                print(f"{path.name}: {number / seconds:.0f} articles/s, texts of {characters:.0f} characters")
            print(f"\n{number} articles, {path.stat().st_size / 1e6:.0f} MB")
            with reading.opened(path) as db:
                questions = [
                    question
                    for question in _questions(db, random.Random(SEED))
                    if number <= RANKED_ARTICLES
                    or not question.ranked
                    or question.kind in RANKED_AT_ALL_SIZES
                ]
                medians = _measure(db, questions)
            kept += _broken(medians, number, max(args.articles))
    return 1 if kept else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="a data set with truth.jsonl; without, the tests' pages")
    parser.add_argument("--feeds", type=Path, help="a folder of feeds")
    parser.add_argument("--articles", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--stores", type=Path, help="keep the stores here, or take those that are here")
    return parser.parse_args()


def _questions(db: sqlite3.Connection, dice: random.Random) -> Iterator[Question]:
    words = _words(db)
    latin, pairs, singles = words["latin"], words["pairs"], words["singles"]
    common = [*latin[:5], *pairs[:5]]
    rare = [*dice.sample(latin[len(latin) // 2 :], 5), *dice.sample(pairs[len(pairs) // 2 :], 5)]
    for ranked in (False, True):
        way = "ranked" if ranked else "newest"
        for kind, chosen in (
            ("commonest words", common),
            ("rare words", rare),
            ("one character", singles[:8]),
            ("two characters", dice.sample(pairs, 20)),
            ("phrases", [f'"{text}"' for text in words["phrases"][:20]]),
            ("two words", [f"{one} {other}" for one, other in zip(common, rare, strict=True)]),
            ("common OR rare", [f"{one} OR {other}" for one, other in zip(common, rare, strict=True)]),
            ("common -common", [f"{latin[0]} -{latin[1]}", f"{pairs[0]} -{pairs[1]}"]),
        ):
            yield from (Question(f"{way}: {kind}", word, ranked=ranked) for word in chosen)
        for name, selection in _selections():
            yield from (Question(f"{way}: common, {name}", word, selection, ranked) for word in common[::2])
            yield from (Question(f"{way}: rare, {name}", word, selection, ranked) for word in rare[::2])
    yield Question("newest: -common", f"-{latin[0]}")
    yield from (Question(f"list: {name}", None, selection) for name, selection in _selections())


def _selections() -> Iterator[tuple[str, Selection]]:
    yield "lang", Selection(lang="ja", limit=20)
    yield "common source", Selection(source="source-1", limit=20)
    yield "rare source", Selection(source=f"source-{SOURCES}", limit=20)
    yield "common topic", Selection(topic="crypto", limit=20)
    yield "rare topic", Selection(topic="rare", limit=20)
    yield "unknown source", Selection(source="nobody", limit=20)
    yield "lang+source+topic", Selection(lang="ko", source="source-150", topic="gold", limit=20)
    yield "since a day", Selection(since=NOW.strftime("%Y-%m-21"), limit=20)
    yield "until long ago", Selection(until="2024-01-31", limit=20)


def _words(db: sqlite3.Connection) -> dict[str, list[str]]:
    """Count in how many of some articles a word stands: Latin words, pairs and single characters, commonest first."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    phrases: list[str] = []
    step = max(1, reading.counts(db).articles // SAMPLE)
    for row in db.execute("SELECT text, lang FROM articles WHERE id % ? = 0", [step]):
        script = _SCRIPTS.get(row["lang"])
        if script is None:
            latin = re.findall(r"[a-z]+", row["text"].lower())
            counts["latin"].update(set(latin))
            phrases.append(" ".join(latin[10:13]))
        else:
            counts["pairs"].update(set(re.findall(f"(?=({script}{{2}}))", row["text"])))
            counts["singles"].update(set(re.findall(script, row["text"])))
            phrases += re.findall(f"{script}{{6}}", row["text"])[:1]
    random.Random(SEED).shuffle(phrases)
    return {name: [word for word, _ in each.most_common()] for name, each in counts.items()} | {
        "phrases": phrases
    }


def _measure(db: sqlite3.Connection, questions: list[Question]) -> dict[str, float]:
    """Ask all questions in turn, some rounds; print a row a kind; return the median of each."""
    cpu: defaultdict[str, list[float]] = defaultdict(list)
    wall: defaultdict[str, list[float]] = defaultdict(list)
    found: defaultdict[str, list[int]] = defaultdict(list)
    for count in range(ROUNDS + 1):
        for question in questions:
            began, cpu_began = time.perf_counter(), time.process_time()
            got = question.ask(db)
            spent, took = time.process_time() - cpu_began, time.perf_counter() - began
            if count:  # the first round reads the file
                cpu[question.kind].append(spent * 1000)
                wall[question.kind].append(took * 1000)
                found[question.kind].append(got)
    print(f"{'':34}{'CPU p50':>9}{'p95':>9}{'worst':>9}{'clock p50':>11}{'p95':>9}{'found':>7}")
    for kind, each in cpu.items():
        figures = (
            statistics.median(each),
            _late(each),
            max(each),
            statistics.median(wall[kind]),
            _late(wall[kind]),
        )
        cells = "".join(f"{one:>{width}.1f}" for one, width in zip(figures, (9, 9, 9, 11, 9), strict=True))
        print(f"{kind:34}{cells}{statistics.mean(found[kind]):>7.1f}")
    for way in ("newest", "ranked"):
        every = [one for kind, each in cpu.items() if kind.startswith(way) for one in each]
        print(f"{'all ' + way:34}{statistics.median(every):>9.1f}{_late(every):>9.1f}{max(every):>9.1f}")
    return {kind: statistics.median(each) for kind, each in cpu.items()}


def _late(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def _broken(medians: dict[str, float], number: int, largest: int) -> int:
    """Count and name the kinds of question that take longer than promised."""
    promises: list[tuple[Callable[[str], bool], float]] = []
    if number == largest:
        promises.append((lambda kind: not kind.startswith("ranked"), NEWEST_MS))
    if number == RANKED_ARTICLES:
        promises.append((lambda kind: kind.startswith("ranked"), RANKED_MS))
    slow = [
        f"{kind}: {median:.1f} ms, promised are {promised:g}"
        for concerned, promised in promises
        for kind, median in medians.items()
        if concerned(kind) and median > promised
    ]
    print("\n".join(["", *slow]) if slow else "all as promised")
    return len(slow)


if __name__ == "__main__":
    raise SystemExit(main())
