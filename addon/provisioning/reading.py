"""A stored plan as a page shows it: counts, reasons, and its lines by person. Read once per plan, which never changes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from addon.company import Company
from sync.provision.plan import kind_of, person_of
from sync.store.queries import cycles

UNCHANGED = "unchanged"
COMPANY = "company"


@dataclass(frozen=True)
class Line:
    """One step: what would be done, with what, for whom and why."""

    verb: str
    key: str
    title: str
    reason: str
    kind: str
    person_id: str


@dataclass(frozen=True)
class Drawn:
    """A plan, read."""

    hash: str
    counts: dict[str, int]
    kinds: dict[str, int]
    """How many steps that write something, by kind."""
    lines: tuple[Line, ...]
    """The steps that write something, those of one person together."""
    people: int
    """How many people they are for."""
    by_key: dict[str, Line]


class Shelf:
    """The plans that were read last, by hash: a plan never changes."""

    def __init__(self, room: int = 4) -> None:
        self._room = room
        self._read: dict[str, Drawn] = {}

    def read(self, company: Company, hash_: str) -> Drawn | None:
        """The plan of that hash, None when there is none."""
        if hash_ not in self._read:
            with company.store.read() as tx:
                found = cycles.find_plan(tx, hash_)
            if found is None:
                return None
            while len(self._read) >= self._room:
                self._read.pop(next(iter(self._read)), None)
            self._read[hash_] = _drawn(hash_, found[1])
        return self._read.get(hash_)


def _drawn(hash_: str, body: dict[str, Any]) -> Drawn:
    lines = tuple(
        Line(step["do"], step["key"], step["title"], step["reason"], kind_of(step["key"]), person_of(step["key"]))
        for step in body["steps"]
        if step["do"] != UNCHANGED
    )
    counts = {verb: count for verb, count in body["counts"].items() if count}
    kinds = dict(Counter(line.kind for line in lines).most_common())
    people = len({line.person_id for line in lines} - {COMPANY})
    return Drawn(hash_, counts, kinds, lines, people, {line.key: line for line in lines})
