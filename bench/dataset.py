"""A folder of real pages with the truth about them: `truth.jsonl`, `pages/ID.html.gz`, and in its parent folder `score.py`, the metric."""

import gzip
import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from pressclip.models import Page

FETCHED_AT = "2026-11-22T00:00:00Z"

Truth = dict[str, Any]


def truths_of(dataset: Path) -> list[Truth]:
    """What is known of each page: `id`, `url`, `set` and `lang` at least."""
    return list(map(json.loads, (dataset / "truth.jsonl").read_text(encoding="utf-8").splitlines()))


def packed(dataset: Path, name: str) -> bytes:
    """A page as it lies there: gzip."""
    return (dataset / "pages" / f"{name}.html.gz").read_bytes()


def body_of(dataset: Path, name: str) -> bytes:
    """A page's bytes."""
    return gzip.decompress(packed(dataset, name))


def page_of(dataset: Path, truth: Truth) -> Page:
    """A page as if it had been fetched just now."""
    url = truth["url"]
    return Page(url=url, final_url=url, body=body_of(dataset, truth["id"]), fetched_at=FETCHED_AT)


def metric_of(dataset: Path) -> ModuleType:
    """The metric that comes with a data set."""
    path = dataset.resolve().parent / "score.py"
    spec = importlib.util.spec_from_file_location("score", path)
    if not path.is_file() or spec is None or spec.loader is None:
        sys.exit(f"{path}: the metric of this data set is missing")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
