"""What not everybody needs is an extra; who asks for it without having it learns how to get it."""

from importlib.util import find_spec

from pressclip.errors import UsageError


def need(module: str, *, extra: str, what: str) -> None:
    """Make sure that an extra's module is there.

    Raises:
        UsageError: it is not; the message says how to install it.
    """
    if find_spec(module) is None:
        raise UsageError(f'{what} needs an extra of pressclip: pip install "pressclip[{extra}]"')
