"""The command that opens the store in a browser."""

from typing import TYPE_CHECKING

import click

from pressclip.cli.context import Given, pass_given
from pressclip.errors import UsageError

if TYPE_CHECKING:
    import socket
    from ipaddress import IPv4Address, IPv6Address


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="0: any that is free."
)
@click.option("--open", "open_it", is_flag=True, help="Open it in the browser.")
@pass_given
def serve(given: Given, host: str, port: int, open_it: bool) -> None:
    """Browse the store in Datasette: search, facets, a page an article, your own SQL. Nothing can write; Ctrl-C ends it.

    On any other address than this machine's own, everybody who reaches it can read everything.

    \b
    Example:
      pressclip serve
      pressclip serve --port 8080 --open
    """
    from pressclip.cli import extras

    extras.need("datasette", extra="web", what="pressclip serve")
    import uvicorn

    from pressclip.web.app import application
    from pressclip.web.door import guarded
    from storage import reading

    with reading.opened(given.db):  # what is wrong with the file is said now
        pass
    listening = _listen(host, port)
    number = listening.getsockname()[1]
    address = f"http://{f'[{host}]' if ':' in host else host}:{number}/"
    app = guarded(application(given.db).app(), _own_names(host))
    click.echo(f"{address}  (Ctrl-C ends it)")
    if open_it:
        click.launch(address)
    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=2)
    uvicorn.Server(config).run(sockets=[listening])


def _listen(host: str, port: int) -> "socket.socket":
    import socket

    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)  # whoever reads the address may ask at once
    except OSError as error:
        raise UsageError(
            f"cannot listen on {host}:{port}: {error.strerror or error}; choose another with --port"
        ) from None
    return listening


def _own_names(host: str) -> frozenset[str] | None:
    """Names under which this machine alone is asked; None where others may ask, under names that we don't know."""
    from ipaddress import ip_address

    try:
        place: IPv4Address | IPv6Address | None = ip_address(host)
    except ValueError:
        place = None
    own = host == "localhost" if place is None else place.is_loopback
    return frozenset({"localhost", "127.0.0.1", "[::1]", host}) if own else None
