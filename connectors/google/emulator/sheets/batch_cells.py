"""Requests that change cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from connectors.google.emulator.errors import Json, bad_request
from connectors.google.emulator.fields import Mask, update
from connectors.google.emulator.sheets.batch import Apply, Batch, mask_of
from connectors.google.emulator.sheets.book import EMPTY, Cell, Entered, Formula, Sheet, number_of
from connectors.google.emulator.sheets.colors import completed
from connectors.google.emulator.sheets.entering import entered
from connectors.google.emulator.sheets.formulas import Calculator
from connectors.google.emulator.sheets.ranges import Area, from_grid
from connectors.google.emulator.sheets.references import moved
from connectors.google.emulator.sheets.values import shown

_WRITABLE = {"userEnteredValue", "userEnteredFormat", "note", "dataValidation", "chipRuns", "textFormatRuns", "*"}


def cell_of(cell: Cell, given: Json, mask: Mask) -> Cell:
    """*cell* in which what *mask* selects is as in `CellData` *given*."""
    strange = set(mask) - _WRITABLE
    if strange:
        raise bad_request(f"Invalid field: {min(strange)}")
    everything = "*" in mask
    changed = cell
    if everything or "userEnteredValue" in mask:
        changed = replace(changed, value=value_of(given.get("userEnteredValue")))
    if everything or "userEnteredFormat" in mask:
        inner = {} if everything else mask["userEnteredFormat"]
        wanted = completed(given.get("userEnteredFormat") or {})
        form = update(dict(cell.format or {}), wanted, _with_styles(inner)) if inner else wanted
        changed = replace(changed, format=form or None)
    if everything or "note" in mask:
        changed = replace(changed, note=str(given.get("note") or ""))
    if everything or "dataValidation" in mask:
        changed = replace(changed, validation=given.get("dataValidation") or None)
    if everything or "chipRuns" in mask:
        changed = replace(changed, chips=given.get("chipRuns") or None)
    if everything or "textFormatRuns" in mask:
        changed = replace(changed, runs=_runs(given.get("textFormatRuns") or ()))
    return changed


def _runs(given: Iterable[Json]) -> list[Json] | None:
    """Runs as Sheets tells them: the first begins at 0 and does not say so."""
    return [{name: value for name, value in completed(run).items() if name != "startIndex" or value} for run in given] or None


def _with_styles(mask: Mask) -> Mask:
    """A colour and its style are one thing: whoever sets one sets both."""
    found: Mask = {}
    for name, inner in mask.items():
        plain = name.removesuffix("Style")
        if plain in ("backgroundColor", "foregroundColor"):
            found |= {plain: {}, f"{plain}Style": {}}
        else:
            found[name] = _with_styles(inner)
    return found


def value_of(given: Json | None) -> Entered:
    """What an `ExtendedValue` says."""
    if not given:
        return None
    if "formulaValue" in given:
        return Formula(str(given["formulaValue"]))
    if "numberValue" in given:
        return number_of(given["numberValue"])
    if "boolValue" in given:
        return bool(given["boolValue"])
    if "errorValue" in given:
        raise bad_request("errorValue is read-only")
    return str(given.get("stringValue") or "") or None


def update_cells(batch: Batch, given: Json) -> None:
    """`updateCells`: rows of cells from *start*, or into *range*, whose cells without data are cleared."""
    mask = mask_of(given)
    rows = given.get("rows") or []
    if "range" in given:
        area = from_grid(given["range"], batch.book)
        for number, row in enumerate(area.rows):
            values = (rows[number].get("values") or []) if number < len(rows) else []
            for place, column in enumerate(area.columns):
                data = values[place] if place < len(values) else {}
                area.sheet.put(row, column, cell_of(area.sheet.at(row, column), data, mask))
        return
    start = given.get("start") or {}
    sheet = batch.sheet(start.get("sheetId"))
    _fill(sheet, int(start.get("rowIndex") or 0), int(start.get("columnIndex") or 0), rows, mask)


def _fill(sheet: Sheet, top: int, left: int, rows: list[Json], mask: Mask) -> None:
    for row, data in enumerate(rows, top):
        for column, each in enumerate(data.get("values") or [], left):
            if row >= sheet.rows or column >= sheet.columns:
                raise bad_request(
                    f"Attempting to write column: {column}, beyond the last requested column of: {sheet.columns - 1}"
                )
            sheet.put(row, column, cell_of(sheet.at(row, column), each, mask))


def _append_cells(batch: Batch, given: Json) -> None:
    sheet = batch.sheet(given.get("sheetId"))
    rows = given.get("rows") or []
    top = max((row for row, _, _ in sheet.filled()), default=-1) + 1
    sheet.rows = max(sheet.rows, top + len(rows))
    sheet.columns = max(sheet.columns, max((len(row.get("values") or []) for row in rows), default=0))
    _fill(sheet, top, 0, rows, mask_of(given))


def _every(area: Area, change: Callable[[Cell], Cell]) -> None:
    for row in area.rows:
        for column in area.columns:
            area.sheet.put(row, column, change(area.sheet.at(row, column)))


def _repeat_cell(batch: Batch, given: Json) -> None:
    area, mask, data = from_grid(given.get("range") or {}, batch.book), mask_of(given), given.get("cell") or {}
    top, left = area.top, area.left
    for row in area.rows:
        for column in area.columns:
            cell = cell_of(area.sheet.at(row, column), data, mask)
            if isinstance(cell.value, Formula) and "userEnteredValue" in data:
                cell = replace(cell, value=Formula(moved(cell.value.text, row - top, column - left)))
            area.sheet.put(row, column, cell)


def _set_validation(batch: Batch, given: Json) -> None:
    rule = given.get("rule") or None
    _every(from_grid(given.get("range") or {}, batch.book), lambda cell: replace(cell, validation=rule))


def _update_borders(batch: Batch, given: Json) -> None:
    area = from_grid(given.get("range") or {}, batch.book)
    rows, columns = area.rows, area.columns
    for row in rows:
        for column in columns:
            sides = {
                "top": "top" if row == rows.start else "innerHorizontal",
                "bottom": "bottom" if row == rows.stop - 1 else "innerHorizontal",
                "left": "left" if column == columns.start else "innerVertical",
                "right": "right" if column == columns.stop - 1 else "innerVertical",
            }
            cell = area.sheet.at(row, column)
            borders = dict((cell.format or {}).get("borders") or {})
            borders |= {side: completed(given[name]) for side, name in sides.items() if given.get(name)}
            if borders:
                area.sheet.put(row, column, replace(cell, format={**(cell.format or {}), "borders": borders}))


# ---------------------------------------------------------------- copy and paste


def _pasted(source: Cell, target: Cell, kind: str) -> Cell:
    if kind == "PASTE_VALUES":
        return replace(target, value=source.value)
    if kind == "PASTE_FORMAT":
        return replace(target, format=source.format)
    if kind == "PASTE_DATA_VALIDATION":
        return replace(target, validation=source.validation)
    if kind == "PASTE_FORMULA":
        return replace(target, value=source.value)
    return source


def _copy_paste(batch: Batch, given: Json) -> None:
    source, target = from_grid(given.get("source") or {}, batch.book), from_grid(given.get("destination") or {}, batch.book)
    kind = given.get("pasteType") or "PASTE_NORMAL"
    turned = given.get("pasteOrientation") == "TRANSPOSE"
    block = [[source.sheet.at(row, column) for column in source.columns] for row in source.rows]
    if kind == "PASTE_VALUES":
        calculator = Calculator(batch.book, batch.now)
        block = [
            [_solid(source.sheet.at(row, column), calculator.value(source.sheet, row, column)) for column in source.columns]
            for row in source.rows
        ]
    block = [list(line) for line in zip(*block, strict=True)] if turned else block
    height, width = len(block), len(block[0]) if block else 0
    for down in range(_times(target.rows, height)):
        for right in range(_times(target.columns, width)):
            row, column = target.top + down, target.left + right
            cell = block[down % height][right % width]
            shift = (row - source.top - down % height, column - source.left - right % width)
            cell = _pasted(cell, target.sheet.at(row, column), kind)
            if isinstance(cell.value, Formula) and not turned:
                cell = replace(cell, value=Formula(moved(cell.value.text, *shift)))
            target.sheet.put(row, column, cell)


def _times(target: range, size: int) -> int:
    """How far the copy reaches: a whole multiple of the source fills the target, else once."""
    return len(target) if size and len(target) >= size and len(target) % size == 0 else size


def _solid(cell: Cell, value: Any) -> Cell:
    return replace(cell, value=value if isinstance(value, str | bool | int | float) or value is None else value.text)


def _cut_paste(batch: Batch, given: Json) -> None:
    source = from_grid(given.get("source") or {}, batch.book)
    start = given.get("destination") or {}
    sheet = batch.sheet(start.get("sheetId"))
    kind = given.get("pasteType") or "PASTE_NORMAL"
    block = [[source.sheet.at(row, column) for column in source.columns] for row in source.rows]
    for row in source.rows:
        for column in source.columns:
            cell = source.sheet.at(row, column)
            kept = EMPTY if kind == "PASTE_NORMAL" else replace(cell, value=None) if kind == "PASTE_VALUES" else cell
            source.sheet.put(row, column, kept)
    for row, line in enumerate(block, int(start.get("rowIndex") or 0)):
        for column, cell in enumerate(line, int(start.get("columnIndex") or 0)):
            sheet.put(row, column, _pasted(cell, sheet.at(row, column), kind))


# ---------------------------------------------------------------- sorting and replacing


def _sort_range(batch: Batch, given: Json) -> None:
    area = from_grid(given.get("range") or {}, batch.book)
    specs = given.get("sortSpecs") or []
    calculator = Calculator(batch.book, batch.now)
    sheet, columns = area.sheet, area.columns
    lines = [
        (
            row,
            {column: sheet.at(row, column) for column in columns},
            {column: calculator.value(sheet, row, column) for column in columns},
        )
        for row in area.rows
    ]
    for spec in reversed(specs):
        column = int(spec.get("dimensionIndex") or 0)
        if column not in columns:
            raise bad_request(f"Sort dimension {column} is outside of the range.")
        down = spec.get("sortOrder") == "DESCENDING"
        lines.sort(key=lambda line: _rank(line[2][column]), reverse=down)
        lines.sort(key=lambda line: line[2][column] is None)
    for row, (former, cells, _) in zip(area.rows, lines, strict=True):
        for column, cell in cells.items():
            if isinstance(cell.value, Formula):
                cell = replace(cell, value=Formula(moved(cell.value.text, row - former, 0)))
            sheet.put(row, column, cell)


def _rank(value: Any) -> tuple[int, Any]:
    """Numbers before text before truth values; text without regard to case."""
    if value is None:
        return (9, 0)
    if isinstance(value, bool):
        return (2, value)
    if isinstance(value, str):
        return (1, value.casefold())
    return (0, value) if isinstance(value, int | float) else (3, value.text)


def _find_replace(batch: Batch, given: Json) -> Json:
    areas = _searched(batch, given)
    pattern = _pattern(given)
    into = str(given.get("replacement") or "")
    into = re.sub(r"\$(\d)", r"\\\1", into.replace("\\", "\\\\")) if given.get("searchByRegex") else into.replace("\\", "\\\\")
    counts = {"values": 0, "formulas": 0, "occurrences": 0}
    rows, sheets = set(), set()
    for area in areas:
        for row in area.rows:
            for column in area.columns if row in area.sheet.cells else ():
                if _replace(batch, area.sheet, row, column, pattern, into, given, counts):
                    rows.add((area.sheet.id, row))
                    sheets.add(area.sheet.id)
    names = {"values": "valuesChanged", "formulas": "formulasChanged", "occurrences": "occurrencesChanged"}
    found = {names[name]: count for name, count in counts.items()} | {"rowsChanged": len(rows), "sheetsChanged": len(sheets)}
    return {name: count for name, count in found.items() if count}


def _searched(batch: Batch, given: Json) -> list[Area]:
    if given.get("range"):
        return [from_grid(given["range"], batch.book)]
    if "sheetId" in given:
        return [Area(batch.sheet(given["sheetId"]))]
    if given.get("allSheets"):
        return [Area(sheet) for sheet in batch.book.sheets]
    raise bad_request("Must set one of range, sheetId, or allSheets.")


def _pattern(given: Json) -> re.Pattern[str]:
    text = str(given.get("find") or "")
    if not text:
        raise bad_request("Must set find.")
    text = text if given.get("searchByRegex") else re.escape(text)
    if given.get("matchEntireCell"):
        text = f"^(?:{text})$"
    try:
        return re.compile(text, 0 if given.get("matchCase") else re.IGNORECASE)
    except re.error as error:
        raise bad_request(f"Invalid regular expression: {error}") from error


def _replace(
    batch: Batch, sheet: Sheet, row: int, column: int, pattern: re.Pattern[str], into: str, given: Json, counts: dict[str, int]
) -> bool:
    cell = sheet.at(row, column)
    formula = isinstance(cell.value, Formula)
    if cell.value is None or (formula and not given.get("includeFormulas")):
        return False
    locale = str(batch.book.properties["locale"])
    text = cell.value.text if isinstance(cell.value, Formula) else shown(cell.value, cell.format, locale)
    changed, count = pattern.subn(into, text)
    if not count:
        return False
    sheet.put(row, column, entered(changed, "USER_ENTERED", cell, locale) or EMPTY)
    counts["formulas" if formula else "values"] += 1
    counts["occurrences"] += count
    return True


KINDS: dict[str, Apply] = {
    "updateCells": update_cells,
    "appendCells": _append_cells,
    "repeatCell": _repeat_cell,
    "setDataValidation": _set_validation,
    "updateBorders": _update_borders,
    "copyPaste": _copy_paste,
    "cutPaste": _cut_paste,
    "sortRange": _sort_range,
    "findReplace": _find_replace,
}
