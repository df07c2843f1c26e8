"""`documents.batchUpdate`: the kinds of request, applied in order to a copy of the document."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from connectors.google.emulator.docs.body import (
    CELL,
    PLAIN,
    ROW,
    SIGNS,
    TABLE,
    TABLE_END,
    Chip,
    Document,
    Named,
    Paragraph,
    Tab,
    Unit,
    cleaned,
    units_of,
)
from connectors.google.emulator.errors import GoogleError, Json, bad_request
from connectors.google.emulator.fields import BadMask, Mask, parse, update

#: Requests that can be made as suggestions here.
_SUGGESTIBLE = {"insertText", "deleteContentRange"}


@dataclass
class Edits:
    """A document while requests are applied to it. *suggestion* is the id that new suggestions carry, "" to edit."""

    document: Document
    now: datetime
    people: dict[str, Json] = field(default_factory=dict)
    suggestion: str = ""
    author: str = ""
    accepted: list[str] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)
    comments: list[Json] = field(default_factory=list)

    def place(self, given: Json) -> tuple[Tab, int]:
        """Where a request inserts: its location, or the end of the body."""
        end, location = given.get("endOfSegmentLocation"), given.get("location") or {}
        holder = end if end is not None else location
        if holder.get("segmentId"):
            raise GoogleError(501, "The emulator does not implement headers, footers and footnotes.", "notImplemented")
        tab = self.document.tab(str(holder.get("tabId") or ""))
        if end is not None:
            return tab, tab.end - 1
        index = tab.inside(int(location.get("index") or 0))
        return tab, index - 1 if tab.units[index].text == "" else index

    def span(self, given: Json) -> tuple[Tab, int, int]:
        """The tab, start and end of a `Range`. Raises 400."""
        if given.get("segmentId"):
            raise GoogleError(501, "The emulator does not implement headers, footers and footnotes.", "notImplemented")
        tab = self.document.tab(str(given.get("tabId") or ""))
        start, end = int(given.get("startIndex") or 0), int(given.get("endIndex") or 0)
        if end <= start:
            raise bad_request("The range should not be empty.")
        if end > tab.end:
            raise bad_request(f"Index {end - 1} must be less than the end index of the referenced segment, {tab.end}.")
        return tab, max(start, 1), end


Apply = Callable[[Edits, Json], "Json | None"]


def apply_edits(edits: Edits, requests: list[Json]) -> list[Json]:
    """Apply *requests* in order; a reply for each. Raises 400 that names the request."""
    replies = []
    for number, request in enumerate(requests):
        kinds = [kind for kind, value in request.items() if value is not None]
        if len(kinds) != 1:
            raise bad_request(f"Invalid requests[{number}]: Exactly one request must be set.")
        kind = kinds[0]
        apply = KINDS.get(kind)
        if apply is None or (edits.suggestion and kind not in _SUGGESTIBLE):
            how = " as a suggestion" if apply else ""
            raise GoogleError(501, f"The emulator does not implement {kind}{how} (requests[{number}]).", "notImplemented")
        try:
            reply = apply(edits, request[kind])
        except GoogleError as error:
            if error.status == 400:
                error.message = f"Invalid requests[{number}].{kind}: {error.message}"
            raise
        replies.append({kind: reply} if reply is not None else {})
    return replies


# ---------------------------------------------------------------- text


def _neighbour(tab: Tab, index: int) -> Json | None:
    """The style that text put in before *index* takes over."""
    before = tab.units[index - 1]
    if index > 1 and before.text not in ("\n", *SIGNS) and not isinstance(before.mark, Chip):
        return before.style
    here = tab.units[index]
    return here.style if not isinstance(here.mark, Chip) else None


def _put(edits: Edits, tab: Tab, index: int, text: str, style: Json | None = None) -> None:
    """Insert *text*; paragraphs that it makes are like the one it stands in, and the first keeps a heading's id."""
    mark, last = tab.mark(index), tab.paragraph(index)[1] - 1
    units = units_of(cleaned(text), style if style is not None else _neighbour(tab, index), mark)
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


# ---------------------------------------------------------------- styles


def _mask(given: Json) -> Mask:
    text = str(given.get("fields") or "")
    if not text:
        raise bad_request("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    try:
        return parse(text)
    except BadMask as error:
        raise bad_request(f"Invalid field mask: {text}") from error


def _paragraph_style(edits: Edits, given: Json) -> None:
    tab, start, end = edits.span(given.get("range") or {})
    wanted, mask = dict(given.get("paragraphStyle") or {}), _mask(given)
    names = _styled(mask, wanted, ("namedStyleType",))
    for index in tab.paragraphs(start, end):
        mark = tab.units[index].mark
        held = mark if isinstance(mark, Paragraph) else PLAIN
        changes: dict[str, Any] = {}
        if "namedStyleType" in names:
            style = str(wanted.get("namedStyleType") or "NORMAL_TEXT")
            kept = held.heading if style.startswith("HEADING") and held.heading else ""
            changes |= {"style": style, "heading": kept or edits.document.heading_id(style)}
        rest = {name: value for name, value in wanted.items() if name not in ("namedStyleType", "headingId")}
        inner = {name: below for name, below in mask.items() if name != "namedStyleType"}
        if inner:
            changes["properties"] = update(dict(held.properties or {}), rest, inner) or None
        tab.restyle(index, **changes)


def _styled(mask: Mask, wanted: Json, names: tuple[str, ...]) -> set[str]:
    return set(names) & (set(wanted) if "*" in mask else set(mask))


def _text_style(edits: Edits, given: Json) -> None:
    tab, start, end = edits.span(given.get("range") or {})
    wanted, mask = given.get("textStyle") or {}, _mask(given)
    for index in range(start, end):
        unit = tab.units[index]
        if unit.text not in SIGNS:
            tab.units[index] = replace(unit, style=update(dict(unit.style or {}), wanted, mask) or None)


def _bullets(edits: Edits, given: Json) -> None:
    tab, start, end = edits.span(given.get("range") or {})
    preset = str(given.get("bulletPreset") or "")
    if preset in ("", "BULLET_GLYPH_PRESET_UNSPECIFIED"):
        raise bad_request("A bulletPreset must be specified.")
    before = tab.mark(tab.paragraph(start)[0] - 1) if _follows_paragraph(tab, start) else PLAIN
    ident = before.list if tab.lists.get(before.list) == preset else edits.document.new_id(16, "kix.")
    tab.lists[ident] = preset
    for index in reversed(tab.paragraphs(start, end)):
        first = tab.paragraph(index)[0]
        tabs = 0
        while tab.units[first + tabs].text == "\t":
            tabs += 1
        tab.restyle(index, list=ident, level=tabs)
        if tabs:
            tab.delete(first, first + tabs)


def _follows_paragraph(tab: Tab, index: int) -> bool:
    first = tab.paragraph(index)[0]
    return first > 1 and tab.units[first - 1].ends


def _no_bullets(edits: Edits, given: Json) -> None:
    tab, start, end = edits.span(given.get("range") or {})
    for index in tab.paragraphs(start, end):
        tab.restyle(index, list="", level=0)


# ---------------------------------------------------------------- named ranges


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


# ---------------------------------------------------------------- tables


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


# ---------------------------------------------------------------- chips


def _chip(edits: Edits, given: Json, kind: str, properties: Json) -> str:
    tab, index = edits.place(given)
    ident = edits.document.new_id(16, "kix.")
    tab.insert(index, [Unit("\ue907", _neighbour(tab, index), Chip(kind, ident, properties))])
    return ident


def _person(edits: Edits, given: Json) -> None:
    email = str((given.get("personProperties") or {}).get("email") or "")
    if "@" not in email:
        raise bad_request("A person needs an email address.")
    name = edits.people.get(email, {}).get("name", {}).get("fullName") or email
    _chip(edits, given, "person", {"name": name, "email": email})


def _date(edits: Edits, given: Json) -> None:
    wanted = dict(given.get("dateElementProperties") or {})
    if not wanted.get("timestamp"):
        raise bad_request("A date needs a timestamp.")
    moment = datetime.fromisoformat(str(wanted["timestamp"]))
    form = wanted.setdefault("dateFormat", "DATE_FORMAT_MONTH_DAY_YEAR_ABBREVIATED")
    wanted.setdefault("timeFormat", "TIME_FORMAT_DISABLED")
    wanted.setdefault("locale", "en")
    wanted.setdefault("timeZoneId", "etc/UTC")
    shown = {
        "DATE_FORMAT_ISO8601": f"{moment:%Y-%m-%d}",
        "DATE_FORMAT_MONTH_DAY_ABBREVIATED": f"{moment:%b} {moment.day}",
        "DATE_FORMAT_MONTH_DAY_FULL": f"{moment:%B} {moment.day}",
    }
    wanted["displayText"] = shown.get(str(form), f"{moment:%b} {moment.day}, {moment.year}")
    _chip(edits, given, "dateElement", wanted)


def _rich_link(edits: Edits, given: Json) -> None:
    wanted = dict(given.get("richLinkProperties") or {})
    if not wanted.get("uri"):
        raise bad_request("A rich link needs a URI.")
    wanted.setdefault("title", wanted["uri"])
    _chip(edits, given, "richLink", wanted)


def _page_break(edits: Edits, given: Json) -> None:
    tab, index = edits.place(given)
    chip = Unit("\x0c", None, Chip("pageBreak", "", {}))
    tab.insert(index, [chip, Unit("\n", None, replace(tab.mark(index), heading=""))])


def _define_dropdown(edits: Edits, given: Json) -> Json:
    tab = edits.document.tab(str(given.get("tabId") or ""))
    wanted = dict(given.get("dropdownDefinition") or {})
    ident = str(wanted.get("dropdownDefinitionId") or edits.document.new_id(14, "kix."))
    if not re.fullmatch(r"kix\.[a-zA-Z0-9_-]{2,14}", ident) or ident in tab.dropdowns:
        raise bad_request(f"The dropdown definition id {ident} is invalid or taken.")
    properties = dict(wanted.get("dropdownDefinitionProperties") or {})
    options = [dict(each) for each in properties.get("options") or []]
    if not 2 <= len(options) <= 50:
        raise bad_request("A dropdown needs 2 to 50 options.")
    for option in options:
        option.setdefault("optionId", edits.document.new_id(20, "dropdownItem."))
    tab.dropdowns[ident] = {"dropdownDefinitionId": ident, "dropdownDefinitionProperties": properties | {"options": options}}
    return {"dropdownDefinition": tab.dropdowns[ident]}


def _option(tab: Tab, definition: str, ident: str) -> Json:
    known = tab.dropdowns.get(definition)
    if known is None:
        raise bad_request(f"There is no dropdown definition with id {definition}.")
    for option in known["dropdownDefinitionProperties"]["options"]:
        if option["optionId"] == ident:
            found: Json = option
            return found
    raise bad_request(f"The dropdown definition {definition} has no option {ident}.")


def _insert_dropdown(edits: Edits, given: Json) -> Json:
    tab, _ = edits.place(given)
    definition, option = str(given.get("dropdownDefinitionId") or ""), str(given.get("selectedOptionId") or "")
    shown: Json = {"dropdownDefinitionId": definition}
    if option:
        shown |= {"selectedOptionId": option, "displayValue": _option(tab, definition, option).get("displayValue", "")}
    elif definition not in tab.dropdowns:
        raise bad_request(f"There is no dropdown definition with id {definition}.")
    return {"dropdown": {"dropdownId": _chip(edits, given, "dropdown", shown), "dropdownProperties": shown}}


def _update_dropdown(edits: Edits, given: Json) -> None:
    tab = edits.document.tab(str(given.get("tabId") or ""))
    for index, unit in enumerate(tab.units):
        if isinstance(unit.mark, Chip) and unit.mark.id == given.get("dropdownId"):
            held = dict(unit.mark.properties)
            option = str((given.get("dropdownProperties") or {}).get("selectedOptionId") or "")
            value = _option(tab, str(held["dropdownDefinitionId"]), option).get("displayValue", "")
            held |= {"selectedOptionId": option, "displayValue": value}
            tab.units[index] = replace(unit, mark=replace(unit.mark, properties=held))
            return
    raise bad_request(f"There is no dropdown with id {given.get('dropdownId')}.")


# ---------------------------------------------------------------- tabs, suggestions, comments


def _add_tab(edits: Edits, given: Json) -> Json:
    wanted = given.get("tabProperties") or {}
    tab = Tab(edits.document.new_id(14, "t."), str(wanted.get("title") or f"Tab {len(edits.document.tabs) + 1}"))
    tab.parent = str(wanted.get("parentTabId") or "")
    if tab.parent:
        edits.document.tab(tab.parent)
    index = int(wanted["index"]) if "index" in wanted else len(edits.document.held)
    edits.document.held.insert(index, tab)
    return {
        "tabProperties": {"tabId": tab.id, "title": tab.title, "index": index}
        | ({"parentTabId": tab.parent} if tab.parent else {})
    }


def _delete_tab(edits: Edits, given: Json) -> None:
    tab = edits.document.tab(str(given.get("tabId") or "?"))
    if len(edits.document.tabs) == 1:
        raise bad_request("The last tab of a document cannot be deleted.")
    edits.document.held = [each for each in edits.document.held if each is not tab and each.parent != tab.id]


def _rename_tab(edits: Edits, given: Json) -> None:
    wanted = given.get("tabProperties") or {}
    tab = edits.document.tab(str(wanted.get("tabId") or "?"))
    if "title" in _mask(given) or "*" in _mask(given):
        tab.title = str(wanted.get("title") or tab.title)


def _settle(edits: Edits, ident: str, accept: bool) -> None:
    if ident not in edits.document.suggestions:
        raise bad_request(f"There is no suggestion with id {ident}.")
    for tab in edits.document.tabs:
        for index in reversed(range(tab.end)):
            unit = tab.units[index]
            if unit.added == ident:
                if accept:
                    tab.units[index] = replace(unit, added="")
                else:
                    tab.delete(index, index + 1)
            elif unit.removed == ident:
                if accept:
                    tab.delete(index, index + 1)
                else:
                    tab.units[index] = replace(unit, removed="")
    edits.document.suggestions[ident]["status"] = "ACCEPTED" if accept else "REJECTED"


def _accept(edits: Edits, given: Json) -> None:
    _settle(edits, str(given.get("suggestionId") or ""), True)
    edits.accepted.append(str(given["suggestionId"]))


def _reject(edits: Edits, given: Json) -> None:
    _settle(edits, str(given.get("suggestionId") or ""), False)
    edits.rejected.append(str(given["suggestionId"]))


def _insert_comment(edits: Edits, given: Json) -> Json:
    content = str(given.get("content") or "")
    if not content or len(content.encode("utf-16-le")) // 2 > 2048:
        raise bad_request("A comment must have 1 to 2048 UTF-16 code units.")
    quote = ""
    if given.get("range"):
        tab, start, end = edits.span(given["range"])
        quote = "".join(unit.text for unit in tab.units[start:end] if unit.text not in SIGNS)
    ident = edits.document.new_id(11, "AAAA")
    edits.comments.append({"id": ident, "content": content, "quote": quote})
    return {"commentThread": {"commentId": ident, "plainTextQuote": quote, "status": "OPEN", "headPost": {"content": content}}}


KINDS: dict[str, Apply] = {
    "insertText": _insert_text,
    "deleteContentRange": _delete_range,
    "replaceAllText": _replace_all,
    "updateParagraphStyle": _paragraph_style,
    "updateTextStyle": _text_style,
    "createParagraphBullets": _bullets,
    "deleteParagraphBullets": _no_bullets,
    "createNamedRange": _create_named,
    "deleteNamedRange": _delete_named,
    "replaceNamedRangeContent": _replace_named,
    "insertTable": _insert_table,
    "insertTableRow": _insert_row,
    "deleteTableRow": _delete_row,
    "insertTableColumn": _insert_column,
    "deleteTableColumn": _delete_column,
    "insertPerson": _person,
    "insertDate": _date,
    "insertRichLink": _rich_link,
    "insertPageBreak": _page_break,
    "createDropdownDefinition": _define_dropdown,
    "insertDropdown": _insert_dropdown,
    "updateDropdownProperties": _update_dropdown,
    "addDocumentTab": _add_tab,
    "deleteTab": _delete_tab,
    "updateDocumentTabProperties": _rename_tab,
    "acceptSuggestion": _accept,
    "rejectSuggestion": _reject,
    "insertComment": _insert_comment,
}
