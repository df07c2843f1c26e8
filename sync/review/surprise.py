"""What a review would tell its reader for the first time (rule E7), and what was noted but never raised. Pure.

The links are explicit: an entry that a sentence cites, or that its writer named. Likeness only ever suggests.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sync.access import Viewer, both_may_see, visible
from sync.decisions import Decision, DecisionKind
from sync.pull.likeness import plain
from sync.records import Entry, EntryKind
from sync.review.language import is_growth

NOTICE = timedelta(days=14)
"""Rule E7: so long before the review its reader must have been able to see a growth point."""
SUGGESTIONS = 3
_ALIKE, _IN_COMMON = 0.3, 2
"""The least share and number of common words at which an entry is worth suggesting."""
_NOT_RAISING = frozenset({EntryKind.GOAL, EntryKind.GOAL_VALUE, EntryKind.AGENDA, EntryKind.REVIEW_TEXT})

Lineage = Mapping[str, Sequence[Entry]]
"""What each entry said before, by id."""


class Standing(StrEnum):
    """What a growth point is to the reader."""

    KNOWN = "known"
    NEW = "new"
    """They could not have seen it; nobody has marked it yet."""
    DISCUSSED = "discussed"
    LATER = "later"


@dataclass(frozen=True)
class Claim:
    """A growth point of a review: the entry that stands for it, its words, and the entries that it rests on."""

    id: str
    text: str
    rests_on: tuple[Entry, ...]


@dataclass(frozen=True)
class Judged:
    """A growth point, what it is to the reader, since when they could see it, and what may show that they could."""

    claim: Claim
    standing: Standing
    day: date | None = None
    """Since when it is known, or on which day it was discussed."""
    suggestions: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Unraised:
    """A point that only the writer knows of, and entries that may show that it was raised after all."""

    entry: Entry
    suggestions: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Knowledge:
    """What the reader of a review may see on a day, and what its writer decided."""

    reader: Viewer
    told: Viewer
    """Whoever looks at what comes out: the reader's own private notes are suggested to nobody else."""
    entries: Sequence[Entry]
    """The current ones about the reader."""
    lineage: Lineage
    decisions: Sequence[Decision]
    at: date

    def since(self, entry: Entry) -> date | None:
        """Since when the reader could see *entry*, in whatever words; None when they cannot. Their own words they know."""
        readable = visible(self.reader, (entry, *self.lineage.get(entry.id, ())), self.at)
        if entry not in readable:
            return None
        if any(one.by == self.reader.person_id for one in readable):
            return min(one.happened_on for one in readable)
        return min(max(one.happened_on, one.recorded_at.date()) for one in readable)

    def decided(self, subject: str) -> list[Decision]:
        """What was decided about an entry, under whichever of its versions."""
        ids = {subject, *(one.id for one in self.lineage.get(subject, ()))}
        return [one for one in self.decisions if one.subject in ids]

    def linked(self, subject: str) -> tuple[Entry, ...]:
        """The entries that the writer named for it; one that was edited since counts in its new words."""
        named = {one.other for one in self.decided(subject) if one.kind is DecisionKind.LINK}
        return tuple(one for one in self.entries if named & {one.id, *(old.id for old in self.lineage.get(one.id, ()))})

    def marked(self, subject: str, *kinds: DecisionKind) -> Decision | None:
        """The latest decision of one of *kinds* about it."""
        return max((one for one in self.decided(subject) if one.kind in kinds), key=lambda one: one.at, default=None)


def judge(claims: Iterable[Claim], knows: Knowledge, day: date) -> tuple[Judged, ...]:
    """Each growth point of a review that is shown on *day*: known for long enough, marked, or new."""
    return tuple(_judged(claim, knows, day) for claim in claims)


def _judged(claim: Claim, knows: Knowledge, day: date) -> Judged:
    rests_on = dict.fromkeys((*claim.rests_on, *knows.linked(claim.id)))
    seen = [since for entry in rests_on if (since := knows.since(entry)) is not None]
    first = min(seen, default=None)
    if first is not None and first <= day - NOTICE:
        return Judged(claim, Standing.KNOWN, first)
    mark = knows.marked(claim.id, DecisionKind.DISCUSSED, DecisionKind.LATER)
    if mark is not None:
        standing = Standing.DISCUSSED if mark.kind is DecisionKind.DISCUSSED else Standing.LATER
        return Judged(claim, standing, mark.day)
    return Judged(claim, Standing.NEW, first, alike(claim.text, knows, before=day - NOTICE))


def unraised(private: Iterable[Entry], knows: Knowledge, deferred: Iterable[Entry] = ()) -> tuple[Unraised, ...]:
    """`open_points`, each with the entries that may show that it was raised after all."""
    return tuple(Unraised(one, alike(one.text, knows)) for one in open_points(private, knows, deferred))


def open_points(private: Iterable[Entry], knows: Knowledge, deferred: Iterable[Entry] = ()) -> tuple[Entry, ...]:
    """Those of *private*, which the reader cannot see, that ask for a word with them and had none yet; oldest first.

    *deferred* are points of earlier reviews that were moved to this period.
    That is what stands under “to raise” or as a growth point, and what reads like one. It leaves the list when its writer
    links it to where it was raised, marks it as discussed, moves it to the next period, or settles it.
    """
    settling = (DecisionKind.DISCUSSED, DecisionKind.LATER, DecisionKind.SETTLED)
    asking = (*deferred, *(one for one in private if _asks_for_a_word(one)))
    waiting = (one for one in asking if not knows.marked(one.id, *settling))
    open_ones = [one for one in waiting if not any(knows.since(entry) for entry in knows.linked(one.id))]
    return tuple(sorted(open_ones, key=lambda one: (one.happened_on, one.id)))


def _asks_for_a_word(entry: Entry) -> bool:
    if entry.kind is EntryKind.REVIEW_TEXT or not entry.text.strip():
        return False
    return entry.kind is EntryKind.GROWTH or entry.anchor in ("to-raise", "growth") or is_growth(entry.text)


def alike(text: str, knows: Knowledge, before: date | None = None) -> tuple[Entry, ...]:
    """Entries that share words with *text*, the most alike first: such as the reader can see (since *before*, if given) and
    whoever is told of them can, too."""
    wanted = _telling_words(text)
    scored = []
    for entry in both_may_see(knows.told, knows.reader, knows.entries, knows.at):
        if entry.kind in _NOT_RAISING or not wanted:
            continue
        common = len(wanted & _telling_words(entry.text))
        share = common / len(wanted)
        since = knows.since(entry) if share >= _ALIKE and common >= _IN_COMMON else None
        if since is not None and (before is None or since <= before):
            scored.append((-share, entry.happened_on, entry.id, entry))
    return tuple(one[-1] for one in sorted(scored)[:SUGGESTIONS])


def _telling_words(text: str) -> frozenset[str]:
    """The beginnings of the longer words: an ending of German or English grammar makes no other word."""
    words = ("".join(sign for sign in word if sign.isalnum()) for word in plain(text).casefold().split())
    return frozenset(word[:5] for word in words if len(word) > 4)
