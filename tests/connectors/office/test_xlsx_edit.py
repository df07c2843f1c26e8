"""Edits of sheets touch only what is empty and drop nothing."""

from __future__ import annotations

import io
import re
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from connectors.office import xlsx
from connectors.office.package import open_package, repack
from connectors.office.xlsx import EditRefused
from connectors.workspace import (
    AppendRows,
    Cell,
    FillSection,
    NewRow,
    Paragraph,
    SetCells,
    TableContent,
)
from tests.effort import examples

from .sheets import ANY_TEXT, HEADER, SHAPE, SHEET, built, raw_edit, read, typed


def cells_of(data: bytes, key: str) -> dict[str, Cell]:
    return dict(next(row for row in read(data).rows if row.key == key).cells)


def test_only_empty_cells_are_set():
    """A cell in which something stands stays as it is; an empty one is filled and typed rightly."""
    change = SetCells(
        {"g2": {"goal": "Other words", "status": "at risk", "due": date(2026, 5, 31), "comment": "=x", "weight": 0.2}}
    )
    after = cells_of(xlsx.edit(built(), SHAPE, [change]), "g2")
    assert after["goal"].text == "Raise first-call resolution"
    assert after["status"] == Cell("at risk")
    assert after["due"] == Cell("2026-05-31", day=date(2026, 5, 31))
    assert after["comment"] == Cell("=x")
    assert after["weight"] == Cell("20 %", 20.0, percent=True)


def test_an_edit_that_changes_nothing_returns_the_same_bytes():
    """Filled cells, empty values and rows that are there already leave the file alone."""
    data = built()
    nothing = [SetCells({"g1": {"goal": "x", "parent": None}}), AppendRows((NewRow("g4", {"goal": "again"}),))]
    assert xlsx.edit(data, SHAPE, nothing) is data


def test_rows_are_added_below_the_last_filled_one():
    """Prepared rows are used first; then the sheet grows, with its styles, filter and progress formula."""
    new = tuple(NewRow(f"n{number}", {"goal": f"New {number}", "start": 0, "target": 10, "now": number}) for number in range(9))
    data = xlsx.edit(built(), SHAPE, [AppendRows(new)])
    table = read(data)
    assert [row.key for row in table.rows][4:] == [row.key for row in new]
    assert table.rows[4].place == f"Goals!A{HEADER + 5}"
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Goals"]
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["Goals"]
    last = HEADER + 13
    assert sheet.auto_filter.ref == f"A{HEADER}:O{last}"
    assert sheet[f"K{last}"].value == sheet[f"K{HEADER + 1}"].value.replace(f"{HEADER + 1}", f"{last}")
    assert values[f"K{last}"].value == 0.8
    assert sheet[f"B{last}"].border.bottom.style == "thin"
    assert f"$O${last}" in (open_package(data).part("xl/workbook.xml") or b"").decode()


def test_setting_a_figure_brings_progress_up_to_date():
    """The value beside the formula follows, for programs that do not compute on opening."""
    content = TableContent(SHAPE, (NewRow("g1", {"start": 0, "target": 4}),))
    data = xlsx.edit(built(content), SHAPE, [SetCells({"g1": {"now": 1}})])
    sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["Goals"]
    assert [cell.value for row in sheet.iter_rows(min_col=11, max_col=11) for cell in row if cell.value == 0.25] == [0.25]


def test_edits_of_a_sheet_whose_program_writes_no_addresses():
    """Rows and cells that are only counted get their addresses before something is put between them."""
    part = (open_package(built()).part(SHEET) or b"").decode()
    bare = re.sub(r'<(row|c) r="[A-Z0-9]+"', r"<\1", part)
    data = repack(built(), {SHEET: bare.encode()})
    changes = [SetCells({"g2": {"comment": "filled"}})]
    assert read(xlsx.edit(data, SHAPE, changes)).rows == read(xlsx.edit(built(), SHAPE, changes)).rows


def test_an_edit_drops_nothing_that_others_put_into_the_file():
    """Extensions, rich text and every other part are there after an edit, byte by byte where they did not change."""
    extension = '<extLst><ext uri="{x}" xmlns:y="urn:y"><y:kept/></ext></extLst>'
    data = raw_edit(SHEET, "</worksheet>", f"{extension}</worksheet>")
    data = raw_edit(
        SHEET, '<is><t xml:space="preserve">Pass the review</t></is>', "<is><r><t>Pass</t></r><r><t> it</t></r></is>", data
    )
    after = xlsx.edit(data, SHAPE, [SetCells({"g2": {"comment": "done"}})])
    before_parts, after_parts = open_package(data), open_package(after)
    sheet = (after_parts.part(SHEET) or b"").decode()
    assert "<y:kept/>" in sheet
    assert "<r><t>Pass</t></r><r><t> it</t></r>" in sheet
    assert [name for name in before_parts.names() if before_parts.part(name) != after_parts.part(name)] == [SHEET]


def test_edits_of_files_that_another_program_saved():
    """Shared strings, moved rows and new columns of a person's file are no hindrance."""

    def work(sheet: Worksheet) -> None:
        sheet.cell(HEADER, 16, "Mine")
        sheet.cell(HEADER + 2, 16, "kept")
        sheet.cell(HEADER + 5, 2, "typed by hand")

    changes = [SetCells({"g2": {"comment": "filled"}}), AppendRows((NewRow("n1", {"goal": "added"}),))]
    table = read(xlsx.edit(typed(work), SHAPE, changes))
    assert table.rows[1].cells["?Mine"].text == "kept"
    assert table.rows[1].cells["comment"].text == "filled"
    assert [row.cells["goal"].text for row in table.rows[4:]] == ["typed by hand", "added"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (SetCells({"g9": {"goal": "x"}}), 'No row with the key "g9"'),
        (SetCells({"g2": {"colour": "red"}}), 'column "colour" is missing'),
        (FillSection("wins", (Paragraph("x"),)), "A sheet has no sections"),
    ],
)
def test_an_edit_that_cannot_be_made_is_refused_with_a_sentence(change: SetCells | FillSection, sentence: str):
    """The row, the column or the section that is not there is named."""
    with pytest.raises(EditRefused, match=sentence):
        xlsx.edit(built(), SHAPE, [change])


def test_a_key_that_stands_twice_is_refused():
    """Somebody copied a row with its key: which of the two is meant, nobody can tell."""
    data = typed(lambda sheet: sheet.cell(HEADER + 5, 1, "g2"))
    with pytest.raises(EditRefused, match="stands in Goals!A9 and Goals!A12"):
        xlsx.edit(data, SHAPE, [SetCells({"g2": {"comment": "x"}})])


@settings(max_examples=examples(20), deadline=None)
@given(
    st.dictionaries(st.sampled_from(["goal", "parent", "comment", "now", "due", "weight", "status"]), ANY_TEXT | st.integers())
)
def test_appended_rows_read_back(cells: dict[str, str | int]):
    """Whatever is added is read as it was given, by this program and without harming a row."""
    data = xlsx.edit(built(), SHAPE, [AppendRows((NewRow("n1", cells),))])
    after = read(data)
    assert after.rows[:4] == read(built()).rows
    for key, value in cells.items():
        if isinstance(value, str):
            assert (after.rows[4].cells[key].text if value.strip() else "") == (value if value.strip() else "")
