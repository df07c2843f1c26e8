"""The same files the plain way: openpyxl and python-docx, cell by cell and paragraph by paragraph, one file after another.

What the program provisions is built here as somebody would who knows both libraries: styles are made once a file and
shared, rows are walked and never looked up by coordinates, the cells of documents get their look from their table (a
style for each cell would take twice the time). Same sheets, dropdowns, conditional formats, names, headings,
prompts and tables; no key, no anchors, nothing made durable.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from pathlib import Path

import docx
import openpyxl
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table
from openpyxl import Workbook
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.worksheet import Worksheet

from connectors.workspace import Bullet, CellValue, DocumentContent, NewRow, Paragraph, Rows, TableContent, text_of
from templates.shapes import Column, ColumnType, Section
from tests.bench.company import Ground

_COLOURS = {"on track": "E3F4E8", "at risk": "FFF1D6", "off track": "FCE4E4", "done": "E2ECF9"}
_GREY = "EEF0F3"


File = tuple[Path, str, TableContent | DocumentContent]
"""Where to, its title, and what stands in it."""


def files(ground: Ground) -> list[File]:
    """The files of the sampled people, not made yet."""
    folder = ground.folder / "plain"
    folder.mkdir(exist_ok=True)
    return [
        (folder / f"{number}{'.xlsx' if isinstance(content, TableContent) else '.docx'}", title, content)
        for number, (title, content) in enumerate(ground.contents)
    ]


def build_all(wanted: Iterable[File]) -> None:
    """Make them, one by one."""
    for path, title, content in wanted:
        if isinstance(content, TableContent):
            _workbook(content, title).save(path)
        else:
            _document(content, title).save(str(path))


def load(path: Path) -> None:
    """What the libraries call opening a file: its XML is parsed, the cells of a workbook are read, no text of a document."""
    if path.suffix == ".xlsx":
        openpyxl.load_workbook(path).close()
    else:
        docx.Document(str(path))


def read(path: Path) -> list[str]:
    """Every text that the libraries give: cell by cell, paragraph by paragraph with its style."""
    if path.suffix == ".xlsx":
        return [str(cell.value) for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows() for cell in row]
    found: list[str] = []
    for block in docx.Document(str(path)).iter_inner_content():
        if isinstance(block, Table):
            found += [cell.text for row in block.rows for cell in row.cells]
        else:
            found += [block.style.name or "" if block.style else "", block.text]
    return found


# ---------------------------------------------------------------- workbooks


def _workbook(content: TableContent, title: str) -> Workbook:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = content.shape.title
    header = _head(sheet, content, title)
    last = header + len(content.rows) + content.shape.empty_rows
    _rows(sheet, content, header + 1)
    for number, column in enumerate(content.shape.columns, 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = column.width + 2
        name = f"H_{column.key}"
        book.defined_names[name] = DefinedName(name, attr_text=f"{sheet.title}!${letter}${header}")
        _guide(sheet, column, f"{letter}{header + 1}:{letter}{header + 1000}")
    units = f"E{header + 1}"
    for letter in ("F", "G", "H"):
        look = DifferentialStyle(font=Font(color="1F2937"))
        rule = Rule(type="expression", formula=[f'${units}="%"'], dxf=look)
        sheet.conditional_formatting.add(f"{letter}{header + 1}:{letter}{header + 1000}", rule)
    sheet.freeze_panes = f"C{header + 1}"
    sheet.auto_filter.ref = f"A{header}:{get_column_letter(len(content.shape.columns))}{last}"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.print_title_rows = f"{header}:{header}"
    sheet.sheet_view.showGridLines, sheet.sheet_properties.tabColor = False, "1F3A4D"
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(right=_HeaderFooterPart("&P / &N", size=8))
    book.properties.title = title
    return book


def _head(sheet: Worksheet, content: TableContent, title: str) -> int:
    """Title, introduction, facts, guidance and header; returns the header's row."""
    sheet.cell(1, 2, title).font = Font(name="Arial", size=18, bold=True)
    sheet.merge_cells(start_row=2, start_column=2, end_row=2, end_column=len(content.shape.columns))
    sheet.cell(2, 2, content.shape.intro).font = Font(name="Arial", size=10, italic=True)
    label, bold = Font(name="Arial", size=8, color="6B7280"), Font(name="Arial", size=11, bold=True)
    for number, (name, value) in enumerate(content.facts):
        sheet.cell(3, 2 + number, name).font = label
        sheet.cell(4, 2 + number, value).font = bold
    fill, white = PatternFill("solid", fgColor="1F3A4D"), Font(name="Arial", size=10, bold=True, color="FFFFFF")
    wrapped = Alignment(wrap_text=True, vertical="bottom")
    for number, column in enumerate(content.shape.columns, 1):
        guidance = sheet.cell(6, number, column.help)
        guidance.font, guidance.alignment = label, wrapped
        head = sheet.cell(7, number, column.title)
        head.font, head.fill, head.alignment = white, fill, wrapped
    return 7


def _rows(sheet: Worksheet, content: TableContent, first: int) -> None:
    font, line = Font(name="Arial", size=10), Border(bottom=Side("thin", "D9DEE5"))
    left = Alignment(vertical="center", wrap_text=True)
    right = Alignment(vertical="center", wrap_text=True, horizontal="right")
    empty = [NewRow("", {})] * content.shape.empty_rows
    for number, row in enumerate((*content.rows, *empty), first):
        sheet.row_dimensions[number].height = 19.5
        for index, column in enumerate(content.shape.columns, 1):
            cell = sheet.cell(number, index, _value(row, column, number))
            cell.font, cell.border = font, line
            cell.alignment = right if column.type in (ColumnType.AMOUNT, ColumnType.PROGRESS) else left
            if column.type is ColumnType.DATE:
                cell.number_format = "yyyy-mm-dd"
            elif column.type is ColumnType.PROGRESS:
                cell.number_format = "0%"
            elif column.type is ColumnType.AMOUNT and row.cells.get("unit") == "%":
                cell.number_format = 'General" %"'


def _value(row: NewRow, column: Column, number: int) -> CellValue:
    if column.type is ColumnType.KEY:
        return row.key or None
    if column.type is ColumnType.PROGRESS:
        return f'=IF(OR(F{number}="",G{number}="",H{number}=""),"",(H{number}-F{number})/(G{number}-F{number}))'
    return row.cells.get(column.key)


def _guide(sheet: Worksheet, column: Column, cells: str) -> None:
    """A dropdown, and colours for those words that have one."""
    if column.choices:
        choices = DataValidation(type="list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
        choices.add(cells)
        sheet.add_data_validation(choices)
    if column.key == "status":
        for choice in column.choices:
            look = DifferentialStyle(fill=PatternFill(bgColor=_COLOURS.get(choice, _GREY), fill_type="solid"))
            rule = Rule(type="cellIs", operator="equal", formula=[f'"{choice}"'], dxf=look)
            sheet.conditional_formatting.add(cells, rule)


# ---------------------------------------------------------------- documents


def _document(content: DocumentContent, title: str) -> Document:
    document = docx.Document()
    document.core_properties.title = title
    _set_up(document)
    document.add_heading(title, 0)
    facts = document.add_table(0, 2)
    for label, value in content.facts:
        for cell, text in zip(facts.add_row().cells, (label, value), strict=True):
            cell.paragraphs[0].add_run(text)
    document.add_paragraph(content.shape.intro, "Prompt")
    for section in content.shape.sections:
        document.add_paragraph(section.title, _own_style(document, section.key, "Heading 1", 13))
        document.add_paragraph(section.prompt, "Prompt")
        blocks = content.sections.get(section.key, ())
        for block in blocks:
            if isinstance(block, Paragraph | Bullet):
                document.add_paragraph(block.text, "List Bullet" if isinstance(block, Bullet) else None)
        if section.columns:
            _table(document, section, [row for block in blocks if isinstance(block, Rows) for row in block.rows])
        document.add_paragraph()
    return document


def _set_up(document: Document) -> None:
    """Page, text styles and a footer."""
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21.0), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2.0)
    page.footer.paragraphs[0].text = "1 / 1"
    for name, size in (("Normal", 10.5), ("Title", 17), ("Heading 1", 13), ("List Bullet", 10.5)):
        document.styles[name].font.name, document.styles[name].font.size = "Arial", Pt(size)
    _own_style(document, "Prompt", "Normal", 9)
    cells = document.styles.add_style("Cells", WD_STYLE_TYPE.TABLE)
    cells.base_style, cells.font.size = document.styles["Table Grid"], Pt(9.5)


def _own_style(document: Document, name: str, base: str, size: float) -> ParagraphStyle:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    assert isinstance(style, ParagraphStyle)
    style.base_style = document.styles[base]
    style.font.size, style.font.color.rgb = Pt(size), RGBColor(0x1F, 0x29, 0x33)
    return style


def _table(document: Document, section: Section, rows: Sequence[NewRow]) -> None:
    table = document.add_table(1 + len(rows) + section.empty_rows, len(section.columns), "Cells")
    widths = [Cm(17 * column.width / sum(one.width for one in section.columns)) for column in section.columns]
    head, *lines = table.rows
    for cell, column, width in zip(head.cells, section.columns, widths, strict=True):
        cell.width = width
        cell.paragraphs[0].add_run(column.title).bold = True
    for line, row in zip_longest(lines, rows):
        for cell, column, width in zip(line.cells, section.columns, widths, strict=True):
            cell.width = width  # Word heeds widths of cells only
            if text := _text(row, column):
                cell.paragraphs[0].add_run(text)


def _text(row: NewRow | None, column: Column) -> str:
    if row is None:
        return ""
    return row.key if column.type is ColumnType.KEY else text_of(row.cells.get(column.key))
