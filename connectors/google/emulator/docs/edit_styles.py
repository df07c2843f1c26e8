"""Requests that change how paragraphs and text look."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from connectors.google.emulator.docs.body import (
    PLAIN,
    SIGNS,
    Paragraph,
    Tab,
    Unit,
)
from connectors.google.emulator.docs.edits import Apply, Edits, mask_of
from connectors.google.emulator.errors import Json, bad_request
from connectors.google.emulator.fields import Mask, update


def _paragraph_style(edits: Edits, given: Json) -> None:
    tab, start, end = edits.span(given.get("range") or {})
    wanted, mask = dict(given.get("paragraphStyle") or {}), mask_of(given)
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
    wanted, mask = given.get("textStyle") or {}, mask_of(given)
    restyled: dict[int, Unit] = {}  # the same letter is the same unit
    for index, unit in enumerate(tab.units[start:end], start):
        if unit.text in SIGNS:
            continue
        if id(unit) not in restyled:
            restyled[id(unit)] = replace(unit, style=update(dict(unit.style or {}), wanted, mask) or None)
        tab.units[index] = restyled[id(unit)]


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


KINDS: dict[str, Apply] = {
    "updateParagraphStyle": _paragraph_style,
    "updateTextStyle": _text_style,
    "createParagraphBullets": _bullets,
    "deleteParagraphBullets": _no_bullets,
}
