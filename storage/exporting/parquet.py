"""Articles as Parquet: lists are lists, moments are moments (UTC)."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any, BinaryIO, get_origin

import pyarrow as pa
import pyarrow.parquet as pq

from storage.columns import COLUMNS, Column
from storage.records import Stored
from storage.text import storable

ROWS = 1000  # in a group: some 10 MB of text, which is what is in memory at a time

_MOMENT = pa.timestamp("s", tz="UTC")
_SCALARS = {"TEXT": pa.string(), "INTEGER": pa.int64(), "REAL": pa.float64()}


def write_parquet(articles: Iterable[Stored], file: BinaryIO) -> None:
    """Write ``id`` and the fields of each article, compressed with zstd.

    A day without a time becomes its midnight; `published_raw` has what the page said. What is no moment is null.
    """
    schema = pa.schema([("id", pa.int64()), *((column.name, _type(column)) for column in COLUMNS)])
    rows = iter(articles)
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for group in _groups(rows):
            table: dict[str, Any] = {"id": [stored.id for stored in group]}
            for column in COLUMNS:
                table[column.name] = [
                    _value(column, getattr(stored.article, column.name)) for stored in group
                ]
            writer.write_table(pa.table(table, schema=schema))


def _groups(rows: Iterator[Stored]) -> Iterator[list[Stored]]:
    while group := list(islice(rows, ROWS)):
        yield group


def _type(column: Column) -> pa.DataType:
    if column.name.endswith("_at"):
        return _MOMENT
    if column.is_json:
        return (
            pa.list_(pa.string()) if get_origin(column.hint) is tuple else pa.map_(pa.string(), pa.string())
        )
    return _SCALARS[column.sql_type]


def _value(column: Column, value: Any) -> Any:
    if value is None:
        return None
    if column.name.endswith("_at"):
        return _moment(value)
    if column.is_json:
        if get_origin(column.hint) is tuple:
            return [storable(one) for one in value]
        return [(storable(key), storable(one)) for key, one in value.items()]
    return storable(value) if isinstance(value, str) else value


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        return (
            (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
        )
    except (ValueError, OverflowError):
        return None
