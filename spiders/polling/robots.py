"""What a robots.txt says to us, and how long we may rely on it (RFC 9309). Pure.

2xx              what the file says: for a day
4xx              everything is allowed: for a day
5xx, no answer   nothing is allowed until it answers; after a month, what it last said, else everything
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from protego import Protego

from storage.records import RobotsState

PRODUCT = "pressclip"  # the token that a robots.txt names us by
MAX_BYTES = 500 * 1024  # that are read
MAX_DELAY = 60.0  # seconds of Crawl-delay that are honoured
KEPT = timedelta(days=1)
ASK_AGAIN = timedelta(hours=1)  # after no answer
UNREACHABLE_FOR = timedelta(days=30)
OK, SERVER_ERROR = 200, 500

_AGENT = re.compile(r"^([ \t]*user-?agent[ \t]*:[ \t]*)([^\r\n#]*)", re.IGNORECASE | re.MULTILINE)
_TOKEN = re.compile(r"[A-Za-z_-]+|\*")


def after(
    state: RobotsState | None, *, site: str, status: int | None, body: bytes, now: datetime
) -> RobotsState:
    """Take in an answer, or (status None) that there was none.

    >>> noon = datetime.fromisoformat("2026-11-22T12:00:00Z")
    >>> good = after(None, site="https://a.example", status=200, body=b"User-agent: *", now=noon)
    >>> good.next_at, after(good, site=good.site, status=503, body=b"", now=noon + KEPT).failing_since
    ('2026-11-23T12:00:00Z', '2026-11-23T12:00:00Z')
    """
    unreachable = status is None or status >= SERVER_ERROR
    asked_at, next_at = _stamp(now), _stamp(now + (ASK_AGAIN if unreachable else KEPT))
    if unreachable and state is not None:
        return replace(
            state, asked_at=asked_at, next_at=next_at, status=status,
            failing_since=state.failing_since or asked_at,
        )  # fmt: skip
    # NUL and lone surrogates end no line of robots.txt, and SQLite wants neither.
    text = body[:MAX_BYTES].decode("utf-8-sig", "replace").replace("\0", "") if status == OK else None
    return RobotsState(
        site=site, asked_at=asked_at, next_at=next_at, status=status,
        body=None if unreachable else text, failing_since=asked_at if unreachable else None,
    )  # fmt: skip


def rules(state: RobotsState, *, now: datetime) -> Protego | None:
    """Read what the site allows; None: nothing for now.

    >>> noon = datetime.fromisoformat("2026-11-22T12:00:00Z")
    >>> down = after(None, site="https://a.example", status=None, body=b"", now=noon)
    >>> rules(down, now=noon), rules(down, now=noon + UNREACHABLE_FOR).can_fetch("/", PRODUCT)
    (None, True)
    """
    since = state.failing_since
    if since and now - datetime.fromisoformat(since) < UNREACHABLE_FOR:
        return None
    return Protego.parse(ours(state.body or ""))


def ours(text: str) -> str:
    """Name groups by their bare product token, ours in one spelling; others so that none looks like ours.

    The parser would take a group for `press` to be ours too, and one for `PressClip/2.0` not.

    >>> ours("User-Agent: PressClip/2.0 (x)"), ours("user-agent: press"), ours("User-agent: *")
    ('User-Agent: pressclip', 'user-agent: other', 'User-agent: *')
    """

    def named(line: re.Match[str]) -> str:
        token = _TOKEN.match(line[2].strip())
        name = token[0].lower() if token else ""
        return line[1] + (name if name in {"*", PRODUCT} else "other")

    return _AGENT.sub(named, text.replace("\r\n", "\n").replace("\r", "\n"))


def delay(found: Protego | None) -> float:
    r"""Give the seconds of Crawl-delay that it asks of us; 0: none, or none that is a number.

    >>> [delay(Protego.parse(f"User-agent: *\nCrawl-delay: {said}")) for said in ("7", "nan", "-1", "soon")]
    [7.0, 0.0, 0.0, 0.0]
    """
    wanted = float(found.crawl_delay(PRODUCT) or 0.0) if found else 0.0
    return wanted if wanted > 0 else 0.0


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
