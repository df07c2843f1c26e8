"""Goal sheets that other programs saved: which goal has which values, what is left over, and that no character is lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from connectors.office import xlsx
from connectors.workspace import AppendRows, Cell, NewRow, Row, SetCells, Table

from .conservation_xlsx import assert_conserved
from .sheets import SHAPE, built, read

FOLDER = Path(__file__).parents[2] / "files" / "xlsx"
UNTOUCHED = {row.key: dict(row.cells) for row in read(built()).rows}
"""The four goals as they were provisioned, by key."""
G1, G2, G3, G4 = (cells["goal"].text for cells in UNTOUCHED.values())


@dataclass(frozen=True)
class Expected:
    """What differs from the sheet as it was provisioned."""

    keys: tuple[str, ...] = ("g1", "g2", "g3", "g4")
    goals: tuple[str, ...] = (G1, G2, G3, G4)
    cells: dict[tuple[str, str], Cell | None] = field(default_factory=dict)
    """Goal and column to the cell, None for one that is gone."""
    left: tuple[tuple[str, str], ...] = ()
    """Text and place of every left-over."""
    notes: tuple[str, ...] = ()
    """A piece of every note, in order."""


FORMULA = "holds a formula; the value that it last had"
EXPECTED = {
    "lo-resaved": Expected(),
    "lo-through-ods": Expected(),
    "lo-through-xls": Expected(),
    "lo-sorted-rows": Expected(("g1", "g3", "g2", "g4"), (G1, G3, G2, G4)),
    "lo-sorted-without-keys": Expected(goals=(G1, G3, G2, G4)),
    "lo-sorted-with-header": Expected(
        ("g4", "g2", "g3", "g1"), (G4, G2, G3, G1), notes=("The header stands in row 11 of Goals",)
    ),
    "lo-columns-renamed": Expected(notes=('"Goal" is now called', '"Now" is now', '"Comment" is now')),
    "lo-column-inserted": Expected(
        cells={(G1, "?Confidence"): Cell("high"), (G2, "?Confidence"): Cell("low"), (G3, "?Confidence"): Cell("0.5", 0.5)}
    ),
    "lo-column-moved": Expected(),
    "lo-columns-deleted": Expected(
        cells={(G1, "comment"): None}, notes=('"Contributes to" is missing', '"Comment" is missing')
    ),
    "lo-rows-inserted": Expected(
        ("g1", "", "g2", "g3", "g4"),
        (G1, "Train two people on call", G2, G3, G4),
        left=(("Please update by Friday", "Goals!B1"),),
    ),
    "lo-row-deleted": Expected(("g1", "g3", "g4"), (G1, G3, G4)),
    "lo-header-copied": Expected(
        ("g1", "g2", "g3", "g4", ""), (G1, G2, G3, G4, "Write the handbook"), notes=("Goals!A12: the header stands here",)
    ),
    "lo-cells-merged": Expected(
        cells={(G3, "parent"): Cell("Board and audit")}, notes=("Goals!B8:B9 are merged", "Goals!C10:D10 are merged")
    ),
    "lo-typed-below": Expected(
        ("g1", "g2", "g3", "g4", ""),
        (G1, G2, G3, G4, ""),
        cells={("", "target"): Cell("Average"), ("", "now"): Cell("26.75", 26.75, formula=True)},
        left=(("Ask Kim about the second half", "Goals!B25"), ("Remember the offsite", "Goals!A27")),
        notes=(f"Goals!I20 {FORMULA}",),
    ),
    "lo-typed-beside": Expected(
        cells={(G2, "?column P"): Cell("call the Basel office")},
        left=(("see mail of Monday", "Goals!R3"), ("budget not signed", "Goals!R10")),
    ),
    "lo-formulas": Expected(
        cells={
            (G1, "now"): Cell("3.5", 3.5, formula=True),
            (G2, "now"): Cell("70", 70.0, formula=True),
            (G4, "goal"): Cell(G4, formula=True),
            (G4, "start"): Cell("#DIV/0!", formula=True),
        },
        notes=tuple(f"Goals!{cell} {FORMULA}" for cell in ("I8", "I9", "B11", "G11")),
    ),
    "lo-values-as-text": Expected(
        cells={
            (G1, "unit"): Cell("EUR"),
            (G1, "start"): Cell("€ 1.234,50", 1234.5),
            (G1, "target"): Cell("2\u202f500,00 €", 2500.0),
            (G1, "now"): Cell("CHF 1'999.-", 1999.0),
            (G1, "due"): Cell("30. Juni 2026", day=date(2026, 6, 30)),
            (G1, "updated"): Cell("2 mars 2026", day=date(2026, 3, 2)),
            (G2, "start"): Cell("58 %", 58.0, percent=True),
            (G2, "target"): Cell("80 %", 80.0, percent=True),
            (G2, "now"): Cell("0.72", 0.72),
            (G2, "due"): Cell("02/03/2026"),
            (G2, "updated"): Cell("March 2, 2026", day=date(2026, 3, 2)),
            (G4, "start"): Cell("1.234"),
            (G4, "now"): Cell("12k"),
            (G4, "due"): Cell("3 de março de 2026", day=date(2026, 3, 3)),
            (G4, "updated"): Cell("2 marca 2026", day=date(2026, 3, 2)),
        }
    ),
    "lo-filtered": Expected(),
    "lo-grouped": Expected(),
    "lo-second-sheet": Expected(
        left=(("What we heard", "Offsite notes!A1"), ("Cy\twants to lead the audit\t3", "Offsite notes!A3"))
    ),
    "lo-sheet-moved": Expected(left=(("Goals of the team, see next page", "Cover!B2"),)),
    "lo-comments": Expected(
        left=(("Too broad? Take one region.", "Goals!B8, comment"), ("Ada: the auditor moved\nto May", "Goals!M10, comment"))
    ),
    "lo-shapes": Expected(left=(("Draft until 1 April", "Goals!B12"), ("then final", "Goals!B12"))),
    "lo-page-headers": Expected(
        left=(("Confidential & personal", "Goals, page header"), ("agreed on 2 March", "Goals, page footer"))
    ),
    "lo-links-and-looks": Expected(
        cells={(G2, "measure"): Cell("our board")}, left=(("https://example.org/board?id=7", "Goals!D9"),)
    ),
    "lo-other-scripts": Expected(
        goals=("خفض وقت التسليم إلى النصف", "解決率を高める", G3, G4),
        cells={
            ("خفض وقت التسليم إلى النصف", "comment"): Cell("מצוין 👩🏽\u200d💻 naïve e\u0301"),
            ("解決率を高める", "comment"): Cell("\u202bשלום\u202c A\u200dB"),
        },
    ),
    "lo-long-cell": Expected(
        cells={(G1, "comment"): Cell("Every week the same words. " * 1200 + "The end.")},
    ),
    "built-like-excel-threads": Expected(
        left=(
            ("Too broad?", "Goals!B8, comment by Beatrice Okonkwo"),
            ("One region only, then.", "Goals!B8, comment by Ada Brandt"),
            ("Beatrice Okonkwo:\nfrom the hotline report", "Goals!I9, comment by Beatrice Okonkwo"),
        )
    ),
    "built-like-excel-shapes": Expected(
        left=(("Numbers of March\nonly", "Goals!Q9"), ("How far we are", "Goals"), ("Send to Bea", "Goals")),
    ),
    "built-like-excel-table": Expected(
        ("g1", "g2", "g3", "g4", "Total"),
        (G1, G2, G3, G4, ""),
        cells={("", "now"): Cell("80.25", 80.25, formula=True)},
        notes=(f"Goals!I18 {FORMULA}",),
    ),
    "built-like-excel-shared-strings": Expected(goals=(G1, G2, f"{G3}\r\n", G4)),
    "built-like-excel-formulas": Expected(
        cells={
            (G1, "now"): Cell("3.5", 3.5, formula=True),
            (G2, "goal"): Cell(G2, formula=True),
            (G2, "now"): Cell("72", 72.0, formula=True),
            (G3, "now"): None,
            (G4, "start"): Cell("#DIV/0!", formula=True),
            (G4, "target"): Cell("=G11+3", formula=True),
        },
        notes=(
            *(f"Goals!{cell} {FORMULA}" for cell in ("I8", "B9", "I9")),
            "Goals!I10 holds a formula that was saved without its value",
            f"Goals!G11 {FORMULA}",
            "Goals!H11 holds a formula that was saved without its value",
        ),
    ),
    "built-like-excel-sheet-moved-by-copy": Expected(),
    "built-like-google-export": Expected(
        goals=(G1, G2, f"{G3}\r\n", G4),
        left=(
            *((text, f"Goals!{cell}") for text, cell in (("Goals of Ada Brandt", "B1"), ("Employee", "B3"))),
            *((text, f"Goals!{cell}") for text, cell in (("Manager", "C3"), ("Cycle", "D3"), ("Ada Brandt", "B4"))),
            *((text, f"Goals!{cell}") for text, cell in (("Beatrice Okonkwo", "C4"), ("2026, first half", "D4"))),
            ("Is 80 % realistic?\n\t-Beatrice Okonkwo", "Goals!B9, comment"),
        ),
    ),
    "openpyxl-rows-inserted": Expected(left=(("Exported on 9 March 2026", "Goals!B1"),)),
}
BY_HAND = {"lo-sheet-copied", "lo-many-edits"}
"""Files with a test of their own."""


def sheet(name: str) -> bytes:
    return (FOLDER / f"{name}.xlsx").read_bytes()


def table(name: str) -> Table:
    return xlsx.read(sheet(name), SHAPE)[1]


def _cells(row: Row, expected: Expected) -> dict[str, Cell]:
    """The cells that the row should have: its goal's, with what was changed in them."""
    title = row.cells["goal"].text if "goal" in row.cells else ""
    known = next((cells for cells in UNTOUCHED.values() if cells["goal"].text == title.strip()), {})
    if title and not known:
        known = UNTOUCHED.get(row.key, {})
    changed = {column: cell for (goal, column), cell in expected.cells.items() if goal == title}
    wanted = {**known, **({"goal": Cell(title)} if title else {}), **changed}
    return {column: cell for column, cell in wanted.items() if cell is not None}


def test_every_file_has_an_expectation():
    """No fixture lies there unread."""
    assert {path.stem for path in FOLDER.glob("*.xlsx")} == EXPECTED.keys() | BY_HAND
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 1_000_000


@pytest.mark.parametrize("name", EXPECTED)
def test_goals_and_left_overs_of_a_saved_sheet(name: str):
    """Keys in their order, each goal with its own values, every left-over with its place, every note."""
    found, expected = table(name), EXPECTED[name]
    assert tuple(row.key for row in found.rows) == expected.keys
    assert tuple(row.cells["goal"].text if "goal" in row.cells else "" for row in found.rows) == expected.goals
    for row in found.rows:
        title = row.cells["goal"].text if "goal" in row.cells else ""
        if title in UNTOUCHED_TITLES | {goal for goal, _ in expected.cells} | {""}:
            assert dict(row.cells) == _cells(row, expected), title
    assert tuple((left.text, left.place) for left in found.left_overs) == expected.left
    assert len(found.notes) == len(expected.notes), found.notes
    assert all(piece in note for piece, note in zip(expected.notes, found.notes, strict=True)), found.notes


UNTOUCHED_TITLES = {G1, G2, G3, G4}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.xlsx")), ids=lambda path: path.stem)
def test_every_character_of_a_saved_sheet_is_accounted_for(path: Path):
    """What stands in the file is what was read, with the shape and without it."""
    data = path.read_bytes()
    assert_conserved(data, xlsx.read(data, SHAPE)[1])
    assert_conserved(data, xlsx.read(data, None)[1])


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.xlsx")), ids=lambda path: path.stem)
def test_a_saved_sheet_can_be_written_to_and_loses_nothing(path: Path):
    """Filling an empty cell and adding a goal changes nothing else, and the new text stands in no occupied row."""
    data = path.read_bytes()
    before = xlsx.read(data, SHAPE)[1]
    row = next(row for row in before.rows if row.key == "g4")
    change = [SetCells({"g4": {"measure": "Call log"}}), AppendRows((NewRow("n1", {"goal": "Added", "now": 3}),))]
    edited = xlsx.edit(data, SHAPE, change)
    after = xlsx.read(edited, SHAPE)[1]
    assert_conserved(edited, after)
    assert next(row for row in after.rows if row.key == "n1").cells["goal"] == Cell("Added")
    assert next(now for now in after.rows if now.key == "g4").cells["measure"] == row.cells.get("measure", Cell("Call log"))
    assert {(left.text, left.place) for left in after.left_overs} == {(left.text, left.place) for left in before.left_overs}


def test_comments_stand_under_the_goal_that_they_are_about():
    """The heading is the goal's title, wherever a sort has moved it."""
    assert [left.heading for left in table("built-like-excel-threads").left_overs] == [G1, G1, G2]
    assert [left.heading for left in table("lo-comments").left_overs] == [G1, G3]


def test_a_copied_sheet_is_text_and_the_original_stays_the_table():
    """The copy's rows are kept, the goals are read from the sheet that the names point to."""
    found = table("lo-sheet-copied")
    assert [dict(row.cells) for row in found.rows] == list(UNTOUCHED.values())
    assert {left.heading for left in found.left_overs} == {"Goals of March"}
    assert any("Raise first-call resolution in the copy" in left.text for left in found.left_overs)


def test_many_edits_in_one_file():
    """Sorted without its keys, retitled, a column put in, comments, words below and a second sheet, all at once."""
    found = table("lo-many-edits")
    assert [(row.key, row.cells["goal"].text) for row in found.rows[:4]] == [("g1", G1), ("g2", G3), ("g3", G2), ("g4", G4)]
    assert [row.cells["?Confidence"].text for row in found.rows[:3]] == ["high", "low", "0.5"]
    assert found.columns["now"] == "Aktueller Wert"
    assert {left.text for left in found.left_overs} >= {"What we heard", "Remember the offsite", "Too broad? Take one region."}
