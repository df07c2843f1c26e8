"""Completion over the whole company: by team and kind, counted once a sync."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from threading import Lock

from addon.web.seat import Seat
from sync.access import Directory
from sync.health.completion import Rate, late_before
from sync.health.progress import Progress, by_group
from sync.records import Cycle
from sync.schedule import cadence_days
from sync.store import Transaction
from sync.store.queries import overviews
from templates.shapes import Kind

#: A team of fewer people is shown inside its parent's: with few people a figure is about somebody (rule P1).
SMALLEST_TEAM = 5
COUNTED = (Kind.CHECK_IN, Kind.SELF_REVIEW, Kind.MANAGER_REVIEW)


@dataclass(frozen=True)
class TeamLine:
    """One team: how many people, and how much of what was due is done, by kind."""

    team: str
    people: int
    rates: Mapping[Kind, Rate]
    """Kinds of which nothing was due are missing."""
    asked: Mapping[Kind, int] = field(default_factory=dict)
    """Of how many people something was due, by kind."""
    goals: Progress = field(default_factory=Progress)

    def rate(self, kind: Kind) -> Rate:
        """Of *kind*; an empty rate where nothing was due."""
        return self.rates.get(kind, Rate())


@dataclass(frozen=True)
class Completion:
    """How far each team that has people is, by name."""

    teams: tuple[TeamLine, ...] = ()

    @cached_property
    def everybody(self) -> TeamLine:
        """How far all of them are together."""
        return total(self.teams)


@dataclass
class _Kept:
    """The last count, kept until a sync, another day or a changed directory makes it old."""

    edition: object = None
    whole: Completion = Completion()
    folded: Completion = Completion()
    lock: Lock = field(default_factory=Lock)


_kept = _Kept()


def completion(mine: Seat, tx: Transaction, cycle: Cycle, last: datetime | None) -> Completion:
    """As the sync that was *last* found it."""
    return _fresh(mine, tx, cycle, last)[0]


def folded_completion(mine: Seat, tx: Transaction, cycle: Cycle, last: datetime | None) -> Completion:
    """The same with every team of fewer than five inside a larger one; see `folded`."""
    return _fresh(mine, tx, cycle, last)[1]


def _fresh(mine: Seat, tx: Transaction, cycle: Cycle, last: datetime | None) -> tuple[Completion, Completion]:
    edition = (id(mine.company), cycle.id, last, mine.today, id(mine.directory))
    with _kept.lock:
        if _kept.edition != edition:
            lines = _counted(mine, tx, cycle)
            _kept.whole, _kept.folded = Completion(lines), Completion(folded(lines, mine.directory, mine.today))
            _kept.edition = edition
        return _kept.whole, _kept.folded


def folded(lines: Iterable[TeamLine], directory: Directory, today: date) -> tuple[TeamLine, ...]:
    """*lines* with every team of fewer than five inside the one that its people's managers belong to.

    What is left over, because there is no larger team above, is one line without a team's name, and is left out
    altogether when it is too small itself. So is a figure that fewer than five people had a part in, in a team of any size.
    Whatever is added and subtracted of what is left is then about nobody, or about five people at least.
    """
    left = {line.team: line for line in lines}
    above = _above(directory, today)
    for name in sorted(left, key=lambda one: left[one].people):
        line = left[name]
        if line.people >= SMALLEST_TEAM:
            continue
        parent = above.get(name, "")
        into = parent if parent in left and parent != name else ""
        del left[name]
        left[into] = _merged(into, [line, *([left[into]] if into in left else [])])
    return tuple(
        sorted(
            (_without_few(one) for one in left.values() if one.people >= SMALLEST_TEAM),
            key=lambda one: (not one.team, one.team),
        )
    )


def _without_few(line: TeamLine) -> TeamLine:
    kept = {kind: rate for kind, rate in line.rates.items() if line.asked.get(kind, 0) >= SMALLEST_TEAM}
    goals = line.goals if line.goals.known >= SMALLEST_TEAM else Progress()
    return TeamLine(line.team, line.people, kept, {kind: line.asked[kind] for kind in kept}, goals)


def total(lines: Iterable[TeamLine]) -> TeamLine:
    """Everybody as one line."""
    return _merged("Everybody", lines)


def _merged(name: str, lines: Iterable[TeamLine]) -> TeamLine:
    those = list(lines)
    rates = {kind: sum((one.rate(kind) for one in those), Rate()) for kind in COUNTED}
    asked = {kind: sum(one.asked.get(kind, 0) for one in those) for kind in COUNTED}
    due = {kind: rate for kind, rate in rates.items() if rate.due}
    return TeamLine(name, sum(one.people for one in those), due, asked, sum((one.goals for one in those), Progress()))


def _counted(mine: Seat, tx: Transaction, cycle: Cycle) -> tuple[TeamLine, ...]:
    people: dict[str, int] = defaultdict(int)
    for person in mine.directory.people:
        if person.takes_part and person.active(mine.today):
            people[person.team] += 1
    rates: dict[str, dict[Kind, Rate]] = defaultdict(dict)
    asked: dict[str, dict[Kind, int]] = defaultdict(dict)
    days = {"until": mine.today, "late_before": late_before(mine.today), "otherwise": cycle.review_on}
    for team, kind, due, done, whose in overviews.completion(tx, cycle.id, COUNTED, **days):
        rates[team][kind], asked[team][kind] = Rate(due, done), whose
    goals = _goals(mine, tx, cycle)
    return tuple(
        TeamLine(name, count, rates[name], asked[name], goals.get(name, Progress())) for name, count in sorted(people.items())
    )


def _goals(mine: Seat, tx: Transaction, cycle: Cycle) -> dict[str, Progress]:
    """How far the goals of each team are."""
    working = [person for person in mine.directory.people if person.takes_part and person.active(mine.today)]
    usual = cycle.cadences[0].cadence if cycle.cadences else ""
    days = {person.id: cadence_days(cycle.cadences, person, mine.today, usual) for person in working}
    return by_group(overviews.goal_figures(tx, cycle.id), {person.id: person.team for person in working}, mine.today, days)


def _above(directory: Directory, today: date) -> dict[str, str]:
    """The team above each team: that of most of its people's managers outside it."""
    votes: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for person in directory.people:
        manager = directory.person(person.manager_at(today)) if person.active(today) else None
        if manager is not None and manager.team != person.team:
            votes[person.team][manager.team] += 1
    return {team: max(sorted(those), key=those.__getitem__) for team, those in votes.items()}
