"""What a page about a person shows: gathered in few queries, and only what the viewer may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from addon.web.addresses import Where, where
from addon.web.seat import Seat
from sync import goals as progress
from sync.access import Action, Paper, Phase, visible
from sync.goals import Standing
from sync.records import ActionItem, Artifact, Cycle, Entry, Goal, GoalValue, Person
from sync.schedule import cadence_days, check_in_days
from sync.store import Transaction
from sync.store.queries import artifacts, ledger
from sync.store.queries import people as directory
from templates.shapes import Kind

#: How far ahead the next check-in is looked for where no document exists yet.
AHEAD = timedelta(days=100)


@dataclass(frozen=True)
class GoalLine:
    """One goal with its standing and its course."""

    goal: Goal
    standing: Standing
    course: tuple[GoalValue, ...]


@dataclass(frozen=True)
class Document:
    """A document that the viewer may open."""

    artifact: Artifact
    where: Where


@dataclass(frozen=True)
class NextCheckIn:
    """When the next check-in is; *document* is None until it is provisioned."""

    day: date
    document: Document | None


def workspace_name(tx: Transaction) -> str:
    """The workspace that the company chose; the folder where it never said."""
    return directory.setting(tx, "workspace") or "folder"


def goal_lines(mine: Seat, tx: Transaction, person: Person, cycle: Cycle) -> tuple[GoalLine, ...]:
    """The goals of *person* in their order; none where the viewer may not open the goal sheet."""
    if not mine.may(Action.READ, Paper(Kind.GOAL_SHEET, person.id)):
        return ()
    values = ledger.goal_values(tx, cycle.id, person.id)
    days = cadence_days(cycle.cadences, person, mine.today, cycle.cadences[0].cadence) if cycle.cadences else 31
    return tuple(
        GoalLine(
            goal,
            progress.standing(goal, values.get(goal.id, ()), mine.today, days),
            progress.trajectory(values.get(goal.id, ())),
        )
        for goal in ledger.goals(tx, cycle.id, person.id)
        if not goal.removed
    )


def known(mine: Seat, tx: Transaction, person: Person, since: date | None) -> tuple[Entry, ...]:
    """What the viewer may read about *person*, newest first."""
    return visible(mine.viewer, ledger.about(tx, person.id, since), mine.today)[::-1]


def documents(mine: Seat, tx: Transaction, person: Person) -> tuple[Document, ...]:
    """The documents about *person* that the viewer may open, as they were made."""
    name = workspace_name(tx)
    return tuple(Document(one, where(one, name)) for one in artifacts.of_person(tx, person.id) if may_open(mine, one))


def open_actions(mine: Seat, tx: Transaction, person: Person, cycle: Cycle) -> tuple[ActionItem, ...]:
    """What was agreed and is not done; check-ins are between the person and the manager."""
    if not mine.may(Action.READ, Paper(Kind.CHECK_IN, person.id)):
        return ()
    return tuple(one for one in ledger.actions(tx, cycle.id, person.id) if one.closed_on is None)


def next_check_in(mine: Seat, tx: Transaction, person: Person, cycle: Cycle, papers: Sequence[Document]) -> NextCheckIn | None:
    """The next check-in of *person* from today on: its document, else its day on the calendar."""
    ahead = sorted(
        (
            paper
            for paper in papers
            if paper.artifact.kind is Kind.CHECK_IN and paper.artifact.due and paper.artifact.due >= mine.today
        ),
        key=lambda paper: paper.artifact.due or mine.today,
    )
    leave = directory.leave_of(tx, [person.id])
    days = [day for day in check_in_days(cycle, person, leave, mine.today + AHEAD) if day >= mine.today]
    if ahead and ahead[0].artifact.due and (not days or ahead[0].artifact.due <= days[0]):
        return NextCheckIn(ahead[0].artifact.due, ahead[0])
    return NextCheckIn(days[0], None) if days else None


def newest_first(papers: Iterable[Document]) -> tuple[Document, ...]:
    """Check-ins by day, newest first; what has no day comes before them."""
    return tuple(sorted(papers, key=lambda paper: (paper.artifact.due is None, paper.artifact.due or date.min), reverse=True))


def may_open(mine: Seat, paper: Artifact) -> bool:
    """Whether the viewer may open it."""
    phase = Phase.RELEASED if paper.kind is Kind.RELEASED_REVIEW else Phase.DRAFT
    return mine.may(Action.READ, Paper(paper.kind, paper.person_id, paper.other_id, phase, paper.due))
