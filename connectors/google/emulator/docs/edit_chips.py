"""Requests that put chips into the text: people, dates, links, drop-downs, page breaks."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from connectors.google.emulator.docs.body import (
    Chip,
    Tab,
    Unit,
)
from connectors.google.emulator.docs.edit_text import neighbour
from connectors.google.emulator.docs.edits import Apply, Edits
from connectors.google.emulator.errors import Json, bad_request


def _chip(edits: Edits, given: Json, kind: str, properties: Json) -> str:
    tab, index = edits.place(given)
    ident = edits.document.new_id(16, "kix.")
    tab.insert(index, [Unit("\ue907", neighbour(tab, index), Chip(kind, ident, properties))])
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


KINDS: dict[str, Apply] = {
    "insertPerson": _person,
    "insertDate": _date,
    "insertRichLink": _rich_link,
    "insertPageBreak": _page_break,
    "createDropdownDefinition": _define_dropdown,
    "insertDropdown": _insert_dropdown,
    "updateDropdownProperties": _update_dropdown,
}
