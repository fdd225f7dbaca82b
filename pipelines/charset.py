"""The bytes of a page as text, whatever their encoding claims to be.

A declaration is a witness, not a fact: pages declare GB2312 and are UTF-8. UTF-8 that decodes strictly is
believed first (other encodings hardly ever do so by accident), then what header and `<meta>` declare, read
with the superset that browsers use (cp932 for Shift_JIS), then whichever codec yields the most words of its
language.
"""

import codecs
import html
import re
from collections.abc import Iterator

#: Encodings that pages name, and the superset that reads what they mean by it.
SUPERSETS = {
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "euc-jp": "euc_jis_2004",
    "x-euc-jp": "euc_jis_2004",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "tis-620": "cp874",
}
#: What is tried when the declaration fails, and the characters that running text of that encoding is full of.
TRIALS = {
    "cp932": re.compile(r"[ぁ-んァ-ヶー]"),
    "euc_jis_2004": re.compile(r"[ぁ-んァ-ヶー]"),
    # Not any syllable: Chinese in GB 2312 is full of bytes that are rare Korean ones.
    "cp949": re.compile(
        r"[이다는의에가을를은로고하지한도서기사자정시대해인으어아들리나과와제장전수부일보상것그]"
    ),
    "gb18030": re.compile(r"[的一是在不了有和人这中大为上个国我以要他时来用们到作地于出就分对成会可主发年]"),
    "big5hkscs": re.compile(
        r"[的一是在不了有和人這中大為上個國我以要他時來用們到作地於出就分對成會可主發年]"
    ),
}
SAMPLE = 200_000  # bytes that a trial looks at
HEAD = 4096  # bytes within which a declaration is believed
FAMILIAR = 0.05  # share of familiar characters from which a trial is believed
GARBLED = 8  # garbled words from which a whole page is taken to be garbled
DAMAGED = 0.002  # share of undecodable bytes up to which declared UTF-8 is UTF-8 with accidents

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{2,40})""")
_HEADER = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_WESTERN = ("latin-1", "cp1252", "iso-8859-15")
#: Eight accented letters in a row are no word of any language that writes them.
_ACCENTED = re.compile("[\x80-\xffŠšŽžŒœŸ€]")
_GARBLED = re.compile(_ACCENTED.pattern + "{8}")
_JIS_ESCAPE = re.compile(rb"\x1b\$[@B]")
#: What Western European readings make of the bytes 0x80 to 0x9f: control characters, or typographic ones.
_CONTROLS = "\x80-\x9f"
_TYPOGRAPHIC = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
_LATER = f"{_CONTROLS}{_TYPOGRAPHIC}\xa0-\xbf"  # any byte of a character but its first
_SIGNS = "¡-ª¬®-º¼-¿"  # those that no text puts behind a capital letter
#: Sequences that are UTF-8 read so and nothing else: no text has controls, nor â before € or †, nor Ã and Â before
#: a sign or inside a word in small letters. What real text has, as IRMÃ» and NESCAFÉ®, is none of them.
_TWICE = re.compile(
    rf"[Â-ô](?:(?<=[Â-ß])[{_CONTROLS}]|(?<=[à-ï])(?:[{_CONTROLS}][{_LATER}]|[{_LATER}][{_CONTROLS}])"
    rf"|(?<=[ð-ô])(?=[{_LATER}]{{0,2}}[{_CONTROLS}])[{_LATER}]{{3}}|(?<=â)[€‚„†ˆ‰ŠŒŽ˜™œ][{_LATER}]|(?<=ð)Ÿ[{_LATER}]{{2}}"
    rf"|(?<=[ÂÃ])[{_SIGNS}]|(?<=Ã)[€‚ƒ„†‡ˆ‰ŠŒŽ˜™š›œžŸ]|(?<=[a-z][ÂÃ])[{_LATER}]|(?<=[ÂÃ])[ª«»\xad](?=[a-z]))"
)
#: Believed only on a page that has others.
_TWICE_LIKELY = re.compile(_TWICE.pattern + "|Â[\xa0«»\xad]|Ã\xa0")
_ENTITIES = re.compile(r"&[aA]circ;&[a-zA-Z]{2,8};(?:&[a-zA-Z]{2,8};)?")
_FIRST = ("Ã", "Â", "â", "ð", "circ;&")


def decode(body: bytes, content_type: str | None = None) -> str:
    """The text of `body`; what cannot be read becomes U+FFFD. NULs and byte order marks are dropped.

    >>> decode("免責事項".encode("utf-8"), "text/html; charset=gb2312")
    '免責事項'
    >>> decode("①㈱の記事".encode("cp932"), "text/html; charset=Shift_JIS")
    '①㈱の記事'
    """
    for mark, wide in BOMS:
        if body.startswith(mark):
            return _clean(body[len(mark) :].decode(wide, "replace"))
    if codec := _wide(body):
        return _clean(body.decode(codec, "replace"))
    if _JIS_ESCAPE.search(body):
        return _clean(body.decode("iso2022_jp_2", "replace"))
    if (strict := _strictly(body, "utf-8")) is not None:
        return _clean(_mended_in_places(_mended(strict)))
    codecs_named = list(_declared(body, content_type))
    if "utf-8" in codecs_named:
        text = body.decode("utf-8", "replace")
        if text.count("�") <= max(3, DAMAGED * len(body)):
            return _clean(text)
    return _clean(body.decode(_likeliest(body, codecs_named), "replace"))


def _mended(text: str) -> str:
    """Text of another encoding that was once read as Western European and then stored as UTF-8.

    >>> _mended("中国和日本的新闻".encode("gb18030").decode("latin-1") * 9)[:8]
    '中国和日本的新闻'
    """
    for _ in range(2):
        if not _is_garbled(text):
            break
        raw = min((text.encode(codec, "replace") for codec in _WESTERN), key=lambda raw: raw.count(b"?"))
        codec = "utf-8" if _strictly(raw, "utf-8") is not None else _likeliest(raw, [])
        if codec == "cp1252":
            break
        text = raw.decode(codec, "replace")
    return text


def _mended_in_places(text: str) -> str:
    r"""Text that is sound but for what was pasted into it: UTF-8 that was once read as Western European.

    >>> _mended_in_places("Itâ€™s 5\xa0€, â\x80\x94Â\xa0said NESCAFÉ® of IRMÃ»")
    'It’s 5\xa0€, —\xa0said NESCAFÉ® of IRMÃ»'
    >>> _mended_in_places("Â\xa0is a letter")
    'Â\xa0is a letter'
    """
    if not any(mark in text for mark in _FIRST):
        return text
    text = _ENTITIES.sub(_without_entities, text)
    return _TWICE_LIKELY.sub(_read_once, text) if _TWICE.search(text) else text


def _read_once(match: re.Match[str]) -> str:
    """A character that was read as two, three or four; these themselves where they are none, or one that cannot be shown."""
    try:
        character = b"".join(map(_byte, match[0])).decode("utf-8")
    except UnicodeError:
        return match[0]
    return match[0] if character == "\ufffd" else character


def _byte(character: str) -> bytes:
    return character.encode("latin-1" if character <= "\xff" else "cp1252")


def _without_entities(match: re.Match[str]) -> str:
    """The same written in entities."""
    garbled = html.unescape(match[0])
    return garbled if _TWICE_LIKELY.fullmatch(garbled) else match[0]


def _is_garbled(text: str) -> bool:
    # Of eight characters in a row one is an eighth one: most pages are known to be sound by an eighth of their text.
    return len(_ACCENTED.findall(text[::8])) >= GARBLED and len(_GARBLED.findall(text)) >= GARBLED


def _clean(text: str) -> str:
    return text.lstrip("\ufeff").replace("\x00", "")


def _wide(body: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of the markup is NUL."""
    sample = body[:400]
    if sample[1::2].count(0) > max(1, len(sample) * 0.4):
        return "utf-16-le"
    if sample[::2].count(0) > max(1, len(sample) * 0.4):
        return "utf-16-be"
    return None


def _declared(body: bytes, content_type: str | None) -> Iterator[str]:
    """Codecs that the header, then the page itself name, those we don't know left out."""
    names = [m[1] for m in [_HEADER.search(content_type or "")] if m]
    names += [m[1].decode("ascii", "replace") for m in [_XML.search(body), _META.search(body[:HEAD])] if m]
    for name in names:
        codec = SUPERSETS.get(name.lower(), name.lower())
        try:
            yield codecs.lookup(codec).name if codec not in TRIALS else codec
        except LookupError:
            continue


def _strictly(body: bytes, codec: str) -> str | None:
    try:
        return body.decode(codec)
    except UnicodeDecodeError:
        return None


def _likeliest(body: bytes, declared: list[str]) -> str:
    """The declared codec if it fits; else the codec that finds the most of its own language.

    >>> _likeliest("これは日本語の文章です。".encode("euc_jis_2004"), ["cp932"])
    'euc_jis_2004'
    >>> _likeliest("Größe".encode("cp1252"), [])
    'cp1252'
    """
    sample = body[:SAMPLE]
    scores = {codec: familiar(sample, codec) for codec in TRIALS}
    best = max(scores, key=lambda codec: (scores[codec], codec in declared))
    for codec in declared:
        text = sample.decode(codec, "replace")
        fits = text.count("�") <= max(3, DAMAGED * len(sample))
        if fits and (codec not in scores or scores[codec] >= 0.5 * scores[best]):
            return codec
    return best if scores[best] > FAMILIAR else "cp1252"


def familiar(sample: bytes, codec: str) -> float:
    """Share of familiar characters among those that are not ASCII, less what cannot be decoded."""
    foreign = [c for c in sample.decode(codec, "replace") if c > "\x7f"]
    if not foreign:
        return 0.0
    text = "".join(foreign)
    return (len(TRIALS[codec].findall(text)) - 20 * text.count("�")) / len(text)
