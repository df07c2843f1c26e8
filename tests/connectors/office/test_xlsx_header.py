"""Which row is the header, and what becomes of a sheet from which it was deleted."""

from __future__ import annotations

import re
from collections.abc import Callable

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from connectors.office import xlsx
from connectors.office.package import open_package, repack
from connectors.workspace import AppendRows, NewRow, SetCells, Table
from tests.connectors.office.conservation_xlsx import assert_conserved
from tests.connectors.office.sheets import HEADER, SHAPE, built, read, typed
from tests.effort import examples

Change = Callable[[Worksheet], object]


def names_are_lost(sheet: Worksheet) -> None:
    """As Google Sheets and Numbers save them."""
    for name in list(sheet.parent.defined_names):
        del sheet.parent.defined_names[name]


def with_broken_names(data: bytes) -> bytes:
    """As Excel and LibreOffice leave names whose cells were deleted."""
    workbook = (open_package(data).part("xl/workbook.xml") or b"").decode()
    return repack(data, {"xl/workbook.xml": re.sub(r"(<definedName [^>]*TL_[^>]*>)[^<]*", r"\1Goals!#REF!", workbook).encode()})


def without_properties(data: bytes) -> bytes:
    """As programs save it that know no custom properties."""
    custom = (open_package(data).part("docProps/custom.xml") or b"").decode()
    return repack(data, {"docProps/custom.xml": re.sub("<property.*</property>", "", custom, flags=re.DOTALL).encode()})


AFTERWARDS: dict[str, Callable[[bytes], bytes]] = {
    "names broken": with_broken_names,
    "names lost": lambda data: typed(names_are_lost, data),
    "names stay behind": lambda data: data,
    "names and properties lost": lambda data: without_properties(typed(names_are_lost, data)),
}
DELETED: dict[str, tuple[int, int]] = {
    "the header": (HEADER, 1),
    "header and guidance": (HEADER - 1, 2),
    "all above the goals": (1, HEADER),
}


def delete(sheet: Worksheet, deleted: str) -> None:
    """Delete rows; merged cells, which openpyxl leaves where they were, are none any more."""
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet.delete_rows(*DELETED[deleted])


def texts(table: Table) -> list[tuple[str, dict[str, str]]]:
    """What the rows say, without their places."""
    return [(row.key, {key: cell.text for key, cell in row.cells.items()}) for row in table.rows]


@pytest.mark.parametrize("afterwards", AFTERWARDS)
@pytest.mark.parametrize("deleted", DELETED)
def test_without_a_header_each_value_keeps_its_column(deleted: str, afterwards: str) -> None:
    """Whatever became of the names, no goal becomes the header, nor does what stands above; one line says what to do."""
    before = read(built())
    data = AFTERWARDS[afterwards](typed(lambda sheet: delete(sheet, deleted)))
    table = read(data)
    assert_conserved(data, table)
    assert texts(table) == texts(before)
    assert table.columns == before.columns
    assert table.left_overs == () or "properties" in afterwards
    (note,) = [note for note in table.notes if "formula" not in note]
    assert note.startswith(
        "The header row of the sheet Goals is gone; its columns are read in their former order. Insert a row"
    )
    assert note.endswith("Key · Goal · " + " · ".join(column.title for column in SHAPE.columns[2:]) + ".")


def test_a_goal_of_words_alone_is_no_header_either() -> None:
    """The first row below the guidance says nothing but words, in two columns."""

    def change(sheet: Worksheet) -> None:
        names_are_lost(sheet)
        sheet.delete_rows(HEADER)
        for column in range(1, len(SHAPE.columns) + 1):
            sheet.cell(HEADER, column).value = None
        sheet.cell(HEADER, 2, "Speak Spanish")
        sheet.cell(HEADER, 15, "B1 in May")

    assert texts(read(typed(change)))[0] == ("", {"goal": "Speak Spanish", "comment": "B1 in May"})


def test_a_header_that_was_cleared_is_as_good_as_gone() -> None:
    """Its row is still there, and its names tell the columns, wherever they were moved."""

    def change(sheet: Worksheet) -> None:
        for cell in sheet[HEADER]:
            cell.value = None

    table = read(typed(change))
    assert texts(table) == texts(read(built()))
    assert next(note for note in table.notes if "header" in note).endswith("Type them into row 7 again: " + titles() + ".")


def titles() -> str:
    return " · ".join(column.title for column in SHAPE.columns)


def test_moved_columns_are_known_by_the_guidance_above_them() -> None:
    """Without names and header the help texts still stand over their columns."""

    def change(sheet: Worksheet) -> None:
        names_are_lost(sheet)
        sheet.delete_rows(HEADER)
        sheet.insert_cols(3)
        for row in range(HEADER, HEADER + 4):
            sheet.cell(row, 3, f"mine {row}")

    table = read(typed(change))
    rows = dict(texts(table))
    assert rows["g2"]["now"] == "72"
    assert rows["g2"]["goal"] == "Raise first-call resolution"
    assert "mine 8" in rows["g2"].values()


def test_a_translated_header_is_still_one() -> None:
    """All titles others, names lost: a full row of words above the goals, read in the template's order."""

    def change(sheet: Worksheet) -> None:
        names_are_lost(sheet)
        for number, cell in enumerate(sheet[HEADER], start=1):
            cell.value = f"Spalte {number}"

    table = read(typed(change))
    assert texts(table) == texts(read(built()))
    assert table.columns["goal"] == "Spalte 2"


def test_a_word_of_a_goal_that_is_a_title_makes_it_no_header() -> None:
    """Names that stayed behind point to the first goal, and its comment is "Target"."""

    def change(sheet: Worksheet) -> None:
        sheet.delete_rows(HEADER)
        sheet.cell(HEADER, 15, "Target")

    assert [row.key for row in read(typed(change)).rows] == ["g1", "g2", "g3", "g4"]


def test_a_sheet_without_a_header_takes_edits() -> None:
    """Values are set and rows are added where they belong."""
    data = AFTERWARDS["names broken"](typed(lambda sheet: sheet.delete_rows(HEADER)))
    changes = (
        SetCells({"g3": {"comment": "soon"}}),
        AppendRows((NewRow("g9", {"goal": "One more", "unit": "number", "now": 2}),)),
    )
    rows = {row.key: row for row in read(xlsx.edit(data, SHAPE, changes)).rows}
    assert rows["g3"].cells["comment"].text == "soon"
    assert (rows["g9"].cells["goal"].text, rows["g9"].cells["now"].number) == ("One more", 2)


@settings(max_examples=examples(20), deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(HEADER, HEADER + 5), st.integers(2, 15), st.sampled_from(["words", 7, "Goal", "Now"])), max_size=5
    ),
    st.sampled_from(sorted(DELETED)),
    st.sampled_from(sorted(AFTERWARDS)),
)
def test_nothing_is_lost_without_a_header(edits: list[tuple[int, int, str | int]], deleted: str, afterwards: str) -> None:
    """Whatever was typed below it before or afterwards."""

    def change(sheet: Worksheet) -> None:
        delete(sheet, deleted)
        for row, column, value in edits:
            if not isinstance(sheet.cell(row, column), openpyxl.cell.MergedCell):
                sheet.cell(row, column).value = value

    data = AFTERWARDS[afterwards](typed(change))
    assert_conserved(data, read(data))
