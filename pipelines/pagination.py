"""Articles in several pages and versions: where the next page is, and where to look when this one holds no text.

A link counts only if its address is that of the first page with a page's number in it: `rel=next` alone leads to
the next article as often as to the next page.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from pipelines.describing.links import canonical

MOST = 20  # pages of one article that are put together

_NAMES = frozenset({"page", "p", "pg", "pn", "paged", "pageno", "page_no", "pagenum", "pageindex"})
#: The end of a path with a page's number in it; what stands before is the path of the first page.
_ENDS = (
    re.compile(r"^(?P<stem>.*?)/(?:page|p)?[-_/]?(?P<number>\d{1,2})/?$", re.IGNORECASE),
    re.compile(r"^(?P<stem>.*?)(?:/index|/page)?[-_.]p?(?P<number>\d{1,2})\.[a-z]{3,5}$", re.IGNORECASE),
    re.compile(r"^(?P<stem>.*?)/(?:page|p)?(?P<number>\d{1,2})\.[a-z]{3,5}$", re.IGNORECASE),
)
_SHORT = re.compile(r"[0-9]{1,2}")
_FIRST = re.compile(r"(?:/index|/page1?|/1)?(?:\.[a-z]{3,5})?/?$", re.IGNORECASE)
_versions = etree.XPath(
    "//link[@rel='amphtml']/@href | //link[@rel='alternate'][@media='print']/@href | //a[@rel='print']/@href"
)
_NEXT = re.compile(
    r"^(?:next|continue|次|続き|下一|下页|下頁|다음|weiter|suivant|siguiente|[>»›→])", re.IGNORECASE
)
_NUMBER = re.compile(r"^\D{0,4}(\d{1,2})\D{0,4}$")
_COMMENTS = re.compile(r"comment|disqus|repl(?:y|ies)|コメント|评论|評論|댓글", re.IGNORECASE)


def next_page(tree: HtmlElement, url: str, first: str, number: int) -> str | None:
    """Find the address of the page after this one.

    Args:
        tree: a page of an article.
        url: its address.
        first: the address of the article's first page.
        number: which page of the article it is, from 1.
    """
    wanted = (_stem(first), number + 1)
    shown = re.compile(rf"(?<!\d)0?{number + 1}(?!\d)")
    for element in tree.iter("a", "link"):
        href: str = element.get("href", "")
        if not shown.search(href):  # nearly all: to take an address to pieces takes a hundred times as long
            continue
        try:
            address: str = urldefrag(urljoin(url, href.strip())).url
            if wanted not in _numbered(address):
                continue
        except ValueError:  # no address
            continue
        if _leads_on(element, number + 1):
            return address
    return None


def other_version(tree: HtmlElement, url: str) -> str | None:
    """Find the address of the page's AMP version, else of the one to be printed, on the same site."""
    for link in _versions(tree):
        address = canonical(link, url)
        if address and urldefrag(address).url != urldefrag(url).url:
            return address
    return None


def _leads_on(element: HtmlElement, number: int) -> bool:
    """Whether a link says that it leads to that page, and not to more comments."""
    if "next" in (element.get("rel") or "").lower().split():
        return True
    if element.tag != "a":
        return False
    names = (f"{each.get('class', '')} {each.get('id', '')}" for each in element.iterancestors())
    if any(map(_COMMENTS.search, names)):
        return False
    words = " ".join(element.text_content().split())
    shown = _NUMBER.match(words)
    return bool(_NEXT.match(words)) or (shown is not None and int(shown[1]) == number)


def _stem(first: str) -> str:
    """What the address of an article's first page has in common with those of the others.

    >>> _stem("https://a.example/news/77.html")
    'a.example/news/77?'
    >>> _stem("https://a.example/news/77/?page=1&lang=ja")
    'a.example/news/77?lang=ja'
    """
    parts = urlsplit(first)
    stem, query = _FIRST.sub("", parts.path), _query(parts.query)
    kept = urlencode([pair for pair in query if not (pair[0].lower() in _NAMES and pair[1] in {"0", "1"})])
    return f"{parts.netloc.lower()}{stem}?{kept}"


def _numbered(address: str) -> Iterator[tuple[str, int]]:
    """Each way to read an address as that of a page: what is left without its number, and the number.

    >>> list(_numbered("https://a.example/news/77_2.html"))
    [('a.example/news/77?', 2)]
    >>> list(_numbered("https://a.example/news/story?page=3"))
    [('a.example/news/story?', 3)]
    >>> list(_numbered("https://a.example/news/77/2/"))
    [('a.example/news/77?', 2)]
    """
    parts = urlsplit(address)
    host, query = parts.netloc.lower(), _query(parts.query)
    for pair in query:
        if pair[0].lower() in _NAMES and _SHORT.fullmatch(pair[1]):
            rest = urlencode([other for other in query if other != pair])
            yield f"{host}{_FIRST.sub('', parts.path)}?{rest}", int(pair[1])
    for end in _ENDS:
        if found := end.match(parts.path):
            yield f"{host}{found['stem']}?{urlencode(query)}", int(found["number"])


def _query(text: str) -> list[tuple[str, str]]:
    return parse_qsl(text, keep_blank_values=True)
