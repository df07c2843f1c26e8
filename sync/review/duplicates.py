"""Which notes tell the same event: in the words of the person, the manager and a colleague, copied along, or with a slip. Pure.

Two notes are told as one only on anchors that both have (an amount, a day, or most of their rare words), and never when
their amounts differ or one of them denies something: those may be two events, or two views that both deserve to be read.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from sync.records import Entry, EntryKind
from sync.review.features import Features, stem
from sync.review.relevance import is_plan, signs_of_work
from sync.review.vocabulary import INTRODUCING, PLAIN

FAR_APART_DAYS = 120
"""Told later than this, it is told of something else, unless the words are the same."""
NEAR_DAYS = 21
MOST_COMMON = 0.34
"""A stem in more than this share of the notes tells nothing about which event it is."""
SOON_DAYS = 45
"""Told later than this, a small amount in common may be a coincidence."""
SAME_FIGURES, SAME_ANCHORED, SAME_NEAR, SAME_FAR = 0.30, 0.38, 0.42, 0.60
"""How much of their rare words two notes share (0..1): with figures that are no coincidence, with a small amount or a day in
common, soon after one another, or later."""
SAME_HAND = 0.9
"""Who writes a thing twice repeats the words; with other words in the same frame it is another thing."""
FRAME = 0.5
"""Share of words that run alike in two notes from which they have one form; 1.0 is the very same sentence."""
_LONG_WORD = 5
_FILED = frozenset({EntryKind.WIN, EntryKind.FEEDBACK, EntryKind.PEER_FEEDBACK, EntryKind.RECOGNITION})


@dataclass(frozen=True)
class Event:
    """What one or several notes tell. *tellings* are in the order of time."""

    tellings: tuple[Entry, ...]

    @cached_property
    def quoted(self) -> Entry:
        """The telling to quote: of those with the most amounts the shortest, then the earliest."""
        amounts = {one.id: len(Features(one.text).numbers) for one in self.tellings}
        return min(self.tellings, key=lambda one: (-amounts[one.id], len(one.text), one.happened_on, one.recorded_at, one.id))

    @cached_property
    def others(self) -> tuple[Entry, ...]:
        """The tellings beside the one that is quoted and agree with it, one for each set of words."""
        return tuple(one for one in self.tellings if one is not self.quoted and may_tell_the_same(self.quoted, one))

    @cached_property
    def weight(self) -> float:
        """How much it says: told by several, with amounts and results, filed by somebody as a win or as feedback."""
        several = min(2, max(0, len(self.authors) - 1))
        filed = 0.5 if any(one.kind in _FILED for one in self.tellings) else 0.0
        plan = 1.0 if is_plan(self.quoted.text) else 0.0
        return several + 0.5 * min(3, signs_of_work(self.quoted.text)) + filed - plan

    @property
    def authors(self) -> frozenset[str]:
        """Who told it."""
        return frozenset(one.by for one in self.tellings if one.by)


def events(entries: Iterable[Entry]) -> tuple[Event, ...]:
    """*entries* by what they tell, in the order of time; each is in exactly one event, but for copies of the same words.

    Of the same words by anybody only the earliest stays.
    """
    ordered = told_once(entries)
    notes = [Features(one.text) for one in ordered]
    weigh = _Weights(notes)
    groups: list[list[int]] = []
    group_of: dict[int, int] = {}
    for number in range(len(ordered)):
        best = max(_matches(number, ordered, notes, weigh, group_of, groups), default=None)
        if best is None:
            group_of[number] = len(groups)
            groups.append([number])
        else:
            group_of[number] = best[1]
            groups[best[1]].append(number)
    return tuple(Event(tuple(ordered[number] for number in group)) for group in groups)


def told_once(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Of entries with the same words only the earliest: a sentence copied from one check-in to the next is one sentence."""
    first: dict[str, Entry] = {}
    for entry in sorted(entries, key=lambda one: (one.happened_on, one.recorded_at, one.id)):
        words = " ".join(entry.text.casefold().split())
        if words:
            first.setdefault(words, entry)
    return tuple(first.values())


def may_tell_the_same(one: Entry, other: Entry) -> bool:
    """Whether two notes can be tellings of one event, from their own words alone.

    What a check can ask again later, whatever else was written meanwhile: same person, same denial, no amount against
    another, and two words or an amount in common.
    """
    first, second = Features(one.text), Features(other.text)
    if one.about != other.about or _contradict(first, second):
        return False
    shared = len(_shared(first.stems, second.stems))
    return shared >= 2 or (shared == 1 and bool(first.numbers & second.numbers)) or _words(one) == _words(other)


def _matches(
    number: int,
    ordered: Sequence[Entry],
    notes: Sequence[Features],
    weigh: _Weights,
    group_of: dict[int, int],
    groups: Sequence[Sequence[int]],
) -> Iterator[tuple[float, int]]:
    """How much note *number* is like each earlier group that it may belong to: all of whose notes it agrees with."""
    for group in sorted({group_of[other] for other in weigh.near(number) if other in group_of}):
        likeness = [_likeness(number, other, ordered, notes, weigh) for other in groups[group]]
        if all(one >= 0 for one in likeness) and (most := max(likeness)) > 0:
            yield most, group


def _likeness(number: int, other: int, ordered: Sequence[Entry], notes: Sequence[Features], weigh: _Weights) -> float:
    """Above 0: the same event. 0: cannot be told. Below 0: not the same."""
    first, second = notes[number], notes[other]
    days = abs((ordered[number].happened_on - ordered[other].happened_on).days)
    if _contradict(first, second) or days > FAR_APART_DAYS:
        return -1.0
    shared = _shared(first.stems, second.stems)
    score = weigh.share(first, second, shared)
    if len(shared) < 2:
        return 0.0
    if ordered[number].by == ordered[other].by:
        return score if weigh.inside(first, second, shared) >= SAME_HAND else 0.0
    if _unmistakable(first.numbers & second.numbers):
        return score if score >= SAME_FIGURES else 0.0
    if first.german != second.german:
        return score if first.numbers & second.numbers and days <= SOON_DAYS else 0.0
    if first.numbers & second.numbers or first.dates & second.dates:
        needed = SAME_ANCHORED if days <= SOON_DAYS else 1.0
    elif first.numbers and second.numbers:
        return -1.0
    elif len(shared) < 3:
        return 0.0
    else:
        needed = SAME_NEAR if days <= NEAR_DAYS else SAME_FAR
    return score if score >= needed and not _other_object(first, second) else 0.0


def _unmistakable(shared: frozenset[str]) -> bool:
    """Two amounts in common, or one of three digits: that is no coincidence."""
    return len(shared) >= 2 or any(sum(map(str.isdigit, one)) >= 3 for one in shared)


def _other_object(first: Features, second: Features) -> bool:
    """Whether two notes are one sentence about two things: most words run alike, but not those after an article or ``at``."""
    one, two = first.folded, second.folded
    matcher = SequenceMatcher(None, one, two, autojunk=False)
    if matcher.ratio() < FRAME:
        return False
    for move, at, end, start, stop in matcher.get_opcodes():
        if move == "replace" and at and one[at - 1] in INTRODUCING:
            mine, theirs = (
                frozenset(stem(word) for word in words if word not in PLAIN) for words in (one[at:end], two[start:stop])
            )
            if mine - _shared(mine, second.stems) and theirs - _shared(theirs, first.stems):
                return True
    return False


def _contradict(first: Features, second: Features) -> bool:
    """Whether one gives another amount or day, or denies what the other says."""
    denied = not (first.denied and second.denied) and (first.denied & second.stems or second.denied & first.stems)
    return bool(denied) or _apart(first.numbers, second.numbers) or _apart(first.dates, second.dates)


def _apart(some: frozenset[str], others: frozenset[str]) -> bool:
    return bool(some and others) and not some & others


def _shared(first: frozenset[str], second: frozenset[str]) -> set[str]:
    """The stems of *first* that *second* has too, slips of the pen forgiven."""
    same = set(first & second)
    return same | {one for one in first - same if len(one) >= _LONG_WORD and any(_slip(one, two) for two in second - same)}


def _slip(one: str, other: str) -> bool:
    """Whether two stems differ by a letter too many, too few, or in the wrong place."""
    if len(other) < _LONG_WORD or abs(len(one) - len(other)) > 1 or one[0] != other[0]:
        return False
    return (Counter(one) - Counter(other)).total() + (Counter(other) - Counter(one)).total() <= 1


def _words(entry: Entry) -> str:
    return " ".join(entry.text.casefold().split())


class _Weights:
    """How rare each stem is among the notes, and which notes have a rare one in common."""

    def __init__(self, notes: Sequence[Features]) -> None:
        holders: dict[str, list[int]] = defaultdict(list)
        for number, note in enumerate(notes):
            for one in note.stems | note.numbers:
                holders[one].append(number)
        self.notes = notes
        self.most = max(3.0, MOST_COMMON * len(notes))
        self.holders = {one: found for one, found in holders.items() if len(found) <= self.most}
        self.weight = {one: math.log(1 + len(notes) / len(found)) for one, found in holders.items()}

    def near(self, number: int) -> set[int]:
        """Earlier notes that share a rare stem or an amount with note *number*."""
        note = self.notes[number]
        return {other for one in note.stems | note.numbers for other in self.holders.get(one, ()) if other < number}

    def share(self, first: Features, second: Features, shared: set[str]) -> float:
        """What *shared* weighs beside all that the two notes say, 0..1."""
        whole = math.sqrt(self._sum(first.stems) * self._sum(second.stems))
        return self._sum(shared) / whole if whole else 0.0

    def inside(self, first: Features, second: Features, shared: set[str]) -> float:
        """What *shared* weighs beside what the shorter of the two says, 0..1."""
        shorter = min(self._sum(first.stems), self._sum(second.stems))
        return self._sum(shared) / shorter if shorter else 0.0

    def _sum(self, stems: Iterable[str]) -> float:
        return sum(self.weight.get(one, 0.0) for one in stems)
