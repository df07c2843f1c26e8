"""Who is asked for feedback about whom, and anonymous answers, which nothing connects with who gave them."""

from __future__ import annotations

import secrets

from sqlalchemy import ColumnElement, Connection, Table, select, update

from sync.feedback import Form, Request, State
from sync.store.models import anonymous_answer, answer_mark, feedback_request
from sync.store.queries.upsert import insert_or_ignore


def add(tx: Connection, request: Request) -> None:
    """Keep a request; one that is known stays as it is."""
    insert_or_ignore(tx, feedback_request, [{**request.__dict__, "form": request.form.value, "state": request.state.value}])


def of_giver(tx: Connection, cycle_id: str, giver_id: str) -> tuple[Request, ...]:
    """Everything that somebody is asked for."""
    r = feedback_request.c
    return _read(tx, (r.cycle_id == cycle_id) & (r.giver_id == giver_id))


def about(tx: Connection, cycle_id: str, person_ids: list[str]) -> tuple[Request, ...]:
    """Everybody who is asked about these people."""
    r = feedback_request.c
    return _read(tx, (r.cycle_id == cycle_id) & r.person_id.in_(person_ids))


def of_cycle(tx: Connection, cycle_id: str) -> tuple[Request, ...]:
    """Everybody who is asked in a cycle."""
    return _read(tx, feedback_request.c.cycle_id == cycle_id)


def get(tx: Connection, cycle_id: str, giver_id: str, person_id: str) -> Request | None:
    """That request."""
    r = feedback_request.c
    found = _read(tx, (r.cycle_id == cycle_id) & (r.giver_id == giver_id) & (r.person_id == person_id))
    return found[0] if found else None


def move(tx: Connection, request: Request, state: State) -> bool:
    """Bring a request from the state that it was seen in to another; False when somebody was quicker."""
    r = feedback_request.c
    same = (r.cycle_id == request.cycle_id) & (r.giver_id == request.giver_id) & (r.person_id == request.person_id)
    changed = tx.execute(update(feedback_request).where(same, r.state == request.state.value).values(state=state.value))
    return changed.rowcount > 0


def keep_answer(tx: Connection, request: Request, text: str, mark: str) -> bool:
    """Keep an anonymous answer; False when that *mark* says that one was given before.

    Neither its giver nor its hour is kept, and its id says nothing about either. All answers and marks of the cycle are
    laid down anew in the order of their ids: a database numbers rows, or marks them with the transaction that wrote them,
    which would tell who came when.
    """
    if mark in marks(tx, request.cycle_id):
        return False
    about = {"cycle_id": request.cycle_id, "person_id": request.person_id}
    _lay_down(tx, anonymous_answer, {"id": secrets.token_hex(16), "text": text, **about})
    _lay_down(tx, answer_mark, {"mark": mark, **about})
    return True


def _lay_down(tx: Connection, table: Table, new: dict[str, str]) -> None:
    of_the_cycle = table.c.cycle_id == new["cycle_id"]
    (key,) = table.primary_key
    rows = [dict(row._mapping) for row in tx.execute(select(table).where(of_the_cycle))]
    tx.execute(table.delete().where(of_the_cycle))
    tx.execute(table.insert(), sorted([*rows, new], key=lambda row: row[key.name]))


def marks(tx: Connection, cycle_id: str) -> frozenset[str]:
    """What stands for the anonymous answers that were given; see `sync.feedback.mark_of`."""
    return frozenset(tx.execute(select(answer_mark.c.mark).where(answer_mark.c.cycle_id == cycle_id)).scalars())


def answers(tx: Connection, cycle_id: str) -> dict[str, list[tuple[str, str]]]:
    """Anonymous answers of a cycle that were not shown yet: by person, id and text."""
    a = anonymous_answer.c
    found: dict[str, list[tuple[str, str]]] = {}
    for person_id, one, text in tx.execute(select(a.person_id, a.id, a.text).where(a.cycle_id == cycle_id).order_by(a.id)):
        found.setdefault(person_id, []).append((one, text))
    return found


def shown(tx: Connection, cycle_id: str, person_id: str) -> None:
    """The answers about this person stand in the ledger now."""
    a = anonymous_answer.c
    tx.execute(anonymous_answer.delete().where(a.cycle_id == cycle_id, a.person_id == person_id))


def _read(tx: Connection, which: ColumnElement[bool]) -> tuple[Request, ...]:
    r = feedback_request.c
    query = select(r.cycle_id, r.giver_id, r.person_id, r.form, r.state).where(which).order_by(r.person_id, r.giver_id)
    return tuple(Request(c, g, p, Form(form), State(state)) for c, g, p, form, state in tx.execute(query))
