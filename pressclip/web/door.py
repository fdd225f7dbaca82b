"""The door before the pages: it answers only to our own names, and tells browsers to be careful with every page."""

from collections.abc import Awaitable, Callable, MutableMapping
from collections.abc import Set as AbstractSet
from typing import Any

Asgi = Callable[[MutableMapping[str, Any], Callable[..., Any], Callable[..., Any]], Awaitable[None]]

_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
)


def guarded(app: Asgi, hosts: AbstractSet[str] | None) -> Asgi:
    """Put the door before an application.

    Args:
        app: what is served.
        hosts: names under which it may be asked for; None: any. A page elsewhere could have its own name lead to
            this machine, and read what is served here, if any name were answered.
    """

    async def careful(
        scope: MutableMapping[str, Any], receive: Callable[..., Any], send: Callable[..., Any]
    ) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        asked = dict(scope["headers"]).get(b"host", b"").decode("latin-1").lower()
        if hosts is not None and asked.rpartition(":")[0] not in hosts and asked not in hosts:
            headers = [(b"content-type", b"text/plain; charset=utf-8")]
            await send({"type": "http.response.start", "status": 403, "headers": headers})
            await send({"type": "http.response.body", "body": b"not served under this name\n"})
            return

        async def sent(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_HEADERS]
            await send(message)

        await app(scope, receive, sent)

    return careful
