"""Write what `clean` makes of the golden pages now: read the diff before you commit it.

    python bench/golden.py

A case is a folder in tests/data/pages: `source.html` as served, `article.json` as it must come out.
"""

import json
from pathlib import Path

from pipelines.extract import clean
from pressclip.models import Page

CASES = Path(__file__).resolve().parent.parent / "tests" / "data" / "pages"
URL = "https://site.example/news/9"


def main() -> None:
    """Clean each case and write its article."""
    for case in sorted(CASES.iterdir()):
        body = (case / "source.html").read_bytes()
        article = clean(Page(url=URL, final_url=URL, body=body, fetched_at="2026-11-21T00:00:00Z"))
        told = {
            "kind": article.kind,
            "title": article.title,
            "text": article.text.splitlines(),
            "markdown": article.markdown.splitlines(),
        }
        (case / "article.json").write_text(
            json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
