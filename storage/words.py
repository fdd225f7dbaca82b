"""Words for full text in all scripts: what the index holds, and how a word or phrase is asked of it.

Japanese, Chinese, Korean and Thai run words together, so each of their characters is a word of the index and a
query word becomes a phrase: recall is complete and one-character queries work. Width, case and accents fold
here and in the tokenizer; what is stored is never folded.
"""

import re
import unicodedata

#: Characters that stand alone in the index: scripts that do not put spaces between words.
RUN_TOGETHER = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u303c"
    "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
# Signs too: the tokenizer takes 😀 and $ for words and everything else for a gap.
_ALONE = re.compile(rf"[{RUN_TOGETHER}]+|[^\w\s]+")
# What Unicode calls default ignorable. Some of it the tokenizer would take for letters.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_NO_PHRASE = re.compile('["\0-\x1f\ud800-\udfff]')


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


def phrase(text: str) -> str:
    """Write a word or phrase as FTS5 asks for it; empty if there is nothing in it that the index holds.

    >>> phrase("仮想通貨"), phrase("e-mail"), phrase("*")
    ('" 仮 想 通 貨 "', '"e - mail"', '')
    """
    # A control character or a quote would end the expression early; neither is ever part of a word.
    spaced = _NO_PHRASE.sub(" ", index_text(text))
    return f'"{spaced}"' if any(map(is_word, spaced)) else ""


def is_word(character: str) -> bool:
    """Tell whether the tokenizer takes a character for (part of) a word: the categories of `storage.schema`."""
    category = unicodedata.category(character)
    return category[0] in "LN" or category in {"Co", "So", "Sc", "Sm"}
