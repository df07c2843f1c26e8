"""The table of a section: which column is which, and its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from connectors.office.docx_markup import W, same
from connectors.office.docx_text import AS_TYPED, Grid, Reader, cells_of, rows_of
from connectors.office.xlsx_typed import day_in, number_in
from connectors.workspace import Cell, Row
from templates.shapes import Column, ColumnType, Section


@dataclass(eq=False)
class Line:
    """A row of a table: its cells and their texts by column key; unknown columns as ``?Title``."""

    element: etree._Element
    cells: dict[str, etree._Element]
    texts: dict[str, str]

    def is_empty(self) -> bool:
        """Whether nobody typed anything in it."""
        return not any(text.strip() for text in self.texts.values())


@dataclass(eq=False)
class Sheet:
    """A section's table. *head* holds the texts of its header row, () when it has none; *notes* what was renamed."""

    element: etree._Element
    section: Section
    head: tuple[str, ...]
    keys: tuple[str, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...]

    def key_of(self, line: Line) -> str:
        """The key of a row, "" when the table has no key column or the cell is blank."""
        return next((line.texts.get(c.key, "").strip() for c in self.section.columns if c.type is ColumnType.KEY), "")

    def name_of(self, number: int, line: Line) -> str:
        """How an edit names the row of that number, counted from one: by its key, else by its place."""
        return self.key_of(line) or f"row {number} of {self.section.title}"

    def rows(self) -> tuple[Row, ...]:
        """Its rows, without the wholly empty ones; the place counts those, too."""
        return tuple(
            Row(self.key_of(line), self._cells(line), f"row {number} of {self.section.title}")
            for number, line in enumerate(self.lines, start=1)
            if not line.is_empty()
        )

    def _cells(self, line: Line) -> dict[str, Cell]:
        types = {column.key: column.type for column in self.section.columns}
        return {
            key: typed_cell(text, types.get(key, ColumnType.TEXT))
            for key, text in line.texts.items()
            if text.strip() and types.get(key) is not ColumnType.KEY
        }


def sheet(reader: Reader, grid: Grid, section: Section, *, first: bool) -> Sheet | None:
    """*grid* read as the table of *section*, or None when its columns are others.

    Titles decide. The *first* table of a section may also have other titles, or none, if it has as many columns.
    """
    rows = list(rows_of(grid.element))
    if not rows or not section.columns:
        return None
    top = [text for _, text, _ in _positions(reader, rows[0])]
    known = columns_by_title(top, section.columns)
    if 2 * len(known) < len(section.columns) and not (first and len(top) == len(section.columns)):
        return None
    has_head = bool(known) or rows[0].find(f"{W}trPr/{W}tblHeader") is not None
    keys, notes = column_keys(top, known, section) if has_head else ([column.key for column in section.columns], [])
    lines = tuple(line_of(reader, row, keys) for row in rows[1 if has_head else 0 :])
    return Sheet(grid.element, section, tuple(top) if has_head else (), tuple(keys), lines, tuple(notes))


def columns_by_title(titles: Sequence[str], columns: Sequence[Column]) -> dict[int, str]:
    """Which column of a table is which, by its title or a former one."""
    known: dict[int, str] = {}
    for names in ({same(c.title): c.key for c in columns}, {same(t): c.key for c in columns for t in c.former_titles}):
        for at, title in enumerate(titles):
            key = names.get(same(title), "")
            if key and at not in known and key not in known.values():
                known[at] = key
    return known


def column_keys(titles: Sequence[str], known: dict[int, str], section: Section) -> tuple[list[str], list[str]]:
    """The key of each column; one with another title in the place of a missing one was renamed."""
    keys: list[str] = []
    notes: list[str] = []
    for at, title in enumerate(titles):
        expected = section.columns[at] if len(titles) == len(section.columns) else None
        if at in known:
            keys.append(known[at])
        elif expected is not None and expected.key not in known.values():
            keys.append(expected.key)
            notes.append(f"In “{section.title}” the column “{title}” is read as “{expected.title}”, by its position.")
        else:
            keys.append(free_key(f"?{' '.join(title.split()) or f'column {at + 1}'}", keys))
            notes.append(f"In “{section.title}” the column “{keys[-1][1:]}” is not part of the template; its text is kept.")
    return keys, notes


def free_key(key: str, taken: Sequence[str]) -> str:
    """*key*, with a number behind it when it is *taken*."""
    number = 2
    free = key
    while free in taken:
        free, number = f"{key} {number}", number + 1
    return free


def line_of(reader: Reader, row: etree._Element, keys: Sequence[str]) -> Line:
    """One row of a table whose columns have these *keys*."""
    cells: dict[str, etree._Element] = {}
    texts: dict[str, str] = {}
    for at, text, cell in _positions(reader, row):
        key = free_key(keys[at] if at < len(keys) else f"?column {at + 1}", list(cells))
        cells[key], texts[key] = cell, text
    return Line(row, cells, texts)


def _positions(reader: Reader, row: etree._Element) -> Iterator[tuple[int, str, etree._Element]]:
    """Each cell with the column that it begins in: merged cells are as wide as the columns they cover."""
    at = _number(row, "trPr", "gridBefore", 0)
    for cell in cells_of(row):
        yield at, _text_of(reader, cell), cell
        at += _number(cell, "tcPr", "gridSpan", 1)


def _text_of(reader: Reader, cell: etree._Element) -> str:
    """The words of a cell, one line a paragraph. Where it is only one, a list's mark before it says nothing."""
    lines = list(reader.annotated(cell, AS_TYPED))
    only = lines[0][1] if len(lines) == 1 else None
    return "\n".join(line for line, _ in lines) if only is None else only.text


def _number(element: etree._Element, properties: str, name: str, otherwise: int) -> int:
    """A number among the properties of a row or cell. Walked, for it is asked of every cell and `find` takes far longer."""
    for found in element.iterchildren(W + properties):
        for one in found.iterchildren(W + name):
            value = one.get(W + "val", "")
            return int(value) if value.isdigit() else otherwise
    return otherwise


# ---------------------------------------------------------------- values


def typed_cell(text: str, type: ColumnType) -> Cell:
    """The cell in which somebody typed *text* in a column of *type*."""
    if type in (ColumnType.AMOUNT, ColumnType.PERCENT, ColumnType.PROGRESS):
        number, percent = number_in(text) or (None, False)
        return Cell(text, number=number, percent=percent)
    return Cell(text, day=day_in(text) if type is ColumnType.DATE else None)
