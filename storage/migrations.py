"""Bringing the schema of a file up to date, all or nothing."""

import sqlite3

import sqlite_utils
from sqlite_utils import Migrations

from storage import columns, fulltext
from storage.schema import APPLICATION_ID, FOUNDING, SECOND, VERSION

_migrations = Migrations("pressclip")


@_migrations()
def m001_founding(db: sqlite_utils.Database) -> None:
    """Make all tables of the first release."""
    for statement in FOUNDING:
        db.conn.execute(statement)


@_migrations()
def m002_second(db: sqlite_utils.Database) -> None:
    """Add what the second release added."""
    for statement in SECOND:
        db.conn.execute(statement)
    fulltext.rebuild(db.conn)  # it has facets now, and folds more than before


def migrate(conn: sqlite3.Connection) -> None:
    """Bring the schema up to date; the caller holds the write transaction, so that it is all or nothing."""
    db = sqlite_utils.Database(conn, execute_plugins=False, recursive_triggers=False)
    if conn.execute("PRAGMA user_version").fetchone()[0] < VERSION:
        _migrations.apply(db)
        conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        conn.execute(f"PRAGMA user_version = {VERSION}")
    for column in columns.missing(conn):
        conn.execute(f"ALTER TABLE articles ADD COLUMN {column.definition}")
