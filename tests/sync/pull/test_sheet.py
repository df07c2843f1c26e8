"""Cells of goal sheets become figures, words and findings."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from connectors.workspace import Cell, CellValue, NewRow, Row, Table, TableContent, as_read, cell_of
from sync.pull.cells import amount_of, figures_of, share_of, ticked
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
    assert (found["now"].place, found["now"].by, found["now"].anchor) == (
        f"Goals, row 7, {COLUMNS['now']}",
        ADA.id,
        "row:k1/now",
    )
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


@pytest.mark.parametrize("now", [72, 0.72, Cell("72 %"), Cell("0,72"), Cell("72 %", 72.0, percent=True)])
def test_in_a_row_of_per_cents_72_is_72_however_it_was_typed(now: CellValue | Cell) -> None:
    """As a number, as a share, with the sign, as text, with a format; a share is said, with its cell."""
    sheet = Sheet()
    intents = sheet.read(table({"key": "k1", "goal": "Reach", "target": 80, "unit": "%", "now": now}))
    assert sheet.goal.now == 72
    assert {entry.figure.value for entry in intents.entries if entry.figure and entry.figure.column == "now"} == {72}
    typed = now.text if isinstance(now, Cell) else cell_of(now).text
    told = f"{typed} is read as 72 %, for the row counts in whole per cents. Write {typed} % if that was meant."
    assert [f.message for f in intents.findings] == ([f"ref: Goals, row 7, Now: {told}"] if typed.startswith("0") else [])


def test_the_last_value_tells_what_a_share_is_where_no_target_does() -> None:
    """After 70 a plain 0.72 is 72; without anything to go by it stays as it was typed. Read again it is the same."""
    goal: Cells = {"key": "k1", "goal": "Reach", "unit": "%"}
    alone, sheet = Sheet(), Sheet()
    assert alone.read(table({**goal, "now": 0.72})).findings == ()
    assert alone.goal.now == 0.72
    sheet.read(table({**goal, "now": 70}))
    assert len(sheet.read(table({**goal, "now": 0.72})).findings) == 1
    assert sheet.goal.now == 72
    assert sheet.read(table({**goal, "now": 0.72})).entries == ()
    assert sheet.goal.now == 72


@pytest.mark.parametrize(
    ("unit", "figures", "read"),
    [
        ("%", {"target": Cell("80", 80.0), "now": Cell("72", 72.0)}, (None, 80, 72)),
        ("%", {"target": Cell("80 %", 80.0, percent=True), "now": Cell("72", 72.0)}, (None, 80, 72)),
        ("%", {"target": Cell("80 %"), "now": Cell("72 %")}, (None, 80, 72)),
        ("Prozent", {"target": Cell("0.8", 0.8), "now": Cell("0.72", 0.72)}, (None, 0.8, 0.72)),
        ("", {"target": Cell("80 %"), "now": Cell("72", 72.0)}, (None, 80, 72)),
        ("", {"target": Cell("80 %"), "now": Cell("0.72", 0.72)}, (None, 80, 72)),
        ("% of calls", {"start": Cell("0.58", 0.58), "target": Cell("80", 80.0), "now": Cell("0.72", 0.72)}, (58, 80, 72)),
        ("%", {"start": Cell("50", 50.0), "now": Cell("-0.1", -0.1)}, (50, None, -10)),
        ("number", {"target": Cell("80", 80.0), "now": Cell("0.72", 0.72)}, (None, 80, 0.72)),
        ("EUR", {"target": Cell("200000", 200_000.0), "now": Cell("72 %")}, (None, 200_000, None)),
        ("EUR", {"target": Cell("80 %"), "now": Cell("72 %", 72.0, percent=True)}, (None, 80, 72)),
        ("yes/no", {"target": Cell("yes"), "now": Cell("no")}, (None, 1, 0)),
    ],
)
def test_figures_of_a_row_are_in_its_unit(unit: str, figures: dict[str, Cell], read: tuple[float | None, ...]) -> None:
    """Per cent however it was written; of another unit only what is in that unit."""
    found = figures_of(figures, unit, yes_no=unit == "yes/no").values
    assert (found["start"], found["target"], found["now"]) == read


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ({"start": 0, "target": 100, "now": 1}, ["Now"]),
        ({"start": 50, "target": 0.8, "now": 72}, ["Target"]),
        ({"start": 50, "target": 0.8, "now": 0.72}, ["Target", "Now"]),
        ({"start": 0.5, "target": 0.8, "now": 0.72}, ["Target"]),
        ({"start": 8, "target": 0.5, "now": 3}, []),
        ({"start": 5, "target": 2, "now": 0.8}, []),
        ({"start": 0, "target": 5, "now": 0.5}, []),
        ({"start": 0, "target": 100, "now": Cell("0.72 %", 0.72, percent=True)}, []),
        ({"start": 0, "target": 100, "now": 0}, []),
    ],
)
def test_an_open_share_among_per_cents_is_said_and_never_changed(figures: Cells, told: list[str]) -> None:
    """It is taken as it stands, and its cell is named when a hundred times as much may have been meant."""
    sheet = Sheet()
    intents = sheet.read(table({"key": "k1", "goal": "Reach", "unit": "%", **figures}))
    said = " ".join(finding.message for finding in intents.findings)
    assert [name for name in ("Start", "Target", "Now") if f"Goals, row 7, {name}: " in said] == told
    assert "as it stands" in said or not told
    assert sheet.goal.now == amount_of(figures["now"] if isinstance(figures["now"], Cell) else cell_of(figures["now"]))


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ("due", Cell("02/03/2026"), "may be 2026-03-02 or 2026-02-03"),
        ("due", Cell("mid June"), "cannot be read as a date"),
        ("now", Cell("1.234"), "a thousand and more or a little"),
        ("now", Cell("12k"), "cannot be read as a number"),
        ("now", Cell("=A1+3", formula=True), "saved without its value"),
        ("now", Cell("72 %"), "is not in 'EUR'"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_cell_and_why(column: str, cell: Cell, why: str) -> None:
    """It is kept as text, counts as missing, and is evidence."""
    sheet = Sheet()
    intents = sheet.read(table({"key": "k1", "goal": "Sell", "unit": "EUR", "target": 200_000, column: cell}))
    (finding,) = intents.findings
    assert f"Goals, row 7, {COLUMNS[column]}: " in finding.message
    assert why in finding.message
    assert by_column(intents.entries)[column].text == cell.text
    assert (sheet.goal.due if column == "due" else sheet.goal.now) is None


@pytest.mark.parametrize("written", ["5/12/26", "last week", "31.2.2026"])
def test_a_day_beside_a_value_that_cannot_be_read_is_named(written: str) -> None:
    """The value counts for today, and its cell is told."""
    sheet = Sheet()
    intents = sheet.read(table({"key": "k1", "goal": "Sell", "now": 3, "updated": Cell(written)}))
    (finding,) = intents.findings
    assert f"Goals, row 7, {COLUMNS['updated']}: {written!r} cannot be read as a date" in finding.message
    assert [value.day for value in intents.values] == [TODAY]


def test_days_and_amounts_in_words_are_read_wherever_the_sheet_stands() -> None:
    """Also when the workspace gives nothing but text."""
    sheet = Sheet()
    sheet.read(table({"key": "k1", "goal": "Sell", "unit": "EUR", "now": Cell("€ 1.234,50"), "due": Cell("3 mars 2026")}))
    assert (sheet.goal.now, sheet.goal.due) == (1234.5, date(2026, 3, 3))


@pytest.mark.parametrize(("left", "says"), [(2, "'C' is no longer in the sheet"), (1, "'B', 'C' are no longer in the sheet")])
def test_goals_that_are_gone_are_named_in_a_sentence(left: int, says: str) -> None:
    """One is, several are."""
    rows: list[Cells] = [{"key": f"k{title}", "goal": title} for title in "ABC"]
    sheet = Sheet()
    sheet.read(table(*rows))
    (finding,) = (one for one in sheet.read(table(*rows[:left])).findings if one.kind == "goals")
    assert says in finding.message


def test_a_row_without_a_goal_is_other_notes_until_it_gets_one() -> None:
    """A line of totals and a remark below are kept; when somebody adds the goal, the row is one."""
    sheet = Sheet()
    goal: Cells = {"key": "k1", "goal": "Cut churn", "now": 8}
    total: Cells = {"target": Cell("Average"), "now": Cell("8", 8.0, formula=True)}
    intents = sheet.read(table(goal, total))
    assert sheet.goal.title == "Cut churn"
    assert [(entry.text, entry.kind) for entry in intents.entries if entry.anchor == "row:/"] == [
        ("Average · 8", EntryKind.OTHER)
    ]
    assert [("Goals!A8" in f.message, f.kind) for f in intents.findings] == [(True, "other-notes")]
    assert intents.unkeyed == {}
    assert sheet.read(table(goal, total)).entries == ()
    intents = sheet.read(table(goal, {**total, "goal": "Average churn"}))
    assert [entry.withdrawn for entry in intents.entries if entry.anchor == "row:/"] == [True]
    assert [one.title for one in intents.goals] == ["Average churn"]


def test_words_in_the_column_of_keys_are_kept() -> None:
    """A note where a key stood is text, and the goal stays itself; a number is only a row's number."""
    sheet = Sheet()
    sheet.read(table({"key": "k1", "goal": "Cut churn", "now": 8}))
    before = sheet.goal.id
    intents = sheet.read(
        table({"key": "ask Kim!", "goal": "Cut churn", "now": 8}, {"key": "7."}, {"key": "Remember the offsite"})
    )
    assert sheet.goal.id == before
    assert [entry.text for entry in intents.entries] == ["ask Kim!", "Remember the offsite"]


def test_a_goal_whose_words_were_merged_away_stays_and_is_told() -> None:
    """Merging two cells empties the lower one; its figures and history stay its own."""
    sheet = Sheet()
    sheet.read(table({"key": "k1", "goal": "Cut churn", "start": 8, "target": 4, "now": 7}))
    before = sheet.goal.id
    intents = sheet.read(table({"key": "k1", "start": 8, "target": 4, "now": 6}))
    assert (sheet.goal.id, sheet.goal.title, sheet.goal.now) == (before, "", 6)
    assert any("has lost its words" in finding.message for finding in intents.findings)


def test_what_is_typed_over_a_progress_formula_is_evidence() -> None:
    """The formula is nobody's words, a person's own figure is."""
    sheet = Sheet()
    computed = Cell("50 %", 50.0, percent=True, formula=True)
    assert "progress" not in by_column(sheet.read(table({"key": "k1", "goal": "Cut churn", "progress": computed})).entries)
    typed = sheet.read(table({"key": "k1", "goal": "Cut churn", "progress": Cell("nearly there")}))
    assert by_column(typed.entries)["progress"].text == "nearly there"


def test_five_thousand_goals_are_told_apart() -> None:
    """A long sheet that was turned around has the same goals, each with its own history."""
    rows: list[Cells] = [{"goal": f"Goal {number}", "start": 0, "target": 100, "now": number} for number in range(5000)]
    sheet = Sheet()
    sheet.read(table(*rows))
    intents = sheet.read(table(*reversed(rows)))
    assert (intents.entries, len(intents.goals)) == ((), 5000)


def test_what_is_no_number_is_kept_as_text_and_reported() -> None:
    """It counts as missing, with its cell named, and is evidence all the same."""
    sheet = Sheet()
    intents = sheet.read(table({"key": "k1", "goal": "Cut churn", "now": "about 12"}))
    found = by_column(intents.entries)["now"]
    assert (found.text, found.figure, sheet.goal.now) == ("about 12", None, None)
    assert f"Goals, row 7, {COLUMNS['now']}: 'about 12'" in intents.findings[0].message
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


def test_a_goal_that_was_taken_out_is_named_once() -> None:
    """The report says which one; its history stays, and the next read has nothing to add."""
    sheet = Sheet()
    stays: Cells = {"key": "k1", "goal": "Cut churn"}
    sheet.read(table(stays, {"key": "k2", "goal": "Hire"}))
    told = sheet.read(table(stays))
    assert ["'Hire'" in finding.message for finding in told.findings] == [True]
    assert sheet.read(table(stays)).findings == ()


def test_titles_that_changed_places_alone_are_named() -> None:
    """Sorting only the column of goals moves no figure, so somebody has to look."""
    sheet = Sheet()
    rows: list[Cells] = [
        {"key": f"k{n}", "goal": title, "start": float(n), "target": 10.0 + n, "now": 3.0 + n, "measure": f"Measure {n}"}
        for n, title in enumerate(["Cut the errors", "Hire a second nurse", "Answer sooner"])
    ]
    sheet.read(table(*rows))
    titles = sorted(str(row["goal"]) for row in rows)
    told = sheet.read(table(*({**row, "goal": title} for row, title in zip(rows, titles, strict=True))))
    assert any("changed places while their figures stayed" in finding.message for finding in told.findings)
