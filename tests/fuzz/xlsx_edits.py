"""What people do to a goal sheet, as small frozen values. Rows and columns are numbers modulo what there is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from xml.sax.saxutils import escape

from lxml import etree

from connectors.office.xlsx_values import column_letters
from tests.fuzz.words import Pen
from tests.fuzz.xlsx_page import NS, A, Book, S, text_of

_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


class Edit(Protocol):
    """One thing that somebody does."""

    def apply(self, book: Book, pen: Pen) -> None:
        """Do it."""


# ---------------------------------------------------------------- cells


@dataclass(frozen=True)
class Type:
    """Type over a cell, as plain text, in pieces of different looks, or as what a formula last showed."""

    row: int = 0
    column: int = 11
    phrase: int = 0
    way: int = 0

    def apply(self, book: Book, pen: Pen) -> None:
        row, column, text = book.row(self.row), book.column(self.column), pen.write(self.phrase)
        match self.way % 3:
            case 0:
                book.write(row, column, text)
            case 2 if column == book.computed:  # a formula of one's own there is a computation again
                book.write(row, column, text)
            case 1:
                bold = f'<r><rPr><b/></rPr><t xml:space="preserve">{escape(text)}</t></r>'
                book.put(row, column, f'<is>{bold}<r><t xml:space="preserve"> {pen.word()}</t></r></is>')
            case _:
                book.put(row, column, f"<f>A1&amp;B1</f><v>{escape(text)}</v>", "str")


@dataclass(frozen=True)
class SetNow:
    """A new value in the column of present values: a number that no other row has, in one of the ways of writing it."""

    row: int = 0
    way: int = 0

    def apply(self, book: Book, pen: Pen) -> None:
        column = next((c for c, cell in book.lines[book.header].items() if text_of(cell) == "Now"), None)
        if column is None or not book.filled:
            return
        pen.count += 1
        number, row = 1000 + pen.count, book.filled[self.row % len(book.filled)]
        if self.way % 3 == 0:
            book.put(row, column, f"<v>{number}</v>", "n")
        else:
            book.write(row, column, (f"{number},5", f"{number}.5")[self.way % 3 - 1])


@dataclass(frozen=True)
class Clear:
    """Empty a cell, but not the goal's own name."""

    row: int = 0
    column: int = 1

    def apply(self, book: Book, pen: Pen) -> None:
        column = book.column(self.column)
        if column != 2:
            book.lines[min(book.row(self.row), len(book.lines) - 1)].pop(column, None)


@dataclass(frozen=True)
class TypeBeside:
    """Type above the table, below it with rows between, or to the right of it."""

    where: int = 0
    phrase: int = 0

    def apply(self, book: Book, pen: Pen) -> None:
        row, column = ((2, 4), (len(book.lines) + 3, 2), (book.row(0), book.width + 2), (3, 9))[self.where % 4]
        book.write(row, column, pen.write(self.phrase))


@dataclass(frozen=True)
class MergeCells:
    """Merge a cell with the one to its right; what stands there stays in the file."""

    row: int = 0
    column: int = 1

    def apply(self, book: Book, pen: Pen) -> None:
        row, column = book.row(self.row), book.column(self.column)
        merged = book.root.find(f"{S}mergeCells")
        if merged is None:
            merged = etree.Element(f"{S}mergeCells")
            data = book.root.find(f"{S}sheetData")
            assert data is not None
            data.addnext(merged)
        etree.SubElement(merged, f"{S}mergeCell", ref=f"{column_letters(column)}{row}:{column_letters(column + 1)}{row}")


# ---------------------------------------------------------------- rows


@dataclass(frozen=True)
class ChangeRows:
    """Insert, delete, copy or move a whole row, or filter one away."""

    row: int = 0
    to: int = 1
    what: int = 0

    def apply(self, book: Book, pen: Pen) -> None:
        if not book.filled:
            return
        row, to = book.filled[self.row % len(book.filled)], book.filled[self.to % len(book.filled)]
        order: list[int | None] = list(range(len(book.lines)))
        match self.what % 5:
            case 0:
                order.insert(row, None)
            case 1:
                order.remove(row)
            case 2:
                order.insert(to, row)
            case 3:
                order.remove(row)
                order.insert(to, row)
            case _:
                book.hidden.add(row)
                return
        book.reorder_rows(order)
        if self.what % 5 == 0:
            book.write(row, 2, f"New goal {pen.word()}")


@dataclass(frozen=True)
class Sort:
    """Sort the filled rows by a column: whole rows, or without the column of keys, which then lie."""

    column: int = 0
    keys_stay: bool = False
    backwards: bool = False

    def apply(self, book: Book, pen: Pen) -> None:
        rows, by = book.filled, book.column(self.column)
        ordered = sorted(rows, key=lambda n: text_of(book.lines[n][by]) if by in book.lines[n] else "", reverse=self.backwards)
        keys = {n: book.lines[n].get(1) for n in rows}
        lines = {row: dict(book.lines[source]) for row, source in zip(rows, ordered, strict=True)}
        for row, line in lines.items():
            if self.keys_stay:
                line.pop(1, None)
                line |= {1: keys[row]} if keys[row] is not None else {}  # type: ignore[dict-item]
            book.lines[row] = line


# ---------------------------------------------------------------- columns and sheets


@dataclass(frozen=True)
class Rename:
    """Write another title over a column."""

    column: int = 0

    def apply(self, book: Book, pen: Pen) -> None:
        book.write(book.header, book.column(self.column), f"Title {pen.word()}")


@dataclass(frozen=True)
class ChangeColumns:
    """Insert a column with words in it, delete one (never the goals' own), or move one."""

    column: int = 3
    to: int = 1
    what: int = 0

    def apply(self, book: Book, pen: Pen) -> None:
        column, to = book.column(self.column), book.column(self.to)
        order: list[int | None] = list(range(1, book.width + 1))
        match self.what % 3:
            case 0:
                order.insert(column - 1, None)
                book.reorder_columns(order)
                book.write(book.header, column, f"Own {pen.word()}")
                for row in book.filled:
                    book.write(row, column, pen.word())
            case 1:
                if column != 2 and book.width > 4:
                    order.remove(column)
                    book.reorder_columns(order)
            case _:
                order.remove(column)
                order.insert(to - 1, column)
                book.reorder_columns(order)


@dataclass(frozen=True)
class AddSheet:
    """A second sheet with a few words."""

    rows: int = 1

    def apply(self, book: Book, pen: Pen) -> None:
        number = 2 + sum(name.startswith("xl/worksheets/") for name in book.extra)
        name, rels = f"xl/worksheets/sheet{number}.xml", "xl/_rels/workbook.xml.rels"
        if book.part(name):
            return
        cell = '<c r="B{0}" t="inlineStr"><is><t>{1}</t></is></c>'
        rows = "".join(f'<row r="{n}">{cell.format(n, pen.word())}</row>' for n in range(1, 2 + self.rows % 3))
        book.extra[name] = f'<worksheet xmlns="{NS}"><sheetData>{rows}</sheetData></worksheet>'.encode()
        relation = f'<Relationship Id="rIdS{number}" Type="{_RELS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        book.extra[rels] = book.part(rels).replace(b"</Relationships>", f"{relation}</Relationships>".encode())
        sheets = book.book.find(f"{S}sheets")
        assert sheets is not None
        attributes = {"name": f"Sheet{number}", "sheetId": str(number), f"{{{_RELS}}}id": f"rIdS{number}"}
        etree.SubElement(sheets, f"{S}sheet", attributes)


@dataclass(frozen=True)
class CommentOn:
    """A comment on a cell, or a text box over the sheet."""

    row: int = 0
    column: int = 0
    as_box: bool = False

    def apply(self, book: Book, pen: Pen) -> None:
        kind = "drawing" if self.as_box else "comments"
        name, rels = f"xl/{kind}1.xml", "xl/worksheets/_rels/sheet1.xml.rels"
        if book.part(name):
            return
        place = f"{column_letters(book.column(self.column))}{book.row(self.row)}"
        if self.as_box:
            spaces = 'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"'
            text = f"<xdr:sp><xdr:txBody><a:p><a:r><a:t>{pen.write(2)}</a:t></a:r></a:p></xdr:txBody></xdr:sp>"
            markup = f'<xdr:wsDr {spaces} xmlns:a="{A}">{text}</xdr:wsDr>'
        else:
            text = f"<text><r><t>{pen.word()}</t></r></text>"
            comment = f'<comment ref="{place}" authorId="0">{text}</comment>'
            authors = "<authors><author>Ada</author></authors>"
            markup = f'<comments xmlns="{NS}">{authors}<commentList>{comment}</commentList></comments>'
        book.extra[name] = markup.encode()
        old = book.part(rels) or (
            b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
        )
        relation = f'<Relationship Id="rId{kind}" Type="{_RELS}/{kind}" Target="../{kind}1.xml"/></Relationships>'
        book.extra[rels] = old.replace(b"</Relationships>", relation.encode())
