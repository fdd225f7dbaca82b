"""How a line of text looks by itself: sentence, label, date, list of links."""

import re

from pipelines.blocks import Block
from pipelines.cues import GROUPS, Group

#: What `look` measures, in its order.
NAMES = (
    "units", "chars", "links", "link_share", "inner_links", "sentences", "commas", "digits", "capitals", "ends",
    "colon", "ellipsis", "bullet", "separators", "date", "clock", "address", "quotes", "emphasis", "prose", "wide",
    "inline_names", "function", "kana", *(f"cue_{group}" for group in GROUPS),
)  # fmt: skip
#: Dates and clock times are looked for in lines of up to so many units: longer ones are sentences.
SHORT = 40

#: Characters of a line that are looked at for the words that hold sentences together ...
SAMPLE = 200
#: ... in the languages that write them apart.
ENGLISH = "the of and to in a is that for it was on with as by at from this be are have has had but not they his her he she we you i an or which"
FUNCTION = frozenset(
    word
    for language in (
        ENGLISH,
        "der die das und ist nicht den von zu mit sich auf für dem ein eine im es auch als wird bei",
        "le la les des et est un une du dans que qui pour sur pas au avec il par ce",
        "el los las y en del se que por con para su una no lo al como más",
        "il di che e della per non si da sono con del nel",
        "o os as do da em um uma não na no com para que ao",
        "de het een en van dat niet op te zijn met voor",
        "и в не на что с по это как но из у за от к его он",
        "i w na z się nie że to do jest o jak dla po od",
        "και το να του η της με για από την στο οι ότι",
        "yang dan di dengan untuk ini itu dari pada dalam tidak",
        "och att det som en på är av för med den till inte",
        "ve bir bu için ile da de olarak",
    )
    for word in language.split()
)

_KANA = re.compile("[\u3041-\u3096]")
_WORD = re.compile(r"[a-z]+|[^\W\d_a-z]+")
_SENTENCE = re.compile(r"""[.!?…]["'”’»)]?(?=\s|$)|[。！？]""")
_END = re.compile(r"""[.!?…。！？」』”"’')）]$""")
_COMMA = re.compile(r"[,，、;；]")
_DIGIT = re.compile(r"\d")
_CAPITAL = re.compile(r"[A-ZÄÖÜÉ]")
_BULLET = re.compile(r"^[・•●○▶►■□◆◇☞→≫»>*※\-–—|▲▼◎★☆👉➡🔗]")
_SEPARATOR = re.compile(r"[|｜›»/>·•]")
_QUOTE = re.compile(r"[\"“”«»„「」『』]")
_ADDRESS = re.compile(r"\w@\w[\w-]{0,60}\.\w|https?://|www\.|@\w+")
_ADDRESSED = ("@", "://", "www.")  # one of these is in every address
_CLOCK = re.compile(
    r"\b\d{1,2}[:：]\d{2}\b|\d+\s?(?:hours?|minutes?|mins?|days?|時間|分|小时|시간|일) ?(?:ago|前|전)?\b"
)
_DATE = re.compile(
    r"\d{4}\s?[-/.年]\s?\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}"
    r"|\d{1,2}\.? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mai|okt|dez)",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"comment|relat|share|social|author|byline|caption|credit|tag|meta|date|time|categor|more|label|icon|tooltip|sr-only"
)


def words(text: str) -> list[str]:
    """Words of alphabetic scripts; pairs of characters of those that write none.

    >>> words("Read 関連記事")
    ['read', '関連', '連記', '記事']
    """
    out = []
    for word in _WORD.findall(text.lower()):
        if word.isascii() or word[0] < "\u2e80":
            out.append(word)
        else:
            out.extend(word[i : i + 2] for i in range(max(1, len(word) - 1)))
    return out


def look(block: Block, host: str, group: Group | None, strength: int) -> list[float]:
    """The measures named in `NAMES`; `group` and `strength` are what `cues.cue` says of the line."""
    text = block.text
    chars = len(text)
    digits = len(_DIGIT.findall(text))
    may_date = block.units < SHORT and digits > 0  # neither date nor time is without one
    links = block.links or 1
    return [
        block.units,
        chars,
        block.links,
        link_share(block),
        sum(inner(piece.href, host) for piece in block.pieces if piece.href is not None) / links,
        len(_SENTENCE.findall(text)),
        len(_COMMA.findall(text)) / (block.units + 1),
        digits / chars,
        len(_CAPITAL.findall(text)) / chars,
        ends(text),
        text[-1] in ":：",
        text.endswith(("…", "...")),
        _BULLET.match(text) is not None,
        len(_SEPARATOR.findall(text)),
        may_date and _DATE.search(text) is not None,
        may_date and _CLOCK.search(text) is not None,
        any(sign in text for sign in _ADDRESSED) and _ADDRESS.search(text) is not None,
        len(_QUOTE.findall(text)),
        min(1.0, block.emphasis / chars),
        block.prose,
        (block.units - chars / 5) / (block.units + 1),
        bool(block.inline_names) and _FURNITURE.search(block.inline_names.lower()) is not None,
        *_running(text[:SAMPLE]),
        *(strength if group == g else 0 for g in GROUPS),
    ]


def _running(text: str) -> tuple[float, float]:
    """How much of a text is words that hold sentences together: of its words, and hiragana of its characters."""
    if text.isascii():
        words = text.lower().split()
        return len(FUNCTION.intersection(words)) / len(words), 0.0
    words = text.lower().split() or [text]
    return len(FUNCTION.intersection(words)) / len(words), len(_KANA.findall(text)) / len(text)


def ends(text: str) -> bool:
    """Whether a line ends as sentences do."""
    return _END.search(text) is not None


def link_share(block: Block) -> float:
    """Share of the text that is linked, 0 to 1."""
    return min(1.0, block.link_units / block.units)


def inner(href: str, host: str) -> bool:
    """Whether a link leads to the same site."""
    return not href.startswith("http") or (bool(host) and host in href[:80])
