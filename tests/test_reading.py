"""Feeds, read whole: a case is a folder in tests/data/feeds with a feed and what of it is expected."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from spiders.reading import read_feed

CASES = Path(__file__).parent / "data" / "feeds"


@pytest.mark.parametrize("case", sorted(path.name for path in CASES.iterdir()))
def test_a_feed_gives_what_its_case_expects(case: str) -> None:
    folder = CASES / case
    (source,) = folder.glob("feed.*")
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    how = {"url": "https://feeds.example/feed", **expected.get("how", {})}
    feed = json.loads(json.dumps(asdict(read_feed(source.read_bytes(), **how))))
    assert only(feed, expected["feed"]) == expected["feed"]
    assert len(feed["entries"]) == len(expected["feed"]["entries"])


def only(value: Any, wanted: Any) -> Any:
    """Keep of a record the members that a case speaks of."""
    if isinstance(wanted, dict) and isinstance(value, dict):
        return {key: only(value.get(key), wanted[key]) for key in wanted}
    if isinstance(wanted, list) and isinstance(value, list) and len(wanted) == len(value):
        return [only(one, other) for one, other in zip(value, wanted, strict=True)]
    return value
