"""What a page says of itself in its head and data: evidence for judging."""

import json
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import html

from pipelines.cues import bare
from pipelines.lines import words

_BODY = re.compile(r'"articleBody"\s*:\s*("(?:[^"\\]|\\.)*")', re.DOTALL)
_MARKUP = re.compile(r"<[^<>]{1,200}>")


@dataclass(frozen=True, slots=True)
class Facts:
    """Texts are folded to letters and digits (`cues.bare`), so that two writings of a line are equal."""

    host: str
    titles: tuple[frozenset[str], ...]  # words of each title the page gives itself
    bare_titles: frozenset[str]
    description: str  # all descriptions in one string
    body: str  # the articleBody of its JSON-LD


def facts_of(tree: html.HtmlElement, url: str) -> Facts:
    """The facts of a page.

    >>> page = html.fromstring(
    ...     "<html><head><title>One - Site</title><meta name=description content=Lead></head>"
    ... )
    >>> facts = facts_of(page, "https://site.example/1")
    >>> sorted(facts.bare_titles), facts.description
    (['onesite'], 'lead')
    """
    titles: list[str] = []
    descriptions: list[str] = []
    for meta in tree.iter("meta"):
        key = (meta.get("property") or meta.get("name") or "").lower()
        if key in {"og:title", "twitter:title"}:
            titles.append(meta.get("content") or "")
        elif key in {"description", "og:description"}:
            descriptions.append(meta.get("content") or "")
    titles += [title.text or "" for title in tree.iter("title")][:1]
    titles = [title for title in titles if title.strip()]
    return Facts(
        host=urlsplit(url).netloc,
        titles=tuple(frozenset(words(title)) for title in titles),
        bare_titles=frozenset(map(bare, titles)),
        description=bare(" ".join(descriptions)),
        body=bare(" ".join(_bodies(tree))),
    )


def _bodies(tree: html.HtmlElement) -> list[str]:
    found = []
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "") or "articleBody" not in (script.text or ""):
            continue
        for literal in _BODY.findall(script.text or ""):
            try:
                found.append(_MARKUP.sub(" ", json.loads(literal, strict=False)))
            except ValueError:
                continue
    return found
