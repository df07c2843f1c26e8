"""Targeted edits of a sheet that people wrote in: changed cells are patched, everything else stays as it was saved."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import date, datetime

from lxml import etree

from connectors.office.package import EditRefused, parse_xml, repack, storable_text, xml_bytes
from connectors.office.xlsx_book import Book, RawCell, cell_elements, child, integer, local, row_elements
from connectors.office.xlsx_find import Found, column_place, locate
from connectors.office.xlsx_master import formula_in_row
from connectors.office.xlsx_values import Format, address, column_letters, progress, serial_of
from connectors.workspace import AppendRows, CellValue, Change, NewRow, ReplaceCells, SetCells
from templates.shapes import Column, ColumnType, TableShape

_FORMAT_IDS = {Format.DAY: 14, Format.PERCENT: 9, Format.PLAIN: 0}
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def edit(data: bytes, shape: TableShape, changes: Sequence[Change]) -> bytes:
    """*data* with *changes* made: cells that are still empty set, rows added below the last filled one.

    A row whose key already stands in the sheet is not added again. Returns *data* itself when nothing had to change.
    Raises EditRefused when a row or column is gone, BrokenFile when the file cannot be read.
    """
    book = Book(data)
    found = locate(book, {sheet.name: book.grid(book.root_of(sheet)) for sheet in book.sheets}, shape)
    if found is None or not any(key in found.types for key in found.columns.values()):
        raise EditRefused(f'The sheet "{shape.title}" was not found: no header row with its columns is left in the file.')
    patch = _Patch(book, found)
    for change in changes:
        if isinstance(change, SetCells):
            patch.set_cells(change)
        elif isinstance(change, ReplaceCells):
            patch.replace_cells(change)
        elif isinstance(change, AppendRows):
            patch.append(change)
        else:
            raise EditRefused(f'A sheet has no sections, so nothing can be put into its section "{change.section}".')
    return repack(data, dict(patch.parts())) if patch.touched else data


class _Patch:
    """The sheet under change: its XML, its cells by place, the style table when a new style is needed."""

    def __init__(self, book: Book, found: Found) -> None:
        self.book, self.found = book, found
        self.root = book.root_of(found.sheet)
        self.space = str(self.root.tag).removesuffix("worksheet")
        self.rows = dict(row_elements(self.root))
        self.elements = {(row, column): element for row, column, element in cell_elements(self.root)}
        self._write_addresses()
        self.styles = _Styles(book)
        self.written: dict[tuple[int, int], CellValue] = {}
        self.touched: set[int] = set()
        self.words = {row for row, _, _ in found.outside} | found.repeated  # where text stands that belongs to no row

    def _write_addresses(self) -> None:
        """Programs may leave addresses out and count; where something is put in between, they have to stand there."""
        for row, element in self.rows.items():
            element.set("r", str(row))
        for (row, column), element in self.elements.items():
            element.set("r", f"{column_letters(column)}{row}")

    # ------------------------------------------------------------ the two changes

    def set_cells(self, change: SetCells) -> None:
        """Fill the cells of *change* that are still empty."""
        rows = {key: self._row_of(key) for key in change.cells}
        for key, cells in change.cells.items():
            self._fill(rows[key], cells)

    def replace_cells(self, change: ReplaceCells) -> None:
        """Set the cells of *change*, whatever stands in them."""
        rows = {key: self._row_of(key) for key in change.cells}
        for key, cells in change.cells.items():
            for name, value in cells.items():
                column, known = self._column(name)
                if value is not None and known.type is not ColumnType.PROGRESS:
                    self._set(rows[key], column, known, value)

    def append(self, change: AppendRows) -> None:
        """Add the rows of *change* whose keys are not there yet."""
        keys = set(self._keys())
        row = max((self.found.floor, *self.found.rows, *(row for row, _ in self.written)))
        for new in change.rows:
            if new.key and new.key in keys:
                continue
            keys.add(new.key)
            row += 1
            while row in self.words:
                row += 1
            self._append(row, new)

    def _append(self, row: int, new: NewRow) -> None:
        for column, key in self.found.columns.items():
            if key in self.found.types:
                self._element(row, column)  # a whole row with its borders, also below the prepared ones
        key_column = self.found.key_column
        if new.key and key_column is None:
            raise EditRefused(f"The column of keys is missing from the sheet {self.found.sheet.name}; rows cannot be added.")
        if new.key and key_column is not None:
            self._set(row, key_column, self.found.types[self.found.columns[key_column]], new.key)
        self._fill(row, new.cells)
        self.touched.add(row)

    def _keys(self) -> Iterator[str]:
        column = self.found.key_column
        for cells in self.found.rows.values():
            if column is not None and column in cells:
                yield cells[column].text.strip()
        yield from (str(value) for (_, at), value in self.written.items() if at == column)

    def _row_of(self, key: str) -> int:
        column = self.found.key_column
        if column is None:
            raise EditRefused(
                f"The column of keys is missing from the sheet {self.found.sheet.name}; its rows cannot be told apart."
            )
        rows = [row for row, cells in self.found.rows.items() if self._name(row, cells.get(column)) == key]
        if not rows:
            raise EditRefused(f'No row with the key "{key}" is left in the sheet {self.found.sheet.name}.')
        if len(rows) > 1:
            places = " and ".join(column_place(self.found, row, column) for row in rows)
            raise EditRefused(f'The key "{key}" stands in {places}; give the copied row a blank key.')
        return rows[0]

    def _name(self, row: int, key: RawCell | None) -> str:
        """How an edit names a row: by its key, else by its place."""
        return (key.text.strip() if key else "") or column_place(self.found, row, 1)

    def _fill(self, row: int, cells: Mapping[str, CellValue]) -> None:
        for key, value in cells.items():
            column, known = self._column(key)
            if value is not None and known.type is not ColumnType.PROGRESS and self._is_empty(row, column):
                self._set(row, column, known, value)

    def _column(self, key: str) -> tuple[int, Column]:
        column, known = self.found.column_of(key), self.found.types.get(key)
        if column is None or known is None:
            title = known.title if known else key
            raise EditRefused(f'The column "{title}" is missing from the sheet {self.found.sheet.name}.')
        return column, known

    def _is_empty(self, row: int, column: int) -> bool:
        raw = self.found.grid.get(row, {}).get(column)
        return (raw is None or not (raw.formula or raw.text.strip())) and (row, column) not in self.written

    # ------------------------------------------------------------ cells

    def _set(self, row: int, column: int, known: Column, value: CellValue) -> None:
        element = self._element(row, column)
        stored, shown = _stored(value, known.type, self.book.date1904)
        self.styles.show(element, shown, isinstance(stored, str) and stored.startswith(("=", "+", "-", "@", "\t", "\r")))
        self._put(element, stored)
        self.written[row, column] = value
        self.touched.add(row)

    def _put(self, element: etree._Element, value: str | float | bool) -> None:
        for old in [part for part in element if local(part) in ("v", "f", "is")]:
            element.remove(old)
        element.attrib.pop("t", None)
        if isinstance(value, str):
            element.set("t", "inlineStr")
            holder = etree.Element(f"{self.space}is")
            text = etree.SubElement(holder, f"{self.space}t")
            text.text = storable_text(value)
            text.set(_SPACE, "preserve")
        else:
            holder = etree.Element(f"{self.space}v")
            holder.text = str(int(value)) if isinstance(value, bool) else repr(value)
            if isinstance(value, bool):
                element.set("t", "b")
        element.insert(0, holder)

    def _element(self, row: int, column: int) -> etree._Element:
        """The cell's element; made in its place, looking like the cell above, when there is none."""
        element = self.elements.get((row, column))
        if element is None:
            element = etree.Element(f"{self.space}c", r=f"{column_letters(column)}{row}")
            if style := self._style_above(row, column):
                element.set("s", style)
            parent = self._row_element(row)
            _insert(parent, element, lambda each: (address(each.get("r", "")) or (0, 0))[1], column)
            parent.attrib.pop("spans", None)
            self.elements[row, column] = element
        return element

    def _style_above(self, row: int, column: int) -> str | None:
        above = (self.elements.get((number, column)) for number in range(row - 1, self.found.floor, -1))
        return next((element.get("s") for element in above if element is not None), None)

    def _row_element(self, row: int) -> etree._Element:
        table = child(self.root, "sheetData")
        if table is None:
            raise EditRefused(f"The sheet {self.found.sheet.name} has no rows at all.")
        if row not in self.rows:
            self.rows[row] = etree.Element(f"{self.space}row", r=str(row))
            _insert(table, self.rows[row], lambda each: integer(each.get("r")), row)
        return self.rows[row]

    # ------------------------------------------------------------ what follows from a change

    def parts(self) -> Iterator[tuple[str, bytes]]:
        """The parts that changed."""
        for row in sorted(self.touched):
            self._refresh_progress(row)
        last = max(self.touched)
        self._extend_dimension(last)
        if self._extend_filter(last):
            yield self.book.part, xml_bytes(self.book.root)
        yield self.found.sheet.part, xml_bytes(self.root)
        yield from self.styles.parts()

    def _refresh_progress(self, row: int) -> None:
        """Put the value that a progress formula has now beside it, and the formula into a new row."""
        column = next((c for c, key in self.found.columns.items() if self._type(key) is ColumnType.PROGRESS), None)
        if column is None or self.found.shape is None:
            return
        element = self._element(row, column)
        formula = child(element, "f")
        if formula is None:
            if not self._is_empty(row, column):
                return  # a person's own figure
            letters = {key: column_letters(index) for index, key in self.found.columns.items() if key in self.found.types}
            formula = etree.Element(f"{self.space}f")
            formula.text = formula_in_row(self.found.shape, letters, row)
            if not formula.text:
                return
        share = progress(str(self._value(row, "unit") or ""), *(self._value(row, key) for key in ("start", "target", "now")))
        self._put(element, share if share is not None else 0.0)
        if share is None:
            element.set("t", "str")
            element[0].text = ""
        element.insert(0, formula)

    def _type(self, key: str) -> ColumnType | None:
        known = self.found.types.get(key)
        return known.type if known else None

    def _value(self, row: int, key: str) -> object:
        column = self.found.column_of(key)
        if column is None:
            return None
        if (row, column) in self.written:
            return self.written[row, column]
        raw = self.found.grid.get(row, {}).get(column)
        return None if raw is None else _plain_value(raw)

    def _extend_dimension(self, last: int) -> None:
        dimension = child(self.root, "dimension")
        if dimension is not None:
            dimension.set("ref", _longer(dimension.get("ref", ""), last))

    def _extend_filter(self, last: int) -> bool:
        """Let the filter reach the last row, here and in the name that Excel keeps for it."""
        filter = child(self.root, "autoFilter")
        old = filter.get("ref", "") if filter is not None else ""
        new = _longer(old, last)
        if filter is None or new == old:
            return False
        filter.set("ref", new)
        names = child(self.book.root, "definedNames")
        for name in () if names is None else names:
            text = name.text or ""
            if name.get("name") == "_xlnm._FilterDatabase" and text.replace("$", "").endswith(f"!{old}"):
                name.text = re.sub(r"[0-9]+$", str(last), text)
        return True


def _insert(parent: etree._Element, new: etree._Element, order: Callable[[etree._Element], int], place: int) -> None:
    """Insert *new* in front of the first child that comes behind *place*."""
    index = next((i for i, each in enumerate(parent) if isinstance(each.tag, str) and order(each) > place), len(parent))
    parent.insert(index, new)


def _longer(reference: str, last: int) -> str:
    """A range such as A6:N18 that reaches the row *last*."""
    match = re.fullmatch(r"([A-Z]+[0-9]+:[A-Z]+)([0-9]+)", reference)
    return f"{match[1]}{max(last, int(match[2]))}" if match else reference


def _plain_value(raw: RawCell) -> object:
    if raw.boolean:
        return raw.text in ("1", "true")
    return raw.text if raw.number is None else raw.number


def _stored(value: CellValue, type: ColumnType, date1904: bool) -> tuple[str | float | bool, Format | None]:
    """What a cell stores for *value*, and what its number format has to show (None: whatever it shows)."""
    if isinstance(value, bool):
        return value, None
    if isinstance(value, int | float) and math.isfinite(value):
        return value, Format.PERCENT if type is ColumnType.PERCENT else Format.PLAIN
    if isinstance(value, date):
        if type is ColumnType.DATE and not isinstance(value, datetime) and value > date(1904, 1, 1):
            return serial_of(value, date1904), Format.DAY
        return value.isoformat(), None
    return str(value), None


class _Styles:
    """The workbook's cell styles, with variants added when a cell needs one that nobody has yet."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.part, data = book.related("styles")
        self.root = None if data is None else parse_xml(data)
        self.table = child(self.root, "cellXfs")
        self.added: dict[tuple[int, int | None, bool], str] = {}

    def show(self, element: etree._Element, shown: Format | None, quoted: bool) -> None:
        """Give a cell a style that shows numbers as *shown* and, when *quoted*, keeps text from being run on retyping."""
        index = integer(element.get("s"))
        now = self.book.formats[index] if index < len(self.book.formats) else Format.PLAIN
        number_format = None if shown is None or now is shown else _FORMAT_IDS[shown]
        if self.table is not None and len(self.table) and (number_format is not None or quoted):
            element.set("s", self._variant(index, number_format, quoted))

    def _variant(self, style: int, number_format: int | None, quoted: bool) -> str:
        wanted = (style, number_format, quoted)
        if wanted not in self.added and self.table is not None:
            new = deepcopy(self.table[style if style < len(self.table) else 0])
            if number_format is not None:
                new.set("numFmtId", str(number_format))
                new.set("applyNumberFormat", "1")
            if quoted:
                new.set("quotePrefix", "1")
            self.added[wanted] = str(len(self.table))
            self.table.append(new)
            self.table.set("count", str(len(self.table)))
        return self.added[wanted]

    def parts(self) -> Iterator[tuple[str, bytes]]:
        """The style part, when it changed."""
        if self.added and self.root is not None:
            yield self.part, xml_bytes(self.root)
