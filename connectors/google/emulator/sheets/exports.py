"""Spreadsheets on their way out: Excel, comma- and tab-separated text.

A workbook that nobody changed since it was uploaded leaves as it came, without the custom properties, which Sheets does
not keep. Any other is written afresh from what the emulator holds of it.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from copy import copy
from datetime import datetime
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from connectors.google.emulator.calls import not_implemented
from connectors.google.emulator.drive.resources import XLSX
from connectors.google.emulator.errors import Json
from connectors.google.emulator.sheets.book import Book, Cell, Formula, Sheet
from connectors.google.emulator.sheets.colors import to_hex
from connectors.google.emulator.sheets.formulas import Calculator
from connectors.google.emulator.sheets.functions import Failure
from connectors.google.emulator.sheets.ranges import a1, column_number
from connectors.google.emulator.sheets.render import formatted

_NUMBERS: dict[str, Any] = {
    "BETWEEN": "between",
    "NOT_BETWEEN": "notBetween",
    "EQ": "equal",
    "NOT_EQ": "notEqual",
    "GREATER": "greaterThan",
    "GREATER_THAN_EQ": "greaterThanOrEqual",
    "LESS": "lessThan",
    "LESS_THAN_EQ": "lessThanOrEqual",
}
_CUSTOM = "docProps/custom.xml"
_FORMULA = re.compile(r'(?P<head><c r="(?P<column>[A-Z]+)(?P<row>\d+)"[^>]*)><f>(?P<formula>[^<]*)</f><v\s*(?:/>|></v>)</c>')


def export_book(book: Book, mime: str, title: str, now: datetime) -> bytes:
    """*book* as *mime*; text holds the first tab only."""
    if mime == XLSX:
        if book.source is not None and book.source[1] == XLSX:
            return _as_it_came(book.source[2])
        return _with_results(_workbook(book, title), book, now)
    if mime in ("text/csv", "text/tab-separated-values"):
        return _separated(book, "," if mime == "text/csv" else "\t", now)
    raise not_implemented(f"export as {mime}")


def _as_it_came(content: bytes) -> bytes:
    """The package without its custom properties."""

    def without(name: str, data: bytes) -> bytes | None:
        if name == _CUSTOM:
            return None
        if name == "_rels/.rels":
            return re.sub(rb'<Relationship [^>]*custom-properties"[^>]*/>', b"", data)
        if name == "[Content_Types].xml":
            return re.sub(rb'<Override [^>]*/docProps/custom\.xml"[^>]*/>', b"", data)
        return data

    with zipfile.ZipFile(io.BytesIO(content)) as package:
        has_custom = _CUSTOM in package.namelist()
    return _rewritten(content, without) if has_custom else content


def _rewritten(content: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """A package with each part as *change* makes it of its name and data; None leaves it out."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for info in source.infolist():
            data = change(info.filename, source.read(info))
            if data is not None:
                out.writestr(info, data)
    return target.getvalue()


def _separated(book: Book, separator: str, now: datetime) -> bytes:
    sheet = book.sheets[0]
    calculator = Calculator(book, now)
    rows = [row for row, _, _ in sheet.filled()]
    columns = [column for _, column, _ in sheet.filled()]
    lines = [
        [
            formatted(calculator.value(sheet, row, column), sheet.at(row, column).format, book)
            for column in range(max(columns, default=-1) + 1)
        ]
        for row in range(max(rows, default=-1) + 1)
    ]
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(lines)
    return text.getvalue().removesuffix("\r\n").encode()


def _workbook(book: Book, title: str) -> bytes:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    workbook.properties.title = title
    for sheet in book.sheets:
        _page(workbook.create_sheet(sheet.title), sheet)
    for named in book.names.values():
        held = book.sheet(int(named["range"].get("sheetId") or 0))
        if held is not None:
            place = f"{quote_sheetname(held.title)}!{_absolute(named['range'], held)}"
            workbook.defined_names[named["name"]] = DefinedName(named["name"], attr_text=place)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def _with_results(content: bytes, book: Book, now: datetime) -> bytes:
    """The package with what each formula comes to beside it, as Sheets writes it and openpyxl cannot."""
    pages = {f"xl/worksheets/sheet{number}.xml": sheet for number, sheet in enumerate(book.sheets, 1)}
    if not any(isinstance(cell.value, Formula) for sheet in book.sheets for _, _, cell in sheet.filled()):
        return content
    calculator = Calculator(book, now)

    def calculated(name: str, data: bytes) -> bytes:
        if sheet := pages.get(name):
            return _FORMULA.sub(partial(_with_result, sheet, calculator), data.decode()).encode()
        return data

    return _rewritten(content, calculated)


def _with_result(sheet: Sheet, calculator: Calculator, found: re.Match[str]) -> str:
    value = calculator.value(sheet, int(found["row"]) - 1, column_number(found["column"]))
    kind, shown = "", str(value)
    if isinstance(value, bool):
        kind, shown = ' t="b"', str(int(value))
    elif isinstance(value, str):
        kind, shown = ' t="str"', escape(value)
    elif isinstance(value, Failure):
        kind, shown = ' t="e"', escape(value.text)
    return f"{found['head']}{kind}><f>{found['formula']}</f><v>{shown}</v></c>"


def _ends(area: Json, sheet: Sheet) -> tuple[int, int, int, int]:
    return (
        int(area.get("startRowIndex") or 0),
        int(area.get("endRowIndex") or sheet.rows),
        int(area.get("startColumnIndex") or 0),
        int(area.get("endColumnIndex") or sheet.columns),
    )


def _absolute(area: Json, sheet: Sheet) -> str:
    return re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", a1(*_ends(area, sheet)))


def _page(page: Worksheet, sheet: Sheet) -> None:
    _cells(page, sheet)
    for merge in sheet.merges:
        page.merge_cells(a1(*_ends(merge, sheet)))
    if sheet.properties.get("hidden"):
        page.sheet_state = "hidden"
    if sheet.properties.get("tabColor"):
        page.sheet_properties.tabColor = to_hex(sheet.properties["tabColor"])
    frozen = int(sheet.grid.get("frozenRowCount") or 0), int(sheet.grid.get("frozenColumnCount") or 0)
    if any(frozen):
        page.freeze_panes = a1(frozen[0], frozen[0] + 1, frozen[1], frozen[1] + 1)
    if sheet.filter:
        page.auto_filter.ref = a1(*_ends(sheet.filter["range"], sheet))
    _sizes(page, sheet)
    _validations(page, sheet)
    for rule in sheet.conditional:
        _conditional(page, sheet, rule)


def _cells(page: Worksheet, sheet: Sheet) -> None:
    dressed: dict[int, Any] = {}  # a format to its style here: openpyxl compares each style with all that it has
    for row, columns in sheet.cells.items():
        for column, cell in columns.items():
            if cell.value is None and not cell.note and not cell.format:  # a rule alone makes no cell
                continue
            target: Any = page.cell(row + 1, column + 1)
            _fill(target, cell)
            if cell.format and id(cell.format) in dressed:
                target._style = copy(dressed[id(cell.format)])
            elif cell.format:
                _style(target, cell.format)
                dressed[id(cell.format)] = target._style


def _fill(target: Any, cell: Cell) -> None:
    if isinstance(cell.value, Formula):
        target.value = cell.value.text
    elif isinstance(cell.value, str):
        target.value = cell.value
        target.data_type = "s"
    elif cell.value is not None:
        target.value = cell.value
    if cell.note:
        target.comment = Comment(cell.note, "")


def _style(target: Any, form: Json) -> None:
    number, text = form.get("numberFormat") or {}, form.get("textFormat") or {}
    if number.get("pattern"):
        target.number_format = number["pattern"]
    elif number.get("type") in ("DATE", "PERCENT"):
        target.number_format = {"DATE": "yyyy-mm-dd", "PERCENT": "0.00%"}[number["type"]]
    if text:
        colour = to_hex(text["foregroundColor"]) if "foregroundColor" in text else None
        target.font = Font(
            name="Arial",
            size=text.get("fontSize", 10),
            bold=text.get("bold"),
            italic=text.get("italic"),
            strike=text.get("strikethrough"),
            color=colour,
        )
    if "backgroundColor" in form:
        target.fill = PatternFill("solid", fgColor=to_hex(form["backgroundColor"]))
    horizontal, vertical = form.get("horizontalAlignment"), form.get("verticalAlignment")
    if horizontal or vertical or form.get("wrapStrategy") == "WRAP":
        target.alignment = Alignment(
            horizontal=horizontal.lower() if horizontal in ("LEFT", "CENTER", "RIGHT") else None,
            vertical={"TOP": "top", "MIDDLE": "center"}.get(str(vertical)),
            wrap_text=form.get("wrapStrategy") == "WRAP",
        )


def _sizes(page: Worksheet, sheet: Sheet) -> None:
    for place, size in sheet.dimensions["COLUMNS"].items():
        held = page.column_dimensions[get_column_letter(place + 1)]
        if "pixelSize" in size:
            held.width = (size["pixelSize"] - 5) / 7
        held.hidden = bool(size.get("hiddenByUser"))
    for place, size in sheet.dimensions["ROWS"].items():
        line = page.row_dimensions[place + 1]
        if "pixelSize" in size:
            line.height = size["pixelSize"] * 3 / 4
        line.hidden = bool(size.get("hiddenByUser"))


def _validations(page: Worksheet, sheet: Sheet) -> None:
    """One rule for all the cells that share it."""
    by_object: dict[int, tuple[Json, list[tuple[int, int]]]] = {}  # most cells of a column hold the very same rule
    for row, columns in sheet.cells.items():
        for column, cell in columns.items():
            rule = cell.validation
            if rule:
                held = by_object.get(id(rule))
                if held is None:
                    held = by_object[id(rule)] = rule, []
                held[1].append((column, row))
    grouped: dict[str, tuple[Json, list[tuple[int, int]]]] = {}
    for rule, places in by_object.values():
        grouped.setdefault(repr(rule), (rule, []))[1].extend(places)
    for condition, places in grouped.values():
        written = _validation(condition)
        if written is not None:
            written.sqref = MultiCellRange([CellRange(one) for one in _runs(places)])
            page.add_data_validation(written)


def _runs(places: list[tuple[int, int]]) -> Iterator[str]:
    """Cells, each a column and a row, as ranges down their columns: one by one openpyxl compares each with all others."""
    for column, cells in groupby(sorted(places), key=itemgetter(0)):
        for _, run in groupby(enumerate(row for _, row in cells), key=lambda one: one[1] - one[0]):
            rows = [row for _, row in run]
            yield a1(rows[0], rows[-1] + 1, column, column + 1)


def _validation(rule: Json) -> DataValidation | None:
    condition = rule.get("condition") or {}
    kind, values = (
        str(condition.get("type") or ""),
        [str(each.get("userEnteredValue", "")) for each in condition.get("values", [])],
    )
    common: dict[str, Any] = {
        "allow_blank": True,
        "showErrorMessage": bool(rule.get("strict")),
        "prompt": rule.get("inputMessage"),
    }
    common["showInputMessage"] = bool(rule.get("inputMessage"))
    if kind == "ONE_OF_LIST":
        return DataValidation("list", formula1='"' + ",".join(values) + '"', **common)
    if kind == "ONE_OF_RANGE" and values:
        return DataValidation("list", formula1=values[0].lstrip("="), **common)
    if kind == "BOOLEAN":
        return DataValidation("list", formula1='"TRUE,FALSE"', **common)
    if kind == "CUSTOM_FORMULA" and values:
        return DataValidation("custom", formula1=values[0].lstrip("="), **common)
    family, _, operator = kind.partition("_")
    if family == "NUMBER" and operator in _NUMBERS and values:
        second = values[1] if len(values) > 1 else None
        return DataValidation("decimal", operator=_NUMBERS[operator], formula1=values[0], formula2=second, **common)
    dates: dict[str, Any] = {
        "EQ": "equal",
        "BEFORE": "lessThan",
        "AFTER": "greaterThan",
        "BETWEEN": "between",
        "ON_OR_AFTER": "greaterThanOrEqual",
    }
    dates |= {"ON_OR_BEFORE": "lessThanOrEqual", "NOT_BETWEEN": "notBetween"}
    if family == "DATE" and operator in dates and values:
        second = values[1] if len(values) > 1 else None
        return DataValidation("date", operator=dates[operator], formula1=values[0], formula2=second, **common)
    return None


def _conditional(page: Worksheet, sheet: Sheet, rule: Json) -> None:
    held = rule.get("booleanRule")
    if not held:
        return
    written = _rule(held, rule["ranges"][0], sheet)
    if written is not None:
        page.conditional_formatting.add(" ".join(a1(*_ends(each, sheet)) for each in rule["ranges"]), written)


def _rule(held: Json, area: Json, sheet: Sheet) -> Rule | None:
    form, condition = held.get("format") or {}, held.get("condition") or {}
    values = [str(each.get("userEnteredValue", "")) for each in condition.get("values", [])]
    fill = PatternFill(bgColor=to_hex(form["backgroundColor"])) if "backgroundColor" in form else None
    text = form.get("textFormat") or {}
    colour = to_hex(text["foregroundColor"]) if "foregroundColor" in text else None
    font = Font(bold=text.get("bold"), italic=text.get("italic"), color=colour) if text else None
    style = DifferentialStyle(font=font, fill=fill)
    kind = str(condition.get("type") or "")
    first = a1(*_ends(area, sheet)).partition(":")[0]
    if kind == "CUSTOM_FORMULA" and values:
        return Rule(type="expression", dxf=style, formula=[values[0].lstrip("=")])
    if kind == "TEXT_EQ" and values:
        return Rule(type="cellIs", operator="equal", dxf=style, formula=[f'"{values[0]}"'])
    if kind == "TEXT_CONTAINS" and values:
        return Rule(
            type="containsText",
            operator="containsText",
            text=values[0],
            dxf=style,
            formula=[f'NOT(ISERROR(SEARCH("{values[0]}",{first})))'],
        )
    operator = _NUMBERS.get(kind.removeprefix("NUMBER_"))
    return Rule(type="cellIs", operator=operator, dxf=style, formula=values) if operator and values else None
