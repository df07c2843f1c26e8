"""The lines of a team: in a handful of queries, however many people there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from addon.web.seat import Seat
from sync.goals import STALE_AFTER_PERIODS
from sync.health.completion import Rate, State, lost_contact, rate, state
from sync.records import Cycle, Person
from sync.review.service import Desk, owed
from sync.schedule import cadence_days, check_in_days
from sync.store.queries import overviews, reviews
from sync.store.queries import people as directory
from sync.store.queries.overviews import Notes, Planned
from templates.shapes import Kind

#: A month without a shared note is one that a review cannot speak about.
THIN_DAYS = timedelta(days=30)
AHEAD = timedelta(days=60)


@dataclass(frozen=True)
class Line:
    """One report: what is next, what is late, how much is known, how far the review is."""

    person: Person
    next_on: date | None
    late: tuple[Planned, ...]
    held: Rate
    notes: int
    last_note: date | None
    thin: bool
    out_of_touch: bool
    goals: int
    stale_goals: int
    review: str
    """``released``, ``drafted`` or ""."""
    unraised: int
    """How many points were noted and never raised; told from four weeks before the review."""

    @property
    def needs(self) -> int:
        """How much of this line wants a look; what the page sorts by."""
        return len(self.late) * 3 + self.out_of_touch * 2 + bool(self.unraised) * 2 + self.thin + bool(self.stale_goals)


def lines(mine: Seat, cycle: Cycle, team: tuple[Person, ...], minimum_notes: int) -> tuple[Line, ...]:
    """Everybody of *team*, those first who need a look."""
    ids = [person.id for person in team]
    with mine.company.store.read() as tx:
        planned = overviews.planned(tx, cycle.id, ids, [Kind.CHECK_IN])
        notes = overviews.notes(tx, ids, max(cycle.start, mine.today - THIN_DAYS))
        ages = overviews.goal_ages(tx, cycle.id, ids)
        leave = directory.leave_of(tx, ids)
        released = reviews.released_people(tx, cycle.id, ids)
        drafted = reviews.drafted_by(tx, cycle.id, mine.me.id)
    desk = Desk(mine.company.store, cycle, mine.company.pack(cycle), mine.directory)
    unraised = owed(desk, mine.me.id, team, today=mine.today)
    found = []
    for person in team:
        own = planned.get(person.id, [])
        states = [(one, state(one.due, one.written, mine.today)) for one in own if one.due]
        held = [one.due for one, how in states if how is State.DONE and one.due and one.due <= mine.today]
        coming = [day for day in check_in_days(cycle, person, leave, mine.today + AHEAD) if day >= mine.today]
        coming += [one.due for one, how in states if one.due and one.due >= mine.today]
        days = cadence_days(cycle.cadences, person, mine.today, cycle.cadences[0].cadence) if cycle.cadences else 31
        known = notes.get(person.id, Notes(0, cycle.start))
        old = timedelta(days=STALE_AFTER_PERIODS * days)
        touched = ages.get(person.id, [])
        found.append(
            Line(
                person=person,
                next_on=min(coming, default=None),
                late=tuple(one for one, how in states if how is State.LATE),
                held=rate(how for _, how in states),
                notes=known.count,
                last_note=known.last if known.count else None,
                thin=known.count < minimum_notes,
                out_of_touch=lost_contact(
                    max(held, default=None), max(cycle.start, person.start or cycle.start), mine.today, days
                ),
                goals=len(touched),
                stale_goals=sum(day is None or mine.today - day > old for day in touched),
                review="released" if person.id in released else "drafted" if person.id in drafted else "",
                unraised=unraised.get(person.id, 0),
            )
        )
    return tuple(sorted(found, key=lambda line: (-line.needs, line.person.name)))
