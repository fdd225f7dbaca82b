"""What an article is about: topics known by their words in many languages (pipelines/topics/*.toml). Pure.

title, body -> one pass of an Aho-Corasick automaton -> hits a topic -> Tally -> is it about this?

Words are matched on folded text (NFKC, lower case); one in capitals matches only in capitals. Alphabetic words need
word boundaries (no "AI" in "said", but in 生成AI and ＡＩモデル), with or without an English plural s; words of Chinese,
Japanese and Korean are found anywhere, for they are written without spaces or take endings.
"""

import tomllib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import ahocorasick

from pressclip.models import TopicWords

#: A file of words each.
SHIPPED = ("crypto", "ai")
_MOST = 3_000  # characters of a text that are looked at: what it is about is said by then
_LEAD = 600  # characters of its first lines
# How many words make a topic, measured on labelled articles of four languages.
_BRIEF = 80  # words; no more has a brief
_FEW, _SEVERAL = 2, 3
_MANY_HINTS = 4  # weak words that make a topic without any other
_THIN, _DENSE = 0.005, 0.01  # of all words
_HANGUL_JAMO = (
    "\u1100"  # scripts from here on have no word boundaries that help, but for a few more Latin letters
)
_MORE_LATIN = ("\u1e00", "\u1fff")


class _Word(NamedTuple):
    """What one folded spelling stands for."""

    topic: str
    rank: str  # `words`, `weak` or `exclude`, as in the files


@dataclass(frozen=True, slots=True)
class Tally:
    """What of one topic's words was found in a text: how often each."""

    words: Mapping[str, int]
    weak: Mapping[str, int]


def found(title: str, body: str, own: tuple[TopicWords, ...] = ()) -> tuple[str, ...]:
    """The topics of an article, in the order of the files, those that the user defined last.

    Args:
        title: headline.
        body: text, or what a feed says of it.
        own: topics that the user defined; one that has the name of a shipped one adds to it.

    >>> (
    ...     found("Bitcoin rises", "It rose."),
    ...     found("生成AIの新モデル", "発表した。"),
    ...     found("He said so", "Method."),
    ... )
    (('crypto',), ('ai',), ())
    """
    matcher = _matcher(own)
    text = body[:_MOST]
    heads, bodies, leads = matcher.tallies(title), matcher.tallies(text), matcher.tallies(text[:_LEAD])
    units = max(_units(text), 1.0)
    return tuple(
        topic
        for topic in matcher.topics
        if is_about(
            heads.get(topic, _NOTHING), bodies.get(topic, _NOTHING), leads.get(topic, _NOTHING), units
        )
    )


def hinted(title: str, body: str, own: tuple[TopicWords, ...] = ()) -> frozenset[str]:
    """The topics of which any word is there, weak ones too."""
    matcher = _matcher(own)
    return frozenset({*matcher.tallies(title), *matcher.tallies(body[:_MOST])})


def holds(text: str, word: str) -> bool:
    """Whether a text holds a word, by the rules for the words of topics.

    >>> (
    ...     holds("ＮＦＴの価値", "NFT"),
    ...     holds("nfts", "NFT"),
    ...     holds("Notebooks", "notebook"),
    ...     holds("said", "ai"),
    ... )
    (True, False, True, False)
    """
    written, folded = _folded(text)
    spelled, lower = _folded(word)
    here, sought = (written, spelled) if _is_in_capitals(spelled) else (folded, lower)
    start = here.find(sought)
    while start >= 0:
        if _stands_alone(here, start, start + len(sought)):
            return True
        start = here.find(sought, start + 1)
    return False


def is_about(head: Tally, body: Tally, lead: Tally, units: float) -> bool:
    """Whether words in headline, body and its first lines make a text of so many words one about their topic.

    One in the headline is enough. Else the body must begin with them and hold many for its length, fewer where the
    headline holds a weak one; a brief has room for few.
    """
    if head.words:
        return True
    count, begun = sum(body.words.values()), sum(lead.words.values())
    hints = len({*head.weak, *body.weak})
    if not count:
        return bool(head.weak) and hints >= _MANY_HINTS
    if units < _BRIEF:
        return bool(head.weak) or count + hints >= _FEW
    share = count / units
    if head.weak and count >= _FEW and share > _THIN:
        return True
    return count >= _SEVERAL and ((begun >= _FEW and share > _DENSE) or (begun > 0 and share > 2 * _DENSE))


_NOTHING = Tally({}, {})


class _Hit(NamedTuple):
    """Where a word stands."""

    start: int
    end: int
    rank: str
    spelling: str


@dataclass(frozen=True, slots=True)
class _Matcher:
    """The automata over all words of all topics."""

    topics: tuple[str, ...]
    folded: ahocorasick.Automaton
    capitals: (
        ahocorasick.Automaton
    )  # of words in capitals, for the text as it is written: "ai" is in every "said"

    def tallies(self, text: str) -> dict[str, Tally]:
        """Count the words of each topic that has any."""
        hits: dict[str, list[_Hit]] = defaultdict(list)
        written, folded = _folded(text)
        for automaton, spelled in ((self.folded, folded), (self.capitals, written)):
            for last, (length, meanings) in automaton.iter(spelled):
                start, end = last + 1 - length, last + 1
                if _stands_alone(spelled, start, end):
                    for topic, rank in meanings:
                        hits[topic].append(_Hit(start, end, rank, folded[start:end]))
        tallies: dict[str, Tally] = {}
        for topic, found_here in hits.items():
            counts: dict[str, Counter[str]] = {"words": Counter(), "weak": Counter(), "exclude": Counter()}
            for hit in _longest(found_here):
                counts[hit.rank][hit.spelling] += 1
            if counts["words"] or counts["weak"]:
                tallies[topic] = Tally(counts["words"], counts["weak"])
        return tallies


def _longest(hits: list[_Hit]) -> Iterator[_Hit]:
    """Give the hits that lie in no longer one."""
    reached = 0
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if hit.end > reached:
            reached = hit.end
            yield hit


def _folded(text: str) -> tuple[str, str]:
    """The text in NFKC, as written and in lower case, character by character the same length."""
    written = text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)
    folded = written.lower()
    if len(folded) != len(written):  # a Turkish capital has a lower case of two characters
        folded = "".join(lower if len(lower := one.lower()) == 1 else one for one in written)
    return written, folded


def _is_in_capitals(word: str) -> bool:
    return word.isascii() and word.isupper()


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether no letter touches an alphabetic word, but for a plural s."""
    if _joins(text[start]) and start and _joins(text[start - 1]):
        return False
    if not _joins(text[end - 1]) or not _joins(text[end : end + 1]):
        return True
    return text[end] == "s" and not _joins(text[end + 1 : end + 2])


def _joins(character: str) -> bool:
    """Whether it makes one word with a letter beside it."""
    return character.isalnum() and (character < _HANGUL_JAMO or _MORE_LATIN[0] <= character <= _MORE_LATIN[1])


def _units(text: str) -> float:
    """The length of a text in words, about: six letters, or two characters of Chinese or Japanese."""
    wide = (len(text.encode("utf-8", "replace")) - len(text)) / 2
    return (len(text) - wide) / 6 + wide / 2


@lru_cache(maxsize=4)
def _matcher(own: tuple[TopicWords, ...]) -> _Matcher:
    folded: dict[str, list[_Word]] = defaultdict(list)
    capitals: dict[str, list[_Word]] = defaultdict(list)
    known = (*shipped(), *own)
    for topic in known:
        for rank in ("words", "weak", "exclude"):
            for word in getattr(topic, rank):
                written, lower = _folded(word)
                if _is_in_capitals(written):
                    capitals[written].append(_Word(topic.name, rank))
                else:
                    folded[lower].append(_Word(topic.name, rank))
    return _Matcher(
        tuple(dict.fromkeys(topic.name for topic in known)), _automaton(folded), _automaton(capitals)
    )


def _automaton(meanings: Mapping[str, list[_Word]]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for spelling, stands_for in meanings.items():
        automaton.add_word(spelling, (len(spelling), tuple(stands_for)))
    automaton.make_automaton()
    return automaton


@lru_cache(maxsize=1)
def shipped() -> tuple[TopicWords, ...]:
    """The topics whose words come with the package."""
    folder = resources.files("pipelines").joinpath("topics")
    return tuple(_read(name, folder.joinpath(f"{name}.toml").read_text("utf-8")) for name in SHIPPED)


def _read(name: str, text: str) -> TopicWords:
    ranks = {
        rank: tuple(dict.fromkeys(word for words in by_language.values() for word in words))
        for rank, by_language in tomllib.loads(text).items()
    }
    return TopicWords(name=name, **ranks)
