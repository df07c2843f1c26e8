"""The directory: people, who reports to whom, leave, feedback pairs, and the organisation's own settings."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, func, select

from sync.records import Leave, Pair, Person, Reporting
from sync.store import models
from sync.store.queries.chunks import chunks
from sync.store.queries.upsert import insert_or_ignore, upsert

#: Every plain column of a person, which is every plain field of `Person`.
FIELDS = tuple(column.name for column in models.person.c)

#: The setting that counts how often people were written, so that a process knows when to read them again.
EDITION = "people-edition"


def everyone(tx: Connection) -> tuple[Person, ...]:
    """All people, leavers included, sorted by name and id."""
    former: dict[str, list[str]] = defaultdict(list)
    for row in tx.execute(select(models.former_email).order_by(models.former_email.c.id)):
        former[row.person_id].append(row.email)
    lines: dict[str, list[Reporting]] = defaultdict(list)
    for row in tx.execute(select(models.reporting).order_by(models.reporting.c.id)):
        lines[row.person_id].append(Reporting(row.manager_id, row.since, row.until))
    people = []
    for row in tx.execute(select(models.person).order_by(models.person.c.name, models.person.c.id)):
        values = {name: row._mapping[name] for name in FIELDS}
        people.append(Person(**values, former_emails=tuple(former[row.id]), reporting=tuple(lines[row.id])))
    return tuple(people)


def count(tx: Connection) -> int:
    """How many people are on the company's list, leavers included."""
    return tx.execute(select(func.count()).select_from(models.person).where(models.person.c.takes_part)).scalar_one()


def save(tx: Connection, people: Sequence[Person]) -> None:
    """Write *people* as they are now: fields, former e-mails and reporting lines."""
    mark_changed(tx)
    for person in people:
        upsert(tx, models.person, [{name: getattr(person, name) for name in FIELDS}])
        tx.execute(models.former_email.delete().where(models.former_email.c.person_id == person.id))
        tx.execute(models.reporting.delete().where(models.reporting.c.person_id == person.id))
    emails = [{"person_id": p.id, "email": email} for p in people for email in p.former_emails]
    if emails:
        tx.execute(models.former_email.insert(), emails)
    lines = [
        {"person_id": p.id, "manager_id": line.manager_id, "since": line.since, "until": line.until}
        for p in people
        for line in p.reporting
    ]
    if lines:
        tx.execute(models.reporting.insert(), lines)


def edition(tx: Connection) -> str:
    """Changes whenever somebody is written or erased: two equal answers mean the same people."""
    return setting(tx, EDITION)


def mark_changed(tx: Connection) -> None:
    """From now on what a process read before is out of date."""
    set_setting(tx, EDITION, str(int(edition(tx) or 0) + 1))


def find(tx: Connection, words: str) -> tuple[Person, ...]:
    """People whose id, HR id, e-mail (also a former one) or name is *words*, whatever its case in any script.

    An address that passed on from a leaver means the one who has it now.
    """
    wanted = _folded(words)
    matches = tuple(person for person in everyone(tx) if wanted and wanted in map(_folded, _names(person)))
    return tuple(person for person in matches if person.end is None) or matches


def _names(person: Person) -> tuple[str, ...]:
    return (person.id, person.hr_id, person.email, *person.former_emails, person.name)


def _folded(words: str) -> str:
    return unicodedata.normalize("NFC", words).strip().casefold()


def leave(tx: Connection) -> tuple[Leave, ...]:
    """All days away."""
    rows = tx.execute(select(models.leave).order_by(models.leave.c.since, models.leave.c.person_id))
    return tuple(Leave(row.person_id, row.since, row.until) for row in rows)


def leave_of(tx: Connection, person_ids: Iterable[str]) -> tuple[Leave, ...]:
    """The days away of these people."""
    table = models.leave.c
    return tuple(
        Leave(row.person_id, row.since, row.until)
        for some in chunks(person_ids)
        for row in tx.execute(select(models.leave).where(table.person_id.in_(some)).order_by(table.since, table.person_id))
    )


def add_leave(tx: Connection, days: Sequence[Leave]) -> int:
    """Add leave that is not known yet; returns how many were new."""
    new = [day for day in dict.fromkeys(days) if day not in set(leave(tx))]
    if new:
        tx.execute(models.leave.insert(), [{"person_id": d.person_id, "since": d.since, "until": d.until} for d in new])
    return len(new)


def pairs(tx: Connection, cycle_id: str) -> tuple[Pair, ...]:
    """Who gives feedback about whom in this cycle."""
    rows = tx.execute(select(models.pair).where(models.pair.c.cycle_id == cycle_id).order_by(models.pair.c.person_id))
    return tuple(Pair(row.giver_id, row.person_id) for row in rows)


def add_pairs(tx: Connection, cycle_id: str, new: Sequence[Pair]) -> None:
    """Add feedback pairs; known ones stay."""
    rows = [{"cycle_id": cycle_id, "giver_id": pair.giver_id, "person_id": pair.person_id} for pair in new]
    insert_or_ignore(tx, models.pair, rows)


def setting(tx: Connection, name: str) -> str:
    """An organisation setting, "" when it was never set."""
    return tx.execute(select(models.setting.c.value).where(models.setting.c.name == name)).scalar_one_or_none() or ""


def set_setting(tx: Connection, name: str, value: str) -> None:
    """Write an organisation setting."""
    upsert(tx, models.setting, [{"name": name, "value": value}])
