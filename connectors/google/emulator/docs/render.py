"""How a document is shown by `documents.get`."""

from __future__ import annotations

from connectors.google.emulator.docs.body import CELL, ROW, SECTION, TABLE, TABLE_END, Chip, Document, Paragraph, Tab, Unit
from connectors.google.emulator.errors import Json

_SIZES = {"TITLE": 26, "SUBTITLE": 15, "HEADING_1": 20, "HEADING_2": 16, "HEADING_3": 14, "HEADING_4": 12}
_STYLES = ("NORMAL_TEXT", *(f"HEADING_{level}" for level in range(1, 7)), "TITLE", "SUBTITLE")
_ID_NAMES = {"person": "personId", "dateElement": "dateId", "richLink": "richLinkId", "dropdown": "dropdownId"}


def _points(magnitude: float) -> Json:
    return {"magnitude": magnitude, "unit": "PT"} if magnitude else {"unit": "PT"}


DOCUMENT_STYLE: Json = {
    "background": {"color": {}},
    "pageNumberStart": 1,
    "marginTop": _points(72),
    "marginBottom": _points(72),
    "marginRight": _points(72),
    "marginLeft": _points(72),
    "pageSize": {"height": _points(841.8897637795277), "width": _points(595.2755905511812)},
    "marginHeader": _points(36),
    "marginFooter": _points(36),
    "useCustomHeaderFooterMargins": True,
}
NAMED_STYLES: Json = {
    "styles": [
        {
            "namedStyleType": name,
            "textStyle": {
                "fontSize": _points(_SIZES.get(name, 11)),
                "weightedFontFamily": {"fontFamily": "Arial", "weight": 400},
            },
            "paragraphStyle": {
                "namedStyleType": "NORMAL_TEXT" if name == "NORMAL_TEXT" else name,
                "alignment": "START",
                "lineSpacing": 115,
                "direction": "LEFT_TO_RIGHT",
            },
        }
        for name in _STYLES
    ]
}
_SECTION_STYLE: Json = {"columnSeparatorStyle": "NONE", "contentDirection": "LEFT_TO_RIGHT", "sectionType": "CONTINUOUS"}
_CELL_STYLE: Json = {"rowSpan": 1, "columnSpan": 1, "backgroundColor": {}, "contentAlignment": "TOP"}


def document(held: Document, ident: str, title: str, view: str = "", tabs: bool = False, editor: bool = True) -> Json:
    """The whole resource: with *tabs*, or with the first tab in the fields that were there before tabs."""
    view = view or ("SUGGESTIONS_INLINE" if editor else "PREVIEW_WITHOUT_SUGGESTIONS")
    if view == "DEFAULT_FOR_CURRENT_ACCESS":
        view = "SUGGESTIONS_INLINE" if editor else "PREVIEW_WITHOUT_SUGGESTIONS"
    found: Json = {"title": title}
    if editor:
        found["revisionId"] = revision_id(held, ident)
    found |= {"suggestionsViewMode": view, "documentId": ident}
    if tabs:
        found["tabs"] = _tree(held, "", view, 0)
    else:
        found |= tab_content(held.tabs[0], view)
    return found


def revision_id(held: Document, ident: str) -> str:
    """Opaque; the same as long as nothing changed."""
    return f"ALtnJHw{ident[-8:]}{held.revision:08d}"


def _tree(held: Document, parent: str, view: str, depth: int) -> list[Json]:
    found = []
    for index, tab in enumerate([tab for tab in held.tabs if tab.parent == parent]):
        properties: Json = {"tabId": tab.id, "title": tab.title, "index": index}
        if parent:
            properties |= {"parentTabId": parent, "nestingLevel": depth}
        shown: Json = {"tabProperties": properties, "documentTab": tab_content(tab, view)}
        children = _tree(held, tab.id, view, depth + 1)
        found.append(shown | {"childTabs": children} if children else shown)
    return found


def tab_content(tab: Tab, view: str) -> Json:
    """`DocumentTab`."""
    units = tab.units
    if view == "PREVIEW_SUGGESTIONS_ACCEPTED":
        units = [unit for unit in units if not unit.removed]
    elif view == "PREVIEW_WITHOUT_SUGGESTIONS":
        units = [unit for unit in units if not unit.added]
    found: Json = {
        "body": {"content": Content(units, tab).everything()},
        "documentStyle": DOCUMENT_STYLE,
        "namedStyles": NAMED_STYLES,
    }
    if tab.lists:
        found["lists"] = {ident: {"listProperties": {"nestingLevels": _levels(preset)}} for ident, preset in tab.lists.items()}
    if tab.named:
        found["namedRanges"] = _named(tab)
    if tab.dropdowns:
        found["dropdownDefinitions"] = tab.dropdowns
    return found


def _named(tab: Tab) -> Json:
    found: Json = {}
    for named in tab.named.values():
        group = found.setdefault(named.name, {"name": named.name, "namedRanges": []})
        ranges = [{"startIndex": start, "endIndex": end, "tabId": tab.id} for start, end in named.ranges]
        group["namedRanges"].append({"namedRangeId": named.id, "name": named.name, "ranges": ranges})
    return found


def _levels(preset: str) -> list[Json]:
    levels = []
    for level in range(9):
        shown: Json = {"bulletAlignment": "START", "glyphFormat": f"%{level}", "startNumber": 1}
        if preset.startswith("NUMBERED"):
            shown |= {"glyphType": ("DECIMAL", "ALPHA", "ROMAN")[level % 3], "glyphFormat": f"%{level}."}
        elif preset == "BULLET_CHECKBOX":
            shown |= {"glyphType": "GLYPH_TYPE_UNSPECIFIED"}
        else:
            shown |= {"glyphSymbol": "●○■"[level % 3]}
        indent = 36 * (level + 1)
        levels.append(shown | {"indentFirstLine": _points(indent - 18), "indentStart": _points(indent)})
    return levels


class Content:
    """The units of a tab as `StructuralElement`s."""

    def __init__(self, units: list[Unit], tab: Tab) -> None:
        self._units, self._tab, self._at = units, tab, 0

    def everything(self) -> list[Json]:
        """From the section break on."""
        found: list[Json] = []
        if self._units and self._units[0].text == SECTION:
            found.append({"endIndex": 1, "sectionBreak": {"sectionStyle": _SECTION_STYLE}})
            self._at = 1
        return found + self._blocks()

    def _blocks(self) -> list[Json]:
        found = []
        while self._at < len(self._units) and self._units[self._at].text not in (ROW, CELL, TABLE_END):
            found.append(self._table() if self._units[self._at].text == TABLE else self._paragraph())
        return found

    def _table(self) -> Json:
        start, rows = self._at, []
        self._at += 1
        while self._units[self._at].text == ROW:
            rows.append(self._row())
        self._at += 1
        width = max((len(row["tableCells"]) for row in rows), default=0)
        columns = [{"widthType": "EVENLY_DISTRIBUTED"} for _ in range(width)]
        table = {"rows": len(rows), "columns": width, "tableRows": rows, "tableStyle": {"tableColumnProperties": columns}}
        return {"startIndex": start, "endIndex": self._at, "table": table}

    def _row(self) -> Json:
        start, cells = self._at, []
        self._at += 1
        while self._units[self._at].text == CELL:
            first = self._at
            self._at += 1
            content = self._blocks()
            cells.append({"startIndex": first, "endIndex": self._at, "content": content, "tableCellStyle": _CELL_STYLE})
        return {
            "startIndex": start,
            "endIndex": self._at,
            "tableCells": cells,
            "tableRowStyle": {"minRowHeight": {"unit": "PT"}},
        }

    def _paragraph(self) -> Json:
        start = self._at
        units, end = self._units, start
        while units[end].text != "\n":
            end += 1
        self._at = end + 1
        mark = self._units[self._at - 1].mark
        held = mark if isinstance(mark, Paragraph) else Paragraph()
        paragraph: Json = {"elements": self._elements(start, self._at), "paragraphStyle": _paragraph_style(held)}
        if held.list:
            bullet: Json = {"listId": held.list, "textStyle": {}}
            paragraph["bullet"] = bullet | ({"nestingLevel": held.level} if held.level else {})
        return {"startIndex": start, "endIndex": self._at, "paragraph": paragraph}

    def _elements(self, start: int, end: int) -> list[Json]:
        found = []
        while start < end:
            last = self._alike_until(start, end)
            found.append({"startIndex": start, "endIndex": last} | _element(self._units[start:last]))
            start = last
        return found

    def _alike_until(self, start: int, end: int) -> int:
        """Where the element that begins at *start* ends: text of the same style, suggested in the same way."""
        units, first, last = self._units, self._units[start], start + 1
        if isinstance(first.mark, Chip):
            return last
        style, added, removed = first.style, first.added, first.removed
        while last < end:
            unit = units[last]
            if unit is not first:  # the same letter in the same style is the same unit
                if unit.added != added or unit.removed != removed or isinstance(unit.mark, Chip):
                    break
                if unit.style is not style and (unit.style or {}) != (style or {}):
                    break
            last += 1
        return last


def _element(units: list[Unit]) -> Json:
    first = units[0]
    shown: Json = {}
    if first.added:
        shown["suggestedInsertionIds"] = [first.added]
    if first.removed:
        shown["suggestedDeletionIds"] = [first.removed]
    shown["textStyle"] = first.style or {}
    if not isinstance(first.mark, Chip):
        return {"textRun": {"content": "".join([unit.text for unit in units])} | shown}
    chip = first.mark
    if chip.kind == "pageBreak":
        return {"pageBreak": shown}
    return {chip.kind: {_ID_NAMES[chip.kind]: chip.id} | shown | {f"{chip.kind}Properties": chip.properties}}


def _paragraph_style(held: Paragraph) -> Json:
    found: Json = {"headingId": held.heading} if held.heading else {}
    return found | {"namedStyleType": held.style, "direction": "LEFT_TO_RIGHT"} | (held.properties or {})
