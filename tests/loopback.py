"""A real web server on loopback that records each request and plays scripted replies."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import subprocess

HANG_UP = 0  # as a status: close the connection without an answer

#: What the fixture `pressclip` is.
CommandLine = Callable[..., "subprocess.CompletedProcess[str]"]


@dataclass
class Reply:
    """One scripted answer."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Asked:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]  # names in lower case
    at: float = 0.0  # when, on this machine's monotonic clock


@dataclass
class Server:
    """A web server; `replies` maps a path to a reply, or to a function that makes one from the request."""

    base: str  # by its address, which sources.toml allows: each address stands for itself
    replies: dict[str, Reply | Callable[[Asked], Reply]] = field(default_factory=dict)
    log: list[Asked] = field(default_factory=list)

    @property
    def public(self) -> str:
        """The same server by a name that no list allows, so that it is a host like any other: 127.2 is 127.0.0.2."""
        parts = urlsplit(self.base)
        return f"http://127.{int((parts.hostname or '').rpartition('.')[2])}:{parts.port}"

    def count(self, path: str) -> int:
        """How often a path was asked for."""
        return sum(asked.path == path for asked in self.log)

    def paths(self) -> list[str]:
        """What was asked for, in order, but for robots.txt."""
        return [asked.path for asked in self.log if asked.path != "/robots.txt"]


@contextmanager
def serving(address: str = "127.0.0.1", *, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """Serve on an ephemeral port of a loopback address; over TLS with a context that has a certificate."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.path, headers, time.monotonic())
            site.log.append(asked)
            found = site.replies.get(self.path, Reply(b"no such page", 404))
            reply = found(asked) if callable(found) else found
            if reply.status == HANG_UP:
                self.close_connection = True
                return
            with suppress(BrokenPipeError, ConnectionResetError):  # a client that was killed
                self.send_response_only(reply.status)  # no Date of its own: some tests send theirs
                for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(reply.body)

        def handle(self) -> None:
            with suppress(ssl.SSLError, ConnectionResetError):  # a client that does not trust us
                super().handle()

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean; `Server.log` has it all."""

    httpd = ThreadingHTTPServer((address, 0), Handler)
    httpd.daemon_threads = True
    if tls is not None:
        # Not on accept: a client that refuses the certificate would end the server.
        httpd.socket = tls.wrap_socket(httpd.socket, server_side=True, do_handshake_on_connect=False)
    site = Server(f"{'https' if tls else 'http'}://{address}:{httpd.server_port}")
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield site
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()
