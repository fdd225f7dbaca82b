"""Each folder of tests/data/pages is a page and what must come of it; bench/golden.py writes the latter."""

import json
from pathlib import Path

import pytest

from pipelines.extract import clean
from pressclip.models import Page

CASES = sorted((Path(__file__).parent / "data" / "pages").iterdir())
URL = "https://site.example/news/9"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_page_comes_out_as_it_must(case: Path) -> None:
    body = (case / "source.html").read_bytes()
    wanted = json.loads((case / "article.json").read_text(encoding="utf-8"))
    article = clean(Page(url=URL, final_url=URL, body=body, fetched_at="2026-11-21T00:00:00Z"))
    assert article.kind == wanted["kind"]
    assert article.title == wanted["title"]
    assert article.text.splitlines() == wanted["text"]
    assert article.markdown.splitlines() == wanted["markdown"]


def test_the_shape_of_the_related_list_makes_no_difference() -> None:
    texts = {
        case.name: tuple(json.loads((case / "article.json").read_text(encoding="utf-8"))["text"])
        for case in CASES
        if case.name.startswith("ja-related-")
    }
    assert len(texts) > 10
    assert len(set(texts.values())) == 1
