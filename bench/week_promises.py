"""The promises of polite polling, held against the log of a server; and the least number of polls that keeps them.

Written from what the sources say (`week_plans`), not with the code that is judged.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from itertools import pairwise
from pathlib import Path

from week_plans import DAY, HOUR, MINUTE, START, STEP, Headers, Plan

SLACK = timedelta(days=2)  # before the end, in which an article may still be on its way
LEAST_DATED = 4  # entries that show a rhythm
WEEKLY_AFTER = 10  # answers of 404 in a row
ADOPTED_AFTER = 3  # runs that agree on a redirect
REFUSALS = 3  # answers of 403 in a row that stop a host
THROTTLED = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
OK = (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED)
GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
REDIRECTS = (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.FOUND)


@dataclass(frozen=True, slots=True)
class Sent:
    """One request as it arrived, and its answer."""

    plan: str
    number: int  # of the host
    at: datetime
    path: str
    status: int
    asked: Headers
    answered: Headers


def pause(plan: Plan, status: int, failures: int, retry_after: int) -> int:
    """The shortest pause (seconds) that an answer to a poll allows; `failures` in a row, this one included."""
    if status in OK:
        dormant = plan.last < START
        own = DAY if dormant else min(DAY, plan.gap // 2)
        return max(plan.interval, own, plan.fresh, plan.floor, retry_after)
    first = max(plan.interval, 30 * MINUTE) if status in THROTTLED else plan.interval
    doubled: int = min(first * 2**failures, DAY)
    missing = status == HTTPStatus.NOT_FOUND and failures > WEEKLY_AFTER
    return max(7 * DAY if missing else doubled, retry_after)


def free(plan: Plan, moment: datetime) -> datetime:
    """The first moment that the plan's lists leave free."""
    while moment.hour in plan.skip_hours or moment.weekday() in plan.skip_days:
        moment = moment.replace(minute=0, second=0) + timedelta(hours=1)
    return moment


def least_polls(plan: Plan, end: datetime) -> int:
    """Count the polls of somebody who asks exactly when it is allowed, at a mark of the clock, knowing no more."""
    moment, polls, failures = START, 0, 0
    while moment < end:
        polls += 1
        trouble = plan.trouble(moment, plan.path)
        status = trouble.status if trouble else int(HTTPStatus.OK)
        failures = failures + 1 if trouble else 0
        if status == HTTPStatus.GONE:
            break
        if plan.moved_to and (plan.moved_by == HTTPStatus.FOUND or polls < 2 * ADOPTED_AFTER):
            polls += 1  # over the old address, until it is adopted
        wait = (trouble.retry_after or 0) if trouble else 0
        due = free(plan, moment + timedelta(seconds=pause(plan, status, failures, wait)))
        moment = START + -(-(due - START) // STEP) * STEP
    return polls


def broken(plan: Plan, log: list[Sent], db: Path, end: datetime) -> list[str]:
    """Name each promise that was broken towards one source."""
    mine = [sent for sent in log if sent.plan == plan.name]
    at_host = [sent for sent in log if sent.number == plan.number]
    said = [
        *_polls(plan, [sent for sent in mine if sent.path == (plan.path)]),
        *_validators(plan, mine),
        *_rests(at_host),
        *_robots(at_host),
        *_articles(plan, at_host),
        *_all_there(plan, db, end),
        *(
            f"{sent.at}: {sent.path} with a cookie or referer"
            for sent in mine
            if {"cookie", "referer"} & set(sent.asked)
        ),
    ]
    return [f"{plan.name} ({plan.what}): {line}" for line in said]


def _polls(plan: Plan, polls: list[Sent]) -> Iterator[str]:
    failures = 0
    for sent, after in pairwise(polls):
        # A redirect is no answer of a feed; the feed behind it answers well in all our plans.
        status = int(HTTPStatus.OK) if sent.status in REDIRECTS else sent.status
        failures = 0 if status in OK else failures + 1
        if status == HTTPStatus.GONE:
            yield f"{after.at}: polled after 410"
        wait = int(sent.answered.get("Retry-After", 0))
        allowed = free(plan, sent.at + timedelta(seconds=pause(plan, status, failures, wait)))
        # How many polls a feed needs to show its rhythm is its own affair: only its claims bind strictly.
        if after.at < allowed and not _learning(plan, sent):
            yield f"{after.at}: polled {allowed - after.at} early, after {status}"


def _learning(plan: Plan, sent: Sent) -> bool:
    """Whether the first answers may not have shown the rhythm yet: too few entries."""
    return len(plan.entries(sent.at)) < LEAST_DATED


def _validators(plan: Plan, mine: list[Sent]) -> Iterator[str]:
    etags: dict[str, str | None] = {}
    for sent in mine:
        if sent.path not in {plan.path, plan.moved_to}:
            continue
        if sent.asked.get("if-none-match") != etags.get(sent.path):
            yield f"{sent.at}: {sent.path} with validators {sent.asked.get('if-none-match')}, not {etags.get(sent.path)}"
        if sent.status in OK:
            etags[sent.path] = sent.answered.get("ETag")


def _rests(at_host: list[Sent]) -> Iterator[str]:
    until, why, refused = START, "", 0
    for sent in at_host:
        if sent.at < until:
            yield f"{sent.at}: {sent.path} while the host rests ({why})"
        if sent.status in THROTTLED:
            wait = int(sent.answered.get("Retry-After", HOUR))
            until, why = sent.at + timedelta(seconds=wait), f"http_{sent.status} for {wait} s"
        refused = refused + 1 if sent.status == HTTPStatus.FORBIDDEN else 0 if sent.status in OK else refused
        if refused >= REFUSALS and sent.status == HTTPStatus.FORBIDDEN:
            until, why = sent.at + timedelta(hours=1), "http_403 again and again"


def _robots(at_host: list[Sent]) -> Iterator[str]:
    asked = [sent for sent in at_host if sent.path == "/robots.txt"]
    for sent, after in pairwise(asked):
        least = DAY if 0 < sent.status < HTTPStatus.INTERNAL_SERVER_ERROR else HOUR
        if after.at - sent.at < timedelta(seconds=least):
            yield f"{after.at}: robots.txt asked again after {after.at - sent.at}"
    articles = [sent for sent in at_host if sent.path.startswith("/news/")]
    if articles and (not asked or at_host.index(asked[0]) > at_host.index(articles[0])):
        yield "an article was asked for before robots.txt"


def _articles(plan: Plan, at_host: list[Sent]) -> Iterator[str]:
    last: dict[str, Sent] = {}
    for sent in at_host:
        if not sent.path.startswith("/news/"):
            continue
        before = last.get(sent.path)
        if before and before.status in {*OK, *GONE}:
            yield f"{sent.at}: {sent.path} asked for again after {before.status}"
        elif before and sent.at - before.at < timedelta(minutes=15):
            yield f"{sent.at}: {sent.path} asked for again after {sent.at - before.at}"
        last[sent.path] = sent
    if "Disallow: /news/" in plan.robots and last:
        yield "articles were asked for although robots.txt forbids them"


def _all_there(plan: Plan, db: Path, end: datetime) -> Iterator[str]:
    """Nothing that could be had was lost."""
    settled = (end - SLACK - START).total_seconds() / HOUR
    if any(trouble.until > settled for trouble in plan.troubles) or "Disallow: /news/" in plan.robots:
        return
    conn = sqlite3.connect(db)
    try:
        rows = conn.execute("SELECT url FROM entries WHERE state = 'done' AND url LIKE ?", [f"%-{plan.name}"])
        have = {int(url.rpartition("/")[2].partition("-")[0]) for (url,) in rows}
    finally:
        conn.close()
    seen = set(plan.entries(START)) | {n for n in plan.entries(end) if plan.published(n) >= START}
    missing = {n for n in seen if plan.published(n) < end - SLACK} - have
    if missing:
        yield f"{len(missing)} articles are missing, such as {min(missing)}"
