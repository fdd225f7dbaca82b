"""The servers of the simulated week: one an address of loopback, all on one port, with the simulated clock."""

import email.utils
import threading
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from week_plans import START, Headers, Plan
from week_promises import Sent

SY = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
TEXT = (
    "The exchange of report {n} by {name} said that it would open its order books to auditors in Lisbon and Osaka.",
    "Engineers of {name} spent the season on report {n}, rewriting the engine, which settles in under a second.",
    "Regulators asked {name} for a second look at report {n} by March, and it promised to publish it in full.",
)


class Site:
    """All sources; `now` is set from outside, `log` has each request that arrived."""

    def __init__(self, everyone: list[Plan]) -> None:
        self.now: datetime = START
        self.log: list[Sent] = []
        self._plans: dict[int, list[Plan]] = {}
        for plan in everyone:
            self._plans.setdefault(plan.number, []).append(plan)
        self._servers: list[ThreadingHTTPServer] = []
        self.port = 0

    def __enter__(self) -> Self:
        for number in self._plans:
            server = ThreadingHTTPServer((f"127.88.0.{number}", self.port), self._handler(number))
            server.daemon_threads = True
            self.port = server.server_port
            threading.Thread(target=server.serve_forever, daemon=True).start()
            self._servers.append(server)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def _handler(self, number: int) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                asked = {name.lower(): value for name, value in self.headers.items()}
                plan = site.plan_of(number, self.path)
                status, headers, body = site.answer(plan, self.path, asked)
                site.log.append(Sent(plan.name, plan.number, site.now, self.path, status, asked, headers))
                if status == 0:
                    self.close_connection = True
                    return
                self.send_response_only(status)
                for name, value in {
                    **headers,
                    "Content-Length": str(len(body)),
                    "Connection": "close",
                }.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """`Site.log` has it all."""

        return Handler

    def plan_of(self, number: int, path: str) -> Plan:
        """Find whose address this is; what two feeds share counts for the first."""
        sharing = self._plans[number]
        return next((plan for plan in sharing if path in {plan.path, plan.moved_to}), sharing[0])

    def answer(self, plan: Plan, path: str, asked: dict[str, str]) -> tuple[int, Headers, bytes]:
        """Answer one request."""
        date = {"Date": email.utils.format_datetime(self.now, usegmt=True)}
        if trouble := plan.trouble(self.now, path):
            wait = {"Retry-After": str(trouble.retry_after)} if trouble.retry_after else {}
            return trouble.status, {**date, **wait}, b""
        if path == "/robots.txt":
            return 200, date, plan.robots.encode()
        if path.startswith("/news/"):
            return (
                200,
                {**date, "Content-Type": "text/html; charset=utf-8"},
                _article(plan, int(path[6:].partition("-")[0])),
            )
        if path == plan.path and plan.moved_to:
            return plan.moved_by, {**date, "Location": plan.moved_to}, b""
        if path in {plan.path, plan.moved_to}:
            return self._feed(plan, asked, date)
        return 404, date, b""

    def _feed(self, plan: Plan, asked: dict[str, str], date: Headers) -> tuple[int, Headers, bytes]:
        numbers = plan.entries(self.now)
        headers = {**date, **plan.headers, "Content-Type": "application/rss+xml"}
        if plan.has_etag:
            headers["ETag"] = f'W/"{numbers.stop}"'
            if asked.get("if-none-match") == headers["ETag"]:
                return 304, headers, b""
        items = "".join(_item(plan, number, f"http://{plan.host}:{self.port}") for number in numbers)
        return 200, headers, (
            f'<?xml version="1.0"?><rss version="2.0" {SY}><channel><title>{plan.name}</title>'
            f"<link>http://{plan.host}:{self.port}/</link><description/>{plan.claims}{items}</channel></rss>"
        ).encode()  # fmt: skip


def _item(plan: Plan, number: int, base: str) -> str:
    stamp = email.utils.format_datetime(plan.first + timedelta(seconds=plan.gap * number), usegmt=True)
    address = f"{base}/news/{number}-{plan.name}"
    return f"<item><title>{plan.name} {number}</title><link>{address}</link><guid>{address}</guid><pubDate>{stamp}</pubDate></item>"


def _article(plan: Plan, number: int) -> bytes:
    body = "".join(f"<p>{text.format(n=number, name=plan.name)}</p>" for text in TEXT)
    title = f"{plan.name} report {number}"
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}'
        "</article></body></html>"
    ).encode()
