"""Which notes are no example of the person's work in this period: about somebody else, small talk, jokes, earlier times. Pure.

A note that is left out is still listed as unused, so whoever writes the review sees it and may think otherwise. In doubt a
note stays in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache

from sync.access import Directory
from sync.records import Entry, EntryKind, Person
from sync.review.features import Features
from sync.review.vocabulary import (
    AGENT,
    BEFORE_OBJECTS,
    COMMON_NAMES,
    COMPARED,
    EARLIER,
    LAUGHS,
    LEADERS,
    LIGHT,
    LINKS,
    MONTH_NUMBERS,
    OFF_TOPIC,
    OWN_OBJECT,
    OWN_SUBJECT,
    PLANS,
    PRAISED_TO,
    RESULTS,
    SMILES,
    SPOKEN_TO,
    TELLING,
    THIRD,
)

_SENTENCES = re.compile(r"(?<=[.!?;])\s+|\n+|\s+[–—]\s+")
_TOKEN = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_PARTICIPLE = re.compile(r"\b(?:\w{3,}ed|ge\w{3,}(?:t|en))\b")
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d%]|[.,]\d)")
_WEIGHTY = frozenset(
    {EntryKind.WIN, EntryKind.FEEDBACK, EntryKind.PEER_FEEDBACK, EntryKind.RECOGNITION, EntryKind.GROWTH, EntryKind.BLOCKER}
)
_TESTIMONY = 2.0
"""What a person chose to file as a win or as feedback counts as so many signs of work."""


class Reason(Enum):
    """Why a note is no example."""

    SOMEBODY_ELSE = "about somebody else"
    SMALL_TALK = "small talk"
    EARLIER = "about an earlier time"
    QUESTION = "a question"


@dataclass(frozen=True, eq=False)
class Subject:
    """The person whose notes are judged, those who have other names, and the period."""

    person: Person
    directory: Directory
    since: date
    until: date

    def objection(self, entry: Entry) -> Reason | None:
        """Why *entry* is no example of this person's work in the period, None when it may be one."""
        if about_somebody_else(entry, self.person, self.directory):
            return Reason.SOMEBODY_ELSE
        if about_earlier(entry.text, self.since, self.until):
            return Reason.EARLIER
        if small_talk(entry):
            return Reason.SMALL_TALK
        if entry.text.rstrip().endswith("?"):
            return Reason.QUESTION
        return None


# ---------------------------------------------------------------- small talk


def signs_of_work(text: str) -> int:
    """How many signs there are that something was done: words for results, and with them amounts."""
    folded = f" {text.casefold()} "
    results = sum(1 for _ in _RESULTS.finditer(folded))
    results = results or sum(1 for word in _PARTICIPLE.findall(folded) if word not in LIGHT)
    return results + min(2, len(Features(text).numbers)) if results else 0


def small_talk(entry: Entry) -> bool:
    """Whether *entry* is a joke, or about food, weather and weekends rather than about work."""
    folded = f" {entry.text.casefold()} "
    filed = entry.kind in _WEIGHTY
    if not filed and _LAUGHS.search(folded):
        return True
    hits = sum(1 + (" " in found.strip()) for found in _OFF_TOPIC.findall(folded)) + any(sign in folded for sign in SMILES)
    return hits > 0 and signs_of_work(entry.text) + (_TESTIMONY if filed else 0) < 2 * hits


def is_plan(text: str) -> bool:
    """Whether *text* says what is to come rather than what was."""
    folded = f"{text.casefold()} "
    return any(sign in folded for sign in PLANS)


def _beginnings(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})")


def _whole(signs: Iterable[str]) -> re.Pattern[str]:
    """Any of *signs*; one that is a word, as a word of its own."""
    return re.compile("|".join(rf"(?<!\w){re.escape(one)}(?!\w)" if one[0].isalpha() else re.escape(one) for one in signs))


_LAUGHS = _whole(LAUGHS)
_EARLIER = _whole(EARLIER)
_EARLIER_LETTERS = {"".join(sorted(word)): word for sign in EARLIER for word in sign.split() if len(word) > 4}
"""Their longer words by their letters, so that a slip of the pen does not hide them."""
_OFF_TOPIC = _beginnings(OFF_TOPIC)
_RESULTS = _beginnings(RESULTS)


# ---------------------------------------------------------------- earlier times


def about_earlier(text: str, since: date, until: date) -> bool:
    """Whether *text* tells of a time before *since*, rather than comparing with it or looking ahead."""
    words = [_EARLIER_LETTERS.get("".join(sorted(found)), found) for found in _TOKEN.findall(text.casefold())]
    if any(not _compared(sign.split()[0], words) for sign in _EARLIER.findall(" ".join(words))):
        return True
    years = [int(found) for found in _YEAR.findall(text)]
    early = [year for year in years if 1990 <= year < since.year]
    if early and not any(year >= since.year for year in years):
        return not any(_compared(str(year), words) for year in early)
    return _month_before(words, since, until) and not years


def _compared(word: str, words: Sequence[str]) -> bool:
    """Whether one of the three words before *word* compares."""
    places = [at for at, one in enumerate(words) if one == word]
    return any(one in COMPARED for at in places for one in words[max(0, at - 3) : at])


def _month_before(words: Sequence[str], since: date, until: date) -> bool:
    """``back in November`` when the period begins in January."""
    inside = {month % 12 + 1 for month in range(since.month - 1, since.month - 1 + _months(since, until))}
    return any(
        word in MONTH_NUMBERS and MONTH_NUMBERS[word] not in inside and {"back", "damals"} & set(words[max(0, at - 3) : at])
        for at, word in enumerate(words)
    )


def _months(since: date, until: date) -> int:
    return (until.year - since.year) * 12 + until.month - since.month + 1


# ---------------------------------------------------------------- somebody else


def about_somebody_else(entry: Entry, person: Person, directory: Directory) -> bool:
    """Whether the sentences of *entry* are about another colleague, or about its author, and none about *person*."""
    names = _names_of(directory)
    own = entry.by in ("", person.id)
    verdicts = [verdict for one in _SENTENCES.split(entry.text) if (verdict := _Sentence(one, person, names, own).verdict)]
    if "person" in verdicts:
        return False
    return bool(verdicts) and (verdicts[0] == "other" or all(one == "other" for one in verdicts))


@dataclass(frozen=True)
class _Names:
    firsts: frozenset[str]
    wholes: frozenset[tuple[str, ...]]


@lru_cache(maxsize=4)
def _names_of(directory: Directory) -> _Names:
    """The names in *directory* once, however many people are drafted."""
    split = [tuple(_TOKEN.findall(one.name)) for one in directory.people]
    firsts = {parts[0] for parts in split if parts and parts[0].casefold() not in COMMON_NAMES and len(parts[0]) > 1}
    return _Names(frozenset(firsts), frozenset(parts for parts in split if len(parts) > 1))


@dataclass(frozen=True)
class _Mention:
    """Somebody in a sentence: *who* is ``person``, ``other`` or ``author``."""

    who: str
    at: int
    end: int
    possessive: bool = False


class _Sentence:
    """Who one sentence is about: ``person``, ``other``, ``implied`` (nobody is named as subject), or "" for nothing."""

    def __init__(self, text: str, person: Person, names: _Names, own: bool) -> None:
        self.tokens = _TOKEN.findall(text)
        self.words = [token.casefold() for token in self.tokens]
        self.mine = tuple(_TOKEN.findall(person.name))
        self.names, self.own = names, own

    @property
    def verdict(self) -> str:
        if not self.tokens:
            return ""
        mentions = list(self._mentions())
        if not mentions:
            return "implied"
        first = mentions[0]
        if self._praises(first):
            return "person" if first.who == "person" else "other"
        if first.who == "person":
            return "person"
        if self._is_subject(first):
            return self._beside(first, mentions[1:])
        if any(one.who == "person" for one in mentions):
            return "person"
        return "other" if first.at and self.words[first.at - 1] in AGENT else "implied"

    def _beside(self, subject: _Mention, rest: Sequence[_Mention]) -> str:
        """The subject is somebody else: the sentence is about the person only where they act in it, or are praised."""
        told = any(word in TELLING for word in self.words)
        for one in rest:
            if one.who != "person":
                continue
            before = self.words[one.at - 1] if one.at else ""
            acts = before in LINKS or one.possessive or self.words[one.at] in OWN_SUBJECT
            if acts or told:
                return "person"
            if subject.who == "author" and before not in BEFORE_OBJECTS:
                return "person"
        if subject.who == "author" and told and not rest:
            return "implied"
        return "other"

    def _praises(self, first: _Mention) -> bool:
        """``Kudos to Marco for the plan``."""
        before = self.words[: first.at]
        return (
            0 < len(before) <= 4
            and (bool(PRAISED_TO & set(before)) or before[:2] == ["well", "done"])
            and before[-1] not in ("without", "ohne")
        )

    def _is_subject(self, one: _Mention) -> bool:
        before = self.words[: one.at]
        if before and before[-1] in BEFORE_OBJECTS | AGENT:
            return False
        leading = [word for word in before if word not in LEADERS and not word[0].isdigit()]
        return not leading or self._earned(before)

    def _earned(self, before: Sequence[str]) -> bool:
        """``Well earned: Marco won``: nothing but an exclamation stands before the name."""
        return len(before) <= 2 and before[0] in ("well", "great", "good", "super", "stark", "toll", "klasse")

    def _mentions(self) -> Iterator[_Mention]:
        at = 0
        named_other = False
        while at < len(self.tokens):
            found = self._name(at) or self._pronoun(at, named_other)
            if found:
                named_other = named_other or found.who == "other"
                yield found
            at = found.end if found else at + 1

    def _name(self, at: int) -> _Mention | None:
        raw = self.tokens[at]
        plain = _POSSESSIVE.sub("", raw)
        possessive = plain != raw
        if plain == self.mine[0] if self.mine else False:
            end = at + len(self.mine) if tuple(self.tokens[at : at + len(self.mine)]) == self.mine else at + 1
            return _Mention("person", at, end, possessive)
        whole = next((n for n in (2, 3, 4) if (*self.tokens[at : at + n - 1], *self._last(at + n - 1)) in self.names.wholes), 0)
        if whole:
            return _Mention("other", at, at + whole, self._last(at + whole - 1) != self.tokens[at + whole - 1 : at + whole])
        if plain in self.names.firsts:
            return _Mention("other", at, at + 1, possessive)
        if plain.endswith("s") and plain[:-1] in self.names.firsts | set(self.mine[:1]):
            return _Mention("person" if plain[:-1] in self.mine[:1] else "other", at, at + 1, possessive=True)
        return None

    def _last(self, at: int) -> list[str]:
        return [_POSSESSIVE.sub("", one) for one in self.tokens[at : at + 1]]

    def _pronoun(self, at: int, named_other: bool) -> _Mention | None:
        word = self.words[at]
        if word in OWN_SUBJECT or word in OWN_OBJECT:
            if self.own:
                return _Mention("person", at, at + 1, possessive=False)
            together = word in ("we", "we've", "we're", "wir", "us", "our", "ours", "uns", "unser", "unsere", "unseren")
            return None if together or word in OWN_OBJECT else _Mention("author", at, at + 1)
        if not self.own and (word in SPOKEN_TO or (word in THIRD and not named_other)):
            return _Mention("person", at, at + 1)
        return None
