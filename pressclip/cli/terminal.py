"""What a page said, made fit for a terminal: a title must not clear the screen, set the clipboard or run backwards."""

import re

# Controls, changes of direction and line separators are shown as escapes; what has no width at all is left out,
# for without it the text looks the same.
_SHOWN = "\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u202a-\u202e\u2028\u2029\u2066-\u206f\ud800-\udfff\ufff0-\ufffb"
_HIDDEN = "\u00ad\u180e\u200b-\u200f\u2060-\u2065\ufeff\U000e0000-\U000e007f"
_UNFIT = re.compile(f"[{_SHOWN}{_HIDDEN}]")
_DROPPED = re.compile(f"[{_HIDDEN}]")
_SPACE = re.compile(r"[\t\n\r\x0b\x0c\x85\u2028\u2029]+")


def safe(text: str, *, keep: str = "") -> str:
    r"""Make foreign text fit for a terminal.

    Args:
        text: what a page, a feed or a server said.
        keep: of line breaks and tabs those that stay; without them it becomes one line.

    >>> print(safe("a\x1b[2Jb \u202egnp.exe\r\nsecond line, zero\u200bwidth"))
    a\x1b[2Jb \u202egnp.exe second line, zerowidth
    >>> safe("one\r\ntwo\tcolumns", keep="\n\t")
    'one\ntwo\tcolumns'
    """
    spaced = _SPACE.sub(lambda match: "".join(one for one in match[0] if one in keep) or " ", text)
    return _UNFIT.sub(_escape, spaced)


def safe_json(text: str) -> str:
    r"""Escape in JSON what is not fit for a terminal; it says the same afterwards.

    >>> print(safe_json('{"title": "\u202egnp"}'))
    {"title": "\u202egnp"}
    """
    return _UNFIT.sub(_json_escape, text)


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if _DROPPED.match(character):
        return ""
    code = ord(character)
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"  # noqa: PLR2004 - two digits hold no more


def _json_escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[place : place + 4]}" for place in range(0, len(units), 4))
