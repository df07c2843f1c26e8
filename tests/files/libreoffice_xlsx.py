"""Do to a goal sheet what people do to it, through LibreOffice itself, and let it save each file.

Run once, by hand, with the Python that LibreOffice comes with:

    python -m tests.files.build_xlsx goals.xlsx
    soffice --headless --accept="pipe,name=sheets;urp" & python3 tests/files/libreoffice_xlsx.py goals.xlsx tests/files/xlsx

The files are committed as LibreOffice saved them; a later version may save others. Rows 8 to 11 hold four goals, row 7
the header, columns A to O: Key, Goal, Contributes to, Measured by, Category, Unit, Start, Target, Now, Weight, Progress,
Due, Status, Updated, Comment.
"""

import sys
from pathlib import Path

import uno
from com.sun.star.awt import Point, Size
from com.sun.star.awt.FontWeight import BOLD
from com.sun.star.beans import PropertyValue
from com.sun.star.table import TableSortField
from com.sun.star.table.TableOrientation import ROWS

XLSX, ODS, XLS = "Calc MS Excel 2007 XML", "calc8", "MS Excel 97"
HEADER, FIRST, LAST = 7, 8, 11


def value(name, content):
    return PropertyValue(Name=name, Value=content)


class Book:
    """One workbook open in LibreOffice."""

    def __init__(self, desktop, path):
        self.desktop, self.path = desktop, path
        self.file = desktop.loadComponentFromURL(path.resolve().as_uri(), "_blank", 0, (value("Hidden", True),))
        self.sheet = self.file.Sheets.getByName("Goals")

    def save(self, path, filter=XLSX):
        self.file.storeToURL(path.resolve().as_uri(), (value("FilterName", filter),))

    def through(self, path, filter):
        """The workbook saved in another format and opened again."""
        self.save(path, filter)
        self.file.close(True)
        again = Book(self.desktop, path)
        path.unlink()
        return again

    def cell(self, name):
        return self.sheet.getCellRangeByName(name)

    def type(self, **cells):
        """What a person types, as text where it is no number."""
        for name, content in cells.items():
            if isinstance(content, str):
                self.cell(name).String = content
            else:
                self.cell(name).Value = content

    def rows(self, at, count):
        self.sheet.Rows.insertByIndex(at - 1, count)

    def column(self, at):
        self.sheet.Columns.insertByIndex(at, 1)

    def copy(self, to, source):
        self.sheet.copyRange(self.cell(to).CellAddress, self.cell(source).RangeAddress)

    def move(self, to, source):
        self.sheet.moveRange(self.cell(to).CellAddress, self.cell(source).RangeAddress)

    def sort(self, reference, column, descending=False):
        field = TableSortField()
        field.Field, field.IsAscending = column, not descending
        fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
        uno.invoke(
            self.cell(reference),
            "sort",
            ((value("SortFields", fields), value("ContainsHeader", False)),),
        )


def sorted_rows(book):
    book.sort(f"A{FIRST}:O{LAST}", 1)


def sorted_without_keys(book):
    book.sort(f"B{FIRST}:O{LAST}", 0)


def sorted_with_header(book):
    book.sort(f"A{HEADER}:O{LAST}", 1, descending=True)


def columns_renamed(book):
    book.type(B7="What I want to reach", I7="Aktueller Wert", O7="Kommentar")


def column_inserted(book):
    book.column(3)
    book.type(D7="Confidence", D8="high", D9="low", D10=0.5)


def column_moved(book):
    book.column(2)
    book.move("C1", "N1:N20")
    book.sheet.Columns.removeByIndex(13, 1)


def columns_deleted(book):
    book.sheet.Columns.removeByIndex(14, 1)
    book.sheet.Columns.removeByIndex(2, 1)


def rows_inserted(book):
    book.rows(1, 3)
    book.type(B1="Please update by Friday")
    book.rows(12, 1)
    book.type(B12="Train two people on call", G12=0, H12=2, I12=1)


def row_deleted(book):
    book.sheet.Rows.removeByIndex(8, 1)


def header_copied(book):
    book.copy("A12", "A7:O7")
    book.type(B13="Write the handbook", F13="number", G13=0, H13=12, I13=3)


def cells_merged(book):
    book.cell("B8:B9").merge(True)
    book.cell("C10:D10").merge(True)
    book.type(C10="Board and audit")


def typed_below(book):
    book.type(B25="Ask Kim about the second half", A27="Remember the offsite", H20="Average")
    book.cell("I20").Formula = "=AVERAGE(I8:I11)"


def typed_beside(book):
    book.type(P9="call the Basel office", R10="budget not signed", R3="see mail of Monday")


def formulas(book):
    book.cell("I8").Formula = "=2+1.5"
    book.cell("I9").Formula = "=I8*20"
    book.cell("B11").Formula = '="Three " & "partners"'
    book.cell("G11").Formula = "=1/0"


def values_as_text(book):
    book.type(F8="EUR", G8="€ 1.234,50", H8="2\u202f500,00 €", I8="CHF 1'999.-", L8="30. Juni 2026", N8="2 mars 2026")
    book.type(G9="58 %", H9="80 %", I9=0.72, L9="02/03/2026", N9="March 2, 2026")
    book.type(G11="1.234", I11="12k", L11="3 de março de 2026", N11="2 marca 2026")


def filtered(book):
    for row in (8, 10):
        book.sheet.Rows.getByIndex(row - 1).IsVisible = False
    book.sheet.Columns.getByIndex(14).IsVisible = False


def grouped(book):
    book.sheet.group(book.cell("A9:A10").RangeAddress, ROWS)
    book.sheet.hideDetail(book.cell("A9:A10").RangeAddress)


def second_sheet(book):
    book.file.Sheets.insertNewByName("Offsite notes", 2)
    book.sheet = book.file.Sheets.getByName("Offsite notes")
    book.type(A1="What we heard", A3="Cy", B3="wants to lead the audit", C3=3)


def sheet_moved(book):
    book.sheet.Name = "Ziele 2026"
    book.file.Sheets.insertNewByName("Cover", 0)
    book.sheet = book.file.Sheets.getByName("Cover")
    book.type(B2="Goals of the team, see next page")
    book.file.Sheets.getByName("Ziele 2026").IsVisible = False


def sheet_copied(book):
    book.file.Sheets.copyByName("Goals", "Goals of March", 1)
    book.sheet = book.file.Sheets.getByName("Goals of March")
    book.type(B9="Raise first-call resolution in the copy")


def comments(book):
    book.sheet.Annotations.insertNew(book.cell("B8").CellAddress, "Too broad? Take one region.")
    book.sheet.Annotations.insertNew(book.cell("M10").CellAddress, "Ada: the auditor moved\nto May")


def shapes(book):
    shape = book.file.createInstance("com.sun.star.drawing.RectangleShape")
    shape.Position, shape.Size = Point(4000, 9000), Size(6000, 2000)
    book.sheet.DrawPage.add(shape)
    shape.String = "Draft until 1 April\nthen final"


def page_headers(book):
    style = book.file.StyleFamilies.getByName("PageStyles").getByName(book.sheet.PageStyle)
    style.HeaderIsOn = style.FooterIsOn = True
    for side, text in (("RightPageHeaderContent", "Confidential & personal"), ("RightPageFooterContent", "agreed on 2 March")):
        content = getattr(style, side)
        content.CenterText.String = text
        setattr(style, side, content)


def links_and_looks(book):
    cell = book.cell("D9")
    field = book.file.createInstance("com.sun.star.text.TextField.URL")
    field.URL, field.Representation = "https://example.org/board?id=7", "our board"
    cell.insertTextContent(cell.createTextCursor(), field, False)
    cell = book.cell("B10")
    cursor = cell.createTextCursor()
    cursor.gotoStart(False)
    cursor.goRight(4, True)
    cursor.CharWeight = BOLD


def other_scripts(book):
    book.type(B8="خفض وقت التسليم إلى النصف", O8="מצוין 👩🏽‍💻 naïve e\u0301")
    book.type(B9="解決率を高める", O9="\u202bשלום\u202c A\u200dB")


def long_cell(book):
    book.type(O8="Every week the same words. " * 1200 + "The end.")


EDITS = [
    sorted_rows,
    sorted_without_keys,
    sorted_with_header,
    columns_renamed,
    column_inserted,
    column_moved,
    columns_deleted,
    rows_inserted,
    row_deleted,
    header_copied,
    cells_merged,
    typed_below,
    typed_beside,
    formulas,
    values_as_text,
    filtered,
    grouped,
    second_sheet,
    sheet_moved,
    sheet_copied,
    comments,
    shapes,
    page_headers,
    links_and_looks,
    other_scripts,
    long_cell,
]


def main(source, folder):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    context = resolver.resolve("uno:pipe,name=sheets;urp;StarOffice.ComponentContext")
    desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)

    def keep(book, name):
        book.save(folder / f"lo-{name}.xlsx")
        book.file.close(True)

    for edit in EDITS:
        book = Book(desktop, source)
        edit(book)
        keep(book, edit.__name__.replace("_", "-"))
    keep(Book(desktop, source), "resaved")
    keep(Book(desktop, source).through(folder / "between.ods", ODS), "through-ods")
    keep(Book(desktop, source).through(folder / "between.xls", XLS), "through-xls")
    book = Book(desktop, source)
    for edit in (sorted_without_keys, columns_renamed, column_inserted, comments, typed_below, second_sheet):
        edit(book)
    keep(book, "many-edits")
    desktop.terminate()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
