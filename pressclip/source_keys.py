"""What each key of sources.toml may hold: one function per kind of value, from TOML to what we use.

Each raises ValueError (msgspec's own error for a wrong type) with a text that ends a sentence begun by the key.
"""

import ipaddress
import os
import re
import unicodedata
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import Annotated, Any
from urllib.parse import urlsplit

import msgspec

MAX_NAME = 64
MAX_URL = 2048
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_MONTH = 31 * 86400
_TEN_YEARS = 3650 * 86400
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_VARIABLE = re.compile(r"\$\{(\w+)\}")
_HOST = re.compile(r"[\w-]+(\.[\w-]+)*")


def flag(value: object) -> bool:
    """Return true or false."""
    return msgspec.convert(value, bool)


def browser(value: object) -> bool:
    """Return whether a source's pages need a browser, which only the extra `render` brings."""
    wanted = flag(value)
    need(
        not wanted or find_spec("scrapy_playwright"),
        'needs a browser: pip install "pressclip[render]", and Chromium on this machine',
    )
    return wanted


def number(kind: type[float], least: float, most: float) -> Callable[[object], Any]:
    """Return a function that lets through an int or a float within limits.

    >>> number(float, 0, 60)(2)
    2.0
    """
    wanted = Annotated[kind, msgspec.Meta(ge=least, le=most)]  # type: ignore[valid-type] # msgspec reads it, not mypy
    return lambda value: msgspec.convert(value, wanted)


def text(value: object) -> str:
    """Return one line of text, NFC; a space may be as wide as its letters.

    >>> text("コイン　速報")
    'コイン\u3000速報'
    """
    line = unicodedata.normalize("NFC", msgspec.convert(value, str)).strip()
    need(line, "is empty")
    spaces_aside = "".join(c for c in line if unicodedata.category(c) != "Zs")
    need(spaces_aside.isprintable(), "holds control characters")
    return line


def texts(value: object) -> tuple[str, ...]:
    """Return lines of text, each once.

    >>> texts(["crypto", "ai", "crypto"])
    ('crypto', 'ai')
    """
    return tuple(dict.fromkeys(text(each) for each in msgspec.convert(value, list[str])))


def name(value: object) -> str:
    """Return the name of a source: it stands in commands, tables and file names.

    >>> name("coindesk-japan"), name("あたらしい経済")
    ('coindesk-japan', 'あたらしい経済')
    >>> name("../../etc/x")
    Traceback (most recent call last):
    ValueError: must be letters, digits, "-", "_" and ".", begin with a letter or digit, and be 64 long at most
    """
    word = unicodedata.normalize("NFC", msgspec.convert(value, str))
    need(
        re.fullmatch(rf"[^\W_][\w.-]{{0,{MAX_NAME - 1}}}", word),
        'must be letters, digits, "-", "_" and ".", begin with a letter or digit, '
        f"and be {MAX_NAME} long at most",
    )
    return word


def url(value: object) -> str:
    """Return an absolute http(s) URL without a password in it.

    >>> url("https://example.org/feed?lang=ja#top")
    'https://example.org/feed?lang=ja'
    """
    address = text(value)
    need(len(address) <= MAX_URL, f"is longer than {MAX_URL} characters")
    secret = re.match(r"[^/]*//[^/?#]*@", address)  # asked first: what urlsplit raises shows the address
    need(not secret, 'holds a user name or password: write it as auth = "user:${PASSWORD}"')
    parts = urlsplit(address)
    need(parts.port is None or parts.port, "names port 0")  # a wrong port is refused only when asked for
    need(len(address.split()) == 1, "holds a space")
    need(
        parts.scheme in {"http", "https"} and parts.hostname,
        "must begin with https:// or http:// and name a host",
    )
    return parts._replace(fragment="").geturl()


def language(value: object) -> str:
    """Return a language tag (BCP 47).

    >>> language("zh-Hant")
    'zh-Hant'
    """
    tag = text(value)
    need(
        re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", tag),
        'must be a language tag such as "ja", "ko", "zh-Hans" or "zh-Hant"',
    )
    return tag


def seconds(value: object) -> int:
    """Return a span of time in seconds, a month at most.

    >>> seconds("30m"), seconds("2h"), seconds("1d"), seconds(900)
    (1800, 7200, 86400, 900)
    """
    return _span(value, _MONTH, 'must be seconds, or "30m", "2h", "1d", and 31 days at most')


def horizon(value: object) -> int:
    """Return how far back something reaches, in seconds, ten years at most.

    >>> horizon("90d")
    7776000
    """
    return _span(
        value, _TEN_YEARS, 'must be a span of time such as "12h", "7d", "365d", and 3650 days at most'
    )


def _span(value: object, most: int, otherwise: str) -> int:
    found = re.fullmatch(r"([0-9]{1,9})\s*([smhd]?)", str(msgspec.convert(value, int | str)))
    span = int(found[1]) * _UNITS[found[2]] if found else -1
    need(0 <= span <= most, otherwise)
    return span


def selectors(value: object) -> tuple[str, ...]:
    """Return CSS selectors.

    >>> selectors(["article .body", "#text > p"])
    ('article .body', '#text > p')
    """
    import cssselect  # only those who use selectors pay for it

    chosen = texts(value)
    for each in chosen:
        try:
            cssselect.HTMLTranslator().css_to_xpath(each)
        except cssselect.SelectorError as error:
            raise ValueError(f'"{each}" is no CSS selector: {error}') from None
    return chosen


def headers(value: object) -> tuple[tuple[str, str], ...]:
    """Return request headers; ``${NAME}`` in a value is taken from the environment.

    >>> headers({"X-Edition": "ja"})
    (('X-Edition', 'ja'),)
    """
    table = msgspec.convert(value, dict[str, str])
    return tuple((_header_name(key), _header_value(key, raw)) for key, raw in table.items())


def contact(value: object) -> str:
    """Return a URL or mail address under which whoever runs this can be reached.

    >>> contact("desk@example.org")
    'desk@example.org'
    """
    address = text(value)
    if _MAIL.fullmatch(address) and address.isascii():
        return address
    need("://" in address, "must be a URL or a mail address")
    return url(address)


def hosts(value: object) -> tuple[str, ...]:
    """Return names, addresses and networks that may be reached although private.

    >>> hosts(["news.example.internal", "127.77.0.0/16", "::1"])
    ('news.example.internal', '127.77.0.0/16', '::1')
    """
    return tuple(_host(each) for each in texts(value))


def is_allowed(host: str, allowed: tuple[str, ...]) -> bool:
    """Tell whether a host name or address is among those that `hosts` returned.

    >>> is_allowed("127.77.3.4", ("127.77.0.0/16",)), is_allowed("127.0.0.1", ("127.77.0.0/16",))
    (True, False)
    """
    plain = host.strip("[]").rstrip(".").casefold()
    if plain in {each.casefold() for each in allowed}:
        return True
    try:
        address = ipaddress.ip_address(plain)
    except ValueError:
        return False
    return any(address in network for network in map(_network, allowed) if network)


def _header_name(key: str) -> str:
    need(_TOKEN.fullmatch(key), "holds a name that is no HTTP header name")
    return key


def _header_value(key: str, raw: str) -> str:
    value = filled(raw, f'"{key}": ').strip()
    # The value may be a secret, and is never shown.
    need(
        value.isascii() and value.isprintable(),
        f'"{key}": its value holds control characters or is not ASCII',
    )
    return value


@cache  # each of the few that sources.toml allows is asked for at every connection
def _network(entry: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return None


def _host(entry: str) -> str:
    need(
        _network(entry) or _HOST.fullmatch(entry),
        f'"{entry}" is no host name, address or network such as "127.77.0.0/16"',
    )
    return entry.rstrip(".")


def filled(raw: str, where: str = "") -> str:
    """Put the environment's values in the place of each ``${NAME}``."""
    for variable in _VARIABLE.findall(raw):
        need(variable in os.environ, f"{where}the environment variable {variable} is not set")
    return _VARIABLE.sub(lambda found: os.environ[found[1]], raw)


def need(condition: object, otherwise: str) -> None:
    """Raise ValueError unless the condition holds."""
    if not condition:
        raise ValueError(otherwise)
