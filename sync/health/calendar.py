"""A person's check-ins and reviews as a calendar feed, RFC 5545. Pure: what happens when, and the moment, are arguments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sync.records import Cycle, Leave, Person
from sync.schedule import check_in_days

LINE = 75
"""Octets of a line at the most, RFC 5545 section 3.1."""
REFRESH = "PT6H"


@dataclass(frozen=True)
class Event:
    """Something on one day."""

    uid: str
    day: date
    title: str
    note: str = ""


def events(me: Person, people: Sequence[Person], cycles: Iterable[Cycle], leave: Sequence[Leave]) -> tuple[Event, ...]:
    """The check-ins of *me* with their manager and with those who report to them, and the days of their reviews."""
    names = {person.id: person.name for person in people}
    found: list[Event] = []
    for cycle in cycles:
        for person in people:
            if person.id != me.id and all(line.manager_id != me.id for line in person.reporting):
                continue
            for day in check_in_days(cycle, person, leave, cycle.end):
                manager = person.manager_at(day)
                if me.id in (person.id, manager):
                    other = names.get(manager, "") if me.id == person.id else person.name
                    found.append(Event(f"{cycle.id}/{person.id}/check-in/{day}", day, f"Check-in with {other}", cycle.label))
        if me.takes_part and me.active(cycle.review_on):
            found.append(Event(f"{cycle.id}/{me.id}/review", cycle.review_on, f"Reviews: {cycle.label}"))
    return tuple(sorted(found, key=lambda one: (one.day, one.uid)))


def feed(name: str, those: Iterable[Event], host: str, now: datetime) -> str:
    """The calendar called *name*; *host* makes the events' ids unlike anybody else's."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Throughline//Throughline//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    head += [f"X-WR-CALNAME:{_text(name)}", f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}", f"X-PUBLISHED-TTL:{REFRESH}"]
    lines = [*head, *(line for one in those for line in _event(one, host, now)), "END:VCALENDAR"]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(one: Event, host: str, now: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{_text(one.uid)}@{host}",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{one.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(one.title)}",
        *([f"DESCRIPTION:{_text(one.note)}"] if one.note else []),
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _text(value: str) -> str:
    """A value of the type TEXT: RFC 5545 section 3.3.11."""
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    lines = "\\n".join(escaped.splitlines())
    return "".join(char for char in lines if char >= " " and char != "\x7f")


def _folded(line: str) -> str:
    """A long line in pieces that never cut a character."""
    pieces: list[str] = []
    piece, room = "", LINE
    for char in line:
        size = len(char.encode())
        if size > room:
            pieces.append(piece)
            piece, room = "", LINE - 1  # for the blank that begins it
        piece, room = piece + char, room - size
    return "\r\n ".join([*pieces, piece])
