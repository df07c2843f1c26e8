"""What reconciling takes and gives: the facts around an artifact, what is known of it, and what is to be stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sync.records import ActionItem, Artifact, Entry, Finding, Goal, GoalValue, Person


@dataclass(frozen=True)
class Context:
    """The facts around an artifact that are not in it."""

    now: datetime
    today: date
    cycle_start: date
    cycle_end: date
    people: Mapping[str, str] = field(default_factory=dict)
    """Names and e-mail addresses, former ones too, case-folded, to person ids; see `names_of`."""
    manager_id: str = ""
    """The person's manager on the artifact's day."""
    peers_visible: bool = False
    """Whether the person may read signed peer feedback about themself."""

    def in_cycle(self, day: date) -> bool:
        """Whether *day* lies in the cycle and not in the future."""
        return self.cycle_start <= day <= min(self.cycle_end, self.today)


@dataclass(frozen=True)
class Known:
    """What the store knows of an artifact: every entry of it, the goals of its sheet, the person's actions."""

    entries: tuple[Entry, ...] = ()
    goals: tuple[Goal, ...] = ()
    actions: tuple[ActionItem, ...] = ()


@dataclass(frozen=True)
class Intents:
    """What is to be stored. *unkeyed* names rows without a key of their own: place to the key that they were given."""

    entries: tuple[Entry, ...] = ()
    goals: tuple[Goal, ...] = ()
    values: tuple[GoalValue, ...] = ()
    actions: tuple[ActionItem, ...] = ()
    findings: tuple[Finding, ...] = ()
    unkeyed: Mapping[str, str] = field(default_factory=dict)


def names_of(people: tuple[Person, ...]) -> dict[str, str]:
    """Every name and address to the id of the one person who bears it. A name that two people share names nobody."""
    bearers: dict[str, set[str]] = {}
    for person in people:
        for name in (person.name, person.email, *person.former_emails):
            bearers.setdefault(name.strip().casefold(), set()).add(person.id)
    return {name: ids.pop() for name, ids in bearers.items() if name and len(ids) == 1}


def manager_of(artifact: Artifact, person: Person | None, today: date) -> str:
    """The id of the manager on the artifact's day, "" when there is none."""
    return "" if person is None else person.manager_at(artifact.due or today)
