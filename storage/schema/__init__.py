"""Tables and indexes of the store, release by release. The comments in the SQL are the documentation (docs/storage.md).

Entry -> page -> article is the way of the data: `entries` is the frontier, `pages` keeps what was fetched,
`articles` what was made of it, `revisions` what an article said at other times. Columns of `articles` come from
`models.Article`; a field added there becomes a column of older stores when they are opened for writing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from storage.schema.founding import FOUNDING, TABLES
from storage.schema.second import COLUMNS_2, SECOND, TABLES_2

__all__ = ["APPLICATION_ID", "FOUNDING", "SECOND", "VERSION", "TableDoc", "describe"]

#: "clip": tells our files from other SQLite files (PRAGMA application_id).
APPLICATION_ID = int.from_bytes(b"clip")

#: Number of the newest migration (PRAGMA user_version). A file with a higher one is from a newer pressclip.
VERSION = 2


@dataclass(frozen=True, slots=True)
class TableDoc:
    """What the documentation says of a table: (name, type, meaning) of each column."""

    name: str
    doc: str
    columns: tuple[tuple[str, str, str], ...]


_COLUMN = re.compile(r"^    (\w+) (\w+)(?:[^-\n]|-(?!-)|\n        )*-- (.+)$", re.MULTILINE)


def describe() -> Iterator[TableDoc]:
    """Read the documentation of all tables off their SQL."""
    for sql in (*TABLES, *TABLES_2):
        doc, name = sql.split("\n")[1].removeprefix("-- "), sql.split("CREATE TABLE ")[1].split(" ")[0]
        columns = [(match[1], match[2], match[3]) for match in _COLUMN.finditer(sql)]
        for table, definition, meaning in COLUMNS_2:
            if table == name:
                column, sql_type = definition.split()[:2]
                columns.append((column, sql_type, meaning))
        yield TableDoc(name, doc, tuple(columns))
