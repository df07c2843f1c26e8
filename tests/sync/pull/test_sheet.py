"""Cells of goal sheets become figures, words and findings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from connectors.workspace import Cell, CellValue, NewRow, Row, Table, TableContent, as_read, cell_of
from sync.pull.cells import amount_of, share_of, ticked
from sync.pull.intents import Intents, Known
from sync.pull.reconcile import reconcile
from sync.records import Entry, EntryKind, Goal
from templates.shapes import Kind, TableShape
from tests.sync.pull.world import ADA, TODAY, artifact, context, shape_of, snapshot

SHEET = artifact(Kind.GOAL_SHEET)
_SHAPE = shape_of(SHEET)
assert isinstance(_SHAPE, TableShape)
SHAPE: TableShape = _SHAPE
Cells = dict[str, CellValue | Cell]
COLUMNS = {column.key: column.title for column in SHAPE.columns}


def table(*rows: Cells) -> Table:
    """A sheet; ``key`` is the row's key."""
    made = []
    for number, cells in enumerate(rows, start=7):
        read = {name: value if isinstance(value, Cell) else cell_of(value) for name, value in cells.items() if name != "key"}
        made.append(Row(str(cells.get("key", "")), read, f"Goals!A{number}"))
    extra = {name: name for row in made for name in row.cells if name.startswith("?")}
    return Table(tuple(made), COLUMNS | extra)


class Sheet:
    """A sheet being read again and again."""

    def __init__(self, ground: Table = Table((), COLUMNS), goals: tuple[Goal, ...] = ()) -> None:  # noqa: B008 - frozen
        self.ground, self.known, self.previous = ground, Known((), goals), None
        self.today = TODAY

    previous: Table | None

    def read(self, now: Table, by: str = "") -> Intents:
        """One read; the outcome is stored."""
        intents = reconcile(SHEET, SHAPE, self.ground, self.previous, snapshot(now, by), self.known, context(self.today))
        goals = {goal.id: goal for goal in (*self.known.goals, *intents.goals)}
        self.known, self.previous = Known((*self.known.entries, *intents.entries), tuple(goals.values())), now
        self.today += timedelta(days=1)
        return intents

    @property
    def goal(self) -> Goal:
        """The only goal that stands."""
        (goal,) = (goal for goal in self.known.goals if not goal.removed)
        return goal


def by_column(entries: tuple[Entry, ...]) -> dict[str, Entry]:
    """The last part of the anchor to the entry."""
    return {entry.anchor.split("/")[1]: entry for entry in entries}


def test_a_typed_goal_becomes_words_and_figures() -> None:
    """Numbers are figures with their unit, texts are words, each with its cell as place."""
    sheet = Sheet()
    intents = sheet.read(
        table({"key": "k1", "goal": "Cut churn", "start": 8, "target": 4, "now": 7.5, "unit": "%"}), "Ada Brandt"
    )
    found = by_column(intents.entries)
    assert {name: entry.kind for name, entry in found.items()} == {
        "goal": EntryKind.GOAL,
        "unit": EntryKind.GOAL,
        "start": EntryKind.GOAL_VALUE,
        "target": EntryKind.GOAL_VALUE,
        "now": EntryKind.GOAL_VALUE,
    }
    figure = found["now"].figure
    assert figure is not None
    assert (figure.column, figure.value, figure.unit, figure.goal_id) == ("now", 7.5, "%", sheet.goal.id)
    assert (found["now"].place, found["now"].by, found["now"].anchor) == (f"Goals!A7, {COLUMNS['now']}", ADA.id, "row:k1/now")
    assert [(value.day, value.value) for value in intents.values] == [(TODAY, 7.5)]
    assert sheet.goal.updated == TODAY


def test_what_was_provisioned_is_no_evidence() -> None:
    """The goals are known then, and only what people change is written."""
    content = TableContent(SHAPE, (NewRow("k1", {"goal": "Cut churn", "start": 8, "target": 4, "due": date(2026, 6, 1)}),))
    ground = as_read(content)
    assert isinstance(ground, Table)
    sheet = Sheet(ground)
    intents = sheet.read(ground)
    assert (intents.entries, sheet.goal.title, sheet.goal.due) == ((), "Cut churn", date(2026, 6, 1))
    (entry,) = sheet.read(
        table({"key": "k1", "goal": "Cut churn", "start": 8, "target": 4, "due": date(2026, 6, 1), "now": 6})
    ).entries
    assert entry.anchor == "row:k1/now"


def test_an_imported_goal_with_its_own_columns_keeps_them() -> None:
    """What the sheet has no column for stays, and the date that we wrote is no change."""
    goal = Goal(
        "g1", ADA.id, "2026-h1", SHEET.key, "k1", "Cut churn", 4, updated=date(2026, 1, 5), weight=0.5, extra={"team": "Core"}
    )
    ground = table({"key": "k1", "goal": "Cut churn", "updated": date(2026, 1, 5)})
    sheet = Sheet(ground, (goal,))
    assert sheet.read(ground).entries == ()
    assert (sheet.goal.id, sheet.goal.weight, sheet.goal.extra["team"]) == ("g1", 0.5, "Core")
    assert sheet.goal.updated == date(2026, 1, 5)
    assert sheet.read(ground).goals == ()


def test_the_date_beside_a_value_is_its_day_when_it_can_be() -> None:
    """A changed date in the cycle counts; an old, future or foreign one does not."""
    sheet = Sheet()
    goal: Cells = {"key": "k1", "goal": "Cut churn", "start": 8, "target": 4}
    first = sheet.read(table({**goal, "now": 8, "updated": date(2026, 2, 1)}))
    assert [value.day for value in first.values] == [date(2026, 2, 1)]
    second = sheet.read(table({**goal, "now": 7, "updated": date(2026, 2, 1)}))
    assert [value.day for value in second.values] == [TODAY + timedelta(days=1)]
    third = sheet.read(table({**goal, "now": 6, "updated": date(2027, 2, 1)}))
    assert [value.day for value in third.values] == [TODAY + timedelta(days=2)]
    assert [value.supersedes for value in third.entries if value.anchor == "row:k1/now"] == [""]


def test_a_new_date_alone_confirms_the_value() -> None:
    """No change is no new point, but the goal is fresh again."""
    sheet = Sheet()
    sheet.read(table({"key": "k1", "goal": "Cut churn", "now": 8}))
    intents = sheet.read(table({"key": "k1", "goal": "Cut churn", "now": 8, "updated": TODAY + timedelta(days=1)}))
    assert (intents.values, sheet.goal.updated) == ((), TODAY + timedelta(days=1))


def test_a_cleared_value_is_missing_and_not_zero() -> None:
    """The entry is withdrawn, the goal has no value."""
    sheet = Sheet()
    first = sheet.read(table({"key": "k1", "goal": "Cut churn", "now": 8}))
    intents = sheet.read(table({"key": "k1", "goal": "Cut churn"}))
    assert sheet.goal.now is None
    assert [(entry.withdrawn, entry.supersedes) for entry in intents.entries] == [(True, by_column(first.entries)["now"].id)]


def test_a_per_cent_is_taken_as_people_see_it() -> None:
    """72 % is 72; a plain 0.72 of 100 % stays as it stands, and somebody is told."""
    sheet = Sheet()
    goal: Cells = {"key": "k1", "goal": "Reach", "target": 100, "unit": "%"}
    sheet.read(table({**goal, "now": Cell("72 %", 72.0, percent=True)}))
    assert sheet.goal.now == 72
    intents = sheet.read(table({**goal, "now": 0.72}))
    assert sheet.goal.now == 0.72
    assert [("0.72 %" in f.message, "Write 72" in f.message) for f in intents.findings] == [(True, True)]
    assert sheet.read(table({**goal, "now": 0})).findings == ()


def test_what_is_no_number_is_kept_as_text_and_reported() -> None:
    """It counts as missing, with its cell named, and is evidence all the same."""
    sheet = Sheet()
    intents = sheet.read(table({"key": "k1", "goal": "Cut churn", "now": "about 12"}))
    found = by_column(intents.entries)["now"]
    assert (found.text, found.figure, sheet.goal.now) == ("about 12", None, None)
    assert f"Goals!A7, {COLUMNS['now']}: 'about 12'" in intents.findings[0].message
    assert sheet.read(table({"key": "k1", "goal": "Cut churn", "now": "about 12"})).entries == ()


def test_yes_and_no_are_values_of_a_yes_no_goal() -> None:
    """They are figures, so that progress can be told."""
    sheet = Sheet()
    sheet.read(table({"key": "k1", "goal": "Certify", "unit": "yes/no", "now": "no"}))
    assert sheet.goal.now == 0
    sheet.read(table({"key": "k1", "goal": "Certify", "unit": "yes/no", "now": "Yes"}))
    assert sheet.goal.now == 1


def test_unknown_columns_are_kept_and_reported() -> None:
    """Nothing that people add is lost."""
    sheet = Sheet()
    intents = sheet.read(table({"key": "k1", "goal": "Cut churn", "?Mood": "good"}))
    assert sheet.goal.extra == {"?Mood": "good"}
    assert by_column(intents.entries)["?Mood"].text == "good"
    assert [(finding.kind, "Mood" in finding.message) for finding in intents.findings] == [("column", True)]


def test_a_row_without_a_key_gets_one_of_its_own() -> None:
    """It is listed, so that it can be written into the sheet."""
    intents = Sheet().read(table({"goal": "Cut churn"}, {"goal": "Cut churn"}))
    assert list(intents.unkeyed) == ["Goals!A7", "Goals!A8"]
    assert len(set(intents.unkeyed.values())) == 2
    assert [goal.row_key for goal in intents.goals] == list(intents.unkeyed.values())


def test_prepared_rows_in_which_nobody_typed_are_no_goals() -> None:
    """Neither a key, nor a formula, nor a default of ours makes one."""
    ground = table({"key": "k1", "status": "not started"})
    prepared = table(
        {"key": "k1", "status": "not started"}, {"key": "k2", "progress": Cell("0 %", 0.0, formula=True)}, {"goal": " "}
    )
    assert Sheet(ground).read(prepared).goals == ()


def test_text_outside_the_table_is_other_notes() -> None:
    """A remark below the rows is evidence with its heading."""
    from connectors.workspace import LeftOver

    sheet = Sheet()
    intents = sheet.read(replace(table(), left_overs=(LeftOver("Below", "Ask Kim", "Goals!B40"),)))
    assert [(entry.kind, entry.anchor, entry.place) for entry in intents.entries] == [
        (EntryKind.OTHER, "other:Below", "Goals!B40")
    ]


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        (Cell("12"), 12),
        (Cell("-1,5"), -1.5),
        (Cell("1 234,5"), 1234.5),
        (Cell("45 %"), 45),
        (Cell("1,234"), None),
        (Cell("12 days"), None),
        (Cell(""), None),
        (Cell("twelve", 12.0), 12),
    ],
)
def test_amounts_are_read_only_when_they_have_one_meaning(cell: Cell, amount: float | None) -> None:
    """A decimal comma is read, a comma that may be either is not."""
    assert amount_of(cell) == amount


def test_weights_are_shares_however_they_were_typed() -> None:
    """25 %, 0.25 and 25 are the same."""
    cells = (Cell("25 %", 25.0, percent=True), Cell("0.25", 0.25), Cell("25", 25.0), Cell("25%"))
    assert [share_of(cell) for cell in cells] == [0.25] * 4


@pytest.mark.parametrize("text", ["x", "X", "✓", "✔", "☑", "yes", " Ja ", "done", "erledigt", "oui", "si", "1", "OK"])
def test_ticks_of_many_hands(text: str) -> None:
    """People tick in their own way."""
    assert ticked(Cell(text))
    assert not ticked(Cell(f"not {text}"))
