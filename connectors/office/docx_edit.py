"""Targeted edits of people's documents: only ``word/document.xml`` changes, and in it only what was still empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from connectors.office.docx_layout import Box, Layout, Piece, Span, lay_out
from connectors.office.docx_markup import BULLET, CELL, NS, SUBHEADING, W, blocks, run
from connectors.office.docx_read import is_guidance, own_lines
from connectors.office.docx_styles import Lists, Styles, is_strict, styles_of
from connectors.office.docx_tables import Line, Sheet, line_of, sheet
from connectors.office.docx_text import TC, Grid, P, Reader, body_of
from connectors.office.package import EditRefused, open_package, relations, repack, xml_bytes
from connectors.workspace import (
    AppendRows,
    Block,
    CellValue,
    Change,
    FillSection,
    NewRow,
    ReplaceCells,
    ReviseLines,
    Rows,
    SetCells,
    text_of,
)
from templates.shapes import ColumnType, DocumentShape, Section


def edit(data: bytes, shape: DocumentShape, changes: Sequence[Change]) -> bytes:
    """*data* with the *changes* made; the same bytes when there was nothing to do.

    Raises EditRefused when a section, table, row or column is gone that a change needs, BrokenFile when the file cannot
    be read. All changes are made or none.
    """
    package = open_package(data)
    name, body = body_of(package)
    if is_strict(package.part(name) or b""):
        raise EditRefused("The document is in Word's “Strict Open XML” form; save it as an ordinary Word document (.docx).")
    related = relations(package, name)
    editing = _Editing(body, shape, styles_of(package, related), Lists(package, related))
    made = [editing.apply(change) for change in changes]
    if not any(made):
        return data
    return repack(data, {name: xml_bytes(body.getroottree().getroot())})


@dataclass
class _Editing:
    body: etree._Element
    shape: DocumentShape
    styles: Styles
    lists: Lists

    def apply(self, change: Change) -> bool:
        """Make one change and tell whether anything is different now."""
        reader = Reader(self.styles, self.lists)
        layout = lay_out(reader.blocks(self.body), self.shape)
        if isinstance(change, SetCells):
            return self._set_cells(reader, layout, change)
        if isinstance(change, ReplaceCells):
            raise EditRefused("This is a document, and its cells are filled, never replaced.")
        section = self._section(change.section)
        spans = layout.of(section.key)
        if not spans:
            raise EditRefused(f"The document has no heading “{section.title}” any more; write it again as a heading.")
        place = _Place(self.body, self.styles, reader, section, spans, layout)
        if isinstance(change, AppendRows):
            return place.add_rows(change.rows)
        if isinstance(change, FillSection):
            return place.is_empty(own_lines(self.shape)) and place.fill(change.blocks)
        if isinstance(change, ReviseLines):
            return place.revise(change)
        return place.append(change.blocks)

    def _section(self, key: str) -> Section:
        section = self.shape.section(key)
        if section is None:
            known = ", ".join(section.key for section in self.shape.sections)
            raise EditRefused(f"The template has no section “{key}”; its sections are {known}.")
        return section

    def _set_cells(self, reader: Reader, layout: Layout, change: SetCells) -> bool:
        tables = [
            table
            for section in self.shape.sections
            for table in _Place(self.body, self.styles, reader, section, layout.of(section.key), layout).sheets()
        ]
        made = [_set_row(tables, key, cells) for key, cells in change.cells.items()]
        return any(made)


def _set_row(tables: Sequence[Sheet], key: str, cells: Mapping[str, CellValue]) -> bool:
    numbered = [(table, number, line) for table in tables for number, line in enumerate(table.lines, start=1)]
    found = [(table, line) for table, number, line in numbered if table.name_of(number, line) == key]
    if not found:
        raise EditRefused(f"No row of the document has the key “{key}” any more.")
    fitting = [(table, line) for table, line in found if all(column in line.cells for column in cells)] or found[:1]
    if len(fitting) > 1:
        places = " and ".join(f"“{table.section.title}”" for table, _ in fitting)
        raise EditRefused(f"The key “{key}” stands in several rows ({places}); clear it in the row that was copied.")
    return _fill_cells(*fitting[0], cells)


def _fill_cells(table: Sheet, line: Line, values: Mapping[str, CellValue]) -> bool:
    changed = False
    for key, value in values.items():
        text = text_of(value)
        if not text:
            continue
        cell = line.cells.get(key)
        if cell is None:
            column = next((column.title for column in table.section.columns if column.key == key), key)
            raise EditRefused(f"The table of “{table.section.title}” has no column “{column}” any more; add it again.")
        if not line.texts[key].strip():
            _type_into(cell, text)
            changed = True
    return changed


def _type_into(cell: etree._Element, text: str) -> None:
    target = cell.find(P)
    if target is None:
        target = etree.SubElement(cell, P)
    target.extend(_elements(run(text)))


def _elements(markup: str) -> list[etree._Element]:
    return list(etree.fromstring(f'<w:body xmlns:w="{NS}">{markup}</w:body>'))


# ---------------------------------------------------------------- one section


@dataclass
class _Place:
    body: etree._Element
    styles: Styles
    reader: Reader
    section: Section
    spans: list[Span]
    layout: Layout

    def sheets(self) -> list[Sheet]:
        """The section's tables."""
        found: list[Sheet] = []
        for grid in (item for span in self.spans for item in span.items if isinstance(item, Grid)):
            table = sheet(self.reader, grid, self.section, first=not found)
            found += [table] if table else []
        return found

    def is_empty(self, own: frozenset[str]) -> bool:
        """Whether nothing stands under the heading but guidance and empty rows."""
        tables = {table.element: table for table in self.sheets()}
        return all(self._is_blank(item, own, tables) for span in self.spans for item in span.items)

    def _is_blank(self, item: Piece | Grid | Box, own: frozenset[str], tables: Mapping[etree._Element, Sheet]) -> bool:
        if isinstance(item, Piece):
            return not item.text.strip() or is_guidance(self.reader, item.para, item.text, own)
        if isinstance(item, Grid) and item.element in tables:
            return all(line.is_empty() for line in tables[item.element].lines)
        return not self.reader.lines(item.element)

    def fill(self, content: Sequence[Block]) -> bool:
        """Put *content* where the section's empty paragraph stands, or above its table."""
        new = self._paragraphs(content)
        span = self.spans[0]
        table = next((item for item in span.items if isinstance(item, Grid)), None)
        blank = next((i.para.element for i in span.items if isinstance(i, Piece) and _is_bare(i.para.element)), None)
        if table is not None:
            _put(self._outermost(table.element), new, before=True)
        elif blank is not None and new:
            _put(blank, new, before=True)
            _parent(blank).remove(blank)
        else:
            self._put_at_end(new)
        return self._add_rows_of(content) or bool(new)

    def append(self, content: Sequence[Block]) -> bool:
        """Put *content* below everything that stands in the section."""
        new = self._paragraphs(content)
        self._put_at_end(new)
        return self._add_rows_of(content) or bool(new)

    def revise(self, change: ReviseLines) -> bool:
        """Put new lines above those that stay, and take out those that go."""
        standing = [item for item in self.spans[0].items if isinstance(item, Piece) and item.text.strip()]
        for below, new in change.above.items():
            _put(self._outermost(self._line(standing, below).para.element), self._paragraphs(new), before=True)
        for line in change.out:
            piece = self._line(standing, line)
            standing.remove(piece)
            self._take_out(piece)
        return bool(change.above or change.out)

    def _line(self, standing: Sequence[Piece], line: str) -> Piece:
        found = next((piece for piece in standing if piece.line() == line), None)
        if found is None:
            raise EditRefused(f"The line “{line}” does not stand in “{self.section.title}” any more.")
        return found

    def _take_out(self, piece: Piece) -> None:
        """Remove a paragraph; one that holds more than its line, or is the last of its cell or control, is refused."""
        element = piece.para.element
        parent = _parent(element)
        tied = (
            piece.para.boxes
            or piece.para.notes
            or next(element.iter(W + "sectPr", W + "drawing", W + "pict"), None) is not None
        )
        alone = parent is not self.body and len(parent.findall(P)) == 1
        if tied or alone or piece.begin or piece.end != len(piece.para.text):
            raise EditRefused(f"More than the line “{piece.text}” stands in its paragraph of “{self.section.title}”.")
        for child in element:
            if child.tag in (W + "bookmarkStart", W + "bookmarkEnd"):
                element.addprevious(deepcopy(child))
        parent.remove(element)

    def _add_rows_of(self, content: Sequence[Block]) -> bool:
        return self.add_rows([row for block in content if isinstance(block, Rows) for row in block.rows])

    def _paragraphs(self, content: Sequence[Block]) -> list[etree._Element]:
        return _elements("".join(blocks(content, self.styles.named(BULLET), self.styles.named(SUBHEADING))))

    def _put_at_end(self, new: Sequence[etree._Element]) -> None:
        span = self.spans[0]
        full = [item for item in span.items if not (isinstance(item, Piece) and not item.text.strip())]
        last = full[-1] if full else span.head
        element = last.para.element if isinstance(last, Piece) else last.element
        shared = any(other.head.element is element for other in self.layout.spans if other is not span)
        _put(self._outermost(element), new, before=shared and element is not span.head.element)

    def _outermost(self, element: etree._Element) -> etree._Element:
        """The element, or the control around it, as long as that belongs to this section alone."""
        heads = {span.head.element for span in self.layout.spans}
        while (parent := _parent(element)) is not self.body and not any(p in heads for p in parent.iter(P)):
            element = parent
        return element

    # ------------------------------------------------------------ rows

    def add_rows(self, rows: Sequence[NewRow]) -> bool:
        """Fill the empty rows below the last filled one, then add more of the same look."""
        if not rows:
            return False
        table = next(iter(self.sheets()), None)
        if table is None:
            titles = ", ".join(column.title for column in self.section.columns)
            raise EditRefused(
                f"The section “{self.section.title}” has no table any more; add one with the columns {titles}."
                if titles
                else f"The section “{self.section.title}” has no table that rows could go into."
            )
        filled = max((at for at, line in enumerate(table.lines, start=1) if not line.is_empty()), default=0)
        free = list(table.lines[filled:])
        for row in rows:
            line = free.pop(0) if free else self._new_line(table)
            key = next((c.key for c in self.section.columns if c.type is ColumnType.KEY), "")
            _fill_cells(table, line, {**row.cells, key: row.key} if key else row.cells)
        return True

    def _new_line(self, table: Sheet) -> Line:
        last = list(table.element.iter(W + "tr"))[-1] if not table.lines else table.lines[-1].element
        row = _blank_copy(last, self.styles.named(CELL) if not table.lines else None)
        last.addnext(row)
        line = line_of(self.reader, row, table.keys)
        table.lines = (*table.lines, line)
        return line


def _blank_copy(row: etree._Element, cell_style: str | None) -> etree._Element:
    """A row that looks like *row* and holds nothing; with a *cell_style* when that one is the header row."""
    copy = deepcopy(row)
    for name in ("tblHeader", "ins", "del", "cnfStyle"):
        for element in copy.findall(f"{W}trPr/{W}{name}"):
            _parent(element).remove(element)
    for attribute in [name for name in copy.attrib if "Id" in str(name) or "rsid" in str(name)]:
        del copy.attrib[attribute]
    for cell in copy.iter(TC):
        _blank_cell(cell, cell_style)
    return copy


def _blank_cell(cell: etree._Element, style: str | None) -> None:
    look = cell.find(f".//{P}/{W}pPr/{W}pStyle")
    name = (look.get(W + "val", "") if look is not None else "") if style is None else style
    for child in list(cell):
        if child.tag != W + "tcPr":
            cell.remove(child)
    for element in cell.findall(f"{W}tcPr/*"):
        if element.tag in (W + "vMerge", W + "cellIns", W + "cellDel") or (style is not None and element.tag == W + "shd"):
            _parent(element).remove(element)
    target = etree.SubElement(cell, P)
    if name:
        etree.SubElement(etree.SubElement(target, W + "pPr"), W + "pStyle").set(W + "val", name)


def _put(target: etree._Element, new: Sequence[etree._Element], *, before: bool) -> None:
    if before:
        for element in new:
            target.addprevious(element)
    else:
        for element in reversed(new):
            target.addnext(element)


def _is_bare(paragraph: etree._Element) -> bool:
    """Whether a paragraph holds nothing but its look: no text, no picture, no anchor, no end of a page set-up."""
    inner = {element.tag for element in paragraph.iter() if element is not paragraph and isinstance(element.tag, str)}
    holding = {child.tag for child in paragraph} - {W + "pPr", W + "r"}
    runs = {child.tag for part in paragraph.findall(W + "r") for child in part} - {W + "rPr"}
    return not holding and not runs and W + "sectPr" not in inner


def _parent(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    if parent is None:
        raise ValueError("an element of a document without a parent")
    return parent
