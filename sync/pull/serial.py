"""What was read from an artifact as JSON and back: how grounds and snapshots are stored.

Only what is there is written, so that an empty row of a wide sheet costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from connectors.workspace import Cell, Document, LeftOver, Part, Pending, Row, Table


def to_json(content: Table | Document) -> dict[str, Any]:
    """*content* as a JSON object; `from_json` gives it back."""
    common = {
        "left": [[one.heading, one.text, one.place] for one in content.left_overs],
        "template": list(content.template_text),
        "notes": list(content.notes),
    }
    if isinstance(content, Table):
        return {"table": _rows_to(content.rows), "columns": dict(content.columns), **common}
    parts = [
        [
            part.section,
            part.heading,
            list(part.paragraphs),
            _rows_to(part.rows),
            part.place,
            [list(one) for one in part.authors],
            *([[[one.text, one.paragraph, list(one.names)] for one in part.pending]] if part.pending else ()),
        ]
        for part in content.parts
    ]
    return {"document": parts, **common}


def from_json(data: Mapping[str, Any]) -> Table | Document:
    """The content that `to_json` was given. Raises KeyError for JSON of another kind."""
    left = tuple(LeftOver(*one) for one in data["left"])
    template, notes = tuple(data["template"]), tuple(data["notes"])
    if "table" in data:
        return Table(_rows_from(data["table"]), dict(data["columns"]), left, template, notes)
    return Document(tuple(_part_from(*one) for one in data["document"]), left, template, notes)


def _part_from(
    section: str, heading: str, paragraphs: Any, rows: Any, place: str, authors: Any, pending: Iterable[Any] = ()
) -> Part:
    waiting = tuple(Pending(text, number, tuple(names)) for text, number, names in pending)
    inserted = tuple((number, name) for number, name in authors)
    return Part(section, heading, tuple(paragraphs), _rows_from(rows), place, inserted, waiting)


def _rows_to(rows: Iterable[Row]) -> list[Any]:
    return [[row.key, {column: _cell_to(cell) for column, cell in row.cells.items()}, row.place] for row in rows]


def _rows_from(rows: Iterable[Any]) -> tuple[Row, ...]:
    return tuple(Row(key, {column: _cell_from(cell) for column, cell in cells.items()}, place) for key, cells, place in rows)


def _cell_to(cell: Cell) -> dict[str, Any]:
    facts: dict[str, Any] = {"t": cell.text}
    if cell.number is not None:
        facts["n"] = cell.number
    if cell.day is not None:
        facts["d"] = cell.day.isoformat()
    if cell.percent:
        facts["p"] = 1
    if cell.formula:
        facts["f"] = 1
    return facts


def _cell_from(facts: Mapping[str, Any]) -> Cell:
    day = date.fromisoformat(facts["d"]) if "d" in facts else None
    return Cell(facts["t"], facts.get("n"), day, percent="p" in facts, formula="f" in facts)
