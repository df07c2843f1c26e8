"""What the real service refuses, and how Drive answers around gspread, in Google's words and shapes."""

from __future__ import annotations

from typing import Any

import gspread
import pytest
from gspread.exceptions import APIError


def _refused(book: gspread.Spreadsheet, *requests: dict[str, Any]) -> str:
    """What is said of a batch that is refused."""
    with pytest.raises(APIError) as told:
        book.batch_update({"requests": list(requests)})
    return str(told.value.error["message"])


def test_wrong_ranges_are_refused(book: gspread.Spreadsheet) -> None:
    """A tab that is not there and a place outside the grid answer 400 in Google's words."""
    with pytest.raises(APIError, match="Unable to parse range: Nobody!A1"):
        book.values_get("Nobody!A1")
    with pytest.raises(APIError, match=r"Range \(Sheet1!A1001\) exceeds grid limits. Max rows: 1000, max columns: 26"):
        book.sheet1.get("A1001")
    with pytest.raises(APIError, match=r"tried writing to row \[2\]"):
        book.sheet1.update([["a"], ["b"]], "A1:B1")


def test_batches_find_and_replace(tab: gspread.Worksheet) -> None:
    """`findReplace` counts what it changed; a bad request undoes the whole batch and names itself."""
    tab.update([["old goal", "OLD"], ["new", "=1+1"]], "A1:B2", raw=False)
    order = {"findReplace": {"find": "old", "replacement": "fresh", "allSheets": True}}
    reply = tab.spreadsheet.batch_update({"requests": [order]})["replies"][0]["findReplace"]
    assert reply == {"valuesChanged": 2, "occurrencesChanged": 2, "rowsChanged": 1, "sheetsChanged": 1}
    bad = {"deleteSheet": {"sheetId": 999}}
    with pytest.raises(APIError, match=r"Invalid requests\[1\].deleteSheet: No sheet with id: 999"):
        tab.spreadsheet.batch_update(
            {"requests": [{"updateCells": {"start": {"sheetId": 0}, "rows": [], "fields": "note"}}, bad]}
        )
    with pytest.raises(APIError, match='Unknown name "nonsense"'):
        tab.spreadsheet.batch_update({"requests": [{"nonsense": {}}]})


def test_values_of_the_wrong_kind_are_named(tab: gspread.Worksheet) -> None:
    """Text in the place of a list, and an object or a list in the place of a value, are refused with their place."""
    with pytest.raises(APIError) as told:
        tab.update("X", "A1")
    why = "Invalid value at 'data.values' (type.googleapis.com/google.protobuf.ListValue), \"X\""
    violation = {"field": "data.values", "description": why}
    details = [{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]}]
    assert told.value.error == {"code": 400, "message": why, "status": "INVALID_ARGUMENT", "details": details}
    with pytest.raises(APIError) as told:
        tab.update([["fine"], ["fine", {"a": [1, None]}]], "A1")
    assert told.value.error["message"].startswith('Invalid values[1][1]: struct_value {\n  fields {\n    key: "a"\n')
    with pytest.raises(APIError, match=r"Invalid data\[1\]: Unable to parse range: 'Sheet1'!\?"):
        tab.batch_update([{"range": "A1", "values": [[1]]}, {"range": "?", "values": [[1]]}])
    with pytest.raises(APIError, match=r"google\.apps\.sheets\.v4\.ValueInputOption"):
        tab.update([[1]], "A1", value_input_option="LOUD")
    assert tab.get_all_values() == [[]]


def test_the_path_of_a_wrong_field_is_googles(book: gspread.Spreadsheet) -> None:
    """Paths are in the parser's spelling, types by its names, and two kinds in one request are one too many."""
    sheet = {"sheetId": "abc"}
    said = "Invalid value at 'requests[0].delete_sheet.sheet_id' (TYPE_INT32), \"abc\""
    assert _refused(book, {"deleteSheet": sheet}) == said
    order = {"mergeCells": {"range": {"sheetId": 0}, "mergeType": "X"}}
    kind = "type.googleapis.com/google.apps.sheets.v4.MergeCellsRequest.MergeType"
    assert _refused(book, order) == f"Invalid value at 'requests[0].merge_cells.merge_type' ({kind}), \"X\""
    order = {"mergeCells": {"range": {"nonsense": 1}}}
    assert _refused(book, order).endswith("Unknown name \"nonsense\" at 'requests[0].merge_cells.range': Cannot find field.")
    assert _refused(book, {"mergeCells": []}).endswith(
        "Unknown name \"mergeCells\" at 'requests[0]': Proto field is not repeating, cannot start list."
    )
    both = {"deleteSheet": {"sheetId": 1}, "addSheet": {}}
    said = "Invalid value at 'requests[0]' (oneof), oneof field 'kind' is already set. Cannot set 'addSheet'"
    assert _refused(book, both) == said
    assert _refused(book, {}) == "Invalid requests[0]: No request set."


def test_a_spreadsheet_has_its_limits(book: gspread.Spreadsheet) -> None:
    """Ten million cells, known time zones and locales."""
    grid = {"sheetId": 0, "gridProperties": {"rowCount": 1_000_000, "columnCount": 11}}
    assert "above the limit of 10000000 cells" in _refused(
        book, {"updateSheetProperties": {"properties": grid, "fields": "gridProperties(rowCount,columnCount)"}}
    )
    with pytest.raises(APIError, match="Invalid time zone: Mars/Olympus"):
        book.update_timezone("Mars/Olympus")
    with pytest.raises(APIError, match="Unsupported locale: loud"):
        book.update_locale("loud")


def test_who_protects_a_range_may_edit_it(tab: gspread.Worksheet) -> None:
    """The answer shows the editors that were given, the range then also who made it."""
    answer = tab.add_protected_range("A1:B2")
    made = answer["replies"][0]["addProtectedRange"]["protectedRange"]
    area = {"startRowIndex": 0, "endRowIndex": 2, "startColumnIndex": 0, "endColumnIndex": 2}
    ident = made["protectedRangeId"]
    assert made == {"protectedRangeId": ident, "range": area, "requestingUserCanEdit": True, "editors": {}}
    (held,) = tab.spreadsheet.list_protected_ranges(0)
    assert held == made | {"editors": {"users": ["developer@example.com"]}}


def test_a_range_that_only_warns_has_editors_too(tab: gspread.Worksheet) -> None:
    """Nobody is kept out of it, but who made it is shown as its editor all the same."""
    made = tab.add_protected_range("A1:B2", warning_only=True)["replies"][0]["addProtectedRange"]["protectedRange"]
    assert (made["warningOnly"], made["requestingUserCanEdit"], made["editors"]) == (True, True, {})
    (held,) = tab.spreadsheet.list_protected_ranges(0)
    assert held == made | {"editors": {"users": ["developer@example.com"]}}


def test_an_import_is_answered_as_drive_v2_answers(sheets: gspread.Client, book: gspread.Spreadsheet) -> None:
    """The whole file in the older shape; its one tab has a new id and is called like the file."""
    url = f"https://www.googleapis.com/upload/drive/v2/files/{book.id}"
    query = {"uploadType": "media", "convert": True, "supportsAllDrives": True}
    answer = sheets.http_client.request("put", url, data="a,b", params=query, headers={"Content-Type": "text/csv"})
    shown = answer.json()
    assert answer.headers["ETag"] == shown["etag"]
    assert (shown["title"], shown["userPermission"]["role"], shown["parents"][0]["isRoot"]) == (book.title, "owner", True)
    assert shown["exportLinks"]["application/zip"].endswith("exportFormat=zip")
    again = sheets.open_by_key(book.id)
    assert (again.sheet1.title, again.sheet1.id == 0, again.timezone) == (book.title, False, "America/Los_Angeles")
    assert again.values_get(f"'{book.title}'")["range"] == f"'{book.title}'!A1:Z1000"


def test_grants_and_bodies_that_drive_cannot_read(sheets: gspread.Client, book: gspread.Spreadsheet) -> None:
    """What is missing is required, what is unknown is invalid, and what is no JSON is a parse error."""
    url = f"https://www.googleapis.com/drive/v3/files/{book.id}/permissions"
    for body, reason in (("{}", "required"), ('{"type": "user", "role": "boss"}', "invalid"), ("{", "parseError")):
        with pytest.raises(APIError) as told:
            sheets.http_client.request("post", url, data=body)
        assert told.value.error["errors"][0]["reason"] == reason


def test_revisions_say_when_a_file_changed(sheets: gspread.Client, book: gspread.Spreadsheet) -> None:
    """Each change of the content is one more; a folder has none."""
    book.sheet1.update([["x"]], "A1")
    url = f"https://www.googleapis.com/drive/v3/files/{book.id}/revisions"
    listed = sheets.http_client.request("get", url).json()
    assert [each["id"] for each in listed["revisions"]] == ["1", "2"]
    assert set(listed["revisions"][0]) == {"id", "mimeType", "kind", "modifiedTime"}
    one = sheets.http_client.request("get", f"{url}/2", params={"fields": "lastModifyingUser,exportLinks"}).json()
    assert one["lastModifyingUser"]["emailAddress"] == "developer@example.com"
    page = sheets.http_client.request("get", url, params={"pageSize": 1}).json()
    assert page["nextPageToken"] == "1"
    with pytest.raises(APIError, match="Revision not found: 9"):
        sheets.http_client.request("get", f"{url}/9")


def test_no_cache_keeps_what_drive_says(http: Any) -> None:
    """Drive forbids it to every cache, Sheets to shared ones; neither lets a browser guess types or frame the answer."""
    drive, sheet = http.get("/drive/v3/files"), http.get("/v4/spreadsheets/none")
    assert drive.headers["Cache-Control"] == "no-cache, no-store, max-age=0, must-revalidate"
    assert drive.headers["Vary"] == "Origin, X-Origin"
    assert sheet.headers["Cache-Control"] == "private"
    for each in (drive, sheet):
        assert each.headers["X-Content-Type-Options"] == "nosniff"
        assert each.headers["X-Frame-Options"] == "SAMEORIGIN"
