"""Run by the Python that LibreOffice's UNO bridge belongs to: opens files in a headless office and edits them.

Reads one JSON object a line from standard input: ``{"source": path, "target": path, "edits": [[verb, {...}], ...]}``, and
answers each with one line, ``{"done": [verbs that took effect]}`` or ``{"error": text}``. It imports nothing of the
program under test.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.table import TableSortField
from com.sun.star.text.ControlCharacter import PARAGRAPH_BREAK


def value(name, content):
    found = PropertyValue()
    found.Name, found.Value = name, content
    return found


def connect(profile):
    """A fresh office without a window, and its desktop."""
    pipe = f"fuzz{time.monotonic_ns()}"
    office = subprocess.Popen(
        [
            "soffice", "--headless", "--invisible", "--norestore", "--nodefault", "--nologo", "--nofirststartwizard",
            f"-env:UserInstallation={pathlib.Path(profile).as_uri()}", f"--accept=pipe,name={pipe};urp;",
        ],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    resolver = uno.getComponentContext().ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    for _ in range(600):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return office, context.ServiceManager.createInstance("com.sun.star.frame.Desktop")
        except NoConnectException:
            if office.poll() not in (None, 0):
                raise
            time.sleep(0.1)
    raise TimeoutError("the office did not answer within a minute")


# ---------------------------------------------------------------- documents


def paragraphs(document):
    enumeration = document.Text.createEnumeration()
    found = []
    while enumeration.hasMoreElements():
        one = enumeration.nextElement()
        if one.supportsService("com.sun.star.text.Paragraph"):
            found.append(one)
    return found


def is_heading(paragraph):
    return paragraph.ParaStyleName.startswith(("TL_", "Heading"))


def heading(document, number):
    headings = [one for one in paragraphs(document) if is_heading(one)]
    return headings[number % len(headings)] if headings else None


def insertion_point(document, number):
    """The start of the paragraph behind the guidance of a section."""
    wanted, behind = heading(document, number), False
    for one in paragraphs(document):
        if wanted is not None and one.getString() == wanted.getString() and is_heading(one):
            behind = True
        elif behind and "Guidance" not in one.ParaStyleName:
            return None if is_heading(one) else one
    return None


def type_text(document, heading, text, style=""):
    point = insertion_point(document, heading)
    if point is None:
        return False
    document.Text.insertString(point.getStart(), text, False)
    if style:
        point.ParaStyleName = style
    return True


def new_paragraph(document, heading, text):
    point = insertion_point(document, heading)
    if point is None:
        return False
    document.Text.insertString(point.getStart(), text, False)
    document.Text.insertControlCharacter(point.getEnd(), PARAGRAPH_BREAK, False)
    return True


def retitle(document, number, text):
    one = heading(document, number)
    if one is not None:
        one.setString(text)
    return one is not None


def append_to_heading(document, number, text):
    one = heading(document, number)
    if one is not None:
        document.Text.insertString(one.getEnd(), text, False)
    return one is not None


def split_heading(document, number, at):
    one = heading(document, number)
    if one is None:
        return False
    cursor = document.Text.createTextCursorByRange(one.getStart())
    cursor.goRight(at, False)
    document.Text.insertControlCharacter(cursor, PARAGRAPH_BREAK, False)
    return True


def merge_upwards(document, number):
    one = heading(document, number)
    if one is None:
        return False
    cursor = document.Text.createTextCursorByRange(one.getStart())
    if not cursor.goLeft(1, True) or cursor.getString() not in ("\n", "\r\n"):
        return False
    cursor.setString("")
    return True


def delete_heading(document, number):
    one = heading(document, number)
    if one is not None:
        document.Text.removeTextContent(one)
    return one is not None


def restyle(document, number, style):
    one = heading(document, number)
    if one is not None:
        one.ParaStyleName = style
    return one is not None


def track(document, heading, text):
    document.RecordChanges = True
    done = type_text(document, heading, text)
    document.RecordChanges = False
    return done


def strike(document, paragraph):
    """Delete a paragraph's text with changes being tracked."""
    found = [one for one in paragraphs(document) if one.getString()]
    document.RecordChanges = True
    cursor = document.Text.createTextCursorByRange(found[paragraph % len(found)])
    cursor.setString("")
    document.RecordChanges = False
    return True


def comment(document, heading, text):
    point = insertion_point(document, heading)
    if point is None:
        return False
    note = document.createInstance("com.sun.star.text.textfield.Annotation")
    note.Content, note.Author = text, "Ada Brandt"
    document.Text.insertTextContent(point.getStart(), note, False)
    return True


def footnote(document, heading, text):
    point = insertion_point(document, heading)
    if point is None:
        return False
    note = document.createInstance("com.sun.star.text.Footnote")
    document.Text.insertTextContent(point.getStart(), note, False)
    note.setString(text)
    return True


def table(document, heading, texts):
    point = insertion_point(document, heading)
    if point is None:
        return False
    grid = document.createInstance("com.sun.star.text.TextTable")
    grid.initialize(len(texts), len(texts[0]))
    document.Text.insertTextContent(point.getStart(), grid, False)
    for row, line in enumerate(texts):
        for column, text in enumerate(line):
            grid.getCellByPosition(column, row).setString(text)
    return True


def type_in_cell(document, number, row, column, text):
    grid = document.TextTables.getByIndex(number % document.TextTables.Count)
    rows, columns = grid.Rows.Count, grid.Columns.Count
    grid.getCellByPosition(column % columns, row % rows).setString(text)
    return True


def insert_row(document, number, row, text):
    grid = document.TextTables.getByIndex(number % document.TextTables.Count)
    at = 1 + row % max(grid.Rows.Count - 1, 1)
    grid.Rows.insertByIndex(at, 1)
    grid.getCellByPosition(1, at).setString(text)
    return True


def delete_row(document, number, row):
    grid = document.TextTables.getByIndex(number % document.TextTables.Count)
    if grid.Rows.Count < 2:
        return False
    grid.Rows.removeByIndex(1 + row % (grid.Rows.Count - 1), 1)
    return True


# ---------------------------------------------------------------- sheets


def page(document):
    return document.Sheets.getByIndex(0)


def header_row(document):
    """The row of the header and the number of columns, found by its first title."""
    sheet = page(document)
    for row in range(40):
        if "Goal" in [sheet.getCellByPosition(column, row).String for column in range(30)]:
            return row
    return 6


def data_range(document, rows):
    start = header_row(document) + 1
    return page(document).getCellRangeByPosition(0, start, 12, start + rows - 1)


def set_cell(document, row, column, text):
    page(document).getCellByPosition(column, header_row(document) + 1 + row).String = text
    return True


def set_number(document, row, column, number):
    page(document).getCellByPosition(column, header_row(document) + 1 + row).Value = number
    return True


def sort(document, column, rows, descending, keys):
    """Sort the data rows; without *keys* the first column stays where it is."""
    start = header_row(document) + 1
    area = page(document).getCellRangeByPosition(0 if keys else 1, start, 12, start + rows - 1)
    field = TableSortField()
    field.Field, field.IsAscending = column - (0 if keys else 1), not descending
    fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
    area.sort((value("SortFields", fields), value("ContainsHeader", False)))
    return True


def insert_rows(document, row, count=1):
    page(document).Rows.insertByIndex(header_row(document) + 1 + row, count)
    return True


def delete_rows(document, row, count=1):
    page(document).Rows.removeByIndex(header_row(document) + 1 + row, count)
    return True


def insert_column(document, column, title, text):
    page(document).Columns.insertByIndex(column, 1)
    at = header_row(document)
    page(document).getCellByPosition(column, at).String = title
    page(document).getCellByPosition(column, at + 1).String = text
    return True


def delete_column(document, column):
    page(document).Columns.removeByIndex(column, 1)
    return True


def rename_column(document, column, title):
    page(document).getCellByPosition(column, header_row(document)).String = title
    return True


def merge(document, row, column):
    at = header_row(document) + 1 + row
    page(document).getCellRangeByPosition(column, at, column + 1, at).merge(True)
    return True


def add_sheet(document, name, text):
    document.Sheets.insertNewByName(name, document.Sheets.Count)
    document.Sheets.getByName(name).getCellByPosition(1, 1).String = text
    return True


def note(document, row, column, text):
    address = page(document).getCellByPosition(column, header_row(document) + 1 + row).CellAddress
    page(document).Annotations.insertNew(address, text)
    return True


def hide_row(document, row):
    page(document).Rows.getByIndex(header_row(document) + 1 + row).IsVisible = False
    return True


VERBS = {name: each for name, each in globals().items() if callable(each)}
FILTERS = {".docx": "MS Word 2007 XML", ".xlsx": "Calc MS Excel 2007 XML"}


def serve(desktop, order):
    source, target = pathlib.Path(order["source"]), pathlib.Path(order["target"])
    document = desktop.loadComponentFromURL(source.as_uri(), "_blank", 0, (value("Hidden", True),))
    try:
        done = [verb for verb, arguments in order["edits"] if VERBS[verb](document, **arguments)]
        document.storeToURL(target.as_uri(), (value("FilterName", FILTERS[target.suffix]),))
    finally:
        document.close(True)
    return {"done": done}


def main():
    with tempfile.TemporaryDirectory() as profile:
        office, desktop = connect(profile)
        try:
            print(json.dumps({"ready": True}), flush=True)
            for line in sys.stdin:
                try:
                    answer = serve(desktop, json.loads(line))
                except Exception as error:
                    answer = {"error": f"{type(error).__name__}: {error}"}
                print(json.dumps(answer), flush=True)
        finally:
            try:
                desktop.terminate()
                office.wait(20)
            except Exception:
                office.kill()
                office.wait()


if __name__ == "__main__":
    main()
