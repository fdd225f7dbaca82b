"""Links that an answer's header names (RFC 8288): WebSub's hub, and the address by which the hub knows the feed."""

import re
from contextlib import suppress
from urllib.parse import urljoin, urlsplit

_LINK = re.compile(
    r"<([^<>]{1,2000})>((?:\s*;\s*[\w*-]{1,40}(?:\s*=\s*(?:\"[^\"]{0,400}\"|[^\s\",;]{0,400}))?){0,20})"
)
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s\",;]+))", re.IGNORECASE)


def target(header: str | None, rel: str, base: str) -> str | None:
    """Give the target of the first link of a relation, an absolute http(s) address; None: there is none.

    >>> said = '<https://hub.example/>; rel="hub", <https://a.example/feed>; rel=self'
    >>> here = "https://a.example/feed"
    >>> target(said, "hub", here), target(said, "self", here), target(said, "next", here)
    ('https://hub.example/', 'https://a.example/feed', None)
    >>> target("<javascript:alert(1)>; rel=hub", "hub", here), target("<http://[>; rel=hub", "hub", here)
    (None, None)
    """
    for found in _LINK.finditer((header or "")[:20_000]):
        named = _REL.search(found[2])
        if named and rel in (named[1] or named[2]).lower().split():
            with suppress(ValueError):
                url = urljoin(base, found[1])
                return url if urlsplit(url).scheme in {"http", "https"} else None
    return None
