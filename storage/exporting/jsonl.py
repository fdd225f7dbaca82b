"""Articles as JSON, an object a line."""

from collections.abc import Iterable, Iterator

from storage.columns import COLUMNS
from storage.records import Stored
from storage.text import to_json


def jsonl(articles: Iterable[Stored]) -> Iterator[str]:
    """Write one JSON object a line: ``id`` and the fields of an article."""
    for stored in articles:
        fields = {column.name: getattr(stored.article, column.name) for column in COLUMNS}
        yield to_json({"id": stored.id, **fields}) + "\n"
