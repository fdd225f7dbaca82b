"""Articles as rows: each field of `models.Article` that has a `doc` is a column. Nothing else names them."""

import sqlite3
import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec

from pressclip.models import Article
from storage.text import storable, to_json

_SQL_TYPES = {str: "TEXT", int: "INTEGER", float: "REAL", bool: "INTEGER"}
_UNIQUE = {"url_key"}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table `articles`."""

    name: str
    doc: str
    hint: Any  # the field's type
    sql_type: str
    default: Any  # as stored; None: there is none, or it is NULL
    required: bool  # NOT NULL
    has_default: bool

    @property
    def is_json(self) -> bool:
        """Whether the column holds JSON."""
        return _plain(self.hint) not in _SQL_TYPES

    @property
    def definition(self) -> str:
        """The column as SQL defines it."""
        words = [self.name, self.sql_type]
        if self.required:
            words.append("NOT NULL")
        if self.default is not None:
            quoted = self.default.replace("'", "''") if isinstance(self.default, str) else self.default
            words.append(f"DEFAULT '{quoted}'" if isinstance(self.default, str) else f"DEFAULT {quoted}")
        if self.name in _UNIQUE:
            words.append("UNIQUE")
        return " ".join(words)

    def store(self, value: Any) -> Any:
        """Turn a field's value into what SQLite holds."""
        if isinstance(value, str):
            return storable(value)
        if value is None or not self.is_json:
            return value
        return to_json(value)

    def load(self, value: Any) -> Any:
        """Turn what SQLite holds back into the field's value."""
        if self.is_json and value is not None:
            return msgspec.json.decode(value, type=self.hint)
        return bool(value) if _plain(self.hint) is bool and value is not None else value


def _plain(hint: Any) -> Any:
    """Strip ``| None`` and literals from a type: what remains decides how it is stored."""
    if get_origin(hint) in (Union, types.UnionType):
        [hint] = [part for part in get_args(hint) if part is not types.NoneType]
    return hint


def _column(field: Field[Any], hint: Any) -> Column:
    optional = types.NoneType in get_args(hint)
    is_json = _plain(hint) not in _SQL_TYPES
    default = field.default if field.default is not MISSING else None
    if field.default_factory is not MISSING:
        default = field.default_factory()
    if is_json and default is not None:
        default = to_json(default)
    return Column(
        name=field.name,
        doc=field.metadata["doc"],
        hint=hint,
        sql_type=_SQL_TYPES.get(_plain(hint), "TEXT"),
        default=int(default) if isinstance(default, bool) else default,
        required=not optional,
        has_default=field.default is not MISSING or field.default_factory is not MISSING,
    )


def columns_of(record: type) -> tuple[Column, ...]:
    """Read the columns off a dataclass whose fields have a `doc`."""
    hints = get_type_hints(record)
    return tuple(_column(field, hints[field.name]) for field in fields(record) if "doc" in field.metadata)


COLUMNS = columns_of(Article)


def missing(conn: sqlite3.Connection) -> list[Column]:
    """List the columns that the table `articles` of an older file lacks."""
    present = {row[1] for row in conn.execute("PRAGMA table_info(articles)")}
    return [column for column in COLUMNS if column.name not in present]


def to_row(article: Article) -> dict[str, Any]:
    """Turn an article into its row."""
    return {column.name: column.store(getattr(article, column.name)) for column in COLUMNS}


def to_article(row: sqlite3.Row | Mapping[str, Any]) -> Article:
    """Turn a row back into its article; a column that an older file lacks has its default."""
    present = set(row.keys())
    return Article(
        **{column.name: column.load(row[column.name]) for column in COLUMNS if column.name in present}
    )
