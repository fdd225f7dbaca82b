"""Columns that name rows of other tables, as the schema declares them, and rows that name what is not there."""

import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that names a row of another table."""

    table: str
    column: str
    parent: str
    key: str
    required: bool  # a row without it means nothing

    @property
    def lost(self) -> str:
        """The condition for rows that name what is not there."""
        parents = (
            f"SELECT 1 FROM {self.parent} AS parent WHERE parent.{self.key} = {self.table}.{self.column}"  # noqa: S608 - names of the schema
        )
        return f"{self.column} IS NOT NULL AND NOT EXISTS ({parents})"


def references(db: sqlite3.Connection) -> list[Reference]:
    """List the columns that name rows of other tables, as the schema declares them."""
    found: list[Reference] = []
    tables = [
        row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid")
    ]
    for table in tables:
        columns = {
            row["name"]: row["notnull"] or row["pk"] for row in db.execute(f"PRAGMA table_info({table})")
        }
        found += [
            Reference(table, row["from"], row["table"], row["to"], bool(columns[row["from"]]))
            for row in db.execute(f"PRAGMA foreign_key_list({table})")
        ]
    return found
