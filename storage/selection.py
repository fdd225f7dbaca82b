"""Which articles: a Selection as SQL."""

from dataclasses import dataclass

from pressclip.errors import UsageError
from storage import moments
from storage.records import Selection
from storage.text import storable


@dataclass(frozen=True, slots=True)
class Where:
    """Conditions that all hold, and their parameters in order."""

    conditions: tuple[str, ...]
    parameters: tuple[object, ...]

    @property
    def sql(self) -> str:
        """The conditions as one expression."""
        return " AND ".join(self.conditions) or "TRUE"


def where(selection: Selection, *, key: str) -> Where:
    """Write a selection as SQL over the table `articles`.

    Args:
        selection: which articles.
        key: the expression for the sort key: that of the table the query walks through.

    Raises:
        UsageError: a date is none.
    """
    conditions: list[str] = []
    parameters: list[object] = []
    if selection.source is not None:
        conditions.append("articles.source = ?")
        parameters.append(storable(selection.source))
    if selection.lang is not None:
        lang = storable(selection.lang)
        conditions.append("(articles.lang = ? OR substr(articles.lang, 1, ?) = ?)")
        parameters += [lang, len(lang) + 1, f"{lang}-"]
    if selection.topic is not None:
        conditions.append("EXISTS (SELECT 1 FROM json_each(articles.topics) WHERE value = ?)")
        parameters.append(storable(selection.topic))
    try:
        if selection.since is not None:
            conditions.append(f"{key} >= ?")
            parameters.append(moments.first_key(selection.since))
        if selection.until is not None:
            conditions.append(f"{key} < ?")
            parameters.append(moments.end_key(selection.until))
    except (ValueError, OverflowError):
        msg = f"not a date: {selection.since or ''} {selection.until or ''}; write it as 2026-11-22"
        raise UsageError(msg) from None
    return Where(tuple(conditions), tuple(parameters))
