"""Page -> Article: what the whole program is for. Pure; runs in a worker process under a deadline.

bytes -> tree -> body (text, markdown) -> description -> Article
"""

import unicodedata

from lxml import html
from trafilatura import bare_extraction
from trafilatura.settings import Document, use_config
from trafilatura.xml import xmltotxt

from pipelines.describe import describe
from pipelines.identity import content_hash, url_key
from pipelines.tree import parse
from pressclip.errors import InputError
from pressclip.models import Article, Page

# trafilatura's own 250 is longer than many a Japanese item, which then falls back to the whole page.
_CONFIG = use_config()
_CONFIG["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "60"


def clean(page: Page) -> Article:
    """The article of `page`, described and freed of all that is not the article.

    Raises:
        InputError: the page holds no text at all (``empty``, ``not_html``, ``no_text``).
    """
    tree = parse(page)
    text, markdown = _body(tree, page.final_url)
    if not text:
        message = f"{page.final_url}: no text was found"
        raise InputError(reason="no_text", message=message)
    told = describe(tree, url=page.final_url, entry=page.entry, lang=page.lang, text=text)
    return Article(
        url=page.final_url,
        url_key=url_key(page.final_url),
        title=told.title,
        text=text,
        markdown=markdown,
        fetched_at=page.fetched_at,
        content_hash=content_hash(told.title, text),
        canonical_url=told.canonical_url,
        source=page.source,
        authors=told.authors,
        published_at=told.published_at,
        published_raw=told.published_raw,
        updated_at=told.updated_at,
        updated_raw=told.updated_raw,
        lang=told.lang,
        topics=page.topics,
        tags=told.tags,
        summary=told.summary,
        image_url=told.image_url,
        site_name=told.site_name,
        origins=told.origins,
    )


def _body(tree: html.HtmlElement, url: str) -> tuple[str, str]:
    document = bare_extraction(tree, url=url, include_comments=False, output_format="python", config=_CONFIG)
    if not isinstance(document, Document) or document.body is None:
        return "", ""
    body = document.body
    lines = (line.strip() for line in xmltotxt(body, include_formatting=False).splitlines())
    text = "\n\n".join(line for line in lines if line)
    return (
        unicodedata.normalize("NFC", text),
        unicodedata.normalize("NFC", xmltotxt(body, include_formatting=True).strip()),
    )
