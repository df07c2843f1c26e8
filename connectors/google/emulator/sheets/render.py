"""How a spreadsheet is shown by `spreadsheets.get`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from connectors.google.emulator.errors import Json
from connectors.google.emulator.fields import Mask, below, wants
from connectors.google.emulator.sheets.book import COLUMN_PIXELS, ROW_PIXELS, Book, Cell, Formula, Sheet
from connectors.google.emulator.sheets.conditions import formatting, over
from connectors.google.emulator.sheets.formulas import Calculator
from connectors.google.emulator.sheets.functions import Failure
from connectors.google.emulator.sheets.ranges import Area
from connectors.google.emulator.sheets.values import shown

_WHITE = {"red": 1, "green": 1, "blue": 1}
#: What a new spreadsheet says of its cells, as recorded from the real service.
DEFAULT_FORMAT: Json = {
    "backgroundColor": _WHITE,
    "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "textFormat": {
        "foregroundColor": {},
        "fontFamily": "arial,sans,sans-serif",
        "fontSize": 10,
        "bold": False,
        "italic": False,
        "strikethrough": False,
        "underline": False,
        "foregroundColorStyle": {"rgbColor": {}},
    },
    "backgroundColorStyle": {"rgbColor": _WHITE},
}
_THEME: tuple[tuple[str, Json], ...] = (
    ("TEXT", {}),
    ("BACKGROUND", _WHITE),
    ("ACCENT1", {"red": 0.25882354, "green": 0.52156866, "blue": 0.95686275}),
    ("ACCENT2", {"red": 0.91764706, "green": 0.2627451, "blue": 0.20784314}),
    ("ACCENT3", {"red": 0.9843137, "green": 0.7372549, "blue": 0.015686275}),
    ("ACCENT4", {"red": 0.20392157, "green": 0.65882355, "blue": 0.3254902}),
    ("ACCENT5", {"red": 1, "green": 0.42745098, "blue": 0.003921569}),
    ("ACCENT6", {"red": 0.27450982, "green": 0.7411765, "blue": 0.7764706}),
    ("LINK", {"red": 0.06666667, "green": 0.33333334, "blue": 0.8}),
)
THEME: Json = {
    "primaryFontFamily": "Arial",
    "themeColors": [{"colorType": kind, "color": {"rgbColor": rgb}} for kind, rgb in _THEME],
}


def spreadsheet(
    book: Book,
    ident: str,
    title: str,
    now: datetime,
    areas: list[Area] | None = None,
    grid: bool = False,
    mask: Mask | None = None,
) -> Json:
    """The whole resource, or of *areas* only; with cells if *grid* or if *mask* asks for them."""
    with_data = _asks_for_cells(mask) or (grid and wants(mask, "sheets", "data"))
    found: Json = {"spreadsheetId": ident}
    if wants(mask, "properties"):
        found["properties"] = properties(book, title)
    if wants(mask, "sheets"):
        calculator = Calculator(book, now)
        inner = below(mask, "sheets")
        found["sheets"] = [
            sheet_resource(book, sheet, _areas_of(sheet, areas) if with_data else None, calculator, inner)
            for sheet in book.sheets
            if areas is None or any(area.sheet is sheet for area in areas)
        ]
    if book.names:
        found["namedRanges"] = list(book.names.values())
    found["spreadsheetUrl"] = f"https://docs.google.com/spreadsheets/d/{ident}/edit"
    if book.metadata:
        found["developerMetadata"] = book.metadata
    return found


def _asks_for_cells(mask: Mask | None) -> bool:
    """Whether a mask names the cells themselves; ``sheets`` alone does not."""
    return bool(mask) and bool(below(mask, "sheets")) and wants(mask, "sheets", "data")


def properties(book: Book, title: str) -> Json:
    """`SpreadsheetProperties`."""
    known = book.properties
    found: Json = {
        "title": title,
        "locale": known["locale"],
        "autoRecalc": known["autoRecalc"],
        "timeZone": known["timeZone"],
        "defaultFormat": known.get("defaultFormat", DEFAULT_FORMAT),
        "spreadsheetTheme": known.get("spreadsheetTheme", THEME),
    }
    if "iterativeCalculationSettings" in known:
        found["iterativeCalculationSettings"] = known["iterativeCalculationSettings"]
    return found


def sheet_properties(book: Book, sheet: Sheet) -> Json:
    """`SheetProperties`, without what is false or zero."""
    found: Json = {
        "sheetId": sheet.id,
        "title": sheet.title,
        "index": book.sheets.index(sheet),
        "sheetType": "GRID",
        "gridProperties": {"rowCount": sheet.rows, "columnCount": sheet.columns}
        | {name: value for name, value in sheet.grid.items() if value},
    }
    return found | {name: value for name, value in sheet.properties.items() if value}


def sheet_resource(book: Book, sheet: Sheet, areas: list[Area] | None, calculator: Calculator, mask: Mask | None) -> Json:
    """One tab; *areas* are the parts of it whose cells are shown, None for no cells."""
    found: Json = {"properties": sheet_properties(book, sheet)}
    if areas is not None:
        found["data"] = [grid_data(book, area, calculator, below(mask, "data")) for area in areas]
    for name, value in (
        ("merges", sheet.merges),
        ("conditionalFormats", sheet.conditional),
        ("protectedRanges", sheet.protected),
        ("basicFilter", sheet.filter),
        ("bandedRanges", sheet.banded),
        ("rowGroups", sheet.groups["ROWS"]),
        ("columnGroups", sheet.groups["COLUMNS"]),
        ("developerMetadata", sheet.metadata),
    ):
        if value:
            found[name] = value
    return found


def _areas_of(sheet: Sheet, areas: list[Area] | None) -> list[Area]:
    return [Area(sheet)] if areas is None else [area for area in areas if area.sheet is sheet]


def grid_data(book: Book, area: Area, calculator: Calculator, mask: Mask | None) -> Json:
    """`GridData` of *area*: rows as far as there are cells, and the sizes of all its rows and columns."""
    found: Json = {}
    if area.top:
        found["startRow"] = area.top
    if area.left:
        found["startColumn"] = area.left
    if wants(mask, "rowData"):
        rows = [_row_data(book, area, row, calculator) for row in area.rows]
        while rows and not rows[-1]:
            rows.pop()
        if rows:
            found["rowData"] = rows
    if wants(mask, "rowMetadata"):
        found["rowMetadata"] = _sizes(area.sheet, "ROWS", area.rows, ROW_PIXELS)
    if wants(mask, "columnMetadata"):
        found["columnMetadata"] = _sizes(area.sheet, "COLUMNS", area.columns, COLUMN_PIXELS)
    return found


def _sizes(sheet: Sheet, dimension: str, places: Iterable[int], pixels: int) -> list[Json]:
    known = sheet.dimensions[dimension]
    return [{"pixelSize": pixels} | {key: value for key, value in known.get(place, {}).items() if value} for place in places]


def _row_data(book: Book, area: Area, row: int, calculator: Calculator) -> Json:
    held = area.sheet.cells.get(row)
    if not held:
        return {}
    last = max((column for column in held if column in area.columns), default=-1)
    values = [
        cell_data(book, area.sheet, row, column, calculator) if column in held else {} for column in range(area.left, last + 1)
    ]
    return {"values": values} if values else {}


def cell_data(book: Book, sheet: Sheet, row: int, column: int, calculator: Calculator) -> Json:
    """`CellData` of one cell."""
    cell = sheet.at(row, column)
    found: Json = {}
    link = _link(cell)
    effective = None if cell.value is None else calculator.value(sheet, row, column)
    if cell.value is not None:
        found["userEnteredValue"] = extended(cell.value)
    if effective not in (None, ""):
        found["effectiveValue"] = extended(effective)
        found["formattedValue"] = formatted(effective, cell.format, book)
    if cell.format:
        found["userEnteredFormat"] = cell.format
    if cell.value is not None or cell.format:
        looks = over(cell.format or {}, formatting(book, sheet, row, column, calculator))
        found["effectiveFormat"] = over(_drawn(effective, bool(link)), looks)
    if link:
        found["hyperlink"] = link
    if cell.note:
        found["note"] = cell.note
    if cell.chips:
        found["chipRuns"] = cell.chips
    if cell.runs:
        found["textFormatRuns"] = cell.runs
    if cell.validation:
        found["dataValidation"] = cell.validation
    return found


def _drawn(value: Any, linked: bool) -> Json:
    """How Sheets draws *value* where nobody says otherwise: text left, numbers right, truth values and errors between."""
    more: Json = {"textFormat": {"fontFamily": "Arial"}, "hyperlinkDisplayType": "LINKED" if linked else "PLAIN_TEXT"}
    if value not in (None, ""):
        between = isinstance(value, (bool, Failure))
        more["horizontalAlignment"] = "CENTER" if between else "LEFT" if isinstance(value, str) else "RIGHT"
    return over(DEFAULT_FORMAT, more)


def _link(cell: Cell) -> str:
    if not isinstance(cell.value, Formula) or not cell.value.text.upper().startswith('=HYPERLINK("'):
        return ""
    return cell.value.text[12:].partition('"')[0]


def extended(value: Any) -> Json:
    """`ExtendedValue`."""
    if isinstance(value, Formula):
        return {"formulaValue": value.text}
    if isinstance(value, Failure):
        return {"errorValue": {"type": value.kind, "message": value.why}}
    if isinstance(value, bool):
        return {"boolValue": value}
    return {"stringValue": value} if isinstance(value, str) else {"numberValue": value}


def formatted(value: Any, form: Json | None, book: Book) -> str:
    """As a person sees it."""
    return value.text if isinstance(value, Failure) else shown(value, form, str(book.properties["locale"]))
