"""What gspread does against the real service, it does here."""

from __future__ import annotations

import re

import gspread
import pytest
from gspread import Cell
from gspread.exceptions import APIError, GSpreadException, SpreadsheetNotFound
from gspread.utils import DateTimeOption, ExportFormat, ValueInputOption, ValueRenderOption

from connectors.google.emulator.seed import PRIVATE


def _tab_json(book: gspread.Spreadsheet, number: int = 0) -> dict:
    return book.fetch_sheet_metadata()["sheets"][number]


# ---------------------------------------------------------------- the client


def test_files_are_found_by_title_and_key(sheets: gspread.Client, book: gspread.Spreadsheet) -> None:
    """A spreadsheet opens by title, key and address; an unknown one is not found, somebody else's is refused."""
    other = sheets.create("Another")
    assert sheets.open(book.title).id == book.id
    assert {each["name"] for each in sheets.list_spreadsheet_files()} == {book.title, "Another", "A first spreadsheet"}
    assert [each.id for each in sheets.openall("Another")] == [other.id]
    assert book.locale == "en_US"
    assert book.timezone == "Etc/GMT"
    for wrong in ("test", "nothing-like-it"):
        with pytest.raises(SpreadsheetNotFound):
            sheets.open_by_key(wrong)
    with pytest.raises(SpreadsheetNotFound):
        sheets.open("Nobody calls a sheet like this")
    with pytest.raises(PermissionError):
        sheets.open_by_key(PRIVATE)


def test_a_copy_has_the_same_tabs_and_comments(sheets: gspread.Client, book: gspread.Spreadsheet) -> None:
    """A copy equals its original tab by tab; comments are copied, too."""
    url = f"https://www.googleapis.com/drive/v3/files/{book.id}/comments"
    sheets.http_client.request("post", url, json={"content": "well done"}, params={"fields": "id"})
    copied = sheets.copy(book.id, "The copy", copy_comments=True)
    assert copied.fetch_sheet_metadata()["sheets"] == book.fetch_sheet_metadata()["sheets"]
    assert copied.title == "The copy"


def test_csv_comes_in_and_goes_out(sheets: gspread.Client, book: gspread.Spreadsheet) -> None:
    """Imported lines are read back; an export ends without a line end."""
    sheets.import_csv(book.id, "a 1,a 2\na 3,a 4")
    assert sheets.open_by_key(book.id).sheet1.get_all_values() == [["a 1", "a 2"], ["a 3", "a 4"]]
    again = sheets.open_by_key(book.id)
    again.sheet1.clear()
    again.sheet1.update([["a1", "B2"]], "A1:B2")
    assert sheets.export(book.id, ExportFormat.CSV) == b"a1,B2"


def test_people_get_and_lose_access(book: gspread.Spreadsheet) -> None:
    """Grants of gspread's `share` are listed with all their fields and can be taken away."""
    book.share("ada@example.com", perm_type="user", role="writer", notify=False)
    book.share("", perm_type="anyone", role="reader")
    listed = book.list_permissions()
    assert {(each["type"], each["role"]) for each in listed} == {("user", "owner"), ("user", "writer"), ("anyone", "reader")}
    assert book.remove_permissions("ada@example.com", role="writer")
    assert len(book.list_permissions()) == 2


# ---------------------------------------------------------------- the spreadsheet


def test_tabs_come_go_and_change_places(book: gspread.Spreadsheet) -> None:
    """Tabs are added, renamed, reordered, duplicated, hidden and deleted; the last visible one stays."""
    first = book.sheet1
    with pytest.raises(APIError, match="You can't hide all the sheets in a document"):
        first.hide()
    one, two = book.add_worksheet("one", 10, 10), book.add_worksheet("two", 100, 5)
    assert (two.row_count, two.col_count, two.index) == (100, 5, 2)
    two.update_index(0)
    assert [each.title for each in book.worksheets()] == ["two", "Sheet1", "one"]
    book.reorder_worksheets([first, one, two])
    assert [each.title for each in book.worksheets()] == ["Sheet1", "one", "two"]
    one.hide()
    assert _tab_json(book, 1)["properties"]["hidden"] is True
    assert [each.title for each in book.worksheets(exclude_hidden=True)] == ["Sheet1", "two"]
    one.show()
    assert "hidden" not in _tab_json(book, 1)["properties"]
    copied = book.duplicate_sheet(two.id, new_sheet_name="three")
    one.update_title("I'm new")
    assert [each.title for each in book.worksheets()] == ["three", "Sheet1", "I'm new", "two"]
    for each in (one, two, copied):
        book.del_worksheet(each)
    with pytest.raises(APIError):
        book.del_worksheet(first)
    with pytest.raises(APIError, match="already exists"):
        book.add_worksheet("Sheet1", 1, 1)


def test_properties_of_the_whole(book: gspread.Spreadsheet) -> None:
    """Title, time zone and locale change; the modification date is Drive's."""
    book.update_title("New 🎉")
    book.update_timezone("Europe/Paris")
    book.update_locale("fr_FR")
    held = book.fetch_sheet_metadata()["properties"]
    assert (held["title"], held["timeZone"], held["locale"]) == ("New 🎉", "Europe/Paris", "fr_FR")
    assert held["defaultFormat"]["padding"] == {"top": 2, "right": 3, "bottom": 2, "left": 3}
    assert book.get_lastUpdateTime()
    assert book.creationTime


def test_a_tab_is_copied_into_another_spreadsheet(sheets: gspread.Client, tab: gspread.Worksheet) -> None:
    """`copy_to` tells the new tab's properties."""
    target = sheets.create("Target")
    tab.update([["here"]], "A1")
    made = tab.copy_to(target.id)
    assert made["title"] == "Copy of Sheet1"
    assert target.worksheet("Copy of Sheet1").acell("A1").value == "here"


# ---------------------------------------------------------------- values


def test_what_is_typed_is_read_as_sheets_reads_it(tab: gspread.Worksheet) -> None:
    """Typed text becomes numbers, dates and formulas; raw text stays text."""
    tab.update_cell(1, 2, "0042")
    assert tab.cell(1, 2).value == "42"
    tab.update_cell(1, 2, 42.01)
    assert tab.cell(1, 2).value == "42.01"
    tab.update_acell("A1", "= 1 / 1024")
    assert tab.acell("A1").numeric_value == 1 / 1024
    tab.update_acell("A1", "2,000,000.01")
    assert tab.acell("A1").value == "2,000,000.01"
    assert tab.acell("A1").numeric_value == 2000000.01
    tab.update([["0042", "=1+1", 7, True]], "A3:D3", value_input_option=ValueInputOption.raw)
    assert tab.row_values(3) == ["0042", "=1+1", "7", "TRUE"]
    tab.update_acell("B5", "two\nlines Iñtërnâtiônàlizætiøn Артур 🌵")
    assert tab.acell("B5").value == "two\nlines Iñtërnâtiônàlizætiøn Артур 🌵"


def test_values_are_rendered_three_ways(tab: gspread.Worksheet) -> None:
    """Formatted, unformatted and as formulas, dates as numbers or as text."""
    rows = [["=4/2", "2020-01-01", "string", 53], ["=3/2", 0.12, "1999-01-02", ""]]
    tab.resize(2, 4)
    tab.update(rows, "A1:D2", value_input_option=ValueInputOption.user_entered)
    assert tab.get_all_values() == [["2", "2020-01-01", "string", "53"], ["1.5", "0.12", "1999-01-02", ""]]
    raw = {"value_render_option": ValueRenderOption.unformatted}
    assert tab.get_values(**raw) == [[2, 43831, "string", 53], [1.5, 0.12, 36162, ""]]
    as_text = tab.get_values(**raw, date_time_render_option=DateTimeOption.formatted_string)
    assert as_text == [[2, "2020-01-01", "string", 53], [1.5, 0.12, "1999-01-02", ""]]
    formulas = tab.get_values(value_render_option=ValueRenderOption.formula)
    assert formulas == [["=4/2", 43831, "string", 53], ["=3/2", 0.12, 36162, ""]]


def test_ranges_are_read_and_written(tab: gspread.Worksheet) -> None:
    """Open, reversed and named ranges; empty cells at the ends are left out; several ranges at once."""
    tab.update([["A1", "B1", "", "D1"], ["", "b2", "", ""], ["", "", "", ""], ["A4", "B4", "", "D4"]], "A1")
    assert tab.get("A1:D4") == [["A1", "B1", "", "D1"], ["", "b2"], [], ["A4", "B4", "", "D4"]]
    found = tab.batch_get(["A1:B1", "B4:D4"])
    assert [list(each) for each in found] == [[["A1", "B1"]], [["B4", "", "D4"]]]
    assert [each.range for each in found] == ["Sheet1!A1:B1", "Sheet1!B4:D4"]
    assert [c.value for c in tab.range("A1:B2")] == ["A1", "B1", "", "b2"]
    assert [c.value for c in tab.range("B2:A1")] == ["A1", "B1", "", "b2"]
    assert len(tab.range("A1:C")) == 3000
    assert tab.col_values(2) == ["B1", "b2", "", "B4"]
    tab.update_cells([Cell(1, 2, "one"), Cell(2, 1, "two")])
    assert (tab.acell("B1").value, tab.acell("A2").value) == ("one", "two")
    told = tab.batch_update([{"range": "A1:B1", "values": [["x", "y"]]}, {"range": "A4", "values": [["z"]]}])
    assert [told[f"totalUpdated{what}"] for what in ("Rows", "Columns", "Cells", "Sheets")] == [2, 2, 3, 1]
    assert tab.get("A1:A4") == [["x"], ["two"], [], ["z"]]
    tab.batch_clear(["A1:B1", "A4"])
    assert tab.get("A1:D1") == [["", "", "", "D1"]]
    tab.clear()
    assert tab.get_all_values() == [[]]


def test_a_title_that_looks_like_a_cell_is_a_title(book: gspread.Spreadsheet) -> None:
    """Tabs named D3 or 🌵 are reached through quotation marks."""
    tab = book.sheet1
    tab.update_title("D3")
    tab.update([["here"]], "A1")
    assert tab.get_all_values() == [["here"]]
    assert book.values_get("'D3'!A1")["range"] == "'D3'!A1"
    plant = book.add_worksheet("🌵 1", 10, 10)
    book.values_update("🌵 1!A1", params={"valueInputOption": "RAW"}, body={"values": [["🍇", "🍉"], ["🍐", "🍎"]]})
    assert book.values_get("🌵 1")["values"] == [["🍇", "🍉"], ["🍐", "🍎"]]
    columns = book.values_batch_get(["🌵 1!A:A", "🌵 1!B:B"])["valueRanges"]
    assert [each["values"] for each in columns] == [[["🍇"], ["🍐"]], [["🍉"], ["🍎"]]]
    book.del_worksheet(plant)


def test_rows_are_appended_below_the_last_table(tab: gspread.Worksheet) -> None:
    """An empty cell makes two tables, and the last one grows unless a table is named."""
    answer = tab.append_row(["a", "", "c"])
    assert "tableRange" not in answer
    assert answer["updates"]["updatedRange"] == "Sheet1!A1:C1"
    assert tab.append_row(["a", "", "c"])["tableRange"] == "Sheet1!C1"
    assert tab.row_values(2) == ["", "", "a", "", "c"]
    tab.clear()
    tab.append_row(["a", "", "c"])
    tab.append_row(["a", "", "c"], table_range="A1")
    assert tab.row_values(2) == ["a", "", "c"]
    tab.append_rows([["x", "y", "z"], ["1", "2", "3"]], table_range="A1", insert_data_option="INSERT_ROWS")
    assert tab.row_values(4) == ["1", "2", "3"]


def test_rows_and_columns_come_and_go(tab: gspread.Worksheet) -> None:
    """Inserting moves cells and formulas along; deleting closes up; the counts follow."""
    tab.update([[f"r{row}c{column}" for column in range(4)] for row in range(6)], "A1:D6")
    tab.insert_row(["new", "row"], 2)
    assert tab.row_values(2) == ["new", "row"]
    assert tab.row_values(3) == ["r1c0", "r1c1", "r1c2", "r1c3"]
    tab.update_acell("B2", "=1+1")
    tab.insert_row(["top"], 1)
    assert tab.acell("B3", value_render_option=ValueRenderOption.formula).value == "=1+1"
    tab.update_acell("F1", "=A4")
    tab.insert_rows([["above"]], 1)
    assert tab.acell("F2", value_render_option=ValueRenderOption.formula).value == "=A5"
    tab.delete_rows(1, 2)
    tab.insert_cols([["u", "v"], ["w"]], 2)
    assert tab.col_values(2)[:2] == ["u", "v"]
    tab.delete_columns(2, 3)
    assert tab.row_values(2)[:2] == ["new", "2"]
    assert tab.row_count == 1001
    tab.add_rows(9)
    tab.add_cols(4)
    held = _tab_json(tab.spreadsheet)["properties"]["gridProperties"]
    assert (held["rowCount"], held["columnCount"]) == (1010, 30)
    with pytest.raises(GSpreadException):
        tab.insert_row(["x"], 1, inherit_from_before=True)
    with pytest.raises(APIError, match="Cannot delete a row that doesn't exist"):
        tab.delete_rows(5000)


def test_rows_are_sorted(tab: gspread.Worksheet) -> None:
    """By one or several columns, up and down; frozen rows stay."""
    rows = [["Apple", "2012", "4"], ["Banana", "2013", "3"], ["Canada", "2007", "1"], ["Dinosaur", "2013", "6"]]
    tab.resize(4, 3)
    tab.update(rows, "A1:C4")
    tab.sort((3, "asc"), range="A1:C4")
    assert tab.get_all_values() == sorted(rows, key=lambda row: int(row[2]))
    tab.sort((2, "asc"), (3, "des"))
    assert tab.col_values(1) == ["Canada", "Apple", "Dinosaur", "Banana"]
    tab.freeze(rows=1)
    tab.sort((1, "des"))
    assert tab.col_values(1) == ["Canada", "Dinosaur", "Banana", "Apple"]


def test_cells_are_found(tab: gspread.Worksheet) -> None:
    """By text, by expression, with and without regard to case."""
    tab.update_cell(2, 10, "camelcase")
    tab.update_cell(2, 11, "CamelCase")
    assert tab.find("CamelCase").address == "K2"
    assert tab.find("CamelCase", case_sensitive=False).address == "J2"
    assert tab.find("nothing") is None
    assert len(tab.findall(re.compile("[cC]amel"))) == 2


def test_records(tab: gspread.Worksheet) -> None:
    """A header row makes records; blanks and numbers come as asked."""
    tab.resize(4, 4)
    tab.update([["A1", "B1", "", "D1"], [1, "b2", 1.45, ""], ["", "", "", ""], ["A4", 0.4, "", 4]], "A1:D4")
    assert tab.get_all_records()[0] == {"A1": 1, "B1": "b2", "": 1.45, "D1": ""}
    assert tab.get_all_records(default_blank=None)[1] == dict.fromkeys(["A1", "B1", "", "D1"])
    with pytest.raises(GSpreadException):
        tab.get_all_records(expected_headers=["A1", "A1"])
