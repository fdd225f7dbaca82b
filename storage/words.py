r"""Words for full text in all scripts: what the index holds, and what a query asks of it.

Japanese, Chinese, Korean and Thai run words together, so each of their characters is a word of the index and a
query word becomes a phrase: recall is complete and one-character queries work. Width, case and accents fold
here and in the tokenizer; what is stored is never folded.
"""

import re
import unicodedata
from dataclasses import dataclass

#: Characters that stand alone in the index: scripts that do not put spaces between words.
RUN_TOGETHER = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u303c"
    "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
# Signs too: the tokenizer takes 😀 and $ for words and everything else for a gap.
_ALONE = re.compile(rf"[{RUN_TOGETHER}]+|[^\w\s]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_TERM = re.compile(r'(-?)"([^"]*)"?|(-?)(\S+)')
_QUOTES = str.maketrans("“”„«»", '"""""')
_MAX_TERMS = 32
_MAX_TERM = 200  # characters


def fold(text: str) -> str:
    """Fold width and compatibility forms, and drop what cannot be seen; the tokenizer folds case and accents.

    >>> fold("ﾋﾞｯﾄｺｲﾝ ＡＩ")
    'ビットコイン AI'
    """
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))


def index_text(text: str) -> str:
    """Write text as the index holds it.

    >>> index_text("仮想通貨のBTC、$100")
    ' 仮 想 通 貨 の BTC 、 $ 100'
    """
    return _ALONE.sub(lambda match: f" {' '.join(match[0])} ", fold(text))


@dataclass(frozen=True, slots=True)
class Query:
    """What a search asks for: all of `wanted`, none of `unwanted`; each a folded word or phrase."""

    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]

    @property
    def match(self) -> str:
        """The FTS5 expression for `wanted` without `unwanted`; empty if nothing is wanted."""
        if not self.wanted:
            return ""
        wanted = " AND ".join(map(_phrase, self.wanted))
        return f"({wanted}) NOT ({self.excluded})" if self.unwanted else wanted

    @property
    def excluded(self) -> str:
        """The FTS5 expression for any of `unwanted`."""
        return " OR ".join(map(_phrase, self.unwanted))


def parse(typed: str) -> Query:
    """Read what a person typed: plain words, "phrases", -exclusions. Anything can be typed; nothing is an error.

    >>> parse('仮想通貨 "price of gold" -規制 NEAR( *')
    Query(wanted=('仮想通貨', 'price of gold', 'NEAR('), unwanted=('規制',))
    """
    wanted: list[str] = []
    unwanted: list[str] = []
    for match in _TERM.finditer(fold(typed).translate(_QUOTES)):
        minus, phrase, other_minus, word = match.groups()
        term = (phrase if phrase is not None else word)[:_MAX_TERM]
        if any(map(_is_word, term)):
            (unwanted if minus or other_minus else wanted).append(term)
    return Query(tuple(wanted[:_MAX_TERMS]), tuple(unwanted[:_MAX_TERMS]))


def _is_word(character: str) -> bool:
    """Tell whether the tokenizer takes a character for (part of) a word: the categories of schema.py."""
    category = unicodedata.category(character)
    return category[0] in "LN" or category in {"Co", "So", "Sc", "Sm"}


def _phrase(term: str) -> str:
    # A control character or a quote would end the expression early; neither is ever part of a word.
    spaced = re.sub(r'["\0-\x1f\ud800-\udfff]', " ", index_text(term))
    return f'"{spaced}"'
