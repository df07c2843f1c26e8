"""Requests that change tables."""

from __future__ import annotations

from connectors.google.emulator.docs.body import (
    CELL,
    PLAIN,
    ROW,
    TABLE,
    TABLE_END,
    Tab,
    Unit,
)
from connectors.google.emulator.docs.edits import Apply, Edits
from connectors.google.emulator.errors import Json, bad_request


def _insert_table(edits: Edits, given: Json) -> None:
    tab, index = edits.place(given)
    rows, columns = int(given.get("rows") or 0), int(given.get("columns") or 0)
    if rows < 1 or columns < 1:
        raise bad_request("A table needs at least one row and one column.")
    row = [Unit(ROW), *([Unit(CELL), Unit("\n", None, PLAIN)] * columns)]
    mark = tab.mark(index)
    before = Unit("\n", None, mark)
    if mark.heading:
        tab.restyle(tab.paragraph(index)[1] - 1, heading=edits.document.heading_id(mark.style))
    tab.insert(index, [before, Unit(TABLE), *(row * rows), Unit(TABLE_END)])


def _table(edits: Edits, given: Json) -> tuple[Tab, list[list[tuple[int, int]]], int]:
    """The tab, the cells of each row as start and end, and the table's start, of a `tableStartLocation`."""
    location = given.get("tableStartLocation") or {}
    tab = edits.document.tab(str(location.get("tabId") or ""))
    start = int(location.get("index") or 0)
    if not 0 < start < tab.end or tab.units[start].text != TABLE:
        raise bad_request(f"Invalid table start location. There is no table at index {start}.")
    rows: list[list[tuple[int, int]]] = []
    depth, index = 0, start
    while True:
        text = tab.units[index].text
        depth += (text == TABLE) - (text == TABLE_END)
        if depth == 1 and text == ROW:
            rows.append([])
        elif depth == 1 and text == CELL:
            rows[-1].append((index, index))
        if rows and rows[-1] and depth >= 1:
            rows[-1][-1] = (rows[-1][-1][0], index + 1)
        if depth == 0:
            return tab, rows, start
        index += 1
        if tab.units[index].text in (ROW, CELL, TABLE_END) and depth == 1 and rows and rows[-1]:
            rows[-1][-1] = (rows[-1][-1][0], index)


def _cell(edits: Edits, given: Json) -> tuple[Tab, list[list[tuple[int, int]]], int, int]:
    place = given.get("tableCellLocation") or {}
    tab, rows, _ = _table(edits, place)
    row, column = int(place.get("rowIndex") or 0), int(place.get("columnIndex") or 0)
    if not 0 <= row < len(rows) or not 0 <= column < len(rows[row]):
        raise bad_request(f"The cell at row {row} and column {column} is not in the table.")
    return tab, rows, row, column


def _row_span(rows: list[list[tuple[int, int]]], row: int) -> tuple[int, int]:
    return rows[row][0][0] - 1, rows[row][-1][1]


def _insert_row(edits: Edits, given: Json) -> None:
    tab, rows, row, _ = _cell(edits, given)
    start, end = _row_span(rows, row)
    units = [Unit(ROW), *([Unit(CELL), Unit("\n", None, PLAIN)] * len(rows[row]))]
    tab.insert(end if given.get("insertBelow") else start, units)


def _delete_row(edits: Edits, given: Json) -> None:
    tab, rows, row, _ = _cell(edits, given)
    start, end = _row_span(rows, row)
    if len(rows) == 1:
        start, end = start - 1, end + 1
    tab.delete(start, end)


def _insert_column(edits: Edits, given: Json) -> None:
    tab, rows, _, column = _cell(edits, given)
    for cells in reversed(rows):
        start, end = cells[column]
        tab.insert(end if given.get("insertRight") else start, [Unit(CELL), Unit("\n", None, PLAIN)])


def _delete_column(edits: Edits, given: Json) -> None:
    tab, rows, _, column = _cell(edits, given)
    if len(rows[0]) == 1:
        tab.delete(rows[0][0][0] - 2, rows[-1][-1][1] + 1)
        return
    for cells in reversed(rows):
        tab.delete(*cells[column])


KINDS: dict[str, Apply] = {
    "insertTable": _insert_table,
    "insertTableRow": _insert_row,
    "deleteTableRow": _delete_row,
    "insertTableColumn": _insert_column,
    "deleteTableColumn": _delete_column,
}
