"""Goal sheets: rows into goals, and what is different into entries and history."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date

from connectors.workspace import Cell, Row, Snapshot, Table
from sync.goals import YES_NO_UNITS
from sync.pull.cells import BLANK, Figures, as_text, day_in, figures_of, share_of, why_no_day, why_no_number
from sync.pull.intents import Context, Intents, Known
from sync.pull.notebook import Notebook
from sync.pull.rows import Sighting, identify
from sync.pull.sections import Unit, settle
from sync.pull.wording import author_of
from sync.records import Artifact, Entry, EntryKind, Figure, Finding, Goal, GoalValue, Visibility, fingerprint
from templates.shapes import ColumnType, TableShape

_NUMBERS = ("now", "start", "target", "weight")
_TEXTS = ("unit", "status", "category", "commitment", "parent", "objective")
_FIELDS = {"goal": "title"} | {name: name for name in (*_NUMBERS, "due", *_TEXTS)}
"""Column key to the attribute of a goal; all other columns are extra."""
_VALUES = frozenset({"now", "start", "target", "weight", "due", "status", "updated"})
"""Columns whose changes are values of a goal; changes of all others are words about it."""
_UNIT = 40
"""Characters of a unit that are kept."""
_KEY = re.compile(r"[^\s/]{1,40}")
_ROW_NUMBER = re.compile(r"[0-9]{0,4}[.)]?")
BESIDE = "row:/"
"""The anchor of text in the table that belongs to no goal: a row without one, words in the column of keys."""
_NAMED = 5
"""How many places one finding names."""


def reconcile_sheet(
    artifact: Artifact,
    shape: TableShape,
    ground: Table,
    previous: Table | None,
    read: Snapshot,
    table: Table,
    known: Known,
    context: Context,
    book: Notebook,
) -> Intents:
    """What the sheet says beyond what is known. Entries are written into *book*, everything else is returned."""
    return _Sheet(artifact, shape, ground, previous, read, table, known, context, book).run()


_FIRST_CELL = re.compile(r"![A-Z]+(?P<row>[0-9]+)$")


@dataclass(frozen=True)
class _Seen:
    """A row that says something: its number, the row, the goal it would be, its columns' texts."""

    row: Row
    goal: Goal
    texts: Mapping[str, str]


class _Sheet:
    """One sheet being reconciled."""

    def __init__(
        self,
        artifact: Artifact,
        shape: TableShape,
        ground: Table,
        previous: Table | None,
        read: Snapshot,
        table: Table,
        known: Known,
        context: Context,
        book: Notebook,
    ) -> None:
        self.artifact, self.shape, self.table, self.context, self.book = artifact, shape, table, context, book
        self.keys = {"key"} | {column.key for column in shape.columns if column.type is ColumnType.KEY}
        self.computed = {"progress"} | {column.key for column in shape.columns if column.type is ColumnType.PROGRESS}
        self.read = read
        self.columns = {
            *(table.columns or (column.key for column in shape.columns)),
            *(c for row in table.rows for c in row.cells),
        }
        self.by = author_of(artifact, shape, "", read.modified_by, context)
        self.known = known.goals
        self.ground = {seen.row.key: seen for seen in self._seen(ground)}
        self.provisioned = {row.key.strip() for row in ground.rows}
        self.previous = previous
        self.values: list[GoalValue] = []
        self.findings: list[str] = []
        self.beside: list[Unit] = []
        self.unkeyed: dict[str, str] = {}
        self.taken = {goal.row_key for goal in self.known}
        self.latest = {entry.anchor: entry for entry in sorted(book.current, key=lambda one: one.recorded_at)}

    def run(self) -> Intents:
        rows = [seen for seen in self._seen(self.table) if not self._as_prepared(seen)]
        same = identify([Sighting(seen.row.key.strip(), seen.goal) for seen in rows], self._before(), self.columns)
        self._tell_sorted([rows[number] for number in same.sorted_apart])
        self._tell_copied([rows[number] for number in same.copied if rows[number].goal.title])
        now = [self._reconcile(seen, goal) for seen, goal in zip(rows, same.goals, strict=True) if goal or seen.goal.title]
        self._set_aside([seen for seen, goal in zip(rows, same.goals, strict=True) if not goal and not seen.goal.title])
        self._words_as_keys()
        here = {goal.id for goal in now}
        gone = [replace(goal, removed=True) for goal in self.known if goal.id not in here and goal.written and not goal.removed]
        self._tell_removed(gone)
        former = {goal.id: goal for goal in self.known}
        self._tell_swapped(
            [(former[goal.id], goal) for goal in now if goal.id in former and former[goal.id].title != goal.title]
        )
        changed = [goal for goal in now if goal != former.get(goal.id)]
        findings = (*(Finding(self.artifact.key, "goals", text) for text in self.findings), *self._settle_beside())
        return Intents(goals=(*changed, *gone), values=tuple(self.values), findings=findings, unkeyed=self.unkeyed)

    def _tell_swapped(self, kept: Sequence[tuple[Goal, Goal]]) -> None:
        """Titles that changed places while all else stayed: whoever sorts one column alone does that, and seldom means it."""
        renamed = [(old, new) for old, new in kept if old.title != new.title]
        if len(renamed) > 1 and Counter(old.title for old, _ in renamed) == Counter(new.title for _, new in renamed):
            titles = ", ".join(_short(new.title) for _, new in renamed[:_NAMED])
            self.findings.append(
                f"{titles}: these goals changed places while their figures stayed. If only one column was sorted, undo it "
                "or sort whole rows; each figure now counts for the goal that it stands beside."
            )

    def _tell_removed(self, gone: Sequence[Goal]) -> None:
        titles = ", ".join(_short(goal.title) for goal in gone[:_NAMED])
        more = f" and {len(gone) - _NAMED} more" if len(gone) > _NAMED else ""
        if gone:
            verb, them = ("is", "it") if len(gone) == 1 else ("are", "them")
            self.findings.append(
                f"{titles}{more} {verb} no longer in the sheet; the history stays. Put {them} back if that was a slip."
            )

    # ------------------------------------------------------------ reading rows

    def _seen(self, table: Table) -> Iterator[_Seen]:
        for number, row in enumerate(table.rows):
            texts = {name: as_text(cell) for name, cell in row.cells.items() if self._says(name, cell)}
            if texts:
                yield _Seen(row, self._goal_of(row, number, texts), texts)

    def _says(self, column: str, cell: Cell) -> bool:
        """Whether somebody wrote the cell: the formula of a progress column is nobody's words, what is typed over it is."""
        return bool(cell.text.strip()) and column not in self.keys and not (column in self.computed and cell.formula)

    def _goal_of(self, row: Row, number: int, texts: Mapping[str, str]) -> Goal:
        """The goal that the row describes. A value that cannot be read stays among the other columns, as text."""

        def cell(column: str) -> Cell:
            return row.cells.get(column, BLANK)

        unit = texts.get("unit", "")
        figures = _figures(row, unit).values
        goal = replace(
            self._blank(row.key.strip(), number),
            title=texts.get("goal", ""),
            start=figures["start"],
            target=figures["target"],
            now=figures["now"],
            weight=share_of(cell("weight")),
            due=day_in(cell("due")),
            unit=unit[:_UNIT],
            status=texts.get("status", ""),
            category=texts.get("category", ""),
            commitment=texts.get("commitment", ""),
            parent=texts.get("parent", ""),
            objective=texts.get("objective", ""),
        )
        return replace(goal, extra={name: text for name, text in texts.items() if not _is_read(goal, name)})

    def _blank(self, row_key: str, position: int) -> Goal:
        return Goal("", self.artifact.person_id, self.artifact.cycle_id, self.artifact.key, row_key, "", position)

    def _as_prepared(self, seen: _Seen) -> bool:
        """Whether it is a prepared row without a goal in which nobody has typed."""
        ground = self.ground.get(seen.row.key)
        return not seen.goal.title and ground is not None and ground.texts == seen.texts

    def _before(self) -> list[Sighting]:
        """The known goals with the keys that their rows carried when the sheet was last read, then the provisioned ones."""
        recorded = {goal.row_key for goal in self.known}
        made = [seen for seen in self.ground.values() if seen.goal.title and seen.row.key not in recorded]
        known = [Sighting(self._key_then(goal), goal) for goal in self.known]
        return known + [Sighting(seen.row.key, self._named(seen.goal, seen.row.key)) for seen in made]

    def _key_then(self, goal: Goal) -> str:
        row = self._row_then(goal)
        return goal.row_key if row is None else row.key.strip()

    def _row_then(self, goal: Goal) -> Row | None:
        """The goal's row when the sheet was last read, None when it was not in it."""
        rows = self.previous.rows if self.previous and not goal.removed else ()
        row = rows[goal.position] if goal.position < len(rows) else None
        return row if row is not None and row.cells.get("goal", BLANK).text.strip() == goal.title else None

    # ------------------------------------------------------------ comparing

    def _reconcile(self, seen: _Seen, known: Goal | None) -> Goal:
        before = self._as_written(known) if known else self._new(seen)
        figures = _figures(seen.row, seen.goal.unit, before.now)
        seen = replace(seen, goal=_with_now(seen.goal, figures))
        goal = self._with_absent_columns(
            replace(seen.goal, id=before.id, row_key=before.row_key, updated=before.updated), before
        )
        changed = [column for column in _columns(before, goal) if _at(before, column) != _at(goal, column)]
        day = self._value_day(seen) if "updated" in changed else self.context.today
        if {"now", "updated"} & set(changed) and goal.now is not None:
            goal = replace(goal, updated=day)
        for column in changed:
            self._note(seen, goal, column, day)
        self._check(seen, goal, figures)
        return goal

    def _as_written(self, goal: Goal) -> Goal:
        """A goal that we wrote and nobody has read back yet has in the sheet what we wrote there."""
        ground = self.ground.get(goal.row_key)
        if ground is None or self._row_then(goal) is not None:
            return goal
        return replace(goal, extra={**goal.extra, **ground.goal.extra})

    def _with_absent_columns(self, goal: Goal, before: Goal) -> Goal:
        """What the goal has in columns that the sheet does not, or no longer, have stays."""
        absent = [column for column in _columns(before, goal) if column not in self.columns]
        fields = {_FIELDS[column]: getattr(before, _FIELDS[column]) for column in absent if column in _FIELDS}
        extra = {column: before.extra[column] for column in absent if column in before.extra}
        return replace(goal, **fields, extra={**goal.extra, **extra})

    def _note(self, seen: _Seen, goal: Goal, column: str, day: date) -> None:
        """One cell that is different now: an entry, and a point of history for the value itself."""
        anchor = f"row:{goal.row_key}/{column}"
        last = self.latest.get(anchor)
        if column not in seen.texts:
            if last is not None:
                self.book.withdraw(last)
            return
        value = _at(goal, column)
        figure = Figure(goal.id, column[:20], value, goal.unit[:20]) if isinstance(value, float) else None
        is_value = column in _VALUES
        happened = day if column in ("now", "updated") else self.context.today
        entry = self.book.add(
            EntryKind.GOAL_VALUE if is_value else EntryKind.GOAL,
            seen.texts[column],
            anchor,
            self._cell(seen, column),
            by=self.by,
            visibility=Visibility.SHARED,
            happened_on=happened,
            figure=figure,
            supersedes=last.id if last is not None and _replaces(last, column, happened) else "",
        )
        if column == "now" and isinstance(value, float):
            self.values.append(GoalValue(goal.id, day, value, entry.id))

    def _value_day(self, seen: _Seen) -> date:
        """The day that people wrote beside the value, when it can be one."""
        day = day_in(seen.row.cells.get("updated", BLANK))
        return day if day and self.context.in_cycle(day) else self.context.today

    # ------------------------------------------------------------ new goals

    def _new(self, seen: _Seen) -> Goal:
        """A goal with nothing in it yet, under the row's own key when it is one and free."""
        key = seen.row.key.strip()
        if not _KEY.fullmatch(key) or key in self.taken:
            key = self._own_key(seen)
            self.unkeyed[seen.row.place] = key
        self.taken.add(key)
        return self._named(self._blank(key, seen.goal.position), key)

    def _own_key(self, seen: _Seen) -> str:
        generation = 0
        while (key := fingerprint(self.artifact.key, "row", seen.goal.title, generation)[:8]) in self.taken:
            generation += 1
        return key

    def _named(self, goal: Goal, row_key: str) -> Goal:
        return replace(goal, id=fingerprint(self.artifact.key, "goal", row_key), row_key=row_key)

    # ------------------------------------------------------------ what people should know

    def _tell_sorted(self, apart: Sequence[_Seen]) -> None:
        if apart:
            self.findings.append(
                f"{_places(apart)}: the keys did not move along when the rows were sorted; each goal was recognised by its "
                "text. Sort whole rows, the key column included."
            )

    def _tell_copied(self, copied: Iterable[_Seen]) -> None:
        for seen in copied:
            self.findings.append(
                f"{seen.row.place}: the key {seen.row.key!r} stands in two rows; this one counts as a new goal. "
                "Empty its key cell."
            )

    def _check(self, seen: _Seen, goal: Goal, figures: Figures) -> None:
        for column in (*_NUMBERS, "due"):
            if column in goal.extra:
                why = why_no_day if column == "due" else why_no_number
                reason = why(seen.row.cells.get(column, BLANK), goal.unit)
                self.findings.append(f"{self._cell(seen, column)}: {reason}; it is kept as text and counts as missing.")
        updated = seen.row.cells.get("updated", BLANK)
        if updated.text.strip() and day_in(updated) is None:
            reason = why_no_day(updated)
            self.findings.append(f"{self._cell(seen, 'updated')}: {reason}; the value counts for the day on which it was read.")
        if not goal.title:
            self.findings.append(f"{seen.row.place}: this goal has lost its words; type them again, or delete the row.")
        for column in figures.shares:
            typed = seen.row.cells[column].text.strip()
            self.findings.append(
                f"{self._cell(seen, column)}: {typed} is read as {figures.values[column]:g} %, for the row counts in whole "
                f"per cents. Write {typed} % if that was meant."
            )
        for column in figures.doubtful:
            value = figures.values[column] or 0.0
            self.findings.append(
                f"{self._cell(seen, column)}: {value:g} was taken as it stands, {value:g} %. Write {value * 100:g} % if a "
                f"share was meant, else {value:g} %, with its sign."
            )

    def _cell(self, seen: _Seen, column: str) -> str:
        """``Goals, row 8, Now``: the codec names a row by its first cell."""
        row = _FIRST_CELL.sub(r", row \g<row>", seen.row.place)
        return f"{row}, {self.table.columns.get(column, column).lstrip('?')}"

    # ------------------------------------------------------------ text that belongs to no goal

    def _set_aside(self, rows: Sequence[_Seen]) -> None:
        """Rows without a goal, such as a remark below the table or a line of totals, are other notes."""
        for seen in rows:
            ground = self.ground.get(seen.row.key)
            texts = [text for column, text in seen.texts.items() if not ground or ground.texts.get(column) != text]
            if texts:
                self.beside.append(Unit("", BESIDE, " · ".join(texts), seen.row.place))

    def _words_as_keys(self) -> None:
        """Words in the column of keys that are nobody's key are text that somebody typed."""
        ours = {*self.taken, *self.provisioned}
        for row in self.table.rows:
            key = row.key.strip()
            if key not in ours and not _ROW_NUMBER.fullmatch(key):
                self.beside.append(Unit("", BESIDE, key, row.place))

    def _settle_beside(self) -> Iterator[Finding]:
        """Write what belongs to no goal, against what the ledger has of it."""
        book = copy(self.book)  # the same pages, seen as if only these entries were known
        book.current = tuple(entry for entry in self.book.current if entry.anchor == BESIDE)
        settle(self.beside, self.artifact, self.shape, self.read, self.context, book)
        for unit in self.beside:
            text = f"{unit.place}: {_short(unit.text)} belongs to no goal; it is kept under other notes."
            yield Finding(self.artifact.key, "other-notes", text)


def _figures(row: Row, unit: str, last: float | None = None) -> Figures:
    return figures_of(row.cells, unit, yes_no=unit.casefold() in YES_NO_UNITS, last=last)


def _with_now(goal: Goal, figures: Figures) -> Goal:
    """*goal* with its value as the last one lets it be understood; one that cannot be read stays where it is kept."""
    return goal if goal.now is None else replace(goal, now=figures.values["now"])


def _places(rows: Sequence[_Seen]) -> str:
    more = len(rows) - _NAMED
    return ", ".join(seen.row.place for seen in rows[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:59] + "…")


def _replaces(last: Entry, column: str, day: date) -> bool:
    """A value of another day is history and stays; everything else is replaced by what is newer."""
    return column != "now" or last.happened_on == day


def _columns(before: Goal, goal: Goal) -> Iterable[str]:
    return dict.fromkeys((*_FIELDS, *sorted({*before.extra, *goal.extra})))


def _is_read(goal: Goal, column: str) -> bool:
    """Whether the goal has the column's value, so that its text need not be kept."""
    return column in _FIELDS and getattr(goal, _FIELDS[column]) not in (None, "")


def _at(goal: Goal, column: str) -> object:
    """What a goal has in *column*: its value, else the text that stands there, None for nothing."""
    return getattr(goal, _FIELDS[column]) if _is_read(goal, column) else goal.extra.get(column)
