"""Which articles: a Selection, and what a search asks for, as SQL."""

from dataclasses import dataclass

from pressclip.errors import UsageError
from storage import facets, moments
from storage.query_language import Query, has
from storage.records import Selection
from storage.text import storable

_WALK = "articles_fts CROSS JOIN articles ON articles.sort_key = articles_fts.rowid"


@dataclass(frozen=True, slots=True)
class Where:
    """Where the chosen articles are.

    Attributes:
        tables: what to select from: `articles`, behind the index if that is what finds them.
        conditions: that all hold.
        parameters: of the conditions, in order.
        key: the place in time to sort by: the index is walked along it, newest first, without sorting.
    """

    tables: str
    conditions: tuple[str, ...]
    parameters: tuple[object, ...]
    key: str

    @property
    def sql(self) -> str:
        """FROM and WHERE."""
        return f"FROM {self.tables} {self._conditions}"

    @property
    def places(self) -> str:
        """FROM and WHERE of the keys alone, which the index knows without the articles."""
        return f"FROM {self.key.partition('.')[0]} {self._conditions}"

    @property
    def _conditions(self) -> str:
        return f"WHERE {' AND '.join(self.conditions) or 'TRUE'}"


def where(selection: Selection, query: Query | None = None) -> Where:
    """Say where the articles of a selection are that a query asks for.

    Raises:
        UsageError: a date of the selection is none.
    """
    asked = query or Query()
    chosen = {facet: getattr(selection, facet) for facet in facets.NAMES}
    parts = [f"({asked.match})"] if asked.match else []
    parts += [has(facet, storable(value)) for facet, value in chosen.items() if value is not None]
    match = " AND ".join(parts)
    key = "articles_fts.rowid" if match else "articles.sort_key"
    conditions = ["articles_fts MATCH ?"] if match else []
    parameters: list[object] = [match] if match else []
    for condition, bound in (*_span(selection, key), (f"{key} >= ?", asked.first), (f"{key} < ?", asked.end)):
        if bound is not None:
            conditions.append(condition)
            parameters.append(bound)
    return Where(_WALK if match else "articles", tuple(conditions), tuple(parameters), key)


def _span(selection: Selection, key: str) -> list[tuple[str, int]]:
    try:
        return [
            *([(f"{key} >= ?", moments.first_key(selection.since))] if selection.since is not None else []),
            *([(f"{key} < ?", moments.end_key(selection.until))] if selection.until is not None else []),
        ]
    except (ValueError, OverflowError):
        msg = f"not a date: {selection.since or ''} {selection.until or ''}; write it as 2026-11-22"
        raise UsageError(msg) from None
