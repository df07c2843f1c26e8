"""New sheets: they look and behave as promised, and another program reads them alike."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.office import xlsx
from connectors.office.package import Properties
from connectors.office.xlsx_book import Book
from connectors.office.xlsx_master import formula_in_row
from connectors.workspace import (
    AppendRows,
    Cell,
    NewRow,
    SetCells,
    Table,
    TableContent,
    as_read,
)
from tests.effort import examples

from .sheets import ANY_TEXT, CONTENT, HEADER, ROWS, SHAPE, built, read


def test_a_built_file_reads_back_as_what_was_put_in():
    """Rows, keys and titles are those of the content; everything else in the file is known as the template's own."""
    found, table = xlsx.read(built(), SHAPE)
    expected = as_read(CONTENT)
    assert isinstance(expected, Table)
    assert [(row.key, row.cells) for row in table.rows] == [(row.key, row.cells) for row in expected.rows]
    assert (table.columns, table.left_overs, table.notes) == (expected.columns, (), ())
    assert table.rows[0].place == f"Goals!A{HEADER + 1}"
    assert found == Properties("2026-h1/p7/goal-sheet", "goal-sheet", "", None, "Goals of Ada Brandt")


def test_equal_content_gives_equal_bytes():
    """Building twice gives one file; another row gives another."""
    assert built() == built()
    assert built() != built(replace(CONTENT, rows=ROWS[:3]))


def test_a_percentage_reads_as_what_people_see():
    """A share stored as 0.25 and shown as 25 % is the number 25."""
    content = replace(CONTENT, rows=(NewRow("g1", {"weight": 0.07}), NewRow("g2", {"weight": 1.0})))
    cells = [row.cells["weight"] for row in read(built(content)).rows]
    assert cells == [Cell("7 %", 7.0, percent=True), Cell("100 %", 100.0, percent=True)]


def test_the_file_has_the_tools_that_a_sheet_needs():
    """Header frozen, filter over the whole table with its keys, dropdowns, dates, colours, print set-up, names, no lock."""
    book = openpyxl.load_workbook(io.BytesIO(built()))
    sheet = book["Goals"]
    assert sheet.freeze_panes == f"C{HEADER + 1}"
    assert sheet.auto_filter.ref == f"A{HEADER}:O{HEADER + 10}"
    assert {rule.type for rule in sheet.data_validations.dataValidation} == {"list", "date"}
    assert all(rule.errorStyle == "warning" for rule in sheet.data_validations.dataValidation)
    assert sheet.conditional_formatting
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert sheet.print_title_rows == f"${HEADER}:${HEADER}"
    assert book.defined_names["TL_goal"].attr_text == f"'Goals'!$B${HEADER}"
    assert not sheet.protection.sheet
    assert not sheet.column_dimensions["A"].hidden
    assert book["Lists"].sheet_state == "hidden"
    assert [cell.value for cell in book["Lists"]["A"]] == ["Delivery", "Quality, safety", 'The "rest"']


def test_progress_is_a_formula_with_its_value_beside_it():
    """The cached value is what the formula computes, so that a preview and a phone show it too."""
    data = built()
    formulas, values = (openpyxl.load_workbook(io.BytesIO(data), data_only=only)["Goals"] for only in (False, True))
    assert str(formulas[f"K{HEADER + 1}"].value).startswith("=IF(")
    shown = [values[f"K{row}"].value for row in range(HEADER + 1, HEADER + 6)]
    assert shown[:4] == [0.5, pytest.approx(14 / 22), 0.0, pytest.approx(4 / 3)]
    assert not shown[4]
    assert values[f"H{HEADER + 2}"].number_format == 'General" %"'


@pytest.mark.parametrize("text", ["=1+1", "+49 30 1234", "-5 %", "@here", "=cmd|' /C calc'!A0", "\t=1"])
def test_text_that_looks_like_a_formula_is_text(text: str):
    """It is stored as a string with Excel's prefix mark, so neither opening nor retyping runs it."""
    data = built(TableContent(SHAPE, (NewRow(text, {"goal": text, "now": text}),)))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Goals"]
    row = next(iter(read(data).rows))
    cell = sheet[row.place.partition("!")[2].replace("A", "B")]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
    assert (row.cells["goal"].text, row.cells["now"].text, row.cells["goal"].formula) == (text, text, False)


def test_a_cell_for_an_unknown_column_is_a_mistake_of_the_caller():
    """The row and the column are named."""
    with pytest.raises(ValueError, match=r"'g9' of Goals .* colour"):
        built(TableContent(SHAPE, (NewRow("g9", {"colour": "red"}),)))


@settings(max_examples=examples(25), deadline=None)
@given(goal=ANY_TEXT, fact=ANY_TEXT, title=ANY_TEXT, now=st.floats(allow_nan=False, allow_infinity=False) | st.integers())
def test_any_text_and_number_comes_back(goal: str, fact: str, title: str, now: float):
    """Whatever a directory or an import holds, line breaks and control characters included, reads back unchanged."""
    content = TableContent(SHAPE, (NewRow("g1", {"goal": goal, "now": now}),), (("Employee", fact),))
    found, table = xlsx.read(xlsx.build(content, key="k", kind="goal-sheet", title=title), SHAPE)
    cells = table.rows[0].cells
    assert cells["now"].number == float(now)
    assert (cells["goal"].text if "goal" in cells else "") == (goal if goal.strip() else "")
    assert table.left_overs == ()
    assert found.key == "k"


def test_the_formula_refers_to_the_columns_as_they_stand():
    """Letters come from the sheet, and a sheet without figures has no formula."""
    letters = {"unit": "B", "start": "C", "target": "D", "now": "E"}
    assert "COUNT(C9,D9,E9)" in formula_in_row(SHAPE, letters, 9)
    assert 'B9="yes/no"' in formula_in_row(SHAPE, letters, 9)
    assert formula_in_row(SHAPE, {"now": "E"}, 9) == ""


def office(data: bytes, to: str, folder: Path) -> bytes:
    """*data* converted by a real LibreOffice with a profile of its own."""
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed (no soffice on the path)")
    source, out = folder / "file.xlsx", folder / "out"
    source.write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", to, "--outdir", str(out), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (out / f"file.{to}").read_bytes()


@pytest.mark.libreoffice
def test_a_file_that_libreoffice_saved_reads_and_edits_alike(tmp_path: Path):
    """Keys, anchors, values and formulas survive; LibreOffice computes the progress that we wrote beside the formula."""
    saved = office(built(), "xlsx", tmp_path)
    found, table = xlsx.read(saved, SHAPE)
    before = read(built())
    assert (found.key, found.kind) == ("2026-h1/p7/goal-sheet", "goal-sheet")
    assert [(row.key, row.cells) for row in table.rows] == [(row.key, row.cells) for row in before.rows]
    assert (table.left_overs, table.notes) == ((), ())
    assert {f"tl_{column.key}" for column in SHAPE.columns} <= Book(saved).names.keys()
    ours, theirs = (openpyxl.load_workbook(io.BytesIO(data), data_only=True)["Goals"] for data in (built(), saved))
    for row in range(HEADER + 1, HEADER + 6):
        assert (theirs[f"K{row}"].value or 0) == pytest.approx(ours[f"K{row}"].value or 0)

    change = [SetCells({"g3": {"comment": "-later"}}), AppendRows((NewRow("n1", {"goal": "added", "due": date(2026, 4, 1)}),))]
    edited = read(xlsx.edit(saved, SHAPE, change))
    assert edited.rows[2].cells["comment"] == Cell("-later")
    assert edited.rows[4].cells == {"goal": Cell("added"), "due": Cell("2026-04-01", day=date(2026, 4, 1))}
