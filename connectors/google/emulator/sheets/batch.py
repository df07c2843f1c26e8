"""`spreadsheets.batchUpdate`: which kinds of request there are, and what belongs to the whole or to a tab."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from connectors.google.emulator.errors import GoogleError, Json, bad_request
from connectors.google.emulator.fields import BadMask, Mask, parse, update
from connectors.google.emulator.sheets import render
from connectors.google.emulator.sheets.book import Book, Sheet
from connectors.google.emulator.sheets.colors import completed

#: Cells of a spreadsheet, empty ones included: https://support.google.com/drive/answer/37603.
CELLS = 10_000_000


@dataclass
class Batch:
    """A spreadsheet while requests are applied to it."""

    book: Book
    now: datetime
    title: str
    who: str = ""
    replies: list[Json] = field(default_factory=list)

    def sheet(self, ident: Any, what: str = "grid") -> Sheet:
        """The tab with this id. Raises 400, which calls it *what*: a range lies on a grid, a tab itself is a sheet."""
        found = self.book.sheet(int(ident or 0))
        if found is None:
            raise bad_request(f"No {what} with id: {int(ident or 0)}")
        return found


#: Applies one request; its reply, or None for an empty one.
Apply = Callable[[Batch, Json], "Json | None"]


def mask_of(given: Json) -> Mask:
    """The `fields` of a request. Raises 400."""
    text = str(given.get("fields") or "")
    if not text:
        raise bad_request("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    try:
        return parse(text)
    except BadMask as error:
        raise bad_request(f"Invalid field mask: {text}") from error


def apply_batch(book: Book, requests: list[Json], now: datetime, title: str, who: str = "") -> Batch:
    """Apply *requests* of *who* to *book* in order. Raises 400 that names the request; *book* is then to be thrown away."""
    batch = Batch(book, now, title, who)
    for number, request in enumerate(requests):
        kinds = [kind for kind, value in request.items() if value is not None]
        if len(kinds) != 1:
            raise bad_request(f"Invalid requests[{number}]: No request set.")
        kind = kinds[0]
        apply = _kinds().get(kind)
        if apply is None:
            raise GoogleError(501, f"The emulator does not implement {kind} (requests[{number}]).", "notImplemented")
        try:
            reply = apply(batch, request[kind])
        except GoogleError as error:
            if error.status == 400:
                error.message = f"Invalid requests[{number}].{kind}: {error.message}"
            raise
        batch.replies.append({kind: reply} if reply is not None else {})
        _check_size(book, number, kind)
    return batch


def _check_size(book: Book, number: int, kind: str) -> None:
    """400 if a spreadsheet has more cells than Sheets allows."""
    if sum(sheet.rows * sheet.columns for sheet in book.sheets) > CELLS:
        why = f"This action would increase the number of cells in the workbook above the limit of {CELLS} cells."
        raise bad_request(f"Invalid requests[{number}].{kind}: {why}")


def _kinds() -> dict[str, Apply]:
    from connectors.google.emulator.sheets import batch_cells, batch_dimensions, batch_marks

    return _OWN | batch_cells.KINDS | batch_dimensions.KINDS | batch_marks.KINDS


# ---------------------------------------------------------------- the whole


def _update_spreadsheet(batch: Batch, given: Json) -> None:
    wanted, mask = dict(given.get("properties") or {}), mask_of(given)
    if "title" in mask or "*" in mask:
        batch.title = str(wanted.get("title") or batch.title)
    _check_region(wanted)
    changed = update(batch.book.properties, wanted, {name: inner for name, inner in mask.items() if name != "title"})
    changed.pop("title", None)
    batch.book.properties = {"locale": "en_US", "timeZone": "Etc/GMT", "autoRecalc": "ON_CHANGE"} | changed


def _check_region(wanted: Json) -> None:
    """400 for a locale or a time zone that nobody knows."""
    locale, zone = str(wanted.get("locale") or "en"), str(wanted.get("timeZone") or "Etc/GMT")
    if not re.fullmatch(r"[a-z]{2,3}(_[A-Z]{2})?", locale):
        raise bad_request(f"Unsupported locale: {locale}")
    if zone not in available_timezones():
        raise bad_request(f"Invalid time zone: {zone}")


def _title(book: Book, title: str, besides: Sheet | None = None) -> str:
    known = book.titled(title)
    if known is not None and known is not besides:
        raise bad_request(f'A sheet with the name "{title}" already exists. Please enter another name.')
    if not title or len(title) > 100:
        raise bad_request("The name of a sheet must have 1 to 100 characters.")
    return title


def _free_title(book: Book) -> str:
    number = len(book.sheets) + 1
    while book.titled(f"Sheet{number}"):
        number += 1
    return f"Sheet{number}"


def _set_properties(batch: Batch, sheet: Sheet, wanted: Json, mask: Mask) -> None:
    """Set what *mask* selects of a tab's properties."""
    names = dict.fromkeys([*wanted, "title"]) if "*" in mask else mask
    if "title" in names and (wanted.get("title") or "*" not in mask):
        sheet.title = _title(batch.book, str(wanted.get("title") or ""), sheet)
    if "gridProperties" in names:
        inner = mask.get("gridProperties") or {"*": {}} if "*" not in mask else {"*": {}}
        _set_grid(sheet, wanted.get("gridProperties") or {}, inner)
    if "hidden" in names:
        _hide(batch.book, sheet, bool(wanted.get("hidden")))
    for name in ("rightToLeft",):
        if name in names:
            sheet.properties[name] = bool(wanted.get(name))
    _tab_color(sheet, wanted, names)
    if "index" in names and wanted.get("index") is not None:
        _place(batch.book, sheet, int(wanted["index"]))


def _tab_color(sheet: Sheet, wanted: Json, names: Any) -> None:
    if "tabColor" not in names and "tabColorStyle" not in names:
        return
    given = {name: wanted[name] for name in ("tabColor", "tabColorStyle") if wanted.get(name)}
    for name in ("tabColor", "tabColorStyle"):
        sheet.properties.pop(name, None)
    if given:
        sheet.properties |= completed(given)


def _set_grid(sheet: Sheet, wanted: Json, mask: Mask) -> None:
    names = wanted if "*" in mask else mask
    for name, attribute in (("rowCount", "rows"), ("columnCount", "columns")):
        if name in names:
            count = int(wanted.get(name) or 0)
            if count < 1:
                raise bad_request(f"Invalid value at 'properties.grid_properties': a sheet needs at least one of {name}")
            setattr(sheet, attribute, count)
    for name in ("frozenRowCount", "frozenColumnCount"):
        if name in names:
            count, most = int(wanted.get(name) or 0), sheet.rows if name == "frozenRowCount" else sheet.columns
            if count >= most:
                what = "rows" if name == "frozenRowCount" else "columns"
                raise bad_request(f"You can't freeze all visible {what} on the sheet.")
            sheet.grid[name] = count
    for name in ("hideGridlines", "rowGroupControlAfter", "columnGroupControlAfter"):
        if name in names:
            sheet.grid[name] = bool(wanted.get(name))
    _cut(sheet)


def _cut(sheet: Sheet) -> None:
    """Forget the cells outside the grid."""
    sheet.cells = {
        row: kept
        for row, columns in sheet.cells.items()
        if row < sheet.rows and (kept := {column: cell for column, cell in columns.items() if column < sheet.columns})
    }


def _hide(book: Book, sheet: Sheet, wanted: bool) -> None:
    if wanted and not any(other is not sheet and not other.properties.get("hidden") for other in book.sheets):
        raise bad_request("You can't hide all the sheets in a document.")
    sheet.properties["hidden"] = wanted


def _place(book: Book, sheet: Sheet, index: int) -> None:
    """Move a tab before the one that is now at *index*."""
    now = book.sheets.index(sheet)
    if not 0 <= index <= len(book.sheets):
        raise bad_request(f"Sheet index {index} is out of range.")
    if index in (now, now + 1):
        return
    book.tabs.pop(now)
    book.tabs.insert(index if index < now else index - 1, sheet)


def _update_sheet(batch: Batch, given: Json) -> None:
    wanted = given.get("properties") or {}
    sheet = batch.sheet(wanted.get("sheetId"), "sheet")
    _set_properties(batch, sheet, wanted, mask_of(given))


def _add_sheet(batch: Batch, given: Json) -> Json:
    wanted = dict(given.get("properties") or {})
    sheet = new_sheet(batch, wanted, wanted.get("sheetId"))
    return {"properties": render.sheet_properties(batch.book, sheet)}


def new_sheet(batch: Batch, wanted: Json, ident: Any = None) -> Sheet:
    """A new tab with these properties, at its index or at the end."""
    book = batch.book
    if ident is not None and book.sheet(int(ident)):
        raise bad_request(f"Sheet with id: {ident} already exists.")
    if wanted.get("sheetType", "GRID") not in ("GRID", "SHEET_TYPE_UNSPECIFIED"):
        raise GoogleError(501, f"The emulator does not implement sheets of type {wanted['sheetType']}.", "notImplemented")
    title = _title(book, str(wanted.get("title") or _free_title(book)))
    sheet = Sheet(book.fresh() if ident is None else int(ident), title)
    index = wanted.get("index")
    book.tabs.insert(len(book.tabs) if index is None else min(int(index), len(book.tabs)), sheet)
    _set_properties(
        batch, sheet, {name: value for name, value in wanted.items() if name not in ("index", "sheetId")}, {"*": {}}
    )
    return sheet


def _delete_sheet(batch: Batch, given: Json) -> None:
    sheet = batch.sheet(given.get("sheetId"), "sheet")
    if not any(other is not sheet and not other.properties.get("hidden") for other in batch.book.sheets):
        raise bad_request("You can't remove all the visible sheets in a document.")
    batch.book.tabs.remove(sheet)
    batch.book.names = {
        ident: named for ident, named in batch.book.names.items() if int(named["range"].get("sheetId") or 0) != sheet.id
    }


def _duplicate_sheet(batch: Batch, given: Json) -> Json:
    source = batch.sheet(given.get("sourceSheetId"), "sheet")
    copied = source.clone()
    ident = given.get("newSheetId")
    if ident is not None and batch.book.sheet(int(ident)):
        raise bad_request(f"Sheet with id: {ident} already exists.")
    copied.id = batch.book.fresh() if ident is None else int(ident)
    copied.title = _title(batch.book, str(given.get("newSheetName") or _copy_name(batch.book, source.title)))
    for held in (*copied.protected, *copied.conditional, *copied.banded):
        for grid in [held.get("range"), *held.get("ranges", [])]:
            if grid:
                grid["sheetId"] = copied.id
    index = int(given.get("insertSheetIndex") or 0)
    batch.book.tabs.insert(min(index, len(batch.book.tabs)), copied)
    return {"properties": render.sheet_properties(batch.book, copied)}


def _copy_name(book: Book, title: str) -> str:
    wanted, number = f"Copy of {title}", 1
    while book.titled(wanted):
        number += 1
        wanted = f"Copy of {title} {number}"
    return wanted


_OWN: dict[str, Apply] = {
    "updateSpreadsheetProperties": _update_spreadsheet,
    "updateSheetProperties": _update_sheet,
    "addSheet": _add_sheet,
    "deleteSheet": _delete_sheet,
    "duplicateSheet": _duplicate_sheet,
}


# ---------------------------------------------------------------- spreadsheets.create


def fill_new(book: Book, body: Json) -> None:
    """Make *book*, fresh and blank, what the body of `spreadsheets.create` says."""
    from connectors.google.emulator.sheets import batch_cells, batch_marks

    wanted = {name: value for name, value in (body.get("properties") or {}).items() if name != "title"}
    book.properties |= wanted
    batch = Batch(book, datetime.min, "")  # noqa: DTZ901 - no request used here looks at the time
    if body.get("sheets"):
        book.tabs.clear()
    for number, given in enumerate(body.get("sheets") or []):
        properties = dict(given.get("properties") or {})
        sheet = new_sheet(batch, properties, properties.get("sheetId", 0 if number == 0 else None))
        for data in given.get("data") or []:
            start = {"sheetId": sheet.id, "rowIndex": data.get("startRow", 0), "columnIndex": data.get("startColumn", 0)}
            batch_cells.update_cells(batch, {"start": start, "rows": data.get("rowData") or [], "fields": "*"})
        sheet.merges.extend({k: v for k, v in merge.items() if k != "sheetId"} for merge in given.get("merges") or [])
        for protected in given.get("protectedRanges") or []:
            batch_marks.add_protected(batch, {"protectedRange": protected})
        sheet.conditional.extend(given.get("conditionalFormats") or [])
    for named in body.get("namedRanges") or []:
        batch_marks.add_named(batch, {"namedRange": named})
