"""Which changes of a document do what somebody asked for beside it: only in what they saw, never over something else. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from connectors.workspace import CellValue, Change, Document, ReplaceCells, Row, SetCells, Table
from sync.goals import YES_NO_UNITS
from sync.pull.cells import BLANK, FIGURES, as_text, figures_of, ticked
from sync.pull.likeness import plain
from templates.shapes import TableShape


class NotWritten(Exception):
    """Nothing is written; the message says why and what to do. *moved* when something else stands there meanwhile."""

    def __init__(self, message: str, *, moved: bool = False) -> None:
        super().__init__(message)
        self.moved = moved


DONE_COLUMN, ACTION_COLUMN, NOW, UPDATED = "done", "action", "now", "updated"


def tick(document: Document, key: str, words: str) -> tuple[Change, ...] | None:
    """What ticks the action of that key; () when it is ticked, None when it does not stand in this document.

    Where people wrote it themselves it has no key, and its *words* tell it. Raises NotWritten.
    """
    rows = [row for part in document.parts for row in part.rows if row.cells.get(ACTION_COLUMN, BLANK).text.strip()]
    found = _row(rows, key, words, ACTION_COLUMN)
    if found is None:
        return None
    done = found.cells.get(DONE_COLUMN, BLANK)
    if ticked(done):
        return ()
    if done.text.strip():
        raise NotWritten(f"“{done.text.strip()}” stands there under Done: change it in the document", moved=True)
    return (SetCells({found.key or found.place: {DONE_COLUMN: "yes"}}),)


def new_value(
    table: Table, shape: TableShape, row_key: str, title: str, wanted: float, was: float | None, day: date
) -> tuple[Change, ...]:
    """What gives a goal its value, and the day of it where the sheet has a column for that. Raises NotWritten.

    Only what whoever asked saw is replaced: a value that somebody typed meanwhile stays, and so does a formula.
    """
    found = _row(table.rows, row_key, title, "goal")
    if found is None:
        raise NotWritten("the goal does not stand in the sheet any more", moved=True)
    cell, unit = found.cells.get(NOW, BLANK), as_text(found.cells.get("unit", BLANK)).strip()
    if cell.formula:
        raise NotWritten("a formula stands there: change what it is computed from")
    if any(found.cells.get(name, BLANK).percent for name in FIGURES):
        raise NotWritten("the row shows shares as per cents: change it in the sheet")
    yes_no = unit.casefold() in YES_NO_UNITS
    stands = figures_of(found.cells, unit, yes_no=yes_no, last=was).values[NOW]
    if stands == wanted:
        return ()
    if stands != was or (stands is None and cell.text.strip()):
        raise NotWritten(f"“{cell.text.strip() or 'nothing'}” stands there meanwhile", moved=True)
    values: dict[str, CellValue] = {NOW: _typed(wanted, yes_no=yes_no)}
    if shape.column(UPDATED) is not None and UPDATED in table.columns:
        values[UPDATED] = day
    return (ReplaceCells({found.key or found.place: values}),)


def _typed(wanted: float, *, yes_no: bool) -> CellValue:
    if yes_no:
        return "yes" if wanted else "no"
    return int(wanted) if wanted.is_integer() else wanted


def _row(rows: Sequence[Row], key: str, words: str, column: str) -> Row | None:
    """The row of that key; else the only one without a key that says the same. Two alike are none: nobody guesses."""
    by_key = [row for row in rows if row.key and row.key == key]
    if by_key:
        return by_key[0] if len(by_key) == 1 else None
    alike = [row for row in rows if not row.key and plain(as_text(row.cells.get(column, BLANK))) == plain(words)]
    return alike[0] if len(alike) == 1 else None
