"""No goal's history ever changes owner, whatever people do to the rows of a sheet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count

from hypothesis import example, given, settings
from hypothesis import strategies as st

from connectors.workspace import Cell, Row, Table, cell_of
from sync.pull.intents import Known
from sync.pull.reconcile import reconcile
from sync.records import Entry, Goal, GoalValue
from templates.shapes import Kind, TableShape
from tests.effort import examples
from tests.sync.pull.world import artifact, context, shape_of, snapshot

MANY = examples(50)
SHEET = artifact(Kind.GOAL_SHEET)
SHAPE = shape_of(SHEET)
assert isinstance(SHAPE, TableShape)
COLUMNS = {column.key: column.title for column in SHAPE.columns}
WORDS = ("churn", "hiring", "latency", "revenue", "onboarding", "quality", "docs", "support", "uptime", "training")
VERBS = ("Cut", "Double", "Finish", "Stabilise", "Automate", "Review", "Teach", "Measure")


@dataclass
class Line:
    """A row with an identity that only the test sees."""

    uid: int
    key: str
    cells: dict[str, str | float]

    @property
    def is_goal(self) -> bool:
        """Whether it is one; a remark somewhere in the table is not."""
        return self.uid >= 0

    @property
    def now(self) -> float:
        """The value, however it was typed."""
        value = self.cells["now"]
        return float(value.removesuffix(" %").replace(",", ".")) if isinstance(value, str) else float(value)


@dataclass
class Sheet:
    """A goal sheet that people edit, and what the ledger knows of it."""

    bare: bool = False
    """Whether goals have nothing but a title."""
    lines: list[Line] = field(default_factory=list)
    known: Known = field(default_factory=Known)
    previous: Table | None = None
    owners: dict[int, str] = field(default_factory=dict)
    """Hidden identity to goal id."""
    values: list[GoalValue] = field(default_factory=list)
    truth: dict[int, list[float]] = field(default_factory=dict)
    uids: count[int] = field(default_factory=count)
    findings: tuple[str, ...] = ()
    deleted: set[str] = field(default_factory=set)
    """Columns that somebody deleted."""

    def add(self, key: str) -> Line:
        """A new row with a title of its own."""
        uid = next(self.uids)
        title = f"{VERBS[uid % len(VERBS)]} {WORDS[uid * 7 % len(WORDS)]} {uid} {'abcdefghij'[uid % 10] * 4}"
        cells: dict[str, str | float] = {"goal": title}
        if not self.bare:
            figures: dict[str, str | float] = {"start": float(uid), "target": float(100 + uid), "unit": "%"}
            cells |= {column: value for column, value in figures.items() if column not in self.deleted}
        line = Line(uid, key, cells)
        self.lines.append(line)
        return line

    def table(self) -> Table:
        """As it is read."""
        rows = [
            Row(line.key, {name: cell_of(value) for name, value in line.cells.items()}, f"row {number}")
            for number, line in enumerate(self.lines, start=1)
        ]
        added = {name: name for line in self.lines for name in line.cells if name.startswith("?")}
        return Table(tuple(rows), {name: title for name, title in COLUMNS.items() if name not in self.deleted} | added)

    def sync(self) -> None:
        """Read it, and remember which goal each row was taken for."""
        table = self.table()
        intents = reconcile(SHEET, SHAPE, Table((), COLUMNS), self.previous, snapshot(table), self.known, context())
        goals = {goal.id: goal for goal in self.known.goals} | {goal.id: goal for goal in intents.goals}
        self.known = Known((*self.known.entries, *intents.entries), tuple(goals.values()))
        self.values += intents.values
        self.previous = table
        self.findings = tuple(finding.message for finding in intents.findings)
        standing = {goal.position: goal for goal in goals.values() if not goal.removed}
        assert sorted(standing) == [number for number, line in enumerate(self.lines) if line.is_goal]
        for number, line in enumerate(self.lines):
            if not line.is_goal:
                assert str(line.cells["comment"]) in self.said(), "a remark is lost"
                continue
            goal = standing[number]
            assert goal.title == line.cells.get("goal", "")
            assert " " not in line.key or line.key in self.said(), "words among the keys are lost"
            assert self.owners.setdefault(line.uid, goal.id) == goal.id, f"{line} was {self.owners[line.uid]}"
            if "now" in line.cells:
                history = self.truth.setdefault(line.uid, [])
                now = line.now
                if not history or history[-1] != now:
                    history.append(now)
        assert len(set(self.owners.values())) == len(self.owners)
        again = reconcile(SHEET, SHAPE, Table((), COLUMNS), self.previous, snapshot(table), self.known, context())
        assert (again.entries, again.goals, again.values) == ((), (), ())

    def said(self) -> set[str]:
        """Every text that stands in the ledger now."""
        gone = {entry.supersedes for entry in self.known.entries}
        return {entry.text for entry in self.known.entries if entry.id not in gone and not entry.withdrawn}

    def histories(self) -> dict[int, list[float]]:
        """Every value that was recorded, by hidden identity."""
        owner = {goal: uid for uid, goal in self.owners.items()}
        found: dict[int, list[float]] = {}
        for value in self.values:
            found.setdefault(owner[value.goal_id], []).append(value.value)
        return found


def sort_rows(sheet: Sheet, n: int) -> None:
    """One click, or the whole range: keys move along."""
    sheet.lines.sort(key=lambda line: str(line.cells.get("goal", ""))[n % 5 :])


def sort_visible(sheet: Sheet, n: int) -> None:
    """Only the visible columns: keys stay where they are."""
    keys = [line.key for line in sheet.lines]
    sort_rows(sheet, n)
    for line, key in zip(sheet.lines, keys, strict=True):
        line.key = key


def insert_blank(sheet: Sheet, n: int) -> None:
    """A row without a key, somewhere."""
    line = sheet.add("")
    sheet.lines.insert(n % len(sheet.lines), sheet.lines.pop())
    assert line.key == ""


def insert_prepared(sheet: Sheet, n: int) -> None:
    """A row that came with a key, at the end."""
    sheet.add(f"new{n}x{len(sheet.owners)}")


def goal_at(sheet: Sheet, n: int) -> Line:
    """Any goal."""
    goals = [line for line in sheet.lines if line.is_goal]
    return goals[n % len(goals)]


def delete(sheet: Sheet, n: int) -> None:
    """A whole row goes."""
    if sum(line.is_goal for line in sheet.lines) > 1:
        sheet.lines.remove(goal_at(sheet, n))


def rename(sheet: Sheet, n: int) -> None:
    """A title is written anew; nothing else changes."""
    line = goal_at(sheet, n)
    edited = f"{line.cells.get('goal', 'What we said')} for good"
    line.cells["goal"] = edited if sheet.bare or sheet.deleted else f"Something {n} else entirely {line.uid}"


def progress(sheet: Sheet, n: int) -> None:
    """A new value."""
    goal_at(sheet, n).cells["now"] = float(n)


def progress_as_text(sheet: Sheet, n: int) -> None:
    """A new value, typed as text with a decimal comma."""
    goal_at(sheet, n).cells["now"] = f"{n},5 %" if goal_at(sheet, n).cells.get("unit") == "%" else f"{n},5"


def duplicate(sheet: Sheet, n: int) -> None:
    """A row is copied below itself, with its key, and made into another goal."""
    line = goal_at(sheet, n)
    at = sheet.lines.index(line)
    new = sheet.add(line.key)
    new.cells = {**line.cells, "goal": f"{line.cells.get('goal', 'The same')} in the south {new.uid}"}
    sheet.lines.insert(at + n % 2, sheet.lines.pop())


def remark(sheet: Sheet, n: int) -> None:
    """Words in the table that belong to no goal."""
    sheet.lines.insert(n % (len(sheet.lines) + 1), Line(-1, "", {"comment": f"see my mail {n} of {len(sheet.owners)}"}))


def words_as_key(sheet: Sheet, n: int) -> None:
    """Somebody types a note where the key stood."""
    goal_at(sheet, n).key = f"ask Bob about {goal_at(sheet, n).uid}"


def add_column(sheet: Sheet, n: int) -> None:
    """A column that no template knows, with something in one row."""
    goal_at(sheet, n).cells["?Mood"] = f"mood {n}"


def delete_column(sheet: Sheet, n: int) -> None:
    """A column goes with all that stands in it. A goal without key and words needs its figures to be known by."""
    if not all("goal" in line.cells for line in sheet.lines if line.is_goal):
        return
    column = ("start", "unit", "target")[n % 3]
    sheet.deleted.add(column)
    for line in sheet.lines:
        line.cells.pop(column, None)


def merge_titles(sheet: Sheet, n: int) -> None:
    """Two rows' titles are merged into one cell: the lower row has none any more."""
    line = goal_at(sheet, n)
    if len(line.cells) > 2 and not sheet.deleted:
        line.cells.pop("goal", None)


EDITS: list[Callable[[Sheet, int], None]] = [
    sort_rows,
    sort_visible,
    insert_blank,
    insert_prepared,
    delete,
    rename,
    progress,
    progress_as_text,
    duplicate,
    remark,
    words_as_key,
    add_column,
    delete_column,
    merge_titles,
]
edits = st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 60)), max_size=12)


@settings(max_examples=MANY, deadline=None)
@given(st.booleans(), st.lists(st.booleans(), min_size=1, max_size=5), edits)
@example(False, [True] * 4, [(progress, 1), (sort_visible, 0), (progress, 2), (rename, 0), (sort_rows, 1), (rename, 2)])
@example(True, [True, False, False], [(progress, 0), (duplicate, 0), (sort_visible, 1), (rename, 1), (delete, 0)])
@example(False, [False], [(duplicate, 0), (merge_titles, 0), (merge_titles, 1), (insert_blank, 0)])
def test_no_history_changes_owner(bare: bool, keyed: list[bool], todo: list[tuple[Callable[[Sheet, int], None], int]]) -> None:
    """Sorts of three kinds, inserts, deletes, renames, copies, values, merges, columns and remarks, with a sync after each."""
    sheet = Sheet(bare)
    for number, has_key in enumerate(keyed):
        sheet.add(f"k{number}" if has_key else "")
    sheet.sync()
    for edit, n in todo:
        edit(sheet, n)
        sheet.sync()
    assert sheet.histories() == sheet.truth


@settings(max_examples=MANY, deadline=None)
@given(st.permutations(range(5)), st.integers(0, 4), st.integers(1, 99))
def test_a_sort_of_the_visible_columns_and_a_value_between_two_syncs(order: list[int], at: int, value: int) -> None:
    """The value goes to the goal beside which it was typed, and people are told about the keys."""
    sheet = Sheet()
    for number in range(5):
        sheet.add(f"k{number}")
    sheet.sync()
    cells = [(line.uid, line.cells) for line in sheet.lines]
    for line, index in zip(sheet.lines, order, strict=True):
        line.uid, line.cells = cells[index]
    sheet.lines[at].cells["now"] = float(value)
    sheet.sync()
    assert sheet.histories() == sheet.truth
    assert any("keys did not move along" in message for message in sheet.findings) == (list(order) != sorted(order))


def test_a_copied_row_counts_as_a_new_goal_and_says_so() -> None:
    """The original keeps its history although the copy carries its key, also when the copy stands above."""
    sheet = Sheet()
    sheet.add("k0").cells["now"] = 5.0
    sheet.sync()
    new = sheet.add("k0")
    new.cells = {**sheet.lines[0].cells, "goal": "Something like it in the south"}
    sheet.lines.reverse()
    sheet.sync()
    assert "stands in two rows" in sheet.findings[0]
    assert len({goal.row_key for goal in sheet.known.goals}) == 2


def test_a_deleted_row_keeps_its_history_and_comes_back_with_undo() -> None:
    """Deleting removes the goal, not what is known of it; the same row put back is the same goal."""
    sheet = Sheet()
    sheet.add("k0").cells["now"] = 5.0
    sheet.add("k1")
    sheet.sync()
    gone = sheet.lines.pop(0)
    sheet.sync()
    assert {goal.row_key: goal.removed for goal in sheet.known.goals} == {"k0": True, "k1": False}
    assert not any(entry.withdrawn for entry in sheet.known.entries)
    sheet.lines.append(gone)
    sheet.sync()
    assert not any(goal.removed for goal in sheet.known.goals)


def test_another_goal_typed_over_a_row_does_not_inherit_its_history() -> None:
    """The key is the same, nothing else is: the old goal is removed and a new one begins."""
    sheet = Sheet()
    sheet.add("k0").cells["now"] = 5.0
    sheet.sync()
    sheet.lines[0] = Line(99, "k0", {"goal": "Write the handbook", "start": 0.0, "target": 12.0, "unit": "pages", "now": 2.0})
    sheet.sync()
    assert sheet.histories() == {0: [5.0], 99: [2.0]}
    sheet.lines[0].cells["now"] = 3.0
    sheet.sync()
    assert sheet.histories()[99] == [2.0, 3.0]


def test_a_new_row_with_the_figures_of_a_deleted_one_begins_anew() -> None:
    """Without keys, 0 to 100 % is no sign of identity; a title is."""
    sheet = Sheet()
    sheet.add("").cells |= {"start": 0.0, "target": 100.0, "now": 40.0}
    sheet.sync()
    del sheet.lines[0]
    sheet.add("").cells |= {"start": 0.0, "target": 100.0, "now": 10.0}
    sheet.sync()
    assert sheet.histories() == {0: [40.0], 1: [10.0]}


def test_an_imported_goal_that_is_not_in_the_sheet_yet_is_not_removed() -> None:
    """It waits to be written."""
    waiting = Goal("g1", "p", "c", SHEET.key, "w1", "Waiting", 0, written=False)
    intents = reconcile(SHEET, SHAPE, Table((), COLUMNS), None, snapshot(Table((), COLUMNS)), Known((), (waiting,)), context())
    assert intents.goals == ()
    row = Row("w1", {"goal": Cell("Waiting")}, "row 1")
    found = reconcile(
        SHEET, SHAPE, Table((), COLUMNS), None, snapshot(Table((row,), COLUMNS)), Known((), (waiting,)), context()
    )
    assert found.goals == (replace(waiting, written=True, person_id=SHEET.person_id, cycle_id=SHEET.cycle_id),)


def test_entry_ids_are_the_same_when_the_same_batch_is_decided_again() -> None:
    """A repeated batch inserts nothing twice."""
    sheet = Sheet()
    sheet.add("k0").cells["now"] = 5.0
    read = snapshot(sheet.table())

    def decide() -> tuple[Entry, ...]:
        return reconcile(SHEET, SHAPE, Table((), COLUMNS), None, read, Known(), context()).entries

    assert decide() == decide()
    assert len({entry.id for entry in decide()}) == len(decide()) == 5
