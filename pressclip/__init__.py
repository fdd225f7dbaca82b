"""pressclip: a press-clipping service in a box. Feeds in, clean articles in SQLite.

pressclip.extract(html, url) -> Article
pressclip.open_store(path) -> Store, with articles(), article() and search()
pressclip.crawl(...) and pressclip.ingest(urls): a run, in a process of its own
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from pressclip.version import VERSION

__version__ = VERSION
__all__ = ["Article", "PressclipError", "Selection", "crawl", "extract", "ingest", "open_store"]

#: Where each name comes from.
_HOMES = {
    "Article": "pressclip.models",
    "PressclipError": "pressclip.errors",
    "Selection": "storage.records",
    "extract": "pressclip.cleaning",
}

if TYPE_CHECKING:
    from pressclip.api import crawl, ingest, open_store
    from pressclip.cleaning import extract
    from pressclip.errors import PressclipError
    from pressclip.models import Article
    from storage.records import Selection


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for: `pressclip --help` must not pay for it."""
    if name not in __all__:
        raise AttributeError(f"module 'pressclip' has no attribute {name!r}")
    return getattr(import_module(_HOMES.get(name, "pressclip.api")), name)
