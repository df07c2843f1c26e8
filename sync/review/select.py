"""Which notes a draft quotes: each event once, spread over months, themes and authors, so that recent weeks do not drown
the rest and one loud voice does not speak for all. Pure.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sync.records import Entry, EntryKind, Gap
from sync.review.duplicates import Event, events, told_once
from sync.review.features import Features
from sync.review.relevance import Subject
from sync.review.themes import OWN_SIGNAL, belongs, touches
from sync.review.wording import PATTERNS, QUOTABLE, excerpt, words_in
from templates.shapes import Criterion

__all__ = ["Selection", "Theme", "event_month", "month_of", "sample", "select", "told_once", "touches"]

QUOTATIONS_PER_THEME = 3
"""Two or three examples make a pattern; more make a log."""
FIRM = 2
"""So many choices of a theme stay even where the draft gets longer for it: fewer would be no pattern."""
LOAD = 0.5
"""What one more quotation of a month takes off the weight of the next one of that month."""
MOST_BEYOND = 5
"""So many notes that fit no criterion are told at the most, and only those that say clearly what was done."""
NOT_FOR_PATTERNS = frozenset({EntryKind.ACTION, EntryKind.BLOCKER, EntryKind.GROWTH})
"""What the growth section tells."""
DETAILED = 6
"""A note that names no result must say so many things to be an example."""
CLEAR = 1.0
"""The weight from which a note is an example although it points to its criterion only faintly."""
TELLING = 0.5
"""The weight from which a note is told beside the criteria."""


@dataclass(frozen=True)
class Theme:
    """A criterion and the notes that were chosen for it, oldest first."""

    criterion: Criterion
    entries: tuple[Entry, ...]
    events: tuple[Event, ...] = ()
    """The same notes, each with its other tellings."""


@dataclass(frozen=True)
class Selection:
    """The criteria that have enough to show, in the role's order, why the others stay blank, and what fits none of them."""

    themes: tuple[Theme, ...]
    gaps: tuple[Gap, ...]
    beyond: tuple[Event, ...] = ()


def select(
    notes: Iterable[Entry],
    criteria: Sequence[Criterion],
    minimum: int,
    *,
    subject: Subject | None = None,
    room: int | None = None,
) -> Selection:
    """Choose from *notes*, which both sides may see, for each of *criteria*.

    Every month that has something gives equally many to a theme, one more at the most (rule E4). The criterion with the
    fewest notes chooses first, and no event is told twice. Notes that *subject* objects to stay out. All quotations
    together have about *room* words, but each theme keeps its first two.
    """
    told = [one for one in notes if one.kind in QUOTABLE and one.kind not in NOT_FOR_PATTERNS]
    table = _Table(events(relevant(told, subject)), criteria, max(1, minimum))
    table.found_patterns()
    beyond = table.filled_up(math.inf if room is None else room)
    themes = tuple(_theme(one.criterion, one.picked) for one in table.in_order(criteria))
    return Selection(themes, tuple(table.gaps[one.key] for one in criteria if one.key in table.gaps), beyond)


@dataclass
class _Open:
    """A criterion, what could be told under it, and what was chosen."""

    criterion: Criterion
    events: Sequence[Event]
    given: Counter[str] = field(default_factory=Counter)
    authors: set[str] = field(default_factory=set)
    picked: list[Event] = field(default_factory=list)


class _Table:
    """All events, laid out by criterion. The criterion with the fewest chooses first, and no event is chosen twice."""

    def __init__(self, found: Sequence[Event], criteria: Sequence[Criterion], minimum: int) -> None:
        self.found, self.minimum = found, minimum
        self.touching = _touching(found, criteria, minimum)
        self.order = sorted(criteria, key=lambda one: len(self.touching[one.key]))
        self.load: Counter[str] = Counter()
        self.taken: set[int] = set()
        self.open: dict[str, _Open] = {}
        self.gaps: dict[str, Gap] = {}

    def found_patterns(self) -> None:
        """The first choices of every criterion that has enough; the others stay blank, with the reason."""
        for criterion in self.order:
            touching = self.touching[criterion.key]
            free = [event for event in touching if id(event) not in self.taken]
            if sum(max(1, len(event.authors)) for event in free) < self.minimum:
                self.gaps[criterion.key] = _gap(criterion, len(free), len(touching), self.minimum)
                continue
            theme = self.open[criterion.key] = _Open(criterion, touching)
            while len(theme.picked) < max(FIRM, self.minimum) and (event := self._best(theme)):
                self._take(theme, event)

    def filled_up(self, room: float) -> tuple[Event, ...]:
        """More for the criteria while there is *room*, the weightiest first; and what is told beside them."""
        beyond: list[Event] = []
        room -= sum(length(event) for theme in self.open.values() for event in theme.picked)
        while room > 0:
            offers = [(event, theme) for theme in self._roomy() if (event := self._best(theme))]
            aside = self._aside() if len(beyond) < MOST_BEYOND else []
            best = max(
                (*offers, *((event, None) for event in aside)),
                key=lambda one: (one[0].weight - self.load[event_month(one[0])] * LOAD, _when(one[0])),
                default=None,
            )
            if best is None:
                break
            event, theme = best
            room -= length(event)
            beyond += self._take(theme, event)
        return tuple(sorted(beyond, key=_when))

    def in_order(self, criteria: Iterable[Criterion]) -> Iterator[_Open]:
        """The criteria that have something to tell, in the role's order."""
        return (self.open[one.key] for one in criteria if one.key in self.open)

    def _roomy(self) -> list[_Open]:
        return [one for one in self.open.values() if len(one.picked) < max(self.minimum, QUOTATIONS_PER_THEME)]

    def _aside(self) -> list[Event]:
        """Clear events that fit no criterion which could still take them."""
        fitting = {id(event) for theme in self._roomy() for event in theme.events}
        return [one for one in self.found if one.weight >= TELLING and not {id(one)} & (self.taken | fitting)]

    def _best(self, theme: _Open) -> Event | None:
        free = _by_month(event for event in theme.events if id(event) not in self.taken)
        return _next(free, theme.given, self.load, theme.authors) if free else None

    def _take(self, theme: _Open | None, event: Event) -> list[Event]:
        """Mark *event* as told; it is returned when it belongs to no theme."""
        self.taken.add(id(event))
        self.load[event_month(event)] += 1
        if theme is None:
            return [event]
        theme.picked.append(event)
        theme.given[event_month(event)] += 1
        theme.authors |= event.authors
        return []


def _touching(found: Sequence[Event], criteria: Sequence[Criterion], minimum: int) -> dict[str, list[Event]]:
    """What could be told under each criterion: whatever points there and shows that something was done.

    An event belongs to the criterion that it points to most. A criterion that would stay blank gets those that point to
    it as well, where the other one has enough without them.
    """
    pointing = [(event, points) for event in found if (points := _points(event, criteria))]
    homes: dict[str, list[Event]] = {one.key: [] for one in criteria}
    for event, points in sorted(pointing, key=lambda one: len(one[1])):
        homes[max(points, key=lambda key: (points[key], -len(homes[key])))].append(event)
    for key in sorted(homes, key=lambda key: -len(homes[key])):
        if len(homes[key]) < minimum:
            _borrow(key, homes, pointing, minimum)
    return homes


def _borrow(key: str, homes: dict[str, list[Event]], pointing: Sequence[tuple[Event, Mapping[str, int]]], minimum: int) -> None:
    """Move events to the criterion *key* if that gives it enough and leaves the others enough."""
    spare = {other: len(inside) - minimum if len(inside) >= minimum else len(inside) for other, inside in homes.items()}
    moved: list[tuple[str, Event]] = []
    for event, points in sorted(pointing, key=lambda one: -one[1].get(key, 0)):
        home = next(other for other, inside in homes.items() if any(event is one for one in inside))
        if key in points and home != key and spare[home] > 0 and len(homes[key]) + len(moved) < minimum:
            spare[home] -= 1
            moved.append((home, event))
    if len(homes[key]) + len(moved) >= minimum:
        for home, event in moved:
            homes[home] = [one for one in homes[home] if one is not event]
            homes[key].append(event)


def _points(event: Event, criteria: Sequence[Criterion]) -> Mapping[str, int]:
    """How strongly an event points to each criterion, for which it is an example."""
    detailed = event.weight > 0 or len(Features(event.quoted.text).stems) >= DETAILED
    found = belongs([one.text for one in (event.quoted, *event.others)], criteria)
    return {key: points for key, points in found.items() if event.weight >= CLEAR or (points >= OWN_SIGNAL and detailed)}


def length(event: Event) -> int:
    """How many words of *event* are quoted."""
    return words_in(excerpt(event.quoted)[0])


def relevant(notes: Iterable[Entry], subject: Subject | None) -> tuple[Entry, ...]:
    """Those of *notes* that can be examples."""
    return tuple(one for one in notes if subject is None or subject.objection(one) is None)


def sample(entries: Sequence[Entry], limit: int, load: Counter[str]) -> tuple[Entry, ...]:
    """At most *limit* of *entries*, the same number from each month while it lasts; oldest first.

    Among months that gave equally little, the one that the whole draft quoted least comes first (*load*, counted on),
    then the one farthest from those already chosen. Inside a month the weightiest comes first, then an author not heard
    yet, then the newest.
    """
    return tuple(event.quoted for event in sample_events([Event((one,)) for one in entries], limit, load))


def sample_events(found: Iterable[Event], limit: int, load: Counter[str]) -> tuple[Event, ...]:
    """The same for events, of which some are told by several."""
    waiting, given, authors = list(found), Counter[str](), set[str]()
    picked: list[Event] = []
    while len(picked) < limit and waiting:
        event = _next(_by_month(waiting), given, load, authors)
        waiting.remove(event)
        picked.append(event)
        load[event_month(event)] += 1
        given[event_month(event)] += 1
        authors |= event.authors
    return tuple(sorted(picked, key=_when))


def month_of(entry: Entry) -> str:
    """``2026-03``."""
    return f"{entry.happened_on:%Y-%m}"


def event_month(event: Event) -> str:
    """The month of the telling that is quoted."""
    return month_of(event.quoted)


def _next(waiting: Mapping[str, Sequence[Event]], given: Counter[str], load: Counter[str], authors: set[str]) -> Event:
    """The event to tell next out of *waiting*, by month: from a month that gave least, the weightiest there."""
    best = {
        month: max(found, key=lambda one: (one.weight, one.quoted.by not in authors, _when(one)))
        for month, found in waiting.items()
    }
    month = min(waiting, key=lambda one: (given[one], load[one] - best[one].weight, -_distance(one, given), one))
    return best[month]


def _by_month(found: Iterable[Event]) -> dict[str, list[Event]]:
    months: dict[str, list[Event]] = defaultdict(list)
    for event in found:
        months[event_month(event)].append(event)
    return dict(months)


def _theme(criterion: Criterion, chosen: Iterable[Event]) -> Theme:
    ordered = tuple(sorted(chosen, key=_when))
    return Theme(criterion, tuple(event.quoted for event in ordered), ordered)


def _when(event: Event) -> tuple[object, ...]:
    return (event.quoted.happened_on, event.quoted.recorded_at, event.quoted.id)


def _distance(month: str, chosen: Iterable[str]) -> int:
    return min((abs(_number(month) - _number(other)) for other in chosen), default=0)


def _number(month: str) -> int:
    year, _, number = month.partition("-")
    return int(year) * 12 + int(number)


def _gap(criterion: Criterion, free: int, touching: int, minimum: int) -> Gap:
    found = "no note touches it" if not touching else f"{touching} {'note touches' if touching == 1 else 'notes touch'} it"
    if touching > free:
        found += f", {touching - free} of them quoted elsewhere"
    fill = f" What would fill it: a dated example of “{criterion.behaviours[0]}”" if criterion.behaviours else ""
    return Gap(PATTERNS, criterion.title, f"Left blank: {found}, and {minimum} are needed.{fill}")
