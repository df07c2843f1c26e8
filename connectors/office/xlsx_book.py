"""A workbook as raw cells: what stands in every sheet's XML, whoever saved it, before anybody asks what it means."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from lxml import etree

from connectors.office.package import (
    BrokenFile,
    Package,
    main_part,
    open_package,
    parse_xml,
    relations,
    unescape_text,
)
from connectors.office.xlsx_values import Format, address, format_of


class RawCell(NamedTuple):
    """One cell that is not empty. *number* is set for numbers as stored; *text* is what is stored, for dates a serial."""

    text: str
    number: float | None = None
    format: Format = Format.PLAIN
    formula: bool = False
    boolean: bool = False
    unsaved: bool = False
    """Whether it is a formula that was saved without its value."""


Grid = dict[int, dict[int, RawCell]]
"""Row to column to cell, both from 1."""


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook: its name and the name of its part."""

    name: str
    part: str


def local(element: etree._Element) -> str:
    """The element's name without its namespace: strict and transitional files differ in nothing else."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """The first child of that *name*, in any namespace."""
    return None if element is None else next((each for each in element if local(each) == name), None)


def children(element: etree._Element | None, name: str) -> Iterable[etree._Element]:
    """What stands in the first child of that *name*; nothing when there is none."""
    holder = child(element, name)
    return () if holder is None else holder


class Book:
    """An opened workbook. Raises BrokenFile, from the constructor or later, when a part it needs is damaged."""

    def __init__(self, data: bytes) -> None:
        self.package: Package = open_package(data)
        self.part = main_part(self.package)
        self.root = parse_xml(self.needed(self.part))
        if local(self.root) != "workbook":
            raise BrokenFile("This Office file is no workbook (.xlsx); perhaps it is a document with the wrong ending.")
        self._relations = {relation.id: relation for relation in relations(self.package, self.part)}
        self.sheets = tuple(self._sheets("worksheet"))

    def needed(self, name: str) -> bytes:
        """The unpacked part of that *name*; raises BrokenFile when it is not there."""
        data = self.package.part(name)
        if data is None:
            raise BrokenFile(f"The file is damaged: its part {name} is missing.")
        return data

    def _sheets(self, type: str) -> Iterator[Sheet]:
        for element in children(self.root, "sheets"):
            id = next((value for name, value in element.attrib.items() if str(name).endswith("}id")), "")
            relation = self._relations.get(str(id))
            if relation is not None and relation.type == type:
                yield Sheet(element.get("name", ""), relation.target)

    @cached_property
    def chart_sheets(self) -> tuple[Sheet, ...]:
        """Sheets that hold a chart and no cells."""
        return tuple(self._sheets("chartsheet"))

    @cached_property
    def date1904(self) -> bool:
        """Whether days are counted from 1904."""
        properties = child(self.root, "workbookPr")
        return properties is not None and properties.get("date1904") in ("1", "true", "on")

    @cached_property
    def names(self) -> dict[str, tuple[str, int, int]]:
        """Defined names that point to one cell, in lower case: sheet name, row, column.

        A name of the whole workbook comes before one of a single sheet, as copying a sheet makes them.
        """
        whole, of_sheets = dict[str, tuple[str, int, int]](), dict[str, tuple[str, int, int]]()
        for element in children(self.root, "definedNames"):
            if target := _cell_reference(element.text or ""):
                names = whole if element.get("localSheetId") is None else of_sheets
                names[element.get("name", "").casefold()] = target
        return of_sheets | whole

    @cached_property
    def ranges(self) -> tuple[tuple[str, str], ...]:
        """Every defined name, in lower case, and what it stands for."""
        return tuple((each.get("name", "").casefold(), each.text or "") for each in children(self.root, "definedNames"))

    @cached_property
    def formats(self) -> tuple[Format, ...]:
        """What the number format of each cell style shows."""
        _, part = self.related("styles")
        root = None if part is None else parse_xml(part)
        codes: dict[int, str] = {}
        for element in children(root, "numFmts"):
            codes[integer(element.get("numFmtId"))] = element.get("formatCode", "")
        ids = [integer(element.get("numFmtId")) for element in children(root, "cellXfs") if local(element) == "xf"]
        return tuple(format_of(id, codes.get(id)) for id in ids)

    @cached_property
    def people(self) -> dict[str, str]:
        """Names of the people who wrote in comment threads, by id."""
        _, part = self.related("person")
        people = () if part is None else parse_xml(part)
        return {element.get("id", ""): element.get("displayName", "") for element in people if isinstance(element.tag, str)}

    @cached_property
    def strings(self) -> tuple[str, ...]:
        """The shared strings."""
        _, part = self.related("sharedStrings")
        return () if part is None else tuple(text_of_runs(element) for element in parse_xml(part) if local(element) == "si")

    def related(self, type: str) -> tuple[str, bytes | None]:
        """Name and content of the workbook's part of that *type*, such as ``styles``; None when it has none."""
        relation = next((each for each in self._relations.values() if each.type == type), None)
        return ("", None) if relation is None else (relation.target, self.package.part(relation.target))

    def root_of(self, sheet: Sheet) -> etree._Element:
        """The parsed part of *sheet*."""
        return parse_xml(self.needed(sheet.part))

    def grid(self, root: etree._Element) -> Grid:
        """All cells of a sheet that are not empty."""
        grid: Grid = {}
        for number, row in row_elements(root):
            cells = {column: cell for column, element in _cells(row) if len(element) and (cell := self._cell(element))}
            if cells:
                grid[number] = cells
        return grid

    def _cell(self, element: etree._Element) -> RawCell | None:
        kind = element.get("t", "n")
        first = element[0]
        if kind == "inlineStr" and len(element) == 1:  # by far the most cells; what follows would do them too
            text = text_of_runs(first)
            return RawCell(text) if text.strip() else None
        value, formula, inline = "", None, None
        for part in element:
            match str(part.tag)[-2:]:
                case "}v":
                    value = part.text or ""
                case "}f":
                    formula = part
                case "is":
                    inline = part
        text = self._text(kind, value, inline)
        if formula is not None and not value and kind != "str":  # saved by a program that computes nothing
            return RawCell(f"={formula.text}" if formula.text else "", formula=True, unsaved=True)
        if formula is None and not text.strip():
            return None
        number = _number(text) if kind == "n" else None
        shown = Format.PLAIN if number is None else self._format(element)
        return RawCell(text, number, shown, formula is not None, kind == "b")

    def _text(self, kind: str, value: str, inline: etree._Element | None) -> str:
        if kind == "s":
            index = integer(value, -1)
            return self.strings[index] if 0 <= index < len(self.strings) else ""
        if kind == "inlineStr":
            return text_of_runs(inline) if inline is not None else ""
        return unescape_text(value) if kind == "str" else value

    def _format(self, element: etree._Element) -> Format:
        style = integer(element.get("s"))
        return self.formats[style] if style < len(self.formats) else Format.PLAIN


def row_elements(root: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    """Number and element of every row of a sheet; numbers that a program left out are counted on."""
    rows = child(root, "sheetData")
    number = 0
    for row in () if rows is None else rows:
        if local(row) == "row":
            number = integer(row.get("r"), number + 1)
            yield number, row


def cell_elements(root: etree._Element) -> Iterator[tuple[int, int, etree._Element]]:
    """Row, column and element of every cell of a sheet; addresses that a program left out are counted on."""
    for number, row in row_elements(root):
        for column, element in _cells(row):
            yield number, column, element


def _cells(row: etree._Element) -> Iterator[tuple[int, etree._Element]]:
    column = 0
    for element in row.iterchildren("{*}c"):
        at = address(element.get("r", ""))
        column = at[1] if at else column + 1
        yield column, element


def text_of_runs(element: etree._Element) -> str:
    """The text of a string, of all its runs; what is only a reading aid above the characters does not count."""
    if len(element) == 1 and str(element[0].tag).endswith("}t"):
        return unescape_text(element[0].text or "")
    pieces = []
    for part in element:
        if local(part) == "t":
            pieces.append(part.text or "")
        elif local(part) == "r":
            pieces += [inner.text or "" for inner in part if local(inner) == "t"]
    return unescape_text("".join(pieces))


_REFERENCE = re.compile(r"=?(?:'((?:[^']|'')+)'|([^'!]+))!(\$?[A-Za-z]{1,3}\$?[0-9]{1,7})")


def _cell_reference(text: str) -> tuple[str, int, int] | None:
    match = _REFERENCE.fullmatch(text.strip())
    at = address(match[3]) if match else None
    return ((match[1] or match[2]).replace("''", "'"), *at) if match and at else None


def integer(text: str | None, default: int = 0) -> int:
    """The whole number that an attribute holds; *default* when it holds none."""
    return int(text) if text is not None and len(text) < 10 and text.isascii() and text.isdigit() else default


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
