"""Somebody whom one names on a page: chosen from a list where it is short, else by name or address."""

from __future__ import annotations

from addon.web.seat import Seat
from sync.records import Person

#: A longer list of colleagues helps nobody; an address is typed then.
MOST_LISTED = 300


def colleagues(mine: Seat) -> list[Person]:
    """Everybody else who works here and takes part; nobody, where they are too many to choose from."""
    found = [one for one in mine.directory.people if one.active(mine.today) and one.takes_part and one.id != mine.me.id]
    return found if len(found) <= MOST_LISTED else []


def named(mine: Seat, words: str) -> Person | None:
    """The one colleague who has that id, address or full name; None when nobody or several do."""
    wanted = words.strip().casefold()
    found = [
        one
        for one in mine.directory.people
        if wanted and wanted in (one.id, one.email, one.name.casefold()) and one.active(mine.today)
    ]
    return found[0] if len(found) == 1 else None
