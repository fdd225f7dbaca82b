"""Asking a store's file directly, as no command does."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any


def rows(db: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """Run one statement, commit it, and give its rows."""
    with closing(sqlite3.connect(db)) as conn, conn:
        return conn.execute(sql, values).fetchall()
