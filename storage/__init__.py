"""The SQLite file: the only package that imports sqlite_utils."""
