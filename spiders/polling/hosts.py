"""When a whole host wants to be left alone. Pure: what is known of it, one more answer -> what is known then.

One site behind a public host name is one place: what it says to one request it means for all. A host that
`allow_hosts` lists may serve many things that have nothing to do with each other (a bridge in one's own network),
so there each address stands for itself, and none of this applies.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from pressclip.source_keys import is_allowed
from storage.records import HostState

THROTTLED = frozenset((429, 503))
FORBIDDEN = 403
REFUSALS = 3  # answers of 403 in a row, from a host that used to answer well
FIRST_REST = timedelta(hours=1)
SHORTEST_REST = timedelta(minutes=5)
LONGEST_REST = timedelta(days=1)  # of our own choice; Retry-After may say more
_FINE = frozenset((200, 226, 304))


def stands_for_all(host: str, allow_hosts: tuple[str, ...]) -> bool:
    """Whether what one address of a host says holds for the whole host.

    >>> stands_for_all("news.example", ("127.0.0.0/8",)), stands_for_all("127.0.0.1", ("127.0.0.0/8",))
    (True, False)
    """
    return not is_allowed(host, allow_hosts)


def resting(state: HostState | None, now: datetime) -> bool:
    """Whether the host is to be left alone now."""
    return bool(state and state.rest_until and now < datetime.fromisoformat(state.rest_until))


def after(
    state: HostState, *, status: int, retry_after: int | None, challenged: bool, now: datetime
) -> HostState:
    """Take in one answer; the same object comes back where nothing changed that must be remembered.

    >>> noon = datetime.fromisoformat("2026-11-22T12:00:00Z")
    >>> fine = after(HostState(host="a"), status=200, retry_after=None, challenged=False, now=noon)
    >>> fine.ok_on
    '2026-11-22'
    >>> first = after(fine, status=429, retry_after=None, challenged=False, now=noon)
    >>> first.rest_until, first.rest_reason
    ('2026-11-22T13:00:00Z', 'http_429')
    >>> after(first, status=503, retry_after=None, challenged=False, now=noon).rest_until
    '2026-11-22T14:00:00Z'
    """
    today = f"{now:%Y-%m-%d}"
    if status in _FINE:
        good = HostState(host=state.host, ok_on=today)
        return state if good == state else good
    if challenged:
        return _rest(state, "challenged", retry_after, now)
    if status in THROTTLED:
        return _rest(state, f"http_{status}", retry_after, now)
    if status != FORBIDDEN:
        return state
    refused = replace(state, refusals=state.refusals + 1)
    return (
        _rest(refused, "http_403", retry_after, now)
        if state.ok_on and refused.refusals >= REFUSALS
        else refused
    )


def _rest(state: HostState, reason: str, retry_after: int | None, now: datetime) -> HostState:
    """Rest as long as the host asks, or longer each time; a host that keeps saying "soon" is not believed for ever."""
    first = FIRST_REST if retry_after is None else SHORTEST_REST
    own: timedelta = min(first * 2 ** min(state.rests, 16), LONGEST_REST)
    pause = max(own, timedelta(seconds=retry_after or 0))
    until = f"{now + pause:%Y-%m-%dT%H:%M:%SZ}"
    return replace(state, rests=state.rests + 1, rest_until=until, rest_reason=reason)
