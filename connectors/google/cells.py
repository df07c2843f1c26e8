"""Targeted edits of a sheet: which cells of the live spreadsheet get which values. Pure.

The Office codec decides on the exported workbook; what it changed there is written here, cell by cell, as raw values:
never as something that Sheets would parse, so never a formula.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from connectors.office import xlsx
from connectors.office.xlsx_book import Book, RawCell
from connectors.office.xlsx_values import Format, column_letters, moment_of
from connectors.workspace import Change
from templates.shapes import TableShape

_Grids = dict[str, dict[tuple[int, int], RawCell]]


def writes_for(data: bytes, shape: TableShape, changes: Sequence[Change]) -> list[dict[str, Any]]:
    """The ranges and values of `values.batchUpdate` that make *changes*; [] when nothing has to be written.

    Raises EditRefused when a row or column is gone, BrokenFile when the workbook cannot be read.
    """
    edited = xlsx.edit(data, shape, changes)
    if edited is data:
        return []
    before, after = _grids(data), _grids(edited)
    return [
        {"range": f"{_sheet(name)}!{column_letters(place[1])}{place[0]}", "values": [[value]]}
        for name, cells in after.items()
        for place, value in _changed(before.get(name, {}), cells)
    ]


def _grids(data: bytes) -> _Grids:
    book = Book(data)
    grids = {sheet.name: book.grid(book.root_of(sheet)) for sheet in book.sheets}
    return {
        name: {(row, at): cell for row, cells in grid.items() for at, cell in cells.items()} for name, grid in grids.items()
    }


def _changed(
    before: Mapping[tuple[int, int], RawCell], after: Mapping[tuple[int, int], RawCell]
) -> Iterator[tuple[tuple[int, int], object]]:
    """Places and raw values of the cells that the codec set. What it computes itself, Sheets computes, too."""
    for place, cell in sorted(after.items()):
        known = before.get(place)
        if cell.formula or not cell.text or (known is not None and (known.text, known.number) == (cell.text, cell.number)):
            continue
        yield place, _raw(cell, prepared=known is not None and known.format is cell.format)


def _raw(cell: RawCell, prepared: bool) -> object:
    """A value of Sheets. Where the cell was not *prepared* to show a day or a share, text shows it, and reads back so."""
    if cell.boolean:
        return cell.text in ("1", "true")
    if cell.number is None:
        return cell.text
    if cell.format is Format.DAY and not prepared:
        moment = moment_of(cell.number, False)
        return moment.date().isoformat() if moment else cell.number
    if cell.format is Format.PERCENT and not prepared:
        return f"{cell.number * 100:g} %"
    return int(cell.number) if cell.number.is_integer() else cell.number


def _sheet(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"
