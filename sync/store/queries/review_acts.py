"""What writers asked a worker to do with reviews, and what became of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from sync.jobs import State
from sync.review_acts import Act, ActKind, ActResult
from sync.store.models import job
from sync.store.models import review_act as table
from sync.store.queries.upsert import upsert


@dataclass(frozen=True)
class Standing:
    """An act, how far its job is (None when that was forgotten) and what a failed one said."""

    act: Act
    state: State | None
    message: str

    @property
    def busy(self) -> bool:
        """Whether something will still come of it."""
        return self.act.result is ActResult.WAITING and self.state is not None and not self.state.has_ended


def keep(tx: Connection, act: Act) -> None:
    """Keep *act* in place of the last one of its kind."""
    upsert(tx, table, [{**asdict(act), "refusals": [list(one) for one in act.refusals]}])


def assign(tx: Connection, act: Act, job_id: str) -> None:
    """Note which job does it."""
    tx.execute(table.update().where(*_same(act)).values(job_id=job_id))


def settle(tx: Connection, act: Act) -> None:
    """Note what became of it; nothing when it was erased meanwhile."""
    outcome = {"ended_at": act.ended_at, "result": act.result.value, "message": act.message}
    tx.execute(table.update().where(*_same(act)).values(**outcome, refusals=[list(one) for one in act.refusals]))


def _same(act: Act) -> tuple[ColumnElement[bool], ...]:
    t = table.c
    return (
        t.cycle_id == act.cycle_id,
        t.person_id == act.person_id,
        t.writer_id == act.writer_id,
        t.kind == act.kind.value,
    )


def get(tx: Connection, cycle_id: str, person_id: str, writer_id: str, kind: ActKind) -> Act | None:
    """The last act of that kind."""
    t = table.c
    same = (t.cycle_id == cycle_id, t.person_id == person_id, t.writer_id == writer_id, t.kind == kind.value)
    row = tx.execute(select(table).where(*same)).one_or_none()
    return None if row is None else _act(row._mapping)


def standing(tx: Connection, cycle_id: str, person_id: str, writer_id: str) -> dict[ActKind, Standing]:
    """The last act of each kind, with how far its job is."""
    t = table.c
    query = select(table, job.c.state.label("job_state"), job.c.message.label("job_message"))
    query = query.outerjoin(job, job.c.id == t.job_id)
    rows = tx.execute(query.where(t.cycle_id == cycle_id, t.person_id == person_id, t.writer_id == writer_id))
    return {
        ActKind(row.kind): Standing(_act(row._mapping), State(row.job_state) if row.job_state else None, row.job_message or "")
        for row in rows
    }


def _act(row: Any) -> Act:
    values = {column.name: row[column.name] for column in table.c}
    refusals = tuple((sentence, reason) for sentence, reason in values["refusals"])
    return Act(**{**values, "kind": ActKind(values["kind"]), "result": ActResult(values["result"]), "refusals": refusals})
