"""Requests about what hangs on ranges: names, merges, filters, protection, conditional formats, bands, metadata."""

from __future__ import annotations

import re
from typing import Any

from connectors.google.emulator.errors import Json, bad_request
from connectors.google.emulator.fields import update
from connectors.google.emulator.sheets.batch import Apply, Batch, mask_of
from connectors.google.emulator.sheets.book import without_sheet
from connectors.google.emulator.sheets.colors import completed
from connectors.google.emulator.sheets.ranges import Area, from_grid

# ---------------------------------------------------------------- merges


def _whole(area: Area) -> Json:
    rows, columns = area.rows, area.columns
    return {
        "startRowIndex": rows.start,
        "endRowIndex": rows.stop,
        "startColumnIndex": columns.start,
        "endColumnIndex": columns.stop,
    }


def _touches(merge: Json, area: Area) -> bool:
    rows, columns = area.rows, area.columns
    return bool(
        merge["startRowIndex"] < rows.stop
        and rows.start < merge["endRowIndex"]
        and merge["startColumnIndex"] < columns.stop
        and columns.start < merge["endColumnIndex"]
    )


def _merge(batch: Batch, given: Json) -> None:
    area, kind = from_grid(given.get("range") or {}, batch.book), given.get("mergeType") or "MERGE_ALL"
    sheet, whole = area.sheet, _whole(area)
    parts = [whole]
    if kind == "MERGE_ROWS":
        parts = [whole | {"startRowIndex": row, "endRowIndex": row + 1} for row in area.rows]
    elif kind == "MERGE_COLUMNS":
        parts = [whole | {"startColumnIndex": column, "endColumnIndex": column + 1} for column in area.columns]
    for known in sheet.merges:
        inside = all(
            known[f"start{d}Index"] >= whole[f"start{d}Index"] and known[f"end{d}Index"] <= whole[f"end{d}Index"]
            for d in ("Row", "Column")
        )
        if _touches(known, area) and not inside:
            raise bad_request("You must select all cells in a merged range to merge or unmerge them.")
    sheet.merges = [known for known in sheet.merges if not _touches(known, area)]
    prefix: Json = {"sheetId": sheet.id} if sheet.id else {}
    for part in parts:
        if (part["endRowIndex"] - part["startRowIndex"]) * (part["endColumnIndex"] - part["startColumnIndex"]) < 2:
            continue
        sheet.merges.append(prefix | part)
        _keep_first(sheet, part)


def _keep_first(sheet: Any, part: Json) -> None:
    """Merging keeps the first value of the rectangle and throws the others away."""
    places = [
        (row, column)
        for row in range(part["startRowIndex"], part["endRowIndex"])
        for column in range(part["startColumnIndex"], part["endColumnIndex"])
    ]
    first = next((sheet.at(*place).value for place in places if sheet.at(*place).value is not None), None)
    for place in places:
        if sheet.at(*place).value is not None:
            sheet.enter(*place, None)
    if first is not None:
        sheet.enter(*places[0], first)


def _unmerge(batch: Batch, given: Json) -> None:
    area = from_grid(given.get("range") or {}, batch.book)
    area.sheet.merges = [merge for merge in area.sheet.merges if not _touches(merge, area)]


# ---------------------------------------------------------------- names


def _name(batch: Batch, name: str, besides: str = "") -> str:
    if not re.fullmatch(r"[^\W\d]\w*", name) or re.fullmatch(r"[A-Za-z]{1,3}\d+|[rR]\d*[cC]\d*", name) or len(name) > 250:
        raise bad_request(f"The name of a named range is invalid: {name}")
    for ident, known in batch.book.names.items():
        if known["name"].lower() == name.lower() and ident != besides:
            raise bad_request(f"A named range with name: {name} already exists.")
    return name


def add_named(batch: Batch, given: Json) -> Json:
    """`addNamedRange`."""
    wanted = given.get("namedRange") or {}
    ident = str(wanted.get("namedRangeId") or batch.book.fresh())
    if ident in batch.book.names:
        raise bad_request(f"A named range with id: {ident} already exists.")
    area = from_grid(wanted.get("range") or {}, batch.book)
    name = _name(batch, str(wanted.get("name") or ""))
    batch.book.names[ident] = {"namedRangeId": ident, "name": name, "range": without_sheet(area.grid_range())}
    return {"namedRange": batch.book.names[ident]}


def _update_named(batch: Batch, given: Json) -> None:
    wanted, mask = given.get("namedRange") or {}, mask_of(given)
    ident = str(wanted.get("namedRangeId") or "")
    known = batch.book.names.get(ident)
    if known is None:
        raise bad_request(f"No named range with id: {ident}")
    if "name" in mask or "*" in mask:
        known["name"] = _name(batch, str(wanted.get("name") or ""), ident)
    if "range" in mask or "*" in mask:
        known["range"] = without_sheet(from_grid(wanted.get("range") or {}, batch.book).grid_range())


def _delete_named(batch: Batch, given: Json) -> None:
    ident = str(given.get("namedRangeId") or "")
    if batch.book.names.pop(ident, None) is None:
        raise bad_request(f"No named range with id: {ident}")


# ---------------------------------------------------------------- protection


def add_protected(batch: Batch, given: Json) -> Json:
    """`addProtectedRange`."""
    wanted = dict(given.get("protectedRange") or {})
    if "range" in wanted:
        area = from_grid(wanted["range"], batch.book)
        wanted["range"] = without_sheet(area.grid_range())
        sheet = area.sheet
    elif wanted.get("namedRangeId") in batch.book.names:
        wanted["range"] = dict(batch.book.names[str(wanted["namedRangeId"])]["range"])
        sheet = batch.sheet(wanted["range"].get("sheetId"))
    else:
        raise bad_request("Must set range, namedRangeId or tableId.")
    wanted = {"protectedRangeId": wanted.pop("protectedRangeId", None) or batch.book.fresh()} | wanted
    made = _protection(wanted)
    sheet.protected.append(_with_editor(made, batch.who))
    return {"protectedRange": made}


def _protection(wanted: Json) -> Json:
    """A protected range as Sheets shows it: without what is false or empty, with editors even if it only warns."""
    editors = {name: value for name, value in (wanted.get("editors") or {}).items() if value}
    kept = {name: value for name, value in wanted.items() if value not in (False, "", None, [], {})}
    kept.pop("editors", None)
    return kept | {"requestingUserCanEdit": True, "editors": editors}


def _with_editor(protected: Json, who: str) -> Json:
    """*protected* with *who*, who made it, among those who may edit: Sheets adds them once it has answered."""
    if not who:
        return protected
    users = list(dict.fromkeys([*protected["editors"].get("users", []), who]))
    return protected | {"editors": protected["editors"] | {"users": users}}


def _find_protected(batch: Batch, ident: Any) -> tuple[Any, Json]:
    for sheet in batch.book.sheets:
        for known in sheet.protected:
            if known["protectedRangeId"] == int(ident or 0):
                return sheet, known
    raise bad_request(f"No protected range with id: {ident}")


def _update_protected(batch: Batch, given: Json) -> None:
    wanted = given.get("protectedRange") or {}
    sheet, known = _find_protected(batch, wanted.get("protectedRangeId"))
    mask = {name: inner for name, inner in mask_of(given).items() if name != "protectedRangeId"}
    changed = update(known, wanted, mask) | {"protectedRangeId": known["protectedRangeId"]}
    sheet.protected[sheet.protected.index(known)] = _protection(changed)


def _delete_protected(batch: Batch, given: Json) -> None:
    sheet, known = _find_protected(batch, given.get("protectedRangeId"))
    sheet.protected.remove(known)


# ---------------------------------------------------------------- filters, conditional formats, bands


def _set_filter(batch: Batch, given: Json) -> None:
    wanted = dict(given.get("filter") or {})
    area = from_grid(wanted.get("range") or {}, batch.book)
    grid: Json = {"sheetId": area.sheet.id} if area.sheet.id else {}
    wanted["range"] = grid | _whole(area)
    area.sheet.filter = wanted


def _clear_filter(batch: Batch, given: Json) -> None:
    batch.sheet(given.get("sheetId")).filter = None


def _add_conditional(batch: Batch, given: Json) -> None:
    rule = completed(given.get("rule") or {})
    ranges = rule.get("ranges") or []
    if not ranges:
        raise bad_request("No ranges were specified.")
    sheets = [batch.sheet(each.get("sheetId")) for each in ranges]  # a range of no rows is taken
    rule["ranges"] = [without_sheet(each) for each in ranges]
    if any(sheet is not sheets[0] for sheet in sheets):
        raise bad_request("All ranges must be on the same sheet.")
    sheets[0].conditional.insert(int(given.get("index") or 0), rule)


def _conditional(batch: Batch, given: Json) -> tuple[Any, int]:
    sheet, index = batch.sheet(given.get("sheetId")), int(given.get("index") or 0)
    if not 0 <= index < len(sheet.conditional):
        raise bad_request(f"No conditional format on sheet: {sheet.id} at index: {index}")
    return sheet, index


def _delete_conditional(batch: Batch, given: Json) -> Json:
    sheet, index = _conditional(batch, given)
    return {"rule": sheet.conditional.pop(index)}


def _update_conditional(batch: Batch, given: Json) -> Json:
    rule = given.get("rule")
    if rule and "sheetId" not in given:
        given = {**given, "sheetId": (rule.get("ranges") or [{}])[0].get("sheetId", 0)}
    sheet, index = _conditional(batch, given)
    old = sheet.conditional[index]
    if rule:
        sheet.conditional[index] = completed(rule)
        return {"newRule": sheet.conditional[index], "newIndex": index, "oldRule": old}
    target = int(given.get("newIndex") or 0)
    sheet.conditional.insert(target, sheet.conditional.pop(index))
    return {"newRule": old, "newIndex": target, "oldIndex": index}


def _add_banding(batch: Batch, given: Json) -> Json:
    wanted = completed(dict(given.get("bandedRange") or {}))
    area = from_grid(wanted.get("range") or {}, batch.book)
    wanted = {"bandedRangeId": wanted.pop("bandedRangeId", None) or batch.book.fresh()} | wanted
    area.sheet.banded.append(wanted)
    return {"bandedRange": wanted}


def _delete_banding(batch: Batch, given: Json) -> None:
    ident = int(given.get("bandedRangeId") or 0)
    for sheet in batch.book.sheets:
        for known in sheet.banded:
            if known["bandedRangeId"] == ident:
                sheet.banded.remove(known)
                return
    raise bad_request(f"No banded range with id: {ident}")


# ---------------------------------------------------------------- developer metadata


def _create_metadata(batch: Batch, given: Json) -> Json:
    wanted = dict(given.get("developerMetadata") or {})
    if not wanted.get("metadataKey"):
        raise bad_request("A metadataKey must be specified.")
    location = dict(wanted.get("location") or {})
    wanted["metadataId"] = int(wanted.get("metadataId") or batch.book.fresh())
    place = location.get("dimensionRange")
    if place is not None:
        if int(place.get("endIndex", 0)) - int(place.get("startIndex") or 0) != 1:
            raise bad_request("Developer metadata can only be associated with a single row or column.")
        location |= {"locationType": "ROW" if place.get("dimension") == "ROWS" else "COLUMN"}
        holder = batch.sheet(place.get("sheetId")).metadata
    elif "sheetId" in location:
        location |= {"locationType": "SHEET"}
        holder = batch.sheet(location["sheetId"]).metadata
    else:
        location = {"locationType": "SPREADSHEET", "spreadsheet": True}
        holder = batch.book.metadata
    wanted["location"] = location
    wanted.setdefault("visibility", "DOCUMENT")
    holder.append(wanted)
    return {"developerMetadata": wanted}


def _delete_metadata(batch: Batch, given: Json) -> Json:
    from connectors.google.emulator.sheets.endpoints import matching_metadata

    doomed = matching_metadata(batch.book, (given.get("dataFilter") or {}).get("developerMetadataLookup") or {})
    batch.book.metadata = [each for each in batch.book.metadata if each not in doomed]
    for sheet in batch.book.sheets:
        sheet.metadata = [each for each in sheet.metadata if each not in doomed]
    return {"deletedDeveloperMetadata": doomed} if doomed else {}


KINDS: dict[str, Apply] = {
    "mergeCells": _merge,
    "unmergeCells": _unmerge,
    "addNamedRange": add_named,
    "updateNamedRange": _update_named,
    "deleteNamedRange": _delete_named,
    "addProtectedRange": add_protected,
    "updateProtectedRange": _update_protected,
    "deleteProtectedRange": _delete_protected,
    "setBasicFilter": _set_filter,
    "clearBasicFilter": _clear_filter,
    "addConditionalFormatRule": _add_conditional,
    "deleteConditionalFormatRule": _delete_conditional,
    "updateConditionalFormatRule": _update_conditional,
    "addBanding": _add_banding,
    "deleteBanding": _delete_banding,
    "createDeveloperMetadata": _create_metadata,
    "deleteDeveloperMetadata": _delete_metadata,
}
