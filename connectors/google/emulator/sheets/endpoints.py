"""`spreadsheets` and `spreadsheets.values`."""

from __future__ import annotations

from connectors.google.emulator.calls import Call
from connectors.google.emulator.drive.resources import editable
from connectors.google.emulator.errors import Json, bad_request
from connectors.google.emulator.sheets import render
from connectors.google.emulator.sheets.batch import apply_batch, fill_new
from connectors.google.emulator.sheets.book import Book
from connectors.google.emulator.sheets.ranges import Area, from_grid, read_a1
from connectors.google.emulator.store import SHEET, File, Permission, permission_id


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
    result = apply_batch(trial, requests, call.now, file.name, call.who.email)
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


# ---------------------------------------------------------------- developer metadata


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
