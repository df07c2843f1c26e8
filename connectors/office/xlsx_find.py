"""Where the table stands in a workbook: its sheet, header and rows, which column is which, and what lies beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from connectors.office.xlsx_book import Book, Grid, RawCell, Sheet
from connectors.office.xlsx_header import best_row, column_titles, find_header, plain_title, without_header
from connectors.office.xlsx_master import anchor, sheet_name
from connectors.office.xlsx_values import address, column_letters
from templates.shapes import Column, ColumnType, TableShape

_ANCHOR = anchor("").casefold()


@dataclass(frozen=True)
class Found:
    """A table in a workbook: its sheet, its header row, what each column means (a key, or ``?Title``)."""

    sheet: Sheet
    grid: Grid
    header_row: int
    """0 when it was deleted."""
    columns: Mapping[int, str]
    """The sheet's columns that belong to the table; what stands in others is beside it."""
    shape: TableShape | None = None
    types: Mapping[str, Column] = field(default_factory=dict)
    top: int = 0
    """The first row of the table: the header's, or one above it when a sort took the header along."""
    repeated: frozenset[int] = frozenset()
    """Rows in which the header stands once more."""
    loose: frozenset[int] = frozenset()
    """Rows with a single text far below the table."""

    @property
    def has_header(self) -> bool:
        """Whether any title is left."""
        return self.header_row in self.grid

    @property
    def floor(self) -> int:
        """The last row above the table's rows."""
        return max(self.header_row, self.top - 1)

    def column_of(self, key: str) -> int | None:
        """The sheet's column of a column key, or None when it is gone."""
        return next((index for index, found in self.columns.items() if found == key), None)

    @cached_property
    def body(self) -> Mapping[int, Mapping[int, RawCell]]:
        """The cells of the table's rows, prepared ones included, in order."""
        columns = self.columns
        return {
            number: cells if cells.keys() <= columns.keys() else {at: cells[at] for at in cells if at in columns}
            for number, cells in sorted(self.grid.items())
            if number >= self.top and number != self.header_row and number not in self.repeated | self.loose
        }

    @cached_property
    def rows(self) -> Mapping[int, Mapping[int, RawCell]]:
        """The cells that people wrote, by row. A prepared row with nothing but its formula is none."""
        rows = {}
        for number, cells in self.body.items():
            written = {column: cell for column, cell in cells.items() if not cell.formula or self._is_written(column, cell)}
            if written:
                rows[number] = written
        return rows

    def _is_written(self, column: int, cell: RawCell) -> bool:
        return bool(cell.text.strip()) and not self.is_computed(column, cell)

    def is_computed(self, column: int, cell: RawCell) -> bool:
        """Whether this is the formula of a progress column, which nobody wrote."""
        known = self.types.get(self.columns[column]) if cell.formula else None
        return known is not None and known.type is ColumnType.PROGRESS

    @property
    def pasted(self) -> tuple[tuple[int, int, RawCell], ...]:
        """Row, column and cell of everything in rows that repeat the header."""
        return tuple(
            (row, column, raw)
            for row in sorted(self.repeated)
            for column, raw in sorted(self.grid[row].items())
            if column in self.columns
        )

    @cached_property
    def outside(self) -> tuple[tuple[int, int, RawCell], ...]:
        """Row, column and cell of everything above, beside and far below the table, in order."""
        return tuple(
            (row, column, raw)
            for row, cells in sorted(self.grid.items())
            for column, raw in sorted(cells.items())
            if row < self.top or column not in self.columns or row in self.loose
        )

    @property
    def titles(self) -> Mapping[int, str]:
        """What the rows are called: the text of their column ``goal``, else of their first column of text."""
        texts = [key for key, column in self.types.items() if column.type is ColumnType.TEXT]
        column = self.column_of("goal" if "goal" in texts else texts[0]) if texts else None
        titled = ((number, cells.get(column)) for number, cells in self.rows.items()) if column is not None else ()
        return {number: cell.text.strip()[:80] for number, cell in titled if cell is not None}

    @cached_property
    def column_types(self) -> Mapping[int, ColumnType | None]:
        """The type of each of the sheet's columns, None for one that the shape does not know."""
        return {index: self.types[key].type if key in self.types else None for index, key in self.columns.items()}

    @cached_property
    def key_column(self) -> int | None:
        """The sheet's column of row keys."""
        key = next((column.key for column in self.types.values() if column.type is ColumnType.KEY), None)
        return None if key is None else self.column_of(key)


def column_place(found: Found, row: int, column: int) -> str:
    """A cell's place for people, such as ``Goals!B7``."""
    return f"{found.sheet.name}!{column_letters(column)}{row}"


def locate(book: Book, grids: Mapping[str, Grid], shape: TableShape | None) -> Found | None:
    """The table of *shape* in *book*: by defined names, else by the titles of its header, else the first sheet's."""
    claims = _claims(book, shape)
    sheet = _sheet(book, grids, shape, claims)
    if sheet is None:
        return None
    here = {key: (row, column) for key, (name, row, column) in claims.items() if name == sheet.name}
    grid = grids[sheet.name]
    row, top = find_header(book, grid, shape, here)
    header = grid.get(row, {})
    claimed = {key: column for key, (_, column) in here.items()}
    columns = _columns(header, shape, claimed) if header or shape is None else without_header(grid, shape, claimed, top)
    used = {column for number, cells in grid.items() if number >= top for column in cells}
    named = _with_unknown(columns, header, _region(columns, header, used))
    types = {column.key: column for column in shape.columns} if shape else {}
    loose = _loose(grid, _frame(book, sheet), row)
    return Found(sheet, grid, row, named, shape, types, top, _repeated(grid, row, named, shape), loose)


# ---------------------------------------------------------------- which sheet


def _claims(book: Book, shape: TableShape | None) -> dict[str, tuple[str, int, int]]:
    """Header cells that defined names point to, by column key; by bare name without a shape."""
    sheets = {sheet.name for sheet in book.sheets}
    if shape is None:
        return {name: at for name, at in book.names.items() if name.startswith(_ANCHOR) and at[0] in sheets}
    named = ((column.key, book.names.get(anchor(column.key).casefold())) for column in shape.columns)
    return {key: at for key, at in named if at is not None and at[0] in sheets}


def _sheet(
    book: Book, grids: Mapping[str, Grid], shape: TableShape | None, claims: Mapping[str, tuple[str, int, int]]
) -> Sheet | None:
    by_name = {sheet.name: sheet for sheet in book.sheets}
    if claims:
        return by_name[Counter(name for name, _, _ in claims.values()).most_common(1)[0][0]]
    if shape is not None and sheet_name(shape) in by_name:
        return by_name[sheet_name(shape)]
    filled = [sheet for sheet in book.sheets if grids[sheet.name]]
    best = max(filled, key=lambda sheet: best_row(grids[sheet.name], shape)[0], default=None)
    return best or next(iter(book.sheets), None)


# ---------------------------------------------------------------- which rows


def _repeated(grid: Grid, header_row: int, columns: Mapping[int, str], shape: TableShape | None) -> frozenset[int]:
    """Rows below in which the header was pasted again: nothing but titles, at least three, each in its column."""
    header = {column: plain_title(cell.text) for column, cell in grid.get(header_row, {}).items() if column in columns}
    if shape is None or len(header) < 3:
        return frozenset()
    return frozenset(
        number
        for number, cells in grid.items()
        if number > header_row
        and len(cells) >= 3
        and all(column not in columns or header.get(column) == plain_title(cell.text) for column, cell in cells.items())
        and sum(column in columns for column in cells) >= 3
    )


def _frame(book: Book, sheet: Sheet) -> int:
    """The last row of the filter, which is that of the prepared ones; 0 where there is none."""
    ends = (name_range_end(text) for name, text in book.ranges if name == "_xlnm._filterdatabase" and sheet.name in text)
    return max(ends, default=0)


def name_range_end(text: str) -> int:
    """The last row of a range such as ``Goals!$A$7:$O$17``."""
    at = address(text.rpartition(":")[2])
    return at[0] if at else 0


def _loose(grid: Grid, frame: int, header_row: int) -> frozenset[int]:
    """Rows behind the frame and an empty row, in which a single text stands: words under the table, not one of its rows."""
    if frame <= header_row:
        return frozenset()
    last, loose = frame, set()
    for number in sorted(grid):
        if number > frame:
            if number <= last + 1:
                last = number
            elif len(grid[number]) == 1:
                loose.add(number)
    return frozenset(loose)


# ---------------------------------------------------------------- which columns


def _columns(header: Mapping[int, RawCell], shape: TableShape | None, claims: Mapping[str, int]) -> dict[int, str]:
    """Which column holds which key: by its name, unless titles say that it is another one; by title; by order.

    Titles are what people see: names stay behind when a program deletes or sorts columns without them, or when a column is
    copied and the former one retitled.
    """
    if shape is None:
        return {}
    titles, now = column_titles(shape), {plain_title(column.title): column.key for column in shape.columns}
    said = {column: now.get(plain_title(cell.text)) for column, cell in header.items()}
    found: dict[int, str] = {}
    for key, column in claims.items():
        if column not in found and (said.get(column) == key or (said.get(column) is None and key not in said.values())):
            found[column] = key
    for column, cell in sorted(header.items()):
        key_by_title = titles.get(plain_title(cell.text))
        if column not in found and key_by_title and key_by_title not in found.values():
            found[column] = key_by_title
    return found if claims else found | _by_order(header, shape, found)


def _by_order(header: Mapping[int, RawCell], shape: TableShape, found: Mapping[int, str]) -> dict[int, str]:
    """Columns that lost name and title alike, where exactly as many stand between two known ones as are missing there."""
    position = {key: column for column, key in found.items()}
    guessed: dict[int, str] = {}
    run: list[str] = []
    left = 0
    for key in (*(column.key for column in shape.columns), None):
        if key is not None and key not in position:
            run.append(key)
            continue
        right = max(header, default=0) + 1 if key is None else position[key]
        free = [column for column in sorted(header) if left < column < right and column not in found]
        if len(free) == len(run):
            guessed |= dict(zip(free, run, strict=True))
        run, left = [], right
    return guessed


def _region(columns: Iterable[int], header: Iterable[int], used: set[int]) -> set[int]:
    """The columns of the table: known ones, titled ones, and what touches those. Behind an empty column lies other text."""
    region = {*columns, *header}
    if not region:
        return used
    for step in (1, -1):
        for column in sorted(used, key=lambda at: at * step):
            if column - step in region:
                region.add(column)
    return region


def _with_unknown(columns: Mapping[int, str], header: Mapping[int, RawCell], region: Iterable[int]) -> dict[int, str]:
    """Every column of the table named: what no shape knows as ``?Title``, as ``?column Q`` without a title."""
    named = dict(columns)
    for index in sorted(region):
        if index not in named:
            letter = column_letters(index)
            title = " ".join(header[index].text.split()) if index in header else f"column {letter}"
            name = f"?{title}"
            named[index] = name if name not in named.values() else f"{name} ({letter})"
    return dict(sorted(named.items()))
