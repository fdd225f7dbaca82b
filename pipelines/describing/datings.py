"""When it was published first and when updated last, as the page claims it."""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipelines.describing.jsonld import Node
from pipelines.describing.markup import Markup, words
from pipelines.describing.wording import plain, tidy
from pressclip import dates

_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "og:published_time",
    "og:publish_date",
    "datepublished",
    "parsely-pub-date",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "citation_online_date",
    "citation_publication_date",
    "publishdate",
    "publish_date",
    "publisheddate",
    "published_at",
    "published-date",
    "published",
    "pubdate",
    "date.created",
    "datecreated",
    "og:regdate",
    "dc.date",
    "date",
)
_UPDATED = (
    "article:modified_time",
    "og:article:modified_time",
    "og:updated_time",
    "datemodified",
    "dcterms.modified",
    "date.modified",
    "date.updated",
    "last-modified",
    "lastmod",
)
_IN_URL = re.compile(r"(?:^|[/_=-])((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?![0-9])")
_EMBEDDED = re.compile(
    r"""["']?(?:pub_?(?:lish(?:ed)?)?_?(?:time|date|at|on)|ptime|date_?published|first_?publish(?:ed)?(?:_?(?:date|time|at))?|news_?time|issue_?date)
    ["']?\s*[:=]\s*["']((?:19|20)\d\d[-/.]\d\d?[-/.]\d\d?[^"']{0,20})["']""",
    re.IGNORECASE | re.VERBOSE,
)
_WORD = r"[^\W\d_]{3,10}"
_DAY = (
    r"(?:(?:19|20)\d\d\s*(?:[-/.]|年|년)\s*\d{1,2}\s*(?:[-/.]|月|월)\s*\d{1,2}(?:\s*[日일号])?"
    r"|(?:令和|平成)\s*(?:\d{1,2}|元)\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th|er|º)?\.?[\s/-]+(?:de\s+)?{_WORD}\.?,?[\s/-]+(?:de\s+)?(?:19|20)\d\d\b"
    rf"|\b{_WORD}\.?[\s-]+\d{{1,2}}(?:st|nd|rd|th)?,?[\s-]+(?:19|20)\d\d\b"
    r"|\b\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d\b)"
)
_CLOCK = (
    r"(?:[\s,T・]*(?:[（(]\w+[)）])?\s*(?:at|um|à|午前|午後|上午|下午|오전|오후)?\s*\d{1,2}(?:[:：]\d\d(?:[:：]\d\d)?|時\d{1,2}分?|시\s?\d{1,2}분?)"
    r"(?:\s?[ap]\.?m\b\.?)?(?:\s?(?:[A-Z]{2,4}\b|[+-]\d\d:?\d\d))?)?"
)
_DATE = re.compile(_DAY + _CLOCK + r"(?![日にのはがをで])")
_OTHERS = re.compile(
    r"©|\(c\)|copyright|all rights|次の|前の|上一篇|下一篇|이전|다음|\bnext\b|previous|\bborn\b|expires|deadline",
    re.IGNORECASE,
)
_UPDATING = re.compile(
    r"updat|modif|revis|aktualisiert|mis à jour|actualizad|更新|修正|改訂|수정|изменен|обновлен",
    re.IGNORECASE,
)
_PUBLISHING = re.compile(
    r"publi|posted|(?<!up)date(?!d)|created|erstellt|veröffentlicht|公開|掲載|配信|投稿|発表|日付|发布|發布|发表|時間|时间|日期|입력|등록|작성|승인|опублик",
    re.IGNORECASE,
)
_AFTER, _BEFORE = (
    40,
    12,
)  # chunks after and before the headline in which a date is believed to be the article's
_BESIDE = 6  # chunks that are looked at first
_FAR, _LABELLED = (
    400,
    50,
)  # chunks after it, and characters of one, in which the first date is believed if need be
_LONGEST = 120  # characters of a chunk; longer ones are sentences, which speak of other days


def published(markup: Markup, node: Node | None) -> tuple[str, str]:
    """The first publication as data and elements claim it, and where; two empty strings if they don't."""
    claims = [(plain(node.get("datePublished")), "json-ld")] if node is not None else []
    claims += [(value, name) for name in _PUBLISHED for value in markup.metas.get(name, ())[:1]]
    claims += [(text, "time") for text in _times(markup)]
    if node is not None:
        claims += [(plain(node.get(key)), "json-ld") for key in ("dateCreated", "uploadDate")]
    return _local(claims)


def updated(markup: Markup, node: Node | None) -> tuple[str, str]:
    """The last update as data claims it, and where; two empty strings if it doesn't."""
    claims = [(plain(node.get("dateModified")), "json-ld")] if node is not None else []
    claims += [(value, name) for name in _UPDATED for value in markup.metas.get(name, ())[:1]]
    return _local(claims)


def _local(claims: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """The first claim that is a date, or the same moment written with its local offset."""
    read = [(dates.parse(raw), raw, origin) for raw, origin in claims if raw]
    first = next((claim for claim in read if claim[0]), None)
    if first is None:
        return "", ""
    if first[1].endswith(("Z", "+00:00", "+0000")):
        for moment, raw, origin in read:
            if moment == first[0] and dates.local_day(raw) != dates.local_day(first[1]):
                return raw, origin
    return first[1], first[2]


def _times(markup: Markup) -> list[str]:
    found: list[tuple[int, str]] = []
    for element in markup.times:
        marks = f"{element.get('class') or ''} {element.get('itemprop') or ''}".lower()
        raw = plain(element.get("datetime")) or words(element)
        if not raw or _UPDATING.search(marks):
            continue
        rank = 0 if "publish" in marks or element.get("pubdate") is not None else 1
        found.append((rank, raw))
    return [raw for _, raw in sorted(found, key=lambda item: item[0])]


def shown(lines: Sequence[str], headline: int) -> tuple[str, str]:
    """The date that a reader sees beside the headline, and the one of an update; empty strings where there is none.

    Args:
        lines: the page's visible text, one chunk each.
        headline: which of them is the headline.

    >>> shown(["見出し", "公開日：2024年3月25日 10:30", "更新日：2024年3月26日"], 0)
    ('2024年3月25日 10:30', '2024年3月26日')
    >>> shown(["Headline", "Updated", "March 5, 2024", "© 2026 Us"], 0)
    ('', 'March 5, 2024')
    """
    first = last = ""
    near = (
        headline,
        *(place for step in range(1, _BESIDE) for place in (headline + step, headline - step)),
        *range(headline + _BESIDE, headline + _AFTER),
        *range(headline - _BESIDE, headline - _BEFORE, -1),
    )
    for place in near:
        if not 0 <= place < len(lines):
            continue
        line = tidy(lines[place])
        if len(line) > _LONGEST or _OTHERS.search(line):
            continue
        label = tidy(lines[place - 1]) if place and len(lines[place - 1]) < 30 else ""  # noqa: PLR2004 - a label is short
        for raw, words_before in _dates_of(line, label):
            if _UPDATING.search(words_before) and not _PUBLISHING.search(words_before):
                last = last or raw
            else:
                first = first or raw
        if first:
            break
    if first and not last:
        last = _second(lines, headline)
    return first, last


def _second(lines: Sequence[str], headline: int) -> str:
    for place in range(headline, min(headline + _AFTER, len(lines))):
        line = tidy(lines[place])
        if len(line) <= _LONGEST:
            for raw, words_before in _dates_of(line, ""):
                if _UPDATING.search(words_before):
                    return raw
    return ""


def _dates_of(line: str, label: str) -> list[tuple[str, str]]:
    """Each date of a line with its time of day, and the words before it."""
    found: list[tuple[str, str]] = []
    end = 0
    for match in _DATE.finditer(line):
        before, end = line[end : match.start()], match.end()
        if dates.parse(match.group()):
            found.append((match.group(), before if before.strip(" :：|") else label + before))
    return found


def anywhere(lines: Sequence[str], headline: int) -> str:
    """The first date that stands alone or behind a label, farther from the headline; an empty string if none does."""
    for place in range(headline, min(headline + _FAR, len(lines))):
        line = tidy(lines[place][: _LONGEST * 2])
        if len(line) < _LABELLED and not _OTHERS.search(line):
            for raw, _ in _dates_of(line, ""):
                return raw
    return ""


def embedded(root: HtmlElement) -> str:
    """The publication that a page's scripts carry as data, as written; an empty string if none does."""
    for script in root.iter("script"):
        if script.text and (match := _EMBEDDED.search(script.text[:300_000])) and dates.parse(match[1]):
            return match[1]
    return ""


def in_url(url: str) -> str:
    """The day in an address, or an empty string.

    >>> (
    ...     in_url("https://example.com/2024/03/25/coins"),
    ...     in_url("https://example.com/a/20240325-x"),
    ...     in_url("/1"),
    ... )
    ('2024-03-25', '2024-03-25', '')
    """
    try:
        match = _IN_URL.search(urlsplit(url).path)
    except ValueError:
        return ""
    return "-".join(match.groups()) if match else ""
