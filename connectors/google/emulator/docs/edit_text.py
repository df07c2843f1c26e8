"""Requests that change text, and names that follow it."""

from __future__ import annotations

import re
from dataclasses import replace

from connectors.google.emulator.docs.body import (
    CELL,
    ROW,
    SIGNS,
    TABLE,
    TABLE_END,
    Chip,
    Named,
    Tab,
    Unit,
    cleaned,
    units_of,
)
from connectors.google.emulator.docs.edits import Apply, Edits
from connectors.google.emulator.errors import Json, bad_request


def neighbour(tab: Tab, index: int) -> Json | None:
    """The style that text put in before *index* takes over."""
    before = tab.units[index - 1]
    if index > 1 and before.text not in ("\n", *SIGNS) and not isinstance(before.mark, Chip):
        return before.style
    here = tab.units[index]
    return here.style if not isinstance(here.mark, Chip) else None


def _put(edits: Edits, tab: Tab, index: int, text: str, style: Json | None = None) -> None:
    """Insert *text*; paragraphs that it makes are like the one it stands in, and the first keeps a heading's id."""
    mark, last = tab.mark(index), tab.paragraph(index)[1] - 1
    units = units_of(cleaned(text), style if style is not None else neighbour(tab, index), mark)
    if edits.suggestion:
        units = [replace(unit, added=edits.suggestion) for unit in units]
    breaks = [number for number, unit in enumerate(units) if unit.ends]
    if breaks and mark.heading:
        for number in breaks[1:]:
            units[number] = replace(units[number], mark=replace(mark, heading=edits.document.heading_id(mark.style)))
        tab.restyle(last, heading=edits.document.heading_id(mark.style))
    tab.insert(index, units)


def _insert_text(edits: Edits, given: Json) -> None:
    tab, index = edits.place(given)
    if not given.get("text"):
        raise bad_request("The text to insert must not be empty.")
    _put(edits, tab, index, str(given["text"]))


def _delete_range(edits: Edits, given: Json) -> None:
    tab, start, end = edits.span(given.get("range") or {})
    _check_delete(tab, start, end)
    if edits.suggestion:
        for index in range(start, end):
            if tab.units[index].text not in SIGNS:
                tab.units[index] = replace(tab.units[index], removed=edits.suggestion)
        return
    tab.delete(start, end)


def _check_delete(tab: Tab, start: int, end: int) -> None:
    """400 for what Docs cannot delete: the last line end of a body or cell, a part of a table, the line end before one."""
    if end >= tab.end:
        raise bad_request("The range cannot include the newline character at the end of the segment.")
    if tab.units[start].text == "" or tab.units[end].text == "":
        raise bad_request("The range cannot include one code unit of a surrogate pair only.")
    depth = 0
    for unit in tab.units[start:end]:
        depth += (unit.text == TABLE) - (unit.text == TABLE_END)
        if depth < 0 or (depth == 0 and unit.text in (ROW, CELL)):
            raise bad_request("The range cannot partially overlap a table.")
    if depth:
        raise bad_request("The range cannot partially overlap a table.")
    whole = tab.units[start - 1].text in ("\n", *SIGNS) or start == 1
    last, after = tab.units[end - 1], tab.units[end].text
    if last.ends and after in (TABLE, CELL, ROW, TABLE_END) and not (after == TABLE and whole and start > 1):
        raise bad_request("The range cannot include the newline character before a table, or the last one of a cell.")


def _replace_all(edits: Edits, given: Json) -> Json:
    wanted = given.get("containsText") or {}
    text = str(wanted.get("text") or "")
    if not text:
        raise bad_request("The text to replace must not be empty.")
    pattern = text if wanted.get("searchByRegex") else re.escape(_spread(text))
    try:
        search = re.compile(pattern, 0 if wanted.get("matchCase") else re.IGNORECASE)
    except re.error as error:
        raise bad_request(f"The regular expression cannot be read: {error}") from error
    chosen = (given.get("tabsCriteria") or {}).get("tabIds")
    count = 0
    for tab in edits.document.tabs:
        if chosen and tab.id not in chosen:
            continue
        row = "".join(_letter(unit) for unit in tab.units)
        for found in reversed(
            [each for each in search.finditer(row) if each.end() > each.start() and "\n" not in each.group()]
        ):
            style = tab.units[found.start()].style
            tab.insert(found.start(), units_of(cleaned(str(given.get("replaceText") or "")), style, tab.mark(found.start())))
            grown = len(units_of(cleaned(str(given.get("replaceText") or ""))))
            tab.delete(found.start() + grown, found.end() + grown)
            count += 1
    return {"occurrencesChanged": count} if count else {}


def _letter(unit: Unit) -> str:
    """One sign a unit, so that places in the text are indexes."""
    return "\x00" if unit.text == "" or isinstance(unit.mark, Chip) else unit.text


def _spread(text: str) -> str:
    return "".join(letter + "\x00" if ord(letter) > 0xFFFF else letter for letter in text)


def _create_named(edits: Edits, given: Json) -> Json:
    tab, start, end = edits.span(given.get("range") or {})
    name = str(given.get("name") or "")
    if not 1 <= len(name.encode("utf-16-le")) // 2 <= 256:
        raise bad_request("The name must be 1 to 256 UTF-16 code units.")
    ident = edits.document.new_id(16, "kix.")
    tab.named[ident] = Named(ident, name, [(start, end)])
    return {"namedRangeId": ident}


def _chosen_named(edits: Edits, given: Json, name: str) -> list[tuple[Tab, Named]]:
    wanted, ident = given.get(name), given.get("namedRangeId")
    found = [
        (tab, each)
        for tab in edits.document.tabs
        for each in tab.named.values()
        if (each.id == ident if ident else each.name == wanted)
    ]
    if not found:
        raise bad_request(f"The named range with {'ID' if ident else 'name'} {ident or wanted} doesn't exist.")
    return found


def _delete_named(edits: Edits, given: Json) -> None:
    for tab, named in _chosen_named(edits, given, "name"):
        del tab.named[named.id]


def _replace_named(edits: Edits, given: Json) -> None:
    text = str(given.get("text") or "")
    for tab, named in _chosen_named(edits, given, "namedRangeName"):
        first, *others = sorted(named.ranges)
        for start, end in reversed(others):
            _check_delete(tab, start, end)
            tab.delete(start, end)
        start, end = first
        _check_delete(tab, start, end)
        units = units_of(cleaned(text), tab.units[start].style, tab.mark(start))
        tab.delete(start, end)
        tab.insert(start, units)
        if units:
            tab.named[named.id] = Named(named.id, named.name, [(start, start + len(units))])


KINDS: dict[str, Apply] = {
    "insertText": _insert_text,
    "deleteContentRange": _delete_range,
    "replaceAllText": _replace_all,
    "createNamedRange": _create_named,
    "deleteNamedRange": _delete_named,
    "replaceNamedRangeContent": _replace_named,
}
