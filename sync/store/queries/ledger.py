"""The append-only ledger, goals with their history, actions, the sync cursor and what a sync found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, select, update

from sync.records import ActionItem, ArtifactState, Entry, EntryKind, Figure, Finding, Goal, GoalValue, Visibility
from sync.store import models
from sync.store.queries.chunks import chunks
from sync.store.queries.packing import packed, unpacked
from sync.store.queries.upsert import insert_or_ignore, upsert


def entry_of(row: Row[Any]) -> Entry:
    """The entry of a row."""
    figure = None if row.goal_id is None else Figure(row.goal_id, row.column or "", row.value, row.unit or "")
    return Entry(
        id=row.id,
        about=row.about,
        by=row.by,
        kind=EntryKind(row.kind),
        text=row.text,
        visibility=Visibility(row.visibility),
        happened_on=row.happened_on,
        recorded_at=row.recorded_at,
        artifact_key=row.artifact_key,
        anchor=row.anchor,
        place=row.place,
        figure=figure,
        supersedes=row.supersedes,
        withdrawn=row.withdrawn,
    )


def _values(entry: Entry) -> dict[str, Any]:
    figure = entry.figure
    return {
        "id": entry.id,
        "about": entry.about,
        "by": entry.by,
        "kind": entry.kind.value,
        "text": entry.text,
        "visibility": entry.visibility.value,
        "happened_on": entry.happened_on,
        "recorded_at": entry.recorded_at,
        "artifact_key": entry.artifact_key,
        "anchor": entry.anchor,
        "place": entry.place,
        "goal_id": figure.goal_id if figure else None,
        "column": figure.column if figure else None,
        "value": figure.value if figure else None,
        "unit": figure.unit if figure else None,
        "supersedes": entry.supersedes,
        "withdrawn": entry.withdrawn,
        "current": not entry.withdrawn,
    }


def append(tx: Connection, entries: Sequence[Entry]) -> None:
    """Add *entries*; one that is known stays as it is. What they supersede is no longer current."""
    insert_or_ignore(tx, models.entry, [_values(entry) for entry in entries])
    for some in chunks([entry.supersedes for entry in entries if entry.supersedes]):
        tx.execute(update(models.entry).where(models.entry.c.id.in_(some)).values(current=False))


def _read(tx: Connection, query: Select[Any]) -> tuple[Entry, ...]:
    return tuple(entry_of(row) for row in tx.execute(query))


_ORDER = (models.entry.c.happened_on, models.entry.c.recorded_at, models.entry.c.id)


def about(tx: Connection, person_id: str, since: date | None = None, until: date | None = None) -> tuple[Entry, ...]:
    """The current entries about a person, oldest first, between two days if given."""
    query = select(models.entry).where(models.entry.c.about == person_id, models.entry.c.current).order_by(*_ORDER)
    if since is not None:
        query = query.where(models.entry.c.happened_on >= since)
    if until is not None:
        query = query.where(models.entry.c.happened_on <= until)
    return _read(tx, query)


def private_about(tx: Connection, person_ids: Iterable[str]) -> dict[str, list[Entry]]:
    """The current entries about each of these people that are not shared, oldest first."""
    found: dict[str, list[Entry]] = {}
    e = models.entry.c
    for some in chunks(person_ids):
        query = select(models.entry).where(e.about.in_(some), e.current, e.visibility != Visibility.SHARED.value)
        for entry in _read(tx, query.order_by(*_ORDER)):
            found.setdefault(entry.about, []).append(entry)
    return found


def of_artifacts(tx: Connection, keys: Iterable[str]) -> dict[str, list[Entry]]:
    """Every entry of these artifacts, superseded ones included, oldest first."""
    found: dict[str, list[Entry]] = {}
    for some in chunks(keys):
        query = select(models.entry).where(models.entry.c.artifact_key.in_(some)).order_by(*_ORDER)
        for entry in _read(tx, query):
            found.setdefault(entry.artifact_key, []).append(entry)
    return found


def by_ids(tx: Connection, ids: Iterable[str]) -> dict[str, Entry]:
    """Entries by id, current or not."""
    found: dict[str, Entry] = {}
    for some in chunks(ids):
        found.update((entry.id, entry) for entry in _read(tx, select(models.entry).where(models.entry.c.id.in_(some))))
    return found


def lineage(tx: Connection, entries: Sequence[Entry]) -> dict[str, tuple[Entry, ...]]:
    """What each of *entries* said before, by id, the latest first; one question for every edit of the most edited one."""
    found: dict[str, list[Entry]] = {entry.id: [] for entry in entries}
    waiting = {entry.id: entry.supersedes for entry in entries if entry.supersedes}
    while waiting:
        former = by_ids(tx, set(waiting.values()))
        there = {one: former[before] for one, before in waiting.items() if before in former}
        for one, entry in there.items():
            found[one].append(entry)
        waiting = {one: entry.supersedes for one, entry in there.items() if entry.supersedes}
    return {one: tuple(before) for one, before in found.items()}


@dataclass(frozen=True)
class Ever:
    """Everything that was ever noted about people: what is current, oldest first, and what each entry said before."""

    current: tuple[Entry, ...] = ()
    lineage: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    """By id, the latest first."""
    by_id: Mapping[str, Entry] = field(default_factory=dict)


def ever_about(tx: Connection, *person_ids: str) -> Ever:
    """The whole history of what is known about a person, or several, in one question."""
    rows = tx.execute(select(models.entry).where(models.entry.c.about.in_(person_ids)).order_by(*_ORDER)).all()
    by_id = {row.id: entry_of(row) for row in rows}
    return Ever(
        tuple(by_id[row.id] for row in rows if row.current),
        {one: tuple(_before(one, by_id)) for one in by_id},
        by_id,
    )


def _before(entry_id: str, by_id: Mapping[str, Entry]) -> Iterable[Entry]:
    former = by_id.get(by_id[entry_id].supersedes)
    while former is not None:
        yield former
        former = by_id.get(former.supersedes)


def superseded(tx: Connection, ids: Iterable[str]) -> set[str]:
    """Those of *ids* that are no longer current, or not known."""
    wanted = list(ids)
    current: set[str] = set()
    for some in chunks(wanted):
        current.update(
            tx.execute(select(models.entry.c.id).where(models.entry.c.id.in_(some), models.entry.c.current)).scalars()
        )
    return set(wanted) - current


def count(tx: Connection) -> int:
    """How many entries are current."""
    return tx.execute(select(func.count()).select_from(models.entry).where(models.entry.c.current)).scalar_one()


def submitted(tx: Connection, cycle_id: str) -> frozenset[str]:
    """The keys of the self reviews whose author let the manager read them."""
    e, a = models.entry.c, models.artifact.c
    query = (
        select(e.artifact_key)
        .join(models.artifact, a.key == e.artifact_key)
        .where(a.cycle_id == cycle_id, e.current, e.kind == EntryKind.SELF_REVIEW.value)
        .where(e.visibility == Visibility.SHARED.value)
    )
    return frozenset(tx.execute(query.distinct()).scalars())


# ---------------------------------------------------------------- goals and actions

_GOAL = tuple(field.name for field in fields(Goal))
_GOALS = select(*(models.goal.c[name] for name in _GOAL))
"""With the columns in the order of a goal's fields: there are many goals, and a row is the arguments of one."""
_ACTION = tuple(column.name for column in models.action.c)


def goals(tx: Connection, cycle_id: str, person_id: str | None = None) -> tuple[Goal, ...]:
    """The goals of a cycle, of one person if given, removed ones included, by person and position."""
    query = _GOALS.where(models.goal.c.cycle_id == cycle_id)
    if person_id is not None:
        query = query.where(models.goal.c.person_id == person_id)
    query = query.order_by(models.goal.c.person_id, models.goal.c.position, models.goal.c.id)
    return tuple(Goal(*row) for row in tx.execute(query))


def goals_of_artifacts(tx: Connection, keys: Iterable[str]) -> dict[str, list[Goal]]:
    """The goals of these sheets, removed ones included, by artifact key and position."""
    found: dict[str, list[Goal]] = {}
    for some in chunks(keys):
        query = _GOALS.where(models.goal.c.artifact_key.in_(some))
        for row in tx.execute(query.order_by(models.goal.c.position, models.goal.c.id)):
            found.setdefault(row.artifact_key, []).append(Goal(*row))
    return found


def save_goals(tx: Connection, changed: Sequence[Goal]) -> None:
    """Write goals as they are now."""
    upsert(tx, models.goal, [{name: getattr(goal, name) for name in _GOAL} | {"extra": dict(goal.extra)} for goal in changed])


def mark_written(tx: Connection, goals: Mapping[str, Iterable[str]]) -> None:
    """Goals, by the key of their sheet, stand in it now. Whatever else was changed about them stays."""
    rows = [{"goal": goal_id, "sheet": key} for key, ids in goals.items() for goal_id in ids]
    if rows:
        statement = update(models.goal).where(models.goal.c.id == bindparam("goal"))
        tx.execute(statement.values(written=True, artifact_key=bindparam("sheet")), rows)


def goal_values(tx: Connection, cycle_id: str, person_id: str | None = None) -> dict[str, list[GoalValue]]:
    """The history of each goal, oldest first, by goal id. A value that was corrected or taken out is not in it."""
    v, e = models.goal_value, models.entry
    query = select(v).join(models.goal, models.goal.c.id == v.c.goal_id).where(models.goal.c.cycle_id == cycle_id)
    query = query.outerjoin(e, e.c.id == v.c.entry_id).where(e.c.id.is_(None) | e.c.current)
    if person_id is not None:
        query = query.where(models.goal.c.person_id == person_id)
    found: dict[str, list[GoalValue]] = {}
    for row in tx.execute(query.order_by(v.c.goal_id, v.c.day, v.c.entry_id)):
        found.setdefault(row.goal_id, []).append(GoalValue(row.goal_id, row.day, row.value, row.entry_id))
    return found


def goals_and_values(tx: Connection, cycle_id: str, person_id: str) -> tuple[tuple[Goal, ...], dict[str, list[GoalValue]]]:
    """`goals` and `goal_values` of one person, in one question."""
    g, v, e = models.goal, models.goal_value, models.entry
    value = (v.c.day.label("value_day"), v.c.value.label("value"), v.c.entry_id.label("value_entry"))
    holds = (e.c.id.is_(None) | e.c.current).label("value_holds")
    query = select(*(g.c[name] for name in _GOAL), *value, holds).outerjoin(v, v.c.goal_id == g.c.id)
    query = query.outerjoin(e, e.c.id == v.c.entry_id).where(g.c.cycle_id == cycle_id, g.c.person_id == person_id)
    found: dict[str, Goal] = {}
    values: dict[str, list[GoalValue]] = {}
    for row in tx.execute(query.order_by(g.c.position, g.c.id, v.c.day, v.c.entry_id)):
        if row.id not in found:
            found[row.id] = Goal(*row[: len(_GOAL)])
        if row.value_entry is not None and row.value_holds:
            values.setdefault(row.id, []).append(GoalValue(row.id, row.value_day, row.value, row.value_entry))
    return tuple(found.values()), values


def add_goal_values(tx: Connection, values: Sequence[GoalValue]) -> None:
    """Add points to histories; a known one stays."""
    rows = [{"entry_id": v.entry_id, "goal_id": v.goal_id, "day": v.day, "value": v.value} for v in values]
    insert_or_ignore(tx, models.goal_value, rows)


def actions(tx: Connection, cycle_id: str, person_id: str | None = None) -> tuple[ActionItem, ...]:
    """The actions of a cycle, of one person if given, open and closed, oldest first."""
    query = select(models.action).where(models.action.c.cycle_id == cycle_id)
    if person_id is not None:
        query = query.where(models.action.c.person_id == person_id)
    query = query.order_by(models.action.c.opened_on, models.action.c.key)
    return tuple(ActionItem(**{name: row._mapping[name] for name in _ACTION}) for row in tx.execute(query))


def actions_of_people(tx: Connection, person_ids: Iterable[str]) -> dict[str, list[ActionItem]]:
    """The actions of these people in all cycles, open and closed, oldest first, by person id."""
    found: dict[str, list[ActionItem]] = {}
    for some in chunks(person_ids):
        query = select(models.action).where(models.action.c.person_id.in_(some))
        for row in tx.execute(query.order_by(models.action.c.opened_on, models.action.c.key)):
            found.setdefault(row.person_id, []).append(ActionItem(**{name: row._mapping[name] for name in _ACTION}))
    return found


def save_actions(tx: Connection, changed: Sequence[ActionItem]) -> None:
    """Write actions as they are now."""
    upsert(tx, models.action, [{name: getattr(action, name) for name in _ACTION} for action in changed])


# ---------------------------------------------------------------- the state of a sync


def cursor(tx: Connection, workspace: str) -> str:
    """Where the last sync of *workspace* ended; "" when there was none."""
    data = tx.execute(select(models.cursor.c.value).where(models.cursor.c.workspace == workspace)).scalar_one_or_none()
    return "" if data is None else str(unpacked(data))


def last_sync(tx: Connection, workspace: str) -> datetime | None:
    """When the last sync of *workspace* ended."""
    return tx.execute(select(models.cursor.c.at).where(models.cursor.c.workspace == workspace)).scalar_one_or_none()


def move_cursor(tx: Connection, workspace: str, value: str, at: datetime) -> None:
    """Everything before *value* is in the store."""
    upsert(tx, models.cursor, [{"workspace": workspace, "value": packed(value), "at": at}])


def dirty(tx: Connection, workspace: str) -> tuple[str, ...]:
    """Refs that must be read whatever the cursor says."""
    rows = tx.execute(select(models.dirty.c.ref).where(models.dirty.c.workspace == workspace).order_by(models.dirty.c.ref))
    return tuple(rows.scalars())


def mark_dirty(tx: Connection, workspace: str, refs: Iterable[str]) -> None:
    """Remember to read these refs in the next sync."""
    insert_or_ignore(tx, models.dirty, [{"workspace": workspace, "ref": ref} for ref in dict.fromkeys(refs)])


def clean(tx: Connection, workspace: str, refs: Iterable[str]) -> None:
    """These refs were read."""
    for some in chunks(refs):
        tx.execute(models.dirty.delete().where(models.dirty.c.workspace == workspace, models.dirty.c.ref.in_(some)))


def never_read(tx: Connection, workspace: str) -> tuple[str, ...]:
    """Refs of linked artifacts of which no snapshot was ever taken where they stand."""
    a, s = models.artifact.c, models.snapshot.c
    taken = select(s.artifact_key).where(s.artifact_key == a.key, s.ref == a.ref).exists()
    query = select(a.ref).where(a.workspace == workspace, a.state == ArtifactState.LINKED.value, ~taken)
    return tuple(tx.execute(query.order_by(a.key)).scalars())


def move_snapshots(tx: Connection, key: str, former_ref: str, ref: str) -> None:
    """The artifact *key* stands at *ref* now, and what was read of it at *former_ref* belongs to it there."""
    s = models.snapshot
    tx.execute(s.update().where(s.c.artifact_key == key, s.c.ref == former_ref).values(ref=ref))


def findings(tx: Connection, workspace: str) -> tuple[Finding, ...]:
    """What a person should know and nobody has mended yet."""
    rows = tx.execute(
        select(models.finding)
        .where(models.finding.c.workspace == workspace)
        .order_by(models.finding.c.subject, models.finding.c.kind)
    )
    return tuple(Finding(row.subject, row.kind, message) for row in rows for message in row.message.split("\n"))


def replace_findings(tx: Connection, workspace: str, subjects: Iterable[str], new: Sequence[Finding], now: datetime) -> None:
    """Forget what was found about *subjects*, then note *new*: each once, all of a kind in one row, a line each."""
    for some in chunks(subjects):
        tx.execute(models.finding.delete().where(models.finding.c.workspace == workspace, models.finding.c.subject.in_(some)))
    messages: dict[tuple[str, str], dict[str, None]] = {}
    for one in new:
        messages.setdefault((one.subject, one.kind), {})[" ".join(one.message.split("\n"))] = None
    rows = [
        {"workspace": workspace, "subject": subject, "kind": kind, "message": "\n".join(lines), "seen_at": now}
        for (subject, kind), lines in messages.items()
    ]
    upsert(tx, models.finding, rows)
