"""Counts and lists over many people at once: what the pages of managers, HR and leadership show without a query per row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Date, Label, exists, func, select, type_coerce

from sync.records import EntryKind, Goal, Visibility
from sync.store.models import artifact, entry, goal
from sync.store.queries.chunks import chunks
from templates.shapes import Kind

#: What stands in a ledger without being an observation about somebody.
_NO_NOTES = [kind.value for kind in (EntryKind.GOAL, EntryKind.GOAL_VALUE, EntryKind.AGENDA, EntryKind.REVIEW_TEXT)]


@dataclass(frozen=True)
class Planned:
    """One document of a cycle: whose, for which day, and whether somebody wrote into it."""

    key: str
    kind: Kind
    person_id: str
    due: date | None
    title: str
    ref: str
    written: bool


@dataclass(frozen=True)
class Notes:
    """How many shared notes about somebody stand, and the day of the last one."""

    count: int
    last: date


def planned(tx: Connection, cycle_id: str, person_ids: Iterable[str], kinds: Iterable[Kind]) -> dict[str, list[Planned]]:
    """The documents of these kinds about each of these people, by day."""
    found: dict[str, list[Planned]] = {}
    wanted = [kind.value for kind in kinds]
    for some in chunks(person_ids):
        query = (
            select(
                artifact.c.key,
                artifact.c.kind,
                artifact.c.person_id,
                artifact.c.due,
                artifact.c.title,
                artifact.c.ref,
                _written(),
            )
            .where(artifact.c.person_id.in_(some), artifact.c.cycle_id == cycle_id, artifact.c.kind.in_(wanted))
            .order_by(artifact.c.due, artifact.c.key)
        )
        for key, kind, person_id, due, title, ref, written in tx.execute(query):
            found.setdefault(person_id, []).append(Planned(key, Kind(kind), person_id, due, title, ref, bool(written)))
    return found


def notes(tx: Connection, person_ids: Iterable[str], since: date) -> dict[str, Notes]:
    """The shared notes about each of these people since *since*; nobody is in it about whom there are none."""
    found: dict[str, Notes] = {}
    for some in chunks(person_ids):
        query = (
            select(entry.c.about, func.count(), func.max(entry.c.happened_on))
            .where(entry.c.about.in_(some), entry.c.current, entry.c.happened_on >= since)
            .where(entry.c.visibility == Visibility.SHARED.value, entry.c.kind.not_in(_NO_NOTES))
            .group_by(entry.c.about)
        )
        found.update({about: Notes(count, last) for about, count, last in tx.execute(query)})
    return found


def goal_ages(tx: Connection, cycle_id: str, person_ids: Iterable[str]) -> dict[str, list[date | None]]:
    """When each goal of each of these people was last updated, None for never."""
    found: dict[str, list[date | None]] = {}
    for some in chunks(person_ids):
        query = select(goal.c.person_id, goal.c.updated).where(
            goal.c.cycle_id == cycle_id, goal.c.person_id.in_(some), goal.c.removed.is_(False)
        )
        for person_id, updated in tx.execute(query):
            found.setdefault(person_id, []).append(updated)
    return found


def goal_figures(tx: Connection, cycle_id: str) -> list[Goal]:
    """Every goal of a cycle as far as figures go, without a word that somebody wrote."""
    g = goal.c
    query = select(g.id, g.person_id, g.start, g.target, g.now, g.unit, g.weight, g.updated)
    rows = tx.execute(query.where(g.cycle_id == cycle_id, g.removed.is_(False)))
    return [
        Goal(id, whose, cycle_id, "", "", "", 0, start, target, now, unit, weight, updated=updated)
        for id, whose, start, target, now, unit, weight, updated in rows
    ]


def due_and_written(
    tx: Connection, cycle_id: str, kinds: Iterable[Kind], until: date, otherwise: date
) -> list[tuple[Kind, str, date, bool, int]]:
    """By kind, person and day up to *until*: how many documents there are, and whether somebody wrote into them.

    A document without a day of its own is due on the day *otherwise*.
    """
    day = func.coalesce(artifact.c.due, otherwise)
    grouped = (
        select(artifact.c.kind, artifact.c.person_id, type_coerce(day, Date).label("day"), _written().label("written"))
        .where(artifact.c.cycle_id == cycle_id, artifact.c.kind.in_([kind.value for kind in kinds]))
        .where(artifact.c.due.is_(None) | (artifact.c.due <= until))
        .subquery()
    )
    columns = (grouped.c.kind, grouped.c.person_id, grouped.c.day, grouped.c.written)
    rows = tx.execute(select(*columns, func.count()).group_by(*columns))
    return [(Kind(kind), person_id, due, bool(written), count) for kind, person_id, due, written, count in rows if due <= until]


def _written() -> Label[bool]:
    """Whether something that somebody wrote into the artifact still stands."""
    return exists(select(entry.c.id).where(entry.c.artifact_key == artifact.c.key, entry.c.current)).label("written")
