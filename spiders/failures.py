"""Why a page or feed could not be had: each failure gets a short, stable name that is stored and counted.

http_503                                                             the answer's status
timeout, dns, refused, tls, connection, truncated, too_large,
broken_body                                                         on the way; the last: it cannot be unpacked
blocked_address, bad_scheme, bad_url, robots, robots_unreachable,
redirects, redirect_insecure, redirect_nowhere                       not asked, or not any further
"""

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)

from pressclip.models import EntryState
from spiders.guards.addresses import BlockedAddressError
from spiders.refusals import RefusedError

GONE = frozenset({404, 410})
OK = 200

_REASONS: dict[type[Exception], str] = {
    CannotResolveHostError: "dns",
    DownloadCancelledError: "too_large",
    DownloadConnectionRefusedError: "refused",
    DownloadFailedError: "connection",
    DownloadTimeoutError: "timeout",
    ResponseDataLossError: "truncated",
    UnsupportedURLSchemeError: "bad_scheme",
}

#: Packages whose exceptions say that a body cannot be unpacked; which of them are in use is Scrapy's choice.
_UNPACKING = frozenset({"backports", "brotli", "brotlicffi", "compression", "gzip", "zlib"})


def of_status(status: int) -> tuple[EntryState, str] | None:
    """What an HTTP status means for an entry; None where there is a page to read.

    >>> of_status(200), of_status(404), of_status(503), of_status(204)
    (None, ('gone', 'http_404'), ('failed', 'http_503'), ('failed', 'http_204'))
    """
    if status == OK:
        return None
    return ("gone" if status in GONE else "failed"), f"http_{status}"


def of_exception(error: BaseException | None) -> tuple[EntryState, str]:
    """What an exception on the way means for an entry.

    >>> of_exception(DownloadTimeoutError("..."))
    ('failed', 'timeout')
    >>> from spiders.refusals import RobotsError
    >>> of_exception(RobotsError("robots"))
    ('denied', 'robots')
    """
    if isinstance(error, BlockedAddressError):
        return "failed", str(error)
    if isinstance(error, RefusedError):
        return ("denied" if error.reason == "robots" else "failed"), error.reason
    if isinstance(error, IgnoreRequest):  # by the decompression, beyond the size that is read
        return "failed", "too_large"
    if isinstance(error, DownloadFailedError) and "SSL" in str(error):
        return "failed", "tls"
    if type(error).__module__.partition(".")[0] in _UNPACKING:
        return "failed", "broken_body"
    reason = next((name for kind, name in _REASONS.items() if isinstance(error, kind)), None)
    return "failed", reason or type(error).__name__
