"""Drafts, what was excluded from them, releases, and the audit trail."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Date, Row, cast, func, literal, null, select, union_all, update

from sync.decisions import Decision, DecisionKind
from sync.records import Citation, Coverage, Draft, Gap, Release, Statement, StatementKind
from sync.store import models
from sync.store.database import OPERATOR
from sync.store.queries.packing import packed, unpacked
from sync.store.queries.upsert import insert_or_ignore, upsert

_DECISION = tuple(column.name for column in models.decision.c)
_EXCLUDED = "excluded"


def save_draft(tx: Connection, draft: Draft, unsupported: int) -> None:
    """Keep *draft* as the current one of its person, writer and reader. *unsupported* is what the guard counted."""
    d = models.draft.c
    same = (d.cycle_id == draft.cycle_id, d.person_id == draft.person_id, d.writer_id == draft.writer_id)
    tx.execute(update(models.draft).where(*same, d.reader_id == draft.reader_id).values(current=False))
    row = {
        "id": draft.id,
        "cycle_id": draft.cycle_id,
        "person_id": draft.person_id,
        "writer_id": draft.writer_id,
        "reader_id": draft.reader_id,
        "made_at": draft.made_at,
        "statements": len(draft.statements),
        "unsupported": unsupported,
        "current": True,
        "body": packed(_body(draft)),
    }
    upsert(tx, models.draft, [row])


def drafts(tx: Connection, cycle_id: str, person_id: str | None = None) -> tuple[Draft, ...]:
    """The current drafts of a cycle, of one person if given."""
    query = select(models.draft).where(models.draft.c.cycle_id == cycle_id, models.draft.c.current)
    if person_id is not None:
        query = query.where(models.draft.c.person_id == person_id)
    return tuple(_draft(row) for row in tx.execute(query.order_by(models.draft.c.person_id, models.draft.c.id)))


def drafted_by(tx: Connection, cycle_id: str, writer_id: str) -> set[str]:
    """About whom *writer_id* has a current draft."""
    table = models.draft.c
    query = select(table.person_id).where(table.cycle_id == cycle_id, table.writer_id == writer_id, table.current)
    return set(tx.execute(query).scalars())


def draft(tx: Connection, draft_id: str) -> Draft | None:
    """The draft of that id, current or not."""
    row = tx.execute(select(models.draft).where(models.draft.c.id == draft_id)).one_or_none()
    return None if row is None else _draft(row)


def drafts_between(tx: Connection, cycle_id: str, person_id: str, writer_id: str, reader_id: str) -> tuple[Draft, ...]:
    """Every draft of one writer for one reader about a person, former ones included, the latest first."""
    d = models.draft.c
    query = select(models.draft).where(d.cycle_id == cycle_id, d.person_id == person_id)
    query = query.where(d.writer_id == writer_id, d.reader_id == reader_id).order_by(d.made_at.desc(), d.id)
    return tuple(_draft(row) for row in tx.execute(query))


def draft_counts(tx: Connection) -> tuple[int, int]:
    """How many current drafts there are, and how many unsupported statements the guard counted in them."""
    query = select(func.count(), func.coalesce(func.sum(models.draft.c.unsupported), 0)).where(models.draft.c.current)
    found, unsupported = tx.execute(query).one()
    return int(found), int(unsupported)


def exclude(tx: Connection, cycle_id: str, person_id: str, entry_ids: Iterable[str], by: str, at: datetime) -> None:
    """Leave these entries out of what *by* drafts about the person in this cycle."""
    rows = [
        {"cycle_id": cycle_id, "person_id": person_id, "entry_id": entry_id, "by": by, "at": at}
        for entry_id in dict.fromkeys(entry_ids)
    ]
    insert_or_ignore(tx, models.exclusion, rows)


def include(tx: Connection, cycle_id: str, person_id: str, entry_ids: Iterable[str], by: str) -> None:
    """Take `exclude` back."""
    e = models.exclusion.c
    same = (e.cycle_id == cycle_id, e.person_id == person_id, e.by == by, e.entry_id.in_(list(entry_ids)))
    tx.execute(models.exclusion.delete().where(*same))


def exclusions(tx: Connection, cycle_id: str, person_id: str, by: str) -> frozenset[str]:
    """Ids of the entries that the writer *by* left out of their drafts about the person."""
    e = models.exclusion.c
    same = (e.cycle_id == cycle_id, e.person_id == person_id, e.by == by)
    return frozenset(tx.execute(select(e.entry_id).where(*same)).scalars())


def save_release(tx: Connection, release: Release) -> None:
    """Log that a review was shown to its subject; a version after the first is a correction."""
    table = models.release if release.version == 1 else models.correction
    insert_or_ignore(tx, table, [{column.name: getattr(release, column.name) for column in table.c}])


def releases(tx: Connection, cycle_id: str) -> dict[str, Release]:
    """What was released in a cycle, by person id: the latest version."""
    return {person_id: versions[-1] for person_id, versions in all_releases(tx, cycle_id).items()}


def all_releases(tx: Connection, cycle_id: str) -> dict[str, tuple[Release, ...]]:
    """Every version that was released in a cycle, by person id, the first one first."""
    found: dict[str, tuple[Release, ...]] = {}
    for table in (models.release, models.correction):
        query = select(table).where(table.c.cycle_id == cycle_id)
        for row in tx.execute(query.order_by(*table.primary_key)):
            found[row.person_id] = (*found.get(row.person_id, ()), Release(**row._mapping))
    return found


def releases_of(tx: Connection, cycle_id: str, person_id: str) -> tuple[Release, ...]:
    """Every version of one person's review that was released in a cycle, the first one first."""
    names = [column.name for column in models.correction.c]
    r, c = models.release.c, models.correction.c
    plain: dict[str, ColumnElement[Any]] = {"version": literal(1), "reason": literal("")}
    first = select(*(plain[name].label(name) if name in plain else r[name] for name in names))
    later = select(*(c[name] for name in names))
    both = union_all(
        first.where(r.cycle_id == cycle_id, r.person_id == person_id),
        later.where(c.cycle_id == cycle_id, c.person_id == person_id),
    ).subquery()
    return tuple(Release(**row._mapping) for row in tx.execute(select(both).order_by(both.c.version)))


def released_people(tx: Connection, cycle_id: str, person_ids: Iterable[str]) -> set[str]:
    """Those of these people whose review was released in a cycle."""
    r = models.release.c
    query = select(r.person_id).where(r.cycle_id == cycle_id, r.person_id.in_(list(person_ids)))
    return set(tx.execute(query).scalars())


@dataclass(frozen=True)
class Choices:
    """What one writer chose for the reviews of one person."""

    decisions: tuple[Decision, ...]
    deferred: tuple[str, ...]
    """Ids of points that were moved here from other cycles, the earliest first."""
    excluded: frozenset[str]
    """Ids of entries that are left out of the drafts."""


def choices(tx: Connection, cycle_id: str, by: str, person_id: str) -> Choices:
    """`decisions`, `deferred` and `exclusions` in one question."""
    d, e = models.decision.c, models.exclusion.c
    out: dict[str, ColumnElement[Any]] = {name: e[name] for name in ("cycle_id", "person_id", "by", "at")}
    out |= {"kind": literal(_EXCLUDED), "subject": e.entry_id, "other": literal(""), "day": cast(null(), Date)}
    rows = union_all(
        select(*(d[name] for name in _DECISION)).where(d.by == by, d.person_id == person_id),
        select(*(out[name].label(name) for name in _DECISION)).where(
            e.cycle_id == cycle_id, e.by == by, e.person_id == person_id
        ),
    ).subquery()
    found = tx.execute(select(rows).order_by(*(rows.c[name] for name in ("at", "kind", "subject", "other")))).all()
    decided = [Decision(**{**row._mapping, "kind": DecisionKind(row.kind)}) for row in found if row.kind != _EXCLUDED]
    return Choices(
        tuple(one for one in decided if one.cycle_id == cycle_id),
        tuple(one.subject for one in decided if one.cycle_id != cycle_id and one.kind is DecisionKind.LATER),
        frozenset(row.subject for row in found if row.kind == _EXCLUDED),
    )


def released_count(tx: Connection, cycle_id: str) -> int:
    """How many people were shown a review in a cycle."""
    query = select(func.count()).select_from(models.release).where(models.release.c.cycle_id == cycle_id)
    return tx.execute(query).scalar_one()


def decide(tx: Connection, decisions: Iterable[Decision]) -> None:
    """Keep what a writer decided; the same decision again takes the new day."""
    upsert(tx, models.decision, [{name: getattr(one, name) for name in _DECISION} for one in decisions])


def withdraw_decision(tx: Connection, one: Decision) -> None:
    """Take a decision back."""
    d = models.decision.c
    same = [d[name] == getattr(one, name) for name in ("cycle_id", "person_id", "by", "kind", "subject", "other")]
    tx.execute(models.decision.delete().where(*same))


def decisions(tx: Connection, cycle_id: str, by: str, person_id: str | None = None) -> tuple[Decision, ...]:
    """What the writer *by* decided in a cycle, about one person if given."""
    d = models.decision.c
    query = select(models.decision).where(d.cycle_id == cycle_id, d.by == by)
    if person_id is not None:
        query = query.where(d.person_id == person_id)
    rows = tx.execute(query.order_by(d.person_id, d.at, d.kind, d.subject, d.other))
    return tuple(Decision(**{**row._mapping, "kind": DecisionKind(row.kind)}) for row in rows)


def decisions_of(tx: Connection, by: str) -> tuple[Decision, ...]:
    """What the writer *by* decided, about everybody in every cycle, the earliest first."""
    d = models.decision.c
    rows = tx.execute(select(models.decision).where(d.by == by).order_by(d.at, d.kind, d.subject, d.other))
    return tuple(Decision(**{**row._mapping, "kind": DecisionKind(row.kind)}) for row in rows)


def acknowledge(tx: Connection, artifact_key: str, person_id: str, at: datetime, comment: str) -> None:
    """Keep that *person_id* has read a released review, and what they say to it; saying it again replaces it."""
    row = {"artifact_key": artifact_key, "person_id": person_id, "at": at, "comment": comment}
    upsert(tx, models.acknowledgement, [row])


def acknowledgement(tx: Connection, artifact_key: str, person_id: str) -> tuple[datetime, str] | None:
    """When *person_id* said that they have read it, and their comment."""
    table = models.acknowledgement
    row = tx.execute(select(table).where(table.c.artifact_key == artifact_key, table.c.person_id == person_id)).one_or_none()
    return None if row is None else (row.at, row.comment)


def acknowledgements(tx: Connection, person_id: str) -> dict[str, tuple[datetime, str]]:
    """What a person said to their released reviews, by artifact key."""
    rows = tx.execute(select(models.acknowledgement).where(models.acknowledgement.c.person_id == person_id))
    return {row.artifact_key: (row.at, row.comment) for row in rows}


def note(tx: Connection, at: datetime, actor: str, action: str, subject: str, detail: str = "") -> None:
    """Add a line to the audit trail: *actor* is in whose name it was done; who typed it is what the store knows of itself."""
    typed = tx.get_execution_options().get(OPERATOR, "")
    tx.execute(models.audit.insert().values(at=at, actor=actor, action=action, subject=subject, detail=detail, operator=typed))


def trail_page(tx: Connection, before: int, count: int) -> tuple[tuple[int, datetime, str, str, str, str, str], ...]:
    """The *count* newest lines of the trail below the number *before*.

    Each has its number, instant, actor, action, subject, detail and operator.
    """
    a = models.audit.c
    columns = (a.id, a.at, a.actor, a.action, a.subject, a.detail, a.operator)
    query = select(*columns).where(a.id < before).order_by(a.id.desc()).limit(count)
    return tuple((row.id, row.at, row.actor, row.action, row.subject, row.detail, row.operator) for row in tx.execute(query))


def trail(tx: Connection) -> tuple[tuple[datetime, str, str, str, str], ...]:
    """The audit trail, oldest first: when, who, what, about what, detail."""
    rows = tx.execute(select(models.audit).order_by(models.audit.c.id))
    return tuple((row.at, row.actor, row.action, row.subject, row.detail) for row in rows)


def deferred(tx: Connection, cycle_id: str, by: str, person_id: str) -> tuple[str, ...]:
    """Ids of the points about a person that the writer *by* moved to the next period, in any cycle but this one."""
    d = models.decision.c
    query = select(d.subject).where(d.person_id == person_id, d.by == by, d.cycle_id != cycle_id)
    return tuple(tx.execute(query.where(d.kind == DecisionKind.LATER.value).order_by(d.at, d.subject)).scalars())


def _body(draft: Draft) -> dict[str, Any]:
    whole = asdict(draft)
    return {name: whole[name] for name in ("statements", "coverage", "gaps", "unused", "for_you")}


def _draft(row: Row[Any]) -> Draft:
    body = unpacked(row.body)
    return Draft(
        id=row.id,
        cycle_id=row.cycle_id,
        person_id=row.person_id,
        writer_id=row.writer_id,
        reader_id=row.reader_id,
        made_at=row.made_at,
        statements=tuple(_statement(one) for one in body["statements"]),
        coverage=Coverage(**body["coverage"]),
        gaps=tuple(Gap(**one) for one in body["gaps"]),
        unused=tuple(body["unused"]),
        for_you=tuple(body["for_you"]),
    )


def _statement(body: dict[str, Any]) -> Statement:
    citations = tuple(Citation(**one) for one in body["citations"])
    return Statement(body["section"], body["heading"], body["text"], StatementKind(body["kind"]), citations)
