"""Reading a sheet that people wrote in: which column is which, which rows are theirs, and where all other text stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from connectors.office.package import Properties, custom_values, properties
from connectors.office.xlsx_book import Book, Grid, RawCell, Sheet
from connectors.office.xlsx_master import LISTS, OWN_TEXT, anchor, digest, sheet_name
from connectors.office.xlsx_values import Format, column_letters, day_in, moment_of, number_in
from connectors.workspace import Cell, LeftOver, Row, Table, text_of
from templates.shapes import Column, ColumnType, TableShape

_ANCHOR = anchor("").casefold()


def read(data: bytes, shape: TableShape | None) -> tuple[Properties, Table]:
    """What stands in the workbook *data*: its properties and its table. Raises BrokenFile.

    Without a *shape* every column is unknown (``?Title``). Formulas of a progress column are no cells of a row: nobody
    wrote them. Every other text of the file is in a row, a left-over, the template text or the columns.
    """
    book = Book(data)
    grids = {sheet.name: book.grid(book.root_of(sheet)) for sheet in book.sheets}
    found = locate(book, grids, shape)
    own = _own_text(book, shape)
    table = Table(()) if found is None else _table(book, found, own)
    others = [sheet for sheet in book.sheets if found is None or sheet != found.sheet]
    lists = {choice for column in (shape.columns if shape else ()) for choice in column.choices}
    beside = [_row_left_over(book, sheet, row, cells) for sheet in others for row, cells in sorted(grids[sheet.name].items())]
    ours = [text for sheet, text in beside if sheet.name == LISTS and set(text.text.split("\t")) <= lists]
    left = [text for _, text in beside if text not in ours]
    return properties(book.package), Table(
        rows=table.rows,
        columns=table.columns,
        left_overs=(*table.left_overs, *left, *_notes(book)),
        template_text=(*table.template_text, *(text.text for text in ours)),
        notes=table.notes,
    )


# ---------------------------------------------------------------- where the table stands


@dataclass(frozen=True)
class Found:
    """A table in a workbook: its sheet, its header row, what each column means (a key, or ``?Title``)."""

    sheet: Sheet
    grid: Grid
    header_row: int
    columns: Mapping[int, str]
    shape: TableShape | None = None
    types: Mapping[str, Column] = field(default_factory=dict)

    def column_of(self, key: str) -> int | None:
        """The sheet's column of a column key, or None when it is gone."""
        return next((index for index, found in self.columns.items() if found == key), None)

    @cached_property
    def rows(self) -> Mapping[int, Mapping[int, RawCell]]:
        """The cells that people wrote, by row. A prepared row with nothing but its formula is none."""
        rows = {}
        for number, cells in sorted(self.grid.items()):
            if number > self.header_row:
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

    @cached_property
    def column_types(self) -> Mapping[int, ColumnType | None]:
        """The type of each of the sheet's columns, None for one that the shape does not know."""
        return {index: self.types[key].type if key in self.types else None for index, key in self.columns.items()}

    @cached_property
    def key_column(self) -> int | None:
        """The sheet's column of row keys."""
        key = next((column.key for column in self.types.values() if column.type is ColumnType.KEY), None)
        return None if key is None else self.column_of(key)


def locate(book: Book, grids: Mapping[str, Grid], shape: TableShape | None) -> Found | None:
    """The table of *shape* in *book*: by defined names, else by the titles of its header, else the first sheet's."""
    claims = _claims(book, shape)
    sheet = _sheet(book, grids, shape, claims)
    if sheet is None:
        return None
    here = {key: (row, column) for key, (name, row, column) in claims.items() if name == sheet.name}
    grid = grids[sheet.name]
    row = _header_row(grid, shape, here)
    columns = _columns(grid.get(row, {}), shape, {key: column for key, (_, column) in here.items()})
    width = max((column for number, cells in grid.items() if number >= row for column in cells), default=0)
    named = _with_unknown(columns, grid.get(row, {}), width)
    return Found(sheet, grid, row, named, shape, {column.key: column for column in shape.columns} if shape else {})


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
    best = max(filled, key=lambda sheet: _best_row(grids[sheet.name], shape)[0], default=None)
    return best or next(iter(book.sheets), None)


def _header_row(grid: Grid, shape: TableShape | None, claims: Mapping[str, tuple[int, int]]) -> int:
    if claims:
        return Counter(row for row, _ in claims.values()).most_common(1)[0][0]
    matches, row = _best_row(grid, shape)
    if matches:
        return row
    return next((number for number, cells in sorted(grid.items()) if len(cells) > 1), min(grid, default=1))


def _best_row(grid: Grid, shape: TableShape | None) -> tuple[int, int]:
    """How many titles of *shape* stand in the row that has most of them, and which row that is; one match is chance."""
    titles = _titles(shape)
    wanted = min(2, len(shape.columns)) if shape else 1
    counts = [(sum(_plain(cell.text) in titles for cell in cells.values()), -row) for row, cells in grid.items()]
    count, row = max(counts, default=(0, 0))
    return (count, -row) if count >= wanted else (0, 0)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _titles(shape: TableShape | None) -> dict[str, str]:
    """Column keys by title; a title of today beats a former one."""
    columns = shape.columns if shape else ()
    former = {_plain(title): column.key for column in columns for title in column.former_titles}
    return former | {_plain(column.title): column.key for column in columns}


def _columns(header: Mapping[int, RawCell], shape: TableShape | None, claims: Mapping[str, int]) -> dict[int, str]:
    """Which column holds which key: by its name, unless its title says that it is another one; by title; by order."""
    if shape is None:
        return {}
    titles, now = _titles(shape), {_plain(column.title): column.key for column in shape.columns}
    found: dict[int, str] = {}
    for key, column in claims.items():
        said = now.get(_plain(header[column].text)) if column in header else None
        if said in (None, key) and column not in found:
            found[column] = key
    for column, cell in sorted(header.items()):
        key_by_title = titles.get(_plain(cell.text))
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


def _with_unknown(columns: Mapping[int, str], header: Mapping[int, RawCell], width: int) -> dict[int, str]:
    """Every column of the sheet named: what no shape knows as ``?Title``, as ``?column Q`` without a title."""
    named = dict(columns)
    for index in range(1, width + 1):
        if index not in named:
            letter = column_letters(index)
            name = f"?{header[index].text.strip()}" if index in header else f"?column {letter}"
            named[index] = name if name not in named.values() else f"{name} ({letter})"
    return dict(sorted(named.items()))


# ---------------------------------------------------------------- what stands in it


def _own_text(book: Book, shape: TableShape | None) -> _Own:
    digests = " ".join(value for name, value in custom_values(book.package).items() if name.startswith(OWN_TEXT))
    texts = {shape.intro, *(column.help for column in shape.columns)} - {""} if shape else set()
    return _Own(frozenset(digests.split()), frozenset(texts))


@dataclass(frozen=True)
class _Own:
    """What this program itself wrote above the table."""

    digests: frozenset[str]
    texts: frozenset[str]

    def __contains__(self, text: str) -> bool:
        return text in self.texts or digest(text) in self.digests


def _table(book: Book, found: Found, own: _Own) -> Table:
    above = [
        (column_place(found, row, column), text_in(raw, book.date1904))
        for row, cells in sorted(found.grid.items())
        if row < found.header_row
        for column, raw in sorted(cells.items())
    ]
    computed = [
        raw.text
        for row, cells in found.grid.items()
        if row > found.header_row
        for column, raw in cells.items()
        if raw.formula and found.is_computed(column, raw) and not raw.text.startswith("=")
    ]
    header = found.grid.get(found.header_row, {})
    return Table(
        rows=tuple(_row(book, found, number, cells) for number, cells in found.rows.items()),
        columns={key: header[i].text if i in header else "" for i, key in found.columns.items()},
        left_overs=tuple(LeftOver("", text, place) for place, text in above if text not in own),
        template_text=(
            *(text for _, text in above if text in own),
            *(raw.text for column, raw in sorted(header.items()) if not found.columns[column].startswith("?")),
            *computed,
        ),
        notes=tuple(_remarks(found)),
    )


def _row(book: Book, found: Found, number: int, cells: Mapping[int, RawCell]) -> Row:
    types = found.column_types
    values = {
        found.columns[column]: cell_from(raw, types[column], book.date1904)
        for column, raw in sorted(cells.items())
        if column != found.key_column
    }
    key = cells[found.key_column].text.strip() if found.key_column is not None and found.key_column in cells else ""
    return Row(key, values, column_place(found, number, 1))


def column_place(found: Found, row: int, column: int) -> str:
    """A cell's place for people, such as ``Goals!B7``."""
    return f"{found.sheet.name}!{column_letters(column)}{row}"


def _remarks(found: Found) -> Iterator[str]:
    header = found.grid.get(found.header_row, {})
    for column, key in found.columns.items():
        known = found.types.get(key)
        text = header[column].text if column in header else ""
        if known is not None and _plain(text) != _plain(known.title):
            place = column_place(found, found.header_row, column)
            yield f'The column "{known.title}" is now called "{text}" ({place}); it is still read as "{known.title}".'
    for key, known in found.types.items():
        if found.column_of(key) is None:
            yield f'The column "{known.title}" is missing from the sheet {found.sheet.name}; what stood there is not read.'
    for number, cells in found.rows.items():
        for column, cell in cells.items():
            if cell.formula:
                yield f"{column_place(found, number, column)} holds a formula; the value that it last had is read."


_WORDS = (ColumnType.TEXT, ColumnType.CHOICE, ColumnType.KEY)


def cell_from(raw: RawCell, type: ColumnType | None, date1904: bool) -> Cell:
    """The cell as people see it, in a column of that *type* (None for one that nobody knows)."""
    if raw.number is None and not raw.boolean and type in _WORDS:
        return Cell(raw.text, formula=raw.formula)
    if raw.boolean:
        return Cell(text_of(raw.text in ("1", "true")), formula=raw.formula)
    if raw.number is None:
        return _from_text(raw, type)
    if raw.format is Format.PERCENT:
        number = round(raw.number * 100, 10)
        return Cell(f"{text_of(number)} %", number, percent=True, formula=raw.formula)
    if raw.format is not Format.PLAIN:
        return _from_serial(raw, raw.number, date1904)
    moment = moment_of(raw.number, date1904) if type is ColumnType.DATE and raw.number > 366 else None
    return Cell(_digits(raw, raw.number), raw.number, moment.date() if moment else None, formula=raw.formula)


def text_in(raw: RawCell, date1904: bool) -> str:
    """The text of the cell as people see it."""
    return cell_from(raw, None if raw.number is not None else ColumnType.TEXT, date1904).text


def _digits(raw: RawCell, number: float) -> str:
    """Whole numbers as they are stored, however long; others as the contract writes them."""
    return raw.text if raw.text.lstrip("-").isdigit() else text_of(number)


def _from_text(raw: RawCell, type: ColumnType | None) -> Cell:
    """Text stays text; in a column of figures or days it counts as one too, where it can be only one."""
    reads_numbers = type in (ColumnType.AMOUNT, ColumnType.PERCENT, None)
    number, percent = (number_in(raw.text) if reads_numbers else None) or (None, False)
    day = day_in(raw.text) if type in (ColumnType.DATE, ColumnType.AMOUNT, None) and number is None else None
    return Cell(raw.text, number, day, percent, raw.formula)


def _from_serial(raw: RawCell, serial: float, date1904: bool) -> Cell:
    moment = moment_of(serial, date1904)
    if moment is None:
        return Cell(_digits(raw, serial), serial, formula=raw.formula)
    if raw.format is Format.TIME:
        minutes = round(serial * 1440)
        return Cell(f"{minutes // 60}:{minutes % 60:02}", serial, formula=raw.formula)
    at_midnight = moment.hour == moment.minute == moment.second == 0
    text = moment.date().isoformat() if at_midnight else f"{moment:%Y-%m-%d %H:%M}"
    return Cell(text, day=moment.date(), formula=raw.formula)


# ---------------------------------------------------------------- beside the table


def _row_left_over(book: Book, sheet: Sheet, row: int, cells: Mapping[int, RawCell]) -> tuple[Sheet, LeftOver]:
    """A row of another sheet as one left-over, its cells parted by tabs."""
    texts = [text_in(raw, book.date1904) for _, raw in sorted(cells.items())]
    return sheet, LeftOver(sheet.name, "\t".join(texts), f"{sheet.name}!{column_letters(min(cells))}{row}")


def _notes(book: Book) -> Iterable[LeftOver]:
    for sheet in book.sheets:
        for note in book.notes(sheet):
            if note.text.strip():
                usual = "Comment" if note.place else "Text box"
                place = f"{sheet.name}!{note.place}" if note.place else sheet.name
                yield LeftOver(f"{usual} by {note.author}" if note.author else usual, note.text, place)
