"""Story -> page: five structures that news sites have, the furniture around the text and in its midst.

A page is made of pieces, and each piece knows whether it belongs to the article: so the truth is known.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from pressclip.demo import furniture
from pressclip.demo.furniture import Link, Words
from pressclip.demo.story import Block, Story, cells


class Piece(NamedTuple):
    """A part of a page's HTML."""

    html: str
    is_furniture: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a page needs besides its story."""

    base: str  # address of the site, without a slash at its end
    words: Words
    url: str  # of the page
    image_url: str
    others: Sequence[Link]  # other stories: five at least


def build(story: Story, around: Surroundings) -> tuple[Piece, ...]:
    """Return the pieces of a story's page, in order."""
    layout = {
        "broadsheet": _broadsheet,
        "soup": _soup,
        "breaks": _breaks,
        "cards": _cards,
        "blog": _blog,
    }[story.layout]
    return (Piece(_head(story, around)), *layout(story, around), Piece("</body></html>\n"))


def encode(story: Story, pieces: Iterable[Piece]) -> bytes:
    """Return the bytes of a page; what its encoding lacks becomes a character reference."""
    codec = {"shift_jis": "cp932", "euc-kr": "euc_kr"}.get(story.encoding, story.encoding)
    return "".join(piece.html for piece in pieces).encode(codec, "xmlcharrefreplace")


def _head(story: Story, around: Surroundings) -> str:
    lines = [
        f'<meta charset="{story.encoding}">',
        f"<title>{escape(story.title)} | {escape(around.words.site)}</title>",
    ]
    if story.description != "none":
        lines += [
            f'<link rel="canonical" href="{escape(around.url)}">',
            _meta("name", "description", story.summary),
            _meta("property", "og:title", story.title),
            _meta("property", "og:site_name", around.words.site),
            _meta("property", "og:image", around.image_url),
        ]
    if story.description == "meta":
        lines += [
            *(_meta("name", "author", author) for author in story.authors),
            _meta("name", "keywords", ",".join(story.tags)),
            _meta("property", "og:type", "article"),
            _meta("property", "article:published_time", story.published.isoformat()),
        ]
        if story.updated:
            lines.append(_meta("property", "article:modified_time", story.updated.isoformat()))
    if story.description == "json-ld":
        lines.append(f'<script type="application/ld+json">{_json_ld(story, around)}</script>')
    lang = "" if story.description == "none" else f' lang="{story.lang}"'
    return f"<!DOCTYPE html>\n<html{lang}>\n<head>\n" + "\n".join(lines) + "\n</head>\n<body>\n"


def _meta(kind: str, name: str, content: str) -> str:
    return f'<meta {kind}="{name}" content="{escape(content)}">'


def _json_ld(story: Story, around: Surroundings) -> str:
    described: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "description": story.summary,
        "inLanguage": story.lang,
        "datePublished": story.published.isoformat(),
        "author": [{"@type": "Person", "name": author} for author in story.authors],
        "publisher": {"@type": "Organization", "name": around.words.site},
        "image": [around.image_url],
        "keywords": list(story.tags),
        "mainEntityOfPage": around.url,
    }
    if story.updated:
        described["dateModified"] = story.updated.isoformat()
    return json.dumps(described, ensure_ascii=False).replace("</", "<\\/")


def _broadsheet(story: Story, around: Surroundings) -> Iterator[Piece]:
    """Today's markup: header, main, article, section, aside, footer."""
    say, others = around.words, around.others
    yield Piece(
        furniture.cookie_banner(say) + f"<header>{furniture.masthead(say)}</header>", is_furniture=True
    )
    yield Piece('<main id="main">')
    yield Piece(furniture.breadcrumb(story, say), is_furniture=True)
    yield Piece(f"<article>\n<header><h1>{escape(story.title)}</h1></header>")
    yield Piece(furniture.byline(story, say) + furniture.share(say), is_furniture=True)
    yield Piece("<section>")
    for piece in _body(story, furniture.inset(say, others[0])):
        yield Piece("</section>\n<section>") if piece.html.startswith("<h2>") else Piece("")
        yield piece
    yield Piece("</section>\n")
    below = (
        furniture.related(say, others[:4], story.related),
        furniture.disclaimer(say),
        furniture.tags(story, say),
    )
    yield Piece("".join(below), is_furniture=True)
    yield Piece("</article>\n")
    yield Piece(
        furniture.biography(story, say)
        + furniture.newsletter(say)
        + furniture.neighbours(say, others[1], others[2])
        + furniture.comments(say),
        is_furniture=True,
    )
    yield Piece("</main>")
    yield Piece(
        furniture.popular(say, others) + f"<footer>{furniture.footer(say)}</footer>", is_furniture=True
    )


def _soup(story: Story, around: Surroundings) -> Iterator[Piece]:
    """Nothing but div: notice and list of other stories are siblings of the text's own paragraphs."""
    say, others = around.words, around.others
    yield Piece(f'<div class="c-top">{furniture.masthead(say)}</div>', is_furniture=True)
    yield Piece('<div class="l-wrap"><div class="l-main">')
    yield Piece(furniture.breadcrumb(story, say), is_furniture=True)
    yield Piece(f'<div class="ttl"><h1>{escape(story.title)}</h1></div>')
    yield Piece(furniture.share(say), is_furniture=True)
    yield Piece('<div class="txt">\n')
    yield Piece(furniture.byline(story, say), is_furniture=True)
    yield from _body(story, furniture.inset(say, others[0]))
    below = furniture.disclaimer(say), furniture.related(say, others[:4], story.related)
    yield Piece("".join(below), is_furniture=True)
    yield Piece("</div>\n")
    yield Piece(
        furniture.tags(story, say)
        + furniture.biography(story, say)
        + furniture.neighbours(say, others[1], others[2])
        + furniture.newsletter(say),
        is_furniture=True,
    )
    yield Piece("</div>")
    yield Piece(furniture.popular(say, others), is_furniture=True)
    yield Piece("</div>")
    yield Piece(f'<div class="c-btm">{furniture.footer(say)}</div>', is_furniture=True)
    yield Piece(furniture.cookie_banner(say), is_furniture=True)


def _breaks(story: Story, around: Surroundings) -> Iterator[Piece]:
    """Twenty years old: a table for the columns, and text divided by line breaks."""
    say, others = around.words, around.others
    yield Piece(
        f'<table width="100%"><tr><td colspan="2">{furniture.masthead(say)}</td></tr>', is_furniture=True
    )
    yield Piece(f'<tr valign="top"><td width="180">{furniture.popular(say, others)}</td>', is_furniture=True)
    yield Piece(f'<td>\n<font size="5"><b>{escape(story.title)}</b></font><br>\n')
    yield Piece(furniture.byline(story, say), is_furniture=True)
    for block in story.blocks:
        text = escape(block.lines[0])
        yield Piece({"h2": f"<b>{text}</b>", "quote": f"<i>{text}</i>"}.get(block.kind, text) + "<br><br>\n")
    below = furniture.disclaimer(say), furniture.related(say, others[:4], story.related)
    yield Piece("".join(below) + "<br>" + furniture.neighbours(say, others[1], others[2]), is_furniture=True)
    yield Piece("</td></tr>")
    yield Piece(f'<tr><td colspan="2">{furniture.footer(say)}</td></tr></table>', is_furniture=True)


def _cards(story: Story, around: Surroundings) -> Iterator[Piece]:
    """An article with articles in it."""
    say, others = around.words, around.others
    yield Piece(f"<header>{furniture.masthead(say)}</header>", is_furniture=True)
    yield Piece('<div id="main"><article class="story">')
    yield Piece(f'<span class="kicker">{escape(furniture.topic(story, say))}</span>', is_furniture=True)
    yield Piece(f"<h1>{escape(story.title)}</h1>")
    yield Piece(furniture.byline(story, say) + furniture.share(say), is_furniture=True)
    yield Piece('<div class="story__body">\n')
    yield from _body(story, furniture.newsletter(say))
    yield Piece("</div>\n")
    yield Piece(
        furniture.related(say, others[:4], story.related) + furniture.tags(story, say), is_furniture=True
    )
    yield Piece("</article></div>")
    yield Piece(furniture.comments(say) + f"<footer>{furniture.footer(say)}</footer>", is_furniture=True)
    yield Piece(furniture.cookie_banner(say), is_furniture=True)


def _blog(story: Story, around: Surroundings) -> Iterator[Piece]:
    """A blog's theme: all that follows the text stands in the same element as the text."""
    say, others = around.words, around.others
    yield Piece(f'<div id="page"><div class="site-header">{furniture.masthead(say)}</div>', is_furniture=True)
    yield Piece('<div id="main"><div class="post hentry">')
    yield Piece(f'<h1 class="entry-title">{escape(story.title)}</h1>')
    yield Piece(f'<div class="entry-meta">{furniture.byline(story, say)}</div>', is_furniture=True)
    yield Piece('<div class="entry-content">\n')
    yield from _body(story, furniture.inset(say, others[0]))
    yield Piece(
        furniture.related(say, others[:4], story.related)
        + furniture.disclaimer(say)
        + furniture.share(say)
        + furniture.biography(story, say),
        is_furniture=True,
    )
    yield Piece("</div>\n")
    yield Piece(
        furniture.tags(story, say) + furniture.neighbours(say, others[1], others[2]), is_furniture=True
    )
    yield Piece("</div></div>")
    yield Piece(furniture.comments(say) + furniture.newsletter(say), is_furniture=True)
    yield Piece(f'<div class="site-footer">{furniture.footer(say)}</div></div>', is_furniture=True)


def _body(story: Story, inset: str) -> Iterator[Piece]:
    """Yield the text, with a box of something else after its second block."""
    for number, block in enumerate(story.blocks):
        yield Piece(_block(block) + "\n", is_furniture=block.kind == "figure")
        if number == 1:
            yield Piece(inset, is_furniture=True)


def _block(block: Block) -> str:
    lines = [escape(line) for line in block.lines]
    match block.kind:
        case "ul" | "ol":
            return furniture.items(lines, block.kind)
        case "quote":
            return f"<blockquote><p>{lines[0]}</p></blockquote>"
        case "table":
            head, *rows = (cells(row) for row in lines)
            made = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
            return f"<table><tr>{''.join(f'<th>{cell}</th>' for cell in head)}</tr>{made}</table>"
        case "figure":
            image = f'<img src="/images/{lines[0]}.svg" alt="">'
            return f"<figure>{image}<figcaption>{lines[1]}</figcaption></figure>"
        case _:
            return f"<{block.kind}>{lines[0]}</{block.kind}>"
