"""Headers of Scrapy's requests and answers, as text."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy.http import Headers


def as_text(headers: "Headers") -> dict[str, str]:
    """Give headers by their names in lower case; bytes beyond ASCII are kept as Latin-1 says them.

    >>> from scrapy.http import Headers
    >>> as_text(Headers({"ETag": 'W/"1"', "Cache-Control": ["no-cache", "max-age=5"]}))
    {'etag': 'W/"1"', 'cache-control': 'no-cache, max-age=5'}
    """
    return {
        name.decode("latin-1").lower(): ", ".join(value.decode("latin-1") for value in values)
        for name, values in headers.items()
    }
