"""Text as SQLite can hold it."""

import re
from contextlib import suppress
from typing import Any

import msgspec

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def storable(text: str) -> str:
    r"""Replace what no UTF-8 file can hold (lone surrogates) and what ends a C string (NUL).

    >>> storable("仮想\ud800通貨\0")
    '仮想\ufffd通貨\ufffd'
    """
    return _UNSTORABLE.sub("\ufffd", text)


def to_json(value: Any) -> str:
    r"""Write a value as JSON that can be stored.

    >>> to_json(("仮想", "a\ud800"))
    '["仮想","a\ufffd"]'
    """
    with suppress(UnicodeEncodeError):
        text = msgspec.json.encode(value).decode()
        if "\\u0000" not in text:
            return text
    return msgspec.json.encode(_storable_inside(msgspec.to_builtins(value))).decode()


def _storable_inside(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {_storable_inside(key): _storable_inside(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_storable_inside(item) for item in value]
    return value
