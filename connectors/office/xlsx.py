"""Sheets as .xlsx files: `build` a new one, `read` one that people wrote in, `edit` it without dropping anything."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

from connectors.office.package import BrokenFile, EditRefused, Properties, escape_text, repack, stamp
from connectors.office.xlsx_edit import edit
from connectors.office.xlsx_master import (
    OWN_TEXT,
    PERCENT_UNITS,
    SHEET_PART,
    WORKBOOK_PART,
    CellStyles,
    Master,
    digest,
    formula_in_row,
    has_help,
    master_of,
)
from connectors.office.xlsx_read import read
from connectors.office.xlsx_values import column_letters, progress, serial_of
from connectors.workspace import CellValue, NewRow, TableContent
from templates.shapes import Column, ColumnType, TableShape

__all__ = ["BrokenFile", "EditRefused", "Properties", "build", "edit", "read"]

_LINE = 13.5
"""Points that one line of a table's text takes."""


def build(content: TableContent, *, key: str, kind: str, title: str) -> bytes:
    """A new workbook of *content*, carrying *key*, *kind* and *title*. Equal arguments give equal bytes.

    Raises ValueError when a row has a cell for a column that the shape does not have.
    """
    _check(content)
    strips = _strips(content)
    master = master_of(content.shape, len(strips))
    top = _top(content, master, title, strips)
    first = master.header_row + 1
    rows = (*content.rows, *(NewRow("", {}) for _ in range(content.shape.empty_rows)))
    table = [_row(content.shape, master, number, row) for number, row in enumerate(rows, start=first)]
    last_row = max(master.header_row + len(rows), first)
    sheet = "".join((master.before, "<sheetData>", *top, *table, "</sheetData>", master.tail(last_row)))
    own = " ".join(sorted({digest(text) for text in (title, *(text for fact in content.facts for text in fact)) if text}))
    properties = stamp(key=key, kind=kind, title=title, more=_chunks(own))
    return repack(master.data, {SHEET_PART: sheet.encode(), WORKBOOK_PART: master.workbook_part(last_row)} | properties)


def _check(content: TableContent) -> None:
    known = {column.key for column in content.shape.columns}
    for row in content.rows:
        if unknown := row.cells.keys() - known:
            names = ", ".join(sorted(unknown))
            raise ValueError(f"The row {row.key!r} of {content.shape.title} has cells for unknown columns: {names}.")


def _chunks(own: str) -> dict[str, str]:
    """Digests in properties of at most 250 characters, which is what Office keeps."""
    parts = [own[at : at + 250] for at in range(0, len(own), 250)] or [""]
    return {f"{OWN_TEXT}{number or ''}": part for number, part in enumerate(parts)}


# ---------------------------------------------------------------- above the table

_Strip = list[tuple[int, str, str]]
"""Column, label and value of each fact in one line."""


def _strips(content: TableContent) -> list[_Strip]:
    """Facts side by side, each as wide as its text needs, in as many lines as the table's width asks for."""
    columns, strips = content.shape.columns, list[_Strip]()
    first = next((i for i, column in enumerate(columns, 1) if column.type is not ColumnType.KEY), 1)
    at = len(columns) + 1
    for label, value in content.facts:
        needed = max(len(label), 1.2 * len(value)) + 2
        end = _end(columns, at, needed)
        if end > len(columns) + 1 or at > len(columns):
            strips.append([])
            at, end = first, _end(columns, first, needed)
        strips[-1].append((at, label, value))
        at = end
    return strips


def _end(columns: tuple[Column, ...], start: int, needed: float) -> int:
    """The first column behind a text that begins in column *start* and is *needed* characters wide."""
    width = 0
    for index in range(start, len(columns) + 1):
        width += columns[index - 1].width + 2
        if width >= needed:
            return index + 1
    return len(columns) + 2


def _top(content: TableContent, master: Master, title: str, strips: list[_Strip]) -> Iterator[str]:
    """Title, introduction, facts, guidance and header."""
    shape, styles, first = content.shape, master.styles, master.first_column
    yield _line(1, 32, [_text(1, first, styles.title, title)])
    number = 2
    if shape.intro:
        yield _line(2, _intro_height(shape, first), [_text(2, first, styles.intro, shape.intro)])
        number = 3
    for strip in strips:
        yield _line(number, 18, [_text(number, column, styles.fact_label, label) for column, label, _ in strip])
        yield _line(number + 1, 18, [_text(number + 1, column, styles.fact_value, value) for column, _, value in strip])
        number += 2
    yield _line(number, 8, [])
    if has_help(shape):
        helps = [
            _text(number + 1, i, styles.cells[i - 1].help, column.help)
            for i, column in enumerate(shape.columns, 1)
            if column.help
        ]
        yield _line(number + 1, _help_height(shape), helps)
    row = master.header_row
    headers = [_text(row, i, styles.cells[i - 1].header, column.title) for i, column in enumerate(shape.columns, 1)]
    yield _line(row, 26, headers)


def _intro_height(shape: TableShape, first: int) -> float:
    width = sum(column.width + 2 for column in shape.columns[first - 1 :])
    return 6 + _LINE * _lines(shape.intro, width)


def _help_height(shape: TableShape) -> float:
    return 4 + 11.5 * max(_lines(column.help, (column.width + 1) * 1.2) for column in shape.columns)


def _lines(text: str, width: float) -> int:
    """How many lines *text* takes where *width* characters fit, a little generously as words do not break."""
    return sum(max(1, math.ceil(1.08 * len(line) / max(width, 1))) for line in text.split("\n"))


# ---------------------------------------------------------------- the table


def _row(shape: TableShape, master: Master, number: int, row: NewRow) -> str:
    cells = []
    values: Mapping[str, CellValue] = row.cells
    in_percent = str(values.get("unit", "")).casefold() in PERCENT_UNITS
    for index, (column, styles) in enumerate(zip(shape.columns, master.styles.cells, strict=True), 1):
        if column.type is ColumnType.KEY:
            cells.append(_cell(number, index, column, styles, row.key or None))
        elif column.type is ColumnType.PROGRESS:
            cells.append(_progress(shape, number, index, styles.usual, values))
        elif in_percent and column.type is ColumnType.AMOUNT:
            cells.append(_cell(number, index, column, styles._replace(usual=styles.percent_unit), values.get(column.key)))
        else:
            cells.append(_cell(number, index, column, styles, values.get(column.key)))
    height = 6 + _LINE * _row_lines(shape.columns, values)
    return f'<row r="{number}" ht="{height:g}">{"".join(cells)}</row>'  # no customHeight: the row grows with what is typed


def _row_lines(columns: Iterable[Column], values: Mapping[str, CellValue]) -> int:
    texts = ((values.get(column.key), column.width) for column in columns if column.type is ColumnType.TEXT)
    return max((_lines(text, width) for text, width in texts if isinstance(text, str)), default=1)


def _cell(row: int, column: int, of: Column, styles: CellStyles, value: CellValue) -> str:
    place = f'<c r="{column_letters(column)}{row}" s="{styles.usual}"'
    if value is None:
        return f"{place}/>"
    if isinstance(value, bool):
        return f'{place} t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float) and math.isfinite(value):
        return f"{place}><v>{value!r}</v></c>"
    if isinstance(value, date):
        if of.type is ColumnType.DATE and not isinstance(value, datetime) and value > date(1900, 3, 1):
            return f"{place}><v>{serial_of(value)}</v></c>"
        value = value.isoformat()
    text = str(value)
    return _text(row, column, styles.quoted if text.startswith(("=", "+", "-", "@", "\t", "\r")) else styles.usual, text)


def _progress(shape: TableShape, row: int, column: int, style: int, values: Mapping[str, CellValue]) -> str:
    letters = {of.key: column_letters(index) for index, of in enumerate(shape.columns, 1)}
    formula = formula_in_row(shape, letters, row)
    place = f'<c r="{column_letters(column)}{row}" s="{style}"'
    if not formula:
        return f"{place}/>"
    share = progress(str(values.get("unit") or ""), *(values.get(name) for name in ("start", "target", "now")))
    value = ' t="str"><f>{}</f><v></v></c>' if share is None else f"><f>{{}}</f><v>{share!r}</v></c>"
    return place + value.format(escape_text(formula))


def _text(row: int, column: int, style: int, text: str) -> str:
    """A cell that holds *text* as text, whatever it begins with."""
    place = f'<c r="{column_letters(column)}{row}" s="{style}"'
    return f'{place} t="inlineStr"><is><t xml:space="preserve">{escape_text(text)}</t></is></c>' if text else f"{place}/>"


def _line(row: int, height: float, cells: list[str]) -> str:
    return f'<row r="{row}" ht="{height:g}" customHeight="1">{"".join(cells)}</row>'
