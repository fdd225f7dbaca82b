"""What goes along with a source's requests: its headers, cookies and password, its proxy, its leave to skip TLS checks.

What may be secret goes to the source's own hosts only: that of its address, that of its homepage, and hosts below
them. An article elsewhere, or an unencrypted one of an encrypted source, is asked for without.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from pressclip.models import Source


@dataclass(frozen=True, slots=True)
class Belongings:
    """Headers and meta of a request."""

    headers: Mapping[str, str] = field(default_factory=dict)
    meta: Mapping[str, Any] = field(default_factory=dict)


def of(source: Source | None, url: str) -> Belongings:
    """Give what a request of a source to an address carries.

    >>> source = Source(name="a", kind="feed", url="https://a.example/feed", auth="me:pw", insecure=True)
    >>> of(source, "https://news.a.example/1").headers
    {'Authorization': 'Basic bWU6cHc='}
    >>> of(source, "https://b.example/1"), of(source, "http://a.example/1").headers
    (Belongings(headers={}, meta={'source_headers': ()}), {})
    """
    if source is None:
        return Belongings()
    headers = _secret(source) if is_own(source, url) else {}
    meta: dict[str, Any] = {"source_headers": tuple(headers)}
    if source.insecure and is_own(source, url):
        meta["insecure"] = True
    if source.proxy:
        address, password = proxy(source.proxy)
        meta["proxy"] = address
        headers |= {"Proxy-Authorization": password} if password else {}
    return Belongings(headers, meta)


def is_own(source: Source, url: str) -> bool:
    """Whether an address belongs to a source's site, and is as safe on the way as the source's own.

    >>> source = Source(
    ...     name="a", kind="feed", url="https://feeds.a.example/", homepage="https://www.a.example/"
    ... )
    >>> is_own(source, "https://a.example/1"), is_own(source, "https://nota.example/1")
    (True, False)
    """
    if url.startswith("http://") and source.url.startswith("https://"):
        return False
    asked = _place(url)
    homes = [_place(home) for home in (source.url, source.homepage) if home]
    return asked is not None and any(
        home and asked.port == home.port and _below(asked.host, home.host.removeprefix("www."))
        for home in homes
    )


def proxy(address: str) -> tuple[str, str | None]:
    """Split a proxy's address into one without a password, and the header that says it.

    >>> proxy("http://me:p%40w@proxy.example:3128")
    ('http://proxy.example:3128', 'Basic bWU6cEB3')
    """
    parts = urlsplit(address)
    plain = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    if parts.username is None:
        return plain, None
    return plain, _basic(f"{unquote(parts.username)}:{unquote(parts.password or '')}")


def _secret(source: Source) -> dict[str, str]:
    headers = dict(source.headers)
    if source.cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in source.cookies)
    if source.auth:
        headers["Authorization"] = _basic(source.auth)
    return headers


def _basic(pair: str) -> str:
    return "Basic " + base64.b64encode(pair.encode()).decode()


class _Place(NamedTuple):
    host: str
    port: int | None


def _place(url: str) -> _Place | None:
    """Say where an address leads; None: nowhere (a port beyond all ports, a bracket that is never closed)."""
    try:
        parts = urlsplit(url)
        return _Place(parts.hostname.rstrip("."), parts.port) if parts.hostname else None
    except ValueError:
        return None


def _below(host: str, home: str) -> bool:
    return host == home or host.endswith(f".{home}")
