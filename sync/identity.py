"""Who in a list of people is who in the directory. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from sync.records import Person

if TYPE_CHECKING:
    from connectors.people import PersonRow

ItemT = TypeVar("ItemT")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


@dataclass(frozen=True)
class Match:
    """A row of the list and the person it is, with the *reason* why we think so."""

    row: PersonRow
    person: Person | None = None
    """None for a joiner."""
    reason: str = ""


@dataclass(frozen=True)
class _Rule:
    """How a row finds its person: by a key of both, where *fits* does not object."""

    reason: str
    row_key: Callable[[PersonRow], str]
    person_keys: Callable[[Person], Iterable[str]]
    fits: Callable[[PersonRow, Person, date], bool]


def match_people(current: Sequence[Person], rows: Sequence[PersonRow], on: date) -> list[Match]:
    """Every row with its person, in the order of *rows*."""
    free = {person.id: person for person in current}
    found: dict[int, Match] = {}
    for rule in RULES:
        index = _index((key, person) for person in free.values() for key in rule.person_keys(person))
        for position, row in enumerate(rows):
            people = index.get(rule.row_key(row), ()) if position not in found else ()
            fitting = [person for person in people if person.id in free and rule.fits(row, person, on)]
            if fitting:
                best = min(fitting, key=lambda person: _distance(row, person, on))
                found[position] = Match(row, free.pop(best.id), rule.reason)
    found |= _by_name([person for person in free.values() if not has_left(person, on)], rows, found.keys())
    return [found.get(position, Match(row)) for position, row in enumerate(rows)]


def _by_name(vanished: Iterable[Person], rows: Sequence[PersonRow], placed: Collection[int]) -> dict[int, Match]:
    """A new address is the old person only where a name vanished once and appeared once, and no ids say otherwise."""
    by_name = _index((_plain_name(person.name), person) for person in vanished)
    appeared = _index((_plain_name(row.name), position) for position, row in enumerate(rows) if position not in placed)
    reason = "same name, and nobody else of that name came or went"
    return {
        positions[0]: Match(rows[positions[0]], people[0], reason)
        for name, positions in appeared.items()
        if len(positions) == 1 and len(people := by_name.get(name, [])) == 1 and not _ids_differ(rows[positions[0]], people[0])
    }


def _same_person(row: PersonRow, person: Person, on: date) -> bool:
    """An address is given again to somebody else when its owner has left, or when a new id comes with a new name.

    Where no ids tell, a name of entirely other words is somebody else, too: who marries keeps a word of it.
    """
    same_name = _plain_name(row.name) == _plain_name(person.name)
    if _ids_differ(row, person):
        return same_name and not has_left(person, on)
    # An admin of the set-up was never on a list: the address is all that is known.
    same_words = bool(_words(row.name) & _words(person.name)) or not person.takes_part
    return same_name or (same_words and not has_left(person, on))


def _distance(row: PersonRow, person: Person, on: date) -> tuple[bool, bool, bool]:
    """Smaller is nearer, among people who had the same address at different times."""
    other_end = "end" in row.given and row.end != person.end
    return _plain_name(row.name) != _plain_name(person.name), other_end, has_left(person, on)


def _same_name_and_id(row: PersonRow, person: Person, on: date) -> bool:
    return _plain_name(row.name) == _plain_name(person.name) and not _ids_differ(row, person)


RULES = (
    _Rule("same id", lambda row: row.id, lambda person: (person.hr_id,), lambda row, person, on: True),
    _Rule("same e-mail", lambda row: row.email, lambda person: (person.email,), _same_person),
    _Rule("same name and a former e-mail", lambda row: row.email, lambda person: person.former_emails, _same_name_and_id),
)


def _index(pairs: Iterable[tuple[str, ItemT]]) -> dict[str, list[ItemT]]:
    """Values by key, in order; a blank key is no key."""
    index: dict[str, list[ItemT]] = {}
    for key, value in pairs:
        if key:
            index.setdefault(key, []).append(value)
    return index


def has_left(person: Person, on: date) -> bool:
    """Whether the last day was before *on*."""
    return person.end is not None and person.end < on


def _ids_differ(row: PersonRow, person: Person) -> bool:
    return bool(row.id and person.hr_id and row.id != person.hr_id)


def _words(name: str) -> set[str]:
    """The words of a name, with and without what is written above its letters: Jürgen is Jurgen and Juergen."""
    plain = unicodedata.normalize("NFC", name).casefold()
    bare = "".join(one for one in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(one))
    return {word for spelling in (plain, bare, plain.translate(_UMLAUTS)) for word in re.findall(r"\w+", spelling)}


def _plain_name(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
