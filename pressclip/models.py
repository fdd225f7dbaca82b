"""The vocabulary, in the order the records flow: Source -> FeedEntry -> Page -> Article.

Between them travel a Poll (what asking a feed gave), a Queued entry (what is to be fetched) and a Clipping
(what became of it).

A step takes one record and returns the next; nothing is edited in place. All records are frozen and cross
process borders by pickling. Times are strings, UTC ISO 8601 to the second (``2026-11-22T10:57:31Z``), or a
bare day (``2026-11-22``) where no more was claimed; they sort as text. Text is NFC, as the author wrote it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

SourceKind = Literal["feed", "sitemap", "page"]
KINDS: tuple[SourceKind, ...] = get_args(SourceKind)

#: What became of a queued entry. `waiting` and `failed` are asked again (when `retry_at` has come), `denied`
#: (robots.txt) after a week; `done`, `rejected` (not an article), `gone` (404, 410) and `bad_url` rest.
EntryState = Literal["waiting", "done", "rejected", "failed", "denied", "gone", "bad_url"]


#: What a page turned out to be. All but `article` keep their page and a reason, and are stored as rejected.
ArticleKind = Literal["article", "list", "login", "consent", "script", "teaser", "thin"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicWords:
    """The words by which one topic is known: a ``[topics.NAME]`` table, or a file of the package."""

    name: str
    words: tuple[str, ...] = ()  # one of these in a headline is enough
    weak: tuple[str, ...] = ()  # these count only beside others
    exclude: tuple[str, ...] = ()  # in these, no word counts: ``ripple effect``


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """What a source asks of judging its entries and cleaning its pages, beside selectors and labels."""

    timezone: str | None = None  # IANA name, of dates that name no zone
    languages: tuple[str, ...] = ()  # articles in others are left out; empty: none is
    only_topics: tuple[str, ...] = ()  # articles on none of these are left out; empty: none is
    topics: tuple[TopicWords, ...] = ()  # that the user defined, beside those of the package


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One place that articles come from: one ``[[source]]`` table of sources.toml."""

    name: str
    kind: SourceKind
    url: str
    lang: str | None = None  # BCP 47, what the articles are written in unless they say otherwise
    topics: tuple[str, ...] = ()  # labels of each of its articles, beside those that are found
    interval: int = 3600  # seconds between two polls, at least
    # Never shown: they may hold secrets. Sent to the source's own hosts only.
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    cookies: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    auth: str | None = field(default=None, repr=False)  # ``user:password``, sent as basic authorization
    proxy: str | None = field(
        default=None, repr=False
    )  # http URL, with ``user:password@`` where it asks for them
    insecure: bool = False  # certificates of its own hosts are not checked
    keep: tuple[str, ...] = ()  # CSS selectors: the article is in these and nowhere else
    drop: tuple[str, ...] = ()  # CSS selectors: what is in these is no part of the article
    render: bool = False  # its articles need a browser
    keep_entries: tuple[str, ...] = ()  # words and /patterns/: only entries with one of them are fetched
    drop_entries: tuple[str, ...] = ()  # words and /patterns/: entries with one of them are not
    full_text: bool = True  # False: articles are made from the feed, no page is asked for
    care: Care = Care()
    enabled: bool = True
    horizon: int = 7 * 86400  # seconds, of a sitemap: what is older when it is first listed is not fetched
    depth: int = 1  # of a page that lists articles: so many pages of the list are read
    links: tuple[str, ...] = ()  # the same: CSS selectors of its links to articles; empty: they are found
    title: str | None = None  # the name people know it by
    homepage: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One item of a feed, translated at the door; what the feed claimed stands beside what we made of it."""

    guid: str  # identity within its feed: guid, else URL, else a hash; never longer than 512 bytes
    url: str | None  # absolute http(s), or None: `problem` says why
    url_key: str | None = None  # identity of the article behind `url` (pipelines.identity.url_key)
    title: str | None = None  # plain text
    summary: str | None = None  # plain text
    content: str | None = None  # HTML of the full text, where the feed carries it
    authors: tuple[str, ...] = ()
    published_at: str | None = None
    published_raw: str | None = None
    updated_at: str | None = None
    updated_raw: str | None = None
    lang: str | None = None
    tags: tuple[str, ...] = ()
    image_url: str | None = None
    problem: str | None = None  # such as ``bad_url: javascript:alert(1)``
    left_out: str | None = (
        None  # why its source's rules leave it out, such as ``rule: drop_entries "sponsored"``
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page as it was served: the bytes, and what the answer said of them."""

    url: str  # as asked
    final_url: str  # after redirects
    body: bytes  # decoded from its transfer and content encoding, else as served
    fetched_at: str  # the clock, read once, where the response arrived
    status: int = 200
    content_type: str | None = None  # the header, with its charset
    etag: str | None = None
    last_modified: str | None = None
    source: str | None = None  # name of the source that led here
    topics: tuple[str, ...] = ()  # of that source: its labels
    lang: str | None = None  # of that source: a witness, not a fact
    keep: tuple[str, ...] = ()  # of that source: selectors
    drop: tuple[str, ...] = ()
    entry: FeedEntry | None = None  # the feed's word on this article: the fallback
    parts: tuple["Page", ...] = ()  # the pages on which its article goes on
    care: Care = Care()  # of that source


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The clean article. Each field with a `doc` is a column of the table `articles`; a new one needs a default."""

    url: str = field(metadata={"doc": "Address of the page, after redirects."})
    url_key: str = field(
        metadata={"doc": "Identity: the address without tracking parameters, scheme and other noise."}
    )
    title: str = field(metadata={"doc": "Headline, without the name of the site."})
    text: str = field(metadata={"doc": "Plain text, paragraphs separated by a blank line."})
    markdown: str = field(metadata={"doc": "The same with headings, lists, quotes, tables and links."})
    fetched_at: str = field(metadata={"doc": "When the page was fetched (UTC)."})
    content_hash: str = field(
        metadata={"doc": "SHA-256 of the folded title and text: equal for equal articles."}
    )
    canonical_url: str | None = field(
        default=None,
        metadata={"doc": "The address the page itself calls canonical, where that is believable."},
    )
    source: str | None = field(
        default=None, metadata={"doc": "Name of the source; null for one-off additions."}
    )
    authors: tuple[str, ...] = field(default=(), metadata={"doc": "Names of people, as a JSON array."})
    published_at: str | None = field(
        default=None, metadata={"doc": "First publication (UTC), or a bare day where the page says no more."}
    )
    published_raw: str | None = field(
        default=None, metadata={"doc": "What the page or feed claimed, as written."}
    )
    updated_at: str | None = field(default=None, metadata={"doc": "Last update that the page claims (UTC)."})
    updated_raw: str | None = field(default=None, metadata={"doc": "The same, as written."})
    lang: str | None = field(
        default=None, metadata={"doc": "Language of the text, BCP 47 (`ja`, `zh-Hant`)."}
    )
    topics: tuple[str, ...] = field(
        default=(),
        metadata={"doc": "Topics, as a JSON array: the labels of the source, then those found in the text."},
    )
    tags: tuple[str, ...] = field(
        default=(), metadata={"doc": "Keywords that the publisher gave, as a JSON array."}
    )
    summary: str | None = field(
        default=None, metadata={"doc": "The publisher's own description, or the feed's."}
    )
    image_url: str | None = field(default=None, metadata={"doc": "Lead image (never fetched)."})
    site_name: str | None = field(default=None, metadata={"doc": "Name of the site."})
    origins: Mapping[str, str] = field(
        default_factory=dict,
        metadata={"doc": 'Where each field came from, as a JSON object (`{"title": "json-ld"}`).'},
    )
    # No columns: a page that is not an article never becomes a row of `articles`; its entry says why.
    kind: ArticleKind = "article"
    kind_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a source's own document leads to: a sitemap of an index, the next page of a list. Asked by itself."""

    url: str
    parent: str | None = None  # the document that names it; None: the source's own
    depth: int = 0  # steps from the source's own
    listed: bool = True  # False: it is named no longer
    claim: str | None = None  # when it last changed, as its parent says
    read_claim: str | None = None  # the same, when it was last read
    asked_at: str | None = None
    failures: int = 0  # in a row
    reason: str | None = None  # of the last one
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    seen: bytes | None = None  # digests of the addresses without a date that it listed; None: never read


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What asking a source's feed once gave: its new validators and its entries commit together."""

    source: str
    url: str  # as asked; of a feed that was had: after redirects, where its validators came from
    asked_at: str
    outcome: Literal["changed", "unchanged", "failed"]
    status: int | None = None  # HTTP status, where there was an answer
    reason: str | None = None  # why it failed: ``timeout``, ``http_503``, ``not_a_feed: looks like HTML``
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    title: str | None = None  # of the feed
    entries: tuple[FeedEntry, ...] = ()
    documents: tuple[Document, ...] = ()  # as they are known from now on
    problems: tuple[str, ...] = ()  # what could be read only in part


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """An entry of the frontier whose article is to be fetched."""

    entry_id: int | None  # None where nothing is kept
    source: str | None
    url: str
    attempts: int  # made so far
    entry: FeedEntry
    page_url: str | None = None  # the address, after redirects, of the page that its article was made from
    etag: str | None = None  # of that page
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """A few numbers by which copies of a text are known (pipelines.sketch); all of 32 bits, ascending."""

    grams: tuple[int, ...]  # the smallest of its grams of four characters
    total: int  # how many different ones it has, about
    figures: tuple[int, ...] = ()  # the numbers written in it, hashed
    keys: tuple[int, ...] = ()  # a few of its passages, hashed: copies share most of them


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """What the store knows an article again by."""

    site: str
    blocks: tuple[int, ...]  # 64 bits, signed; the longest block's first: it names the story
    sketch: Sketch | None = None  # of title and text
    alias: str | None = (
        None  # identity of the address that the page calls canonical, where that is another one
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """What cleaning a page gave: its article, and what else a worker saw that the crawl must know."""

    article: Article
    fingerprints: Fingerprints
    next_url: str | None = None  # where the article goes on
    other_url: str | None = None  # where the article may be had, if this page does not hold it (AMP, print)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clipping:
    """What became of one queued entry: its page, its article, or the reason why there is none."""

    url: str
    source: str | None
    state: EntryState
    entry_id: int | None = None  # None: `url` was never queued (a file, standard input)
    page: Page | None = None
    article: Article | None = None
    fingerprints: Fingerprints | None = None  # of the article's blocks, those that the site repeats included
    reason: str | None = None  # ``http_404``, ``timeout``, ``not_an_article: 12 characters of text``
    retry_at: str | None = None
    tried_at: str | None = None  # when it was tried, where there is no page to say so
