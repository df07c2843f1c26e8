"""A spreadsheet: tabs, cells, and what hangs on them.

A cell never changes, it is replaced; so a copy of a whole spreadsheet, which makes a batch all-or-nothing, is cheap.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from connectors.google.emulator.errors import Json

ROWS, COLUMNS = 1000, 26
#: What Sheets opens a new spreadsheet with.
LOCALE, TIME_ZONE = "en_US", "Etc/GMT"
#: The time zone of a spreadsheet that came as an upload of an account without one, as recorded from the real service.
UPLOADED_TIME_ZONE = "America/Los_Angeles"
ROW_PIXELS, COLUMN_PIXELS = 21, 100


@dataclass(frozen=True, slots=True)
class Formula:
    """What was typed, with the equals sign."""

    text: str


#: What somebody entered.
Entered = Formula | str | bool | int | float | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. *format* is what was set, *validation* its rule; both are never changed in place."""

    value: Entered = None
    format: Json | None = None
    note: str = ""
    validation: Json | None = None
    chips: Json | None = None
    runs: list[Json] | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing at all is left to keep."""
        return self.value is None and not (self.format or self.note or self.validation or self.chips or self.runs)


EMPTY = Cell()


@dataclass
class Sheet:
    """One tab. Ranges are `GridRange` without their `sheetId`, except where Google keeps it."""

    id: int
    title: str
    rows: int = ROWS
    columns: int = COLUMNS
    properties: Json = field(default_factory=dict)
    grid: Json = field(default_factory=dict)
    cells: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merges: list[Json] = field(default_factory=list)
    dimensions: dict[str, dict[int, Json]] = field(default_factory=lambda: {"ROWS": {}, "COLUMNS": {}})
    groups: dict[str, list[Json]] = field(default_factory=lambda: {"ROWS": [], "COLUMNS": []})
    filter: Json | None = None
    protected: list[Json] = field(default_factory=list)
    conditional: list[Json] = field(default_factory=list)
    banded: list[Json] = field(default_factory=list)
    metadata: list[Json] = field(default_factory=list)

    def at(self, row: int, column: int) -> Cell:
        """The cell, or an empty one."""
        return self.cells.get(row, {}).get(column, EMPTY)

    def put(self, row: int, column: int, cell: Cell) -> None:
        """Set a cell. The grid grows if it stands outside."""
        if cell.empty:
            held = self.cells.get(row)
            if held:
                held.pop(column, None)
            return
        self.cells.setdefault(row, {})[column] = cell
        self.rows, self.columns = max(self.rows, row + 1), max(self.columns, column + 1)

    def enter(self, row: int, column: int, value: Entered) -> None:
        """Set what a cell says; format, note and rule stay."""
        self.put(row, column, replace(self.at(row, column), value=value))

    def used(self) -> tuple[int, int]:
        """How many rows and columns reach the last cell that is there."""
        last = [(row, max(columns)) for row, columns in self.cells.items() if columns]
        return (max((row for row, _ in last), default=-1) + 1, max((column for _, column in last), default=-1) + 1)

    def filled(self) -> Iterator[tuple[int, int, Cell]]:
        """Every cell with a value, row by row."""
        for row in sorted(self.cells):
            for column in sorted(self.cells[row]):
                if self.cells[row][column].value is not None:
                    yield row, column, self.cells[row][column]

    def clone(self) -> Sheet:
        """An independent copy."""
        return Sheet(
            self.id,
            self.title,
            self.rows,
            self.columns,
            copy.deepcopy(self.properties),
            copy.deepcopy(self.grid),
            {row: dict(columns) for row, columns in self.cells.items()},
            copy.deepcopy(self.merges),
            copy.deepcopy(self.dimensions),
            copy.deepcopy(self.groups),
            copy.deepcopy(self.filter),
            copy.deepcopy(self.protected),
            copy.deepcopy(self.conditional),
            copy.deepcopy(self.banded),
            copy.deepcopy(self.metadata),
        )


@dataclass
class Book:
    """A spreadsheet. Until somebody looks inside, *source* holds what was uploaded: name, type and bytes."""

    tabs: list[Sheet] = field(default_factory=list)
    properties: Json = field(default_factory=lambda: {"locale": LOCALE, "timeZone": TIME_ZONE, "autoRecalc": "ON_CHANGE"})
    names: dict[str, Json] = field(default_factory=dict)
    metadata: list[Json] = field(default_factory=list)
    source: tuple[str, str, bytes] | None = None
    read: bool = True
    numbers: int = 0

    @staticmethod
    def blank() -> Book:
        """One empty tab, as Sheets begins."""
        return Book([Sheet(0, "Sheet1")])

    @staticmethod
    def arriving(name: str, kind: str, content: bytes) -> Book:
        """An upload into a file of this name, not looked at yet."""
        book = Book(source=(name, kind, content), read=False)
        book.properties["timeZone"] = UPLOADED_TIME_ZONE
        return book

    @property
    def sheets(self) -> list[Sheet]:
        """The tabs in order."""
        if not self.read and self.source is not None:
            from connectors.google.emulator.sheets.imports import read_into  # openpyxl only where it is needed

            read = Book(properties=self.properties, read=True)
            read_into(read, *self.source)
            self.tabs, self.names, self.numbers, self.read = read.tabs, read.names, read.numbers, True
        return self.tabs

    @property
    def untouched(self) -> bool:
        """Whether the content is still exactly what was uploaded."""
        return self.source is not None

    def touch(self) -> None:
        """From now on the content is not what was uploaded."""
        if self.sheets:
            self.source = None

    def sheet(self, ident: int) -> Sheet | None:
        """The tab with this id."""
        return next((sheet for sheet in self.sheets if sheet.id == ident), None)

    def titled(self, title: str) -> Sheet | None:
        """The tab with this title; case does not matter."""
        wanted = title.lower()
        return next((sheet for sheet in self.sheets if sheet.title.lower() == wanted), None)

    def fresh(self) -> int:
        """A number not used in this spreadsheet, for ids."""
        self.numbers += 1
        taken = {sheet.id for sheet in self.sheets}
        number = (self.numbers * 2654435761) % 2_000_000_000 + 1
        return number if number not in taken else self.fresh()

    def clone(self) -> Book:
        """An independent copy."""
        return Book(
            [sheet.clone() for sheet in self.tabs],
            copy.deepcopy(self.properties),
            copy.deepcopy(self.names),
            copy.deepcopy(self.metadata),
            self.source,
            self.read,
            self.numbers,
        )

    def become(self, other: Book) -> None:
        """Take over everything of *other*."""
        self.__dict__.update(other.__dict__)

    def plain_text(self) -> str:
        """Every text in it, for searches."""
        return "\n".join(str(cell.value) for sheet in self.sheets for _, _, cell in sheet.filled())


def without_sheet(grid_range: Json) -> Json:
    """A `GridRange` as Google shows it for the first tab: an id of 0 is left out."""
    return {name: value for name, value in grid_range.items() if not (name == "sheetId" and value == 0)}


def number_of(value: Any) -> int | float:
    """A JSON number: whole if it is whole."""
    number = float(value)
    return int(number) if number.is_integer() and abs(number) < 1e15 else number
