"""Page -> Article: what the whole program is for. Pure; runs in a worker process under a deadline.

bytes -> tree -> blocks -> judged blocks -> text, markdown -> description -> Article
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from lxml.html import HtmlElement

from pipelines import sitewide
from pipelines.blocks import Block, blocks_of
from pipelines.boilerplate import cut
from pipelines.describe import describe
from pipelines.embedded import embedded_blocks
from pipelines.facts import facts_of
from pipelines.features import rows
from pipelines.identity import content_hash, url_key
from pipelines.judge import model
from pipelines.kind import kind_of
from pipelines.render import markdown_of, text_of
from pipelines.selectors import narrowed
from pipelines.survey import Survey
from pipelines.tree import parse
from pipelines.voices import trafilatura_text
from pressclip.errors import InputError
from pressclip.models import Article, Fingerprints, Page

SPARSE = 25  # units: where no more was found, the text may be in the page's data


def clean(page: Page) -> Article:
    """The article of `page`, described and freed of all that is not the article.

    Raises:
        InputError: the page holds no text at all (``empty``, ``not_html``, ``no_text``).
    """
    return clean_on_site(page, frozenset())[0]


def clean_on_site(page: Page, common: AbstractSet[int]) -> tuple[Article, Fingerprints]:
    """The same, without the blocks that its site repeats, and what this page adds to that knowledge.

    Args:
        page: the page.
        common: fingerprints of the blocks that are the site's own (pipelines.sitewide).

    Raises:
        InputError: as `clean`.
    """
    tree = parse(page)
    selecting = page.keep or page.drop
    body, chosen = narrowed(tree, keep=page.keep, drop=page.drop) if selecting else (tree, False)
    blocks = blocks_of(body)
    kept = blocks if chosen or not blocks else _article_of(body, blocks, page.final_url)
    if not chosen and sum(block.units for block in kept) < SPARSE and (embedded := embedded_blocks(tree)):
        blocks = kept = embedded
    kind, reason = ("article", None) if chosen else kind_of(body, blocks, kept)
    if not blocks and kind != "script":
        raise InputError(reason="no_text", message=f"{page.final_url}: no text was found")
    site = sitewide.site(page.final_url)
    fingerprints = sitewide.fingerprints(site, kept)
    kept = sitewide.without(kept, site, common)
    text = text_of(kept)
    told = describe(
        tree, url=page.final_url, entry=page.entry, lang=page.lang, text=text, fetched_at=page.fetched_at
    )
    article = Article(
        url=page.final_url,
        url_key=url_key(page.final_url),
        title=told.title,
        text=text,
        markdown=markdown_of(kept, page.final_url),
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
        kind=kind,
        kind_reason=reason,
    )
    return article, fingerprints


def _article_of(tree: HtmlElement, blocks: Sequence[Block], url: str) -> list[Block]:
    """The blocks of the article: judged one by one, then put right by rules."""
    survey, probabilities = judged(tree, blocks, url)
    return cut(blocks, probabilities, survey.facts)


def judged(tree: HtmlElement, blocks: Sequence[Block], url: str) -> tuple[Survey, list[float]]:
    """What is known of a page and its blocks, and how likely each block belongs to the article."""
    facts = facts_of(tree, url, trafilatura_text(tree, url))
    judge = model()
    survey = Survey(blocks, facts)
    table = rows(survey, judge.names, judge.words)
    return survey, [judge.probability(row) if row else 0.0 for row in table]
