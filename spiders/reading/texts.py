"""The words of a feed as plain text: decoded exactly once, NFC, without what XML forbids."""

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator

from lxml import etree

from spiders.reading.feed import Words

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
#: People paste text from Windows where the code points of C1 stand.
_WINDOWS = {
    chr(code): char for code in range(0x80, 0xA0) if (char := bytes((code,)).decode("cp1252", "ignore"))
}
#: White space that means one space; the ideographic space between Japanese words stays.
_SPACES = re.compile("[ \t\r\n\f\v\x85\xa0\u2028\u2029]+")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--")
_UNSEEN = frozenset(("script", "style", "template", "noscript", "iframe", "object", "svg", "math", "head"))
_BLOCK_NAMES = (
    "address article aside blockquote br dd div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 header hr li ol p",
    "pre section table td th tr ul",
)
_BLOCKS = frozenset(name for names in _BLOCK_NAMES for name in names.split())
_LANG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_MAX_SUMMARY_HTML = 1_000_000  # characters; more is no summary


def line(words: Words | None) -> str | None:
    """One line of plain text: a title, a name, a tag; None where nothing is left.

    Plain text is relieved of references, too: no headline is about them, and many publishers escape twice.

    >>> line(Words("AT&amp;T&nbsp;<b>rises</b>", is_html=True))
    'AT&T rises'
    >>> line(Words("List<String> &amp;amp; co", is_html=False))
    'List<String> &amp; co'
    """
    if words is None:
        return None
    parts = _from_html(words.text) if words.is_html else [html.unescape(words.text)]
    return " ".join(_lines(parts)) or None


def paragraphs(words: Words | None) -> str | None:
    r"""Plain text, one line for each block of the HTML; None where nothing is left.

    >>> paragraphs(Words("<p>速報　BTC</p><script>x</script><p>続く", is_html=True))
    '速報　BTC\n続く'
    """
    if words is None:
        return None
    parts = _from_html(words.text[:_MAX_SUMMARY_HTML]) if words.is_html else words.text.splitlines()
    return "\n".join(_lines(parts)) or None


def _lines(parts: Iterable[str]) -> Iterator[str]:
    """The parts, clean, each on one line, empty ones left out."""
    for part in parts:
        if text := _SPACES.sub(" ", clean(part)).strip():
            yield text


def clean(text: str) -> str:
    """The same text in NFC, of characters that a text may hold."""
    return unicodedata.normalize("NFC", allowed(text))


def allowed(text: str) -> str:
    r"""The text without what XML 1.0 forbids; the controls of C1 are read as Windows' quotes and dashes.

    >>> allowed("it\x92s\x00")
    'it’s'
    """
    return _FORBIDDEN.sub(lambda match: _WINDOWS.get(match[0], ""), text)


def language(raw: str | None) -> str | None:
    """A language tag in the usual case, or None where it is none.

    >>> language("zh_hant_TW"), language("JA-jp"), language("Japanese!")
    ('zh-Hant-TW', 'ja-JP', None)
    """
    tag = (raw or "").strip().replace("_", "-")
    if not _LANG.fullmatch(tag):
        return None
    first, *others = tag.split("-")
    cased = {2: str.upper, 4: str.title}
    return "-".join([first.lower(), *(cased.get(len(part), str.lower)(part) for part in others)])


def _from_html(text: str) -> list[str]:
    """The blocks of an HTML fragment, decoded."""
    if not _TAG.search(text):
        return [html.unescape(text)]
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True)
    tree = etree.HTML(f"<div>{allowed(text)}</div>", parser)
    blocks: list[list[str]] = [[]]
    walker = etree.iterwalk(tree, events=("start", "end"))
    for event, node in walker:
        if node.tag in _BLOCKS:
            blocks.append([])
        if event == "end":
            blocks[-1].append(node.tail or "")
        elif node.tag in _UNSEEN:
            walker.skip_subtree()
        else:
            blocks[-1].append(node.text or "")
    return ["".join(block) for block in blocks]
