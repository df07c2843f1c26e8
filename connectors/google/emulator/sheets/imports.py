"""Spreadsheets that were uploaded: Excel workbooks, comma- and tab-separated text."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.cell.rich_text import CellRichText
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula
from openpyxl.worksheet.worksheet import Worksheet

from connectors.google.emulator.errors import GoogleError, Json
from connectors.google.emulator.sheets.book import COLUMNS, EMPTY, ROWS, Book, Cell, Entered, Formula, Sheet, number_of
from connectors.google.emulator.sheets.colors import completed, from_hex
from connectors.google.emulator.sheets.ranges import column_number
from connectors.google.emulator.sheets.values import EPOCH, typed

_OPERATORS = {
    "between": "BETWEEN",
    "notBetween": "NOT_BETWEEN",
    "equal": "EQ",
    "notEqual": "NOT_EQ",
    "greaterThan": "GREATER",
    "greaterThanOrEqual": "GREATER_THAN_EQ",
    "lessThan": "LESS",
    "lessThanOrEqual": "LESS_THAN_EQ",
}
_DATES = {"between": "DATE_BETWEEN", "equal": "DATE_EQ", "greaterThan": "DATE_AFTER", "lessThan": "DATE_BEFORE"}
_DATES |= {"greaterThanOrEqual": "DATE_ON_OR_AFTER", "lessThanOrEqual": "DATE_ON_OR_BEFORE", "notBetween": "DATE_NOT_BETWEEN"}


def read_into(book: Book, name: str, kind: str, content: bytes) -> None:
    """Fill *book* with what was uploaded into the file *name*, like which the one tab of a text is called. Raises 400."""
    if kind.startswith("text/"):
        sheet = Sheet(book.fresh(), name[:100])
        _type(sheet, content, "\t" if "tab" in kind else ",", str(book.properties["locale"]))
        book.tabs.append(sheet)
        return
    try:
        workbook = openpyxl.load_workbook(io.BytesIO(content), rich_text=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise GoogleError(400, f"Bad Request: the workbook cannot be read: {error}", "badRequest") from error
    for number, page in enumerate(workbook.worksheets):
        book.tabs.append(_sheet(page, 0 if number == 0 else book.fresh()))
    _names(book, workbook)


def _type(sheet: Sheet, content: bytes, separator: str, locale: str) -> None:
    """Enter the lines of a text."""
    lines = csv.reader(io.StringIO(content.decode("utf-8-sig", "replace")), delimiter=separator)
    for row, line in enumerate(lines):
        for column, text in enumerate(line):
            if text:
                value, form = typed(text, locale)
                sheet.put(row, column, Cell(value, {"numberFormat": form} if form else None))


def _sheet(page: Worksheet, ident: int) -> Sheet:
    sheet = Sheet(ident, page.title, max(ROWS, page.max_row), max(COLUMNS, page.max_column))
    if page.sheet_state != "visible":
        sheet.properties["hidden"] = True
    if page.sheet_properties.tabColor and isinstance(page.sheet_properties.tabColor.rgb, str):
        sheet.properties |= completed({"tabColor": from_hex(page.sheet_properties.tabColor.rgb)})
    formats: dict[int, Json | None] = {}  # of each style of the workbook, however many cells have it
    for line in page.iter_rows():
        for cell in line:
            if not isinstance(cell, MergedCell):
                if cell.style_id not in formats:
                    formats[cell.style_id] = _format(cell)
                held = Cell(_value(cell.value), formats[cell.style_id], cell.comment.text if cell.comment else "")
                sheet.put(cell.row - 1, cell.column - 1, held)
    _layout(page, sheet)
    _validations(page, sheet)
    _conditional(page, sheet)
    sheet.merges = [_box(str(each)) for each in page.merged_cells.ranges]
    if page.auto_filter.ref:
        sheet.filter = {"range": ({"sheetId": ident} if ident else {}) | _box(page.auto_filter.ref)}
    return sheet


def _box(text: str) -> Json:
    left, top, right, bottom = range_boundaries(text)
    found = {
        "startRowIndex": (top or 1) - 1,
        "endRowIndex": bottom,
        "startColumnIndex": (left or 1) - 1,
        "endColumnIndex": right,
    }
    return {name: value for name, value in found.items() if value is not None}


def _value(value: Any) -> Entered:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, ArrayFormula):
        return Formula(str(value.text))
    if isinstance(value, DataTableFormula):
        return None
    if isinstance(value, CellRichText):
        return str(value)
    if isinstance(value, str):
        return Formula(value) if value.startswith("=") and len(value) > 1 else value or None
    if isinstance(value, datetime):
        return number_of((value - EPOCH).total_seconds() / 86400)
    if isinstance(value, date):
        return (datetime(value.year, value.month, value.day) - EPOCH).days  # noqa: DTZ001 - spreadsheets have no zone
    if isinstance(value, time):
        return number_of((value.hour * 3600 + value.minute * 60 + value.second) / 86400)
    if isinstance(value, timedelta):
        return number_of(value.total_seconds() / 86400)
    return number_of(value)


def _number_format(code: str) -> Json | None:
    if code in ("General", ""):
        return None
    if code == "@":
        return {"type": "TEXT", "pattern": "@"}
    if is_date_format(code):
        has_time, has_day = bool(re.search("[hs]", code.lower())), bool(re.search("[yd]", code.lower()))
        kind = "DATE_TIME" if has_time and has_day else "TIME" if has_time else "DATE"
        return {"type": kind, "pattern": re.sub(r"\[\$[^\]]*\]|;@$", "", code)}
    return {"type": "PERCENT" if "%" in code else "NUMBER", "pattern": code}


def _rgb(color: Any) -> Json | None:
    if color is None or color.type != "rgb" or not isinstance(color.rgb, str):
        return None
    return from_hex(color.rgb)


def _format(cell: Any) -> Json | None:
    """The format of a cell, as far as it is not the default."""
    if not cell.has_style:
        return None
    found: Json = {}
    form = _number_format(cell.number_format)
    if form:
        found["numberFormat"] = form
    if cell.fill.fill_type == "solid" and (background := _rgb(cell.fill.fgColor)) is not None:
        found["backgroundColor"] = background
    text = {
        name: True
        for name, given in (("bold", cell.font.b), ("italic", cell.font.i), ("strikethrough", cell.font.strike))
        if given
    }
    style: Json = dict(text)
    if (colour := _rgb(cell.font.color)) is not None:
        style["foregroundColor"] = colour
    if cell.font.sz and cell.font.sz not in (10, 11):
        style["fontSize"] = round(cell.font.sz)
    if style:
        found["textFormat"] = style
    if cell.alignment.horizontal in ("left", "center", "right"):
        found["horizontalAlignment"] = cell.alignment.horizontal.upper()
    if cell.alignment.vertical in ("top", "center"):
        found["verticalAlignment"] = "TOP" if cell.alignment.vertical == "top" else "MIDDLE"
    if cell.alignment.wrap_text:
        found["wrapStrategy"] = "WRAP"
    return completed(found) or None


def _layout(page: Worksheet, sheet: Sheet) -> None:
    """Sizes, hidden lines, frozen lines, grid lines."""
    if page.freeze_panes:
        left, top, _, _ = range_boundaries(page.freeze_panes)
        sheet.grid |= {"frozenRowCount": (top or 1) - 1, "frozenColumnCount": (left or 1) - 1}
    if page.sheet_view.showGridLines is False:
        sheet.grid["hideGridlines"] = True
    for name, held in page.column_dimensions.items():
        first = held.min - 1 if held.min else column_number(name)
        for place in range(first, min(held.max or first + 1, sheet.columns)):
            size: Json = {"pixelSize": round(held.width * 7 + 5)} if held.customWidth else {}
            size |= {"hiddenByUser": True} if held.hidden else {}
            if size:
                sheet.dimensions["COLUMNS"][place] = size
    for number, line in page.row_dimensions.items():
        size = {"pixelSize": round(line.height * 4 / 3)} if line.height else {}
        size |= {"hiddenByUser": True} if line.hidden else {}
        if size:
            sheet.dimensions["ROWS"][number - 1] = size


def _validations(page: Worksheet, sheet: Sheet) -> None:
    for rule in page.data_validations.dataValidation:
        shown = _rule(rule)
        if shown is None:
            continue
        alone = Cell(validation=shown)
        for area in rule.sqref.ranges:
            for row in range(area.min_row - 1, min(area.max_row, sheet.rows)):
                for column in range(area.min_col - 1, min(area.max_col, sheet.columns)):
                    held = sheet.at(row, column)
                    sheet.put(row, column, alone if held is EMPTY else replace(held, validation=shown))


def _rule(rule: Any) -> Json | None:
    """A data validation as Sheets has it; None for kinds that it drops."""
    first, second = str(rule.formula1 or ""), str(rule.formula2 or "")
    if rule.type == "list" and first.startswith('"'):
        kind, values = "ONE_OF_LIST", first.strip('"').replace('""', '"').split(",")
    elif rule.type == "list":
        kind, values = "ONE_OF_RANGE", [f"={first.lstrip('=')}"]
    elif rule.type in ("whole", "decimal") and rule.operator in (None, *_OPERATORS):
        kind, values = f"NUMBER_{_OPERATORS[rule.operator or 'between']}", [each for each in (first, second) if each]
    elif rule.type in ("date", "time") and (rule.operator or "between") in _DATES:
        kind, values = _DATES[rule.operator or "between"], [each for each in (first, second) if each]
    elif rule.type == "custom":
        kind, values = "CUSTOM_FORMULA", [f"={first.lstrip('=')}"]
    else:
        return None
    shown: Json = {"condition": {"type": kind, "values": [{"userEnteredValue": value} for value in values]}}
    if rule.prompt:
        shown["inputMessage"] = rule.prompt
    shown["strict"] = bool(rule.showErrorMessage and (rule.errorStyle or "stop") == "stop")
    shown["showCustomUi"] = rule.type == "list" and not rule.showDropDown
    return {name: value for name, value in shown.items() if value is not False}


def _conditional(page: Worksheet, sheet: Sheet) -> None:
    for area in page.conditional_formatting:
        ranges = [({"sheetId": sheet.id} if sheet.id else {}) | _box(str(each)) for each in area.sqref.ranges]
        for rule in area.rules:
            condition = _condition(rule)
            if condition:
                form = _rule_format(rule)
                sheet.conditional.append(
                    {"ranges": [dict(each) for each in ranges], "booleanRule": {"condition": condition, "format": form}}
                )


def _condition(rule: Any) -> Json | None:
    formulas = [str(each) for each in rule.formula]
    if rule.type == "cellIs" and rule.operator in _OPERATORS:
        if rule.operator == "equal" and formulas[0].startswith('"'):
            return {"type": "TEXT_EQ", "values": [{"userEnteredValue": formulas[0].strip('"')}]}
        return {"type": f"NUMBER_{_OPERATORS[rule.operator]}", "values": [{"userEnteredValue": each} for each in formulas]}
    if rule.type == "containsText" and rule.text:
        return {"type": "TEXT_CONTAINS", "values": [{"userEnteredValue": rule.text}]}
    if rule.type == "expression" and formulas:
        return {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": f"={formulas[0]}"}]}
    return None


def _rule_format(rule: Any) -> Json:
    found: Json = {}
    style = rule.dxf
    if style is None:
        return found
    background = _rgb(style.fill.bgColor) or _rgb(style.fill.fgColor) if style.fill else None
    if background is not None:
        found["backgroundColor"] = background
    text: Json = {}
    if style.font is not None:
        text |= {name: True for name, given in (("bold", style.font.b), ("italic", style.font.i)) if given}
        if (colour := _rgb(style.font.color)) is not None:
            text["foregroundColor"] = colour
    if text:
        found["textFormat"] = text
    shown: Json = completed(found)
    return shown


def _names(book: Book, workbook: Any) -> None:
    """Defined names of cells and ranges become named ranges; others are dropped, as Sheets drops them."""
    for name, defined in workbook.defined_names.items():
        try:
            places = list(defined.destinations)
        except (AttributeError, ValueError):
            continue
        sheet = book.titled(places[0][0]) if len(places) == 1 else None
        if sheet is None or name.startswith("_xlnm"):
            continue
        ident = str(book.fresh())
        book.names[ident] = {
            "namedRangeId": ident,
            "name": name,
            "range": ({"sheetId": sheet.id} if sheet.id else {}) | _box(places[0][1].replace("$", "")),
        }
