"""Sources in trouble go after the others, and are asked all the same: over real servers, real workers."""

import asyncio
import time

import newsroom
import pytest
from loopback import HANG_UP, Reply, Server, serving
from timeline import Timeline

from pipelines.turns import Turns
from pipelines.workers import Workers
from spiders.lateness import Lateness
from spiders.polling.trouble import remembered
from storage.store import Store


def publish(site: Server, base: str, numbers: range, path: str = "/feed.xml") -> None:
    """Put a feed on a server, whose articles are there by the name that `base` gives it."""
    site.replies[path] = Reply(newsroom.feed(base, numbers), headers={"Content-Type": newsroom.FEED})
    for number in numbers:
        site.replies[f"/news/{number}"] = Reply(
            newsroom.article(number), headers={"Content-Type": newsroom.HTML}
        )


@pytest.fixture
def feeds(server: Server, timeline: Timeline) -> Server:
    """Subscribe to two feeds of one host, which is asked one thing at a time: the order of its log is the order of asking."""
    publish(server, server.base, range(1), "/first.xml")
    publish(server, server.base, range(1, 2), "/second.xml")
    newsroom.subscribe(timeline.folder, f"{server.base}/first.xml", f"{server.base}/second.xml")
    return server


def polled(timeline: Timeline, site: Server, hours: int = 0) -> list[str]:
    """Crawl; which feeds were asked, in order."""
    site.log.clear()
    timeline.crawl(minutes=60 * hours)
    return [path for path in site.paths() if path.endswith(".xml")]


@pytest.mark.parametrize(
    ("path", "reply"),
    [
        ("/first.xml", Reply(status=500)),
        ("/first.xml", Reply(b"<html>")),
        ("/first.xml", Reply(headers={f"X-{n}": "y" for n in range(2000)})),
        ("/news/0", Reply(status=HANG_UP)),
    ],
)
def test_a_source_that_was_in_trouble_is_asked_after_the_others(
    feeds: Server, timeline: Timeline, path: str, reply: Reply
) -> None:
    feeds.replies[path] = reply
    assert polled(timeline, feeds) == ["/first.xml", "/second.xml"]
    assert polled(timeline, feeds, hours=10) == ["/second.xml", "/first.xml"]


def test_a_source_that_is_well_again_has_its_place_back(feeds: Server, timeline: Timeline) -> None:
    good = feeds.replies["/first.xml"]
    feeds.replies["/first.xml"] = Reply(status=500)
    polled(timeline, feeds)
    feeds.replies["/first.xml"] = good
    assert polled(timeline, feeds, hours=10) == ["/second.xml", "/first.xml"]
    assert polled(timeline, feeds, hours=20) == ["/first.xml", "/second.xml"]


def test_a_source_whose_host_was_silent_before_it_was_asked_is_remembered(
    wire: Server, server: Server, timeline: Timeline
) -> None:
    publish(server, server.base, range(1))
    paths = [f"/{number}.xml" for number in range(5)]
    wire.replies |= dict.fromkeys(("/robots.txt", *paths), Reply(status=HANG_UP))
    silent = [wire.public + path for path in paths]
    newsroom.subscribe(timeline.folder, *silent, f"{server.base}/feed.xml")
    results = timeline.crawl()["results"]
    assert [name for name, result in results.items() if result["poll_reason"] == "host_silent"]
    with Store.open(timeline.folder / "news.db") as store:
        assert remembered(*store.troubles()) == {f"wire{number}" for number in range(5)}


def test_a_missing_page_is_no_trouble(feeds: Server, timeline: Timeline) -> None:
    feeds.replies["/news/0"] = Reply(status=404)
    polled(timeline, feeds)
    assert polled(timeline, feeds, hours=10) == ["/first.xml", "/second.xml"]


@pytest.mark.parametrize("reply", [Reply(status=500), Reply(b"<html><body>" + b" " * 2**20)])
def test_requests_of_a_host_that_gets_into_trouble_wait_for_the_others(
    server: Server, wire: Server, timeline: Timeline, reply: Reply
) -> None:
    publish(server, server.base, range(20))
    publish(wire, wire.public, range(20))
    for number in range(1, 20):
        wire.replies[f"/news/{number}"] = reply
    newsroom.subscribe(timeline.folder, f"{wire.public}/feed.xml", f"{server.base}/feed.xml")
    report = timeline.crawl()
    bad, good = report["results"]["wire0"], report["results"]["wire1"]
    assert (bad["failed"] + bad["skipped"], good["new"]) == (19, 20)
    assert bad["new"] == 1  # the oldest, after nineteen that failed


def test_many_sources_in_trouble_leave_workers_and_places_to_the_others_and_are_all_asked(
    timeline: Timeline,
) -> None:
    with serving("127.0.0.3") as good, serving("127.0.0.4") as bad:
        numbers = range(60)
        publish(good, good.base, numbers)
        for number in range(30):
            bad.replies[f"/{number}.xml"] = Reply(b"no feed")
        newsroom.subscribe(
            timeline.folder, *(f"{bad.base}/{number}.xml" for number in range(30)), f"{good.base}/feed.xml"
        )
        timeline.crawl(limit=0)
        bad.log.clear()
        report = timeline.crawl(minutes=600)
        assert report["results"]["wire30"]["new"] == len(numbers)
        assert sorted(bad.paths()) == sorted(f"/{number}.xml" for number in range(30))


def nap(seconds: float) -> None:
    time.sleep(seconds)


def order_of(calls: str, *, seconds: float) -> str:
    """Let calls take turns at one place, `b` behind the others, who have had it for so long; in which order they come."""

    async def use() -> str:
        turns, order = Turns(1), ""
        turns.spent(seconds, behind=False)

        async def call(name: str) -> None:
            nonlocal order
            await turns.take(behind=name == "b")
            order += name
            turns.spent(1.0, behind=name == "b")
            turns.give_back()

        await turns.take(behind=False)
        waiting = [asyncio.ensure_future(call(name)) for name in calls]
        await asyncio.sleep(0)
        turns.give_back()
        await asyncio.gather(*waiting)
        return order

    return asyncio.run(use())


def test_calls_behind_come_after_the_others_but_for_their_share_of_the_time() -> None:
    assert order_of("bbaaa", seconds=0.0) == "abaab"
    assert order_of("bbaaa", seconds=1000.0) == "bbaaa"


def test_whoever_no_longer_waits_takes_no_turn() -> None:
    async def use() -> None:
        workers = Workers(1, 20.0)
        try:
            busy = [asyncio.ensure_future(workers.call(nap, 0.2)) for _ in range(2)]
            await asyncio.sleep(0)
            gone = [asyncio.ensure_future(workers.call(nap, 0.0, behind=behind)) for behind in (False, True)]
            await asyncio.sleep(0)
            waited = workers.crowded
            for call in gone:
                call.cancel()
            await asyncio.gather(*busy, *gone, return_exceptions=True)
            assert (waited, workers.crowded) == (True, False)
            await workers.call(nap, 0.0, behind=True)
        finally:
            workers.close()

    asyncio.run(use())


def test_a_loop_that_has_too_much_to_do_is_late() -> None:
    async def use() -> tuple[bool, bool]:
        lateness = Lateness(lambda: None)
        lateness.start()
        for _ in range(10):
            time.sleep(0.2)  # noqa: ASYNC251 - what is to be noticed
            await asyncio.sleep(0)
        busy = lateness.is_busy
        while lateness.is_busy:  # noqa: ASYNC110 - no event tells of it
            await asyncio.sleep(0.1)
        lateness.stop()
        return busy, lateness.is_busy

    assert asyncio.run(use()) == (True, False)
