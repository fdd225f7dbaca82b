"""`pressclip status`: what the owner of a list of sources sees, after real crawls of a real server."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import newsroom
from loopback import CommandLine, Reply, Server
from prometheus_client.parser import text_string_to_metric_families

from pressclip.health import sparkline, verdict
from storage.health import SourceHealth

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def source(**changes: object) -> SourceHealth:
    well: dict[str, object] = {
        "name": "wire", "kind": "feed", "url": "https://wire.example/feed", "enabled": True, "interval": 3600,
        "last_asked_at": "2026-11-22T11:30:00Z", "last_ok_at": "2026-11-22T11:30:00Z",
        "last_new_at": "2026-11-22T11:30:00Z", "next_poll_at": "2026-11-22T12:30:00Z", "failures": 0,
        "last_status": 200, "last_reason": None, "off_at": None, "moved_to": None, "moving_to": None, "moving_runs": 0, "hub": None, "hub_topic": None, "waiting": 0,
        "documents_failing": 0, "documents_reason": None, "per_day": (0,) * 14, "recent": (),
    }  # fmt: skip
    return SourceHealth(**(well | changes))  # type: ignore[arg-type] # each field has its type above


def test_a_source_that_answers_is_well() -> None:
    assert verdict(source(), NOW).word == "well"


def test_a_source_that_fails_says_why_and_how_often() -> None:
    found = verdict(source(failures=3, last_status=200, last_reason="not_a_feed: looks like HTML"), NOW)
    assert (found.word, found.why) == ("failing", "not_a_feed: looks like HTML, 3 times in a row")


def test_a_removed_feed_is_told_from_a_failing_one() -> None:
    assert (
        verdict(source(failures=1, last_reason="http_410", off_at="2026-11-22T11:30:00Z"), NOW).word == "gone"
    )


def test_a_feed_that_answers_but_has_nothing_new_for_long_is_silent() -> None:
    old = "2026-11-01T00:00:00Z"
    hourly = tuple(int((NOW - timedelta(days=4, hours=n)).timestamp()) for n in range(20))
    weekly = tuple(int((NOW - timedelta(days=4, weeks=n)).timestamp()) for n in range(20))
    assert verdict(source(recent=hourly, last_new_at=old), NOW).word == "silent"
    assert verdict(source(recent=weekly, last_new_at=old), NOW).word == "well"
    assert verdict(source(recent=hourly[:3], last_new_at=old), NOW).word == "well", (
        "three articles are no rhythm"
    )
    assert verdict(source(recent=hourly), NOW).word == "well", "an old feed that was just imported is news"


def test_what_is_off_or_new_is_no_alarm() -> None:
    assert verdict(source(enabled=False, failures=9), NOW).word == "off"
    assert verdict(source(last_asked_at=None), NOW).word == "new"


def test_a_move_is_seen_before_and_after_it_is_adopted() -> None:
    moving = verdict(source(moving_to="https://new.example/feed", moving_runs=2), NOW)
    assert (moving.word, moving.why) == (
        "well",
        "seems to move to https://new.example/feed (2 polls said so)",
    )
    assert "write that address" in verdict(source(moved_to="https://new.example/feed"), NOW).why


def test_a_sitemap_of_an_index_that_cannot_be_had_is_told() -> None:
    found = verdict(source(kind="sitemap", documents_failing=2, documents_reason="http_500"), NOW)
    assert (found.word, found.why) == (
        "well",
        "could not have 2 of the sitemaps or pages that it leads to: http_500",
    )


def test_the_sparkline_has_a_bar_for_each_day() -> None:
    assert sparkline([0, 2, 8, 0, 1]) == "·▂█·▁"
    assert sparkline([]) == ""


def test_the_sick_ones_come_first(server: Server, pressclip: CommandLine, tmp_path: Path) -> None:
    newsroom.publish(server, 2)
    server.replies["/html"] = Reply(b"<html><p>Welcome</p></html>", headers={"Content-Type": newsroom.HTML})
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml", f"{server.base}/html", f"{server.base}/none")
    assert pressclip("crawl").returncode == 1
    listed = json.loads(pressclip("status", "--json").stdout)
    assert [(one["name"], one["state"]) for one in listed] == [
        ("wire1", "failing"),
        ("wire2", "failing"),
        ("wire0", "well"),
    ]
    assert listed[0]["why"].startswith("not_a_feed")
    table = pressclip("status").stdout.splitlines()
    assert [line.split("\t")[:2] for line in table] == [
        ["wire1", "failing"],
        ["wire2", "failing"],
        ["wire0", "well"],
    ]


def test_the_metrics_can_be_read_by_prometheus(
    server: Server, pressclip: CommandLine, tmp_path: Path
) -> None:
    newsroom.publish(server, 2)
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml", f"{server.base}/none")
    pressclip("crawl")
    done = pressclip("status", "--metrics", "pressclip.prom")
    assert (done.returncode, done.stdout) == (0, "")
    families = text_string_to_metric_families((tmp_path / "pressclip.prom").read_text())
    samples = {(s.name, *sorted(s.labels.values())): s.value for family in families for s in family.samples}
    assert samples["pressclip_articles",] == 2
    assert samples["pressclip_source_failures", "wire1"] == 1
    assert samples["pressclip_source_state", "failing", "wire1"] == 1
    assert samples["pressclip_source_last_ok_timestamp_seconds", "wire0"] > 1_700_000_000
    refused = pressclip("status", "--metrics", "no/such/folder/x.prom")
    assert refused.returncode == 2
    assert "no/such/folder" in refused.stderr
