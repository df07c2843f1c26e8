"""Which row of a goal sheet is which goal: by its key *and* its content, against how the sheet was last read.

A key alone may lie: a sort of the visible columns only leaves the keys where they were, and a copied row brings its key
along. So exact content goes before a key, and a key before mere likeness. A goal's history never changes owner.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
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


def identify(rows: Sequence[Sighting], before: Sequence[Sighting], columns: Container[str]) -> Identities:
    """Match *rows*, as they are now, with what was seen *before*; removed goals come back only with key and title.

    *columns* are those that the sheet has now: what a deleted one held says nothing about its rows.
    """
    standing = [one for one in before if not one.goal.removed]
    match = _Matching(rows, standing, columns).run()
    found = {row: standing[index].goal for row, index in match.items()}
    _revive(rows, [one for one in before if one.goal.removed], found)
    keys = {one.key for one in standing if one.key}
    current = {standing[index].key for index in match.values()}
    return Identities(
        goals=tuple(found.get(number) for number in range(len(rows))),
        sorted_apart=tuple(
            row for row, index in match.items() if rows[row].key != standing[index].key and rows[row].key in current
        ),
        copied=tuple(number for number, row in enumerate(rows) if number not in found and row.key in keys),
    )


_Rank = tuple[float, ...]
_MANY = 10_000
"""Pairs that are compared; where a sheet has more, a goal is looked for under its key and in its old place only."""


class _Matching:
    """Rows and goals being paired, the surest pairs first."""

    def __init__(self, rows: Sequence[Sighting], before: Sequence[Sighting], columns: Container[str]) -> None:
        self.rows, self.before = rows, before
        self.found: dict[int, int] = {}
        self._in_order: dict[int, int] = {}
        """Of rows that nothing tells apart, as many as before: the first is the first, though blank rows moved them all."""
        self._contents = {id(one): _content(one.goal, columns) for one in (*rows, *before)}
        self._titles = {id(one): plain(one.goal.title) for one in (*rows, *before)}
        self._by_key: defaultdict[str, list[Sighting]] = defaultdict(list)
        for one in before:
            self._by_key[one.key].append(one)

    def run(self) -> dict[int, int]:
        """Row number to the number of the goal that it is."""
        titled: defaultdict[str, list[int]] = defaultdict(list)
        for index, old in enumerate(self.before):
            titled[self._titles[id(old)]].append(index)
        same: defaultdict[str, list[int]] = defaultdict(list)
        for number, row in enumerate(self.rows):
            if (title := self._titles[id(row)]) in titled:
                same[title].append(number)
        for title, numbers in same.items():
            if len(numbers) == len(titled[title]):
                olds = sorted(titled[title], key=lambda index: self.before[index].goal.position)
                self._in_order.update(
                    zip(sorted(numbers, key=lambda number: self.rows[number].goal.position), olds, strict=True)
                )
        self._greedily([pair for title, numbers in same.items() for pair in self._pairs(numbers, titled[title])], self._surely)
        taken = set(self.found.values())
        rest = [number for number in range(len(self.rows)) if number not in self.found]
        left = [index for index in range(len(self.before)) if index not in taken]
        self._greedily(self._pairs(rest, left), self._probably)
        return self.found

    def _pairs(self, numbers: Sequence[int], indexes: Sequence[int]) -> Iterator[tuple[int, int]]:
        if len(numbers) * len(indexes) <= _MANY:
            yield from ((number, index) for number in numbers for index in indexes)
            return
        places: defaultdict[Hashable, list[int]] = defaultdict(list)
        for index in indexes:
            for sign in self._signs(self.before[index]):
                places[sign].append(index)
        for number in numbers:
            yield from ((number, index) for index in {at for sign in self._signs(self.rows[number]) for at in places[sign]})

    def _signs(self, one: Sighting) -> Iterator[Hashable]:
        yield one.goal.position
        if one.key:
            yield one.key

    def _greedily(self, pairs: Iterable[tuple[int, int]], score: Callable[[Sighting, Sighting], _Rank | None]) -> None:
        """Take the best pair, then the next best of what is left, as *score* has it; None is no pair at all."""
        taken = set(self.found.values())
        ranked = []
        for number, index in pairs:
            row, old = self.rows[number], self.before[index]
            if (rank := score(row, old)) is not None:
                distance = abs(row.goal.position - old.goal.position)
                elsewhere = self._in_order.get(number, index) != index
                ranked.append((tuple(-part for part in rank), row.goal.now != old.goal.now, elsewhere, distance, number, index))
        for *_, number, index in sorted(ranked):
            if number not in self.found and index not in taken:
                self.found[number] = index
                taken.add(index)

    def _surely(self, row: Sighting, old: Sighting) -> _Rank | None:
        """Of rows with one title: exact content, with the key before without it; then the title alone."""
        rest = self._rest(row, old)
        keyed = _same_key(row, old)
        if not self._titles[id(row)] and (rest or 0.0) <= (_OVERWRITTEN if keyed else 0.99):
            return None  # that two rows have no title is nothing in common
        if rest in (None, 1.0):
            return (3.0 if keyed else 2.0, rest or 0.0)
        if keyed:
            return (1.0, rest)
        return None if self._fits_its_key_better(row, rest) else (0.0, rest)

    def _probably(self, row: Sighting, old: Sighting) -> _Rank | None:
        """The same key unless everything else is different; or content that is alike; or a new title, all else as it was.

        Without the key a title must be alike: figures such as 0, 100 and % stand in many rows.
        """
        rest = self._rest(row, old)
        keyed = _same_key(row, old)
        only_retitled = not keyed and rest == 1.0 and _retitled(row.goal, old.goal)
        least = 0.0 if keyed or only_retitled else ALIKE
        title = likeness(self._titles[id(row)], self._titles[id(old)], least) if self._titles[id(row)] else 0.0
        content = title if rest is None else (title + rest) / 2
        if keyed:
            return None if title < ALIKE and self._overwritten(row, old) else (content + _KEY_BONUS,)
        untitled = not self._titles[id(row)] and row.goal.position == old.goal.position and (rest or 0.0) >= ALIKE
        return (content,) if only_retitled or untitled or min(title, content) >= ALIKE else None

    def _rest(self, row: Sighting, old: Sighting) -> float | None:
        """Which share of the other stable columns is equal; None when all are empty."""
        mine, theirs = self._contents[id(row)], self._contents[id(old)]
        columns = mine.keys() | theirs.keys()
        return sum(mine.get(column) == theirs.get(column) for column in columns) / len(columns) if columns else None

    def _fits_its_key_better(self, row: Sighting, rest: float) -> bool:
        rivals = (self._rest(row, old) for old in self._by_key[row.key]) if row.key else ()
        return any(rival is not None and rival > rest for rival in rivals)

    def _overwritten(self, row: Sighting, old: Sighting) -> bool:
        """Whether another goal was typed over this one: two or more columns were filled, and hardly one is as it was."""
        return len(self._contents[id(old)]) >= 2 and (self._rest(row, old) or 0.0) <= _OVERWRITTEN


def _revive(rows: Sequence[Sighting], removed: Iterable[Sighting], found: dict[int, Goal]) -> None:
    """A removed goal comes back when its row does, word for word, as undo brings it back."""
    waiting: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        if row.key and row.goal.title and number not in found:
            waiting[row.key, plain(row.goal.title)].append(number)
    for old in removed:
        if numbers := waiting.get((old.key, plain(old.goal.title))):
            found[numbers.pop(0)] = old.goal


def _retitled(one: Goal, other: Goal) -> bool:
    """Whether a row stands where it stood, with the value that it had."""
    return one.position == other.position and one.now == other.now


def _same_key(row: Sighting, old: Sighting) -> bool:
    return bool(row.key) and row.key == old.key


def _content(goal: Goal, columns: Container[str]) -> Mapping[str, Hashable]:
    """The columns that say which goal it is, as far as the sheet has them and they are filled."""
    values = {name: getattr(goal, name) for name in _STABLE} | {
        name: plain(text) for name, text in goal.extra.items() if name not in _VOLATILE
    }
    return {name: value for name, value in values.items() if value not in (None, "") and name in columns}
