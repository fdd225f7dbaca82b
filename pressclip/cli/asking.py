"""Questions to a person while a crawl runs: the answer is waited for without holding anything up."""

import asyncio
import sys

import click

from pressclip.errors import UsageError


def someone_is_there() -> bool:
    """Whether questions may be asked: somebody types, and sees them."""
    return sys.stdin.isatty() and sys.stderr.isatty()


async def asked(question: str, default: str) -> str:
    """Ask a question on the terminal; an empty answer is the default.

    Raises:
        UsageError: there is no answer: the input ended.
    """
    click.echo(f"{question} [{default}]: ", nl=False, err=True)
    loop = asyncio.get_running_loop()
    typed: asyncio.Future[None] = loop.create_future()

    def ready() -> None:
        if not typed.done():
            typed.set_result(None)

    loop.add_reader(sys.stdin.fileno(), ready)
    try:
        await typed
    finally:
        loop.remove_reader(sys.stdin.fileno())
    line = sys.stdin.readline()  # a terminal has a whole line, or the end
    if not line:
        raise UsageError("no answer; nothing was changed")
    return line.strip() or default
