"""What a draft is made of and judged by: a person's cycle as it stands in the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from sync.access import Directory, Viewer, both_may_see, visible
from sync.records import ActionItem, Cycle, Entry, EntryKind, Goal, GoalValue, Person
from sync.review.wording import QUOTABLE, Voice
from sync.schedule import cadence_days
from templates.shapes import Criterion, Pack

GOAL_KINDS = frozenset({EntryKind.GOAL, EntryKind.GOAL_VALUE})


@dataclass(frozen=True)
class Period:
    """Days of the cycle under one manager, both included."""

    since: date
    until: date
    manager_id: str


@dataclass(frozen=True, eq=False)
class Material:
    """One person's cycle. *entries* are the current ones about the person, whoever may see them."""

    person: Person
    cycle: Cycle
    pack: Pack
    directory: Directory
    entries: tuple[Entry, ...]
    goals: tuple[Goal, ...] = ()
    values: Mapping[str, Sequence[GoalValue]] = field(default_factory=dict)
    """The history of each goal, by goal id."""
    actions: tuple[ActionItem, ...] = ()

    @cached_property
    def voice(self) -> Voice:
        """How a draft about this person speaks."""
        return Voice(self.person, self.directory, self.cycle.start, self.cycle.end)

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        """The shared criteria of the person's role, in its order."""
        role = self.pack.role_for(self.person.role)
        return tuple(found for key in role.criteria if (found := self.pack.criterion(key)) is not None)

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The cycle split where the manager changed; one period when nobody did."""
        lines = self.person.reporting
        days = {line.since for line in lines if line.since} | {line.until + timedelta(days=1) for line in lines if line.until}
        starts = sorted({self.cycle.start, *(day for day in days if self.cycle.start < day <= self.cycle.end)})
        found: list[Period] = []
        for start, after in zip(starts, [*starts[1:], self.cycle.end + timedelta(days=1)], strict=True):
            manager, until = self.person.manager_at(start), after - timedelta(days=1)
            if found and found[-1].manager_id == manager:
                start = found.pop().since
            found.append(Period(start, until, manager))
        return tuple(found)

    def cadence_days(self, day: date) -> int:
        """The days between two check-ins that hold on *day*."""
        return cadence_days(self.cycle.cadences, self.person, day, self.pack.cadence)

    def as_of(self, day: date) -> date:
        """The day for which figures are told: *day*, at the latest the end of the cycle."""
        return min(day, self.cycle.end)

    def shared(self, writer_id: str, reader_id: str, today: date) -> tuple[Entry, ...]:
        """What a draft by *writer_id* for *reader_id* may rest on: notes of this cycle, and goals whenever they were typed."""
        writer, reader = Viewer(writer_id, self.directory), Viewer(reader_id, self.directory)
        return both_may_see(writer, reader, self._within, today)

    def only_for(self, writer_id: str, reader_id: str, today: date) -> tuple[Entry, ...]:
        """The notes of this cycle that the writer may see and the reader may not."""
        mine = visible(Viewer(writer_id, self.directory), self._within, today)
        theirs = {entry.id for entry in visible(Viewer(reader_id, self.directory), mine, today)}
        return tuple(entry for entry in mine if entry.id not in theirs and entry.kind in QUOTABLE)

    @cached_property
    def _within(self) -> tuple[Entry, ...]:
        since, until, me = self.cycle.start, self.cycle.end, self.person.id
        gone = {entry.supersedes for entry in self.entries if entry.supersedes}
        return tuple(
            entry
            for entry in self.entries
            if entry.about == me
            and (since <= entry.happened_on <= until or entry.kind in GOAL_KINDS)
            and not entry.withdrawn
            and entry.id not in gone
        )
