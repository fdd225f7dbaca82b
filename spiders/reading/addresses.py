"""What the addresses of a site tell by their form: whose they are, how new, of which pattern, whether they only list."""

import re
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from pipelines.describing.datelines import in_url

if TYPE_CHECKING:
    from tldextract import TLDExtract

#: Parts of a path below which a site lists, logs in or sells, in the words that addresses are made of everywhere.
_LISTING = (
    "tag tags topic topics category categories cat author authors writer writers reporter journalist profile profiles"
    " user users member members page archive archives search about about-us contact contact-us login signin sign-in"
    " signup register subscribe newsletter newsletters account mypage privacy privacy-policy terms legal cookie-policy"
    " sitemap rss feed feeds help faq advertise ads careers jobs shop store cart wp-login.php latest recent newest ranking"
)
_LISTS = frozenset(_LISTING.split())
#: Below these a number names a person, a label or a series, too; only a headline names an article.
_LABEL_WORDS = (
    "tag tags category categories cat author authors writer writers reporter journalist profile profiles user users"
    " member members dossier dossiers thema themen keyword keywords"
)
_LABELS = frozenset(_LABEL_WORDS.split())
#: Last parts that are never an article: what `_LISTS` has too, but as a file.
_INDEX = re.compile(r"(?:index|default|list|home|main|top)(?:[_-]?\d{1,4})?(?:\.\w{2,5})?", re.IGNORECASE)
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|pdf|docx?|xlsx?|pptx?|zip|gz|rar|exe|dmg|apk|mp[34]|m4[av]|mov|avi|webm"
    r"|wav|ogg|css|js|json|xml|rss|atom|ics|epub)$",
    re.IGNORECASE,
)
#: Parts below which nothing is an article, whatever its own name: searches, pictures of articles, their comments.
_BESIDE = re.compile(
    r"search[a-z_-]*|keywords?|img|images?|(?:article|content|news)?[_-]?comments?(?:[_,-]?\d.*)?|login[a-z_-]*"
    r"|send_?mail|sendlink|redirect|goto"
)
#: A year, a month, a day, and nothing below.
_ARCHIVE = re.compile(
    r"(?:\w+/)?(?:19|20)\d\d(?:/\d{1,2}){0,2}|(?:.+/)?(?:19|20)\d\d-?(?:0[1-9]|1[0-2])(?:\.\w{3,5})?"
)
_HEADLINE = 3  # dashes between the words of one
_ADDRESS = re.compile(r"[\d.]+|[\da-f:.]*:[\da-f:.]*", re.IGNORECASE)
_NUMBER = re.compile(r"\d{4,18}")
_SLUG = re.compile(r"[^\W_]+(?:[-_][^\W_]+){2,}")
_WORD = re.compile(r"[a-z]{1,16}|[a-z]{1,12}[-_][a-z]{1,12}", re.IGNORECASE)
_EXTENSION = re.compile(r"\.(?:s?html?|php|aspx?|jsp|do|cms)$", re.IGNORECASE)


@cache
def _suffixes() -> "TLDExtract":
    """The list of public suffixes that comes with tldextract: nothing is asked for."""
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


@cache
def _owner(host: str) -> str:
    """The domain that somebody registered, or the host where there is none (an address, a local name)."""
    found = _suffixes().extract_str(host)
    if not found.suffix and not _ADDRESS.fullmatch(host):
        return ".".join(host.split(".")[-2:])  # of a network's own names, such as `news.intra.corp`
    return found.top_domain_under_public_suffix or host


def same_site(url: str, home: str) -> bool:
    """Whether two addresses belong to one owner: the same registered domain.

    >>> same_site("https://news.example.co.jp/1", "https://www.example.co.jp/")
    True
    >>> (
    ...     same_site("https://one.co.jp/1", "https://two.co.jp/"),
    ...     same_site("http://127.0.0.2/", "http://127.0.0.1/"),
    ... )
    (False, False)
    """
    one, other = (urlsplit(address).hostname or "" for address in (url, home))
    return one == other or _owner(one) == _owner(other)


def recency(url: str) -> tuple[str, int]:
    """Order addresses without dates by what stands in them: the day, then the highest long number.

    >>> recency("https://a.example/2026/11/22/x") > recency("https://a.example/news/99812")
    True
    >>> recency("https://a.example/news/10001") > recency("https://a.example/news/9999")
    True
    """
    # Cut by hand: it need not be an address at all.
    numbers = _NUMBER.findall(url.partition("//")[2].partition("/")[2].partition("#")[0])
    return in_url(url), max(map(int, numbers), default=0)


def is_listing(url: str) -> bool:
    """Whether an address is that of a front page, a list, a form or a file: no article's, whatever links to it.

    >>> [
    ...     is_listing(f"https://a.example/{path}")
    ...     for path in ("", "tag/bitcoin", "news/", "paper.pdf", "news?page=2")
    ... ]
    [True, True, False, True, True]
    >>> is_listing("https://a.example/news/2026/tags-are-back"), is_listing("https://a.example/index.html")
    (False, True)
    """
    parts = urlsplit(url)
    steps = [step for step in unquote(parts.path).lower().split("/") if step]
    query = dict(parse_qsl(parts.query))
    if not steps:
        return not _article_number(query)
    if _ARCHIVE.fullmatch("/".join(steps)) or any(
        _BESIDE.fullmatch(_EXTENSION.sub("", step)) for step in steps
    ):
        return True
    last = steps[-1]
    if _FILE.search(last) or ("page" in query and not _article_number(query)):
        return True
    if _INDEX.fullmatch(last) and not _article_number(query):
        return len(steps) == 1 or not _telling(steps[-2])  # some articles are folders
    if not _LABELS.isdisjoint(steps[:-1]) and last.count("-") + last.count("_") < _HEADLINE:
        return True
    # A list has its name, and what it lists, at its end; an article may stand deeper below one.
    return _EXTENSION.sub("", last) in _LISTS or (
        len(steps) > 1 and steps[-2] in _LISTS and not _telling(last)
    )


def pattern(url: str) -> str:
    """The pattern of an address: what its articles have in common. Words stay, numbers and headlines don't.

    >>> pattern("https://www.a.example/markets/2026/11/22/bitcoin-rises-again.html")
    'a.example/markets/0/0/0/a-b.html'
    >>> pattern("https://a.example/article.php?id=18&lang=ja")
    'a.example/article.php?id=&lang='
    """
    parts = urlsplit(url)
    *above, last = [step for step in unquote(parts.path).split("/") if step] or [""]
    # A lone word may be a section or an article; below others it is one of many, as a number is.
    last = "a" if above and _WORD.fullmatch(last) else _step(last)
    steps = [*map(_step, above), *([last] if last else [])]
    names = "&".join(f"{name}=" for name in sorted(name for name, _ in parse_qsl(parts.query)))
    host = (parts.hostname or "").removeprefix("www.")
    return "/".join([host, *steps]) + (f"?{names}" if names else "")


def _step(step: str) -> str:
    """One part of a path: a word as it stands, of numbers and headlines only that they are."""
    ending = match[0].lower() if (match := _EXTENSION.search(step)) else ""
    name = step[: len(step) - len(ending)]
    if name.isdigit():
        return "0" + ending
    if _WORD.fullmatch(name):
        return name.lower() + ending
    return ("a-b" if _SLUG.fullmatch(name) else "a0" if any(map(str.isdigit, name)) else "a") + ending


def _telling(step: str) -> bool:
    """Whether a part of a path names one article: a headline of some words, or a long number."""
    return bool(_NUMBER.search(step)) or step.count("-") + step.count("_") >= _HEADLINE


def _article_number(query: dict[str, str]) -> bool:
    """Whether a query names one article: ``?p=123``."""
    return any(value.isdigit() for name, value in query.items() if name not in {"page", "paged", "pg"})
