"""What trying a source came to: what it is, what it gives, how its articles come out. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipelines.blocks import units
from pressclip import source_keys, source_names
from pressclip.models import Clipping, FeedEntry, Source, SourceKind
from spiders.polling import moves, rhythm
from spiders.polling.schedule import SLOWEST_RHYTHM

if TYPE_CHECKING:
    from spiders.notebook import Notebook, Tried

_FULL = 150  # units of text from which an entry carries its article, not a summary
_SHOWN = 240  # characters of an article's beginning
_TAG = re.compile(r"<[^>]{0,2000}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """One article, or the reason why there is none."""

    url: str
    title: str | None = None
    published_at: str | None = None
    authors: tuple[str, ...] = ()
    lang: str | None = None
    length: int = 0  # characters of its text
    beginning: str = ""
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialReport:
    """One source as it was found."""

    source: str | None  # its name in sources.toml
    kind: SourceKind | None
    url: str
    status: int | None = None
    reason: str | None = None  # why it gave nothing
    title: str | None = None
    homepage: str | None = None
    lang: str | None = None
    entries: int = 0
    left_out: int = 0  # of these, by the source's rules
    horizon: int | None = None  # seconds: older entries of a sitemap do not count
    newest_at: str | None = None
    gap: int | None = None  # seconds, the median between two entries
    interval: int | None = None  # seconds after which it would be asked again
    full_text: bool | None = None  # whether its entries carry their articles
    hub: str | None = None
    moved_to: str | None = None  # for good
    problems: tuple[str, ...] = ()
    articles: tuple[Glance, ...] = ()


def report(
    tried: "Tried", notebook: "Notebook", clippings: Iterable[Clipping], *, now: datetime
) -> TrialReport:
    """Sum up what trying one source gave."""
    source, poll = tried.source, tried.poll
    entries = notebook.entries(source.name)
    dates = rhythm.of(entries, now=now)
    glances = tuple(_glance(one) for one in clippings if one.source == source.name)
    return TrialReport(
        source=source.name,
        kind=source.kind,
        url=source.url,
        status=poll.status,
        reason=poll.reason,
        title=source_names.printable(poll.title) or source_names.printable(source.title),
        homepage=_home(source, entries),
        lang=_language(source, glances, entries),
        entries=len(entries),
        left_out=sum(one.left_out is not None for one in entries),
        newest_at=_newest(entries, now) or (tried.claims.newest_at if tried.claims else None),
        horizon=source.horizon if source.kind == "sitemap" else None,
        gap=dates.gap,
        interval=rhythm.interval(
            dates.gap, dates.newest, now=now, least=source.interval, most=SLOWEST_RHYTHM
        ) if entries else None,
        full_text=_carries_text(entries) if source.kind == "feed" and entries else None,
        hub=tried.claims.hub if tried.claims else None,
        moved_to=moves.target(tried.answer.hops, tried.answer.url) if tried.answer else None,
        problems=tuple(dict.fromkeys(each for one in notebook.read[source.name] for each in one.problems)),
        articles=tuple(sorted(glances, key=lambda one: one.published_at or "", reverse=True)),
    )  # fmt: skip


def failure(url: str, reason: str, *, source: str | None = None) -> TrialReport:
    """Say that an address gave nothing."""
    return TrialReport(source=source, kind=None, url=url, reason=reason)


def table(
    found: TrialReport, *, name: str, topics: Sequence[str] = (), lang: str | None = None
) -> Mapping[str, Any]:
    """Make the table of sources.toml for what was found, at the address it moved to."""
    values = {
        "name": name,
        found.kind or "feed": found.moved_to or found.url,
        "title": found.title,
        "homepage": found.homepage if found.homepage != found.url else None,
        "lang": lang or found.lang,
        "topics": list(topics),
    }
    return {key: value for key, value in values.items() if value}


def _glance(clipping: Clipping) -> Glance:
    article = clipping.article
    if article is None:
        entry = clipping.page.entry if clipping.page else None
        return Glance(
            url=clipping.url, title=entry.title if entry else None, reason=clipping.reason or clipping.state
        )
    return Glance(
        url=article.url, title=article.title, published_at=article.published_at, authors=article.authors,
        lang=article.lang, length=len(article.text), beginning=" ".join(article.text[:_SHOWN].split()),
    )  # fmt: skip


def _home(source: Source, entries: Sequence[FeedEntry]) -> str | None:
    """Name the page that people read: the one that was given, else the front page of the site."""
    if source.homepage:
        return source.homepage
    first = next((urlsplit(entry.url) for entry in entries if entry.url), None)
    return f"{first.scheme}://{first.netloc}/" if first and source.kind != "page" else None


def _language(source: Source, glances: Sequence[Glance], entries: Sequence[FeedEntry]) -> str | None:
    """Name the language: what the articles are in says more than what a feed's program was set to."""
    spoken = Counter(one.lang for one in glances if one.lang) or Counter(
        one.lang for one in entries if one.lang
    )
    found = next((lang for lang, _ in spoken.most_common(1)), None)
    try:
        return source.lang or (source_keys.language(found) if found else None)
    except ValueError:
        return None


def _newest(entries: Sequence[FeedEntry], now: datetime) -> str | None:
    """Give the newest date; one of the future is a mistake, or an event."""
    dates = (one.published_at or one.updated_at or "" for one in entries)
    return max((date for date in dates if date[:19] <= f"{now:%Y-%m-%dT%H:%M:%S}"), default="") or None


def _carries_text(entries: Sequence[FeedEntry]) -> bool:
    """Whether most entries carry more than a summary."""
    full = sum(units(_TAG.sub(" ", entry.content or "")) >= _FULL for entry in entries)
    return full * 2 > len(entries)
