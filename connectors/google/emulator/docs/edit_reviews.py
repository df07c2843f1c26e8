"""Requests about tabs, suggestions and comments."""

from __future__ import annotations

from dataclasses import replace

from connectors.google.emulator.docs.body import (
    SIGNS,
    Tab,
)
from connectors.google.emulator.docs.edits import Apply, Edits, mask_of
from connectors.google.emulator.errors import Json, bad_request


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
    if "title" in mask_of(given) or "*" in mask_of(given):
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
    "addDocumentTab": _add_tab,
    "deleteTab": _delete_tab,
    "updateDocumentTabProperties": _rename_tab,
    "acceptSuggestion": _accept,
    "rejectSuggestion": _reject,
    "insertComment": _insert_comment,
}
