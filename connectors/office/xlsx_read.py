"""Reading a sheet that people wrote in: their rows, and all text that stands anywhere else, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from lxml import etree

from connectors.office.package import Properties, properties
from connectors.office.xlsx_beside import beside, page_texts
from connectors.office.xlsx_book import Book, Grid, RawCell, Sheet, children
from connectors.office.xlsx_find import Found, column_place, locate
from connectors.office.xlsx_header import OwnText, plain_title
from connectors.office.xlsx_master import LISTS
from connectors.office.xlsx_typed import day_in, number_in
from connectors.office.xlsx_values import Format, address, column_letters, moment_of
from connectors.workspace import Cell, LeftOver, Row, Table, text_of
from templates.shapes import ColumnType, TableShape


def read(data: bytes, shape: TableShape | None) -> tuple[Properties, Table]:
    """What stands in the workbook *data*: its properties and its table. Raises BrokenFile.

    Without a *shape* every column is unknown (``?Title``). Formulas of a progress column are no cells of a row: nobody
    wrote them. Every other text of the file is in a row, a left-over, the template text or the columns.
    """
    book = Book(data)
    roots = {sheet.name: book.root_of(sheet) for sheet in book.sheets}
    grids = {name: book.grid(root) for name, root in roots.items()}
    found = locate(book, grids, shape)
    table = Table(()) if found is None else _table(book, found, roots[found.sheet.name], OwnText.of(book, shape))
    left, ours = _elsewhere(book, roots, grids, found, shape)
    return properties(book.package), Table(
        rows=table.rows,
        columns=table.columns,
        left_overs=(*table.left_overs, *left),
        template_text=(*table.template_text, *ours),
        notes=table.notes,
    )


# ---------------------------------------------------------------- the table


def _table(book: Book, found: Found, root: etree._Element, own: OwnText) -> Table:
    outside = [(column_place(found, row, column), text_in(raw, book.date1904)) for row, column, raw in found.outside]
    computed = [
        text_in(raw, book.date1904)
        for cells in found.body.values()
        for column, raw in cells.items()
        if raw.formula and not raw.unsaved and found.is_computed(column, raw)
    ]
    header = {column: text_in(raw, book.date1904) for column, raw in found.grid.get(found.header_row, {}).items()}
    return Table(
        rows=tuple(_row(book, found, number, cells) for number, cells in found.rows.items()),
        columns={key: header.get(column, "") or _former_title(found, key) for column, key in found.columns.items()},
        left_overs=tuple(LeftOver("", text, place) for place, text in outside if text.strip() and text not in own),
        template_text=(
            *(text for _, text in outside if text in own),
            *(text for column, text in sorted(header.items()) if not found.columns[column].startswith("?")),
            *(text_in(raw, book.date1904) for _, _, raw in found.pasted),
            *computed,
        ),
        notes=(*_remarks(found, header), *_merged(found, root)),
    )


def _row(book: Book, found: Found, number: int, cells: Mapping[int, RawCell]) -> Row:
    types = found.column_types
    values = {
        found.columns[column]: cell_from(raw, types[column], book.date1904)
        for column, raw in sorted(cells.items())
        if column != found.key_column
    }
    key = cells.get(found.key_column) if found.key_column is not None else None
    return Row(text_in(key, book.date1904).strip() if key else "", values, column_place(found, number, 1))


def _former_title(found: Found, key: str) -> str:
    """What a column was called, where the whole header is gone."""
    known = found.types.get(key)
    return known.title if known is not None and not found.has_header else ""


def _remarks(found: Found, header: Mapping[int, str]) -> Iterator[str]:
    if found.types and not found.has_header:
        yield _headless(found)
    for column, key in found.columns.items() if found.has_header else ():
        known = found.types.get(key)
        text = header.get(column, "")
        if known is not None and plain_title(text) != plain_title(known.title):
            place = column_place(found, found.header_row, column)
            yield f'The column "{known.title}" is now called "{text}" ({place}); it is still read as "{known.title}".'
    for key, known in found.types.items():
        if found.column_of(key) is None:
            yield f'The column "{known.title}" is missing from the sheet {found.sheet.name}; what stood there is not read.'
    if found.has_header and found.top < found.header_row:
        yield (
            f"The header stands in row {found.header_row} of {found.sheet.name}, below rows of the table: it was sorted along "
            "with them. The rows above it are read too; move it back to the top."
        )
    for row in sorted(found.repeated):
        yield f"{column_place(found, row, 1)}: the header stands here once more; the row is not read as a goal."
    for number, cells in found.body.items():
        for column, cell in cells.items():
            if cell.formula and not found.is_computed(column, cell):
                yield _formula(column_place(found, number, column), cell)


def _headless(found: Found) -> str:
    titles = " · ".join(found.types[key].title for key in found.columns.values() if key in found.types)
    way = (
        f"Type them into row {found.header_row}"
        if found.header_row
        else f"Insert a row above row {found.top} and type them there"
    )
    return (
        f"The header row of the sheet {found.sheet.name} is gone; its columns are read in their former order. {way} again: "
        f"{titles}."
    )


def _formula(place: str, cell: RawCell) -> str:
    if cell.unsaved:
        return (
            f"{place} holds a formula that was saved without its value, so the value is missing; open the file in a "
            "spreadsheet program and save it."
        )
    return f"{place} holds a formula; the value that it last had is read."


def _merged(found: Found, root: etree._Element) -> Iterator[str]:
    for element in children(root, "mergeCells"):
        reference = element.get("ref", "")
        start = address(reference.partition(":")[0])
        if start and start[0] >= found.top and start[1] in found.columns:
            yield (
                f"{found.sheet.name}!{reference} are merged into one cell; what stands there counts for "
                f"{column_letters(start[1])}{start[0]} only."
            )


# ---------------------------------------------------------------- elsewhere in the workbook


def _elsewhere(
    book: Book,
    roots: Mapping[str, etree._Element],
    grids: Mapping[str, Grid],
    found: Found | None,
    shape: TableShape | None,
) -> tuple[list[LeftOver], list[str]]:
    """What stands in other sheets and in no cell at all, and what of it is the template's own."""
    choices = {choice for column in (shape.columns if shape else ()) for choice in column.choices}
    left, ours = list[LeftOver](), list[str]()
    for sheet in book.sheets:
        if found is None or sheet != found.sheet:
            texts = (_row_left_over(book, sheet, row, cells) for row, cells in sorted(grids[sheet.name].items()))
            rows = [row for row in texts if row.text.strip()]
            is_own = [sheet.name == LISTS and set(row.text.split("\t")) <= choices for row in rows]
            left += [row for row, own in zip(rows, is_own, strict=True) if not own]
            ours += [row.text for row, own in zip(rows, is_own, strict=True) if own]
    for sheet in (*book.sheets, *book.chart_sheets):
        root = roots[sheet.name] if sheet.name in roots else book.root_of(sheet)
        titles = found.titles if found is not None and sheet == found.sheet else {}
        left += beside(book, sheet, root, grids.get(sheet.name, {}), titles)
        for text, furniture in page_texts(sheet, root):
            (ours.append(text.text) if furniture else left.append(text))
    return left, ours


def _row_left_over(book: Book, sheet: Sheet, row: int, cells: Mapping[int, RawCell]) -> LeftOver:
    """A row of another sheet as one left-over, its cells parted by tabs."""
    texts = [text_in(raw, book.date1904) for _, raw in sorted(cells.items())]
    return LeftOver(sheet.name, "\t".join(texts), f"{sheet.name}!{column_letters(min(cells))}{row}")


# ---------------------------------------------------------------- one cell

_SERIAL = re.compile("[0-9]{5}")
"""A day's number that was pasted as text."""
_WORDS = (ColumnType.TEXT, ColumnType.CHOICE, ColumnType.KEY)


def cell_from(raw: RawCell, type: ColumnType | None, date1904: bool) -> Cell:
    """The cell as people see it, in a column of that *type* (None for one that nobody knows)."""
    if raw.number is None and not raw.boolean and type in _WORDS:
        return Cell(raw.text, formula=raw.formula)
    if raw.boolean:
        return Cell(text_of(raw.text in ("1", "true")), formula=raw.formula)
    if raw.number is None:
        return _from_text(raw, type, date1904)
    if raw.format is Format.PERCENT:
        number = round(raw.number * 100, 10)
        return Cell(f"{text_of(number)} %", number, percent=True, formula=raw.formula)
    if raw.format is not Format.PLAIN:
        return _from_serial(raw, raw.number, date1904)
    day = _day_of_serial(raw.number, date1904) if type is ColumnType.DATE else None
    return Cell(_digits(raw, raw.number), raw.number, day, formula=raw.formula)


def text_in(raw: RawCell, date1904: bool) -> str:
    """The text of the cell as people see it."""
    return cell_from(raw, None if raw.number is not None else ColumnType.TEXT, date1904).text


def _digits(raw: RawCell, number: float) -> str:
    """Whole numbers as they are stored, however long; others as the contract writes them."""
    return raw.text if raw.text.lstrip("-").isdigit() else text_of(number)


def _from_text(raw: RawCell, type: ColumnType | None, date1904: bool) -> Cell:
    """Text stays text; in a column of figures or days it counts as one too, where it can be only one."""
    reads_numbers = type in (ColumnType.AMOUNT, ColumnType.PERCENT, None)
    number, percent = (number_in(raw.text) if reads_numbers else None) or (None, False)
    day = day_in(raw.text) if type in (ColumnType.DATE, ColumnType.AMOUNT, None) and number is None else None
    if day is None and type is ColumnType.DATE and _SERIAL.fullmatch(raw.text.strip()):
        day = _day_of_serial(float(raw.text), date1904)
    return Cell(raw.text, number, day, percent, raw.formula)


def _day_of_serial(number: float, date1904: bool) -> date | None:
    """The day of a number without a date format in a column of days: a serial number, or 20261205."""
    moment = moment_of(number, date1904) if number > 366 else None
    return moment.date() if moment else day_in(f"{number:.0f}")


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
