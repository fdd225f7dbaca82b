"""Other opinions on where the article is; each is evidence for the judge, none decides alone."""

from lxml import html
from trafilatura import bare_extraction
from trafilatura.settings import Document, use_config

# trafilatura's own 250 is longer than many a Japanese item, which then falls back to the whole page.
_CONFIG = use_config()
_CONFIG["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "60"


def trafilatura_text(tree: html.HtmlElement, url: str) -> str:
    """What trafilatura takes for the article's text, a paragraph a line; empty where it finds none."""
    document = bare_extraction(tree, url=url, include_comments=False, output_format="python", config=_CONFIG)
    return (document.text or "") if isinstance(document, Document) else ""
