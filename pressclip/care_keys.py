"""What the keys of a source may hold that say how it is asked and what of it is wanted; as `pressclip.source_keys`.

Secrets come from the file or, as ``${NAME}``, from the environment, and are never repeated in a message.
"""

import re
import zoneinfo
from typing import Any
from urllib.parse import urlsplit

import msgspec

from pressclip import source_keys as keys
from pressclip.models import TopicWords

MAX_PATTERN = 200  # characters of a pattern
_COOKIE = re.compile(r"[!#-+\--:<-\[\]-~]*")  # RFC 6265, 4.1.1
_WORDS_KEYS = {"words": keys.texts, "weak": keys.texts, "exclude": keys.texts}


def cookies(value: object) -> tuple[tuple[str, str], ...]:
    """Return cookies to send.

    >>> cookies({"session": "abc"})
    (('session', 'abc'),)
    """
    pairs = keys.headers(value)
    for name, secret in pairs:
        keys.need(_COOKIE.fullmatch(secret), f'"{name}": its value holds what no cookie may')
    return pairs


def auth(value: object) -> str:
    """Return ``user:password`` for basic authorization.

    >>> auth("desk:s3cret")
    'desk:s3cret'
    """
    pair = keys.filled(msgspec.convert(value, str))
    keys.need(pair.partition(":")[0] and ":" in pair, 'must be "user:password"')
    keys.need(pair.isprintable(), "holds control characters")
    return pair


def proxy(value: object) -> str:
    """Return the address of an HTTP proxy.

    >>> proxy("http://proxy.example:3128")
    'http://proxy.example:3128'
    """
    address = keys.filled(msgspec.convert(value, str)).strip()
    wrong = 'must be "http://host:port", with "user:password@" before the host where the proxy asks for them'
    try:
        parts = urlsplit(address)
        fits = parts.scheme == "http" and parts.hostname and (parts.port is None or parts.port)
    except ValueError:  # its own text would show the address
        fits = False
    keys.need(fits and parts.path in {"", "/"} and not parts.query and address.isprintable(), wrong)
    return address.rstrip("/")


def rules(value: object) -> tuple[str, ...]:
    """Return words and patterns by which entries are chosen; ``/.../`` is a regular expression.

    >>> rules(["sponsored", "/^(ad|pr):/"])
    ('sponsored', '/^(ad|pr):/')
    >>> rules(["/(/"])
    Traceback (most recent call last):
    ValueError: "/(/" is no regular expression: missing ), unterminated subpattern at position 0
    """
    chosen = keys.texts(value)
    for each in chosen:
        if is_pattern(each):
            _check_pattern(each)
    return chosen


def is_pattern(rule: str) -> bool:
    """Tell a regular expression from a word.

    >>> is_pattern("/^ad:/"), is_pattern("TCP/IP")
    (True, False)
    """
    return len(rule) > 2 and rule[0] == rule[-1] == "/"  # noqa: PLR2004 - both slashes, and something between


def languages(value: object) -> tuple[str, ...]:
    """Return language tags.

    >>> languages(["ja", "zh-Hant"])
    ('ja', 'zh-Hant')
    """
    return tuple(keys.language(each) for each in keys.texts(value))


def timezone(value: object) -> str:
    """Return the name of a time zone.

    >>> timezone("Asia/Tokyo")
    'Asia/Tokyo'
    """
    name = keys.text(value)
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            'must be a time zone such as "Asia/Tokyo" (known to this machine: see its package tzdata)'
        ) from None
    return name


def topic_words(name: str, table: object) -> TopicWords:
    """Return the words of one ``[topics.NAME]`` table.

    >>> topic_words("gaming", {"words": ["Nintendo"]}).words
    ('Nintendo',)
    """
    keys.text(name)
    values: dict[str, Any] = {}
    for key, value in msgspec.convert(table, dict[str, list[str]]).items():
        keys.need(key in _WORDS_KEYS, f'"{key}" is none of "words", "weak" and "exclude"')
        values[key] = _WORDS_KEYS[key](value)
    keys.need(any(values.values()), "holds no words")
    return TopicWords(name=name, **values)


def _check_pattern(rule: str) -> None:
    """Refuse what is no pattern; how long one may take is bounded where it is used (spiders.rules)."""
    pattern = rule[1:-1]
    keys.need(len(pattern) <= MAX_PATTERN, f'"{rule[:40]}...": is longer than {MAX_PATTERN} characters')
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f'"{rule}" is no regular expression: {error}') from None
