"""Reminders that were sent, and what people want of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from sync.feedback import State
from sync.store.models import artifact, entry, feedback_request, letter, preference, reminder
from sync.store.queries.upsert import insert_or_ignore, upsert
from templates.shapes import Kind

SENDING, SENT, REFUSED = "sending", "sent", "refused"

Mark = tuple[str, str]
"""Artifact and stage."""


def begin(tx: Connection, letter_id: str, person_id: str, marks: Sequence[Mark], now: datetime) -> bool:
    """Write down that a letter is about to be sent; False when it was before: then it must not be sent again."""
    if tx.execute(select(letter.c.id).where(letter.c.id == letter_id)).first() is not None:
        return False
    tx.execute(letter.insert().values(id=letter_id, person_id=person_id, state=SENDING, begun_at=now))
    rows = [{"person_id": person_id, "artifact_key": key, "stage": stage, "letter_id": letter_id} for key, stage in marks]
    insert_or_ignore(tx, reminder, rows)
    return True


def end(tx: Connection, letter_id: str, state: str, now: datetime) -> None:
    """What became of it: sent, or refused for good."""
    tx.execute(update(letter).where(letter.c.id == letter_id).values(state=state, ended_at=now))


def take_back(tx: Connection, letter_id: str) -> None:
    """It surely was not sent: it may be tried again."""
    tx.execute(reminder.delete().where(reminder.c.letter_id == letter_id))
    tx.execute(letter.delete().where(letter.c.id == letter_id))


def sent(tx: Connection) -> frozenset[tuple[str, str, str]]:
    """Person, artifact and stage of every reminder that went out, or may have."""
    r = reminder.c
    return frozenset(
        (row.person_id, row.artifact_key, row.stage) for row in tx.execute(select(r.person_id, r.artifact_key, r.stage))
    )


def had_one(tx: Connection, letter_ids: Sequence[str]) -> frozenset[str]:
    """Those of the letters that went out, or may have."""
    return frozenset(set(letter_ids) & set(tx.execute(select(letter.c.id)).scalars()))


def unclear(tx: Connection, before: datetime) -> int:
    """How many letters were begun before that moment and nobody knows whether they arrived."""
    query = select(func.count()).select_from(letter).where(letter.c.state == SENDING, letter.c.begun_at < before)
    return tx.execute(query).scalar_one()


def written(tx: Connection, cycle_id: str) -> frozenset[str]:
    """The keys of the artifacts of a cycle in which somebody wrote, or whose words were given in the console instead."""
    query = select(entry.c.artifact_key).join(artifact, artifact.c.key == entry.c.artifact_key)
    in_documents = tx.execute(query.where(artifact.c.cycle_id == cycle_id, entry.c.current).distinct()).scalars()
    a, r = artifact.c, feedback_request.c
    given = (r.cycle_id == a.cycle_id) & (r.giver_id == a.other_id) & (r.person_id == a.person_id)
    answered = select(a.key).join(feedback_request, given & (r.state == State.GIVEN.value))
    in_the_console = tx.execute(answered.where(a.cycle_id == cycle_id, a.kind == Kind.PEER_FEEDBACK.value)).scalars()
    return frozenset((*in_documents, *in_the_console))


# ---------------------------------------------------------------- what people want


def opted_out(tx: Connection) -> frozenset[str]:
    """Who wants no reminders."""
    return frozenset(tx.execute(select(preference.c.person_id).where(~preference.c.reminders)).scalars())


def want(tx: Connection, person_id: str, wanted: bool) -> None:
    """Note whether a person wants reminders."""
    upsert(tx, preference, [{"person_id": person_id, "reminders": wanted, "calendar": generation(tx, person_id)}])


def generation(tx: Connection, person_id: str) -> int:
    """Which of the person's secret addresses holds: each new one ends those before."""
    found = tx.execute(select(preference.c.calendar).where(preference.c.person_id == person_id)).scalar_one_or_none()
    return found or 0


def renew(tx: Connection, person_id: str) -> int:
    """End the person's secret addresses; returns the number of the new ones."""
    number = generation(tx, person_id) + 1
    wanted = person_id not in opted_out(tx)
    upsert(tx, preference, [{"person_id": person_id, "reminders": wanted, "calendar": number}])
    return number
