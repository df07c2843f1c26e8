"""What people asked for beside documents, and what became of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from sync.document_edits import DocumentEdit, EditKind, EditResult
from sync.jobs import State
from sync.store.models import document_edit as table
from sync.store.models import job
from sync.store.queries.upsert import upsert


@dataclass(frozen=True)
class Standing:
    """A wish, and how far its job is: None when that was never asked for or forgotten."""

    edit: DocumentEdit
    state: State | None

    @property
    def busy(self) -> bool:
        """Whether something will still come of it."""
        return self.edit.result is EditResult.WAITING and self.state is not None and not self.state.has_ended

    @property
    def has_failed(self) -> bool:
        """Whether nothing was written, so that whoever asked has to be told."""
        return self.edit.has_failed or (self.edit.result is EditResult.WAITING and self.state is State.FAILED)


def keep(tx: Connection, one: DocumentEdit) -> None:
    """Keep it in place of what the same person asked for last about the same thing."""
    upsert(tx, table, [asdict(one)])


def assign(tx: Connection, edit_id: str, job_id: str) -> None:
    """Note which job does it."""
    tx.execute(table.update().where(table.c.id == edit_id).values(job_id=job_id))


def settle(tx: Connection, one: DocumentEdit) -> None:
    """Note what became of it; nothing when it was erased, or something else asked for, meanwhile."""
    outcome = {"ended_at": one.ended_at, "result": one.result.value, "message": one.message}
    tx.execute(table.update().where(table.c.id == one.id, table.c.asked_at == one.asked_at).values(**outcome))


def get(tx: Connection, edit_id: str) -> DocumentEdit | None:
    """The one of that id."""
    row = tx.execute(select(table).where(table.c.id == edit_id)).one_or_none()
    return None if row is None else _edit(row._mapping)


def asked_by(tx: Connection, person_id: str, about: str, since: datetime) -> tuple[Standing, ...]:
    """What somebody asked for about somebody since then, oldest first."""
    query = select(table, job.c.state.label("job_state")).outerjoin(job, job.c.id == table.c.job_id)
    query = query.where(table.c.by == person_id, table.c.person_id == about, table.c.asked_at >= since)
    rows = tx.execute(query.order_by(table.c.asked_at, table.c.id))
    return tuple(Standing(_edit(row._mapping), State(row.job_state) if row.job_state else None) for row in rows)


def _edit(row: Any) -> DocumentEdit:
    values = {column.name: row[column.name] for column in table.c}
    return DocumentEdit(**{**values, "kind": EditKind(values["kind"]), "result": EditResult(values["result"])})
