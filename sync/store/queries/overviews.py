"""Counts and lists over many people at once: what the pages of managers, HR and leadership show without a query per row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Date, Label, Select, case, exists, func, select, type_coerce

from sync.records import EntryKind, Goal, Visibility
from sync.store.models import artifact, draft, entry, goal, person, release
from sync.store.queries.chunks import chunks, rows_of
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


@dataclass(frozen=True)
class Written:
    """One review by a manager: its draft, or what was released."""

    person_id: str
    writer_id: str
    released: bool


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


def completion(
    tx: Connection, cycle_id: str, kinds: Iterable[Kind], *, until: date, late_before: date, otherwise: date
) -> list[tuple[str, Kind, int, int, int]]:
    """By team and kind: how many documents are done or late, how many are done, and about how many people they are.

    Done is what somebody wrote into, of the days up to *until*; late is what is empty and of a day before *late_before*. A
    document without a day of its own is due on the day *otherwise*.
    """
    day = type_coerce(func.coalesce(artifact.c.due, otherwise), Date)
    due = (
        select(artifact.c.kind, artifact.c.person_id, person.c.team, day.label("day"), _written().label("written"))
        .join(person, person.c.id == artifact.c.person_id)
        .where(artifact.c.cycle_id == cycle_id, artifact.c.kind.in_([kind.value for kind in kinds]))
        .where(day <= until)
        .subquery()
    )
    counted = (func.count(), func.sum(case((due.c.written, 1), else_=0)), func.count(due.c.person_id.distinct()))
    query = select(due.c.team, due.c.kind, *counted).where(due.c.written | (due.c.day < late_before))
    rows = tx.execute(query.group_by(due.c.team, due.c.kind))
    return [(team, Kind(kind), count, int(done), whose) for team, kind, count, done, whose in rows]


@dataclass(frozen=True)
class Sought:
    """Which reviews by managers of a cycle somebody may read of, and which of them they look for."""

    cycle_id: str
    reader_id: str
    """Of whom nothing is found: one's own review comes by another way."""
    with_drafts: bool
    """Those that were not released, too."""
    person_ids: frozenset[str] | None = None
    """Only where one of these is the person or the writer."""


def reviews(tx: Connection, sought: Sought, first: int, most: int) -> tuple[int, list[Written]]:
    """How many there are, and *most* of them from number *first* on: drafts first, by the person's name."""
    found = _reviews(tx, sought).cte("found")
    count = select(func.count()).select_from(found).scalar_subquery()
    query = select(found, count).join(person, person.c.id == found.c.person_id)
    query = query.order_by(found.c.released.is_not(None), person.c.name, person.c.id, found.c.writer_id)
    rows = tx.execute(query.offset(first).limit(most)).all()
    some = [Written(about, writer, released is not None) for about, writer, released, _ in rows]
    if rows or not first:
        return (rows[0][-1] if rows else 0), some
    return tx.execute(select(count)).scalar_one(), some


def _reviews(tx: Connection, sought: Sought) -> Select[Any]:
    d, r = draft.c, release.c
    query = (
        select(d.person_id, d.writer_id, r.person_id.label("released"))
        .outerjoin(release, (r.person_id == d.person_id) & (r.cycle_id == d.cycle_id))
        .where(d.cycle_id == sought.cycle_id, d.current, d.writer_id != d.person_id, d.person_id != sought.reader_id)
    )
    if not sought.with_drafts:
        query = query.where(r.person_id.is_not(None))
    if sought.person_ids is not None:
        ids = rows_of(tx, sought.person_ids)
        query = query.where(d.person_id.in_(ids) | d.writer_id.in_(ids))
    return query


def _written() -> Label[bool]:
    """Whether something that somebody wrote into the artifact still stands."""
    return exists(select(entry.c.id).where(entry.c.artifact_key == artifact.c.key, entry.c.current)).label("written")
