"""Stores of any size for bench/search.py: articles put together from sentences of real ones, no two alike."""

import hashlib
import json
import random
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path

from dataset import truths_of

from pressclip.differences import sentences
from pressclip.errors import InputError
from pressclip.models import Article, Clipping
from spiders.reading import read_feed
from storage.store import Store

SEED = 20261122
NOW = datetime(2026, 11, 22, tzinfo=UTC)
YEARS = 3
#: Share of each language among the articles.
SHARES = {"en": 0.4, "ja": 0.25, "zh": 0.2, "ko": 0.15}
#: Share of the articles that have a topic.
TOPICS = {"crypto": 0.4, "ai": 0.2, "gold": 0.01, "rare": 0.0001}
SOURCES = 200  # the n-th has a share of 1/n
LENGTH = {"en": 500, "ja": 220, "zh": 200, "ko": 240}  # characters, about; half of them to double of them
_BATCH = 1000

Pool = dict[str, list[str]]


def read_pool(data: Path | None, feeds: Path | None) -> Pool:
    """Gather sentences by language: of a data set's true texts, of a folder of feeds, else of the tests' pages."""
    pool: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for lang, text in (*_truths(data), *_entries(feeds)):
        if lang in SHARES:
            pool[lang].update(dict.fromkeys(sentences(text)))
    if not all(pool[lang] for lang in SHARES):
        for path in sorted(Path("tests/data/pages").glob("*/article.json")):
            article = json.loads(path.read_text(encoding="utf-8"))
            lang = path.parent.name[:2]
            if lang in SHARES:
                pool[lang].update(dict.fromkeys(sentences("\n".join(article["text"]))))
    return {lang: list(pool[lang]) for lang in SHARES}


def _truths(data: Path | None) -> Iterator[tuple[str, str]]:
    if data is not None and (data / "truth.jsonl").exists():
        for truth in truths_of(data):
            yield (truth["lang"] or "")[:2], truth["text"] or ""


def _entries(feeds: Path | None) -> Iterator[tuple[str, str]]:
    for path in sorted(feeds.rglob("*") if feeds else ()):
        if path.is_file():
            try:
                feed = read_feed(path.read_bytes(), url=f"https://feeds.example/{path.name}")
            except InputError:
                continue
            for entry in feed.entries:
                yield _language(entry.summary or ""), f"{entry.title}\n{entry.summary}"


def _language(text: str) -> str:
    """Tell the language by its script; feeds seldom say."""
    if any("\u3041" <= one <= "\u30ff" for one in text):
        return "ja"
    if any("\uac00" <= one <= "\ud7a3" for one in text):
        return "ko"
    return "zh" if any("\u4e00" <= one <= "\u9fff" for one in text) else "en"


def articles(pool: Pool, number: int) -> Iterator[Article]:
    """Make so many articles, the oldest first, as they would come in over the years."""
    dice = random.Random(SEED)
    langs, shares = list(SHARES), list(SHARES.values())
    names = [f"source-{place}" for place in range(1, SOURCES + 1)]
    weights = list(accumulate(1 / place for place in range(1, SOURCES + 1)))
    step = timedelta(days=365 * YEARS) / number
    for count in range(number):
        [lang] = dice.choices(langs, shares)
        text = _text(dice, pool[lang], LENGTH[lang])
        moment = (NOW - step * (number - count)).strftime("%Y-%m-%dT%H:%M:%SZ")
        title, [source] = dice.choice(pool[lang])[:60], dice.choices(names, cum_weights=weights)
        # Not in the order of time, as addresses are: rows of an index by address come at random places.
        url = (
            f"https://{source}.example/news/{hashlib.blake2b(str(count).encode(), digest_size=6).hexdigest()}"
        )
        yield Article(
            url=url, url_key=url[8:], title=title, text=text, markdown=text,
            fetched_at=moment, published_at=moment, content_hash=f"{count:064}", lang=lang, source=source,
            topics=tuple(topic for topic, share in TOPICS.items() if dice.random() < share),
        )  # fmt: skip


def _text(dice: random.Random, pool: Sequence[str], length: int) -> str:
    """Put runs of three sentences together until the text is long enough."""
    wanted, paragraphs = dice.uniform(length / 2, length * 2), list[str]()
    while sum(map(len, paragraphs)) < wanted:
        start = dice.randrange(len(pool))
        paragraphs.append(" ".join(pool[start : start + 3])[:length])
    return "\n\n".join(paragraphs)


def build(path: Path, made: Iterable[Article]) -> tuple[float, float]:
    """Save articles as a crawl does, a thousand in a transaction; return seconds taken and mean characters."""
    began, characters, count = time.perf_counter(), 0, 0
    made = iter(made)
    with Store.open(path) as store:
        while batch := list(islice(made, _BATCH)):
            store.save([Clipping(url=one.url, source=one.source, state="done", article=one) for one in batch])
            characters += sum(len(one.text) for one in batch)
            count += len(batch)
    return time.perf_counter() - began, characters / max(1, count)
