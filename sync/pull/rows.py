"""Which row of a goal sheet is which goal: by its key *and* its content, against how the sheet was last read.

A key alone may lie: a sort of the visible columns only leaves the keys where they were, and a copied row brings its key
along. So exact content goes before a key, and a key before mere likeness. A goal's history never changes owner.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sync.pull.likeness import ALIKE, likeness, plain
from sync.records import Goal

_STABLE = ("start", "target", "unit", "weight", "due", "category", "commitment", "parent", "objective")
_VOLATILE = frozenset({"now", "status", "updated", "progress", "comment", "confidence"})
_KEY_BONUS = 0.35
_OVERWRITTEN = 1 / 3


@dataclass(frozen=True)
class Sighting:
    """A goal with the key that its row carried in the file ("" for none), and its content then."""

    key: str
    goal: Goal
    """`Goal.position` is the row's number in the sheet."""


@dataclass(frozen=True)
class Identities:
    """*goals* has, for each row as given, the goal that it is, None for a new one.

    *sorted_apart* are the row numbers whose key belonged to another goal that is still there: the keys did not move
    along. *copied* are those that are new although their key is known.
    """

    goals: tuple[Goal | None, ...]
    sorted_apart: tuple[int, ...]
    copied: tuple[int, ...]


def identify(rows: Sequence[Sighting], before: Sequence[Sighting]) -> Identities:
    """Match *rows*, as they are now, with what was seen *before*; removed goals come back only with key and title."""
    standing = [one for one in before if not one.goal.removed]
    match = _Matching(rows, standing)
    match.greedily(match.surely)
    match.greedily(match.probably)
    found = {row: standing[index].goal for row, index in match.found.items()}
    _revive(rows, [one for one in before if one.goal.removed], found)
    keys = {one.key for one in standing if one.key}
    current = {standing[index].key for index in match.found.values()}
    return Identities(
        goals=tuple(found.get(number) for number in range(len(rows))),
        sorted_apart=tuple(
            row for row, index in match.found.items() if rows[row].key != standing[index].key and rows[row].key in current
        ),
        copied=tuple(number for number, row in enumerate(rows) if number not in found and row.key in keys),
    )


class _Matching:
    """Rows and goals being paired, the surest pairs first."""

    def __init__(self, rows: Sequence[Sighting], before: Sequence[Sighting]) -> None:
        self.rows, self.before = rows, before
        self.found: dict[int, int] = {}
        self._contents = {id(one): _content(one.goal) for one in (*rows, *before)}

    def greedily(self, score: Callable[[Sighting, Sighting], tuple[float, ...] | None]) -> None:
        """Take the best pair, then the next best of what is left, as *score* has it; None is no pair at all."""
        taken = set(self.found.values())
        ranked = []
        for number, row in enumerate(self.rows):
            for index, old in enumerate(self.before):
                if number not in self.found and index not in taken and (rank := score(row, old)) is not None:
                    same_now = row.goal.now == old.goal.now
                    distance = abs(row.goal.position - old.goal.position)
                    ranked.append((tuple(-part for part in rank), not same_now, distance, number, index))
        for *_, number, index in sorted(ranked):
            if number not in self.found and index not in taken:
                self.found[number] = index
                taken.add(index)

    def surely(self, row: Sighting, old: Sighting) -> tuple[float, ...] | None:
        """Exact content, with the key before without it; then the same title."""
        if not _same_title(row.goal, old.goal):
            return None
        rest = self._rest(row, old)
        keyed = _same_key(row, old)
        if rest in (None, 1.0):
            return (3.0 if keyed else 2.0, rest or 0.0)
        if keyed:
            return (1.0, rest)
        return None if self._fits_its_key_better(row, rest) else (0.0, rest)

    def probably(self, row: Sighting, old: Sighting) -> tuple[float, ...] | None:
        """The same key unless everything else is different; or content that is alike; or a new title, all else as it was.

        Without the key a title must be alike: figures such as 0, 100 and % stand in many rows.
        """
        title = likeness(plain(row.goal.title), plain(old.goal.title))
        rest = self._rest(row, old)
        content = title if rest is None else (title + rest) / 2
        if _same_key(row, old):
            return None if title < ALIKE and self._overwritten(row, old) else (content + _KEY_BONUS,)
        alike = min(title, content) >= ALIKE
        return (content,) if alike or (rest == 1.0 and _retitled(row.goal, old.goal)) else None

    def _rest(self, row: Sighting, old: Sighting) -> float | None:
        """Which share of the other stable columns is equal; None when all are empty."""
        mine, theirs = self._contents[id(row)], self._contents[id(old)]
        columns = mine.keys() | theirs.keys()
        return sum(mine.get(column) == theirs.get(column) for column in columns) / len(columns) if columns else None

    def _fits_its_key_better(self, row: Sighting, rest: float) -> bool:
        rivals = (self._rest(row, old) for old in self.before if _same_key(row, old))
        return any(rival is not None and rival > rest for rival in rivals)

    def _overwritten(self, row: Sighting, old: Sighting) -> bool:
        """Whether another goal was typed over this one: two or more columns were filled, and hardly one is as it was."""
        return len(self._contents[id(old)]) >= 2 and (self._rest(row, old) or 0.0) <= _OVERWRITTEN


def _revive(rows: Sequence[Sighting], removed: Iterable[Sighting], found: dict[int, Goal]) -> None:
    """A removed goal comes back when its row does, word for word, as undo brings it back."""
    for old in removed:
        for number, row in enumerate(rows):
            if number not in found and _same_key(row, old) and _same_title(row.goal, old.goal):
                found[number] = old.goal
                break


def _retitled(one: Goal, other: Goal) -> bool:
    """Whether a row stands where it stood, with the value that it had."""
    return one.position == other.position and one.now == other.now


def _same_key(row: Sighting, old: Sighting) -> bool:
    return bool(row.key) and row.key == old.key


def _same_title(one: Goal, other: Goal) -> bool:
    return plain(one.title) == plain(other.title)


def _content(goal: Goal) -> Mapping[str, Hashable]:
    """The columns that say which goal it is, as far as they are filled."""
    values = {name: getattr(goal, name) for name in _STABLE} | {
        name: plain(text) for name, text in goal.extra.items() if name not in _VOLATILE
    }
    return {name: value for name, value in values.items() if value not in (None, "")}
