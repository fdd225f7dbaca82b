"""The way out for a browser: a proxy on loopback that connects only where `addresses.may_connect` allows.

A browser resolves names, follows redirects and opens sockets by itself: what its pages ask for never passes our
middlewares. So it gets one way out, and the check stands there, on the address that is connected.
"""

import asyncio
import base64
import hmac
import secrets
import socket
from contextlib import suppress
from urllib.parse import urlsplit

from spiders.guards.addresses import may_connect

_HEAD = 64 * 1024  # bytes of a request's head
_PIECE = 64 * 1024
_PATIENCE = 20.0  # seconds to connect, and for a request's head
_MOST = (
    64 * 1024 * 1024
)  # bytes of one connection's answers: no page needs them, and an endless one stops here
_WEB_PORT = 80


class Tunnel:
    """An HTTP proxy with a password of its own: other users of this machine must not get through it.

    Attributes:
        refused: (host, address) of what was not connected, in order.
    """

    def __init__(self, allowed: tuple[str, ...]) -> None:
        self.user, self.password = "pressclip", secrets.token_urlsafe(16)
        self.refused: list[tuple[str, str]] = []
        self._allowed = allowed
        self._server: asyncio.Server | None = None

    async def open(self) -> str:
        """Listen on loopback; return the proxy's address."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=_HEAD)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def close(self) -> None:
        """Listen no longer; what is on its way ends with the browser."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_PATIENCE):
                head = await reader.readuntil(b"\r\n\r\n")
            await self._forward(head.decode("latin-1"), reader, writer)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # whoever asked hung up, or never said what it wants
        except ValueError:
            pass  # what was asked for is no address, nor a name that DNS could hold
        finally:
            writer.close()

    async def _forward(self, head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request, *fields = head.rstrip().split("\r\n")
        method, _, rest = request.partition(" ")
        target, _, version = rest.rpartition(" ")
        if not self._is_ours(fields):
            writer.write(
                b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=pressclip\r\n"
                b"Content-Length: 0\r\nConnection: close\r\n\r\n"
            )
            await writer.drain()
            return
        parts = urlsplit(f"//{target}" if method == "CONNECT" else target)
        host, port = parts.hostname, parts.port or _WEB_PORT
        if not host or (method != "CONNECT" and parts.scheme != "http"):
            return
        far = await self._connect(host, port)
        if far is None:
            return
        far_reader, far_writer = far
        try:
            if method == "CONNECT":
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await writer.drain()
            else:
                path = parts._replace(scheme="", netloc="").geturl() or "/"
                kept = [line for line in fields if not line.lower().startswith(("proxy-", "connection:"))]
                plain = "\r\n".join([f"{method} {path} {version}", *kept, "Connection: close", "", ""])
                far_writer.write(plain.encode("latin-1"))
            await _join(reader, writer, far_reader, far_writer)
        finally:
            far_writer.close()

    def _is_ours(self, fields: list[str]) -> bool:
        wanted = b"Basic " + base64.b64encode(f"{self.user}:{self.password}".encode())
        values = (line.partition(":") for line in fields)
        return any(
            name.lower() == "proxy-authorization" and hmac.compare_digest(value.strip().encode(), wanted)
            for name, _, value in values
        )

    async def _connect(
        self, host: str, port: int
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """Connect to the first address of a host that may be connected and answers."""
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        for _, _, _, _, place in found:
            address = str(place[0])
            if not may_connect(host, address, self._allowed):
                self.refused.append((host, address))
                continue
            with suppress(OSError, TimeoutError):
                # The address that was judged, not the name: that could lead elsewhere a second time.
                return await asyncio.wait_for(asyncio.open_connection(address, port), _PATIENCE)
        return None


async def _join(
    near_reader: asyncio.StreamReader,
    near_writer: asyncio.StreamWriter,
    far_reader: asyncio.StreamReader,
    far_writer: asyncio.StreamWriter,
) -> None:
    """Carry bytes both ways until the far end closes or has sent too much."""
    up = asyncio.create_task(_pump(near_reader, far_writer))
    try:
        await _pump(far_reader, near_writer)
    finally:
        up.cancel()
        with suppress(asyncio.CancelledError):
            await up


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    left = _MOST
    with suppress(OSError):
        while left > 0 and (piece := await reader.read(_PIECE)):
            left -= len(piece)
            writer.write(piece)
            await writer.drain()
