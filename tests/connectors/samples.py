"""What the connectors' tests provision: a goal sheet, a check-in, and what counts when they are read back."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from connectors.workspace import (
    Bullet,
    Document,
    DocumentContent,
    Home,
    NewItem,
    NewRow,
    Paragraph,
    Rows,
    Table,
    TableContent,
)
from templates.shapes import Column, ColumnType, DocumentShape, Place, Section, SectionBody, TableShape

GOALS = TableShape(
    "Goals",
    (
        Column("key", "Key", ColumnType.KEY, width=8),
        Column("title", "Goal", width=40, help="One sentence."),
        Column("status", "Status", ColumnType.CHOICE, choices=("on track", "at risk")),
        Column("target", "Target", ColumnType.AMOUNT),
        Column("weight", "Weight", ColumnType.PERCENT),
        Column("due", "Due", ColumnType.DATE),
    ),
    empty_rows=4,
    intro="What matters this half-year.",
)
CHECK_IN = DocumentShape(
    (
        Section("agenda", "Agenda", "What do you want to talk about?"),
        Section("wins", "Wins", "What went well?"),
        Section(
            "actions",
            "Actions",
            "Who does what until when?",
            body=SectionBody.TABLE,
            columns=(Column("key", "Key", ColumnType.KEY), Column("what", "What"), Column("due", "Due", ColumnType.DATE)),
        ),
        Section("notes", "Notes"),
    ),
    intro="For both of you.",
)
TEXTS = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=30).filter(
    lambda text: text == text.strip() and unicodedata.normalize("NFC", text) == text
)
ADA = Home(Place.WORKING, "p7k3m2qd", "Ada Brandt", ("2026-h1",))
ROW = NewRow("g1", {"title": "Ship it", "status": "on track", "target": 12.5, "weight": 0.25, "due": date(2026, 3, 2)})
ACTION = NewRow("a1", {"what": "Write to Bo", "due": date(2026, 3, 9)})


def sheet(key: str = "2026-h1/p7k3m2qd/goal-sheet", title: str = "Goals of Ada", *rows: NewRow) -> NewItem:
    """A goal sheet with one goal, or with *rows*."""
    content = TableContent(GOALS, rows or (ROW,), (("Employee", "Ada Brandt"),))
    return NewItem(key, "goal-sheet", title, ADA, content)


def check_in(key: str = "2026-h1/p7k3m2qd/check-in/2026-03-02", title: str = "Check-in of Ada 2026-03-02") -> NewItem:
    """A check-in with an agenda, one action, and two sections that are still empty."""
    agenda = (Paragraph("The move to Bergen"), Bullet("desks"))
    return NewItem(key, "check-in", title, ADA, DocumentContent(CHECK_IN, {"agenda": agenda, "actions": (Rows((ACTION,)),)}))


def with_text(item: NewItem, text: str) -> NewItem:
    """A check-in whose wins say *text*."""
    return replace(item, content=DocumentContent(CHECK_IN, {"wins": (Paragraph(text),)}))


def essence(content: Table | Document) -> object:
    """What counts when two contents are compared: keys, text, numbers and days, not where on the page they stand."""
    if isinstance(content, Table):
        return [(row.key, _cells(row.cells)) for row in content.rows]
    return [
        (part.section, part.paragraphs, [(row.key, _cells(row.cells)) for row in part.rows])
        for part in content.parts
        if part.section or part.paragraphs or part.rows
    ]


def _cells(cells: object) -> object:
    assert isinstance(cells, dict)
    return {key: (cell.text, cell.day) for key, cell in cells.items() if cell.text and key not in ("key", "weight")}
