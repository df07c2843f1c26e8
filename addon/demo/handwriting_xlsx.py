"""Writing in a goal sheet by hand, as Excel and LibreOffice Calc leave it behind."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lxml import etree

from addon.demo.handwriting import Hand, HandwritingError, Parts, Program

_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
S = f"{{{_S}}}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
_BOOK_RELS = "xl/_rels/workbook.xml.rels"
_STRINGS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
_DAY_ZERO = date(1899, 12, 30)

Value = str | float | date | None


@dataclass(frozen=True)
class SetCells:
    """Type into the row of the goal that reads *goal*: column title to value."""

    goal: str
    cells: Mapping[str, Value]


@dataclass(frozen=True)
class NewGoal:
    """Type a goal into the first free row: column title to value."""

    cells: Mapping[str, Value]


@dataclass(frozen=True)
class SortByGoal:
    """Sort whole rows by the goal's title."""


Stroke = SetCells | NewGoal | SortByGoal


def write(parts: Parts, hand: Hand, strokes: Sequence[object]) -> None:
    """Make *strokes* in the goal sheet and save its XML as the hand's program does. Raises HandwritingError."""
    sheet = _Sheet(parts)
    for stroke in strokes:
        match stroke:
            case SetCells(goal, cells):
                sheet.set(sheet.row_of(goal), cells)
            case NewGoal(cells):
                sheet.set(sheet.free_row(), cells)
            case SortByGoal():
                sheet.sort()
            case _:
                raise HandwritingError(f"{stroke!r} cannot be made in a goal sheet")
    sheet.calculate()
    sheet.save(hand)


class _Strings:
    """The shared strings of a workbook, in the making."""

    def __init__(self, root: etree._Element | None) -> None:
        self.items: list[etree._Element] = [] if root is None else [copy.deepcopy(one) for one in root.iterchildren(f"{S}si")]
        self._plain = {_text(item): number for number, item in enumerate(self.items)}
        self.used = 0

    def number(self, item: etree._Element) -> int:
        """The number of a string, added at the end when it is new. Text with formats is always its own."""
        self.used += 1
        text = _text(item)
        plain = item.find(f"{S}r") is None
        if plain and text in self._plain:
            return self._plain[text]
        self.items.append(item)
        if plain:
            self._plain[text] = len(self.items) - 1
        return len(self.items) - 1

    def packed(self) -> bytes:
        """The part as it stands in the file."""
        root = etree.Element(f"{S}sst", nsmap={None: _S})
        root.set("count", str(self.used))
        root.set("uniqueCount", str(len(self.items)))
        root.extend(self.items)
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


class _Sheet:
    """An open sheet. Its strings lie inside the cells while it is open, and are shared when it is saved."""

    def __init__(self, parts: Parts) -> None:
        self.parts, self.root = parts, parts.xml(SHEET)
        data = self.root.find(f"{S}sheetData")
        if data is None:
            raise HandwritingError("the workbook has no rows")
        self.rows = list(data.iterchildren(f"{S}row"))
        self.former = parts.xml(STRINGS) if STRINGS in parts else None
        self._open_strings()
        self.head, self.columns = self._header()

    def _open_strings(self) -> None:
        shared = [] if self.former is None else list(self.former.iterchildren(f"{S}si"))
        for cell in self._cells():
            if cell.get("t") == "s":
                self._put(cell, copy.deepcopy(shared[int(cell.findtext(f"{S}v") or 0)]))

    def _cells(self) -> Iterable[etree._Element]:
        return (cell for row in self.rows for cell in row.iterchildren(f"{S}c"))

    def _header(self) -> tuple[int, dict[str, str]]:
        """The row with the titles and the column letter of each, as a person finds them."""
        for number, row in enumerate(self.rows):
            titles = {_seen(cell): _letters(cell) for cell in row.iterchildren(f"{S}c") if _seen(cell)}
            if {"Goal", "Now", "Status"} <= titles.keys():
                return number, titles
        raise HandwritingError("no row of this sheet has the titles Goal, Now and Status")

    # ------------------------------------------------------------ finding

    def cell(self, row: etree._Element, title: str) -> etree._Element:
        """The cell of *row* below *title*."""
        if title not in self.columns:
            raise HandwritingError(f"there is no column {title!r}; there are: {', '.join(self.columns)}")
        for cell in row.iterchildren(f"{S}c"):
            if _letters(cell) == self.columns[title]:
                return cell
        raise HandwritingError(f"row {row.get('r')} has no cell below {title!r}")

    def row_of(self, goal: str) -> etree._Element:
        """The row of the goal that reads *goal*."""
        for row in self.rows[self.head + 1 :]:
            if _seen(self.cell(row, "Goal")) == goal:
                return row
        raise HandwritingError(f"no goal reads {goal!r}")

    def free_row(self) -> etree._Element:
        """The first row without a goal."""
        for row in self.rows[self.head + 1 :]:
            if not _seen(self.cell(row, "Goal")):
                return row
        raise HandwritingError("there is no free row left")

    # ------------------------------------------------------------ strokes

    def set(self, row: etree._Element, cells: Mapping[str, Value]) -> None:
        """Type values into *row*."""
        for title, value in cells.items():
            cell = self.cell(row, title)
            if isinstance(value, str):
                self._put(cell, _string(value))
            else:
                _number(cell, value)

    def sort(self) -> None:
        """Sort the rows that hold a goal by its title. Formulas stay where they are, as they mean their own row."""
        filled = [row for row in self.rows[self.head + 1 :] if _seen(self.cell(row, "Goal"))]
        order = sorted(filled, key=lambda row: _seen(self.cell(row, "Goal")).casefold())
        contents = [[_content(cell) for cell in row.iterchildren(f"{S}c")] for row in order]
        for row, texts in zip(filled, contents, strict=True):
            for cell, (attributes, children) in zip(row.iterchildren(f"{S}c"), texts, strict=True):
                if cell.find(f"{S}f") is None:
                    _replace(cell, attributes, children)

    def calculate(self) -> None:
        """The progress formula's values, as the program shows them at once."""
        for row in self.rows[self.head + 1 :]:
            cell = self.cell(row, "Progress")
            if cell.find(f"{S}f") is None:
                continue
            result = self._progress(row)
            shown = cell.find(f"{S}v")
            shown = etree.SubElement(cell, f"{S}v") if shown is None else shown
            shown.text = "" if result is None else f"{result:.15g}"
            if result is None:
                cell.set("t", "str")
            else:
                cell.attrib.pop("t", None)

    def _progress(self, row: etree._Element) -> float | None:
        start, target, now = (_seen(self.cell(row, title)) for title in ("Start", "Target", "Now"))
        if _seen(self.cell(row, "Unit")) == "yes/no":
            return None if not now else float(now in ("yes", "1", "1.0"))
        try:
            first, last, value = float(start), float(target), float(now)
        except ValueError:
            return None
        if first == last:
            return float(value >= last)
        return max(0.0, (value - first) / (last - first))

    # ------------------------------------------------------------ saving

    def _put(self, cell: etree._Element, item: etree._Element) -> None:
        """Lay a string into the cell itself."""
        inside = etree.Element(f"{S}is")
        inside.extend(list(item))
        _replace(cell, {"t": "inlineStr"}, [inside])

    def save(self, hand: Hand) -> None:
        """Excel adds new strings at the end of those it had; Calc writes all of them again in the order of the sheet."""
        excel = hand.program is Program.MICROSOFT
        strings = _Strings(self.former if excel else None)
        for cell in self._cells():
            inside = cell.find(f"{S}is")
            if inside is not None:
                item = etree.Element(f"{S}si")
                item.extend(list(inside))
                value = etree.Element(f"{S}v")
                value.text = str(strings.number(item))
                _replace(cell, {"t": "s"}, [value])
            elif not excel:
                _as_calc(cell)
        for row in self.rows:
            _as_excel_row(row) if excel else _as_calc_row(row)
        self.parts.put(SHEET, self.root)
        self.parts.add(STRINGS, strings.packed(), _STRINGS_TYPE, _BOOK_RELS, "sharedStrings", "sharedStrings.xml")


# ---------------------------------------------------------------- cells


def _letters(cell: etree._Element) -> str:
    return re.sub(r"\d", "", cell.get("r", ""))


def _text(item: etree._Element) -> str:
    return "".join(node.text or "" for node in item.iter(f"{S}t"))


def _seen(cell: etree._Element) -> str:
    """What a person sees in a cell; numbers without their format."""
    inside = cell.find(f"{S}is")
    return (_text(inside) if inside is not None else cell.findtext(f"{S}v") or "").strip()


def _string(text: str) -> etree._Element:
    item = etree.Element(f"{S}si")
    written = etree.SubElement(item, f"{S}t")
    written.text = text
    if text != text.strip():
        written.set(_SPACE, "preserve")
    return item


def _number(cell: etree._Element, value: float | date | None) -> None:
    if value is None:
        _replace(cell, {}, [])
        return
    written = etree.Element(f"{S}v")
    written.text = str((value - _DAY_ZERO).days) if isinstance(value, date) else f"{value:.15g}"
    _replace(cell, {}, [written])


def _content(cell: etree._Element) -> tuple[dict[str, str], list[etree._Element]]:
    kept = {name: cell.get(name, "") for name in ("t", "s") if cell.get(name)}
    return kept, [copy.deepcopy(child) for child in cell]


def _replace(cell: etree._Element, attributes: Mapping[str, str], children: Iterable[etree._Element]) -> None:
    """Give *cell* other content; its place and, unless *attributes* names one, its style stay."""
    cell.attrib.pop("t", None)
    for child in list(cell):
        cell.remove(child)
    for name, value in attributes.items():
        cell.set(name, value)
    cell.extend(children)


# ---------------------------------------------------------------- habits


def _as_excel_row(row: etree._Element) -> None:
    row.set("spans", "1:13")


def _as_calc_row(row: etree._Element) -> None:
    row.attrib.pop("spans", None)
    for name in ("customFormat", "hidden", "collapsed"):
        row.set(name, "false")
    row.set("customHeight", "true" if row.get("customHeight") in ("1", "true") else "false")
    row.set("outlineLevel", "0")


def _as_calc(cell: etree._Element) -> None:
    """Calc names the type of every number, writes whole ones without a point, and marks each formula."""
    value, formula = cell.find(f"{S}v"), cell.find(f"{S}f")
    if formula is not None:
        formula.set("aca", "false")
    if value is not None and value.text and cell.get("t") in (None, "n"):
        cell.set("t", "n")
        value.text = f"{float(value.text):.15g}"
