"""`spreadsheets` and `spreadsheets.values`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from connectors.google.emulator.calls import Call
from connectors.google.emulator.drive.resources import editable
from connectors.google.emulator.errors import Json, bad_request
from connectors.google.emulator.sheets import render
from connectors.google.emulator.sheets.batch import apply_batch, fill_new
from connectors.google.emulator.sheets.book import Book, Cell, Entered, Formula, Sheet, number_of
from connectors.google.emulator.sheets.formulas import Calculator
from connectors.google.emulator.sheets.ranges import Area, a1, from_grid, quoted, read_a1
from connectors.google.emulator.sheets.tables import last_table
from connectors.google.emulator.sheets.values import is_date, shown, typed
from connectors.google.emulator.store import SHEET, File, Permission, permission_id

_RENDER = ("FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA")


def open_book(call: Call, need: str = "reader", ident: str = "") -> tuple[File, Book]:
    """The spreadsheet of the call."""
    file = editable(call, ident or call.path["spreadsheetId"], SHEET, need)
    return file, call.world.spreadsheets[file.id]


# ---------------------------------------------------------------- spreadsheets


def create(call: Call) -> Json:
    """`spreadsheets.create`: in the caller's My Drive."""
    world, email = call.world, call.who.email
    from connectors.google.emulator.drive.files import check_storage

    root = world.files[world.root(email)]
    check_storage(call, root, SHEET)
    title = str((call.body.get("properties") or {}).get("title") or "Untitled spreadsheet")
    file = File(world.new_id(), title, SHEET, root.id, "", email, call.now, call.now, email, email)
    owner = Permission(permission_id("user", email), "user", "owner", email)
    file.permissions[owner.id] = owner
    book = Book.blank()
    fill_new(book, call.body)
    world.spreadsheets[file.id] = book
    world.add(file)
    return render.spreadsheet(book, file.id, file.name, call.now)


def get(call: Call) -> Json:
    """`spreadsheets.get`: a mask decides, where there is one, whether cells are shown."""
    file, book = open_book(call)
    ranges = call.all("ranges")
    areas = [read_a1(text, book) for text in ranges] if ranges else None
    return render.spreadsheet(book, file.id, file.name, call.now, areas, call.flag("includeGridData"), call.mask)


def get_by_filter(call: Call) -> Json:
    """`spreadsheets.getByDataFilter`."""
    file, book = open_book(call)
    areas = [area for given in call.body.get("dataFilters", []) for area in filtered(book, given)]
    grid = bool(call.body.get("includeGridData"))
    return render.spreadsheet(book, file.id, file.name, call.now, areas or None, grid, call.mask)


def batch_update(call: Call) -> Json:
    """`spreadsheets.batchUpdate`: all or nothing."""
    file, book = open_book(call, "writer")
    requests = call.body.get("requests") or []
    if not requests:
        raise bad_request("Must specify at least one request.")
    if len(requests) > 100_000:
        raise bad_request("Cannot exceed 100000 requests in a single batch")
    trial = book.clone()
    trial.touch()
    result = apply_batch(trial, requests, call.now, file.name)
    book.become(trial)
    file.name = result.title
    call.world.changed(file, call.who, content=True)
    answer: Json = {"spreadsheetId": file.id, "replies": result.replies}
    if call.body.get("includeSpreadsheetInResponse"):
        ranges = [read_a1(text, book) for text in call.body.get("responseRanges") or []]
        grid = bool(call.body.get("responseIncludeGridData"))
        answer["updatedSpreadsheet"] = render.spreadsheet(book, file.id, file.name, call.now, ranges or None, grid)
    return answer


def copy_to(call: Call) -> Json:
    """`spreadsheets.sheets.copyTo`: one tab into another spreadsheet."""
    _, book = open_book(call)
    sheet = book.sheet(int(call.path["sheetId"]))
    if sheet is None:
        raise bad_request(f"The sheet ({call.path['sheetId']}) could not be found.")
    target_file, target = open_book(call, "writer", str(call.body.get("destinationSpreadsheetId") or ""))
    target.touch()
    copied = sheet.clone()
    copied.id, copied.title = target.fresh(), _copy_title(target, sheet.title)
    target.tabs.append(copied)
    call.world.changed(target_file, call.who, content=True)
    return render.sheet_properties(target, copied)


def _copy_title(book: Book, title: str) -> str:
    wanted, number = f"Copy of {title}", 1
    while book.titled(wanted):
        number += 1
        wanted = f"Copy of {title} {number}"
    return wanted


# ---------------------------------------------------------------- reading values


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
        raise bad_request(
            "Invalid value at 'value_render_option' "
            f'(type.googleapis.com/google.apps.sheets.v4.ValueRenderOption), "{wanted.render}"'
        )
    return wanted


def _read(book: Book, area: Area, style: Style, calculator: Calculator) -> Json:
    """`ValueRange`: without empty cells at the end of a line, and without empty lines at the end."""
    lines: list[list[Any]] = []
    held = area.sheet.cells
    columns = area.columns
    for row in area.rows:
        line = held.get(row)
        lines.append([_told(book, area.sheet, row, column, style, calculator) for column in columns] if line else [])
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


def filtered(book: Book, given: Json) -> list[Area]:
    """The areas that a `DataFilter` means."""
    if given.get("a1Range"):
        return [read_a1(str(given["a1Range"]), book)]
    if "gridRange" in given:
        return [from_grid(given["gridRange"], book)]
    found = []
    for each in matching_metadata(book, given.get("developerMetadataLookup") or {}):
        place = each.get("location", {}).get("dimensionRange")
        sheet = book.sheet(int((place or {}).get("sheetId", each.get("location", {}).get("sheetId", 0))))
        if sheet is None:
            continue
        if not place:
            found.append(Area(sheet))
        elif place.get("dimension") == "ROWS":
            found.append(Area(sheet, int(place["startIndex"]), int(place["endIndex"])))
        else:
            found.append(Area(sheet, left=int(place["startIndex"]), right=int(place["endIndex"])))
    return found


def matching_metadata(book: Book, lookup: Json) -> list[Json]:
    """The developer metadata that a lookup finds."""
    everything = [*book.metadata, *(each for sheet in book.sheets for each in sheet.metadata)]
    names = ("metadataId", "metadataKey", "metadataValue", "visibility")
    return [each for each in everything if all(name not in lookup or each.get(name) == lookup[name] for name in names)]


def metadata_get(call: Call) -> Json:
    """`spreadsheets.developerMetadata.get`."""
    _, book = open_book(call)
    found = matching_metadata(book, {"metadataId": int(call.path["metadataId"])})
    if not found:
        raise bad_request(f"No developer metadata with id: {call.path['metadataId']}")
    return found[0]


def metadata_search(call: Call) -> Json:
    """`spreadsheets.developerMetadata.search`."""
    _, book = open_book(call)
    found = [
        {"developerMetadata": each, "dataFilters": [given]}
        for given in call.body.get("dataFilters", [])
        for each in matching_metadata(book, given.get("developerMetadataLookup") or {})
    ]
    return {"matchedDeveloperMetadata": found} if found else {}


# ---------------------------------------------------------------- writing values


def _option(given: str) -> str:
    if given not in ("RAW", "USER_ENTERED"):
        raise bad_request("'valueInputOption' is required but not specified")
    return given


def entered(value: Any, option: str, cell: Cell, locale: str) -> Cell | None:
    """*cell* with *value* in it; None if null leaves it as it is."""
    if value is None:
        return None
    form: Json | None = None
    found: Entered
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        if not isinstance(value, bool):
            raise bad_request(f"Invalid values: {type(value).__name__} is no value of a cell")
        found = value
    elif isinstance(value, str):
        found, form = typed(value, locale) if option == "USER_ENTERED" else (value, None)
        found = None if found == "" else found
    else:
        found = number_of(value)
    kept = (cell.format or {}).get("numberFormat") or {}
    if form is not None and kept.get("type") != form["type"]:
        return replace(cell, value=found, format={**(cell.format or {}), "numberFormat": form})
    return replace(cell, value=found)


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
            cell = entered(value, option, area.sheet.at(row, column), str(book.properties["locale"]))
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
        from connectors.google.emulator.sheets.ranges import letters

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
    answers: list[Json] = [
        {"spreadsheetId": file.id} | _write(trial, read_a1(text, trial), each, option) for text, each in pairs
    ]
    book.become(trial)
    call.world.changed(file, call.who, content=True)
    wanted, style = bool(call.body.get("includeValuesInResponse")), _response_style(lambda name: str(call.body.get(name) or ""))
    answers = [_with_values(call.now, book, answer, wanted, style) for answer in answers]
    sheets = {text.rpartition("!")[0] for text in (answer["updatedRange"] for answer in answers)}
    total = {
        f"totalUpdated{name}": sum(int(answer.get(f"updated{name}", 0)) for answer in answers)
        for name in ("Rows", "Columns", "Cells")
    }
    return {"spreadsheetId": file.id} | total | {"totalUpdatedSheets": len(sheets), "responses": answers}


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
