"""Where a feed has moved to: what redirects say is adopted only when runs agree, and never blindly."""

import itertools
from collections.abc import Sequence
from urllib.parse import urlsplit

PERMANENT = frozenset((301, 308))
AGREEING = 3  # runs in a row


def target(hops: Sequence[tuple[str, int]], final: str) -> str | None:
    """Name the address that a chain of redirects moves a feed to for good; None: it does not.

    Each hop is the address that was asked and the status it answered; `final` is where the feed was.

    >>> target([("https://a.example/feed", 301), ("https://b.example/feed", 308)], "https://c.example/feed")
    'https://c.example/feed'
    >>> target([("https://a.example/feed", 301), ("https://b.example/feed", 302)], "https://c.example/feed")
    >>> target([("https://a.example/feed", 301)], "http://a.example/feed")
    """
    if not hops or any(status not in PERMANENT for _, status in hops):
        return None
    schemes = [urlsplit(address).scheme for address in (*(address for address, _ in hops), final)]
    if any(pair == ("https", "http") for pair in itertools.pairwise(schemes)):
        return None
    return final


def agree(moving_to: str | None, runs: int, now_to: str | None) -> tuple[str | None, int, str | None]:
    """Count one more run that gave a feed: (where it seems to move, runs that agree, the address to adopt).

    >>> agree(None, 0, "https://b.example/feed"), agree("https://b.example/feed", 2, "https://b.example/feed")
    (('https://b.example/feed', 1, None), (None, 0, 'https://b.example/feed'))
    >>> agree("https://b.example/feed", 2, None)
    (None, 0, None)
    """
    if now_to is None:
        return None, 0, None
    agreed = runs + 1 if now_to == moving_to else 1
    return (None, 0, now_to) if agreed >= AGREEING else (now_to, agreed, None)
