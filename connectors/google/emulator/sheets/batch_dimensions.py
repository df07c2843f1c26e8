"""Requests that put in, take away, move, size and group rows and columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from connectors.google.emulator.errors import Json, bad_request
from connectors.google.emulator.fields import update
from connectors.google.emulator.sheets.batch import Apply, Batch, mask_of
from connectors.google.emulator.sheets.book import Cell, Formula, Sheet
from connectors.google.emulator.sheets.formulas import Calculator
from connectors.google.emulator.sheets.ranges import from_grid
from connectors.google.emulator.sheets.references import reflowed
from connectors.google.emulator.sheets.render import formatted
from connectors.google.emulator.sheets.widths import line_width

_ENDS = {"ROWS": ("startRowIndex", "endRowIndex"), "COLUMNS": ("startColumnIndex", "endColumnIndex")}
_WORDS = {"ROWS": "rows", "COLUMNS": "columns"}


def _span(batch: Batch, given: Json) -> tuple[Sheet, str, int, int]:
    """Tab, dimension, start and end of a `DimensionRange`. Raises 400."""
    sheet = batch.sheet(given.get("sheetId"))
    dimension = str(given.get("dimension") or "")
    if dimension not in _ENDS:
        raise bad_request("No dimension was specified.")
    size = _size(sheet, dimension)
    start = int(given.get("startIndex") or 0)
    end = int(given["endIndex"]) if given.get("endIndex") is not None else size
    if end <= start:
        raise bad_request(f"endIndex[{end}] must be after startIndex[{start}]")
    return sheet, dimension, start, end


def _size(sheet: Sheet, dimension: str) -> int:
    return sheet.rows if dimension == "ROWS" else sheet.columns


def _resize(sheet: Sheet, dimension: str, by: int) -> None:
    if dimension == "ROWS":
        sheet.rows += by
    else:
        sheet.columns += by


def _renumber(sheet: Sheet, dimension: str, place: Callable[[int], int | None]) -> None:
    """Every row or column goes where *place* says; None takes it away."""

    def moved(held: dict[int, Any]) -> dict[int, Any]:
        return {new: value for old, value in held.items() if (new := place(old)) is not None}

    if dimension == "ROWS":
        sheet.cells = moved(sheet.cells)
    else:
        sheet.cells = {row: moved(columns) for row, columns in sheet.cells.items()}
    sheet.dimensions[dimension] = moved(sheet.dimensions[dimension])


def _shift(batch: Batch, sheet: Sheet, dimension: str, start: int, count: int) -> None:
    """What refers to places of *sheet* follows *count* lines put in at *start*, or taken away if negative."""
    low, high = _ENDS[dimension]

    def ends(held: Json, first: str, last: str) -> bool:
        for name in (first, last):
            if held.get(name) is not None:
                held[name] = _followed(int(held[name]), start, count, name == last)
        return held.get(first) is None or held.get(last) is None or held[first] < held[last]

    named = [each for each in batch.book.names.values() if int(each["range"].get("sheetId") or 0) == sheet.id]
    for each in named:
        if not ends(each["range"], low, high):
            batch.book.names.pop(each["namedRangeId"])
    sheet.merges = [merge for merge in sheet.merges if ends(merge, low, high)]
    sheet.protected = [each for each in sheet.protected if "range" not in each or ends(each["range"], low, high)]
    for rule in sheet.conditional:
        rule["ranges"] = [each for each in rule.get("ranges", []) if ends(each, low, high)]
    sheet.conditional = [rule for rule in sheet.conditional if rule["ranges"]]
    if sheet.filter and not ends(sheet.filter["range"], low, high):
        sheet.filter = None
    sheet.groups[dimension] = [each for each in sheet.groups[dimension] if ends(each["range"], "startIndex", "endIndex")]
    sheet.metadata = [
        each
        for each in sheet.metadata
        if each.get("location", {}).get("dimensionRange", {}).get("dimension") != dimension
        or ends(each["location"]["dimensionRange"], "startIndex", "endIndex")
    ]
    _reflow(batch, sheet, dimension, start, count)


def _followed(place: int, start: int, count: int, is_end: bool) -> int:
    if count > 0:
        return place + count if place > start or (place == start and not is_end) else place
    if place <= start:
        return place
    return max(start, place + count)


def _reflow(batch: Batch, sheet: Sheet, dimension: str, start: int, count: int) -> None:
    for other in batch.book.sheets:
        for row, column, cell in list(other.filled()):
            if isinstance(cell.value, Formula):
                text = reflowed(cell.value.text, other is sheet, sheet.title, dimension, start, count)
                if text != cell.value.text:
                    other.put(row, column, replace(cell, value=Formula(text)))


def insert(batch: Batch, given: Json) -> None:
    """`insertDimension`."""
    sheet, dimension, start, end = _span(batch, given.get("range") or {})
    if start > _size(sheet, dimension):
        raise bad_request(f"range.startIndex[{start}] is beyond the grid.")
    before = bool(given.get("inheritFromBefore"))
    if before and start == 0:
        raise bad_request("Can't inherit from before at the first row or column.")
    count = end - start
    source = start - 1 if before else start
    patterns = _patterns(sheet, dimension, source)
    _renumber(sheet, dimension, lambda place: place + count if place >= start else place)
    _resize(sheet, dimension, count)
    _shift(batch, sheet, dimension, start, count)
    for place in range(start, end):
        for across, cell in patterns.items():
            sheet.put(*((place, across) if dimension == "ROWS" else (across, place)), cell)


def _patterns(sheet: Sheet, dimension: str, source: int) -> dict[int, Cell]:
    """What new lines take over from a neighbour: formats and rules, no values."""
    if dimension == "ROWS":
        held = sheet.cells.get(source, {})
    else:
        held = {row: columns[source] for row, columns in sheet.cells.items() if source in columns}
    return {
        across: Cell(format=cell.format, validation=cell.validation)
        for across, cell in held.items()
        if cell.format or cell.validation
    }


def _delete(batch: Batch, given: Json) -> None:
    sheet, dimension, start, end = _span(batch, given.get("range") or {})
    size = _size(sheet, dimension)
    if start >= size:
        word = _WORDS[dimension][:-1]
        raise bad_request(
            f"Cannot delete a {word} that doesn't exist. "
            f"Tried to delete {word} index {start} but there are only {size} {_WORDS[dimension]}."
        )
    end = min(end, size)
    if end - start >= size:
        raise bad_request(f"You can't delete all the {_WORDS[dimension]} on the sheet.")
    frozen = "frozenRowCount" if dimension == "ROWS" else "frozenColumnCount"
    held = int(sheet.grid.get(frozen) or 0)
    if held and start <= held and end >= size:
        raise bad_request(f"Sorry, it is not possible to delete all non-frozen {_WORDS[dimension]}.")
    if held:
        sheet.grid[frozen] = held - max(0, min(end, held) - start)
    count = end - start
    _renumber(sheet, dimension, lambda place: place if place < start else None if place < end else place - count)
    _resize(sheet, dimension, -count)
    _shift(batch, sheet, dimension, start, -count)


def _append(batch: Batch, given: Json) -> None:
    sheet = batch.sheet(given.get("sheetId"))
    if given.get("dimension") not in _ENDS:
        raise bad_request("No dimension was specified.")
    _resize(sheet, str(given["dimension"]), int(given.get("length") or 0))


def _move(batch: Batch, given: Json) -> None:
    sheet, dimension, start, end = _span(batch, given.get("source") or {})
    target = int(given.get("destinationIndex") or 0)
    order = list(range(_size(sheet, dimension)))
    block = order[start:end]
    rest = order[:start] + order[end:]
    at = target if target <= start else max(start, target - len(block))
    order = rest[:at] + block + rest[at:]
    places = {old: new for new, old in enumerate(order)}
    _renumber(sheet, dimension, lambda place: places.get(place, place))


def _update(batch: Batch, given: Json) -> None:
    sheet, dimension, start, end = _span(batch, given.get("range") or {})
    mask, wanted = mask_of(given), given.get("properties") or {}
    held = sheet.dimensions[dimension]
    for place in range(start, min(end, _size(sheet, dimension))):
        changed = update(held.get(place, {}), wanted, mask)
        if changed:
            held[place] = changed
        else:
            held.pop(place, None)


def _points(held: Json | None) -> float:
    return float(((held or {}).get("textFormat") or {}).get("fontSize") or 10)


def _auto_resize(batch: Batch, given: Json) -> None:
    sheet, dimension, start, end = _span(batch, given.get("dimensions") or {})
    calculator = Calculator(batch.book, batch.now)
    for place in range(start, min(end, _size(sheet, dimension))):
        shown = [
            (formatted(calculator.value(sheet, row, column), cell.format, batch.book), _points(cell.format))
            for row, column, cell in sheet.filled()
            if (row if dimension == "ROWS" else column) == place
        ]
        if dimension == "COLUMNS":
            pixels = max((line_width(line, points) for text, points in shown for line in text.split("\n") if line), default=100)
        else:
            pixels = max((21 + 17 * text.count("\n") for text, _ in shown), default=21)
        sheet.dimensions[dimension][place] = sheet.dimensions[dimension].get(place, {}) | {"pixelSize": pixels}


# ---------------------------------------------------------------- groups


def _group_range(sheet: Sheet, dimension: str, start: int, end: int) -> Json:
    found: Json = {"sheetId": sheet.id} if sheet.id else {}
    return found | {"dimension": dimension, "startIndex": start, "endIndex": end}


def _add_group(batch: Batch, given: Json) -> Json:
    sheet, dimension, start, end = _span(batch, given.get("range") or {})
    groups = sheet.groups[dimension]
    inside = [each for each in groups if each["range"]["startIndex"] <= start and end <= each["range"]["endIndex"]]
    within = [
        each
        for each in groups
        if start <= each["range"]["startIndex"] and each["range"]["endIndex"] <= end and each not in inside
    ]
    for each in within:
        each["depth"] += 1
    groups.append({"range": _group_range(sheet, dimension, start, end), "depth": len(inside) + 1})
    groups.sort(key=lambda each: (each["depth"], each["range"]["startIndex"]))
    sheet.grid.setdefault("columnGroupControlAfter" if dimension == "COLUMNS" else "rowGroupControlAfter", True)
    return {"dimensionGroups": [dict(each) for each in groups]}


def _delete_group(batch: Batch, given: Json) -> Json:
    sheet, dimension, start, end = _span(batch, given.get("range") or {})
    groups = sheet.groups[dimension]
    covering = [each for each in groups if each["range"]["startIndex"] <= start and end <= each["range"]["endIndex"]]
    if not covering:
        raise bad_request("Can't delete a group that doesn't exist.")
    deepest = max(covering, key=lambda each: int(each["depth"]))
    groups.remove(deepest)
    first, last = deepest["range"]["startIndex"], deepest["range"]["endIndex"]
    for low, high in ((first, start), (end, last)):
        if low < high:
            groups.append({"range": _group_range(sheet, dimension, low, high), "depth": deepest["depth"]})
    return {"dimensionGroups": [dict(each) for each in groups]} if groups else {}


def _update_group(batch: Batch, given: Json) -> None:
    wanted, mask = given.get("dimensionGroup") or {}, mask_of(given)
    sheet, dimension, start, end = _span(batch, wanted.get("range") or {})
    for each in sheet.groups[dimension]:
        same = (each["range"]["startIndex"], each["range"]["endIndex"], each["depth"]) == (start, end, wanted.get("depth"))
        if same and ("collapsed" in mask or "*" in mask):
            each["collapsed"] = bool(wanted.get("collapsed"))
            return
    raise bad_request("Can't update a group that doesn't exist.")


# ---------------------------------------------------------------- parts of lines


def _insert_range(batch: Batch, given: Json) -> None:
    """`insertRange`: cells of the rectangle and behind it move on."""
    area = from_grid(given.get("range") or {}, batch.book)
    _slide(batch, area, str(given.get("shiftDimension") or ""), 1)


def _delete_range(batch: Batch, given: Json) -> None:
    """`deleteRange`: cells behind the rectangle close up."""
    area = from_grid(given.get("range") or {}, batch.book)
    _slide(batch, area, str(given.get("shiftDimension") or ""), -1)


def _slide(batch: Batch, area: Any, dimension: str, way: int) -> None:
    if dimension not in _ENDS:
        raise bad_request("No shiftDimension was specified.")
    sheet, rows, columns = area.sheet, area.rows, area.columns
    down = dimension == "ROWS"
    across, along = (columns, rows) if down else (rows, columns)
    kept: list[tuple[int, int, Cell]] = []
    for row, held in list(sheet.cells.items()):
        for column, cell in list(held.items()):
            place, side = (row, column) if down else (column, row)
            if side not in across or place < along.start:
                continue
            del held[column]
            if way > 0 or place >= along.stop:
                new = place + way * len(along)
                kept.append((new, column, cell) if down else (row, new, cell))
    for row, column, cell in kept:
        sheet.put(row, column, cell)


KINDS: dict[str, Apply] = {
    "insertDimension": insert,
    "deleteDimension": _delete,
    "appendDimension": _append,
    "moveDimension": _move,
    "updateDimensionProperties": _update,
    "autoResizeDimensions": _auto_resize,
    "addDimensionGroup": _add_group,
    "deleteDimensionGroup": _delete_group,
    "updateDimensionGroup": _update_group,
    "insertRange": _insert_range,
    "deleteRange": _delete_range,
}
