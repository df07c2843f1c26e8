"""Who is reminded of what, and when: three working days before, on the day, one after, then weekly, until it is done.

Pure: the moment, the directory and what was sent before are arguments. A person gets one digest a day at the most, on a
working day of theirs, in the hours in which people work where they are. A reminder that could not be sent on its day (leave, a
stopped program) is made up for by the latest one alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sync.records import Artifact, ArtifactState, Cycle, Leave, Person
from templates.shapes import Kind

BEFORE, TODAY, AFTER, WELCOME = "before", "today", "after", "welcome"
DAYS_BEFORE, DAYS_AFTER = 3, 1
"""Working days."""
FIRST_HOUR, LAST_HOUR = 8, 18
"""Local hours between which mail goes out; the last one is excluded."""
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True)
class Duty:
    """Something that a person is to write by a day."""

    key: str
    """Of the artifact."""
    kind: Kind
    title: str
    ref: str
    due: date
    owner_id: str
    """Who is reminded."""
    about_id: str
    done: bool
    until: date
    """The last day on which it is asked for."""


@dataclass(frozen=True)
class Item:
    """One line of a digest: a duty, and which reminder of it this is."""

    duty: Duty
    stage: str


@dataclass(frozen=True)
class Digest:
    """One mail to one person."""

    person_id: str
    day: date
    """Where the person is."""
    items: tuple[Item, ...]
    sheet: tuple[str, str] | None
    """Key and ref of the goal sheet, in the first mail that can tell where it is."""

    @property
    def id(self) -> str:
        """One for each person and day: a second one is never sent."""
        return f"{self.person_id}-{self.day.isoformat()}"

    @property
    def marks(self) -> tuple[tuple[str, str], ...]:
        """Artifact and stage of everything that it tells."""
        told = [(item.duty.key, item.stage) for item in self.items]
        return (*told, *([(self.sheet[0], WELCOME)] if self.sheet else ()))


Sent = Collection[tuple[str, str, str]]
"""Person, artifact and stage of what was sent."""


# ---------------------------------------------------------------- days


def stage(due: date, today: date) -> str:
    """The latest reminder whose day has come, "" before the first."""
    after = _forward(due, DAYS_AFTER)
    if today < _back(due, DAYS_BEFORE):
        return ""
    if today < due:
        return BEFORE
    if today < after:
        return TODAY
    weeks = (today - after) // _WEEK
    return f"week-{weeks}" if weeks else AFTER


def _back(day: date, working_days: int) -> date:
    while working_days:
        day -= _DAY
        working_days -= day.weekday() < 5
    return day


def _forward(day: date, working_days: int) -> date:
    while working_days:
        day += _DAY
        working_days -= day.weekday() < 5
    return day


def local(person: Person, now: datetime) -> datetime:
    """*now* where the person is; in UTC when their time zone is none."""
    try:
        return now.astimezone(ZoneInfo(person.timezone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return now.astimezone(ZoneInfo("UTC"))


def reachable(person: Person, leave: Iterable[Leave], now: datetime) -> date | None:
    """The local day, when the person works at this moment; None on weekends, on leave, at night, and for leavers."""
    there = local(person, now)
    day = there.date()
    away = any(spell.person_id == person.id and spell.since <= day <= spell.until for spell in leave)
    works = person.active(day) and person.takes_part and day.weekday() < 5 and FIRST_HOUR <= there.hour < LAST_HOUR
    return day if works and not away else None


# ---------------------------------------------------------------- duties


def duties(
    cycle: Cycle, recorded: Sequence[Artifact], people: Mapping[str, Person], written: Set[str], released: Set[str]
) -> tuple[Duty, ...]:
    """What is to be written in *cycle*. *written* are the keys in which somebody wrote, *released* the people who were told.

    A check-in is asked for until the next one of the same person is due, a review until the cycle ends.
    """
    if cycle.locked:
        return ()
    standing = [one for one in recorded if one.cycle_id == cycle.id and one.state is ArtifactState.LINKED]
    return tuple(duty for one in standing for duty in _of(one, cycle, people, written, released, _next_due(standing)))


def _next_due(recorded: Iterable[Artifact]) -> dict[str, date]:
    """For each check-in, the day of the person's next one."""
    days: dict[str, list[Artifact]] = defaultdict(list)
    for one in recorded:
        if one.kind is Kind.CHECK_IN and one.due is not None:
            days[one.person_id].append(one)
    found: dict[str, date] = {}
    for those in days.values():
        ordered = sorted(those, key=lambda one: one.due or date.min)
        found |= {one.key: later.due for one, later in pairwise(ordered) if later.due}
    return found


def _of(
    one: Artifact,
    cycle: Cycle,
    people: Mapping[str, Person],
    written: Set[str],
    released: Set[str],
    next_due: Mapping[str, date],
) -> list[Duty]:
    due = one.due or cycle.review_on
    done = one.person_id in released if one.kind is Kind.MANAGER_REVIEW else one.key in written
    until = min(next_due.get(one.key, cycle.end + _DAY) - _DAY, cycle.end)
    about = people.get(one.person_id)
    if about is None or not about.active(due):
        return []
    return [
        Duty(one.key, one.kind, one.title, one.ref, due, owner, one.person_id, done, until)
        for owner in dict.fromkeys(_owners(one, about, due))
        if owner
    ]


def _owners(one: Artifact, about: Person, due: date) -> tuple[str, ...]:
    match one.kind:
        case Kind.CHECK_IN:
            return about.id, about.manager_at(due)
        case Kind.SELF_REVIEW:
            return (about.id,)
        case Kind.MANAGER_REVIEW | Kind.PEER_FEEDBACK:
            return (one.other_id,)
        case _:
            return ()


# ---------------------------------------------------------------- digests


def digests(
    people: Iterable[Person],
    everything: Iterable[Duty],
    sheets: Mapping[str, tuple[str, str]],
    leave: Sequence[Leave],
    sent: Sent,
    opted_out: Set[str],
    now: datetime,
) -> tuple[Digest, ...]:
    """The mails of this hour. *sheets* are key and ref of each person's goal sheet."""
    mine: dict[str, list[Duty]] = defaultdict(list)
    for duty in everything:
        if not duty.done:
            mine[duty.owner_id].append(duty)
    away: dict[str, list[Leave]] = defaultdict(list)
    for spell in leave:
        away[spell.person_id].append(spell)
    found = []
    for person in people:
        day = None if person.id in opted_out else reachable(person, away[person.id], now)
        if day is not None and (digest := _digest(person.id, day, mine[person.id], sheets.get(person.id), sent)):
            found.append(digest)
    return tuple(found)


def _digest(person_id: str, day: date, mine: Iterable[Duty], sheet: tuple[str, str] | None, sent: Sent) -> Digest | None:
    items = [Item(duty, stage(duty.due, day)) for duty in mine if day <= duty.until]
    new = [item for item in items if item.stage and (person_id, item.duty.key, item.stage) not in sent]
    untold = sheet if sheet and (person_id, sheet[0], WELCOME) not in sent else None
    if not new and untold is None:
        return None
    return Digest(person_id, day, tuple(sorted(new, key=lambda item: (item.duty.due, item.duty.key))), untold)
