"""Which notes a draft quotes: each event once, spread over months, themes and authors, so that recent weeks do not drown
the rest and one loud voice does not speak for all. Pure.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sync.records import Entry, EntryKind, Gap
from sync.review.duplicates import Event, events, told_once
from sync.review.relevance import Subject
from sync.review.themes import belongs, touches
from sync.review.wording import PATTERNS, QUOTABLE, excerpt, words_in
from templates.shapes import Criterion

__all__ = ["Selection", "Theme", "event_month", "month_of", "sample", "select", "told_once", "touches"]

QUOTATIONS_PER_THEME = 3
"""Two or three examples make a pattern; more make a log."""
FIRM = 2
"""So many choices of a theme stay even where the draft gets longer for it: fewer would be no pattern."""
MOST_BEYOND = 4
"""So many notes that fit no criterion are told at the most, and only those that say clearly what was done."""
NOT_FOR_PATTERNS = frozenset({EntryKind.ACTION, EntryKind.BLOCKER, EntryKind.GROWTH})
"""What the growth section tells."""
CLEAR = 0.5
"""The weight from which a note is told although it fits no criterion."""


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
    together have at most *room* words, where that leaves each theme one.
    """
    told = [one for one in notes if one.kind in QUOTABLE and one.kind not in NOT_FOR_PATTERNS]
    found = events(relevant(told, subject))
    picked, gaps, load = _by_criterion(found, criteria, max(1, minimum))
    taken = {id(event) for chosen in picked.values() for event in chosen}
    rest = [event for event in found if id(event) not in taken and event.weight >= CLEAR]
    kept, beyond = _within(picked, _beyond(rest, load), room)
    themes = tuple(_theme(one, kept[one.key]) for one in criteria if one.key in kept)
    return Selection(themes, tuple(gaps[one.key] for one in criteria if one.key in gaps), beyond)


def _by_criterion(
    found: Sequence[Event], criteria: Sequence[Criterion], minimum: int
) -> tuple[dict[str, list[Event]], dict[str, Gap], Counter[str]]:
    """What each criterion tells, in the order of choice; why others stay blank; and how often each month was chosen."""
    touching = _touching(found, criteria)
    load: Counter[str] = Counter()
    taken: set[int] = set()
    picked: dict[str, list[Event]] = {}
    gaps: dict[str, Gap] = {}
    for criterion in sorted(criteria, key=lambda one: len(touching[one.key])):
        free = [event for event in touching[criterion.key] if id(event) not in taken]
        tellings = sum(max(1, len(event.authors)) for event in free)
        if tellings < minimum:
            gaps[criterion.key] = _gap(criterion, len(free), len(touching[criterion.key]), minimum)
            continue
        picked[criterion.key] = list(_in_order_of_choice(free, max(minimum, QUOTATIONS_PER_THEME), load))
        taken.update(map(id, picked[criterion.key]))
    return picked, gaps, load


def _touching(found: Sequence[Event], criteria: Sequence[Criterion]) -> dict[str, list[Event]]:
    """What could be told under each criterion: whatever belongs there and shows that something was done."""
    touching: dict[str, list[Event]] = {one.key: [] for one in criteria}
    for event in found:
        if event.weight > 0:
            for key in belongs([one.text for one in (event.quoted, *event.others)], criteria):
                touching[key].append(event)
    return touching


def _within(
    picked: Mapping[str, Sequence[Event]], beyond: Sequence[Event], room: int | None
) -> tuple[dict[str, list[Event]], tuple[Event, ...]]:
    """What there is *room* for: the first choices of each theme make it a pattern and stay, of the rest the weightiest."""
    firm = {id(event) for chosen in picked.values() for event in chosen[:FIRM]}
    loose = [event for chosen in picked.values() for event in chosen[FIRM:]] + list(beyond)
    left = math.inf if room is None else room - sum(length(event) for chosen in picked.values() for event in chosen[:FIRM])
    for event in sorted(loose, key=lambda one: (-one.weight, _when(one))):
        if left > 0:
            firm.add(id(event))
            left -= length(event)
    kept = {key: [event for event in chosen if id(event) in firm] for key, chosen in picked.items()}
    return kept, tuple(event for event in beyond if id(event) in firm)


def _beyond(rest: Sequence[Event], load: Counter[str]) -> tuple[Event, ...]:
    """The clearest events that no theme tells, from the months that were quoted least."""
    chosen: list[Event] = []
    waiting = list(rest)
    while waiting and len(chosen) < MOST_BEYOND:
        event = min(waiting, key=lambda one: (load[event_month(one)] - one.weight, _when(one)))
        waiting.remove(event)
        chosen.append(event)
        load[event_month(event)] += 1
    return tuple(sorted(chosen, key=_when))


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
    return tuple(sorted(_in_order_of_choice(found, limit, load), key=_when))


def _in_order_of_choice(found: Iterable[Event], limit: int, load: Counter[str]) -> Iterator[Event]:
    waiting, given, authors = _by_month(found), Counter[str](), set[str]()
    while limit > 0 and waiting:
        event = _next(waiting, given, load, authors)
        load[event_month(event)] += 1
        limit -= 1
        yield event


def month_of(entry: Entry) -> str:
    """``2026-03``."""
    return f"{entry.happened_on:%Y-%m}"


def event_month(event: Event) -> str:
    """The month of the telling that is quoted."""
    return month_of(event.quoted)


def _next(waiting: dict[str, list[Event]], given: Counter[str], load: Counter[str], authors: set[str]) -> Event:
    """Take the next event out of *waiting*: from a month that gave least, the weightiest there."""
    best = {
        month: max(found, key=lambda one: (one.weight, one.quoted.by not in authors, _when(one)))
        for month, found in waiting.items()
    }
    month = min(waiting, key=lambda one: (given[one], load[one] - best[one].weight, -_distance(one, given), one))
    event = best[month]
    waiting[month].remove(event)
    if not waiting[month]:
        del waiting[month]
    given[month] += 1
    authors |= event.authors
    return event


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
