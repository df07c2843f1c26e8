"""Words in places where nobody expects any: each of them is kept."""

from __future__ import annotations

from collections.abc import Iterator

import openpyxl
import pytest

from connectors.office import xlsx
from tests.connectors.office import conservation_xlsx
from tests.connectors.office.conservation import assert_conserved
from tests.fuzz import docx_edits, docx_page
from tests.fuzz.house import CHECK_IN, GOAL_SHEET, Builder, House, check_in_of, goal_sheet_of, ref_of
from tests.fuzz.words import Pen
from tests.sync.pull.world import ADA


@pytest.fixture(scope="module")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Builder:
    """Where houses come from."""
    return Builder(tmp_path_factory.mktemp("houses"))


@pytest.fixture
def house(builder: Builder) -> Iterator[House]:
    """A house of one's own."""
    with builder.house() as house:
        yield house


def heard_after(house: House, *edits: docx_edits.Edit) -> str:
    """What the ledger has after somebody made *edits* in Ada's check-in; the report counts, too."""
    path, pen = house.path(ref_of(house, check_in_of(ADA))), Pen()
    page = docx_page.Page(path.read_bytes())
    for edit in edits:
        edit.apply(page, pen)
    path.write_bytes(page.saved())
    assert_conserved(path.read_bytes(), CHECK_IN)
    report = house.sync()
    return "\n".join([house.heard(), *(finding.message for finding in report.needs_person)])


def test_what_is_typed_into_a_heading_is_kept(house: House) -> None:
    """ "Wins: we shipped" typed over the heading is a sentence like any other."""
    assert "qz1zq" in heard_after(house, docx_edits.Retitle(heading=3))


def test_a_heading_of_ones_own_with_nothing_under_it_is_kept(house: House) -> None:
    """Its words may be all that somebody wrote."""
    assert "qz1zq" in heard_after(house, docx_edits.Type(heading=3), docx_edits.Restyle(paragraph=16, style=1))


def test_words_in_the_column_that_numbers_rows_are_kept(house: House) -> None:
    """People begin to type in the first cell."""
    assert "qz1zq" in heard_after(house, docx_edits.TypeInCell(table=1, row=2, column=0))


def test_words_beside_yes_in_the_column_done_are_kept(house: House) -> None:
    """ "Half of it, the rest by May" is worth more than a tick."""
    assert "qz1zq" in heard_after(house, docx_edits.TypeInCell(table=1, row=1, column=4))


@pytest.mark.parametrize("column", [2, 3], ids=["who", "by when"])
def test_a_row_of_actions_without_an_action_is_kept(house: House, column: int) -> None:
    """Words in the columns of people and days, in a row that says nothing else."""
    assert "qz1zq" in heard_after(house, docx_edits.TypeInCell(table=1, row=2, column=column))


@pytest.mark.parametrize("names", ["kept", "broken", "lost"])
def test_a_deleted_header_row_costs_no_goal_its_history(house: House, names: str) -> None:
    """The goals stay who they are with all that they had, new values arrive, and one line says what happened."""
    path = house.path(ref_of(house, goal_sheet_of(ADA)))
    before = house.goals()
    book = openpyxl.load_workbook(path, rich_text=True)
    sheet = book.worksheets[0]
    header = next(row for row in range(1, 20) if sheet.cell(row, 2).value == "Goal")
    for name in list(book.defined_names):
        if names == "lost":
            del book.defined_names[name]
        elif names == "broken":
            book.defined_names[name].attr_text = "#REF!"
    sheet.delete_rows(header)
    assert sheet.cell(header + 1, 8).value == 72
    sheet.cell(header + 1, 8).value = 75
    book.save(path)
    conservation_xlsx.assert_conserved(path.read_bytes(), xlsx.read(path.read_bytes(), GOAL_SHEET)[1])
    report = house.sync()
    assert [one.message.count("The header row of the sheet Goals is gone") for one in report.needs_person] == [1]
    after = {goal.id: goal for goal in house.goals()}
    assert [after[goal.id] for goal in before if goal.now != 72] == [goal for goal in before if goal.now != 72]
    assert len(after) == len(before)
    assert [after[goal.id].now for goal in before if goal.now == 72] == [75]
    assert house.sync().quiet
