"""Which notes a draft quotes: each event once, spread over months, themes and authors, so that recent weeks do not drown
the rest and one loud voice does not speak for all. Pure.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sync.records import Entry, EntryKind, Gap
from sync.review.duplicates import Event, events, told_once
from sync.review.relevance import Subject, is_plan, signs_of_work
from sync.review.themes import belongs, touches
from sync.review.wording import PATTERNS, QUOTABLE, excerpt, words_in
from templates.shapes import Criterion

__all__ = ["Selection", "Theme", "event_month", "month_of", "sample", "select", "told_once", "touches", "weight"]

QUOTATIONS_PER_THEME = 3
"""Two or three examples make a pattern; more make a log."""
MOST_BEYOND = 3
"""So many notes that fit no criterion are told at the most, and only those that say clearly what was done."""
NOT_FOR_PATTERNS = frozenset({EntryKind.ACTION, EntryKind.BLOCKER, EntryKind.GROWTH})
"""What the growth section tells."""
_CHOSEN_BY_PEOPLE = frozenset({EntryKind.WIN, EntryKind.FEEDBACK, EntryKind.PEER_FEEDBACK, EntryKind.RECOGNITION})
CLEAR = 0.5
"""The weight from which a note is told although it fits no criterion."""
_FRAME = 6
"""Words around a quotation: who, in what, and when."""


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
    kept, left = _in_turns(picked, max(1, minimum), room)
    taken = {id(event) for events_ in picked.values() for event in events_}
    rest = [event for event in found if id(event) not in taken and weight(event) >= CLEAR]
    themes = tuple(_theme(one, kept[one.key]) for one in criteria if kept.get(one.key))
    return Selection(themes, tuple(gaps[one.key] for one in criteria if one.key in gaps), _beyond(rest, load, left))


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
        if weight(event) > 0:
            for key in belongs([one.text for one in (event.quoted, *event.others)], criteria):
                touching[key].append(event)
    return touching


def _in_turns(picked: dict[str, list[Event]], minimum: int, room: int | None) -> tuple[dict[str, list[Event]], int | None]:
    """Each theme's first choice, then each one's second, while there is *room*; and what room is left."""
    kept: dict[str, list[Event]] = {key: [] for key in picked}
    for turn in range(max(minimum, QUOTATIONS_PER_THEME)):
        for key, chosen in picked.items():
            if turn < len(chosen) and (room is None or room > 0 or turn == 0):
                kept[key].append(chosen[turn])
                room = None if room is None else room - length(chosen[turn])
    return kept, room


def _beyond(rest: Sequence[Event], load: Counter[str], room: int | None) -> tuple[Event, ...]:
    """The clearest events that no theme tells, from the months that were quoted least."""
    chosen: list[Event] = []
    waiting = list(rest)
    while waiting and len(chosen) < MOST_BEYOND and (room is None or room > 0):
        event = min(waiting, key=lambda one: (load[event_month(one)] - weight(one), _when(one)))
        waiting.remove(event)
        chosen.append(event)
        load[event_month(event)] += 1
        room = None if room is None else room - length(event)
    return tuple(sorted(chosen, key=_when))


def length(event: Event) -> int:
    """How many words it takes to quote *event*, with who said it and when."""
    return words_in(excerpt(event.quoted)[0]) + _FRAME


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


def weight(event: Event) -> float:
    """How much an event says: told by several, with amounts and results, chosen by somebody as a win or as feedback."""
    several = min(2, max(0, len(event.authors) - 1))
    signs = min(3, signs_of_work(event.quoted.text))
    chosen = 0.5 if any(one.kind in _CHOSEN_BY_PEOPLE for one in event.tellings) else 0.0
    return several + 0.5 * signs + chosen - (1.0 if is_plan(event.quoted.text) else 0.0)


def month_of(entry: Entry) -> str:
    """``2026-03``."""
    return f"{entry.happened_on:%Y-%m}"


def event_month(event: Event) -> str:
    """The month of the telling that is quoted."""
    return month_of(event.quoted)


def _next(waiting: dict[str, list[Event]], given: Counter[str], load: Counter[str], authors: set[str]) -> Event:
    """Take the next event out of *waiting*: from the month that gave least, the weightiest there."""
    month = min(waiting, key=lambda one: (given[one], load[one], -_distance(one, given), one))
    event = max(waiting[month], key=lambda one: (weight(one), one.quoted.by not in authors, _when(one)))
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
