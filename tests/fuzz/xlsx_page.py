"""A goal sheet opened to be edited by hand, and what a reader of it sees, both without the codec under test."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from lxml import etree

from connectors.office.package import open_package, repack, unescape_text
from connectors.office.xlsx_values import column_letters
from tests.fuzz.words import words_in

NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
S = f"{{{NS}}}"
SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_NAME = re.compile(r"'?([^'!]+)'?!\$([A-Z]+)\$(\d+)")
_Line = dict[int, etree._Element]


class Book:
    """An opened goal sheet: `lines` are its rows, each a dictionary of cells by column; `saved` gives the file."""

    def __init__(self, data: bytes) -> None:
        self._data, package = data, open_package(data)
        self.root = parsed(data, SHEET)
        self.book = etree.fromstring(package.part(BOOK) or b"")
        self.extra: dict[str, bytes] = {}
        sheet_data = self.root.find(f"{S}sheetData")
        assert sheet_data is not None
        self._sheet_data = sheet_data
        self.lines: list[_Line] = [{}]
        for row in sheet_data:
            while len(self.lines) <= int(row.get("r", "0")):
                self.lines.append({})
            self.lines[-1] = {column_of(cell.get("r", "")): cell for cell in row}
        self.names = {one.get("name", ""): one for one in self.book.iter(f"{S}definedName")}
        self.header = next((n for n, line in enumerate(self.lines) if {"Goal", "Now"} & set(map(text_of, line.values()))), 7)
        self.hidden: set[int] = set()

    @property
    def width(self) -> int:
        """The last column that has a title."""
        return max(self.lines[self.header], default=1)

    @property
    def computed(self) -> int:
        """The column of progress, by its name or title; 0 when it is gone."""
        found = _NAME.fullmatch(self.names["TL_progress"].text or "") if "TL_progress" in self.names else None
        titles = {text_of(cell): column for column, cell in self.lines[self.header].items()}
        return column_of(found[2]) if found else titles.get("Progress", 0)

    @property
    def filled(self) -> list[int]:
        """The numbers of the rows below the header in which something stands beside formulas and keys."""
        rows = range(self.header + 1, len(self.lines))
        return [n for n in rows if any(c > 1 and text_of(cell) for c, cell in self.lines[n].items())]

    def row(self, number: int) -> int:
        """A row that is filled, or the one behind them."""
        choices = [*self.filled, max([*self.filled, self.header]) + 1]
        return choices[number % len(choices)]

    def column(self, number: int) -> int:
        """A column behind that of keys."""
        return 2 + number % max(self.width - 1, 1)

    def put(self, row: int, column: int, markup: str, kind: str = "inlineStr") -> None:
        """Fill a cell, keeping its look."""
        while len(self.lines) <= row:
            self.lines.append({})
        old = self.lines[row].get(column)
        new = etree.fromstring(f'<c xmlns="{NS}" t="{kind}">{markup}</c>')
        if old is not None and old.get("s"):
            new.set("s", old.get("s", ""))
        self.lines[row][column] = new

    def write(self, row: int, column: int, text: str) -> None:
        """Type *text* into a cell."""
        self.put(row, column, f'<is><t xml:space="preserve">{escape(text)}</t></is>')

    def part(self, name: str) -> bytes:
        """A part, with what was changed in it."""
        return self.extra.get(name) or open_package(self._data).part(name) or b""

    def reorder_rows(self, order: Sequence[int | None]) -> None:
        """Rows anew: for each its former number, None for an empty one. Names follow their cells, as programs do it."""
        former = self.lines
        self.lines = [{} if n is None else copy.deepcopy(former[n]) if order.count(n) > 1 else former[n] for n in order]
        self._follow(lambda row, column: (order.index(row), column) if row in order else None)

    def reorder_columns(self, order: Sequence[int | None]) -> None:
        """Columns anew, *order* beginning with the first."""
        at = {old: new for new, old in enumerate(order, start=1) if old is not None}
        self.lines = [{at[c]: cell for c, cell in line.items() if c in at} for line in self.lines]
        self._follow(lambda row, column: (row, at[column]) if column in at else None)

    def _follow(self, moved: object) -> None:
        assert callable(moved)
        for element in self.names.values():
            if (found := _NAME.fullmatch(element.text or "")) is not None:
                at = moved(int(found[3]), column_of(found[2] + "1"))
                sheet = f"'{found[1]}'"
                element.text = "#REF!" if at is None else f"{sheet}!${column_letters(at[1])}${at[0]}"

    def saved(self) -> bytes:
        """The file now."""
        for row in list(self._sheet_data):
            self._sheet_data.remove(row)
        for number, line in enumerate(self.lines):
            if number and line:
                row = etree.SubElement(self._sheet_data, f"{S}row", r=str(number))
                if number in self.hidden:
                    row.set("hidden", "1")
                for column, cell in sorted(line.items()):
                    cell.set("r", f"{column_letters(column)}{number}")
                    row.append(cell)
        parts = {SHEET: etree.tostring(self.root), BOOK: etree.tostring(self.book)}
        return repack(self._data, {**parts, **self.extra})


def parsed(data: bytes, name: str) -> etree._Element:
    """A part of a workbook, its shared strings put into the cells that share them."""
    package = open_package(data)
    root, shared = etree.fromstring(package.part(name) or b""), package.part("xl/sharedStrings.xml")
    strings = [] if shared is None else list(etree.fromstring(shared).iterchildren(f"{S}si"))
    for cell in root.iter(f"{S}c"):
        if cell.get("t") == "s" and (value := cell.find(f"{S}v")) is not None:
            text = etree.Element(f"{S}is")
            text.extend(copy.deepcopy(strings[int(value.text or "0")]))
            cell.replace(value, text)
            cell.set("t", "inlineStr")
    return root


def column_of(address: str) -> int:
    """The column of an address such as ``B7``, from 1."""
    number = 0
    for letter in re.sub("[^A-Z]", "", address):
        number = number * 26 + ord(letter) - 64
    return number


def text_of(cell: etree._Element) -> str:
    """What stands in a cell, its formula aside."""
    return "".join(one.text or "" for one in cell.iter(f"{S}t", f"{S}v"))


# ---------------------------------------------------------------- what stands in a file


@dataclass(frozen=True)
class Standing:
    """What a reader of the file sees, found without the codec."""

    texts: tuple[str, ...]
    goals: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The words in the row of each goal, by its name, where no other row has that name."""
    values: Mapping[str, float] = field(default_factory=dict)
    """The present value of each such goal, where it is one of the fuzzer's."""

    @property
    def words(self) -> set[str]:
        """The pen's words in it."""
        return words_in(self.texts)


def standing(data: bytes) -> Standing:
    """What stands in a goal sheet."""
    book = Book(data)
    roots = [parsed(data, name) for name in open_package(data).names() if _holds_text(name)]
    raw = ("".join(one.itertext(f"{S}t", f"{S}v", f"{{{A}}}t")) for root in roots for one in _texts(root))
    texts = tuple(unescape_text(text) for text in raw)
    titles = {text_of(cell): column for column, cell in book.lines[book.header].items()}
    goal, now = titles.get("Goal"), titles.get("Now")
    lines = [book.lines[n] for n in book.filled]
    named = [(text_of(line[goal]), line) for line in lines if goal in line] if goal else []
    unique = {name: line for name, line in named if [one for one, _ in named].count(name) == 1}
    words = {name: frozenset(words_in(text_of(line[c]) for c in line if c <= book.width)) for name, line in unique.items()}
    numbers = {name: _value(text_of(line[now])) for name, line in unique.items() if now in line}
    return Standing(texts, words, {name: value for name, value in numbers.items() if value > 1000})


def _holds_text(name: str) -> bool:
    return name.endswith(".xml") and name.startswith(("xl/worksheets/sheet", "xl/comments", "xl/drawing"))


def _texts(root: etree._Element) -> list[etree._Element]:
    return [*root.iter(f"{S}c", f"{S}comment", f"{{{A}}}p")]


def _value(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return 0.0
