"""What no feed needs, refused before feedparser meets it: parts of it take time by the square of what they read."""

import re

from pressclip.errors import InputError

#: Markup outside of CDATA: the largest real feeds have a tenth of it, as much as this takes some four seconds.
MAX_MARKUP = 300_000
MAX_REFERENCES = 2_000_000
_MAX_TOPICS = 1_000  # in one item: each is compared with all before it
_MAX_NAME = 10_000  # characters of an author or a list of keywords
_PREFIX = r"<(?:[\w.-]+:)?"
_TOPIC = re.compile(rf"{_PREFIX}(?:(item|entry)|category|subject|keywords|tags)\b", re.IGNORECASE)
_NAMES = "author|creator|contributor|managingeditor|webmaster|publisher|owner|keywords|tags"
_NAME = re.compile(rf"{_PREFIX}(?:{_NAMES})\b[^<>]*(?<!/)>", re.IGNORECASE)
_NAME_END = re.compile(rf"</?(?:[\w.-]+:)?(?:{_NAMES}|item|entry)\b", re.IGNORECASE)
_ENDLESS_WORD = re.compile(r"[\w.+-]{200}")  # searched for an address from each of its characters


def refuse_excess(text: str, markup: int) -> None:
    """Raise InputError ``too_large`` for XML that is no feed by its proportions.

    Args:
        text: the document.
        markup: how many ``<`` of it stand outside of CDATA.
    """
    if markup > MAX_MARKUP:
        raise _too_large(f"{markup} tags, at most {MAX_MARKUP} are read")
    if (references := text.count("&")) > MAX_REFERENCES:
        raise _too_large(f"{references} references, at most {MAX_REFERENCES} are read")
    topics = 0
    for match in _TOPIC.finditer(text):
        topics = 0 if match[1] else topics + 1
        if topics > _MAX_TOPICS:
            raise _too_large(f"more than {_MAX_TOPICS} topics in one item")
    for match in _NAME.finditer(text):
        limit = match.end() + _MAX_NAME
        end = _NAME_END.search(text, match.end(), limit)
        if end is None and limit < len(text):
            raise _too_large(f"a name of more than {_MAX_NAME} characters")
        name = text[match.end() : end.start() if end else limit]
        if _ENDLESS_WORD.search(name) or name.count(",") > _MAX_TOPICS:
            raise _too_large(f"a name of {len(name)} characters")


def _too_large(what: str) -> InputError:
    return InputError("too_large", what)
