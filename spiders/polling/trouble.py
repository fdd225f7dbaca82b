"""Who goes after the others: sources and hosts that only cost, the last time they were asked. Pure."""

from collections.abc import Iterable, Mapping

#: Why a page could not be had or read where that took time, memory or places; the names of `spiders.failures` and of workers.
COSTLY = frozenset(
    (
        "broken_body", "connection", "crowded", "deadline", "dns", "host_silent", "memory", "redirects", "refused", "timeout", "tls",
        "too_large", "truncated", "worker_died",
    )
)  # fmt: skip
LARGE = 2**20  # bytes of a page that come, are unpacked and read for nothing: ten usual ones


def is_costly(reason: str | None, size: int = 0) -> bool:
    """Whether a reason says that its host, or its page of so many bytes, cost much for nothing.

    >>> (
    ...     is_costly("deadline: took longer than 20 s"),
    ...     is_costly("http_404"),
    ...     is_costly("http_503"),
    ...     is_costly("no_text", 2_000_000),
    ...     is_costly(None, 2_000_000),
    ... )
    (True, False, True, True, False)
    """
    name = (reason or "").partition(":")[0]
    return name in COSTLY or name.startswith("http_5") or (bool(name) and size > LARGE)


def remembered(failing: Iterable[str], lately: Iterable[tuple[str, Mapping[str, int]]]) -> set[str]:
    """Name the sources that go after the others from the start.

    Args:
        failing: sources whose last poll failed.
        lately: sources, with the reasons why they were not asked, or articles could not be had, in one of the last runs.

    >>> sorted(remembered(["a"], [("b", {"timeout": 2}), ("c", {"http_404": 1}), ("b", {})]))
    ['a', 'b']
    """
    return set(failing) | {name for name, reasons in lately if any(map(is_costly, reasons))}
