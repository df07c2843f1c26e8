"""What a new list of people means for the directory: joiners, leavers, moves, renames. A proposal is a value.

`propose` compares and decides nothing else; `apply_to` carries a proposal out on values. Both are pure: the day and the
source of new ids are arguments. The hash of a proposal covers what a person approves, never the new ids.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sync.identity import Match, has_left, match_people
from sync.records import Person, Reporting

if TYPE_CHECKING:
    from connectors.people import PersonRow

Json = dict[str, Any]

LABELS = {"hr_id": "id", "email": "e-mail", "work_mode": "work mode", "timezone": "time zone", "end": "last day"}
PLAIN_FIELDS = ("team", "role", "location")
LASTING_FIELDS = ("work_mode", "timezone", "start")
"""Everybody has one of these, so a blank cell says nothing about it."""


# ---------------------------------------------------------------- changes


@dataclass(frozen=True)
class Join:
    """Somebody new, with the id they will keep. *manager* is None for nobody."""

    person: Person
    manager: Person | None

    def describe(self) -> str:
        """One line for people."""
        to = f", reports to {self.manager.name}" if self.manager else ""
        team = f" in {self.person.team}" if self.person.team else ""
        first = f", first day {self.person.start}" if self.person.start else ""
        last = f", last day {self.person.end}" if self.person.end else ""
        return f"{_named(self.person)} joins{team}{to}{first}{last}"

    def as_json(self) -> Json:
        """For machines and for the hash: everything but the new id."""
        shown = ("name", "email", "hr_id", "role", "team", "location", "work_mode", "timezone", "access", "start", "end")
        fields = {name: _plain(getattr(self.person, name)) for name in shown}
        return {"change": "join", **fields, "manager": self.manager.email if self.manager else ""}


@dataclass(frozen=True)
class Leave:
    """Somebody who leaves; *on* is the last day."""

    person: Person
    on: date
    reason: str

    def describe(self) -> str:
        """One line for people."""
        return f"{_named(self.person)} leaves: last day {self.on} ({self.reason})"

    def as_json(self) -> Json:
        """For machines and for the hash."""
        return {"change": "leave", **_who(self.person), "on": self.on.isoformat(), "reason": self.reason}


@dataclass(frozen=True)
class Return:
    """A leaver who is back; *end* is the new last day, None while it is open."""

    person: Person
    end: date | None

    def describe(self) -> str:
        """One line for people."""
        until = f" until {self.end}" if self.end else ""
        return f"{_named(self.person)} is back{until} (had left on {self.person.end})"

    def as_json(self) -> Json:
        """For machines and for the hash."""
        return {"change": "return", **_who(self.person), "end": _plain(self.end)}


@dataclass(frozen=True)
class Move:
    """A new manager from the day *on*; None stands for nobody."""

    person: Person
    old_manager: Person | None
    new_manager: Person | None
    on: date

    def describe(self) -> str:
        """One line for people."""
        old = self.old_manager.name if self.old_manager else "nobody"
        new = self.new_manager.name if self.new_manager else "nobody"
        return f"{_named(self.person)} reports to {new} instead of {old} from {self.on}"

    def as_json(self) -> Json:
        """For machines and for the hash."""
        managers = {"old_manager": self.old_manager, "new_manager": self.new_manager}
        named = {name: manager.email if manager else "" for name, manager in managers.items()}
        return {"change": "move", **_who(self.person), **named, "on": self.on.isoformat()}


@dataclass(frozen=True)
class Rename:
    """The same person under a new name or e-mail address (*field*), and why we think so."""

    person: Person
    field: str
    old: str
    new: str
    reason: str

    def describe(self) -> str:
        """One line for people."""
        return f"{_named(self.person)}: {_label(self.field)} {self.old} → {self.new} ({self.reason})"

    def as_json(self) -> Json:
        """For machines and for the hash."""
        named = {"field": self.field, "old": self.old, "new": self.new, "reason": self.reason}
        return {"change": "rename", **_who(self.person), **named}


@dataclass(frozen=True)
class FieldChange:
    """One field of a person, before and after."""

    field: str
    old: str | date | None
    new: str | date | None


@dataclass(frozen=True)
class Update:
    """Other fields that are different now."""

    person: Person
    fields: tuple[FieldChange, ...]

    def describe(self) -> str:
        """One line for people."""
        changes = (f"{_label(it.field)} {it.old or 'blank'} → {it.new or 'blank'}" for it in self.fields)
        return f"{_named(self.person)}: {', '.join(changes)}"

    def as_json(self) -> Json:
        """For machines and for the hash."""
        fields = {it.field: [_plain(it.old), _plain(it.new)] for it in self.fields}
        return {"change": "update", **_who(self.person), "fields": fields}


Change = Join | Return | Rename | Update | Move | Leave
ORDER: tuple[type[Change], ...] = (Join, Return, Rename, Update, Move, Leave)


@dataclass(frozen=True)
class Proposal:
    """What would change, in order. Nothing has happened yet."""

    changes: tuple[Change, ...]

    @property
    def hash(self) -> str:
        """64 hex digits: SHA-256 over the canonical JSON of the changes. What an approval names."""
        canonical = json.dumps(self.as_json()["changes"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def as_json(self) -> Json:
        """Counts by kind and every change."""
        return {"counts": self.counts(), "changes": [change.as_json() for change in self.changes]}

    def counts(self) -> dict[str, int]:
        """How many changes of each kind there are; every kind is named."""
        found = Counter(type(change) for change in self.changes)
        return {kind.__name__.lower(): found[kind] for kind in ORDER}


def _named(person: Person) -> str:
    return f"{person.name} <{person.email}>"


def _who(person: Person) -> Json:
    return {"person": person.id, "name": person.name, "email": person.email}


def _label(field: str) -> str:
    return LABELS.get(field, field)


def _plain(value: str | date | None) -> str | None:
    return value.isoformat() if isinstance(value, date) else value


# ---------------------------------------------------------------- propose and apply


def propose(current: Sequence[Person], rows: Sequence[PersonRow], on: date, new_id: Callable[[], str]) -> Proposal:
    """What turns *current* into what *rows* say, as of the day *on*.

    *rows* are the whole company: who is missing leaves, with the day before *on* as the last one. They must be
    consistent, as `read_people` checks; ValueError when a manager is not among them. Only fields that a row has `given`
    are compared. Joiners found while a directory exists and without a day of their own start on *on*.
    """
    matches = match_people(current, rows, on)
    first_day = on if current else None
    people = {match.row.email: match.person or _joiner(match.row, new_id(), first_day) for match in matches}
    known = {person.id: person for person in current}
    changes = [change for match in matches for change in _changes(match, people, known, on)]
    matched = {match.person.id for match in matches if match.person}
    gone = [person for person in current if person.id not in matched and not has_left(person, on)]
    owners = {row.email: row for row in rows}
    changes += [Leave(person, on - timedelta(days=1), _why_gone(person, owners.get(person.email))) for person in gone]
    return Proposal(tuple(sorted(changes, key=_order)))


def apply_to(current: Sequence[Person], proposal: Proposal) -> tuple[Person, ...]:
    """The directory after *proposal*. Ids never change, nobody disappears; joiners come last."""
    people = {person.id: person for person in current}
    for change in proposal.changes:
        now = people.get(change.person.id, change.person)
        people[now.id] = _after(now, change)
    return tuple(people.values())


def _why_gone(person: Person, owner: PersonRow | None) -> str:
    """*owner* is who has the address of *person* in the list."""
    if owner is None:
        return "not in the list any more"
    return f"not in the list any more: {person.email} is {owner.name}'s there, who is taken for somebody else"


def _order(change: Change) -> tuple[int, str, str]:
    return ORDER.index(type(change)), change.person.name.casefold(), change.person.email


def _joiner(row: PersonRow, person_id: str, first_day: date | None) -> Person:
    return Person(
        id=person_id,
        name=row.name,
        email=row.email,
        hr_id=row.id,
        role=row.role,
        team=row.team,
        location=row.location,
        work_mode=row.work_mode or "office",
        timezone=row.timezone or "UTC",
        access=row.access or "none",
        start=row.start or (first_day if _spans(first_day, row.end) else None),
        end=row.end,
    )


def _spans(first_day: date | None, last_day: date | None) -> bool:
    return first_day is None or last_day is None or first_day <= last_day


def _changes(match: Match, people: Mapping[str, Person], known: Mapping[str, Person], on: date) -> Iterator[Change]:
    """*people* are those of the list by their new address, *known* those of the directory by id."""
    row, person = match.row, match.person
    manager = _manager(row, people)
    if person is None:
        newcomer = people[row.email]
        reporting = (Reporting(manager.id),) if manager else ()
        yield Join(replace(newcomer, reporting=reporting), manager)
        return
    end = row.end if "end" in row.given else None if has_left(person, on) else person.end
    yield from _end_changes(person, end, on)
    for field in ("email", "name"):
        if (old := getattr(person, field)) != (new := getattr(row, field)):
            yield Rename(person, field, old, new, match.reason)
    if fields := tuple(_field_changes(row, person)):
        yield Update(person, fields)
    still_here = end is None or end >= on
    if "manager_email" in row.given and still_here and person.manager_at(on) != (manager.id if manager else ""):
        yield Move(person, known.get(person.manager_at(on)), manager, on)


def _manager(row: PersonRow, people: Mapping[str, Person]) -> Person | None:
    if row.manager_email and row.manager_email not in people:
        raise ValueError(f"{row.email} reports to {row.manager_email}, who is not in the list: add that person, or correct it.")
    return people.get(row.manager_email)


def _end_changes(person: Person, end: date | None, on: date) -> Iterator[Change]:
    if end == person.end:
        return
    if has_left(person, on) and (end is None or end >= on):
        yield Return(person, end)
    elif end is not None:
        yield Leave(person, end, "as the list says")
    else:
        yield Update(person, (FieldChange("end", person.end, None),))


def _field_changes(row: PersonRow, person: Person) -> Iterator[FieldChange]:
    wanted: dict[str, str | date | None] = {"hr_id": row.id or person.hr_id}
    wanted |= {field: getattr(row, field) for field in PLAIN_FIELDS if field in row.given}
    wanted |= {field: getattr(row, field) for field in LASTING_FIELDS if field in row.given and getattr(row, field)}
    if "access" in row.given:
        wanted["access"] = row.access or "none"
    for field, new in wanted.items():
        if new != getattr(person, field):
            yield FieldChange(field, getattr(person, field), new)


def _after(person: Person, change: Change) -> Person:
    match change:
        case Join():
            return change.person
        case Leave():
            return replace(person, end=change.on)
        case Return():
            return replace(person, end=change.end)
        case Rename(field="email"):
            former = tuple(email for email in (*person.former_emails, change.old) if email != change.new)
            return replace(person, email=change.new, former_emails=former)
        case Rename():
            return replace(person, name=change.new)
        case Update():
            return _with_fields(person, change.fields)
        case Move():
            return replace(person, reporting=_moved(person.reporting, change))


def _with_fields(person: Person, fields: Iterable[FieldChange]) -> Person:
    values: dict[str, Any] = {it.field: it.new for it in fields}
    return replace(person, **values)


def _moved(reporting: Sequence[Reporting], move: Move) -> tuple[Reporting, ...]:
    """The history with the line that holds on the day of the move ended the day before."""
    eve = move.on - timedelta(days=1)
    past = (line for line in reporting if line.since is None or line.since < move.on)
    ended = (replace(line, until=eve) if line.covers(move.on) else line for line in past)
    return (*ended, *((Reporting(move.new_manager.id, since=move.on),) if move.new_manager else ()))
