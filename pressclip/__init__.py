"""pressclip: a press-clipping service in a box. Feeds in, clean articles in SQLite."""

__version__ = "0.1.0"
