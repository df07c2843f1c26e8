"""What gspread hangs on cells and tabs of the real service, it hangs on them here."""

from __future__ import annotations

import gspread
from gspread.utils import Dimension, ValidationConditionType


def _tab_json(book: gspread.Spreadsheet, number: int = 0) -> dict:
    return book.fetch_sheet_metadata()["sheets"][number]


def test_formats_are_kept_and_completed(tab: gspread.Worksheet) -> None:
    """A format is read back as it was set, each colour with its style beside it."""
    wanted = {
        "backgroundColor": {"green": 1, "blue": 1},
        "horizontalAlignment": "CENTER",
        "textFormat": {"foregroundColor": {"red": 1, "green": 1}, "fontSize": 12, "bold": True},
    }
    tab.format("A2:B2", wanted)
    fields = {"includeGridData": False, "ranges": ["Sheet1!A2"], "fields": "sheets.data.rowData.values.userEnteredFormat"}
    answer = tab.spreadsheet._spreadsheets_get(fields)
    held = answer["sheets"][0]["data"][0]["rowData"][0]["values"][0]["userEnteredFormat"]
    assert held.pop("backgroundColorStyle") == {"rgbColor": {"green": 1, "blue": 1}}
    assert held["textFormat"].pop("foregroundColorStyle") == {"rgbColor": {"red": 1, "green": 1}}
    assert held == wanted


def test_tab_colours_are_eight_bits_a_channel(tab: gspread.Worksheet) -> None:
    """Half a channel is 127/255; nothing is left out but zero."""
    order = {"sheetId": 0, "tabColorStyle": {"rgbColor": {"red": 1, "green": 0, "blue": 0.5}}}
    tab.spreadsheet.batch_update({"requests": [{"updateSheetProperties": {"properties": order, "fields": "tabColorStyle"}}]})
    answer = tab.spreadsheet.fetch_sheet_metadata(params={"fields": "sheets.properties.tabColorStyle"})
    assert answer == {"sheets": [{"properties": {"tabColorStyle": {"rgbColor": {"red": 1, "blue": 0.49803922}}}}]}
    tab.update_tab_color("#FF0080")
    assert tab.get_tab_color() == "#FF0080"
    answer = tab.spreadsheet.fetch_sheet_metadata(params={"fields": "sheets.properties.tabColorStyle"})
    assert answer["sheets"][0]["properties"]["tabColorStyle"]["rgbColor"] == {"red": 1, "blue": 0.5019608}
    tab.clear_tab_color()
    answer = tab.spreadsheet.fetch_sheet_metadata(params={"fields": "sheets.properties.tabColorStyle"})
    assert answer["sheets"][0].get("properties", {}) == {}


def test_merged_cells(tab: gspread.Worksheet) -> None:
    """Rows and rectangles merge; ranges of other tabs and names are read with merges combined."""
    tab.update([[42, 43], [43, 44]], "A1:B2")
    tab.merge_cells(1, 1, 2, 2, merge_type="MERGE_ROWS")
    assert len(_tab_json(tab.spreadsheet)["merges"]) == 2
    tab.merge_cells(1, 1, 2, 2)
    assert _tab_json(tab.spreadsheet)["merges"] == [
        {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}
    ]
    assert tab.get_values("A1:B2") == [["42"]]
    tab.unmerge_cells("A1:B2")
    assert "merges" not in _tab_json(tab.spreadsheet)
    tab.update([["1", "2", "4", ""], ["down", "up", "", ""], ["", "", "2", ""]], "A1:D3")
    tab.merge_cells("A2:A3")
    tab.merge_cells("C1:C2")
    tab.define_named_range("B1:C3", "Part")
    assert tab.get_values("B1:C3", combine_merged_cells=True) == [["2", "4"], ["up", "4"], ["", "2"]]
    assert tab.get_values("Part", combine_merged_cells=True) == [["2", "4"], ["up", "4"], ["", "2"]]


def test_named_ranges(tab: gspread.Worksheet) -> None:
    """A name is given, read through and taken away."""
    answer = tab.define_named_range("A1:B2", "Goals")
    ident = answer["replies"][0]["addNamedRange"]["namedRange"]["namedRangeId"]
    held = tab.spreadsheet.fetch_sheet_metadata(params={"fields": "namedRanges"})["namedRanges"]
    area = {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}
    assert held == [{"namedRangeId": ident, "name": "Goals", "range": area}]
    tab.update([["in it"]], "B2")
    assert tab.get("Goals") == [[], ["", "in it"]]
    tab.insert_row([], 1)
    assert tab.spreadsheet.values_get("Goals")["range"] == "Sheet1!A2:B3"
    tab.delete_named_range(ident)
    assert tab.spreadsheet.fetch_sheet_metadata(params={"fields": "namedRanges"}) == {}


def test_notes(tab: gspread.Worksheet) -> None:
    """Notes are set, changed, read alone and together, and cleared."""
    assert tab.get_note("A1") == ""
    tab.insert_note("A1", "slim")
    tab.update_notes({"A1": "the real slim", "B2": "other"})
    assert tab.get_note("A1") == "the real slim"
    assert tab.get_notes() == [["the real slim"], ["", "other"]]
    tab.clear_notes(["A1", "B2"])
    assert tab.get_note("A1") == ""


def test_filters_protection_and_rules(tab: gspread.Worksheet) -> None:
    """A filter covers the grid or a range; protection and drop-downs are kept."""
    tab.resize(20, 20)
    tab.set_basic_filter()
    whole = {"startRowIndex": 0, "endRowIndex": 20, "startColumnIndex": 0, "endColumnIndex": 20}
    assert _tab_json(tab.spreadsheet)["basicFilter"]["range"] == whole
    tab.set_basic_filter("B1:C2")
    assert _tab_json(tab.spreadsheet)["basicFilter"]["range"]["startColumnIndex"] == 1
    tab.clear_basic_filter()
    assert "basicFilter" not in _tab_json(tab.spreadsheet)
    answer = tab.add_protected_range("A1:B2", editor_users_emails=["hr@example.com"], description="keys")
    ident = answer["replies"][0]["addProtectedRange"]["protectedRange"]["protectedRangeId"]
    assert _tab_json(tab.spreadsheet)["protectedRanges"][0]["description"] == "keys"
    tab.delete_protected_range(ident)
    tab.add_validation("A2:A3", ValidationConditionType.one_of_list, ["On track", "At risk"], showCustomUi=True, strict=True)
    answer = tab.spreadsheet.fetch_sheet_metadata(
        params={"ranges": "A2", "fields": "sheets.data.rowData.values.dataValidation"}
    )
    rule = answer["sheets"][0]["data"][0]["rowData"][0]["values"][0]["dataValidation"]
    assert [each["userEnteredValue"] for each in rule["condition"]["values"]] == ["On track", "At risk"]


def test_groups_sizes_and_frozen_lines(tab: gspread.Worksheet) -> None:
    """Groups come and go, lines hide, columns fit their text, frozen counts disappear at zero."""
    tab.add_dimension_group_columns(0, 2)
    assert tab.list_dimension_group_columns() == [
        {"range": {"dimension": Dimension.cols, "startIndex": 0, "endIndex": 2}, "depth": 1}
    ]
    assert _tab_json(tab.spreadsheet)["properties"]["gridProperties"]["columnGroupControlAfter"] is True
    tab.delete_dimension_group_columns(0, 2)
    assert tab.list_dimension_group_columns() == []
    tab.hide_columns(0, 2)
    tab.unhide_rows(0, 2)
    tab.update_acell("A1", "A" * 1024)
    params = {"fields": "sheets.data.columnMetadata"}
    before = tab.spreadsheet.fetch_sheet_metadata(params=params)["sheets"][0]["data"][0]["columnMetadata"]
    assert before[0] == {"pixelSize": 100, "hiddenByUser": True}
    assert len(before) == 26
    tab.columns_auto_resize(0, 1)
    after = tab.spreadsheet.fetch_sheet_metadata(params=params)["sheets"][0]["data"][0]["columnMetadata"]
    assert after[0]["pixelSize"] == 9483, "as on the real service"
    tab.freeze(2, 1)
    assert _tab_json(tab.spreadsheet)["properties"]["gridProperties"]["frozenRowCount"] == 2
    tab.freeze(0, 0)
    tab.hide_gridlines()
    assert _tab_json(tab.spreadsheet)["properties"]["gridProperties"] == {
        "rowCount": 1000,
        "columnCount": 26,
        "hideGridlines": True,
        "columnGroupControlAfter": True,
    }


def test_a_column_is_as_wide_as_its_widest_line(tab: gspread.Worksheet) -> None:
    """Narrow letters need less room than wide ones, a larger font more; a column without text gets the usual width."""
    tab.update([["iiiiiiiiii", "WWWWWWWWWW", "WWWWWWWWWW", "W\nWWWWWWWWWW"]], "A1")
    tab.format("C1", {"textFormat": {"fontSize": 20}})
    tab.columns_auto_resize(0, 5)
    answer = tab.spreadsheet.fetch_sheet_metadata(params={"fields": "sheets.data.columnMetadata"})
    narrow, wide, large, lines, none = [each["pixelSize"] for each in answer["sheets"][0]["data"][0]["columnMetadata"][:5]]
    assert narrow < wide < large
    assert wide == lines
    assert none == 100


def test_ranges_are_copied_and_cut(tab: gspread.Worksheet) -> None:
    """A copy leaves the source, a cut does not; formulas move along."""
    tab.update([["A1"], ["A2"]], "A1:A2")
    tab.copy_range("A1:A2", "B1:B2")
    tab.cut_range("A1:A2", "C1")
    assert tab.get("A1:C2") == [["", "A1", "A1"], ["", "A2", "A2"]]
    tab.update_acell("D1", '=B1&"!"')
    tab.copy_range("D1", "D2")
    assert tab.acell("D2").value == "A2!"


def _cell(tab: gspread.Worksheet, label: str, fields: str) -> dict:
    params = {"ranges": f"{tab.title}!{label}", "fields": f"sheets.data.rowData.values({fields})"}
    return tab.spreadsheet.fetch_sheet_metadata(params=params)["sheets"][0]["data"][0]["rowData"][0]["values"][0]


def _rule(kind: str, value: str, form: dict, **ends: int) -> dict:
    area = {"startRowIndex": 0, "endRowIndex": 3, "startColumnIndex": 0, "endColumnIndex": 3} | ends
    condition = {"type": kind, "values": [{"userEnteredValue": value}]}
    rule = {"ranges": [area], "booleanRule": {"condition": condition, "format": form}}
    return {"addConditionalFormatRule": {"rule": rule, "index": 9}}


def test_conditional_formats_show_in_what_a_cell_looks_like(tab: gspread.Worksheet) -> None:
    """Two rules that apply add up, and the first wins where they differ; what was set by hand stays as it was."""
    bold, red, green = {"textFormat": {"bold": True}}, {"red": 1}, {"green": 1}
    tab.update([["At risk", 5], ["fine", 7]], "A1:B2")
    asked = [
        _rule("TEXT_CONTAINS", "RISK", bold),
        _rule("CUSTOM_FORMULA", "=$B1>6", {"backgroundColor": red}),
        _rule("NUMBER_BETWEEN", "1", {}, endRowIndex=0),
        _rule("NUMBER_GREATER", "=5+1", bold | {"backgroundColor": green}),
    ]
    tab.spreadsheet.batch_update({"requests": asked})
    looks = {place: _cell(tab, place, "userEnteredFormat,effectiveFormat") for place in ("A1", "B1", "A2", "B2")}
    assert {place for place, one in looks.items() if one["effectiveFormat"]["textFormat"]["bold"]} == {"A1", "B2"}
    assert {place for place, one in looks.items() if one["effectiveFormat"]["backgroundColor"] == red} == {"A2", "B2"}
    assert not any("bold" in one.get("userEnteredFormat", {}).get("textFormat", {}) for one in looks.values())


def test_parts_of_a_text_have_formats_of_their_own(tab: gspread.Worksheet) -> None:
    """A run that begins at the first letter does not say where it begins."""
    runs = [{"startIndex": 0, "format": {"bold": True}}, {"startIndex": 6, "format": {"italic": True}}]
    area = {"sheetId": tab.id, "startRowIndex": 0, "endRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": 1}
    cell = {"userEnteredValue": {"stringValue": "Label and rest"}, "textFormatRuns": runs}
    order = {"repeatCell": {"range": area, "cell": cell, "fields": "userEnteredValue,textFormatRuns"}}
    tab.spreadsheet.batch_update({"requests": [[order]]})  # a list in the list is part of it
    told = _cell(tab, "A1", "textFormatRuns")["textFormatRuns"]
    assert told == [{"format": {"bold": True}}, {"startIndex": 6, "format": {"italic": True}}]


def test_a_colour_that_is_a_whole_number_of_eight_bits_stays_it(tab: gspread.Worksheet) -> None:
    """Seven digits of 229/255 are 229, as they are in single precision."""
    tab.format("A1", {"backgroundColor": {"red": 0.8980392, "green": 0.5019608, "blue": 0.99999}})
    told = _cell(tab, "A1", "userEnteredFormat")["userEnteredFormat"]["backgroundColor"]
    assert {name: round(value * 255) for name, value in told.items()} == {"red": 229, "green": 128, "blue": 254}


def test_a_cell_says_how_it_is_drawn(tab: gspread.Worksheet) -> None:
    """Text stands left, numbers right, truth values and errors between; an empty text is no value at all."""
    tab.update([["a", 1, True, "=1/0", '=""', '=HYPERLINK("https://example.com", "b")']], "A1", raw=False)
    drawn = {
        place: _cell(tab, place, "effectiveValue,formattedValue,effectiveFormat")
        for place in ("A1", "B1", "C1", "D1", "E1", "F1")
    }
    alignments = [each["effectiveFormat"].get("horizontalAlignment") for each in drawn.values()]
    assert alignments == ["LEFT", "RIGHT", "CENTER", "CENTER", None, "LEFT"]
    assert drawn["A1"]["effectiveFormat"]["textFormat"]["fontFamily"] == "Arial"
    assert drawn["A1"]["effectiveFormat"]["hyperlinkDisplayType"] == "PLAIN_TEXT"
    assert drawn["F1"]["effectiveFormat"]["hyperlinkDisplayType"] == "LINKED"
    assert set(drawn["E1"]) == {"effectiveFormat"}
