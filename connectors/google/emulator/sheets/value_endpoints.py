"""`spreadsheets.values`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from connectors.google.emulator.calls import Call
from connectors.google.emulator.errors import GoogleError, Json, bad_request
from connectors.google.emulator.sheets import render
from connectors.google.emulator.sheets.batch import apply_batch
from connectors.google.emulator.sheets.book import Book, Formula, Sheet
from connectors.google.emulator.sheets.endpoints import filtered, open_book
from connectors.google.emulator.sheets.entering import NoValue, entered
from connectors.google.emulator.sheets.formulas import Calculator
from connectors.google.emulator.sheets.ranges import Area, a1, letters, quoted, read_a1
from connectors.google.emulator.sheets.tables import last_table
from connectors.google.emulator.sheets.values import is_date, shown
from connectors.google.emulator.store import File

_RENDER = ("FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA")


@dataclass(frozen=True)
class Style:
    """How values are read: *major* is ROWS or COLUMNS."""

    major: str = "ROWS"
    render: str = "FORMATTED_VALUE"
    dates: str = "SERIAL_NUMBER"


def _style(given: Any) -> Style:
    major = given("majorDimension") or "ROWS"
    if major == "DIMENSION_UNSPECIFIED":
        major = "ROWS"
    wanted = Style(major, given("valueRenderOption") or "FORMATTED_VALUE", given("dateTimeRenderOption") or "SERIAL_NUMBER")
    if wanted.render not in _RENDER:
        kind = "type.googleapis.com/google.apps.sheets.v4.ValueRenderOption"
        why = f"Invalid value at 'value_render_option' ({kind}), \"{wanted.render}\""
        raise bad_request(why, ("value_render_option", why))
    return wanted


def _read(book: Book, area: Area, style: Style, calculator: Calculator) -> Json:
    """`ValueRange`: without empty cells at the end of a line, and without empty lines at the end."""
    lines = [_line(book, area, row, style, calculator) for row in area.rows]
    if style.major == "COLUMNS":
        width = max((len(line) for line in lines), default=0)
        lines = [[line[column] if column < len(line) else "" for line in lines] for column in range(width)]
    trimmed = [_trimmed(line) for line in lines]
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    found: Json = {"range": area.a1(), "majorDimension": style.major}
    if trimmed:
        found["values"] = trimmed
    return found


def _line(book: Book, area: Area, row: int, style: Style, calculator: Calculator) -> list[Any]:
    """What one row says, as far as its last value: most rows hold rules and formats only."""
    held = area.sheet.cells.get(row, {})
    columns = area.columns
    last = max((column for column, cell in held.items() if cell.value is not None and column in columns), default=-1)
    return [_told(book, area.sheet, row, column, style, calculator) for column in range(columns.start, last + 1)]


def _trimmed(line: list[Any]) -> list[Any]:
    end = len(line)
    while end and line[end - 1] == "":
        end -= 1
    return line[:end]


def _told(book: Book, sheet: Sheet, row: int, column: int, style: Style, calculator: Calculator) -> Any:
    cell = sheet.at(row, column)
    if cell.value is None:
        return ""
    if style.render == "FORMULA" and isinstance(cell.value, Formula):
        return cell.value.text
    effective = calculator.value(sheet, row, column)
    if style.render == "FORMATTED_VALUE" or not isinstance(effective, str | bool | int | float):
        return render.formatted(effective, cell.format, book)
    number = isinstance(effective, int | float) and not isinstance(effective, bool)
    if number and is_date(cell.format) and style.dates == "FORMATTED_STRING":
        return shown(effective, cell.format, str(book.properties["locale"]))
    return effective


def values_get(call: Call) -> Json:
    """`spreadsheets.values.get`."""
    _, book = open_book(call)
    area = read_a1(call.path["range"], book)
    return _read(book, area, _style(call.text), Calculator(book, call.now))


def values_batch_get(call: Call) -> Json:
    """`spreadsheets.values.batchGet`."""
    file, book = open_book(call)
    style, calculator = _style(call.text), Calculator(book, call.now)
    found = [_read(book, read_a1(text, book), style, calculator) for text in call.all("ranges")]
    return {"spreadsheetId": file.id, "valueRanges": found}


def values_batch_get_by_filter(call: Call) -> Json:
    """`spreadsheets.values.batchGetByDataFilter`."""
    file, book = open_book(call)
    style, calculator = _style(lambda name: str(call.body.get(name) or "")), Calculator(book, call.now)
    found = [
        {"valueRange": _read(book, area, style, calculator), "dataFilters": [given]}
        for given in call.body.get("dataFilters", [])
        for area in filtered(book, given)
    ]
    return {"spreadsheetId": file.id, "valueRanges": found}


def _option(given: str) -> str:
    if given in ("", "INPUT_VALUE_OPTION_UNSPECIFIED"):
        raise bad_request("'valueInputOption' is required but not specified")
    if given not in ("RAW", "USER_ENTERED"):
        kind = "type.googleapis.com/google.apps.sheets.v4.ValueInputOption"
        why = f"Invalid value at 'value_input_option' ({kind}), \"{given}\""
        raise bad_request(why, ("value_input_option", why))
    return given


def _write(book: Book, area: Area, body: Json, option: str) -> Json:
    """Write the lines of a `ValueRange` from the first cell of *area*; what `UpdateValuesResponse` says of it."""
    lines = body.get("values") or []
    if body.get("majorDimension") == "COLUMNS":
        width = max((len(line) for line in lines), default=0)
        lines = [[line[row] if row < len(line) else None for line in lines] for row in range(width)]
    width = max((len(line) for line in lines), default=0)
    _fits(area, len(lines), width)
    cells = 0
    for row, line in enumerate(lines, area.top):
        for column, value in enumerate(line, area.left):
            try:
                cell = entered(value, option, area.sheet.at(row, column), str(book.properties["locale"]))
            except NoValue as error:
                raise bad_request(f"Invalid values[{row - area.top}][{column - area.left}]: {error}") from error
            if cell is not None:
                area.sheet.put(row, column, cell)
                cells += 1
    if not lines or not width:
        return {"updatedRange": area.a1()}
    shown_range = f"{quoted(area.sheet.title)}!{a1(area.top, area.top + len(lines), area.left, area.left + width)}"
    return {"updatedRange": shown_range, "updatedRows": len(lines), "updatedColumns": width, "updatedCells": cells}


def _fits(area: Area, rows: int, columns: int) -> None:
    """400 if the values reach beyond what was named. One cell names only where they begin."""
    if area.single:
        area.sheet.rows = max(area.sheet.rows, area.top + rows)
        area.sheet.columns = max(area.sheet.columns, area.left + columns)
        return
    bottom = area.sheet.rows if area.bottom is None else area.bottom
    right = area.sheet.columns if area.right is None else area.right
    if area.top + rows > bottom and area.bottom is not None:
        raise bad_request(f"Requested writing within range [{area.a1()}], but tried writing to row [{bottom + 1}]")
    if area.left + columns > right and area.right is not None:
        raise bad_request(f"Requested writing within range [{area.a1()}], but tried writing to column [{letters(right)}]")


def _with_values(call_now: Any, book: Book, answer: Json, wanted: bool, style: Style) -> Json:
    if wanted:
        area = read_a1(answer["updatedRange"], book)
        answer["updatedData"] = _read(book, area, style, Calculator(book, call_now))
    return answer


def _response_style(given: Any) -> Style:
    return Style(
        "ROWS",
        given("responseValueRenderOption") or "FORMATTED_VALUE",
        given("responseDateTimeRenderOption") or "SERIAL_NUMBER",
    )


def values_update(call: Call) -> Json:
    """`spreadsheets.values.update`."""
    file, book = open_book(call, "writer")
    option = _option(call.text("valueInputOption"))
    area = read_a1(call.path["range"], book)
    given = call.body.get("range")
    if given and read_a1(str(given), book).a1() != area.a1():
        raise bad_request(f"Requested writing within range [{given}], but the path says [{area.a1()}]")
    trial = book.clone()
    trial.touch()
    answer = {"spreadsheetId": file.id} | _write(trial, read_a1(call.path["range"], trial), call.body, option)
    book.become(trial)
    call.world.changed(file, call.who, content=True)
    return _with_values(call.now, book, answer, call.flag("includeValuesInResponse"), _response_style(call.text))


def values_batch_update(call: Call) -> Json:
    """`spreadsheets.values.batchUpdate`: all or nothing."""
    file, book = open_book(call, "writer")
    return _batch_write(call, file, book, [(str(each.get("range") or ""), each) for each in call.body.get("data") or []])


def values_batch_update_by_filter(call: Call) -> Json:
    """`spreadsheets.values.batchUpdateByDataFilter`."""
    file, book = open_book(call, "writer")
    pairs = [
        (area.a1(), {name: value for name, value in each.items() if name != "dataFilter"})
        for each in call.body.get("data") or []
        for area in filtered(book, each.get("dataFilter") or {})
    ]
    return _batch_write(call, file, book, pairs)


def _batch_write(call: Call, file: File, book: Book, pairs: list[tuple[str, Json]]) -> Json:
    option = _option(str(call.body.get("valueInputOption") or ""))
    trial = book.clone()
    trial.touch()
    answers = [_write_one(number, file.id, trial, text, each, option) for number, (text, each) in enumerate(pairs)]
    book.become(trial)
    call.world.changed(file, call.who, content=True)
    wanted, style = bool(call.body.get("includeValuesInResponse")), _response_style(lambda name: str(call.body.get(name) or ""))
    answers = [_with_values(call.now, book, answer, wanted, style) for answer in answers]
    return {"spreadsheetId": file.id} | _totals(book, answers) | {"responses": answers}


def _totals(book: Book, answers: list[Json]) -> Json:
    """What several ranges changed in all: a row or column that two of them touch counts once."""
    rows, columns, sheets = set(), set(), set()
    for answer in answers:
        if answer.get("updatedCells"):
            area = read_a1(answer["updatedRange"], book)
            rows |= {(area.sheet.id, row) for row in area.rows}
            columns |= {(area.sheet.id, column) for column in area.columns}
            sheets.add(area.sheet.id)
    cells = sum(int(answer.get("updatedCells", 0)) for answer in answers)
    counts = {"Rows": len(rows), "Columns": len(columns), "Cells": cells, "Sheets": len(sheets)}
    return {f"totalUpdated{name}": count for name, count in counts.items() if count}


def _write_one(number: int, ident: str, book: Book, text: str, body: Json, option: str) -> Json:
    """One of several ranges; a refusal says which."""
    try:
        return {"spreadsheetId": ident} | _write(book, read_a1(text, book), body, option)
    except GoogleError as error:
        error.message = f"Invalid data[{number}]: {error.message}"
        raise


def values_append(call: Call) -> Json:
    """`spreadsheets.values.append`: below the last table in the range."""
    file, book = open_book(call, "writer")
    option = _option(call.text("valueInputOption"))
    trial = book.clone()
    trial.touch()
    area = read_a1(call.path["range"], trial)
    table = last_table(area)
    answer: Json = {"spreadsheetId": file.id}
    top, left = (table.bottom or 0, table.left) if table else (area.top, area.left)
    if table:
        answer["tableRange"] = table.a1()
    lines = len(call.body.get("values") or []) if call.body.get("majorDimension") != "COLUMNS" else 0
    if call.text("insertDataOption") == "INSERT_ROWS" and table and top < area.sheet.rows:
        apply_batch(
            trial,
            [
                {
                    "insertDimension": {
                        "range": {"sheetId": area.sheet.id, "dimension": "ROWS", "startIndex": top, "endIndex": top + lines}
                    }
                }
            ],
            call.now,
            file.name,
        )
    area.sheet.rows = max(area.sheet.rows, top + lines)
    updates = {"spreadsheetId": file.id} | _write(trial, Area(area.sheet, top, top + 1, left, left + 1), call.body, option)
    book.become(trial)
    call.world.changed(file, call.who, content=True)
    wanted = call.flag("includeValuesInResponse")
    answer["updates"] = _with_values(call.now, book, updates, wanted, _response_style(call.text))
    return answer


def _clear(area: Area) -> str:
    for row in [row for row in area.sheet.cells if row in area.rows]:
        for column in [column for column in area.sheet.cells[row] if column in area.columns]:
            area.sheet.enter(row, column, None)
    return area.a1()


def values_clear(call: Call) -> Json:
    """`spreadsheets.values.clear`: formats, notes and rules stay."""
    file, book = open_book(call, "writer")
    book.touch()
    cleared = _clear(read_a1(call.path["range"], book))
    call.world.changed(file, call.who, content=True)
    return {"spreadsheetId": file.id, "clearedRange": cleared}


def values_batch_clear(call: Call) -> Json:
    """`spreadsheets.values.batchClear`."""
    file, book = open_book(call, "writer")
    areas = [read_a1(str(text), book) for text in call.body.get("ranges") or []]
    book.touch()
    cleared = [_clear(area) for area in areas]
    call.world.changed(file, call.who, content=True)
    return {"spreadsheetId": file.id, "clearedRanges": cleared}


def values_batch_clear_by_filter(call: Call) -> Json:
    """`spreadsheets.values.batchClearByDataFilter`."""
    file, book = open_book(call, "writer")
    areas = [area for given in call.body.get("dataFilters") or [] for area in filtered(book, given)]
    book.touch()
    cleared = [_clear(area) for area in areas]
    call.world.changed(file, call.who, content=True)
    return {"spreadsheetId": file.id, "clearedRanges": cleared}
