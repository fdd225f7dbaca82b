"""Page -> Article: what the whole program is for. Pure; runs in a worker process under a deadline.

bytes -> tree -> blocks -> judged blocks -> text, markdown -> description -> Article
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Literal

from lxml.html import HtmlElement

from pipelines import fed, sites, sitewide, topics
from pipelines.blocks import Block, blocks_of
from pipelines.boilerplate import cut
from pipelines.describe import describe
from pipelines.embedded import embedded_blocks
from pipelines.facts import facts_of
from pipelines.features import rows
from pipelines.identity import alias, content_hash, url_key
from pipelines.judge import model
from pipelines.kind import kind_of
from pipelines.pagination import next_page, other_version
from pipelines.render import markdown_of, text_of
from pipelines.selectors import narrowed
from pipelines.sketch import sketch
from pipelines.survey import Survey
from pipelines.tree import parse
from pipelines.voices import heard
from pressclip.errors import InputError
from pressclip.models import Article, Cleaned, Page
from pressclip.redaction import published

SPARSE = 25  # units: where no more was found, the text may be in the page's data


def clean(page: Page) -> Article:
    """The article of `page`, described and freed of all that is not the article.

    Raises:
        InputError: the page holds no text at all (``empty``, ``not_html``, ``no_text``).
    """
    return clean_on_site(page, frozenset()).article


def clean_on_site(page: Page, common: AbstractSet[int]) -> Cleaned:
    """The same, without the blocks that its site repeats, and what else the page shows.

    Args:
        page: the page; what its parts add to the text is put after it.
        common: fingerprints of the blocks that are the site's own (pipelines.sitewide).

    Raises:
        InputError: as `clean`.
    """
    tree = parse(page)
    choice = chosen(tree, page)
    blocks, kept = choice.blocks, choice.kept
    kind, reason = ("article", None) if choice.by == "keep" else kind_of(choice.body, blocks, kept)
    if not blocks and kind != "script":
        raise InputError(reason="no_text", message=f"{page.final_url}: no text was found")
    last, going_on = tree, kept
    for part in page.parts:
        last = parse(part)
        going_on = _added(last, part.final_url, kept)
        kept = [*kept, *going_on]
    site = sites.site(page.final_url)
    fingerprints = sitewide.fingerprints(site, kept)
    kept = sitewide.without(kept, site, common)
    text = text_of(kept)
    told = describe(
        tree, url=page.final_url, entry=page.entry, lang=page.lang, text=text, fetched_at=page.fetched_at,
        timezone=page.care.timezone,
    )  # fmt: skip
    found = topics.found(told.title, text, page.care.topics)
    article = Article(
        url=published(page.final_url),
        url_key=url_key(page.final_url),
        title=told.title,
        text=text,
        markdown=markdown_of(kept, page.final_url),
        fetched_at=page.fetched_at,
        content_hash=content_hash(told.title, text),
        canonical_url=told.canonical_url and published(told.canonical_url),
        source=page.source,
        authors=told.authors,
        published_at=told.published_at,
        published_raw=told.published_raw,
        updated_at=told.updated_at,
        updated_raw=told.updated_raw,
        lang=told.lang,
        topics=tuple(dict.fromkeys((*page.topics, *found))),
        tags=told.tags,
        summary=told.summary,
        image_url=told.image_url,
        site_name=told.site_name,
        origins={**told.origins, "text": "feed"} if fed.is_fed(page) else told.origins,
        kind=kind,
        kind_reason=reason,
    )
    address = (page.parts or (page,))[-1].final_url
    return Cleaned(
        article=article,
        fingerprints=replace(
            fingerprints,
            sketch=sketch(article.title, text),
            alias=alias(article.url_key, article.canonical_url),
        ),
        # A part that added nothing shows the same text again, under other comments.
        next_url=next_page(last, address, page.final_url, len(page.parts) + 1) if going_on else None,
        other_url=other_version(tree, page.final_url) if kind != "article" else None,
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """What was taken for the article, and how."""

    body: HtmlElement  # what the selectors left of the page
    blocks: Sequence[Block]
    kept: Sequence[Block]
    by: Literal[
        "keep", "data", "judge"
    ]  # a selector, the text in the page's data, or the judge and the rules


def chosen(tree: HtmlElement, page: Page) -> Choice:
    """The article's blocks: what the source's selectors choose, else what is judged to be it, else the page's data."""
    selecting = page.keep or page.drop
    body, selected = narrowed(tree, keep=page.keep, drop=page.drop) if selecting else (tree, False)
    blocks = blocks_of(body)
    if selected:
        return Choice(body, blocks, blocks, "keep")
    kept = _article_of(body, blocks, page.final_url)
    if sum(block.units for block in kept) < SPARSE and (embedded := embedded_blocks(tree)):
        return Choice(body, embedded, embedded, "data")
    return Choice(body, blocks, kept, "judge")


def _added(tree: HtmlElement, url: str, before: Sequence[Block]) -> list[Block]:
    """The blocks of a further page of an article that the pages before it did not show."""
    known = {block.text for block in before}
    return [block for block in _article_of(tree, blocks_of(tree), url) if block.text not in known]


def _article_of(tree: HtmlElement, blocks: Sequence[Block], url: str) -> list[Block]:
    """The blocks of the article: judged one by one, then put right by rules."""
    if not blocks:
        return []
    survey, probabilities = judged(tree, blocks, url)
    return cut(blocks, probabilities, survey.facts)


def judged(tree: HtmlElement, blocks: Sequence[Block], url: str) -> tuple[Survey, Sequence[float]]:
    """What is known of a page and its blocks, and how likely each block belongs to the article."""
    facts = facts_of(tree, url)
    judge = model()
    survey = Survey(blocks, facts)
    table = rows(survey, judge.names, judge.words)  # one at a time: they take more room than the page
    return survey, heard(tree, url, blocks, [judge.probability(row) if row else 0.0 for row in table])
