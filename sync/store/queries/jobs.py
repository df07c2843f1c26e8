"""Jobs as people see them, and the workers that do them. The engine keeps its own books; these are the company's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from sync.jobs import MOST_ATTEMPTS, Counts, Job, Record, Slot, State
from sync.store.models import job as table
from sync.store.models import worker
from sync.store.queries.upsert import insert_or_ignore, upsert

_OPEN = (State.WAITING.value, State.RUNNING.value)


def ask(tx: Connection, job_id: str, name: Job, argument: str, now: datetime) -> str:
    """Ask for a job; returns its id, which is an earlier one's when the same job is waiting already."""
    waiting = select(table.c.id).where(
        table.c.state == State.WAITING.value, table.c.name == name.value, table.c.argument == argument
    )
    known = tx.execute(waiting.order_by(table.c.asked_at).limit(1)).scalar_one_or_none()
    if known is not None:
        return str(known)
    row: dict[str, Any] = {
        "id": job_id,
        "name": name.value,
        "argument": argument,
        "state": State.WAITING.value,
        "asked_at": now,
        "counts": {},
    }
    insert_or_ignore(tx, table, [row | {"worker": "", "attempts": 0, "message": ""}])
    return job_id


def begin(tx: Connection, job_id: str, by: str, now: datetime) -> Record | None:
    """Note that *by* does the job now. None when it has ended already, or was begun too often: then it is given up."""
    found = get(tx, job_id)
    if found is None or found.state.has_ended:
        return None
    if found.attempts >= MOST_ATTEMPTS:
        end(tx, job_id, State.FAILED, {}, f"it was begun {found.attempts} times and never ended; see the log", now)
        return None
    values = {"state": State.RUNNING.value, "worker": by, "begun_at": found.begun_at or now, "attempts": found.attempts + 1}
    tx.execute(update(table).where(table.c.id == job_id).values(**values))
    return get(tx, job_id)


def end(tx: Connection, job_id: str, state: State, counts: Counts, message: str, now: datetime) -> bool:
    """Note what became of a job; False when that was noted before."""
    values = {"state": state.value, "counts": dict(counts), "message": message, "ended_at": now}
    return tx.execute(update(table).where(table.c.id == job_id, table.c.state.in_(_OPEN)).values(**values)).rowcount > 0


def get(tx: Connection, job_id: str) -> Record | None:
    """The job of that id."""
    row = tx.execute(select(table).where(table.c.id == job_id)).one_or_none()
    return None if row is None else _record(row)


def latest(tx: Connection, limit: int) -> tuple[Record, ...]:
    """The jobs that were asked for last, the newest first."""
    return tuple(_record(row) for row in tx.execute(select(table).order_by(table.c.asked_at.desc(), table.c.id).limit(limit)))


def last_of(tx: Connection, names: Iterable[Job]) -> dict[Job, Record]:
    """Of each of these jobs the one that was asked for last."""
    found: dict[Job, Record] = {}
    for name in names:
        row = tx.execute(
            select(table).where(table.c.name == name.value).order_by(table.c.asked_at.desc()).limit(1)
        ).one_or_none()
        if row is not None:
            found[name] = _record(row)
    return found


def unfinished(tx: Connection) -> tuple[Record, ...]:
    """Every job that has not ended, the oldest first."""
    return tuple(_record(row) for row in tx.execute(select(table).where(table.c.state.in_(_OPEN)).order_by(table.c.asked_at)))


def forget(tx: Connection, before: datetime) -> tuple[str, ...]:
    """Forget jobs that ended before that moment; returns their ids."""
    gone = tuple(tx.execute(select(table.c.id).where(table.c.ended_at < before)).scalars())
    tx.execute(table.delete().where(table.c.ended_at < before))
    return gone


def _record(row: Row[Any]) -> Record:
    values = dict(row._mapping)
    return Record(**{**values, "name": Job(row.name), "state": State(row.state)})


# ---------------------------------------------------------------- workers


def slots(tx: Connection) -> tuple[Slot, ...]:
    """Every worker that has not signed off, by name."""
    return tuple(Slot(*row) for row in tx.execute(select(worker).order_by(worker.c.name)))


def beat(tx: Connection, slot: Slot) -> None:
    """Say that this worker lives."""
    row = {"name": slot.name, "process": slot.process, "since": slot.since, "seen_at": slot.seen_at}
    upsert(tx, worker, [row])


def sign_off(tx: Connection, names: Iterable[str]) -> None:
    """These workers are gone and left nothing behind."""
    tx.execute(worker.delete().where(worker.c.name.in_(list(names))))
