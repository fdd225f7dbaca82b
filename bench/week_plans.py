"""The fifty sources of the simulated week: how each publishes, what it says, and when it is in trouble."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

START = datetime(2026, 11, 16, tzinfo=UTC)  # a Monday
STEP = timedelta(minutes=5)
LISTED = 60  # entries that a feed carries
MINUTE, HOUR, DAY = 60, 3600, 86400
FOR_GOOD = 9999  # hours

Headers = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A time in which a host answers otherwise; hours since the start."""

    since: float
    until: float
    status: int  # 0: it hangs up
    retry_after: int | None = None  # seconds
    only: str = ""  # paths that begin so

    def holds(self, moment: datetime, path: str) -> bool:
        """Whether it is the answer to a request."""
        hours = (moment - START).total_seconds() / HOUR
        return self.since <= hours < self.until and path.startswith(self.only)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One source."""

    name: str
    what: str
    number: int  # of its host
    interval: int = HOUR  # seconds, in sources.toml
    gap: int = 4 * HOUR  # seconds between two entries
    first: datetime = START - timedelta(days=2)  # entry
    last: datetime = START + timedelta(days=30)  # entry
    has_etag: bool = True
    headers: Headers = field(default_factory=dict)
    fresh: int = 0  # seconds that the headers ask for
    claims: str = ""  # in the channel
    floor: int = 0  # seconds that the claims ask for
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()  # Monday is 0
    troubles: tuple[Trouble, ...] = ()
    moved_to: str | None = None
    moved_by: int = 301
    path: str = "/feed.xml"
    robots: str = "User-agent: *\nDisallow: /private/\n"

    @property
    def host(self) -> str:
        """Its name: no list of allowed hosts has it, although it is an address of loopback (127.88.0.N)."""
        return f"127.88.{self.number}"

    def trouble(self, moment: datetime, path: str) -> Trouble | None:
        """What keeps it from answering."""
        return next((trouble for trouble in self.troubles if trouble.holds(moment, path)), None)

    def entries(self, moment: datetime) -> range:
        """Numbers of the entries that the feed carries at a moment, newest last."""
        since = (min(moment, self.last) - self.first).total_seconds()
        newest = int(since // self.gap)
        return range(max(0, newest - LISTED + 1), newest + 1)

    def published(self, entry: int) -> datetime:
        """When an entry was published."""
        return self.first + timedelta(seconds=self.gap * entry)


def plans() -> list[Plan]:
    """Make all fifty."""
    found: list[Plan] = []

    def add(what: str, count: int = 1, **facts: object) -> None:
        for _ in range(count):
            number = len(found) + 1
            varied = {"interval": (15, 30, 60, 120)[number % 4] * MINUTE, "gap": (3 + number % 9) * HOUR}
            found.append(
                Plan(name=f"s{number:02}", what=what, **{"number": number, **varied, **facts})  # type: ignore[arg-type] # facts are fields of Plan
            )

    add("plain", 10)
    add("busy, an entry each 20 minutes", 2, gap=20 * MINUTE, interval=15 * MINUTE)
    add("no validators", 2, has_etag=False)
    add(
        "max-age two hours, Age ten minutes",
        4,
        headers={"Cache-Control": "max-age=7200", "Age": "600"},
        fresh=6600,
    )
    add("no-cache", 1, headers={"Cache-Control": "no-cache, max-age=9999"})
    add("ttl 150", 3, claims="<ttl>150</ttl>", floor=150 * MINUTE)
    add("skipHours 0 to 6", 2, claims=_skip("hour", range(7)), skip_hours=tuple(range(7)))
    add("skipDays Saturday, Sunday", 1, claims=_skip("day", ("Saturday", "Sunday")), skip_days=(5, 6))
    add(
        "sy: daily, 4 times",
        2,
        claims="<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
        floor=6 * HOUR,
    )
    add(
        "429, Retry-After 3 h, four times",
        3,
        troubles=tuple(
            Trouble(since=h, until=h + 2, status=429, retry_after=3 * HOUR) for h in (20, 55, 90, 130)
        ),
    )
    add(
        "429 for articles, Retry-After 40 min",
        1,
        troubles=(Trouble(since=30, until=34, status=429, retry_after=2400, only="/news/"),),
    )
    add("503 without Retry-After, ten hours", 2, troubles=(Trouble(since=40, until=50, status=503),))
    add("500, a day and a half", 2, troubles=(Trouble(since=60, until=96, status=500),))
    add("hangs up, eight hours", 2, troubles=(Trouble(since=70, until=78, status=0),))
    add("404 since the start", 1, troubles=(Trouble(since=0, until=FOR_GOOD, status=404, only="/feed"),))
    add("410 from the fourth day", 1, troubles=(Trouble(since=72, until=FOR_GOOD, status=410, only="/feed"),))
    add("301 to another path", 2, moved_to="/new.xml")
    add("302 to another path", 1, moved_to="/new.xml", moved_by=302)
    add(
        "dormant for two months",
        2,
        first=START - timedelta(days=90),
        last=START - timedelta(days=60),
        gap=DAY,
    )
    add("robots.txt forbids its articles", 1, robots="User-agent: pressclip\nDisallow: /news/\n")
    add(
        "robots.txt answers 500 for two days",
        1,
        troubles=(Trouble(since=0, until=48, status=500, only="/robots"),),
    )
    add(
        "articles answer 403 from the third day",
        1,
        troubles=(Trouble(since=48, until=FOR_GOOD, status=403, only="/news/"),),
    )
    shared = (Trouble(since=25, until=27, status=429, retry_after=4 * HOUR),)
    number = len(found) + 1
    add("two feeds of one host, 429, Retry-After 4 h", 1, number=number, troubles=shared)
    add("two feeds of one host, 429, Retry-After 4 h", 1, number=number, path="/feed2.xml", troubles=shared)
    add("an entry a day", 50 - len(found), gap=DAY, first=START - timedelta(days=10))
    return found


def _skip(unit: str, values: object) -> str:
    listed = "".join(f"<{unit}>{value}</{unit}>" for value in values)  # type: ignore[attr-defined] # any iterable
    return f"<skip{unit.title()}s>{listed}</skip{unit.title()}s>"


HOST_OF = {plan.number: plan.host for plan in plans()}
