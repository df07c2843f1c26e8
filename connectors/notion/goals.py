"""Goal sheets: a row of the sheets' database, and a row of the goals' database for each goal. Pure.

A goal belongs to the sheet whose key it carries. One that somebody added in a view carries none: it belongs to the
newest sheet of the employee in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from connectors.notion.blocks import blocks
from connectors.notion.rows import Page
from connectors.notion.values import cell, words
from connectors.workspace import Cell, LeftOver, Row, Table
from templates.shapes import TableShape

BOOKKEEPING = ("Key", "Home", "About", "Employee", "Shared with", "Shown to", "Sheet", "Order")


@dataclass(frozen=True)
class Goal:
    """One goal as it stands: what people see of it by property id, and the body of its page."""

    id: str
    sheet: str
    employee: str
    key: str
    order: float
    created: str
    edited: str
    values: tuple[tuple[str, str, Mapping[str, object]], ...]
    """Property id, its name now, and its value."""
    body: str = ""

    @property
    def rank(self) -> tuple[float, str, str]:
        """Where it stands among the others: as it was provisioned, then as people added them."""
        return self.order, self.created, self.id

    @property
    def sign(self) -> tuple[object, ...]:
        """What makes two readings of a goal the same."""
        seen = tuple(sorted((id_, words(value)) for id_, _, value in self.values))
        return self.id, self.key, seen, tuple((one.kind, one.line) for one in blocks(self.body))


def goal_of(page: Page, body: str) -> Goal:
    """The goal in a row."""
    hidden = {page.known.properties.get(name) for name in BOOKKEEPING}
    order = page.own("Order")
    values = tuple((id_, name, value) for id_, (name, value) in page.values.items() if id_ not in hidden)
    employees = page.people("Employee")
    return Goal(
        id=page.id,
        sheet=page.own("Sheet"),
        employee=employees[0] if employees else "",
        key=page.key,
        order=float(order) if order else float("inf"),
        created=page.created,
        edited=page.edited,
        values=values,
        body=body,
    )


def sheet_version(body: str, beside: Iterable[tuple[str, str]], goals: Iterable[Goal]) -> str:
    """Equal for sheets that read the same."""
    own = [(one.kind, one.line) for one in blocks(body)]
    signs = [goal.sign for goal in sorted(goals, key=lambda goal: goal.rank)]
    return hashlib.sha256(repr((own, list(beside), signs)).encode()).hexdigest()


def table_of(
    body: str,
    beside: Iterable[tuple[str, str]],
    goals: Sequence[Goal],
    shape: TableShape | None,
    columns: Mapping[str, str],
) -> Table:
    """The sheet as read. *columns* are the property ids of the shape's columns, by column key."""
    shape = shape or TableShape("Goals", ())
    keys = {id_: key for key, id_ in columns.items()}
    ordered = sorted(goals, key=lambda goal: goal.rank)
    rows, left, titles = [], [], {column.key: column.title for column in shape.columns}
    for number, goal in enumerate(ordered, start=1):
        place = f"row {number} of {shape.title}"
        cells = _cells(goal, keys, shape, titles)
        if cells:
            rows.append(Row(goal.key, cells, place))
        own = next((one.text for key, one in cells.items() if columns.get(key) == "title"), "")
        left += [LeftOver(own, text, f"page of {place}") for text in _texts(goal.body)]
    template = []
    for text in _texts(body):
        if " ".join(text.split()) == " ".join(shape.intro.split()):
            template.append(text)
        else:
            left.append(LeftOver("", text, "page of the goal sheet"))
    left += [LeftOver(name, text, f"property {name}") for name, text in beside]
    return Table(tuple(rows), titles, tuple(left), tuple(template))


def _cells(goal: Goal, keys: Mapping[str, str], shape: TableShape, titles: dict[str, str]) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    for id_, name, value in goal.values:
        key = keys.get(id_) or f"?{name}"
        found = cell(value, shape.column(key))
        if found.text:
            cells[key] = found
            titles[key] = key if key.startswith("?") else name
    return cells


def _texts(body: str) -> list[str]:
    """The blocks of a body; the one block of guidance in it is compared as words."""
    return [one.words if one.kind == "quote" else one.line for one in blocks(body) if one.line.strip()]


def packed(goal: Goal) -> list[object]:
    """For a cursor."""
    order = None if goal.order == float("inf") else goal.order
    values = [[id_, name, dict(value)] for id_, name, value in goal.values]
    return [goal.sheet, goal.employee, goal.key, order, goal.created, goal.edited, values, goal.body]


def unpacked(id_: str, data: Sequence[object]) -> Goal:
    """The goal that `packed` gave."""
    sheet, employee, key, order, created, edited, values, body = data
    assert isinstance(values, list)
    number = float("inf") if order is None else float(str(order))
    read = tuple((str(one[0]), str(one[1]), dict(one[2])) for one in values)
    return Goal(id_, str(sheet), str(employee), str(key), number, str(created), str(edited), read, str(body))


def slim(goal: Goal) -> Goal:
    """The goal with only as much of its values as reading them takes."""
    kept = tuple((id_, name, _slim(value)) for id_, name, value in goal.values if words(value))
    return replace(goal, values=kept)


def _slim(value: Mapping[str, object]) -> Mapping[str, object]:
    kind = str(value.get("type"))
    if kind in ("title", "rich_text"):
        return {"type": "rich_text", "rich_text": [{"plain_text": words(value)}]}
    if kind in ("number", "date"):
        return {"type": kind, kind: value.get(kind)}
    return {"type": "select", "select": {"name": words(value)}}
