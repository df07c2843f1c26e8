"""The people's own hands in Notion: blocks and rows changed one by one, as its own program does.

Nothing here uses this program's reader and writer of Markdown: what people do must be as foreign to the program as it is
in a company.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from addon.demo import handwriting_docx as page
from addon.demo import handwriting_xlsx as sheet
from addon.demo.handwriting import HandwritingError

Json = dict[str, Any]
Call = Callable[[str, str, Json | None], Json]
"""Method, path and body of a call that a person's program makes, to the answer."""
_HEADINGS = ("heading_1", "heading_2")


@dataclass
class Pen:
    """Somebody at one page. *goals* is the data source of the goals, *me* the user who writes."""

    call: Call
    page: str
    goals: str
    me: str

    def write(self, strokes: Sequence[object]) -> None:
        """Make *strokes*. Raises HandwritingError when a heading, row or column cannot be seen."""
        for stroke in strokes:
            self._make(stroke)

    def _make(self, stroke: object) -> None:
        match stroke:
            case page.Type(heading, lines, bullets):
                kind = "bulleted_list_item" if bullets else "paragraph"
                self._append(self._section(heading)[-1], [_block(kind, line) for line in lines])
            case page.OwnHeading(title, lines):
                self._append(None, [_block("heading_2", title), *(_block("paragraph", line) for line in lines)])
            case page.PasteTable(heading, rows):
                self._append(self._section(heading)[-1], [_table(rows)])
            case page.FillRow(heading, cells):
                self._fill(heading, lambda texts: not any(text.strip() for text in texts), dict(cells))
            case page.SetCell(heading, row, column, text):
                self._fill(heading, lambda texts: row in texts, {column: text})
            case page.Strike(heading, words):
                struck = next(one for one in self._section(heading) if words in _plain(one))
                self.call("DELETE", f"blocks/{struck['id']}", None)
            case sheet.SetCells(goal, cells):
                self._set(goal, cells)
            case sheet.NewGoal(cells):
                self._add(cells)
            case sheet.SortByGoal():
                pass  # in Notion a sort belongs to a view and moves no row
            case _:
                raise TypeError(f"nobody knows how to make {stroke!r} in Notion")

    # ------------------------------------------------------------ pages

    def _section(self, heading: str) -> list[Json]:
        """The heading and everything up to the next one."""
        found: list[Json] = []
        for block in self._children(self.page):
            if found and block["type"] in _HEADINGS:
                break
            if found or (block["type"] in _HEADINGS and _plain(block).strip() == heading):
                found.append(block)
        if not found:
            raise HandwritingError(f"the page {self.page} shows no heading {heading!r}")
        return found

    def _children(self, block: str) -> Iterator[Json]:
        path = f"blocks/{block}/children?page_size=100"
        more: str | None = path
        while more:
            answer = self.call("GET", more, None)
            yield from answer["results"]
            more = f"{path}&start_cursor={answer['next_cursor']}" if answer["has_more"] else None

    def _append(self, after: Json | None, blocks: list[Json]) -> None:
        where = {"type": "after_block", "after_block": {"id": after["id"]}} if after else {"type": "end"}
        self.call("PATCH", f"blocks/{self.page}/children", {"children": blocks, "position": where})

    def _fill(self, heading: str, fits: Callable[[list[str]], bool], values: Mapping[str, str]) -> None:
        """Type into the first row of the section's table that *fits*; without an empty one, into a new row."""
        table = next((block for block in self._section(heading) if block["type"] == "table"), None)
        if table is None:
            raise HandwritingError(f"the page {self.page} shows no table under {heading!r}")
        head, *rows = self._children(table["id"])
        titles = _texts(head)
        row = next((one for one in rows if fits(_texts(one))), None)
        if row is None and not fits([""]):
            raise HandwritingError(f"the table under {heading!r} shows no such row")
        texts = _texts(row) if row else [""] * len(titles)
        texts = [values.get(title, text) for title, text in zip(titles, texts, strict=True)]
        if row:
            self.call("PATCH", f"blocks/{row['id']}", {"table_row": {"cells": [_rich(text) for text in texts]}})
        else:
            self.call("PATCH", f"blocks/{table['id']}/children", {"children": [_row(texts)]})

    # ------------------------------------------------------------ goals

    def _set(self, goal: str, cells: Mapping[str, sheet.Value]) -> None:
        """Change the row of that title among one's own goals."""
        wanted = {"and": [{"property": "Goal", "title": {"equals": goal}}, self._own()]}
        found = self.call("POST", f"data_sources/{self.goals}/query", {"filter": wanted})["results"]
        if not found:
            raise HandwritingError(f"there is no goal {goal!r} of this person")
        self.call("PATCH", f"pages/{found[0]['id']}", {"properties": _values(found[0]["properties"], cells)})

    def _add(self, cells: Mapping[str, sheet.Value]) -> None:
        """A new row in one's own view, which fills in whose it is."""
        schema = self.call("GET", f"data_sources/{self.goals}", None)["properties"]
        values = _values(schema, cells) | {"Employee": {"people": [{"object": "user", "id": self.me}]}}
        parent = {"type": "data_source_id", "data_source_id": self.goals}
        self.call("POST", "pages", {"parent": parent, "properties": values})

    def _own(self) -> Json:
        return {"property": "Employee", "people": {"contains": self.me}}


def _values(schema: Mapping[str, Mapping[str, Any]], cells: Mapping[str, sheet.Value]) -> Json:
    """*cells* for the properties that people see under these names."""
    return {title: _value(str(schema[title]["type"]), value) for title, value in cells.items()}


def _value(kind: str, value: sheet.Value) -> Json:
    if kind == "number":
        return {"number": {"yes": 1, "no": 0}.get(value) if isinstance(value, str) else value}
    if kind == "date":
        return {"date": {"start": value.isoformat() if isinstance(value, date) else str(value)}}
    if kind == "select":
        return {"select": {"name": str(value)}}
    return {kind: _rich(str(value))}


def _rich(text: str) -> list[Json]:
    return [{"type": "text", "text": {"content": text}}] if text else []


def _block(kind: str, text: str) -> Json:
    return {"type": kind, kind: {"rich_text": _rich(text)}}


def _row(texts: Sequence[str]) -> Json:
    return {"type": "table_row", "table_row": {"cells": [_rich(text) for text in texts]}}


def _table(rows: Sequence[Sequence[str]]) -> Json:
    inside = {"table_width": len(rows[0]), "has_column_header": True, "children": [_row(row) for row in rows]}
    return {"type": "table", "table": inside}


def _plain(block: Json) -> str:
    return "".join(str(piece.get("plain_text", "")) for piece in block[block["type"]].get("rich_text", ()))


def _texts(row: Json) -> list[str]:
    return ["".join(str(piece.get("plain_text", "")) for piece in cell) for cell in row["table_row"]["cells"]]
