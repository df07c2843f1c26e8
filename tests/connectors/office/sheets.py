"""A goal sheet for tests, and what other programs do to it."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import openpyxl
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from connectors.office import xlsx
from connectors.office.package import open_package, repack
from connectors.workspace import (
    NewRow,
    Table,
    TableContent,
)
from templates.shapes import Column, ColumnType, TableShape

CHOICE, AMOUNT, DATE = ColumnType.CHOICE, ColumnType.AMOUNT, ColumnType.DATE
SHAPE = TableShape(
    title="Goals",
    columns=(
        Column("key", "Key", ColumnType.KEY, width=7, help="Leave as it is"),
        Column("goal", "Goal", width=38, help="One sentence that begins with a verb.", former_titles=("Objective",)),
        Column("parent", "Contributes to", width=22),
        Column("measure", "Measured by", width=22, help="How anyone can tell."),
        Column("category", "Category", CHOICE, ("Delivery", "Quality, safety", 'The "rest"'), width=12),
        Column("unit", "Unit", CHOICE, ("number", "%", "EUR", "yes/no"), width=9),
        Column("start", "Start", AMOUNT, width=9),
        Column("target", "Target", AMOUNT, width=9),
        Column("now", "Now", AMOUNT, width=9, help="The latest value"),
        Column("weight", "Weight", ColumnType.PERCENT, width=9),
        Column("progress", "Progress", ColumnType.PROGRESS, width=10, help="Computed"),
        Column("due", "Due", DATE, width=12),
        Column("status", "Status", CHOICE, ("on track", "at risk", "off track", "done"), width=12),
        Column("updated", "Updated", DATE, width=12),
        Column("comment", "Comment", width=34),
    ),
    empty_rows=6,
    intro="Up to five goals. Update the column Now before each check-in.",
)
ROWS = (
    NewRow(
        "g1",
        {
            "goal": "Halve the time from order to delivery",
            "measure": "Median days\nfrom the order system",
            "unit": "number",
            "start": 6,
            "target": 2.5,
            "now": 4.25,
            "due": date(2026, 6, 30),
            "status": "on track",
            "comment": "=SUM(A1:A9) is no formula here",
        },
    ),
    NewRow("g2", {"goal": "Raise first-call resolution", "unit": "%", "start": 58, "target": 80, "now": 72}),
    NewRow("g3", {"goal": "Pass the review", "unit": "yes/no", "target": "yes", "now": "no", "status": "at risk"}),
    NewRow("g4", {"goal": "Three partners", "unit": "number", "start": 0, "target": 3, "now": 4, "updated": date(2026, 3, 2)}),
)
FACTS = (("Employee", "Ada Brandt"), ("Manager", "Beatrice Okonkwo"), ("Cycle", "2026, first half"))
CONTENT = TableContent(SHAPE, ROWS, FACTS)
HEADER = 7


def built(content: TableContent = CONTENT) -> bytes:
    return xlsx.build(content, key="2026-h1/p7/goal-sheet", kind="goal-sheet", title="Goals of Ada Brandt")


def read(data: bytes) -> Table:
    return xlsx.read(data, SHAPE)[1]


def typed(change: Callable[[Worksheet], object], data: bytes | None = None) -> bytes:
    """The file after somebody opened it in another program, made a *change* and saved."""
    book = openpyxl.load_workbook(io.BytesIO(data or built()), rich_text=True)
    change(book["Goals"] if "Goals" in book.sheetnames else book.worksheets[0])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def raw_edit(part: str, old: str, new: str, data: bytes | None = None) -> bytes:
    """The file with a piece of one part's XML replaced, as another program would have written it."""
    data = data or built()
    text = (open_package(data).part(part) or b"").decode()
    assert old in text
    return repack(data, {part: text.replace(old, new, 1).encode()})


SHEET = "xl/worksheets/sheet1.xml"
PARTS = (SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels", "docProps/custom.xml", "docProps/core.xml")


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
