"""The people's own hands in Google Docs and Sheets: what typing there makes their programs ask.

Nothing here uses this program's reader and writer of Google's files: what people do must be as foreign to the program as
it is in a company.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

from addon.demo import handwriting_docx as page
from addon.demo import handwriting_xlsx as sheet
from addon.demo.handwriting import HandwritingError

Json = dict[str, Any]
Call = Callable[[str, str, Json | None], Json]
"""Method, path and body of a call that a person's program makes, to the answer."""
ROWS_SEEN = 80
"""How far somebody scrolls down a sheet of goals."""


@dataclass
class Pen:
    """Somebody at one file."""

    call: Call
    file: str

    def write(self, strokes: Sequence[object]) -> None:
        """Make *strokes*. Raises HandwritingError when a heading, row or column cannot be seen."""
        for stroke in strokes:
            self._make(stroke)

    def _make(self, stroke: object) -> None:
        match stroke:
            case page.Type(heading, lines, bullets):
                self._type(heading, lines, bullets)
            case page.OwnHeading(title, lines):
                self._own_heading(title, lines)
            case page.PasteTable(heading, rows):
                self._paste(heading, rows)
            case page.FillRow(heading, cells):
                self._fill(heading, lambda texts: not any(text.strip() for text in texts), dict(cells))
            case page.SetCell(heading, row, column, text):
                self._fill(heading, lambda texts: row in texts, {column: text})
            case page.Strike(heading, words):
                self._strike(heading, words)
            case sheet.SetCells(goal, cells):
                self._set(goal, cells)
            case sheet.NewGoal(cells):
                self._set(None, cells)
            case sheet.SortByGoal():
                self._sort()
            case _:
                raise TypeError(f"nobody knows how to make {stroke!r} in Google")

    # ------------------------------------------------------------ documents

    def _content(self) -> list[Json]:
        path = f"v1/documents/{self.file}?includeTabsContent=true&fields=tabs(documentTab(body))"
        answer = self.call("GET", path, None)
        found: list[Json] = answer["tabs"][0]["documentTab"]["body"]["content"]
        return found

    def _section(self, heading: str) -> list[Json]:
        """The heading and everything up to the next one."""
        found: list[Json] = []
        for element in self._content():
            if found and _is_heading(element):
                break
            if found or (_is_heading(element) and _words(element).strip() == heading):
                found.append(element)
        if not found:
            raise HandwritingError(f"the document {self.file} shows no heading {heading!r}")
        return found

    def _ask(self, *requests: Json) -> None:
        self.call("POST", f"v1/documents/{self.file}:batchUpdate", {"requests": list(requests)})

    def _type(self, heading: str, lines: Sequence[str], bullets: bool) -> None:
        """Into the section's last empty line, else behind its last one."""
        section = self._section(heading)
        empty = [one for one in section[1:] if "paragraph" in one and not _words(one).strip()]
        text = "\n".join(lines)
        at, typed = (empty[-1]["startIndex"], text) if empty else (section[-1]["endIndex"] - 1, f"\n{text}")
        requests: list[Json] = [{"insertText": {"location": {"index": at}, "text": typed}}]
        start = at + len(typed) - len(text)
        there = {"startIndex": start, "endIndex": start + _length(text)}
        if not empty:
            style = {"namedStyleType": "NORMAL_TEXT"}
            requests.append({"updateParagraphStyle": {"range": there, "paragraphStyle": style, "fields": "namedStyleType"}})
            requests.append({"updateTextStyle": {"range": there, "textStyle": {}, "fields": "italic,bold,foregroundColor"}})
        if bullets:
            requests.append({"createParagraphBullets": {"range": there, "bulletPreset": "BULLET_DISC_CIRCLE_SQUARE"}})
        self._ask(*requests)

    def _own_heading(self, title: str, lines: Sequence[str]) -> None:
        end = self._content()[-1]["endIndex"] - 1
        text = "\n" + "\n".join((title, *lines))
        first = end + 1
        after = first + _length(title) + 1
        body = {"startIndex": first, "endIndex": end + _length(text)}
        requests: list[Json] = [
            {"insertText": {"location": {"index": end}, "text": text}},
            {"deleteParagraphBullets": {"range": body}},
            _styled(body, "NORMAL_TEXT"),
            _styled({"startIndex": first, "endIndex": after}, "HEADING_1"),
        ]
        self._ask(*requests)

    def _paste(self, heading: str, rows: Sequence[Sequence[str]]) -> None:
        """Below what stands in the section: first an empty table, then its words from the end."""
        section = self._section(heading)
        at = section[-1]["endIndex"] - 1
        self._ask({"insertTable": {"location": {"index": at}, "rows": len(rows), "columns": len(rows[0])}})
        table = next(one for one in reversed(self._section(heading)) if "table" in one)
        writes = [
            {"insertText": {"location": {"index": cell["content"][0]["startIndex"]}, "text": text}}
            for row, texts in zip(table["table"]["tableRows"], rows, strict=True)
            for cell, text in zip(row["tableCells"], texts, strict=True)
            if text
        ]
        self._ask(*reversed(writes))

    def _fill(self, heading: str, fits: Callable[[list[str]], bool], values: Mapping[str, str]) -> None:
        """Type into the first row of the section's table that *fits*; without an empty one, into a new row."""
        table = next((one for one in self._section(heading) if "table" in one), None)
        if table is None:
            raise HandwritingError(f"the document {self.file} shows no table under {heading!r}")
        head, *rows = table["table"]["tableRows"]
        titles = [_cell_words(cell).strip() for cell in head["tableCells"]]
        row = next((one for one in rows if fits([_cell_words(cell).strip() for cell in one["tableCells"]])), None)
        if row is None and not fits([""]):
            raise HandwritingError(f"the table under {heading!r} shows no such row")
        if row is None:
            place = {"tableStartLocation": {"index": table["startIndex"]}, "rowIndex": len(rows), "columnIndex": 0}
            self._ask({"insertTableRow": {"tableCellLocation": place, "insertBelow": True}})
            return self._fill(heading, fits, values)
        requests: list[Json] = []
        for title, cell in reversed(list(zip(titles, row["tableCells"], strict=True))):
            if title in values:
                requests += _retyped(cell["content"][0], values[title])
        self._ask(*requests)
        return None

    def _strike(self, heading: str, words: str) -> None:
        struck = next(one for one in self._section(heading) if words in _words(one))
        self._ask(*_retyped(struck, ""))

    # ------------------------------------------------------------ sheets

    def _grid(self) -> tuple[str, list[list[Any]], int]:
        """The sheet's name, its cells, and the number of its header row."""
        about = self.call("GET", f"v4/spreadsheets/{self.file}?fields=sheets.properties(title,sheetId)", None)
        name = str(about["sheets"][0]["properties"]["title"])
        seen = quote(f"'{name}'!1:{ROWS_SEEN}")
        answer = self.call("GET", f"v4/spreadsheets/{self.file}/values/{seen}?valueRenderOption=FORMULA", None)
        grid: list[list[Any]] = answer.get("values", [])
        at = next((at for at, row in enumerate(grid) if "Goal" in row or "Key result" in row), None)
        if at is None:
            raise HandwritingError(f"the sheet {self.file} shows no header")
        return name, grid, at

    def _set(self, goal: str | None, cells: Mapping[str, sheet.Value]) -> None:
        """Type into the row of that goal, or into the first free one."""
        name, grid, at = self._grid()
        head = [str(title) for title in grid[at]]
        goals = next(number for number, title in enumerate(head) if title in ("Goal", "Key result"))
        texts = [str(row[goals]) if len(row) > goals else "" for row in grid[at + 1 :]]
        if goal is None:
            number = next((below for below, text in enumerate(texts) if not text.strip()), len(texts))
        elif goal in texts:
            number = texts.index(goal)
        else:
            raise HandwritingError(f"the sheet {self.file} shows no goal {goal!r}")
        row = at + 2 + number
        data = [
            {"range": f"'{name}'!{_letters(head.index(title))}{row}", "values": [[_typed(value)]]}
            for title, value in cells.items()
        ]
        body = {"valueInputOption": "USER_ENTERED", "data": data}
        self.call("POST", f"v4/spreadsheets/{self.file}/values:batchUpdate", body)

    def _sort(self) -> None:
        """Sort the table's rows by the goal's title."""
        _, grid, at = self._grid()
        head = [str(title) for title in grid[at]]
        goals = next(number for number, title in enumerate(head) if title in ("Goal", "Key result"))
        filled = [number for number, row in enumerate(grid) if number > at and len(row) > goals and str(row[goals]).strip()]
        if filled:
            there = {
                "startRowIndex": at + 1,
                "endRowIndex": filled[-1] + 1,
                "startColumnIndex": 0,
                "endColumnIndex": len(head),
            }
            order = [{"dimensionIndex": goals, "sortOrder": "ASCENDING"}]
            body = {"requests": [{"sortRange": {"range": there, "sortSpecs": order}}]}
            self.call("POST", f"v4/spreadsheets/{self.file}:batchUpdate", body)


def _styled(there: Json, style: str) -> Json:
    return {"updateParagraphStyle": {"range": there, "paragraphStyle": {"namedStyleType": style}, "fields": "namedStyleType"}}


def _retyped(paragraph: Json, text: str) -> list[Json]:
    """The words of a paragraph replaced."""
    start, end = paragraph["startIndex"], paragraph["endIndex"] - 1
    requests: list[Json] = []
    if end > start:
        requests.append({"deleteContentRange": {"range": {"startIndex": start, "endIndex": end}}})
    if text:
        requests.append({"insertText": {"location": {"index": start}, "text": text}})
    return requests


def _is_heading(element: Json) -> bool:
    style = element.get("paragraph", {}).get("paragraphStyle", {}).get("namedStyleType")
    return style == "HEADING_1" and bool(_words(element).strip())


def _words(element: Json) -> str:
    pieces = element.get("paragraph", {}).get("elements", ())
    return "".join(str(piece.get("textRun", {}).get("content", "")) for piece in pieces)


def _cell_words(cell: Json) -> str:
    return "".join(_words(one) for one in cell["content"])


def _length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _letters(number: int) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[number]


def _typed(value: sheet.Value) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else value
