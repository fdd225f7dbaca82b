"""What a person may type into a search: read into what the index is asked. Nothing that is typed is an error.

    query   = term { term }                  all of them
    term    = ["-"] item | term "OR" term    OR binds closer than standing side by side; | says the same
    item    = word | "phrase" | field:value
    field   = source, lang, topic, since, until

AND between two terms changes nothing. An OR, AND or field that is not written so is a word like any other.
"""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby

from storage import facets, moments
from storage.words import fold, index_text, phrase

_TERM = re.compile(
    r'(?P<minus>[-−]?)(?:(?P<field>source|lang|topic|since|until):(?="[^"]*[^"\s]|[^\s|"]))?'
    r'(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s|]+))|(?P<bar>\|)',
    re.IGNORECASE,
)
_QUOTES = str.maketrans("“”„«»", '"""""')
_COUNTED = "a character of Japanese, Chinese or Korean counts as one"
_CONNECTIVES = {"OR", "AND", "|"}
_LONGEST = 4000  # characters
#: Words of the index in one query. The index walks through the places of each: a phrase of thousands takes minutes.
_MOST = 128


@dataclass(frozen=True, slots=True)
class Query:
    """What a search asks for.

    Attributes:
        match: the FTS5 expression over `articles_fts`; empty: nothing is asked for.
        words: the words and phrases that are wanted, folded: what to mark in what is found.
        first: the lowest sort key that is wanted; None: any.
        end: the sort key before which all that is wanted lies; None: none.
        sources: names of sources that it asks for.
        notes: what was not understood and left out, one line each.
    """

    match: str = ""
    words: tuple[str, ...] = ()
    first: int | None = None
    end: int | None = None
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Term:
    minus: bool
    field: str | None  # None: a word or phrase; "": OR, AND or |
    value: str

    @property
    def expression(self) -> str:
        """The FTS5 expression; empty for a date or a sign between terms."""
        if self.field in facets.NAMES:
            return has(self.field, self.value)
        return f"{{title text}} : {phrase(self.value)}" if self.field is None else ""


def has(facet: str, value: str) -> str:
    """Write a facet as FTS5 asks for it.

    >>> has("lang", "ja")
    'facets : "lang=ja"'
    """
    return f'facets : "{facets.word(facet, value)}"'


def parse(typed: str, now: datetime | None = None) -> Query:
    """Read what a person typed.

    Args:
        typed: words, "phrases", -exclusions, OR, and source:, lang:, topic:, since:, until:.
        now: the clock, for dates such as ``7d`` and ``today``; the clock of this machine if left out.

    >>> parse("gold OR 金 -silver").match
    '(({title text} : "gold" OR {title text} : " 金 ")) NOT ({title text} : "silver")'
    >>> parse("lang:ja since:2026-11-22").first
    1795305600000000
    """
    folded = fold(typed).translate(_QUOTES)
    all_terms = list(_terms(folded[:_LONGEST]))
    terms = list(_first_words(all_terms))
    cut = len(folded) > _LONGEST or terms != all_terms
    notes = [f"only the first {_MOST} words were looked for; {_COUNTED}"] if cut else []
    first, end, bad_dates = _span(terms, now or datetime.now(UTC))
    dated = first is not None or end is not None
    groups = _groups(terms)
    wanted = [term for group in groups for term in group if not term.minus]
    return Query(
        match=_match(groups) or (f'facets : "{facets.EVERY}"' if dated else ""),
        words=tuple(term.value for term in wanted if term.field is None),
        first=first,
        end=end,
        sources=tuple(term.value for group in groups for term in group if term.field == "source"),
        notes=(*notes, *bad_dates),
    )


def _terms(folded: str) -> Iterator[_Term]:
    """Cut what was typed; signs and quotes without a word in them are nothing."""
    for match in _TERM.finditer(folded):
        quoted, word, name = match["phrase"], match["word"], (match["field"] or "").lower()
        if match["bar"] or (word in _CONNECTIVES and not match["minus"] and not name):
            yield _Term(minus=False, field="", value=match["bar"] or word)
        elif name:
            yield _Term(minus=bool(match["minus"]), field=name, value=(quoted or word or "").strip())
        elif phrase(value := quoted if quoted is not None else word):
            yield _Term(minus=bool(match["minus"]), field=None, value=value)


def _first_words(terms: Sequence[_Term]) -> Iterator[_Term]:
    """Take terms until they have as many words as may be asked for; a phrase may be cut."""
    left = _MOST
    for term in terms:
        words = index_text(term.value).split() if term.field is None else [term.value]
        if len(words) <= left:
            yield term
        elif left and phrase(start := " ".join(words[:left])):
            yield replace(term, value=start)
        left = max(0, left - len(words))


def _groups(terms: Sequence[_Term]) -> list[list[_Term]]:
    """Gather the terms that OR joins; all other terms are groups of one. Dates belong to none."""
    groups: list[list[_Term]] = []
    joined = False
    runs = [(kind, list(run)) for kind, run in groupby(terms, key=lambda term: term.field == "")]
    for place, (between, run) in enumerate(runs):
        if not between:
            for number, term in enumerate(run):
                if term.expression and joined and number == 0 and groups:
                    groups[-1].append(term)
                elif term.expression:
                    groups.append([term])
            joined = False
        elif 0 < place < len(runs) - 1:
            dates = {runs[place - 1][1][-1].field, runs[place + 1][1][0].field} & {"since", "until"}
            joined = not dates and any(term.value != "AND" for term in run)
        else:  # before or behind all terms it joins nothing
            groups += [
                [_Term(minus=False, field=None, value=term.value)] for term in run if term.value != "|"
            ]
    return groups


def _match(groups: Sequence[Sequence[_Term]]) -> str:
    without = [group[0].expression for group in groups if len(group) == 1 and group[0].minus]
    wanted = [_either(group) for group in groups if len(group) > 1 or not group[0].minus]
    expression = " AND ".join(dict.fromkeys(wanted)) or (f'facets : "{facets.EVERY}"' if without else "")
    if not without:
        return expression
    return f"({expression}) NOT ({' OR '.join(dict.fromkeys(without))})"


def _either(group: Sequence[_Term]) -> str:
    if len(group) == 1:
        return group[0].expression
    parts = (
        f'(facets : "{facets.EVERY}" NOT {term.expression})' if term.minus else term.expression
        for term in group
    )
    return f"({' OR '.join(dict.fromkeys(parts))})"


def _span(terms: Sequence[_Term], now: datetime) -> tuple[int | None, int | None, list[str]]:
    """Find the sort keys between which all that is wanted lies, and what is no date."""
    firsts: list[int] = []
    ends: list[int] = []
    notes: list[str] = []
    for term in terms:
        if term.field not in ("since", "until"):
            continue
        try:
            moment = moments.read(term.value, now)
            key = moments.first_key(moment) if term.field == "since" else moments.end_key(moment)
        except (ValueError, OverflowError):
            notes.append(f"{term.field}:{term.value} is no date and was left out; write {moments.EXAMPLES}")
            continue
        (firsts if (term.field == "since") != term.minus else ends).append(key)
    return max(firsts, default=None), min(ends, default=None), notes


def register(conn: sqlite3.Connection) -> None:
    """Give a connection the query language as SQL functions: search_match, search_first and search_end.

    ``articles_fts MATCH search_match(:q) AND articles_fts.rowid >= search_first(:q) AND articles_fts.rowid <
    search_end(:q)`` selects what `search` finds.
    """
    lowest, highest = -(2**63), 2**63 - 1
    nothing = has("source", "")  # FTS5 takes an empty expression for an error

    def match(typed: object) -> str:
        return _asked(typed).match or nothing

    def first(typed: object) -> int:
        key = _asked(typed).first
        return lowest if key is None else key

    def end(typed: object) -> int:
        key = _asked(typed).end
        return highest if key is None else key

    conn.create_function("search_match", 1, match)
    conn.create_function("search_first", 1, first)
    conn.create_function("search_end", 1, end)


def _asked(typed: object) -> Query:
    return parse("" if typed is None else str(typed))
