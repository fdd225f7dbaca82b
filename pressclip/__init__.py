"""pressclip: a press-clipping service in a box. Feeds in, clean articles in SQLite.

pressclip.extract(html, url) -> Article
pressclip.open_store(path) -> Store
pressclip.crawl(...) and pressclip.ingest(urls): a run, in a process of its own
"""

from typing import TYPE_CHECKING, Any

from pressclip.version import VERSION

__version__ = VERSION
__all__ = ["Article", "crawl", "extract", "ingest", "open_store"]

if TYPE_CHECKING:
    from pressclip.api import crawl, extract, ingest, open_store
    from pressclip.models import Article


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for: `pressclip --help` must not pay for it."""
    if name not in __all__:
        raise AttributeError(f"module 'pressclip' has no attribute {name!r}")
    from pressclip import api, models

    return getattr(models if name == "Article" else api, name)
