"""A page's site, and what makes a repetition the site's own: what a run knows of it without reading a page."""

import math
from urllib.parse import urlsplit

#: Stories in which a block must have stood, at the least.
FEWEST = 3


def site(url: str) -> str:
    """The host that a page's repetitions are counted for.

    >>> site("https://www.a.example:8080/news/1"), site("not an address")
    ('a.example', '')
    """
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def enough(articles: int) -> int:
    """In how many stories a block must have stood to be the site's own, on a host with so many articles.

    The root grows slower than the habits of a site and faster than what a running story says again.

    >>> [enough(articles) for articles in (1, 9, 20, 100, 10_000)]
    [3, 3, 5, 10, 100]
    """
    return max(FEWEST, math.ceil(math.sqrt(articles)))
