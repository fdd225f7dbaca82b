"""Which of a site's offers are taken: the obvious one, those that flags name, or those that a person picks."""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from pressclip.cli.asking import asked
from pressclip.cli.terminal import safe
from pressclip.errors import UsageError
from pressclip.redaction import redacted

if TYPE_CHECKING:
    from spiders.finder import Choose
    from spiders.reading.discovery import Offer

_DIALECT = re.compile(r"\b(?:rss|atom|json|rdf|feeds?|xml)\b|[\d.()»«›|–-]", re.IGNORECASE)
_WITNESSES = {
    "declared": "declared by the page",
    "linked": "linked on the page",
    "robots": "named by robots.txt",
    "guessed": "found at a usual path",
    "itself": "the address itself",
}


def obvious(offers: "Sequence[Offer]") -> "Sequence[Offer]":
    """Take what needs no question: the only offer, the only feed of articles, or one feed in several dialects.

    >>> from spiders.reading.discovery import Offer
    >>> def feed(title, url, **more):
    ...     return Offer(kind="feed", witness="declared", title=title, url=url, **more)
    >>> [one.url for one in obvious([feed("A RSS", "rss"), feed("A Atom", "atom")])]
    ['rss']
    >>> [one.url for one in obvious([feed("A", "a"), feed("A: comments", "c", is_comments=True)])]
    ['a']
    >>> obvious([feed("A", "a"), feed("B", "b")])
    []
    """
    feeds = [one for one in offers if one.witness == "declared" and not one.is_comments]
    titles = {" ".join(_DIALECT.sub(" ", one.title or "").split()).casefold() for one in feeds}
    if len(offers) == 1 or len(titles) == 1:
        return (feeds or offers)[:1]
    return []


def chooser(*, picked: tuple[int, ...], everything: bool, ask: bool, known: Mapping[str, str]) -> "Choose":
    """Make the function that chooses: by flags, else what is obvious, else by asking or not at all.

    What is `known` (addresses, and the names of their sources) is not chosen again.
    """

    async def choose(url: str, offers: "Sequence[Offer]") -> "Sequence[Offer]":
        chosen = await chosen_of(url, offers)
        fresh = [one for one in chosen if one.url not in known]
        if chosen and not fresh:
            there = ", ".join(f'{one.url} ("{known[one.url]}")' for one in chosen)
            raise UsageError(f"what {url} leads to is there already: {there}")
        return fresh

    async def chosen_of(url: str, offers: "Sequence[Offer]") -> "Sequence[Offer]":
        if picked:
            return _numbered(picked, offers)
        if everything:
            return [one for one in offers if one.kind == "feed" and not one.is_comments] or offers[:1]
        if found := obvious(offers):
            return found
        click.echo(safe(redacted(f"{url} offers:")), err=True)
        for number, offer in enumerate(offers, 1):
            click.echo(safe(redacted(f"  {number:>2}  {_line(offer)}")), err=True)
        if not ask:
            raise UsageError(f"{url} offers more than one thing to read: choose with --pick NUMBER, or --all")
        return await _answered(offers)

    return choose


async def _answered(offers: "Sequence[Offer]") -> "Sequence[Offer]":
    """Ask until the answer is one.

    Raises:
        UsageError: nothing was chosen.
    """
    while True:
        answer = (await asked("Which? Numbers, all, or none", "1")).lower()
        if answer in {"none", "n", "q", "0"}:
            raise UsageError("nothing chosen; nothing was changed")
        if answer in {"all", "a"}:
            return offers
        try:
            return _numbered([int(word) for word in re.split(r"[\s,]+", answer)], offers)
        except (ValueError, UsageError):
            click.echo(f"a number from 1 to {len(offers)}, please, or several: 1,2", err=True)


def _numbered(numbers: Sequence[int], offers: "Sequence[Offer]") -> "Sequence[Offer]":
    wrong = [number for number in numbers if not 1 <= number <= len(offers)]
    if wrong:
        raise UsageError(f"there is no number {wrong[0]}: {len(offers)} are offered")
    return [offers[number - 1] for number in dict.fromkeys(numbers)]


def _line(offer: "Offer") -> str:
    what = "comments" if offer.is_comments else offer.format or offer.kind
    return f"{offer.title or '(no title)'}  [{what}, {_WITNESSES[offer.witness]}]  {offer.url}"
