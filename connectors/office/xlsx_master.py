"""The look of a sheet: a workbook per shape, built once with openpyxl, that every file of this shape is patched from.

A master holds styles, widths, validations, status colours and print set-up but no row; `xlsx.build` writes the rows.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from connectors.office.package import admit_properties, open_package, repack
from connectors.office.xlsx_values import column_letters, is_yes_no, progress_formula
from templates.shapes import Column, ColumnType, TableShape

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.worksheet.worksheet import Worksheet

PREPARED_TO = 1000
"""Rows below the header that dropdowns and status colours reach, so that rows typed further down have them too."""
LISTS = "Lists"
"""The hidden sheet for choices that do not fit into a dropdown's own formula."""
OWN_TEXT = "ThroughlineOwn"
"""The custom property with the digests of title and facts."""
PERCENT_UNITS = ("%", "percent", "per cent", "prozent")

FONT = "Arial"
"""On every machine, or replaced by one of the same widths."""
INK, MUTED, LINE, HEAD = "1F2937", "6B7280", "D9DEE5", "1F3A4D"
_STATUS = {
    "on track": ("E3F4E8", "1B6B3A"),
    "at risk": ("FFF1D6", "8A5A00"),
    "off track": ("FCE4E4", "A32020"),
    "done": ("E2ECF9", "1F4E8C"),
    "not started": ("EEF0F3", "5B6472"),
    "dropped": ("EEF0F3", "5B6472"),
    "paused": ("EEF0F3", "5B6472"),
} | {
    "auf kurs": ("E3F4E8", "1B6B3A"),
    "gefährdet": ("FFF1D6", "8A5A00"),
    "nicht auf kurs": ("FCE4E4", "A32020"),
    "erledigt": ("E2ECF9", "1F4E8C"),
}
_LAST = 999_983  # stands in the master for the last row of the table; no sheet of people has so many
_UNIT_FORMAT = 'General" %"'  # 0.##" %" would show "72. %"
_SHOWN = {ColumnType.DATE: "yyyy-mm-dd", ColumnType.PERCENT: "0%", ColumnType.PROGRESS: "0%"}


class CellStyles(NamedTuple):
    """Style numbers of one column's cells: guidance, header, usual, text that looks like a formula, a figure in per cent."""

    help: int
    header: int
    usual: int
    quoted: int
    percent_unit: int


@dataclass(frozen=True)
class Styles:
    """The style numbers that rows are written with; *cells* in the order of the columns."""

    title: int
    intro: int
    fact_label: int
    fact_value: int
    cells: tuple[CellStyles, ...]


@dataclass(frozen=True)
class Master:
    """What `xlsx.build` patches. *before* and *after* stand around the rows in the sheet's XML."""

    data: bytes
    before: str
    after: str
    workbook: str
    header_row: int
    first_column: int
    """Where title and facts begin: the first column that is no key."""
    styles: Styles

    def tail(self, last_row: int) -> str:
        """What stands behind the rows of a sheet whose table ends in *last_row*."""
        return self.after.replace(str(_LAST), str(last_row))

    def workbook_part(self, last_row: int) -> bytes:
        """The workbook part of a file whose table ends in *last_row*."""
        return self.workbook.replace(str(_LAST), str(last_row)).encode()


def anchor(key: str) -> str:
    """The defined name that points to the header cell of the column *key*."""
    return "TL_" + re.sub(r"\W", "_", key)


def sheet_name(shape: TableShape) -> str:
    """The name of the sheet: the title without what spreadsheets do not allow in names, at most 31 characters."""
    return re.sub(r"[\\/*?:\[\]]", " ", shape.title).strip(" '")[:31].strip(" '") or "Table"


def digest(text: str) -> str:
    """What stands for a *text* of ours in the file's properties, so that `read` knows it from people's words."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def has_help(shape: TableShape) -> bool:
    """Whether a row of guidance stands above the header."""
    return any(column.help for column in shape.columns)


def yes_no_units(shape: TableShape) -> tuple[str, ...]:
    """The units of *shape* whose goals are either reached or not."""
    unit = shape.column("unit")
    return () if unit is None else tuple(choice for choice in unit.choices if is_yes_no(choice)) or ("yes/no",)


def formula_in_row(shape: TableShape, letters: dict[str, str], row: int) -> str:
    """The progress formula for *row*, where *letters* tells the sheet's column of each column key; "" without figures."""
    if not {"start", "target", "now"} <= letters.keys():
        return ""
    cells = {key: f"{letter}{row}" for key, letter in letters.items()}
    return progress_formula(yes_no_units(shape), cells.get("unit", ""), cells["start"], cells["target"], cells["now"])


@lru_cache(maxsize=64)
def master_of(shape: TableShape, strips: int) -> Master:
    """The master of *shape* with room for so many strips of facts above the table."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    if sheet is None or not hasattr(sheet, "freeze_panes"):  # openpyxl cannot promise what it always does
        raise TypeError("A new workbook has no sheet.")
    sheet.title = sheet_name(shape)
    layout = _Layout(shape, strips)
    _set_up(sheet, layout)
    _name_headers(book, layout)
    for column, cells in layout.ranges():
        _validate(book, sheet, column, cells)
        _colour(sheet, column, cells)
    _mark_percent_units(sheet, layout)
    styles = _styles(sheet, layout)
    book.calculation.calcId = 191029  # of a current Excel: an older one makes it compute, then ask to save, at every opening
    book.calculation.fullCalcOnLoad = False
    stream = io.BytesIO()
    book.save(stream)
    return _cut(_own(stream.getvalue()), layout, styles)


@dataclass(frozen=True)
class _Layout:
    """Where things stand: title, introduction, strips of facts (labels over values), a gap, help, header, rows."""

    shape: TableShape
    strips: int

    @property
    def header_row(self) -> int:
        return 3 + bool(self.shape.intro) + 2 * self.strips + has_help(self.shape)

    @property
    def first_column(self) -> int:
        return next((i for i, column in enumerate(self.shape.columns, 1) if column.type is not ColumnType.KEY), 1)

    @property
    def last_letter(self) -> str:
        return column_letters(len(self.shape.columns))

    def letters(self) -> dict[str, str]:
        return {column.key: column_letters(index) for index, column in enumerate(self.shape.columns, 1)}

    def ranges(self) -> Iterator[tuple[Column, str]]:
        """Each column with the cells below its header."""
        for column, letter in zip(self.shape.columns, self.letters().values(), strict=True):
            yield column, f"{letter}{self.header_row + 1}:{letter}{self.header_row + PREPARED_TO}"


# ---------------------------------------------------------------- page and names


def _set_up(sheet: Worksheet, layout: _Layout) -> None:
    shape, header = layout.shape, layout.header_row
    for column, letter in zip(shape.columns, layout.letters().values(), strict=True):
        sheet.column_dimensions[letter].width = column.width + 2
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 100
    sheet.freeze_panes = f"{column_letters(_frozen_columns(shape) + 1)}{header + 1}"
    sheet.auto_filter.ref = f"A{header}:{layout.last_letter}{_LAST}"
    sheet.sheet_properties.tabColor = HEAD
    if shape.intro:
        sheet.merge_cells(f"{column_letters(layout.first_column)}2:{layout.last_letter}2")
    _set_up_print(sheet, header)


def _frozen_columns(shape: TableShape) -> int:
    """Key and the first text stay in sight, unless they would fill the screen."""
    count, width = 0, 0
    for column in shape.columns:
        if width + column.width > 60:
            break
        count, width = count + 1, width + column.width
        if column.type is ColumnType.TEXT:
            break
    return count


def _set_up_print(sheet: Worksheet, header: int) -> None:
    from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{header}:{header}"
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom = 0.5, 0.6
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(right=_HeaderFooterPart("&P / &N", size=8))


def _name_headers(book: Workbook, layout: _Layout) -> None:
    from openpyxl.utils import quote_sheetname
    from openpyxl.workbook.defined_name import DefinedName

    sheet = quote_sheetname(sheet_name(layout.shape))
    for key, letter in layout.letters().items():
        book.defined_names[anchor(key)] = DefinedName(anchor(key), attr_text=f"{sheet}!${letter}${layout.header_row}")


# ---------------------------------------------------------------- dropdowns and colours


def _validate(book: Workbook, sheet: Worksheet, column: Column, cells: str) -> None:
    """Offer choices and say what a date looks like; warn, but never refuse what a person types."""
    from openpyxl.worksheet.datavalidation import DataValidation

    if column.type is ColumnType.CHOICE and column.choices:
        rule = DataValidation(type="list", formula1=_choices(book, column), allow_blank=True)
    elif column.type is ColumnType.DATE:
        rule = DataValidation(type="date", operator="greaterThan", formula1="36526", allow_blank=True)
        rule.promptTitle, rule.prompt, rule.showInputMessage = column.title[:32], "2026-03-31", True
    else:
        return
    rule.errorStyle, rule.showErrorMessage = "warning", True
    rule.add(cells)
    sheet.add_data_validation(rule)


def _choices(book: Workbook, column: Column) -> str:
    """The choices as a list in the rule itself, or on a hidden sheet when they do not fit there."""
    listed = ",".join(column.choices)
    if len(listed) <= 250 and not any(sign in choice for choice in column.choices for sign in ',"'):
        return f'"{listed}"'
    lists = book[LISTS] if LISTS in book.sheetnames else book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    free = lists.max_column + (lists.cell(1, 1).value is not None)
    for row, choice in enumerate(column.choices, 1):
        lists.cell(row, free, choice).data_type = "s"
    letter = column_letters(free)
    return f"{LISTS}!${letter}$1:${letter}${len(column.choices)}"


def _colour(sheet: Worksheet, column: Column, cells: str) -> None:
    from openpyxl.formatting.rule import Rule
    from openpyxl.styles import Font, PatternFill
    from openpyxl.styles.differential import DifferentialStyle

    for choice in column.choices if column.type is ColumnType.CHOICE else ():
        if choice.casefold() in _STATUS:
            fill, ink = _STATUS[choice.casefold()]
            look = DifferentialStyle(fill=PatternFill(bgColor=fill, fill_type="solid"), font=Font(color=ink, bold=True))
            rule = Rule(type="cellIs", operator="equal", formula=[f'"{choice}"'], dxf=look)
            sheet.conditional_formatting.add(cells, rule)


def _mark_percent_units(sheet: Worksheet, layout: _Layout) -> None:
    """Show 72 as "72 %" in a row whose unit is per cent, also when a person chooses that unit later."""
    from openpyxl.formatting.rule import Rule
    from openpyxl.styles.differential import DifferentialStyle
    from openpyxl.styles.numbers import NumberFormat

    unit = layout.shape.column("unit")
    names = [choice for choice in unit.choices if choice.casefold() in PERCENT_UNITS] if unit else []
    for name in names:
        look = DifferentialStyle(numFmt=NumberFormat(numFmtId=190, formatCode=_UNIT_FORMAT))
        test = f'${layout.letters()["unit"]}{layout.header_row + 1}="{name}"'
        for column, cells in layout.ranges():
            if column.type is ColumnType.AMOUNT:
                sheet.conditional_formatting.add(cells, Rule(type="expression", formula=[test], dxf=look))


# ---------------------------------------------------------------- styles of cells


def _styles(sheet: Worksheet, layout: _Layout) -> Styles:
    """The numbers of all styles that rows are written with."""
    from openpyxl.styles import Alignment

    def left(vertical: Literal["top", "center", "bottom"], wrapped: bool = False) -> Alignment:
        return Alignment(horizontal="left", vertical=vertical, indent=1, wrap_text=wrapped)

    return Styles(
        title=_style(sheet, font=_font(18, HEAD, bold=True), alignment=left("center")),
        intro=_style(sheet, font=_font(10, MUTED), alignment=left("top", wrapped=True)),
        fact_label=_style(sheet, font=_font(8, MUTED), alignment=left("bottom")),
        fact_value=_style(sheet, font=_font(11, INK, bold=True), alignment=left("top")),
        cells=tuple(_cell_styles(sheet, column) for column in layout.shape.columns),
    )


def _cell_styles(sheet: Worksheet, column: Column) -> CellStyles:
    from openpyxl.styles import Alignment, Border, PatternFill, Side

    side = "right" if column.type in (ColumnType.AMOUNT, ColumnType.PERCENT, ColumnType.PROGRESS) else "left"
    indent = 1 if side == "left" else 0  # LibreOffice draws an indent on the right for some cells only
    place = Alignment(horizontal=side, vertical="center", wrap_text=True, indent=indent)
    look = {
        "font": _font(8, MUTED) if column.type is ColumnType.KEY else _font(10, INK),
        "border": Border(bottom=Side("thin", LINE)),
        "alignment": place,
    }
    shown = _SHOWN.get(column.type, "General")
    above = Alignment(horizontal=side, vertical="bottom", wrap_text=True, indent=indent)
    return CellStyles(
        help=_style(sheet, font=_font(8, MUTED, italic=True), alignment=above),
        header=_style(sheet, font=_font(10, "FFFFFF", bold=True), fill=PatternFill("solid", HEAD), alignment=place),
        usual=_style(sheet, **look, number_format=shown),
        quoted=_style(sheet, **look, number_format=shown, quotePrefix=True),
        percent_unit=_style(sheet, **look, number_format=_UNIT_FORMAT),
    )


def _font(size: int, color: str, bold: bool = False, italic: bool = False) -> Font:
    from openpyxl.styles import Font

    return Font(name=FONT, size=size, color=color, bold=bold, italic=italic)


def _style(sheet: Worksheet, **look: object) -> int:
    """The style number that openpyxl gives to a cell of this *look*."""
    cell = sheet.cell(1, 1)
    cell.style = "Normal"
    cell.quotePrefix = False
    for name, value in look.items():
        setattr(cell, name, value)
    return int(cell.style_id)


# ---------------------------------------------------------------- cutting


def _own(data: bytes) -> bytes:
    """Name the program that made the file truthfully: spreadsheets trust cached values of their own files only."""
    spaces = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    part = f'<Properties xmlns="{spaces}"><Application>Throughline</Application></Properties>'
    package = open_package(data)
    # Every part is packed anew: the library stamps its members with the time of day, and equal input gives equal bytes.
    parts = {name: package.part(name) or b"" for name in package.names()}
    return admit_properties(repack(data, {**parts, "docProps/app.xml": part.encode()}))


_ROWS = re.compile(r"<sheetData\s*/>|<sheetData>.*?</sheetData>", re.DOTALL)
_DIMENSION = re.compile(r"<dimension [^>]*/>")
SHEET_PART = "xl/worksheets/sheet1.xml"
WORKBOOK_PART = "xl/workbook.xml"


def _cut(data: bytes, layout: _Layout, styles: Styles) -> Master:
    package = open_package(data)
    sheet, workbook = ((package.part(name) or b"").decode() for name in (SHEET_PART, WORKBOOK_PART))
    before, after = _ROWS.split(_DIMENSION.sub("", sheet), maxsplit=1)
    return Master(data, before, after, workbook, layout.header_row, layout.first_column, styles)
