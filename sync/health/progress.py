"""How far the goals of several people are together, told so that nobody's own progress can be worked out. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sync.goals import known, roll_up
from sync.records import Goal

#: The progress of several people is told in twentieths: from two looks, one before and one after somebody joined, nobody
#: reckons with any use what that person brought.
STEPS = 20


@dataclass(frozen=True)
class Progress:
    """The progress of people, each counting the same; of whom none is known they are counted, never as zero."""

    people: int = 0
    """Who have goals."""
    known: int = 0
    """Of whom at least one goal's progress is known."""
    total: float = 0.0
    """The sum over those, each 0..1."""

    @property
    def share(self) -> float | None:
        """The average in steps of five per cent, None when it is known of nobody."""
        return round(self.total / self.known * STEPS) / STEPS if self.known else None

    def __add__(self, other: Progress) -> Progress:
        return Progress(self.people + other.people, self.known + other.known, self.total + other.total)


def of_person(goals: Iterable[Goal], today: date, cadence_days: int) -> Progress:
    """One person's: the average over the goals that were updated lately; nobody, when there are no goals."""
    shares = [(known(goal, today, cadence_days), goal.weight) for goal in goals]
    if not shares:
        return Progress()
    share = roll_up(shares)
    return Progress(1, 0, 0.0) if share is None else Progress(1, 1, share)


def by_group(goals: Iterable[Goal], group: Mapping[str, str], today: date, days: Mapping[str, int]) -> dict[str, Progress]:
    """The progress of each group. *group* and *days* between check-ins are by person; of nobody else goals count."""
    own: dict[str, list[Goal]] = {}
    for goal in goals:
        if goal.person_id in group:
            own.setdefault(goal.person_id, []).append(goal)
    found: dict[str, Progress] = {}
    for person_id, those in own.items():
        name = group[person_id]
        found[name] = found.get(name, Progress()) + of_person(those, today, days[person_id])
    return found
