"""How much of the store is kept: the ``[store]`` table of sources.toml, and the options of `pressclip prune`."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

_AGE = re.compile(r"([1-9]\d{0,4}) ?([dwy])", re.ASCII)
_DAYS = {"d": 1, "w": 7, "y": 365}
_SIZE = re.compile(r"([1-9]\d{0,5}) ?([MGT])B", re.ASCII)
_BYTES = {"M": 10**6, "G": 10**9, "T": 10**12}


@dataclass(frozen=True, slots=True)
class Keep:
    """What is kept of something: as old as `days` at the most, or `size` bytes of it, the newest."""

    days: int | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings:
    """The ``[store]`` table: what of the store is kept; None: all."""

    keep_pages: Keep | None = None  # raw pages
    keep_rejected: Keep | None = None  # raw pages that gave no article
    keep_runs: Keep | None = None  # the log of runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """What may go, as moments (UTC ISO 8601; or a day): what is from before goes. None: nothing."""

    pages_before: str | None = None
    pages_size: int | None = None  # bytes of raw pages, compressed, that stay: the oldest beyond that go
    rejected_before: str | None = None
    runs_before: str | None = None
    articles_before: str | None = None


def age(value: object) -> Keep:
    """Return how old something may get.

    >>> age("90d"), age("2w")
    (Keep(days=90, size=None), Keep(days=14, size=None))
    """
    if found := _AGE.fullmatch(msgspec.convert(value, str)):
        return Keep(days=int(found[1]) * _DAYS[found[2]])
    raise ValueError('must be an age such as "90d", "12w" or "2y"')


def age_or_size(value: object) -> Keep:
    """Return how old something may get, or how much of it there may be.

    >>> age_or_size("2GB"), age_or_size("90d")
    (Keep(days=None, size=2000000000), Keep(days=90, size=None))
    """
    text = msgspec.convert(value, str)
    if found := _SIZE.fullmatch(text):
        return Keep(size=int(found[1]) * _BYTES[found[2]])
    if _AGE.fullmatch(text):
        return age(text)
    raise ValueError('must be an age such as "90d", "12w" or "2y", or a size such as "500MB" or "2GB"')


def retention(settings: StoreSettings, now: datetime, *, articles_before: str | None = None) -> Retention:
    """Say what may go now, by what is to be kept.

    Args:
        settings: what is kept.
        now: the moment from which ages count.
        articles_before: a moment or day; never a matter of settings.
    """

    def before(keep: Keep | None) -> str | None:
        if keep is None or keep.days is None:
            return None
        return (now - timedelta(days=keep.days)).strftime("%Y-%m-%dT%H:%M:%SZ")

    return Retention(
        pages_before=before(settings.keep_pages),
        pages_size=settings.keep_pages.size if settings.keep_pages else None,
        rejected_before=before(settings.keep_rejected),
        runs_before=before(settings.keep_runs),
        articles_before=articles_before,
    )
