"""All that stands around an article: menus, boxes, lists and notices, as HTML. Their words are in furniture.toml."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

import msgspec

from pressclip.demo.story import RelatedForm, Story

Link = tuple[str, str]  # text, address


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The furniture's words in one language."""

    site: str
    tagline: str
    skip: str
    menu: tuple[str, ...]
    search: str
    crypto: str
    ai: str
    byline: str
    joiner: str
    date: str
    published: str
    updated: str
    reading: str
    share: tuple[str, ...]
    cookie: str
    cookie_buttons: tuple[str, ...]
    newsletter: str
    newsletter_text: str
    newsletter_button: str
    inset: str
    related: str
    teasers: tuple[str, ...]
    disclaimer: str
    disclaimer_text: str
    tags: str
    previous: str
    next: str
    popular: str
    comments: str
    commenters: tuple[str, ...]
    remarks: tuple[str, ...]
    comment_form: str
    bio: str
    footer: tuple[str, ...]
    rights: str


@cache
def words() -> dict[str, Words]:
    """Return the words by language."""
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return msgspec.convert(table, dict[str, Words])


def anchors(links: Iterable[Link], between: str = "\n") -> str:
    """Return links, one after the other."""
    return between.join(f'<a href="{escape(url)}">{escape(text)}</a>' for text, url in links)


def items(inner: Iterable[str], kind: str = "ul", name: str = "list") -> str:
    """Return a list of pieces of HTML."""
    return f'<{kind} class="{name}">' + "".join(f"<li>{each}</li>" for each in inner) + f"</{kind}>"


def cookie_banner(say: Words) -> str:
    """Return the notice that covers the page at first."""
    buttons = "".join(f"<button>{escape(text)}</button>" for text in say.cookie_buttons)
    return f'<div id="cookie-consent" role="dialog"><p>{escape(say.cookie)}</p>{buttons}</div>'


def masthead(say: Words) -> str:
    """Return the name of the site, its menu and its search box."""
    menu = items((anchors([(text, f"/?menu={at}")]) for at, text in enumerate(say.menu)), name="gnav")
    return (
        f'<a class="skip" href="#main">{escape(say.skip)}</a><div class="logo">{anchors([(say.site, "/")])}</div>'
        f'<p class="tagline">{escape(say.tagline)}</p><nav>{menu}</nav>'
        f'<form action="/search"><label>{escape(say.search)}</label><input name="q"></form>'
    )


def breadcrumb(story: Story, say: Words) -> str:
    """Return the path from the front page to the story."""
    trail = [(say.menu[0], "/"), (topic(story, say), f"/?topic={story.topic}")]
    return f'<div class="breadcrumb">{anchors(trail, " &gt; ")} &gt; <span>{escape(story.title)}</span></div>'


def topic(story: Story, say: Words) -> str:
    """Return the story's topic in its language."""
    return say.crypto if story.topic == "crypto" else say.ai


def byline(story: Story, say: Words) -> str:
    """Return who wrote it and when."""
    authors = say.byline.format(authors=say.joiner.join(story.authors))
    times = [say.published.format(date=say.date.format(d=story.published))]
    if story.updated:
        times.append(say.updated.format(date=say.date.format(d=story.updated)))
    stamps = "".join(f'<span class="time">{escape(time)}</span> ' for time in times)
    return f'<p class="byline"><span class="name">{escape(authors)}</span></p><p class="dates">{stamps}</p>'


def share(say: Words) -> str:
    """Return the buttons with which a story is passed on, and its reading time."""
    label, *buttons = say.share
    made = items((f'<button class="share">{escape(text)}</button>' for text in buttons), name="sns")
    return (
        f'<div class="share-box"><span>{escape(label)}</span>{made}<span>{escape(say.reading)}</span></div>'
    )


def newsletter(say: Words) -> str:
    """Return the box that asks for a mail address."""
    return (
        f'<div class="newsletter"><h3>{escape(say.newsletter)}</h3><p>{escape(say.newsletter_text)}</p>'
        f"<form><input type=email><button>{escape(say.newsletter_button)}</button></form></div>"
    )


def inset(say: Words, link: Link) -> str:
    """Return the line in the midst of the text that leads to another story."""
    return f'<div class="inset"><p>{escape(say.inset)} {anchors([link])}</p></div>'


def related(say: Words, links: Sequence[Link], form: RelatedForm) -> str:
    """Return the list of other stories, with links or as plain lines."""
    heading = escape(say.related)
    titles = [escape(text) for text, _ in links]
    match form:
        case "links":
            return (
                f'<section class="rel"><h3>{heading}</h3>{items(anchors([link]) for link in links)}</section>'
            )
        case "paragraphs":
            return f"<p>{heading}</p>" + "".join(f"<p>{title}</p>" for title in titles)
        case "breaks":
            return f"<br>{heading}<br>" + "".join(f"・{title}<br>" for title in titles)
        case "items":
            return f"<h3>{heading}</h3>{items(titles)}"
        case "cards":
            cards = (
                f'<article class="card"><img src="/images/card.svg" alt=""><h3>{anchors([link])}</h3>'
                f"<p>{escape(say.reading)}</p></article>"
                for link in links
            )
            return f'<div class="cards"><h2>{heading}</h2>{"".join(cards)}</div>'


def disclaimer(say: Words) -> str:
    """Return the notice that nobody is to blame."""
    return f"<p><strong>{escape(say.disclaimer)}</strong></p><p>{escape(say.disclaimer_text)}</p>"


def tags(story: Story, say: Words) -> str:
    """Return the story's keywords."""
    links = items((anchors([(tag, f"/?tag={at}")]) for at, tag in enumerate(story.tags)), name="tags")
    return f'<div class="taglist"><span>{escape(say.tags)}</span>{links}</div>'


def neighbours(say: Words, before: Link, after: Link) -> str:
    """Return the ways to the previous and the next story."""
    return (
        f'<div class="pager"><div><span>{escape(say.previous)}</span>{anchors([before])}</div>'
        f"<div><span>{escape(say.next)}</span>{anchors([after])}</div></div>"
    )


def popular(say: Words, links: Sequence[Link]) -> str:
    """Return the list of what others read."""
    ranking = items((anchors([link]) for link in links), "ol", "ranking")
    return f'<aside class="side"><h2>{escape(say.popular)}</h2>{ranking}</aside>'


def comments(say: Words) -> str:
    """Return what readers wrote below the story."""
    said = (
        f'<div class="comment"><span class="who">{escape(who)}</span><p>{escape(what)}</p></div>'
        for who, what in zip(say.commenters, say.remarks, strict=True)
    )
    form = f'<p class="login">{escape(say.comment_form)}</p>'
    return f'<div id="comments"><h3>{escape(say.comments)}</h3>{"".join(said)}{form}</div>'


def biography(story: Story, say: Words) -> str:
    """Return who the author is."""
    text = escape(say.bio.format(author=story.authors[0]))
    return f'<div class="author-box"><img src="/images/author.svg" alt=""><p>{text}</p></div>'


def footer(say: Words) -> str:
    """Return the end of the page."""
    links = items(anchors([(text, f"/?about={at}")]) for at, text in enumerate(say.footer))
    return f"{links}<p><small>{escape(say.rights)}</small></p>"
